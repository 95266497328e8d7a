"""What a stage made, kept in the work folder so that the next run need not make it again.

Each file says what it was made from; where that has changed, it is made anew.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.publishing import replace_file
from training.examples import Example, PassageExample
from training.scoring import Logits, Read

__all__ = ["MadeFrom", "read_examples", "read_logits", "write_examples", "write_logits"]

MadeFrom = Mapping[str, Any]
"""All that a file depends on, as JSON has it."""


def write_examples(path: Path, made_from: MadeFrom, examples: Sequence[Example]) -> None:
    """Writes examples: texts and labels as JSON, similarities as float32, in one .npz."""
    records = {"made_from": made_from, "examples": [_record(one) for one in examples]}
    passages = [one for e in examples for one in (*e.passages, *e.strangers)]
    features = np.concatenate([np.zeros((0, 5), np.float32), *(one.features for one in passages)])
    packed = io.BytesIO()
    text = np.frombuffer(json.dumps(records).encode(), np.uint8)
    np.savez_compressed(packed, records=text, features=features)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, packed.getvalue())


def read_examples(path: Path, made_from: MadeFrom) -> list[Example] | None:
    """The examples of a file, or None where there is none or it was made from something else."""
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as packed:
        records, features = json.loads(packed["records"].tobytes()), packed["features"]
    if records["made_from"] != made_from:
        return None
    at = 0

    def passage(record: Mapping[str, Any]) -> PassageExample:
        nonlocal at
        labels = np.array(record["labels"], np.int8)
        at += len(labels)
        return PassageExample(
            record["row"],
            record["context"],
            tuple(record["sentences"]),
            labels,
            features[at - len(labels) : at],
        )

    return [
        Example(
            **{name: one[name] for name in _PLAIN},
            passages=tuple(passage(part) for part in one["passages"]),
            strangers=tuple(passage(part) for part in one["strangers"]),
        )
        for one in records["examples"]
    ]


_PLAIN = ("qid", "question", "group", "kind", "answerable", "twin_of")


def _record(example: Example) -> dict[str, Any]:
    made: dict[str, Any] = {name: getattr(example, name) for name in _PLAIN}
    for name in ("passages", "strangers"):
        made[name] = [
            {
                "row": one.row,
                "context": one.context,
                "sentences": one.sentences,
                "labels": one.labels.tolist(),
            }
            for one in getattr(example, name)
        ]
    return made


def write_logits(path: Path, made_from: MadeFrom, logits: Logits) -> None:
    """Writes logits as lines of JSON: what they were made from, then a question a line.

    {"qid", "passages": [{"index" (into the example's passages), "logits" (of its sentences)}]}
    """
    lines = [{"made_from": made_from}] + [
        {
            "qid": qid,
            "passages": [{"index": one.index, "logits": one.logits.tolist()} for one in read],
        }
        for qid, read in logits.items()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, "".join(f"{json.dumps(line)}\n" for line in lines).encode())


def read_logits(path: Path, made_from: MadeFrom) -> Logits | None:
    """The logits of a file, or None where there is none or it was made from something else."""
    if not path.is_file():
        return None
    first, *rest = path.read_text("utf-8").splitlines()
    if json.loads(first)["made_from"] != made_from:
        return None
    return {
        row["qid"]: [
            Read(one["index"], np.array(one["logits"], np.float32)) for one in row["passages"]
        ]
        for row in map(json.loads, rest)
    }
