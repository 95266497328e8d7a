"""`qa build` as a maintainer has it: what it says where, and its exit codes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.build_report import BuildReport
from qa.building import building
from qa.cli_build import _say_report
from qa.cli_options import with_folders
from qa.errors import MissingIndex
from qa.publishing import generations, read_pointer
from tests.conftest import ROOT
from tests.warm_cli import Running, WarmCli

CORPUS = {
    "ketamine.md": "# Ketamine\n\nKetamine is an anesthetic. It is given slowly.\n",
    "driving.txt": "Driving\n\nDo not drive a car that day.\n",
    "letter.xyz": "?",
}

Qa = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A folder with documents, where `qa build` is run."""
    (tmp_path / "qa.toml").write_text('corpus = "corpus"\nindex = "index"\n', "utf-8")
    (tmp_path / "corpus").mkdir()
    for name, content in CORPUS.items():
        (tmp_path / "corpus" / name).write_text(content, "utf-8")
    return tmp_path


@pytest.fixture
def qa_in(clinic: Path, warm_cli: WarmCli) -> Qa:
    def run(*args: str | Path) -> subprocess.CompletedProcess[str]:
        return warm_cli.run(*args, cwd=clinic)

    return run


def test_from_first_build_to_nothing_to_do(clinic: Path, qa_in: Qa) -> None:
    shown = qa_in("build", "--dry-run")
    assert shown.returncode == 0
    assert shown.stdout.splitlines() == [
        "New: 2",
        "  driving.txt",
        "  ketamine.md",
        "Passed over (no reader for this kind of file): 1",
        "  letter.xyz",
        "Everything is read, since there is no index yet.",
        "2 documents would be read. Nothing was written.",
    ]
    assert not (clinic / "index").exists()
    shown = qa_in("build")
    assert shown.returncode == 0
    assert re.fullmatch(r"Built \S+: 2 documents, 2 chunks, 3 sentences\.\n", shown.stdout)
    assert shown.stderr == "Passed over: letter.xyz (no reader for this kind of file)\n"
    (clinic / "corpus" / "driving.txt").write_text("Driving\n\nNever drive.\n", "utf-8")
    shown = qa_in("build", "--dry-run")
    assert "Unchanged: 1, kept as they are\n1 document would be read." in shown.stdout
    planned = json.loads(qa_in("build", "--dry-run", "--json").stdout)
    assert (planned["changed"], planned["unchanged"]) == (["driving.txt"], ["ketamine.md"])
    shown = qa_in("build", "--json")
    report = json.loads(shown.stdout)
    assert (report["unchanged"], report["built"], report["staged"]) == (1, True, False)
    assert shown.stderr.startswith("1 of 2 documents are unchanged.\n")
    shown = qa_in("build")
    assert (shown.stdout, shown.stderr) == (f"The index at {clinic / 'index'} is up to date.\n", "")
    assert "up to date: nothing would be built" in qa_in("build", "--dry-run").stdout


@pytest.mark.slow
def test_staged_beside_the_live_one(clinic: Path, qa_in: Qa) -> None:
    qa_in("build")
    live = read_pointer(clinic / "index").generation
    (clinic / "corpus" / "new.md").write_text("# New\n\nNew words.\n", "utf-8")
    shown = qa_in("build", "--stage")
    assert re.match(r"Staged \S+: 3 documents \(2 unchanged\), ", shown.stdout)
    assert read_pointer(clinic / "index").generation == live
    staged, before = generations(clinic / "index")
    assert before == live
    again = qa_in("build", "--stage")
    up_to_date = f"{staged} at {clinic / 'index'} is staged already and up to date."
    then = "See what would change: `qa diff"
    assert again.stdout.startswith(f"{up_to_date}\n{then}")
    for told in (shown, again):
        assert re.search(rf"^{then}.*`\. Then: `qa publish.* --by NAME`$", told.stdout, re.M)
    assert "3 unchanged" in qa_in("build").stdout  # all is taken from the staged one


def test_staged_where_nothing_is_live(clinic: Path, qa_in: Qa) -> None:
    shown = qa_in("build", "--stage")
    [name] = generations(clinic / "index")
    assert "Nothing is live yet. To make it live: `qa publish" in shown.stdout
    assert "qa diff" not in shown.stdout
    with pytest.raises(MissingIndex, match=f"{name} is staged: run `qa publish --by NAME`"):
        read_pointer(clinic / "index")


def test_what_cannot_be_read_is_listed_or_left_out(clinic: Path, qa_in: Qa) -> None:
    (clinic / "corpus" / "a.md").write_bytes(b"# A\n\n\xff")
    (clinic / "corpus" / "b.txt").write_bytes(b"")
    shown = qa_in("build", "--corpus", clinic / "corpus")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "qa: 2 of 4 documents cannot be read:" in shown.stderr
    assert f"  - {clinic / 'corpus' / 'a.md'}: byte 5" in shown.stderr
    assert "b.txt: the file has no text" in shown.stderr
    assert f"`qa build --corpus {clinic / 'corpus'} --skip-unreadable`" in shown.stderr
    shown = qa_in("build", "--skip-unreadable")
    assert shown.returncode == 0
    assert "Built" in shown.stdout
    assert "Warning: 2 documents cannot be read and are not in the index:" in shown.stderr
    assert "  - b.txt: the file has no text" in shown.stderr
    assert "Warning: 2 documents" in qa_in("build", "--skip-unreadable").stderr
    assert qa_in("build").returncode == 2
    assert "Could not be read before and are as they were: 2" in qa_in("build", "--dry-run").stdout


