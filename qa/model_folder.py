"""The folder of an embedding model: where a hub name's files are, and that opening it runs no code.

A pickle runs whatever code its maker put in, and so do modules of Python that come with a model.
Both are refused before the libraries see the folder, whose own rules differ from version to
version: some took `pytorch_model.bin` for a part that had no safetensors, or ran a local folder's
modules without being told that it is trusted.
"""

from __future__ import annotations

from pathlib import Path

from qa.errors import ModelError
from qa.strict_json import read_json

__all__ = ["check_safe", "find_on_hub"]

_SAFE = ".safetensors"
_RUNS_CODE = frozenset({".bin", ".pt", ".pth", ".pkl", ".ckpt"})
"""What weights are called that are pickles."""
_NO_PICKLES = "openvino"
"""A folder of another engine, whose `.bin` is plain numbers; it is never loaded here."""
_OWN_MODULES = "sentence_transformers."
_FETCHED = ["*.json", "*.txt", "*.model", f"*{_SAFE}"]
_NO_NAMESPACE = "sentence-transformers/"
"""Hub names without an owner are this one's, as the library has it."""


def check_safe(folder: Path, name: str = "") -> None:
    """Raises ModelError where the folder has no safetensors weights, a part of it has none but
    pickled ones, or it asks for modules that are not the library's. `name` is how the settings call
    it, if not by its folder."""
    named = name or str(folder)
    mend = (
        "Take a model that is published as safetensors, or have whoever made it save it so "
        "(`save_pretrained`)."
    )
    if not any(folder.rglob(f"*{_SAFE}")):
        raise ModelError(
            f"The model {named} has no safetensors weights in {folder}. Weights in other formats "
            f"are not loaded, since opening them can run code. {mend}"
        )
    for path in sorted(folder.rglob("*")):
        pickled = path.suffix in _RUNS_CODE and path.parent.name != _NO_PICKLES
        if pickled and not any(path.parent.glob(f"*{_SAFE}")):
            raise ModelError(
                f"{path} is not loaded, since opening it can run code, and no safetensors weights "
                f"are beside it. {mend}"
            )
    _check_modules(folder / "modules.json")


def _check_modules(path: Path) -> None:
    """Raises ModelError where a model's list of modules names one of its own, or is damaged."""
    if not path.is_file():
        return
    try:
        types = [str(one["type"]) for one in read_json(path.read_bytes())]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path} cannot be read ({type(error).__name__}: {error}). Fetch or save the model "
            "anew."
        ) from error
    if foreign := [one for one in types if not one.startswith(_OWN_MODULES)]:
        raise ModelError(
            f"{path} asks for {foreign[0]}, which is not of sentence-transformers. Code that comes "
            "with a model is never run: take another model."
        )


def find_on_hub(name: str, *, download: bool = False) -> Path:
    """The folder on this machine where the files of a hub name are; with `download` they are
    fetched, but never a pickle. Raises what the hub's library raises where there are none."""
    from huggingface_hub import snapshot_download

    whole = name if "/" in name else _NO_NAMESPACE + name
    found = snapshot_download(whole, local_files_only=not download, allow_patterns=_FETCHED)
    return Path(found)
