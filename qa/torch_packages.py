"""What only runs models that are not exported, and exports them. The image is without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qa.errors import ModelError

__all__ = ["TORCH_PACKAGES", "torch_packages"]

TORCH_PACKAGES = frozenset({"onnx", "onnxscript", "sentence-transformers", "torch", "transformers"})
"""By their names on package indexes. Where models are exported already nothing imports them."""


@contextmanager
def torch_packages(what: str) -> Iterator[None]:
    """Raises ModelError where a package that is imported within is not installed.

    `what` names the model that is in need of it, at the beginning of the message.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModelError(
            f"{what} cannot be run without its exported form, nor exported here: the package "
            f"{error.name} is not installed. Name the folder of exported models in `models` under "
            "[embedding] in qa.toml (QA_EMBEDDING__MODELS), with `backend` left out; or install "
            "all packages: `python -m pip install -r requirements.lock`."
        ) from None
