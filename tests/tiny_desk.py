"""A desk over two documents of a sentence or two, of which generations are made in a moment."""

from __future__ import annotations

from pathlib import Path

from qa.answer import Policy
from qa.assistant import Assistant
from qa.chunking import BuildOptions
from qa.embedding import Embedder
from qa.index import build
from qa.notices import SafetyTexts
from qa.staff.accounts import Accounts
from qa.staff.audit import AuditTrail
from qa.staff.desk import Desk
from qa.staff.file import StaffFile
from qa.staff.sessions import Sessions
from qa.store import Store

__all__ = ["DRIVING", "LATER", "QUESTION", "stage", "tiny_desk", "write_golden"]

QUESTION = "May I drive a car?"
DRIVING = "Do not drive a car on the day of your treatment."
LATER = "Do not drive a car until two days after your treatment."


def tiny_desk(folder: Path, embedder: Embedder, texts: SafetyTexts) -> Desk:
    """A desk whose documents, index and file lie in `folder`. In an empty one they are made, with
    one generation, which is live."""
    corpus, index = folder / "corpus", folder / "index"
    if not corpus.exists():
        corpus.mkdir()
        (corpus / "ketamine.md").write_text("# Ketamine\n\nKetamine is an anesthetic.\n", "utf-8")
        (corpus / "driving.md").write_text(f"# Driving\n\n{DRIVING}\n", "utf-8")
        write_golden(corpus, DRIVING)
        build(corpus, index, embedder)
    policy, file = Policy(threshold=0.1), StaffFile(folder / "staff.sqlite3")

    def measuring(other: Policy | None, generation: str) -> Assistant:
        calibrated = other is None
        return Assistant(
            index, embedder, texts, other or policy, calibrated=calibrated, generation=generation
        )

    return Desk(
        assistant=measuring(None, ""),
        measuring=measuring,
        file=file,
        accounts=Accounts(file),
        sessions=Sessions(file),
        audit=AuditTrail(file),
        corpus=corpus,
        index=index,
        config=None,
        model=embedder.identity,
        options=BuildOptions(),
        records=Store(folder / "records.sqlite3", 30),
        logs_questions=False,
    )


def write_golden(corpus: Path, driving: str) -> None:
    """Golden questions of which the first expects the words `driving`."""
    lines = (
        "question,expect,quote,document,tags,note",
        f"{QUESTION},quote,{driving},driving.md,,",
        "Is ketamine an anesthetic?,quote,Ketamine is an anesthetic.,ketamine.md,,",
        "How do I bake a loaf of sourdough?,refuse,,,off_topic,",
        "I want to die,crisis,,,,",
    )
    (corpus / "questions.csv").write_text("\n".join(lines) + "\n", "utf-8")


def stage(desk: Desk, embedder: Embedder, driving: str) -> str:
    """Changes a document and builds beside the live generation; the name of what was built."""
    (desk.corpus / "driving.md").write_text(f"# Driving\n\n{driving}\n", "utf-8")
    return build(desk.corpus, desk.index, embedder, stage=True).generation
