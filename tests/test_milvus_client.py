"""What is said where Milvus cannot be used from here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from qa.errors import VectorStoreDown, VectorStoreError
from qa.milvus_client import MilvusConnection, MilvusPlace
from tests.milvus_places import lite_place

_HOLDS = """
import sys
from pymilvus import MilvusClient
client = MilvusClient(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("missing", ["pymilvus", "milvus_lite.server_manager"])
def test_what_is_not_installed_is_named_with_its_command(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = lite_place(tmp_path)
    monkeypatch.setitem(sys.modules, missing, None)  # which makes its import fail
    with pytest.raises(VectorStoreError, match=re.escape('pip install "quotewell[milvus]"')):
        MilvusConnection(place).client()


def test_a_file_that_another_program_has_open(tmp_path: Path) -> None:
    place = lite_place(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, place.uri],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "open\n"
        with pytest.raises(VectorStoreDown, match="One program at a time can open it"):
            MilvusConnection(place).client()
        other.communicate()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    place = MilvusPlace(str(lite_place(tmp_path / "none").uri))
    with pytest.raises(VectorStoreDown, match="the folder of milvus-lite's file does not exist"):
        MilvusConnection(place).client()
