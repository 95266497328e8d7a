"""requirements.lock → requirements-serve.lock: what `qa serve` and `qa build` need where the models
are exported already, as they are in the image. `make lock` runs this.

It walks from the requirements of pyproject.toml over what is installed, and leaves out the packages
that only run or export models (`qa.torch_packages`), with what only those need. The lines are
those of requirements.lock, so that both locks name the same versions;
`tests/deploy/test_serving_lock.py` holds that the file is what this makes.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from qa.torch_packages import TORCH_PACKAGES

ROOT = Path(__file__).resolve().parent.parent
BESIDE = ("tokenizers",)
"""What the program imports itself, but has only by way of one that is left out."""


def served(requirements: Iterable[str]) -> frozenset[str]:
    """Names of all packages that the requirements lead to without those that are left out.

    Raises PackageNotFoundError where one of them is not installed here.
    """
    found: set[str] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        extras = one.extras or {""}
        if name in found or name in TORCH_PACKAGES:
            continue
        found.add(name)
        for text in metadata.requires(name) or ():
            further = Requirement(text)
            marker = further.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(further)
    return frozenset(found)


def serving_lock(root: Path = ROOT) -> str:
    """The text of requirements-serve.lock, from pyproject.toml and requirements.lock.

    Raises ValueError where requirements.lock lacks a package, as one of before a change does.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    names = served([*project["dependencies"], *BESIDE])
    lines = (root / "requirements.lock").read_text("utf-8").splitlines()
    pinned = {canonicalize_name(re.split(r"[=\s;]", line)[0]): line for line in lines if line}
    lacking = sorted(names - pinned.keys())
    if lacking:
        raise ValueError(f"requirements.lock lacks {', '.join(lacking)}. Run `make lock`.")
    return "".join(f"{line}\n" for name, line in sorted(pinned.items()) if name in names)


if __name__ == "__main__":
    sys.stdout.write(serving_lock())
