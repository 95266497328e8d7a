"""The trained evidence reader's files: checked, loaded, and run over passages.

`qa/data/reader/reader.safetensors` holds a low-rank addition to the bundled model's weights (Hu and
others, "LoRA", ICLR 2022) and the head of `qa.evidence_network`. It was made for those weights
alone, and `training/` makes it again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load as load_tensors

from qa.chunking import title_and_headings
from qa.embedding import BUNDLED, bundled_folder, identify
from qa.errors import ModelError
from qa.evidence_network import EvidenceNetwork, Packed, collate, pack
from qa.types import Passage

__all__ = [
    "READER_SHA256",
    "EvidenceModel",
    "bundled_encoder",
    "bundled_reader",
    "bundled_tokenizer",
    "context_of",
    "merge",
]

READER_SHA256 = "ac0ca998b82feabb02a5503f4fe1015748a603f0fb627cbcf358bb2de5a4b0ce"
"""Of `reader.safetensors`; `python -m training` prints this line."""
SCALE = 2.0
"""What the low-rank product is multiplied by, in training and here."""


def bundled_reader() -> Path:
    """The file of the bundled reader. Raises ModelError where it is missing or was altered."""
    path = Path(str(resources.files("qa"))) / "data" / "reader" / "reader.safetensors"
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(
            f"The trained reader {path} cannot be read ({error.strerror}). Install the program "
            'anew, or set `model = "similarity"` under [reading] in qa.toml.'
        ) from error
    if found != READER_SHA256:
        raise ModelError(
            f"The trained reader {path} was altered (SHA-256 {found}, expected {READER_SHA256}). "
            "It is not used. Install the program anew."
        )
    return path


def context_of(passage: Passage) -> str:
    """Title and headings of a passage, as the network reads them."""
    return ". ".join(title_and_headings(passage.document, passage.chunk.section))


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
        """`weights` is a file as `training/` writes it; see `bundled_reader`."""
        self._weights = weights

    @property
    def sha256(self) -> str:
        """Of the weights' file, in hex. Raises ModelError where there is none."""
        try:
            return hashlib.sha256(self._weights.read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(
                f"The reader {self._weights} cannot be read ({error.strerror}). Check `model` "
                "under [reading] in qa.toml."
            ) from error

    def load(self) -> None:
        """Loads what is not loaded yet. Raises ModelError where it cannot be."""
        _ = self._tokenizer, self._network

    @cached_property
    def _tokenizer(self) -> Any:
        return bundled_tokenizer()

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
        network.eval()
        if _half():
            network.encoder.to(torch.bfloat16)
        return network

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
        with torch.inference_mode():
            logits = self._network(collate(packed)).float().numpy()
        return list(np.split(logits, np.cumsum([len(one) for one in features])[:-1]))

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


def _half() -> bool:
    """Whether this processor multiplies in bfloat16 faster than in float32."""
    return any(
        bool(getattr(torch.cpu, name, lambda: False)())
        for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    )
