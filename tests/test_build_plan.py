"""What a build would do is told as it then happens, and telling it writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa import reuse
from qa.build_plan import Plan, plan_build, withdrawn
from qa.chunking import BuildOptions
from qa.errors import CorpusError
from qa.history import Signature
from qa.index import build, is_current
from qa.publishing import publish, read_pointer
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder

CORPUS = {
    "a.md": "# A\n\nFirst words.\n",
    "b.md": "# B\n\nSecond words.\n",
    "c.txt": "C\n\nThird words.\n",
    "picture.png": b"\x89PNG",
}
MODEL = WordHashEmbedder().identity
OPTIONS = BuildOptions()


@pytest.fixture
def corpus(corpus_folder: MakeCorpus) -> Path:
    return corpus_folder(CORPUS)


@pytest.fixture
def index(corpus: Path, tmp_path: Path) -> Path:
    build(corpus, tmp_path / "index", WordHashEmbedder())
    return tmp_path / "index"


def plan(corpus: Path, index: Path, **more: bool) -> Plan:
    return plan_build(corpus, index, MODEL, OPTIONS, **more)


def test_without_an_index_everything_is_new(corpus: Path, tmp_path: Path) -> None:
    made = plan(corpus, tmp_path / "none")
    assert made.new == ("a.md", "b.md", "c.txt")
    assert made.passed_over == ("picture.png",)
    assert made.everything == ("there is no index yet",)
    assert (made.read, made.up_to_date) == (3, False)
    assert not (tmp_path / "none").exists()


def test_what_is_new_changed_kept_and_dropped(corpus: Path, index: Path) -> None:
    assert plan(corpus, index) == Plan(
        (), (), ("a.md", "b.md", "c.txt"), (), (), ("picture.png",), (), up_to_date=True
    )
    (corpus / "a.md").unlink()
    (corpus / "b.md").write_text("# B\n\nOther words.\n", "utf-8")
    (corpus / "d.md").write_text("# D\n\nNew words.\n", "utf-8")
    before = {path: path.stat().st_mtime_ns for path in index.rglob("*")}
    made = plan(corpus, index)
    assert (made.new, made.changed) == (("d.md",), ("b.md",))
    assert (made.unchanged, made.dropped) == (("c.txt",), ("a.md",))
    assert (made.read, made.everything, made.up_to_date) == (2, (), False)
    assert {path: path.stat().st_mtime_ns for path in index.rglob("*")} == before
    assert build(corpus, index, WordHashEmbedder()).unchanged == len(made.unchanged)


def test_what_makes_everything_new(corpus: Path, index: Path) -> None:
    forced = plan(corpus, index, anew=True)
    assert (forced.everything, forced.read) == (("--force was given",), 3)
    other = plan_build(corpus, index, MODEL | {"model": "other"}, OPTIONS)
    assert other.everything == ("the embedding model is another (it was word-hash)",)
    assert (other.unchanged, other.read) == (("a.md", "b.md", "c.txt"), 3)
    options = plan_build(corpus, index, MODEL, BuildOptions(target_tokens=60))
    assert options.everything == ("target_tokens under [chunking] was 110, now it is 60",)
    (read_pointer(index).folder / "chunks.npy").write_bytes(b"x")
    assert plan(corpus, index).everything == ("the index is damaged",)


def test_only_the_synonyms_changed(corpus: Path, index: Path) -> None:
    (corpus / "synonyms.csv").write_text("lay,formal\nsick,nausea\n", "utf-8")
    made = plan(corpus, index)
    assert (made.read, made.up_to_date) == (0, False)


def test_what_could_not_be_read_is_told_apart(corpus: Path, index: Path) -> None:
    (corpus / "d.md").write_bytes(b"\xff")
    build(corpus, index, WordHashEmbedder(), skip_unreadable=True)
    made = plan(corpus, index)
    assert (made.unreadable, made.unchanged) == (("d.md",), ("a.md", "b.md", "c.txt"))
    assert (made.read, made.up_to_date) == (1, False)
    assert plan(corpus, index, skip_unreadable=True).up_to_date
    assert is_current(corpus, index, MODEL, OPTIONS)
    (corpus / "d.md").write_bytes(b"Readable now.")
    assert plan(corpus, index, skip_unreadable=True).changed == ("d.md",)
    assert not is_current(corpus, index, MODEL, OPTIONS)


def test_no_documents(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="is not a folder"):
        plan(tmp_path / "none", tmp_path)


def test_what_somebody_went_back_from_is_not_made_live_by_a_build(
    corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    """Else `make run`, or a build that a change of nothing sets off, would undo `qa rollback`."""
    corpus, index = corpus_folder({"visits.txt": "Visits\n\nTake one dose.\n"}), tmp_path / "index"
    old = build(corpus, index, WordHashEmbedder()).generation
    text = corpus / "visits.txt"
    text.write_text("Visits\n\nTake a tenfold dose.\n", "utf-8")
    wrong = build(corpus, index, WordHashEmbedder()).generation
    publish(index, old, Signature("Ana", "wrong dose"), "rolled_back")
    options, model = BuildOptions(), WordHashEmbedder().identity

    told = build(corpus, index, WordHashEmbedder(), unless_current=True)
    assert (told.generation, told.built) == (old, False)
    assert f"those of {wrong}, from which Ana went back on " in told.withdrawn
    assert ": wrong dose. They are not made live again by a build. " in told.withdrawn
    assert f"`qa publish {wrong}`" in told.withdrawn
    assert read_pointer(index).generation == old
    plan = plan_build(corpus, index, model, options)
    assert (plan.up_to_date, plan.withdrawn) == (True, told.withdrawn)
    staged = build(corpus, index, WordHashEmbedder(), unless_current=True, stage=True)
    assert staged.built, "the newest was live, so that it is not staged"
    assert plan_build(corpus, index, model, options, stage=True).up_to_date

    text.write_text("Visits\n\nTake two doses.\n", "utf-8")
    said: list[str] = []
    mended = build(corpus, index, WordHashEmbedder(), unless_current=True, say=said.append)
    assert mended.built
    assert read_pointer(index).generation == mended.generation
    assert "Ana had gone back to an older generation (wrong dose). The documents" in said[-1]
    assert withdrawn(corpus, index, model, options) == "", "it was published"

    publish(index, old, Signature("Ana"), "rolled_back")
    assert build(corpus, index, WordHashEmbedder(), anew=True).built, "--force"


def test_an_index_of_other_versions_is_up_to_date_and_says_so(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dict(reuse.library_versions())
    assert build(corpus, index, WordHashEmbedder(), unless_current=True).remarks == ()
    versions = before | {"onnxruntime": "999.0"}
    monkeypatch.setattr(reuse, "library_versions", lambda *_: versions)
    report = build(corpus, index, WordHashEmbedder(), unless_current=True)
    assert not report.built
    [remark] = report.remarks
    assert f"onnxruntime {before['onnxruntime']} → 999.0" in remark
    assert "qa build --force" in remark
