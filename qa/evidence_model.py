"""The trained evidence reader by torch: loaded, merged, and run over passages.

A trained file holds a low-rank addition to the bundled model's weights (Hu and others, "LoRA", ICLR
2022) and the head of `qa.evidence_network`. It was made for those weights alone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load as load_tensors

from qa.embedding import BUNDLED, bundled_folder, identify
from qa.errors import ModelError
from qa.evidence_network import EvidenceNetwork, collate
from qa.packing import Packed, context_of, pack
from qa.types import Passage

__all__ = [
    "EvidenceModel",
    "bundled_encoder",
    "bundled_tokenizer",
    "merge",
]

SCALE = 2.0
"""What the low-rank product is multiplied by, in training and here."""


def merge(encoder: Any, tensors: dict[str, torch.Tensor]) -> None:
    """Adds the low-rank products to an encoder's weights: W + SCALE · up · down."""
    with torch.no_grad():
        for name in [key.removesuffix(".down") for key in tensors if key.endswith(".down")]:
            weight = encoder.get_submodule(name).weight
            up, down = tensors[f"{name}.up"].float(), tensors[f"{name}.down"].float()
            weight += SCALE * (up @ down)


def bundled_tokenizer() -> Any:
    """The bundled model's tokenizer."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(bundled_folder(), local_files_only=True)


def bundled_encoder() -> Any:
    """The bundled encoder, untrained. Raises ModelError where its weights are not the known ones.

    What is trained fits those weights alone.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    identify(BUNDLED)
    disable_progress_bar()
    return AutoModel.from_pretrained(bundled_folder(), local_files_only=True, use_safetensors=True)


class EvidenceModel:
    """The network with its tokenizer, loaded when first needed."""

    def __init__(self, weights: Path) -> None:
        """`weights` is a file as `training/` writes it; see `qa.reader_weights`."""
        self._weights = weights

    def load(self) -> None:
        """Loads what is not loaded yet. Raises ModelError where it cannot be."""
        _ = self._tokenizer, self._network

    @cached_property
    def _tokenizer(self) -> Any:
        return bundled_tokenizer()

    @property
    def network(self) -> EvidenceNetwork:
        """The network, its addition merged in. Raises ModelError where it cannot be loaded."""
        return self._network

    @cached_property
    def _network(self) -> EvidenceNetwork:
        encoder = bundled_encoder()
        try:
            tensors = load_tensors(self._weights.read_bytes())
            merge(encoder, tensors)
            network = EvidenceNetwork(encoder)
            head = {
                name.removeprefix("head."): tensor.float()
                for name, tensor in tensors.items()
                if name.startswith("head.")
            }
            missing, unexpected = network.load_state_dict(head, strict=False)
            lacking = [name for name in missing if not name.startswith("encoder.")]
            if lacking or unexpected:
                raise ValueError(f"it lacks {lacking} and has {unexpected}")
        except Exception as error:  # the libraries raise whatever their parts raise
            raise ModelError(
                f"The trained reader {self._weights} cannot be loaded ({error}). "
                "Install the program anew."
            ) from error
        return network.eval()

    def read(
        self,
        question: str,
        passages: Sequence[Passage],
        features: Sequence[NDArray[np.float32]],
    ) -> list[NDArray[np.float32]]:
        """Logits of each passage's sentences; `features` are float32 (sentences, 5) a passage."""
        if not passages:
            return []
        texts = [question]
        for passage in passages:
            texts.append(context_of(passage))
            text = passage.document.text
            texts += [text[s.start : s.end] for s in passage.chunk.sentences]
        ids = iter(
            self._tokenizer(texts, add_special_tokens=False, truncation=False, verbose=False)[
                "input_ids"
            ]
        )
        asked = next(ids)
        packed = [
            self._pack(asked, next(ids), [next(ids) for _ in passage.chunk.sentences], given)
            for passage, given in zip(passages, features, strict=True)
        ]
        logits = self.logits(packed)
        return list(np.split(logits, np.cumsum([len(one) for one in features])[:-1]))

    def logits(self, packed: Sequence[Packed]) -> NDArray[np.float32]:
        """The logits of all sentences of packed passages, one passage after the other."""
        with torch.inference_mode():
            found: NDArray[np.float32] = self._network(collate(packed)).float().numpy()
        return found

    def _pack(
        self,
        asked: Sequence[int],
        context: Sequence[int],
        sentences: Sequence[Sequence[int]],
        features: NDArray[np.float32],
    ) -> Packed:
        tokenizer = self._tokenizer
        return pack(
            asked, context, sentences, features, tokenizer.cls_token_id, tokenizer.sep_token_id
        )
