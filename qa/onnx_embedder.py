"""The embedding model without torch: an exported encoder, its tokenizer, and pooling.

What is read here `qa.embedding_export` wrote. The vectors are those of sentence-transformers but
for their last bits, and each depends on its text alone: see `qa.onnx_session`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa.exported import Exported
from qa.onnx_session import EncoderSession
from qa.types import Vectors

__all__ = ["OnnxEmbedder", "pooled"]

_TOKENS = 1_024
"""Tokens of the texts that run together, padding included. With 4,096 they leave the processor's
caches: 300 passages took a quarter longer (`python tests/benchmarks/encoders.py`)."""
_PART = 64
"""Texts after which a build can tell how far it is."""


class OnnxEmbedder:
    """An exported embedding model; a `qa.embedding.Embedder`."""

    def __init__(self, exported: Exported, threads: int = 0) -> None:
        """`exported` is a folder of `qa.embedding_export`, loaded when first needed. `threads`
        share the work, 0 for as many as there are cores."""
        self._exported = exported
        self._threads = threads
        self._record = exported.record["embedding"]
        self._identity = dict(self._record["identity"])

    @property
    def identity(self) -> dict[str, str]:
        """The model's name, the SHA-256 of its weights, and the backend."""
        return dict(self._identity)

    @property
    def engine(self) -> dict[str, str]:
        """The SHA-256 of the file that runs."""
        return {"encoder.onnx": self._exported.sha256}

    @property
    def models(self) -> Path:
        """The folder of exported models that it is in."""
        return self._exported.folder.parent

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._record["dimension"])

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text the model reads, special tokens included."""
        return int(self._record["max_tokens"])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, dimension), rows of unit length; (0, dimension) for no texts."""
        made = np.empty((len(texts), self.dimension), dtype=np.float32)
        # One after the other: a few texts are done before the library has woken its threads.
        ids = [self._truncating.encode(text).ids for text in texts]
        for rows in _batches([len(one) for one in ids]):
            made[rows] = self._run([ids[row] for row in rows])
        return made

    def encode_alone(self, texts: Sequence[str]) -> Iterator[Vectors]:
        """The vectors of the texts in order, some dozens at a time, float32 (n, dimension)."""
        for begin in range(0, len(texts), _PART):
            yield self.encode(texts[begin : begin + _PART])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens and without truncation."""
        if not texts:
            return []
        found = self._whole.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(one.ids) for one in found]

    def is_common(self, word: str) -> bool:
        """Whether a word in small letters is a token of its own, as everyday words are."""
        return not self._vocabulary.isdisjoint((word, f"\u2581{word}", f"\u0120{word}"))

    def _run(self, ids: Sequence[Sequence[int]]) -> Vectors:
        """The vectors of texts whose tokens are `ids`."""
        length = max(map(len, ids))
        filled = np.full((len(ids), length), int(self._record["padding"]), dtype=np.int64)
        mask = np.zeros_like(filled)
        for row, one in enumerate(ids):
            filled[row, : len(one)] = one
            mask[row, : len(one)] = 1
        hidden = self._session.hidden(filled, mask)
        return pooled(hidden, mask, str(self._record["pooling"]))

    @cached_property
    def _session(self) -> EncoderSession:
        return EncoderSession(self._exported.encoder, self._threads)

    @cached_property
    def _whole(self) -> Tokenizer:
        return _tokenizer(self._exported.tokenizer)

    @cached_property
    def _truncating(self) -> Tokenizer:
        # One of its own: cutting is a state of the tokenizer, which other threads use uncut.
        tokenizer = _tokenizer(self._exported.tokenizer)
        tokenizer.enable_truncation(self.max_tokens)
        return tokenizer

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        """All tokens; words begin with a sign of their own in SentencePiece and byte-level BPE."""
        return frozenset(self._whole.get_vocab())


def pooled(hidden: Vectors, mask: NDArray[np.int64], pooling: str) -> Vectors:
    """Unit vectors, float32 (rows, dim), of tokens' vectors (rows, length, dim).

    `pooling` is `mean`, of the tokens that `mask` has, or `cls`, the first token's. Each row is
    summed by itself, so that padding beside it changes no bit.
    """
    if pooling == "cls":
        found = hidden[:, 0]
    else:
        counts = mask.sum(axis=1)
        found = np.stack(
            [row[:count].sum(axis=0) / count for row, count in zip(hidden, counts, strict=True)]
        )
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    made: Vectors = (found / np.maximum(lengths, 1e-12)).astype(np.float32)
    return made


def _tokenizer(path: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows of like length together, longest first, at most `_TOKENS` tokens with the padding."""
    order = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    begin = 0
    while begin < len(order):
        count = max(1, _TOKENS // max(1, lengths[order[begin]]))
        yield order[begin : begin + count]
        begin += count
