"""Which installed packages belong to the default install, and which to an extra alone.

Read from pyproject.toml and the metadata of what is installed: no index is asked.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

__all__ = ["EXTRAS", "ROOT", "belonging", "locked", "normal", "requirements"]

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = ("milvus", "ray", "training")
"""What a clinic may install beside the default; `dev` is for who works on the program."""


def normal(name: str) -> str:
    """A package's name as PEP 503 compares it: small letters, runs of -, _ and . as one dash."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(extra: str = "") -> list[Requirement]:
    """The requirements of pyproject.toml: those of everybody, or those of one extra alone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    listed = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return [Requirement(one) for one in listed]


def belonging(wanted: Iterable[Requirement]) -> set[str]:
    """Normal names of all installed packages that the requirements lead to, themselves included.

    Markers are judged for this machine. Raises LookupError naming a package that is not installed.
    """
    found: set[tuple[str, str]] = set()
    to_do = list(wanted)
    while to_do:
        one = to_do.pop()
        name = normal(one.name)
        for extra in ("", *one.extras):
            if (name, extra) in found:
                continue
            found.add((name, extra))
            to_do += _required(name, extra)
    return {name for name, _ in found}


def _required(name: str, extra: str) -> list[Requirement]:
    """What an installed package requires, of itself or for one of its extras."""
    try:
        listed = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        raise LookupError(
            f"{name} is required but not installed. Run `make setup`, and try again."
        ) from None
    made = [Requirement(one) for one in listed]
    return [one for one in made if one.marker is None or one.marker.evaluate({"extra": extra})]


def locked() -> dict[str, str]:
    """Normal name → version of each line of requirements.lock."""
    lines = (ROOT / "requirements.lock").read_text("utf-8").split()
    pairs = [line.split("==") for line in lines]
    return {normal(name): version for name, version in pairs}
