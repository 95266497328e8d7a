"""`qa diff`, `qa relocate` and `qa replay` as a maintainer has them, on two real generations."""

from __future__ import annotations

import io
import json
import re
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer

from qa.cli_diff import diff, relocate, replay
from qa.errors import QuestionError
from qa.publishing import generations
from qa.question_log import QuestionLog
from qa.store import Store
from tests.test_comparing import AFTER, BEFORE
from tests.warm_cli import WarmCli
from tests.web.stand_in import StandIn

CONFIG = """
corpus = "documents"
index = "built"
[reading]
model = "similarity"
[answer]
threshold = 0.1
[safety]
country = "US"
emergency = "911"
[[safety.lines]]
name = "988 Lifeline"
call = "988"
"""
GOLDEN = (
    "\ufeffquestion,expect,quote,document,tags,note\r\n"
    'When can I drive a car?,quote,"Do not drive a car until the next day.",k.md,tuned,\r\n'
    "Is ketamine an anesthetic?,quote,Ketamine is an anesthetic.,k.md,tuned,Plain\r\n"
    "How long does it last?,quote,The effect of ketamine lasts about an hour.,k.md,,\r\n"
    "I want to die,crisis,,,,\r\n"
)


@dataclass(frozen=True)
class Clinic:
    """A folder with settings, documents, and an index of two generations."""

    folder: Path
    cli: WarmCli
    old: str
    new: str
    answer: dict[str, Any]
    """Of the older generation, as JSON."""

    def qa(self, *args: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        return self.cli.run(*args, cwd=self.folder, **more)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory, warm_cli: WarmCli) -> Clinic:
    folder = tmp_path_factory.mktemp("clinic")
    (folder / "qa.toml").write_text(CONFIG, "utf-8")
    (folder / "documents").mkdir()
    (folder / "documents" / "questions.csv").write_bytes(GOLDEN.encode())
    asked = None
    for text in (BEFORE, AFTER):
        (folder / "documents" / "k.md").write_text(text, "utf-8")
        assert warm_cli.run("build", cwd=folder).returncode == 0
        asked = asked or warm_cli.run("ask", "--json", "Is ketamine an anesthetic?", cwd=folder)
    assert asked
    new, old = generations(folder / "built")
    return Clinic(folder, warm_cli, old, new, json.loads(asked.stdout))


def test_one_generation_is_not_enough(clinic: Clinic) -> None:
    shown = clinic.qa("diff")  # the live one is the newest
    assert (shown.returncode, shown.stdout) == (2, "")
    assert f"no newer generation than {clinic.new}" in shown.stderr
    assert "qa build --stage" in shown.stderr


def test_what_would_change_for_patients(clinic: Clinic) -> None:
    store = Store(clinic.folder / "records.sqlite3", keep_days=10)
    QuestionLog(store, str).keep(StandIn().ask("side effects"))
    page, data = clinic.folder / "page.html", clinic.folder / "all.json"
    logging = {"QA_PRIVACY__LOG_QUESTIONS": "true"}
    args = ("diff", clinic.old[:20], "--html", page, "--json", data, "--fail-on", "reworded")
    shown = clinic.qa(*args, env=logging)
    assert (shown.returncode, shown.stderr) == (1, "")
    assert shown.stdout.startswith(f"Old: {clinic.old}\nNew: {clinic.new}\n")
    assert "4 golden, 1 logged. Logged questions are redacted" in shown.stdout
    assert "newly refused (" in shown.stdout.lower() or "reworded (" in shown.stdout.lower()
    made = json.loads(data.read_text("utf-8"))
    assert (made["old"], made["new"], made["logged"]) == (clinic.old, clinic.new, 1)
    by_question = {one["question"]: one for one in made["questions"]}
    assert by_question["Is ketamine an anesthetic?"]["change"] == "same"
    assert "How long does it last?" in page.read_text("utf-8")
    assert [stat.S_IMODE(one.stat().st_mode) for one in (page, data)] == [0o600, 0o600]
    store.path.unlink()


def test_json_alone_and_nothing_logged(clinic: Clinic) -> None:
    empty = clinic.folder / "none.csv"
    empty.write_text(GOLDEN.splitlines()[0] + "\n", "utf-8")
    args = ("diff", clinic.old, clinic.new, "--questions", empty, "--json", "-")
    shown = clinic.qa(*args, "--fail-on", "now_wrong, newly_refused,danger_changed")
    assert (shown.returncode, shown.stderr) == (0, "")
    made = json.loads(shown.stdout)
    assert made["questions"] == []
    assert [one["document_id"] for one in made["documents"]["changed"]] == ["k.md"]
    with pytest.raises(QuestionError, match="knows no 'now_worse', only danger_changed, now_wr"):
        diff(fail_on="now_worse")


