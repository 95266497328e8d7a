"""The command line as a user has it: what it prints where, and its exit codes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qa import __version__
from qa.publishing import read_pointer
from tests.conftest import ROOT
from tests.milvus_places import lite_place
from tests.test_comparison import DOCUMENTS, QUESTIONS
from tests.test_evaluation_sets import write_set
from tests.warm_cli import WarmCli

CONFIG = """
corpus = "documents"
index = "built"
[answer]
threshold = 0.1
[safety]
country = "US"
emergency = "911"
[[safety.lines]]
name = "988 Lifeline"
call = "988"
"""
CORPUS = {
    "ketamine.md": "---\nversion: 2\nreviewed: 2026-01-31\n---\n# Ketamine\n\n"
    "Ketamine is an anesthetic. It is given slowly.\n",
    "sub/driving.txt": "Driving\n\nDo not drive a car that day \u2013 or a bike \U0001f600.\n",
    "letter.xyz": "Text.",
}
GOLDEN = """question,expect,quote,document,tags,note
May I drive a car?,quote,Do not drive a car that day,sub/driving.txt,tuned,
Is ketamine an anesthetic?,quote,Ketamine is an anesthetic.,ketamine.md,held,
How do I bake a sourdough loaf?,refuse,,,tuned off_topic,
I want to die,crisis,,,held,
"""


@dataclass(frozen=True)
class Clinic:
    """A folder with settings, documents and a built index."""

    folder: Path
    cli: WarmCli
    cold: subprocess.Popen[str]
    """A question asked of a copy of the index by a process of its own, as a user would start it."""

    def qa(self, *args: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        return self.cli.run(*args, cwd=self.folder, **more)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory, warm_cli: WarmCli) -> Iterator[Clinic]:
    folder = tmp_path_factory.mktemp("clinic")
    (folder / "qa.toml").write_text(CONFIG, "utf-8")
    for name, content in CORPUS.items():
        (folder / "documents" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "documents" / name).write_text(content, "utf-8")
    (folder / "documents" / "questions.csv").write_text(GOLDEN, "utf-8")
    built = warm_cli.run("build", cwd=folder)
    assert (built.returncode, built.stderr) == (
        0,
        "Passed over: letter.xyz (no reader for this kind of file)\n",
    )
    assert re.fullmatch(r"Built \S+: 2 documents, 2 chunks, 3 sentences\.\n", built.stdout)
    shutil.copytree(folder / "built", folder / "copy")
    with subprocess.Popen(
        [sys.executable, "-m", "qa", "ask", "--index", "copy", QUESTION],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as cold:
        yield Clinic(folder, warm_cli, cold)


QUESTION = "Is ketamine an anesthetic?"


def python(*args: str, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | more.pop("env", {})
    return subprocess.run(
        [sys.executable, *args],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        **more,
    )


def test_heavy_libraries_are_not_imported_for_nothing() -> None:
    code = (
        "import sys, qa.cli; print([name for name in ('torch', 'sentence_transformers', 'gradio',"
        " 'faiss', 'transformers', 'fastapi', 'bm25s', 'pydantic') if name in sys.modules])"
    )
    assert python("-c", code).stdout == "[]\n"


def test_help_answers_at_once() -> None:
    """In seconds of a processor, beside what its library takes: three times that, measured, on
    machines of any speed."""
    commands = (("-c", "import typer"), ("-m", "qa", "--help"))
    times: dict[tuple[str, ...], list[float]] = {one: [] for one in commands}
    for _ in range(3):
        for command, found in times.items():
            began = os.times()
            shown = python(*command)
            ended = os.times()
            found.append(sum(ended[2:4]) - sum(began[2:4]))
            assert shown.returncode == 0
    typer, whole = (min(found) for found in times.values())
    assert 0 < typer < whole < 5 * typer
    commands = re.findall(r"\b(build|ask|serve|status|verify|test)\b +\w", shown.stdout)
    assert set(commands) >= {"build", "ask", "serve", "status", "verify", "test"}


def test_version() -> None:
    shown = python("-m", "qa", "--version")
    assert (shown.returncode, shown.stdout) == (0, f"quotewell {__version__}\n")


@pytest.mark.parametrize(
    "args", [("no-such-command",), ("ask", "--no-such-option"), ("serve", "--port", "many")]
)
def test_wrong_usage_is_explained(args: tuple[str, ...]) -> None:
    shown = python("-m", "qa", *args)
    assert shown.returncode == 2
    assert "Traceback" not in shown.stderr
    assert args[min(1, len(args) - 1)].lstrip("-") in shown.stderr


def test_building_what_is_built_does_nothing(clinic: Clinic) -> None:
    before = (clinic.folder / "built" / "CURRENT").read_bytes()
    shown = clinic.qa("build")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout == f"The index at {clinic.folder / 'built'} is up to date.\n"
    assert (clinic.folder / "built" / "CURRENT").read_bytes() == before


def test_an_answer_for_people(clinic: Clinic) -> None:
    shown = clinic.qa("ask", "May I drive a car?")
    assert (shown.returncode, shown.stderr) == (0, "")
    quote, place, url, *rest = shown.stdout.split("\n")
    assert quote == "\u201cDo not drive a car that day \u2013 or a bike \U0001f600.\u201d"
    assert place == "    Driving - Driving"
    assert re.fullmatch(r"    /documents/sub/driving\.txt\?start=\d+&end=\d+#quote", url)
    assert any("not medical advice" in line for line in rest)
    assert any("988 Lifeline: call 988" in line for line in rest)


def test_a_danger_notice_for_people(clinic: Clinic) -> None:
    shown = clinic.qa("ask", "I want to die")
    assert shown.returncode == 0
    assert shown.stdout.startswith("If you may hurt yourself")


def test_an_answer_as_json(clinic: Clinic) -> None:
    shown = clinic.qa("ask", "--json", "May I drive a car?")
    assert (shown.returncode, shown.stderr) == (0, "")
    answer = json.loads(shown.stdout)
    assert set(answer) == {
        "qid", "question", "kind", "quotes", "reason", "subject", "related", "confidence",
        "searched_for", "notices", "generation", "receipt", "took_ms",
    }  # fmt: skip
    assert (answer["kind"], answer["question"]) == ("answer", "May I drive a car?")
    quote = answer["quotes"][0]
    text = (clinic.folder / "documents" / quote["document_id"]).read_text("utf-8")
    assert text[quote["start"] : quote["end"]] == quote["text"]
    assert answer["generation"] == read_pointer(clinic.folder / "built").generation


def test_a_trace_and_a_restriction(clinic: Clinic) -> None:
    shown = clinic.qa("ask", "--trace", "--document", "ketamine.md", "May I drive a car?")
    answer = json.loads(shown.stdout)
    assert {hit["document_id"] for hit in answer["trace"]["hits"]} == {"ketamine.md"}
    found = [*answer["quotes"], *answer["held_back"]]
    assert {quote["document_id"] for quote in found} == {"ketamine.md"}
    unknown = clinic.qa("ask", "--json", "--document", "none.md", "May I drive a car?")
    assert json.loads(unknown.stdout)["reason"] == "unknown_document"


def test_notices_in_a_language_of_the_page(clinic: Clinic) -> None:
    both = {"QA_PAGE__LANGUAGES": '["en", "es"]'}
    shown = clinic.qa("ask", "--language", "es", "I want to die", env=both)
    assert shown.stdout.startswith("Si usted puede hacerse daño")
    assert "988 Lifeline: llame al 988" in shown.stdout
    lines = clinic.qa("ask", "--language", "es", "--jsonl", "-", stdin=LINES, env=both)
    assert all("Este es un sistema automático" in line for line in lines.stdout.splitlines())
    unknown = clinic.qa("ask", "--language", "es", "I want to die")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "not in the language 'es', only in en." in unknown.stderr


LINES = (
    b'\xef\xbb\xbf{"qid": "a", "question": "May I drive a car?"}\r\n\r\n'
    b'{"qid": 2, "question": "Is it an anesthetic?", "documents": ["driving.txt"]}\n'
    b'{"question": "\\ud800"}\n'
    b'{"question": ""}'
)


@pytest.mark.parametrize("source", ["file", "standard input"])
def test_questions_as_json_lines(clinic: Clinic, source: str) -> None:
    path = clinic.folder / "questions.jsonl"
    path.write_bytes(LINES)
    if source == "file":
        shown = clinic.qa("ask", "--jsonl", path)
    else:
        shown = clinic.qa("ask", "--jsonl", "-", stdin=LINES)
    assert (shown.returncode, shown.stderr) == (0, "")
    first, second, third, fourth = map(json.loads, shown.stdout.rstrip("\n").split("\n"))
    assert (first["qid"], first["quotes"][0]["document_id"]) == ("a", "sub/driving.txt")
    assert second["qid"] == 2
    assert all(quote["document_id"] == "sub/driving.txt" for quote in second["quotes"])
    assert [third["reason"], fourth["reason"]] == ["empty", "empty"]


def test_a_wrong_line_stops_after_the_answers_before_it(clinic: Clinic) -> None:
    shown = clinic.qa("ask", "--jsonl", "-", stdin=b'{"question": "Why?"}\n{"question": "\xff"}\n')
    assert shown.returncode == 2
    assert json.loads(shown.stdout)["question"] == "Why?"
    assert shown.stderr == "qa: -: line 2: byte 14 of it is not UTF-8. Save it as UTF-8.\n"


def test_status(clinic: Clinic) -> None:
    shown = clinic.qa("status")
    assert (shown.returncode, shown.stderr) == (0, "")
    rows = dict(re.findall(r"^(\w[\w ]*): +(.*)$", shown.stdout, re.MULTILINE))
    assert rows["Corpus"] == str(clinic.folder / "documents")
    assert rows["Generation"] == read_pointer(clinic.folder / "built").generation
    assert (rows["Documents"], rows["Chunks"], rows["Sentences"]) == ("2", "2", "3")
    assert rows["Reader"].startswith("bundled (SHA-256 ")
    assert (rows["Model"], rows["Up to date"]) == ("bundled (onnx)", "yes")
    assert rows["Questions logged"] == "no, none kept"
    assert rows["Feedback taken"] == "yes, none kept"
    assert (
        "  ketamine.md: Ketamine (version 2, reviewed 2026-01-31)\n"
        "      quoted; review_by not stated\n"
    ) in shown.stdout
    assert "  sub/driving.txt: Driving\n" in shown.stdout
    assert rows["Quoted"] == "2 of 2 documents"
    told = json.loads(clinic.qa("status", "--json").stdout)
    assert told["facts"]["Quoted"] == rows["Quoted"]
    assert [one["document_id"] for one in told["documents"]] == ["ketamine.md", "sub/driving.txt"]
    assert (told["documents"][0]["quoted"], told["remarks"]) == (True, [])
    (clinic.folder / "documents" / "new.md").write_text("New.", "utf-8")
    try:
        assert "no: run `qa build`" in clinic.qa("status").stdout
    finally:
        (clinic.folder / "documents" / "new.md").unlink()


@pytest.mark.slow
def test_status_and_doctor_say_that_milvus_is_down_or_lacks_the_index(
    clinic: Clinic, tmp_path: Path
) -> None:
    def qa(uri: str, *args: str) -> subprocess.CompletedProcess[str]:
        # Processes of their own: milvus-lite does not run in a fork of one that has threads.
        where = {"QA_VECTORS__STORE": "milvus", "QA_VECTORS__URI": uri}
        return python("-m", "qa", *args, cwd=clinic.folder, timeout=60, env=where)

    shown = qa("http://127.0.0.1:9", "status")
    assert (shown.returncode, shown.stderr.count("\n")) == (1, 1)
    why = "cannot be searched: Milvus at http://127.0.0.1:9 does not answer: "
    assert shown.stderr.startswith(f"qa: The vectors {why}")
    rows = dict(re.findall(r"^(\w[\w ]*): +(.*)$", shown.stdout, re.MULTILINE))
    assert rows["Vectors"].startswith(why)
    assert rows["Up to date"] == "yes; its vectors cannot be searched"
    lite = lite_place(tmp_path).uri
    told = qa(lite, "status", "--json")
    assert told.returncode == 1
    assert "has no collection quotewell_" in json.loads(told.stdout)["facts"]["Vectors"]
    checked = qa(lite, "doctor", "--json", "--only", "index")
    assert checked.returncode == 1
    found = json.loads(checked.stdout)["findings"][0]
    assert (found["severity"], found["code"]) == ("error", "vectors_unsearchable")
    assert "has no collection quotewell_" in found["message"]
    assert found["mend"].startswith("`qa build` fills that")


def test_the_life_cycle_of_documents(tmp_path: Path, warm_cli: WarmCli) -> None:
    (tmp_path / "qa.toml").write_text(CONFIG, "utf-8")
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in ("ketamine", "cupboard", "old"):
        (folder / f"{name}.md").write_text(f"# {name}\n\nThe {name} is blue.\n", "utf-8")
    (folder / "questions.csv").write_text(
        "question,expect,quote,document,tags,note\n"
        "Is the old one blue?,quote,The old is blue.,old.md,,\n",
        "utf-8",
    )
    (folder / "catalogue.csv").write_text(
        "file;audience;review_by\ncupboard.md;staff;\nold.md;;2020-01-01\ngone.pdf;;\n", "utf-8"
    )
    missing = f"Note: {Path('documents') / 'catalogue.csv'}: line 4: there is no document gone.pdf."

    def qa(*args: str) -> subprocess.CompletedProcess[str]:
        return warm_cli.run(*args, cwd=tmp_path)

    assert missing in qa("build").stderr.replace(f"{tmp_path}/", "")
    shown = qa("status").stdout
    assert "1 of 3 documents; not quoted: 1 for staff only, 1 expired\n" in shown
    assert "      not quoted: for staff only (audience); reviewed not stated; review_by" in shown
    assert missing in shown.replace(f"{tmp_path}/", "")
    question = "Is the cupboard blue?"
    assert "blue" not in qa("ask", question, "--document", "cupboard.md").stdout
    staff = qa("ask", question, "--document", "cupboard.md", "--audience", "staff")
    assert "The cupboard is blue." in staff.stdout
    assert qa("ask", question, "--audience", "visitors").returncode == 2
    tested = qa("test")
    assert tested.returncode == 1  # nothing is left to measure
    assert "line 2: old.md is not quoted: expired, it was to be reviewed by" in tested.stdout
    (folder / "catalogue.csv").write_text("file;audience\ncupboard.md;nurses\n", "utf-8")
    for command in (("build",), ("status",)):
        broken = qa(*command)
        assert (broken.returncode, broken.stdout) == (2, "")
        assert "line 2: audience is 'nurses': write `patients` or `staff`" in broken.stderr


def test_another_reader(clinic: Clinic, tmp_path: Path) -> None:
    from tests.tiny_reader import save_pointing

    folder = save_pointing(tmp_path / "tiny", {"slowly": 6.0}, {"slowly": 6.0})
    named = {"QA_READING__MODEL": str(folder)}
    rows = dict(re.findall(r"^(\w+): +(.*)$", clinic.qa("status", env=named).stdout, re.MULTILINE))
    sha256 = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert rows["Reader"] == f"tiny (SHA-256 {sha256})"
    shown = clinic.qa("ask", "--trace", QUESTION, env=named)
    assert (shown.returncode, shown.stderr) == (0, "")
    answer = json.loads(shown.stdout)
    assert "It is given slowly." in answer["quotes"][0]["text"]
    assert answer["trace"]["reader"] == {"model": "tiny", "sha256": sha256}
    (folder / "model.safetensors").unlink()
    for command in ("status",), ("ask", QUESTION), ("serve",), ("build", "--download"):
        shown = clinic.qa(*command, env=named)
        assert (shown.returncode, shown.stdout) == (2, ""), command
        assert shown.stderr.startswith(f"qa: {folder} has no model.safetensors")
    assert clinic.qa("build", env=named).returncode == 0  # no reader is needed


def test_verify(clinic: Clinic) -> None:
    shown = clinic.qa("verify")
    assert (shown.returncode, shown.stdout) == (0, "The index is sound.\n")
    path = read_pointer(clinic.folder / "built").folder / "chunks.npy"
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    try:
        shown = clinic.qa("verify")
        assert shown.returncode == 1
        assert "- chunks.npy was altered" in shown.stdout
        assert "1 problem in" in shown.stdout
        assert "qa build --force" in shown.stdout
        assert "are not those" not in clinic.qa("serve", "--port", "0").stderr
        for command in (("ask", "Why?"), ("status",)):
            shown = clinic.qa(*command)
            assert (shown.returncode, shown.stdout) == (2, "")
            assert shown.stderr.startswith("qa: The index at ")
            assert "qa build --force" in shown.stderr
    finally:
        path.write_bytes(data)
    assert clinic.qa("verify").returncode == 0


def test_golden_questions(clinic: Clinic) -> None:
    shown = clinic.qa("test", "--misses", "--sweep", env={"QA_ANSWER__THRESHOLD": "0.3"})
    assert shown.stderr == ""
    assert "Golden questions" in shown.stdout
    assert "Quotes equal to their slice" in shown.stdout
    assert re.search(r"^ +0\.50 +", shown.stdout, re.MULTILINE)
    assert shown.returncode == 0, shown.stdout
    refusing = clinic.qa("test", "--misses", env={"QA_ANSWER__THRESHOLD": "1.0"})
    assert refusing.returncode == 1
    assert "Under the floor: Answerable: right quote first or second 0%, floor" in refusing.stdout
    assert "line 2: May I drive a car?" in refusing.stdout


def test_probe_messages_are_counted_by_half(clinic: Clinic) -> None:
    path = clinic.folder / "probes.csv"
    path.write_text(
        "message,expect,voice,half,language\n"
        "I want to end my life,crisis,direct,tuned,en\n"
        "Is ketamine an anesthetic?,none,patient,tuned,en\n"
        "I want to bake a loaf,crisis,oblique,untouched,en\n",
        encoding="utf-8",
    )
    shown = clinic.qa("test", "--danger", path, "--misses")
    assert (shown.returncode, shown.stderr) == (0, "")
    english = shown.stdout.partition("Spanish")[0]
    rows = {line.split("│")[1].strip(): line for line in english.splitlines() if "│" in line}
    assert "100% (1/1)" in rows["noticed: said outright"]
    assert "0% (0/1)" in rows["noticed: oblique"]
    assert "line 4: crisis -> refusal" in shown.stdout


def test_golden_questions_that_do_not_fit(clinic: Clinic) -> None:
    path = clinic.folder / "other.csv"
    path.write_text(GOLDEN.replace("Ketamine is an", "Ketamine is no"), "utf-8")
    shown = clinic.qa("test", "--questions", path)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "line 3: ketamine.md does not hold 'Ketamine is no anesthetic.'" in shown.stderr


@pytest.mark.slow
def test_an_error_rate_is_stated_and_a_threshold_chosen(clinic: Clinic) -> None:
    index = clinic.folder / "calibrated"
    shutil.copytree(clinic.folder / "built", index)

    def qa(*args: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        return clinic.qa(*args, "--index", index, **more)

    advised = f"no stated error rate: run `qa calibrate --index {index}`\n"
    assert f"Error rate:       {advised}" in qa("status").stdout
    shown = qa("calibrate")
    assert (shown.returncode, shown.stderr) == (0, "")
    statement = (
        "of answers shown, at most 95 % are wrong, with 95 % confidence, n = 1 "
        "(0 wrong; held questions, threshold {}, "
    )
    assert "All questions: 0 wrong of 2 shown at threshold 0.1, upper bound 77.7 %" in shown.stdout
    assert f"Stated: {statement.format('0.1')}" in shown.stdout
    assert f"Error rate:       {statement.format('0.1')}" in qa("status").stdout
    unproven = qa("calibrate", env={"QA_ANSWER__WRONG_AT_MOST": "0.1"})
    assert (unproven.returncode, unproven.stderr) == (1, "")
    assert unproven.stdout.startswith("No threshold is proven to have at most 10 % wrong.\nThat ")
    assert f"Error rate:       {statement.format('0.1')}" in qa("status").stdout
    chosen = qa(
        "calibrate", clinic.folder / "documents" / "questions.csv", "--wrong-at-most", ".96"
    )
    assert (chosen.returncode, chosen.stderr) == (0, "")
    assert f"Stated: {statement.format('0')}" in chosen.stdout
    trace = json.loads(qa("ask", "--trace", QUESTION).stdout)["trace"]
    assert trace["threshold"] == 0.0
    other = {"QA_ANSWER__THRESHOLD": "0.2"}
    assert "lapsed: the settings changed" in qa("status", env=other).stdout
    lapsed = qa("ask", "--trace", QUESTION, env=other)
    assert json.loads(lapsed.stdout)["trace"]["threshold"] == 0.2
    assert "is not used, since the settings changed" in lapsed.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("ask",), "Give either a question or --jsonl FILE"),
        (("ask", "Why?", "--jsonl", "-"), "Give either a question or --jsonl FILE"),
        (("ask", "--jsonl", "none.jsonl"), "There is no file none.jsonl"),
        (
            ("ask", "Why?", "--index", "none"),
            "There is no index at none. Run `qa build --index none` first",
        ),
        (
            ("verify", "--index", "none"),
            "There is no index at none. Run `qa build --index none` first",
        ),
        (
            ("status", "--index", "none"),
            "There is no index at none. Run `qa build --index none` first",
        ),
        (("build", "--corpus", "none"), "none is not a folder"),
        (("ask", "Why?", "--config", "none.toml"), "There is no settings file none.toml"),
        (("test", "--questions", "none.csv"), "There is no none.csv"),
        (("calibrate", "none.csv"), "There is no none.csv"),
        (("serve", "--port", "70000"), "serve.port"),
    ],
)
def test_errors_say_what_to_do_and_exit_with_2(
    clinic: Clinic, args: tuple[str, ...], message: str
) -> None:
    shown = clinic.qa(*args)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr.startswith("qa: ")
    assert message in shown.stderr
    assert "Traceback" not in shown.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Not UTF-8: \xff", "byte 11 (0xff, line 1) is not UTF-8"),
        (b"", "the file has no text"),
    ],
)
def test_a_document_that_cannot_be_read_stops_the_build(
    clinic: Clinic, content: bytes, message: str
) -> None:
    before = (clinic.folder / "built" / "CURRENT").read_bytes()
    path = clinic.folder / "documents" / "broken.txt"
    path.write_bytes(content)
    try:
        shown = clinic.qa("build")
    finally:
        path.unlink()
    assert (shown.returncode, shown.stdout) == (2, "")
    assert f"qa: {path}: {message}" in shown.stderr
    assert (clinic.folder / "built" / "CURRENT").read_bytes() == before


def test_nothing_is_answered_without_an_emergency_number(clinic: Clinic) -> None:
    path = clinic.folder / "unsafe.toml"
    path.write_text(CONFIG.replace('emergency = "911"', ""), "utf-8")
    for command in (("ask", "Why?"), ("serve",), ("test",)):
        shown = clinic.qa(*command, "--config", path)
        assert (shown.returncode, shown.stdout) == (2, "")
        assert "emergency" in shown.stderr


def test_a_terminal_of_another_encoding_gets_the_words(clinic: Clinic) -> None:
    environment = {
        "PYTHONIOENCODING": "ascii",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    }
    code = "from qa.cli import main; print('\\u201cq\\u201d \\ud800'); main()"
    shown = subprocess.run(
        [sys.executable, "-c", code.replace("print", "main and print"), "--version"],
        check=False,
        capture_output=True,
        env=os.environ | environment | {"PYTHONPATH": str(ROOT)},
    )
    assert shown.returncode == 1, "without main() Python itself gives up"
    code = (
        "import sys; from qa import cli; sys.argv[1:] = ['--version'];"
        "cli._version.__globals__['__version__'] = '\\u201cq\\u201d \\ud800'; cli.main()"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        env=os.environ | environment | {"PYTHONPATH": str(ROOT)},
    )
    assert shown.stdout.decode() == "quotewell \u201cq\u201d \\ud800\n"


@pytest.mark.parametrize(
    ("args", "reader", "read"),
    [
        ("status", "head -1", "Settings:"),
        pytest.param("status", "true", "", marks=pytest.mark.nightly),
        ("--version", "true", ""),
    ],
)
def test_whoever_reads_may_go_away(clinic: Clinic, args: str, reader: str, read: str) -> None:
    command = f"{sys.executable} -m qa {args} | {reader}; exit ${{PIPESTATUS[0]}}"
    shown = subprocess.run(
        ["bash", "-c", command],
        check=False,
        capture_output=True,
        text=True,
        cwd=clinic.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith(read)


def test_a_cold_start_answers_too(clinic: Clinic) -> None:
    """The last test, since it takes a while; the others fork a process that is warm already."""
    out, err = clinic.cold.communicate()
    assert (clinic.cold.returncode, err) == (0, "")
    assert out.startswith("\u201cKetamine is an anesthetic.")


def test_an_evaluation_set_beside_simple_systems(clinic: Clinic, tmp_path: Path) -> None:
    folder = write_set(tmp_path / "drinks", DOCUMENTS, QUESTIONS)
    figures = tmp_path / "figures.json"
    shown = clinic.qa("eval", folder, "--work", tmp_path / "work", "--json", figures)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "drinks: 3 documents, 2 + 2 unanswerable questions" in shown.stdout
    record = json.loads(figures.read_text("utf-8"))
    assert record["systems"]["Quotewell"]["hit@1"]["value"] == 1
    assert record["systems"]["question only"]["twin_order"]["value"] == 0.5
    generation = read_pointer(tmp_path / "work" / "drinks" / "index-110").generation
    assert record["generation"] == generation


def test_what_is_no_evaluation_set(clinic: Clinic, tmp_path: Path) -> None:
    shown = clinic.qa("eval", tmp_path / "none")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr.startswith("qa: There is no folder")
    write_set(tmp_path / "drinks", DOCUMENTS, ["{}"])
    shown = clinic.qa("eval", tmp_path / "drinks")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "questions.jsonl: line 1: 'qid' must be a text" in shown.stderr
