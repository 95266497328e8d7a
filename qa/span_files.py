"""Finding and loading a SQuAD2-style model's files, of this machine unless told otherwise.

Nothing but safetensors weights is loaded: a pickle can run code, and so can code that comes with a
model, which is not run either. What is loaded is checked to be what it must be.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

from qa.errors import ModelError
from qa.torch_packages import torch_packages

__all__ = ["MAX_TOKENS", "MIN_TOKENS", "find_model", "load_model", "max_tokens", "weights_sha256"]

MAX_TOKENS = 384
"""Tokens of a window, question and special ones included: what such models were trained with
(Devlin et al., "BERT", NAACL 2019, section 4.3 and its published code)."""
MIN_TOKENS = 192
"""A model that reads fewer has no room for question, headings and text."""
_WEIGHTS = "model*.safetensors"
_FILES = ["*.json", "*.txt", "*.model", _WEIGHTS]
_HUB_NAME = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)?")
_NAME_ONE = (
    "Under [reading] in qa.toml `model` is `bundled`, `similarity`, the folder of a SQuAD2-style "
    "question answering model, or its hub name."
)


def find_model(model: str, *, download: bool = False) -> Path:
    """The folder of a model: itself, or where the hub's files are kept on this machine.

    `download` lets the files of a hub name be fetched. Raises ModelError where there are none.
    """
    if model and Path(model).is_dir():
        return Path(model)
    if not _HUB_NAME.fullmatch(model):
        raise ModelError(f"There is no folder {model}. {_NAME_ONE}")
    if not download:
        _stay_offline()
    from huggingface_hub import snapshot_download

    try:
        found = snapshot_download(model, local_files_only=not download, allow_patterns=_FILES)
    except Exception as error:  # the library raises whatever its parts raise
        raise ModelError(
            f"There is no folder {model}, and a model of that name is not on this machine "
            f"({type(error).__name__}). {_NAME_ONE} `qa build --download` fetches the files of "
            "a hub name."
        ) from error
    return Path(found)


def weights_sha256(folder: Path) -> str:
    """SHA-256 of the weights, in hex; of their hashes one after the other where in several files.

    Raises ModelError where there are no safetensors weights.
    """
    hashes = []
    for path in sorted(folder.glob(_WEIGHTS)):
        with path.open("rb") as file:
            hashes.append(hashlib.file_digest(file, "sha256").hexdigest())
    if not hashes:
        raise ModelError(
            f"{folder} has no model.safetensors. Weights in other formats are not loaded, since "
            "opening them can run code: take a model that is published as safetensors, or have "
            "whoever made it save it so (`save_pretrained`)."
        )
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def load_model(folder: Path) -> tuple[Any, Any]:
    """Tokenizer and model, on the CPU, for reading and not for training.

    Raises ModelError where they are damaged, not for question answering, or the tokenizer cannot
    tell offsets.
    """
    _stay_offline()
    with torch_packages(f"The reader {folder}"):
        import torch
        from transformers import AutoConfig, AutoModelForQuestionAnswering, AutoTokenizer
        from transformers.utils.logging import disable_progress_bar, set_verbosity_error

    disable_progress_bar()
    set_verbosity_error()  # what it would warn of is checked here
    safely = {"local_files_only": True, "trust_remote_code": False}
    try:
        config = AutoConfig.from_pretrained(folder, **safely)
        _check_architecture(folder, config)
        tokenizer = AutoTokenizer.from_pretrained(folder, use_fast=True, **safely)
        model, report = AutoModelForQuestionAnswering.from_pretrained(
            folder,
            config=config,
            use_safetensors=True,
            dtype=torch.float32,
            output_loading_info=True,
            **safely,
        )
    except ModelError:
        raise
    except Exception as error:  # the library raises whatever its parts raise
        raise ModelError(
            f"The model in {folder} cannot be loaded ({type(error).__name__}: {error}). "
            f"Fetch or save it anew. {_NAME_ONE}"
        ) from error
    if missing := sorted(report["missing_keys"]):
        raise ModelError(
            f"The weights in {folder} lack {missing[0]} (and {len(missing) - 1} more). They are "
            "damaged or not those of a question answering model: fetch or save it anew. "
            f"{_NAME_ONE}"
        )
    _check_tokenizer(folder, tokenizer, max_tokens(tokenizer, config))
    return tokenizer, model.to("cpu").eval()


def max_tokens(tokenizer: Any, config: Any) -> int:
    """Tokens that the model reads at once, question and special ones included."""
    positions = getattr(config, "max_position_embeddings", None) or 0
    limits = [MAX_TOKENS, int(tokenizer.model_max_length)]
    # Some, as RoBERTa, count positions from 2. Models without a limit have none, 0 or -1 here.
    return min([*limits, positions - 2] if positions > 0 else limits)


def _check_architecture(folder: Path, config: Any) -> None:
    """Any encoder could be loaded, but would be given an untrained head that points anywhere."""
    made = config.architectures or []
    if not any(name.endswith("ForQuestionAnswering") for name in made):
        raise ModelError(
            f"{folder} is not a question answering model: its config.json names "
            f"{', '.join(made) or 'no architecture'}. {_NAME_ONE}"
        )


def _check_tokenizer(folder: Path, tokenizer: Any, limit: int) -> None:
    if not tokenizer.is_fast:
        raise ModelError(
            f"The tokenizer in {folder} ({type(tokenizer).__name__}) is not a fast one and cannot "
            "tell where its tokens stand in a text. Take a model with a tokenizer.json."
        )
    if tokenizer.cls_token_id is None:
        raise ModelError(
            f"The tokenizer in {folder} has no [CLS] token, where a SQuAD2-style model points when "
            f"a text does not answer. {_NAME_ONE}"
        )
    if limit < MIN_TOKENS:
        raise ModelError(
            f"The model in {folder} reads {limit} tokens at once, at least {MIN_TOKENS} are "
            "needed. Take another."
        )


def _stay_offline() -> None:
    """Before the libraries are imported: they read these when they are."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
