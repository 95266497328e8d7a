"""Under which licences the program is given: `python -m tests.supply.licences`.

The policy: what the default install brings is under permissive licences. Copyleft of single files
(MPL-2.0) and of single shared libraries (LGPL) is allowed for what is named in `WEAK`, each with
its reason; GPL and AGPL never are, GPL with GCC's runtime exception excepted. A licence that cannot
be made out fails until it stands in `KNOWN` with where it was read.

Licences are read by pip-licenses from the packages' metadata. Shared libraries that wheels bring
along are found by their file names, since the metadata do not tell of them. What is no package,
weights and word lists, is told at the end.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib import metadata
from typing import Any

from boolean.boolean import Expression
from license_expression import (
    AND,
    OR,
    ExpressionError,
    LicenseWithExceptionSymbol,
    get_spdx_licensing,
)

from tests.supply.installed import EXTRAS, belonging, normal, requirements

__all__ = ["KNOWN", "LIBRARIES", "OWN", "WEAK", "expression_of", "main", "problems_of"]

PERMISSIVE = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python",
        "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Unlicense", "Zlib",
    }
)  # fmt: skip
WEAK = {
    "certifi": ("MPL-2.0", "a list of certificates, installed as published"),
    "orjson": ("MPL-2.0", "comes with gradio; installed as published"),
    "tqdm": ("MPL-2.0", "comes with transformers; its own files, installed as published"),
    "fqdn": ("MPL-2.0", "only with the extra dev"),
}
"""Packages with copyleft of single files, which binds whoever alters those files: nobody here does,
and pip brings them with their source. Normal name → the licence, and why it is here."""
KNOWN = {
    "matplotlib": ("PSF-2.0", "its LICENSE: one of the Python Software Foundation's kind"),
    "pypdfium2": (
        "BSD-3-Clause AND Apache-2.0",
        "its metadata; PDFium's parts, all permissive, are in its BUILD_LICENSES",
    ),
    "pystemmer": ("MIT AND BSD-3-Clause", "its metadata, `MIT, BSD`"),
    "scipy": ("BSD-3-Clause", "its LICENSE.txt; for what its wheel brings along see LIBRARIES"),
}
"""Packages whose metadata do not say it in a way that can be read: licence, and where it stands."""
ALIASES = {
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What metadata have instead of an SPDX identifier."""
LIBRARIES = {
    "libgfortran": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgomp": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libquadmath": "LGPL-2.1-or-later",
}
"""Shared libraries of GCC in the wheels of NumPy, SciPy and FAISS, by numpy's LICENSE.txt. The
exception frees whatever uses them. libquadmath is a file of its own, unaltered and replaceable, as
the LGPL asks."""
OWN = {
    "Quotewell, its wording and word lists": "Apache-2.0",
    "all-MiniLM-L6-v2 (weights)": "Apache-2.0",
    "qa/data/reader (weights)": "Apache-2.0",
    "qa/data/danger (weights)": "Apache-2.0",
}
"""Not packages: the model cards beside the weights tell what they were made from: questions
under CC BY 4.0 and, for the reader, a part of SQuAD 2.0 (CC BY-SA 4.0); no text of either is in
them."""
_COPYLEFT = ("libgcc_s", "libgmp", "libmpfr", "libmpc", "libreadline", "libraqm", "libfribidi")
"""Shared libraries under copyleft that a wheel might bring along some day."""
_LICENSING = get_spdx_licensing()
_LONG = 60


def expression_of(row: Mapping[str, str]) -> str:
    """The licence of a package as SPDX has it, from a row of pip-licenses; empty if unknown."""
    name = normal(row["Name"])
    if name in KNOWN:
        return KNOWN[name][0]
    for column in ("License-Expression", "License-Metadata", "License-Classifier"):
        told = row[column].strip()
        if told == "UNKNOWN" or "\n" in told or len(told) > _LONG * 3:
            continue
        told = ALIASES.get(told, told)
        try:
            _LICENSING.parse(told, validate=True, strict=True)
        except ExpressionError:
            continue
        return told
    return ""


def problems_of(name: str, expression: str) -> list[str]:
    """What is wrong with a package's licence; empty where it is allowed."""
    if not expression:
        return [f"{name}: its licence is unknown. Read it, and add it to KNOWN with its source."]
    weak = WEAK.get(normal(name), ("", ""))[0]
    parsed = _LICENSING.parse(expression)
    if _allowed(parsed, PERMISSIVE | {weak}):
        return []
    return [f"{name}: {expression} is not permissive. Replace it, or decide and add it to WEAK."]


def _allowed(expression: Expression, licences: Iterable[str]) -> bool:
    if isinstance(expression, OR):
        return any(_allowed(one, licences) for one in expression.args)
    if isinstance(expression, AND):
        return all(_allowed(one, licences) for one in expression.args)
    if isinstance(expression, LicenseWithExceptionSymbol):
        return expression.license_symbol.key in licences  # an exception only ever frees
    return expression.key in licences


def libraries_of(names: Iterable[str]) -> dict[str, list[str]]:
    """Shared libraries under copyleft in these packages' files: name → packages."""
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        for path in metadata.files(name) or []:
            library = path.name.split(".so")[0].split("-")[0]
            known = library in LIBRARIES or library in _COPYLEFT
            if known and name not in found.setdefault(library, []):
                found[library].append(name)
    return found


def _rows() -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-m", "piplicenses", "--from", "all", "--with-system"]
    done = subprocess.run([*command, "--format", "json"], capture_output=True, check=True)
    return {normal(row["Name"]): row for row in json.loads(done.stdout)}


def main() -> int:
    """Prints each licence with its packages, and what is wrong; gives the exit code."""
    rows, default = _rows(), belonging(requirements())
    parts = {"The default install": default}
    parts |= {f"The extra {one}": belonging(requirements(one)) - default for one in EXTRAS}
    problems: list[str] = []
    for part, names in parts.items():
        found = {name: expression_of(rows[name]) for name in sorted(names)}
        wrong = [one for name, licence in found.items() for one in problems_of(name, licence)]
        # What somebody asks for with an extra is told of, and left to them.
        problems += wrong if part == "The default install" else []
        print(f"{part}: {len(names)} packages")
        for licence in sorted(set(found.values())):
            print(f"  {licence or 'unknown'}: {', '.join(n for n in found if found[n] == licence)}")
        if part != "The default install":
            print("\n".join(f"  Note: {one}" for one in wrong) or "  all permissive")
    print("Shared libraries under copyleft within wheels:")
    for library, names in libraries_of(default).items():
        licence = LIBRARIES.get(library, "")
        print(f"  {library} ({', '.join(names)}): {licence or 'unknown'}")
        problems += [] if licence else [f"{library} is new: read its licence, decide, name it."]
    print("Not packages:", *(f"  {what}: {licence}" for what, licence in OWN.items()), sep="\n")
    print(
        "\n".join(problems) or "No copyleft in the default install but what is named and allowed."
    )
    return int(bool(problems))


if __name__ == "__main__":
    raise SystemExit(main())
