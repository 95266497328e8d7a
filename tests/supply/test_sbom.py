"""The bill of materials, from what cyclonedx-bom says of an environment."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qa import __version__
from qa.embedding import BUNDLED_SHA256
from tests.supply import sbom


def component(name: str) -> dict[str, Any]:
    return {"type": "library", "bom-ref": f"{name}==1", "name": name, "version": "1"}


FOUND: dict[str, Any] = {
    "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
    "metadata": {"properties": [{"name": "cdx:reproducible", "value": "true"}]},
    "components": [
        component("quotewell") | {"externalReferences": [{"type": "vcs", "url": "file:///a"}]},
        component("pytest"),
        component("FastAPI"),
        component("starlette"),
    ],
    "dependencies": [
        {"ref": "FastAPI==1", "dependsOn": ["starlette==1", "pytest==1"]},
        {"ref": "starlette==1"},
        {"ref": "pytest==1"},
    ],
}


def test_the_bill_has_the_default_install_the_weights_and_the_program_itself() -> None:
    made = sbom.bill(FOUND)
    text = json.dumps(made)
    names = [one["name"] for one in made["components"]]
    assert names == [
        "FastAPI",
        "starlette",
        "all-MiniLM-L6-v2",
        "quotewell-reader",
        "quotewell-danger",
    ]
    own = made["metadata"]["component"]
    assert (own["name"], own["version"]) == ("quotewell", __version__)
    tree = {one["ref"]: one.get("dependsOn") for one in made["dependencies"]}
    assert tree["quotewell"][0] == "FastAPI==1"
    assert tree["FastAPI==1"] == ["starlette==1"]
    assert "file://" not in text
    assert not {"serialNumber", "timestamp"} & {*made, *made["metadata"]}


def test_weights_are_told_with_the_hash_that_the_program_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = next(sbom.weights())
    assert model["type"] == "machine-learning-model"
    assert model["hashes"] == [{"alg": "SHA-256", "content": BUNDLED_SHA256}]
    monkeypatch.setattr(sbom, "BUNDLED_SHA256", "0" * 64)
    with pytest.raises(ValueError, match=r"model\.safetensors has the SHA-256 53aa"):
        list(sbom.weights())
