"""A SQuAD2-style question answering model: question and texts → logits of where the answer is.

Such a model points with two logits a token at where an answer begins and ends, and at its first
special token ([CLS]) where the text does not answer (Rajpurkar, Jia and Liang, "Know What You
Don't Know", ACL 2018).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.span_files import find_model, load_model, max_tokens, weights_sha256

__all__ = ["MAX_ANSWER_TOKENS", "MAX_QUESTION_TOKENS", "OVERLAP", "Floats", "SpanModel", "Window"]

MAX_QUESTION_TOKENS = 96
"""Tokens of a question that are read; what comes after them is not."""
MAX_ANSWER_TOKENS = 30
"""Longest span that counts, as in BERT's published code."""
OVERLAP = 64
"""Tokens that two windows share: more than a span's, so that each span is whole in one of them."""
_BATCH = 8

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Window:
    """A text, or as much of it as the model reads at once; logits of the text's tokens only."""

    text: int
    """Index of the text."""
    spans: NDArray[np.int64]
    """(tokens, 2): offsets of each token in the text, in code points."""
    start: Floats
    """(tokens,): logits that an answer begins with the token."""
    end: Floats
    """(tokens,): logits that an answer ends with the token."""
    null: float
    """Logit that there is no answer: start and end at [CLS], added."""


class SpanModel:
    """A model and its tokenizer, loaded when first needed, on the CPU."""

    def __init__(self, model: str, *, download: bool = False) -> None:
        """Finds the files and their hash, but does not load them yet.

        `model` is a folder or a hub name; `download` lets the files of the latter be fetched,
        without it nothing but files of this machine is used. Raises ModelError where there is no
        such model or it has no safetensors weights.
        """
        self._folder = find_model(model, download=download)
        name = Path(model).resolve().name if Path(model).is_dir() else model
        self._identity = {"model": name, "sha256": weights_sha256(self._folder)}
        self._lock = threading.Lock()  # a fast tokenizer must not be used by two threads at once

    @property
    def identity(self) -> dict[str, str]:
        """The folder's or hub name, and the SHA-256 of the weights."""
        return dict(self._identity)

    def load(self) -> None:
        """Loads model and tokenizer if they are not yet. Raises ModelError where they cannot be."""
        _ = self._parts

    @cached_property
    def _parts(self) -> tuple[Any, Any]:
        return load_model(self._folder)

    @property
    def max_tokens(self) -> int:
        """Tokens of a window, question and special ones included."""
        tokenizer, model = self._parts
        return max_tokens(tokenizer, model.config)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens and without truncation."""
        tokenizer, _ = self._parts
        with self._lock:
            found = tokenizer(
                list(texts), add_special_tokens=False, truncation=False, verbose=False
            )
        return [len(ids) for ids in found["input_ids"]]

    def windows(self, question: str, texts: Sequence[str]) -> list[Window]:
        """Reads each text with the question; at least one window a text, in the order of texts.

        A text that is too long is read in windows that overlap by `OVERLAP` tokens.
        Raises ModelError where the model gives anything but numbers.
        """
        if not texts:
            return []
        with self._lock:
            encoded = self._encode(question, texts)
        inputs = encoded["input_ids"]
        order = sorted(range(len(inputs)), key=lambda i: len(inputs[i]))  # little to pad
        found: dict[int, Window] = {}
        for begin in range(0, len(order), _BATCH):
            rows = order[begin : begin + _BATCH]
            for row, logits in zip(rows, self._logits(encoded, rows), strict=True):
                found[row] = self._window(encoded, row, logits)
        return [found[row] for row in range(len(inputs))]

    def _encode(self, question: str, texts: Sequence[str]) -> Any:
        tokenizer, _ = self._parts
        asked = tokenizer(
            question,
            add_special_tokens=False,
            truncation=True,
            max_length=MAX_QUESTION_TOKENS,
            return_offsets_mapping=True,
        )["offset_mapping"]
        short = question[: asked[-1][1]] if asked else ""
        return tokenizer(
            [short] * len(texts),
            list(texts),
            truncation="only_second",
            max_length=self.max_tokens,
            stride=OVERLAP,
            padding=False,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )

    def _logits(self, encoded: Any, rows: Sequence[int]) -> Iterator[Floats]:
        """(2, tokens) of start and end logits for each row, padding left out."""
        import torch

        tokenizer, model = self._parts
        lengths = [len(encoded["input_ids"][row]) for row in rows]
        pads = {
            "input_ids": tokenizer.pad_token_id or 0,
            "token_type_ids": tokenizer.pad_token_type_id,
            "attention_mask": 0,
        }
        batch = {}
        for name in [name for name in tokenizer.model_input_names if name in pads]:
            made = np.full((len(rows), max(lengths)), pads[name], np.int64)
            for place, (row, length) in enumerate(zip(rows, lengths, strict=True)):
                made[place, :length] = encoded[name][row]
            batch[name] = torch.from_numpy(made)
        with torch.inference_mode():
            out = model(**batch)
        both = torch.stack([out.start_logits, out.end_logits], dim=1).double().numpy()
        for logits, length in zip(both, lengths, strict=True):
            if not np.isfinite(logits[:, :length]).all():
                raise ModelError(
                    f"The model in {self._folder} gives values that are no numbers: its weights "
                    "are damaged. Fetch or save it anew."
                )
            yield logits[:, :length]

    def _window(self, encoded: Any, row: int, logits: Floats) -> Window:
        tokenizer, _ = self._parts
        parts = encoded.sequence_ids(row)  # None, 0 of the question, 1 of the text
        of_text = np.array([part == 1 for part in parts])
        spans = np.array(encoded["offset_mapping"][row], np.int64).reshape(-1, 2)
        of_text &= spans[:, 1] > spans[:, 0]
        # Not one that somebody typed: tokenizers take "[CLS]" in a text for the token.
        ids = zip(parts, encoded["input_ids"][row], strict=True)
        none = [*ids].index((None, tokenizer.cls_token_id))
        return Window(
            text=encoded["overflow_to_sample_mapping"][row],
            spans=spans[of_text],
            start=logits[0, of_text],
            end=logits[1, of_text],
            null=float(logits[:, none].sum()),
        )
