"""Settings become the engine that searches vectors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qa.assembly import engine_of
from qa.errors import SettingsError, VectorStoreDown
from qa.settings import load_settings
from qa.vector_store import IN_GENERATION
from tests.conftest import ROOT


def test_vectors_are_searched_in_the_index_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "qa.toml"
    path.write_text("", "utf-8")
    assert engine_of(load_settings(config=path)) is IN_GENERATION


def test_the_token_comes_from_the_variable_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "qa.toml"
    path.write_text(
        '[vectors]\nstore = "milvus"\nuri = "http://127.0.0.1:9"\ntoken_env = "TOKEN_HERE"\n'
    )
    settings = load_settings(config=path)
    monkeypatch.delenv("TOKEN_HERE", raising=False)
    with pytest.raises(SettingsError, match=r"\[vectors\].*TOKEN_HERE, which is not set"):
        engine_of(settings)
    monkeypatch.setenv("TOKEN_HERE", "root:secret")
    with pytest.raises(VectorStoreDown) as told:
        engine_of(settings).reach()
    assert "secret" not in str(told.value)
    monkeypatch.setenv("QA_VECTORS__STORE", "faiss")
    assert engine_of(load_settings(config=path)) is IN_GENERATION


def test_without_the_extra_the_error_names_the_command() -> None:
    code = (
        "import sys; sys.modules['pymilvus'] = None\n"
        "from qa.milvus_client import MilvusPlace\n"
        "from qa.milvus_engine import MilvusEngine\n"
        "from qa.errors import VectorStoreError\n"
        "try: MilvusEngine(MilvusPlace('http://127.0.0.1:9')).reach()\n"
        "except VectorStoreError as error: print(error)\n"
        "assert 'faiss' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip().endswith('Run: pip install "quotewell[milvus]"')
