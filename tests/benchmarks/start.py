"""How long a program takes from nothing: `qa ask` and `qa serve` beside loading the model by torch.

    python tests/benchmarks/start.py [rounds]     by turns, each time in a process of its own

The baseline imports sentence-transformers and loads the bundled model, and encodes nothing. The
index is built beforehand; its files are in the machine's cache for all three.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.figures import Figure, record  # noqa: E402

ROUNDS = 5
QUESTION = "Can I drive home after a treatment?"
BASELINE = """
from sentence_transformers import SentenceTransformer
from qa.embedding import bundled_folder
SentenceTransformer(str(bundled_folder()), device="cpu")
"""
PATIENCE = 300.0
WITHIN = 0.6


def main() -> None:
    """Builds, starts by turns, records."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    times: dict[str, list[float]] = {"torch": [], "ask": [], "serve": []}
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder))
        _run([sys.executable, "-m", "qa", "build", "--config", str(settings)])
        ask = [sys.executable, "-m", "qa", "ask", QUESTION, "--config", str(settings)]
        for number in range(rounds + 1):
            found = {
                "torch": _timed([sys.executable, "-c", BASELINE]),
                "ask": _timed(ask),
                "serve": _until_healthy(settings),
            }
            if number:  # the first one finds files that the machine has not read yet
                for name, took in found.items():
                    times[name].append(took)
    middle = {name: statistics.median(found) for name, found in times.items()}
    against = "import of sentence-transformers, model loaded"
    target = f"<= {WITHIN}"
    record(
        "Start",
        [
            Figure("qa ask, to its answer", middle["ask"], middle["torch"], "s", against, target),
            Figure("qa serve, to /health", middle["serve"], middle["torch"], "s", against, target),
        ],
        f"Medians of {rounds}, each in a process of its own.",
    )


def _settings(folder: Path) -> Path:
    """A settings file beside which a new index can lie; all else is as it comes."""
    path = folder / "qa.toml"
    text = (ROOT / "qa.toml").read_text("utf-8")
    for name, place in (("corpus", ROOT / "corpus"), ("index", folder / "index")):
        text = text.replace(f'{name} = "{name}"', f"{name} = '{place}'")
    path.write_text(text, "utf-8")
    return path


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def _timed(command: list[str]) -> float:
    began = time.perf_counter()
    _run(command)
    return time.perf_counter() - began


def _until_healthy(settings: Path) -> float:
    """Seconds until a server started so says that it is well; it is stopped then."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "qa", "serve", "--port", str(port), "--config", str(settings)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ,
    )
    try:
        while time.perf_counter() - began < PATIENCE and server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as told:
                    if told.status == 200:
                        return time.perf_counter() - began
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError("qa serve did not come up; run it by hand to see why")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
