"""Figures of held-out questions: right sentences, twins told apart, and the style check."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.measures import auroc
from training.examples import EVIDENCE, Example
from training.scoring import Logits
from training.strangers import INSERTED

__all__ = ["SIMILAR", "SIMILAR_BIAS", "figures", "right_sentences", "style_gap", "twins"]

SIMILAR = (1.7, 8.5, -2.1, 3.2, 0.7)
SIMILAR_BIAS = -4.9
"""Logistic regression of evidence on the similarities: what the network begins with, and here the
scale on which sentences are equally similar."""
_SIMILARITIES = ((-4, -3), (-3, -2), (-2, -1), (-1, 0), (0, 2))
_REMOVED = "evidence_removed"

Floats = NDArray[np.floating[Any]]


def figures(examples: Sequence[Example], logits: Logits) -> dict[str, float]:
    """All figures of the questions that have logits; what cannot be measured is left out.

    right sentences  among the answerable: the best sentence is evidence, or one of the best three
    twin_order       share of pairs in which the answered one has the higher soft maximum
    twin_auroc       the same of any answered twin against any unanswered; also by kind of pair,
                     there by the best sentence
    wrong_subject    AUROC of answerable questions against those about another subject
    style_gap        see `style_gap`
    """
    read = [one for one in examples if one.qid in logits]
    tops = {one.qid: _soft_maximum(_all(logits, one)) for one in read}
    best = {one.qid: float(_all(logits, one).max()) for one in read}
    made: dict[str, float] = {"questions": len(read)}
    made |= right_sentences(read, logits)
    for kind in ("answerable", INSERTED):
        found = right_sentences([one for one in read if one.kind == kind], logits)
        made |= {f"{name}_{kind}": value for name, value in found.items()}
    made |= twins(read, tops)
    for kind in (_REMOVED, INSERTED):
        found = twins(read, best, lambda one, kind=kind: one.kind == kind)  # type: ignore[misc]
        made |= {f"{name}_{kind}": value for name, value in found.items()}
    made["wrong_subject_auroc"] = auroc(
        [tops[one.qid] for one in read if one.answerable],
        [tops[one.qid] for one in read if one.kind == "wrong_subject"],
    )
    made["style_gap"] = style_gap(read, logits)
    return {name: round(value, 4) for name, value in made.items() if not math.isnan(value)}


def right_sentences(examples: Sequence[Example], logits: Logits) -> dict[str, float]:
    """Of the answerable: in how many the best sentence is evidence, and one of the best three."""
    first, three = [], []
    for one in examples:
        if one.answerable:
            order = np.argsort(-_all(logits, one))
            marks = _labels(logits, one)[order] == EVIDENCE
            first.append(bool(marks[:1].any()))
            three.append(bool(marks[:3].any()))
    return {"right_first": _mean(first), "right_in_three": _mean(three)}


def twins(
    examples: Sequence[Example],
    confidence: Mapping[str, float],
    chosen: Callable[[Example], bool] = lambda _: True,
) -> dict[str, float]:
    """How well the answered and the unanswered of each pair are told apart.

    `chosen` tells of a twin (not of the question it is a twin of) whether its pair counts.
    """
    by_qid = {one.qid: one for one in examples}
    yes, no = [], []
    for twin in examples:
        original = by_qid.get(twin.twin_of or "")
        if original is not None and chosen(twin):
            answered, not_ = (twin, original) if twin.answerable else (original, twin)
            yes.append(confidence[answered.qid])
            no.append(confidence[not_.qid])
    ordered = [(a > b) + 0.5 * (a == b) for a, b in zip(yes, no, strict=True)]
    return {"twin_order": _mean(ordered), "twin_auroc": auroc(yes, no)}


def style_gap(examples: Sequence[Example], logits: Logits) -> float:
    """What a written sentence that answers another question gains by how it sounds.

    Its mean logit less that of the document's own sentences which are no evidence either, at equal
    similarity (in five ranges, each counting by the written sentences in it). 0 would be fair; the
    shortcut that `training.strangers` tells of showed as about 3. nan without written sentences.
    """
    written = {
        text
        for one in examples
        if one.kind == INSERTED
        for passage in one.passages
        for text, label in zip(passage.sentences, passage.labels, strict=True)
        if label == EVIDENCE
    }
    rows = [
        (text in written, float(similar), float(logit))
        for one in examples
        for read in logits[one.qid]
        for text, label, similar, logit in zip(
            one.passages[read.index].sentences,
            one.passages[read.index].labels,
            one.passages[read.index].features @ np.array(SIMILAR) + SIMILAR_BIAS,
            read.logits,
            strict=True,
        )
        if label != EVIDENCE
    ]
    strange, similar, found = np.array(rows, np.float64).reshape(-1, 3).T
    gaps, weights = [], []
    for low, high in _SIMILARITIES:
        within = (low <= similar) & (similar < high)
        ours, own = found[within & (strange == 1)], found[within & (strange == 0)]
        if len(ours) and len(own):
            gaps.append(ours.mean() - own.mean())
            weights.append(len(ours))
    return float(np.average(gaps, weights=weights)) if gaps else math.nan


def _all(logits: Logits, example: Example) -> Floats:
    """Logits of all sentences that were read for a question."""
    return np.concatenate([read.logits for read in logits[example.qid]])


def _labels(logits: Logits, example: Example) -> NDArray[np.int8]:
    return np.concatenate([example.passages[read.index].labels for read in logits[example.qid]])


def _soft_maximum(values: Floats) -> float:
    return float(np.logaddexp.reduce(values))


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else math.nan
