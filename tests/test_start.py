"""What a start imports: neither asking nor serving waits for torch or for what few clinics use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa.index import build
from qa.reading import reading
from qa.settings import load_settings
from tests.bundled import EXPORTED, bundled_embedder

ROOT = Path(__file__).resolve().parent.parent
TORCH = ("torch", "transformers", "sentence_transformers")
SELDOM = ("authlib", "joserfc", "phonenumbers", "matplotlib", "pypdfium2", "qa.readers")
LEFT_OUT_BY_ASKING = (*TORCH, *SELDOM, "gradio", "fastapi", "pandas", "qa.comparison")
SEE = """
import sys
found = [name for name in {names!r} if name in sys.modules]
assert not found, f"imported: {{found}}"
"""
ASK = """
from qa.cli import app
app(["ask", "Can I drive home after a treatment?"], standalone_mode=False)
"""
SERVE = """
import json, os, threading, traceback
from urllib.request import Request, urlopen
from qa.settings import load_settings
from qa.web.server import run

def look(url):
    try:
        ask = Request(url + "/api/ask", headers={{"Content-Type": "application/json"}},
            data=json.dumps({{"question": "Can I drive home after a treatment?"}}).encode())
        assert json.load(urlopen(ask))["kind"] == "answer"
        {see}
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)

run(load_settings(), on_ready=lambda url: threading.Thread(target=look, args=(url,)).start())
"""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a clinic whose index is built and whose models are exported."""
    folder = tmp_path_factory.mktemp("start")
    build(ROOT / "corpus", folder / "index", bundled_embedder())
    reading(models=EXPORTED).prepare()
    settings = load_settings()
    assert settings.embedding.backend == "onnx"
    return os.environ | {
        "QA_CORPUS": str(ROOT / "corpus"),
        "QA_INDEX": str(folder / "index"),
        "QA_EMBEDDING__MODELS": str(EXPORTED),
        "QA_SERVE__PORT": "0",
        "QA_STAFF__STORE": str(folder / "staff.sqlite3"),
        "QA_PRIVACY__STORE": str(folder / "records.sqlite3"),
    }


@pytest.mark.slow
def test_asking_imports_no_torch_and_nothing_that_is_seldom_needed(clinic: dict[str, str]) -> None:
    _runs(ASK + SEE.format(names=LEFT_OUT_BY_ASKING), clinic)


@pytest.mark.slow
def test_serving_imports_no_torch(clinic: dict[str, str]) -> None:
    see = SEE.format(names=(*TORCH, "authlib", "joserfc")).strip().replace("\n", "\n        ")
    _runs(SERVE.format(see=see), clinic)


def _runs(code: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-2_000:]