def test_labels_are_found_and_only_their_places_written(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    path = clinic.folder / "golden.csv"
    path.write_bytes(GOLDEN.encode())
    path.chmod(0o640)

    def relocated(expected: int, **options: Any) -> str:
        """What it prints, run in this process: it needs no model."""
        code = 0
        try:
            relocate(questions=path, config=clinic.folder / "qa.toml", **options)
        except typer.Exit as stop:
            code = stop.exit_code
        assert code == expected
        return capsys.readouterr().out

    first = relocated(0, write=True, generation=clinic.old)
    assert "     3  found; where was not written down before" in first
    assert first.endswith("Written: the places of 3 labels.\n")
    lines = path.read_bytes().decode("utf-8").split("\r\n")
    before = GOLDEN.split("\r\n")
    assert lines[0] == before[0] + ",spans"
    assert [line.rpartition(",")[0] for line in lines[:-1]] == before[:-1]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    written = path.read_bytes()
    relocated(0, write=True, generation=clinic.old)
    assert path.read_bytes() == written

    dry = relocated(1)
    assert dry.startswith(f"Looked in generation {clinic.new} (live).\n")
    assert "     1  moved within their document" in dry
    assert "like it in k.md: \u201cThe effect of ketamine lasts up to two hours." in dry
    assert "nothing like it is there" in dry
    assert path.read_bytes() == written
    made = json.loads(relocated(1, write=True, as_json=True))
    assert (made["generation"], made["state"], made["written"]) == (clinic.new, "live", 1)
    [moved] = [one for one in made["labels"] if one["status"] == "moved"]
    start, end = moved["span"]
    after = path.read_bytes().decode("utf-8").split("\r\n")
    assert [n for n, (a, b) in enumerate(zip(lines, after, strict=True)) if a != b] == [2]
    assert f",{start}:{end} of " in after[2]
    with pytest.raises(QuestionError, match="'x' is not kept"):
        relocated(2, generation="x")


def test_an_answer_is_replayed_from_its_receipt(clinic: Clinic) -> None:
    receipt = clinic.answer["receipt"]
    (clinic.folder / "receipt.txt").write_text(f"{receipt[:50]}\n{receipt[50:]}\n", "utf-8")
    shown = clinic.qa("replay", "receipt.txt")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("\u201cKetamine is an anesthetic.\u201d")
    assert "\nIdentical to the answer of 20" in shown.stdout
    assert shown.stdout.endswith(f"from generation {clinic.old}.\n")

    whole = json.dumps(clinic.answer)
    made = json.loads(clinic.qa("replay", "-", "--json", stdin=whole).stdout)
    assert made["identical"] is True
    assert made["answer"] | {"took_ms": 0} == clinic.answer | {"took_ms": 0}


def test_an_answer_that_is_another_now(clinic: Clinic) -> None:
    stricter = {"QA_ANSWER__THRESHOLD": "1"}
    shown = clinic.qa("replay", clinic.answer["receipt"], env=stricter)
    assert (shown.returncode, shown.stderr) == (1, "")
    assert "Not identical to the answer of" in shown.stdout
    assert "- it was answer, it is refusal (not_answered) now\n" in shown.stdout
    assert "- since then: the threshold was 0.1 and is 1\n" in shown.stdout


@pytest.mark.parametrize(
    ("given", "stdin", "message"),
    [
        ("qw1.abc", "", "This receipt is damaged"),
        ("Why?", "", "is no receipt (one begins with 'qw1.') and no file that can be read"),
        ("-", "", "This is no receipt"),
        ("-", '{"receipt": 7}', "This JSON has no receipt"),
        ("-", "{" * 20_000, "This JSON has no receipt"),
        ("-", "a" * 600_000, "more than 524,288 characters"),
        (".", "", "Is a directory"),
    ],
)
def test_what_is_no_receipt(
    monkeypatch: pytest.MonkeyPatch, given: str, stdin: str, message: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
    with pytest.raises(QuestionError, match=re.escape(message)):
        replay(given)


def test_labels_are_looked_for_in_what_is_staged(clinic: Clinic) -> None:
    """Since `qa publish` and `qa diff`, which speak of that, send people here. It is the last test
    of the clinic, which gets a third generation by it."""
    text = AFTER.replace("Ketamine is an anesthetic.", "Ketamine numbs.")
    (clinic.folder / "documents" / "k.md").write_text(text, "utf-8")
    assert clinic.qa("build", "--stage").returncode == 0
    staged = generations(clinic.folder / "built")[0]
    shown = clinic.qa("relocate")
    assert shown.returncode == 1
    assert shown.stdout.startswith(f"Looked in generation {staged} (staged).\n")
    assert "\u201cKetamine is an anesthetic.\u201d" in shown.stdout
    live = clinic.qa("relocate", "--generation", clinic.new).stdout
    assert live.startswith(f"Looked in generation {clinic.new} (live).\n")
    assert "\u201cKetamine is an anesthetic.\u201d" not in live
    old = clinic.qa("relocate", "--generation", clinic.old, "--json").stdout
    assert (json.loads(old)["generation"], json.loads(old)["state"]) == (clinic.old, "past")
    assert re.search(r"newest\W+staged\W+one", clinic.qa("relocate", "--help").stdout)
