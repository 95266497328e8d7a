"""The evidence network as it serves: an exported encoder by ONNX Runtime, and the head in NumPy.

Without torch. Each passage is read alone and unpadded, several at once in threads of one processor
each: so its logits depend on nothing that is read beside it, to the last bit, and none waits for a
longer one. What is read here `qa.evidence_export` wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from qa.errors import ModelError
from qa.evidence_head import read_head
from qa.exported import Exported
from qa.onnx_session import EncoderSession, cores
from qa.packing import Packed, context_of, pack, segments
from qa.recent import Recent
from qa.types import Passage

__all__ = ["OnnxEvidence"]

_KEPT_CHARACTERS = 2_000_000
"""Of passages whose token ids are kept: some two thousand usual ones, and about 20 MB."""

Ids = tuple[int, ...]


class OnnxEvidence:
    """The network with its tokenizer. Several threads may read at once."""

    def __init__(self, exported: Exported, weights: Path) -> None:
        """Loads both; `exported` was made of the trained file `weights`.

        Raises ModelError where that cannot be.
        """
        try:
            self._head = read_head(weights)
            self._tokenizer = Tokenizer.from_file(str(exported.tokenizer))
        except Exception as error:  # the libraries raise whatever their parts raise
            raise ModelError(
                f"The trained reader {weights} cannot be loaded ({error}). "
                "Install the program anew."
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._cls, self._sep = (int(exported.record["reader"][name]) for name in ("cls", "sep"))
        self._session = EncoderSession(exported.encoder, threads=1)
        # For the whole process from here on. The head's products are small: spread over threads
        # they take longer, since those wait for processors that the encoder has. A question took
        # 0.72 to 0.90 of the time then.
        threadpool_limits(1, user_api="blas")
        self._kept: Recent[tuple[str, ...], tuple[Ids, ...]] = Recent(_KEPT_CHARACTERS)

    def read(
        self,
        question: str,
        passages: Sequence[Passage],
        features: Sequence[NDArray[np.float32]],
    ) -> list[NDArray[np.float32]]:
        """Logits of each passage's sentences; `features` are float32 (sentences, 5) a passage."""
        packed = []
        for passage, given in zip(passages, features, strict=True):
            text = passage.document.text
            sentences = tuple(text[s.start : s.end] for s in passage.chunk.sentences)
            packed.append(self.packed(question, context_of(passage), sentences, given))
        # The longest first, so that no thread ends long after the others.
        order = sorted(range(len(packed)), key=lambda row: -len(packed[row].ids))
        logits = _threads().map(self.logits, [packed[row] for row in order])
        found = dict(zip(order, logits, strict=True))
        return [found[row] for row in range(len(packed))]

    def packed(
        self,
        question: str,
        context: str,
        sentences: Sequence[str],
        features: NDArray[np.float32],
    ) -> Packed:
        """The tokens of a question with a passage, whose title and headings are `context`."""
        texts = (context, *sentences)
        above, *ids = self._kept.get(texts, self._tokenised, sum(map(len, texts)))
        return pack(self._ids(question), above, ids, features, self._cls, self._sep)

    def logits(self, packed: Packed) -> NDArray[np.float32]:
        """The logits of one passage's sentences, float32 (sentences,)."""
        ids = packed.ids.astype(np.int64)[None]
        [hidden] = self._session.hidden(ids, types=segments(packed)[None])
        return self._head.logits(hidden, packed)

    def _tokenised(self, texts: Sequence[str]) -> tuple[Ids, ...]:
        return tuple(self._ids(text) for text in texts)

    def _ids(self, text: str) -> Ids:
        return tuple(self._tokenizer.encode(text, add_special_tokens=False).ids)


@cache
def _threads() -> ThreadPoolExecutor:
    """Those of the whole process: questions that are asked at once share the cores."""
    return ThreadPoolExecutor(cores(), thread_name_prefix="reading")
