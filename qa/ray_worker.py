"""What runs on the machines of a Ray cluster: texts in, their vectors out.

A block of texts is one task of its own, which holds no core: it has Ray Data cut the block into
parts and spread them over the cluster. Each worker process loads the embedder once, and gives
vectors only if it makes the very same ones as the machine that builds.
"""

from __future__ import annotations

import os
import socket
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qa.embedding import Embedder
from qa.errors import QuotewellError
from qa.reuse import library_versions
from qa.types import Vectors

__all__ = ["PART", "Block", "Recipe", "embed_block", "recipe_of"]

PART = 128
"""Texts that a worker embeds at a time: a second or so of one core, beside which the hundredth of a
second that Ray takes for a task is little."""
RETRIES = 5
"""How often a part is given to another worker where one was lost. Without a bound a text that ends
every worker would be tried for ever."""
_LIBRARIES = (
    "numpy",
    "onnxruntime",
    "quotewell",
    "sentence-transformers",
    "tokenizers",
    "torch",
    "transformers",
)
"""Those on which a vector depends, and this program."""
_PROBES = (
    "Do not drive until the next day.",
    "Aftercare",
    "Ask your nurse about side effects such as nausea, dizziness or a racing heart, and whom to "
    "call at night, before you go home with somebody who can stay with you until the morning.",
)
"""Embedded everywhere for comparison: processors of another kind may round in another way."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a worker makes the embedder, and what it must be to be used."""

    make: Callable[[], Embedder]
    identity: tuple[tuple[str, str], ...]
    libraries: tuple[tuple[str, str], ...]
    probes: bytes
    """The vectors of the probes, as the machine that builds makes them."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block's vectors in the order of its texts, float32 (n, dim), or why there are none."""

    vectors: Vectors
    problem: str = ""


def recipe_of(embedder: Embedder, make: Callable[[], Embedder]) -> Recipe:
    """The recipe of an embedder of this machine; `make` makes its like on another."""
    return Recipe(
        make,
        tuple(sorted(embedder.identity.items())),
        tuple(library_versions(_LIBRARIES).items()),
        _probe(embedder),
    )


def embed_block(recipe: Recipe, texts: Sequence[str]) -> Block:
    """Embeds the texts by all workers that are free. Runs within Ray, as a task."""
    with warnings.catch_warnings():  # Ray Data warns of settings of its own that it sets itself
        warnings.simplefilter("ignore")
        os.environ["RAY_DATA_DISABLE_PROGRESS_BARS"] = "1"
        import ray.data  # noqa: PLC0415 - no part of what imports this module for its names

        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.execution_options.preserve_order = True
        parts = -(-len(texts) // PART)
        made = ray.data.from_items([{"text": text} for text in texts], override_num_blocks=parts)
        made = made.map_batches(
            _embed_part,
            batch_size=None,
            batch_format="pyarrow",
            fn_args=(recipe,),
            num_cpus=1,
            max_retries=RETRIES,
        )
        found: list[Vectors] = []
        for batch in made.iter_batches(batch_size=None, batch_format="numpy"):
            if problem := next(filter(None, batch["problem"]), ""):
                return Block(np.zeros((0, 0), dtype=np.float32), str(problem))
            found.append(batch["vector"])
    return Block(np.ascontiguousarray(np.concatenate(found), dtype=np.float32))


def _embed_part(batch: Any, recipe: Recipe) -> dict[str, Any]:
    """A part's vectors, a row each, or in each row what is wrong with this worker."""
    # As Arrow gives them: NumPy's own strings lose what is empty at their ends.
    texts: list[str] = batch.column("text").to_pylist()
    ready = _ready(recipe)
    if isinstance(ready, str):
        nothing = np.zeros((len(texts), 1), dtype=np.float32)
        return {"vector": nothing, "problem": [ready] * len(texts)}
    return {
        "vector": np.concatenate(list(ready.encode_alone(texts))),
        "problem": [""] * len(texts),
    }


_made: dict[tuple[object, ...], Embedder] = {}
"""The embedder of this process, kept from part to part, by what it must be."""


def _ready(recipe: Recipe) -> Embedder | str:
    """The embedder, or in words why this worker must not be used."""
    key = (recipe.identity, recipe.libraries, recipe.probes)
    if key not in _made:
        where = f"The Ray worker on {socket.gethostname()}"
        if differing := _differing(recipe.libraries, tuple(library_versions(_LIBRARIES).items())):
            return f"{where} has other libraries than this machine: {differing}"
        try:
            embedder = recipe.make()
            if differing := _differing(recipe.identity, tuple(sorted(embedder.identity.items()))):
                return f"{where} has another embedding model than this machine: {differing}"
            if _probe(embedder) != recipe.probes:
                return (
                    f"{where} makes vectors that differ from this machine's in their last digits, "
                    "as processors of another kind do"
                )
        except QuotewellError as error:
            return f"{where} cannot load the embedding model: {error}"
        _made.clear()
        _made[key] = embedder
    return _made[key]


def _probe(embedder: Embedder) -> bytes:
    return b"".join(part.astype("<f4").tobytes() for part in embedder.encode_alone(_PROBES))


def _differing(here: tuple[tuple[str, str], ...], there: tuple[tuple[str, str], ...]) -> str:
    """What differs, in words; empty where nothing does."""
    had, has = dict(here), dict(there)
    return ", ".join(
        f"{name} {has.get(name) or 'missing'} instead of {had.get(name) or 'none'}"
        for name in sorted({*had, *has})
        if had.get(name) != has.get(name)
    )
