"""The bundled model as training needs it, and examples as token ids."""

from __future__ import annotations

import os
from typing import Any

from qa.embedding import BUNDLED, bundled_folder, identify
from qa.evidence_network import Packed, pack
from training.examples import PassageExample

__all__ = ["Packer", "load_encoder", "load_packer"]


class Packer:
    """Examples → packed token ids. Texts return in every epoch, and are tokenised once."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {}

    def __call__(self, question: str, passage: PassageExample) -> Packed:
        """The question with the passage, as `qa.evidence_network.pack` puts them together."""
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
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers import AutoTokenizer

    return Packer(AutoTokenizer.from_pretrained(bundled_folder(), local_files_only=True))


def load_encoder() -> Any:
    """The bundled encoder, untrained. Raises ModelError where its weights are not the known ones.

    What is trained fits those weights alone.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    identify(BUNDLED)
    disable_progress_bar()
    return AutoModel.from_pretrained(
        bundled_folder(), local_files_only=True, use_safetensors=True, attn_implementation="sdpa"
    )
