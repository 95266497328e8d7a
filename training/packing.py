"""Examples as token ids."""

from __future__ import annotations

from typing import Any

from qa.evidence_model import bundled_tokenizer
from qa.packing import Packed, pack
from training.examples import PassageExample

__all__ = ["Packer", "load_packer"]


class Packer:
    """Examples → packed token ids. Texts return in every epoch, and are tokenised once."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {}

    def __call__(self, question: str, passage: PassageExample) -> Packed:
        """The question with the passage, as `qa.packing.pack` puts them together."""
        return pack(
            self._ids(question),
            self._ids(passage.context),
            [self._ids(text) for text in passage.sentences],
            passage.features,
            self._tokenizer.cls_token_id,
            self._tokenizer.sep_token_id,
        )

    def _ids(self, text: str) -> list[int]:
        if text not in self._known:
            self._known[text] = self._tokenizer(
                text, add_special_tokens=False, truncation=False, verbose=False
            )["input_ids"]
        return self._known[text]


def load_packer() -> Packer:
    """With the bundled model's tokenizer."""
    return Packer(bundled_tokenizer())