def test_another_build_is_named(clinic: Path, qa_in: Qa) -> None:
    with building(clinic / "index", what="qa build --watch"):
        shown = qa_in("build", "--no-wait", "--index", "index")
    assert shown.returncode == 2
    assert f": process {os.getpid()} of " in shown.stderr
    assert " (qa build --watch), since" in shown.stderr
    assert "Run `qa build --index index` again when it is done" in shown.stderr


def test_options_that_do_not_go_together(qa_in: Qa) -> None:
    shown = qa_in("build", "--watch", "--dry-run")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "do not go together" in shown.stderr
    shown = qa_in("build", "auto")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "goes with --ray" in shown.stderr


@pytest.mark.slow
def test_ray_is_neither_loaded_nor_started_where_nothing_is_embedded(
    clinic: Path, qa_in: Qa
) -> None:
    pytest.importorskip("ray", reason="pip install quotewell[ray]")
    assert qa_in("build", "--ray", "127.0.0.1:9").returncode == 0  # too few texts for a cluster
    assert "up to date" in qa_in("build", "--ray", "--dry-run").stdout
    code = (
        "import sys; sys.argv = ['qa', 'build', '--ray']\n"
        "from qa.cli import main\n"
        "try:\n    main()\nfinally:\n    assert 'ray' not in sys.modules\n"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd=clinic, env=env, check=True)


@pytest.mark.slow
def test_nothing_heavy_is_imported_where_nothing_changed(clinic: Path, qa_in: Qa) -> None:
    assert qa_in("build").returncode == 0
    code = (
        "import sys; sys.argv = ['qa', 'build']\n"
        "from qa.cli import main\n"
        "try:\n    main()\nfinally:\n"
        "    print([one for one in ('torch', 'transformers', 'watchfiles') if one in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        cwd=clinic,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.stdout == f"The index at {clinic / 'index'} is up to date.\n[]\n"


@pytest.fixture
def watching(clinic: Path, warm_cli: WarmCli) -> Iterator[Running]:
    """`qa build --watch`, under way."""
    running = warm_cli.start("build", "--watch", cwd=clinic)
    yield running
    running.kill()
    running.wait()


def wait_until(true: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def saved(path: Path, content: bytes) -> None:
    """At once and whole, so that whoever watches reads neither an empty file nor half of one."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)


def test_watching(clinic: Path, watching: Running) -> None:
    """Each step waits for what the one before it has said: that comes after the swap."""
    corpus, index = clinic / "corpus", clinic / "index"

    def ids() -> list[str]:
        manifest = (read_pointer(index).folder / "manifest.json").read_bytes()
        return list(json.loads(manifest)["documents"])

    def built(times: int) -> bool:
        return len(re.findall(r"^Built .*\n", watching.said("out"), re.M)) == times

    wait_until(lambda: built(1) and "Watching" in watching.said("err"))
    assert ids() == ["driving.txt", "ketamine.md"]
    (corpus / "driving.txt").rename(corpus / "going_home.txt")
    wait_until(lambda: built(2))
    assert ids() == ["going_home.txt", "ketamine.md"]
    saved(corpus / "bad.md", b"\xff")
    wait_until(lambda: "bad.md: byte 0" in watching.said("err"))
    saved(corpus / "bad.md", b"# Good now\n\nWords.\n")
    wait_until(lambda: built(3))
    assert ids() == ["bad.md", "going_home.txt", "ketamine.md"]
    watching.send(signal.SIGINT)
    ended = watching.wait()
    assert ended.returncode == 130
    assert "Traceback" not in ended.stderr
    assert ended.stdout.count("Built") == 3
    assert ended.stderr.count("bad.md: byte 0") == 1
    assert not list((index / "generations").glob(".*"))


def test_what_somebody_should_look_at(capsys: pytest.CaptureFixture[str]) -> None:
    report = BuildReport(
        "g",
        1200,
        3,
        4,
        (),
        unsearchable=(("leaflet.pdf", (3, 7)), ("scan.pdf", (1,))),
        encodings=(("old.txt", "windows-1252 (guessed)"),),
    )
    _say_report(Path("index"), report, as_json=False)
    out, err = capsys.readouterr()
    assert out == "Built g: 1,200 documents, 3 chunks, 4 sentences.\n"
    assert err.splitlines() == [
        "leaflet.pdf: pages 3 and 7 have no text and cannot be searched.",
        "scan.pdf: page 1 has no text and cannot be searched.",
        "old.txt: read as windows-1252 (guessed). Save it as UTF-8, so that nothing is guessed.",
    ]


def test_that_milvus_was_given_the_index_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    report = BuildReport("g", 1, 3, 4, (), built=False, filled=True)
    _say_report(Path("index"), report, as_json=False)
    _say_report(Path("index"), report, as_json=True)
    lines = capsys.readouterr().out.split("\n", 2)
    assert lines[0] == "Milvus was given the generation g. No document was read."
    assert lines[1] == "The index at index is up to date."
    assert json.loads(lines[2])["filled"] is True


def test_advice_names_the_folders_in_use() -> None:
    advice = "Run `qa build` or `qa build --force`, then `qa rollback`; build a qa."
    assert with_folders(advice, ["qa", "ask", "Why?"]) == advice
    named = with_folders(advice, ["qa", "ask", "--index", "my index", "--corpus=c"])
    assert named == (
        "Run `qa build --corpus c --index 'my index'` or "
        "`qa build --corpus c --index 'my index' --force`, then `qa rollback --index 'my index'`; "
        "build a qa."
    )
    assert with_folders(advice, ["qa", "ask", "--index"]) == advice
