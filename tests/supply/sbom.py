"""The bill of materials of the default install: `python -m tests.supply.sbom FILE`.

CycloneDX JSON: Quotewell itself, the packages that it requires as cyclonedx-bom finds them in this
environment, those of the extras and of `dev` left out, and the model weights with their SHA-256.
The same environment makes the same bytes: there is no time and no serial number in it. It is
checked against CycloneDX's schema before it is written.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa import __version__
from qa.danger_model import DANGER_SHA256
from qa.embedding import BUNDLED_SHA256, bundled_folder
from qa.generation import file_sha256
from qa.reader_weights import READER_SHA256
from tests.supply.installed import ROOT, belonging, normal, requirements

__all__ = ["bill", "main", "weights"]

VERSION = "1.6"
_OWN = "quotewell"
_DATA = ROOT / "qa" / "data"


def bill(found: Mapping[str, Any]) -> dict[str, Any]:
    """The bill, from what cyclonedx-bom says of the whole environment."""
    wanted = belonging(requirements())
    parts = [one for one in found["components"] if normal(one["name"]) in wanted]
    refs = {one["bom-ref"]: one for one in parts}
    direct = {normal(one.name) for one in requirements()}
    models = list(weights())
    uses = [ref for ref, one in refs.items() if normal(one["name"]) in direct]
    tree = [{"ref": _OWN, "dependsOn": sorted([*uses, *(one["bom-ref"] for one in models)])}]
    for one in found["dependencies"]:
        if one["ref"] in refs:
            on = sorted(ref for ref in one.get("dependsOn", ()) if ref in refs)
            tree.append({"ref": one["ref"], **({"dependsOn": on} if on else {})})
    tree += [{"ref": one["bom-ref"]} for one in models]
    own = {
        "type": "application",
        "bom-ref": _OWN,
        "name": _OWN,
        "version": __version__,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }
    return {
        "$schema": found["$schema"],
        "bomFormat": "CycloneDX",
        "specVersion": VERSION,
        "version": 1,
        "metadata": {**found["metadata"], "component": own},
        "components": [*sorted(parts, key=lambda one: str(one["bom-ref"])), *models],
        "dependencies": sorted(tree, key=lambda one: str(one["ref"])),
    }


def weights() -> Iterator[dict[str, Any]]:
    """A component for each file of weights, its hash that of the file as it lies here.

    Raises ValueError where a file is not the one that the program would take.
    """
    card = "see the MODEL_CARD.md beside it"
    for name, path, sha256, told in (
        ("all-MiniLM-L6-v2", bundled_folder() / "model.safetensors", BUNDLED_SHA256, "embeddings"),
        ("quotewell-reader", _DATA / "reader" / "reader.safetensors", READER_SHA256, card),
        ("quotewell-danger", _DATA / "danger" / "danger.safetensors", DANGER_SHA256, card),
    ):
        if (has := file_sha256(path)) != sha256:
            raise ValueError(f"{path} has the SHA-256 {has}, the program takes {sha256} only.")
        yield {
            "type": "machine-learning-model",
            "bom-ref": f"model:{name}",
            "name": name,
            "description": f"{path.name}: {told}",
            "hashes": [{"alg": "SHA-256", "content": has}],
            "licenses": [{"license": {"id": "Apache-2.0"}}],
        }


def _environment() -> dict[str, Any]:
    """What cyclonedx-bom finds of all that is installed beside this Python."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"]
    command += ["--no-validate", "--spec-version", VERSION, "--output-file", "-"]
    done = subprocess.run([*command, sys.executable], capture_output=True, check=True)
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def _misfit(made: str) -> object:
    """What of a bill does not fit the schema; None where all does."""
    from cyclonedx.schema import OutputFormat, SchemaVersion
    from cyclonedx.validation import make_schemabased_validator

    version = SchemaVersion.from_version(VERSION)
    return make_schemabased_validator(OutputFormat.JSON, version).validate_str(made)


def main(arguments: Sequence[str]) -> int:
    """Writes the bill to the file that is named."""
    target = Path(arguments[0])
    made = json.dumps(bill(_environment()), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if problem := _misfit(made):
        print(f"The bill does not fit CycloneDX's schema: {problem}", file=sys.stderr)
        return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(made, "utf-8")
    print(f"Wrote {target}: {made.count('bom-ref')} components, CycloneDX {VERSION}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
