"""A generation and its documents go into one file and come out of it whole, or not at all."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.building import building
from qa.errors import DamagedIndex, MissingIndex, TransferError
from qa.generation import load, verify
from qa.history import read_history
from qa.index import build
from qa.kept import kept_generations
from qa.pruning import prune
from qa.publishing import generations, live_generation, publish, read_pointer, waiting
from qa.publishing_report import generations_text
from qa.transfer import IMPORT, export_to, import_from
from tests.conftest import MakeCorpus
from tests.warm_cli import WarmCli
from tests.word_hash import WordHashEmbedder

CORPUS = {
    "ketamine.md": "# Ketamine\n\nKetamine is an anesthetic. It is given slowly.\n",
    "visits/first.txt": "Visits\n\nBring somebody along.\n",
    "synonyms.csv": "lay,formal\nspecial k,ketamine\n",
}
MODEL = WordHashEmbedder().identity


@pytest.fixture
def corpus(corpus_folder: MakeCorpus) -> Path:
    return corpus_folder(CORPUS)


@pytest.fixture
def index(corpus: Path, tmp_path: Path) -> Path:
    build(corpus, tmp_path / "index", WordHashEmbedder())
    return tmp_path / "index"


@pytest.fixture
def exported(corpus: Path, index: Path, tmp_path: Path) -> Path:
    target = tmp_path / "clinic.zip"
    size = export_to(target, index, corpus, live_generation(index))
    assert size == target.stat().st_size
    return target


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def alter(source: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Writes the file anew with other members."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(source, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def test_what_was_exported_is_served_elsewhere(exported: Path, index: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    brought = import_from(exported, there / "index", there / "corpus", MODEL)
    assert (brought.generation, brought.documents) == (live_generation(index), 2)
    assert not brought.already_there
    assert live_generation(there / "index") == "", "nothing is live before it is published"
    publish(there / "index", brought.generation, IMPORT)
    assert verify(there / "index") == []
    assert files(read_pointer(there / "index").folder) == files(read_pointer(index).folder)
    assert files(there / "corpus") == {name: text.encode() for name, text in CORPUS.items()}
    assert [one.action for one in read_history(there / "index").events] == ["imported", "published"]
    assert load(there / "index").documents == load(index).documents


def test_the_same_makes_the_same_bytes(exported: Path, corpus: Path, index: Path) -> None:
    again = exported.with_name("again.zip")
    export_to(again, index, corpus, live_generation(index))
    assert again.read_bytes() == exported.read_bytes()


def test_importing_twice_changes_nothing(exported: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    import_from(exported, there / "index", there / "corpus", MODEL)
    before = files(there)
    assert import_from(exported, there / "index", there / "corpus", MODEL).already_there
    assert files(there) == before


def test_it_comes_beside_what_is_live(exported: Path, tmp_path: Path, corpus: Path) -> None:
    other = tmp_path / "other"
    build(corpus, other / "index", WordHashEmbedder())
    live = live_generation(other / "index")
    brought = import_from(exported, other / "index", other / "corpus", MODEL)
    assert live_generation(other / "index") == live
    assert set(generations(other / "index")) == {live, brought.generation}


def test_the_generation_alone(index: Path, tmp_path: Path) -> None:
    target = tmp_path / "alone.zip"
    export_to(target, index, None, live_generation(index))
    import_from(target, tmp_path / "there" / "index", tmp_path / "there" / "corpus", MODEL)
    assert not (tmp_path / "there" / "corpus").exists()
    assert len(generations(tmp_path / "there" / "index")) == 1


def test_documents_that_have_changed_are_not_passed_off_as_those(
    corpus: Path, index: Path, tmp_path: Path
) -> None:
    (corpus / "ketamine.md").write_text("# Ketamine\n\nAnother text.\n", "utf-8")
    (corpus / "visits" / "first.txt").unlink()
    with pytest.raises(
        TransferError, match=r"(?s)ketamine\.md has changed.*first\.txt is not there"
    ):
        export_to(tmp_path / "x.zip", index, corpus, live_generation(index))
    assert not list(tmp_path.glob("*x.zip*"))


@pytest.mark.parametrize("name", ["aux.md", "a:b.md", "c\\d.md", "x ./y.md", "Ketamine.md"])
def test_a_name_that_no_import_takes_is_told_when_it_is_exported(
    corpus: Path, tmp_path: Path, name: str
) -> None:
    """Else the copy would be found to be worth nothing when it is needed."""
    (corpus / name).parent.mkdir(exist_ok=True)
    (corpus / name).write_text("# Another\n\nAnother thing is said here.\n", "utf-8")
    if len(list(corpus.glob("[kK]etamine.md"))) < 2 and name == "Ketamine.md":
        pytest.skip("this file system has one file of both names")
    build(corpus, tmp_path / "index", WordHashEmbedder())
    target = tmp_path / "clinic.zip"
    with pytest.raises(TransferError, match="Rename the document"):
        export_to(target, tmp_path / "index", corpus, live_generation(tmp_path / "index"))
    assert not target.exists()


def test_a_damaged_generation_is_not_exported(index: Path, corpus: Path, tmp_path: Path) -> None:
    name = live_generation(index)
    (index / "generations" / name / "chunks.npy").write_bytes(b"")
    with pytest.raises(DamagedIndex, match=r"chunks\.npy was altered"):
        export_to(tmp_path / "x.zip", index, corpus, name)
    with pytest.raises(MissingIndex, match="There is no generation nope"):
        export_to(tmp_path / "x.zip", index, corpus, "nope")
    assert not list(tmp_path.glob("*x.zip*"))


@pytest.mark.parametrize("at", [0.02, 0.3, 0.5, 0.7, 0.98])
def test_a_damaged_byte_is_noticed(exported: Path, tmp_path: Path, at: float) -> None:
    """In the packed contents of a member: a member's time, which nobody reads, may be damaged."""
    with zipfile.ZipFile(exported) as archive:
        members = [one for one in archive.infolist() if one.compress_size > 10]
    member = members[int((len(members) - 1) * at)]
    begin = member.header_offset + 30 + len(member.filename) + 20  # with the fields for large files
    data = bytearray(exported.read_bytes())
    data[begin + int((member.compress_size - 1) * at)] ^= 0xFF
    exported.write_bytes(data)
    there = tmp_path / "there"
    with pytest.raises(TransferError, match=r"clinic\.zip"):
        import_from(exported, there / "index", there / "corpus", MODEL)
    assert generations(there / "index") == []
    assert not (there / "corpus").exists()


def test_a_shortened_file_is_noticed(exported: Path, tmp_path: Path) -> None:
    exported.write_bytes(exported.read_bytes()[:-300])
    with pytest.raises(TransferError, match="Copy it anew"):
        import_from(exported, tmp_path / "i", tmp_path / "c", MODEL)


@pytest.mark.parametrize(
    "name",
    [
        "corpus/../../outside.md",
        "/etc/outside.md",
        "corpus/.hidden.md",
        "generation/..\\outside",
        "corpus/C:outside.md",
        "corpus//outside.md",
        "elsewhere/outside.md",
        "corpus",
    ],
)
def test_nothing_is_written_outside(exported: Path, tmp_path: Path, name: str) -> None:
    def smuggle(members: dict[str, bytes]) -> None:
        contents = json.loads(members["quotewell.json"])
        contents["members"][name] = "0" * 64
        members["quotewell.json"] = json.dumps(contents).encode()
        members[name] = b"outside"

    alter(exported, smuggle)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(TransferError, match="not what it says"):
        import_from(exported, tmp_path / "index", tmp_path / "corpus", MODEL)
    assert sorted(tmp_path.rglob("*outside*")) == []
    assert set(before) <= set(tmp_path.rglob("*"))


def test_a_member_that_is_not_listed_is_refused(exported: Path, tmp_path: Path) -> None:
    alter(exported, lambda members: members.update({"corpus/more.md": b"# More\n\nText.\n"}))
    with pytest.raises(TransferError, match="its members are not those that it lists"):
        import_from(exported, tmp_path / "i", tmp_path / "c", MODEL)


@pytest.mark.parametrize("contents", [b"", b"[]", b"{}", b'{"format": 99}', b"\xff", b"[" * 9999])
def test_another_zip_file_is_refused(exported: Path, tmp_path: Path, contents: bytes) -> None:
    alter(exported, lambda members: members.update({"quotewell.json": contents}))
    with pytest.raises(TransferError, match="not an export that this version reads"):
        import_from(exported, tmp_path / "i", tmp_path / "c", MODEL)


def test_what_is_no_zip_file_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(TransferError, match="is not an export of `qa export`"):
        import_from(tmp_path / "x.zip", tmp_path / "i", tmp_path / "c", MODEL)
    with pytest.raises(TransferError, match="No such file"):
        import_from(tmp_path / "y.zip", tmp_path / "i", tmp_path / "c", MODEL)
    assert not (tmp_path / "i").exists()


def test_no_document_is_overwritten(exported: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    (there / "corpus").mkdir(parents=True)
    (there / "corpus" / "ketamine.md").write_text("# Ours\n\nOur own text.\n", "utf-8")
    with pytest.raises(TransferError, match=r"other documents than .*ketamine\.md"):
        import_from(exported, there / "index", there / "corpus", MODEL)
    assert [p.name for p in (there / "corpus").iterdir()] == ["ketamine.md"]
    assert generations(there / "index") == []


def test_documents_are_overwritten_where_that_is_wanted(exported: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    (there / "corpus").mkdir(parents=True)
    (there / "corpus" / "ketamine.md").write_text("# Old\n\nOld words.\n", "utf-8")
    with pytest.raises(TransferError, match="--overwrite"):
        import_from(exported, there / "index", there / "corpus", MODEL)
    import_from(exported, there / "index", there / "corpus", MODEL, overwrite=True)
    assert files(there / "corpus") == {name: text.encode() for name, text in CORPUS.items()}


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("visits", "visits is a file there"),
        ("ketamine.md/own.md", r"ketamine\.md is a folder there"),
    ],
)
def test_a_file_where_a_folder_is_needed_is_told_before_anything_is_written(
    exported: Path, tmp_path: Path, name: str, told: str, overwrite: bool
) -> None:
    there = tmp_path / "there"
    (there / "corpus" / name).parent.mkdir(parents=True)
    (there / "corpus" / name).write_text("# Own\n\nOur own text.\n", "utf-8")
    before = files(there / "corpus")
    with pytest.raises(TransferError, match=f"{told}, and not in the export.*Nothing was taken"):
        import_from(exported, there / "index", there / "corpus", MODEL, overwrite=overwrite)
    assert files(there / "corpus") == before
    assert generations(there / "index") == []


def test_documents_are_taken_back_where_the_generation_cannot_be_kept(
    exported: Path, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    (there / "corpus").mkdir(parents=True)
    (there / "corpus" / "ketamine.md").write_text("# Old\n\nOld words.\n", "utf-8")
    before = files(there / "corpus")
    (there / "index" / "history.jsonl").mkdir(parents=True)
    with pytest.raises(TransferError, match="What is served is as it was"):
        import_from(exported, there / "index", there / "corpus", MODEL, overwrite=True)
    assert files(there / "corpus") == before
    assert not (there / "corpus" / "visits").exists()
    assert generations(there / "index") == []


def test_damage_within_what_is_packed_is_told(exported: Path, tmp_path: Path) -> None:
    """Which zlib tells of in its own way, and not as a zip file that is none."""
    sound = exported.read_bytes()
    found = set()
    for at in range(40, len(sound), 41):
        damaged = bytearray(sound)
        damaged[at : at + 3] = b"\xff\x00\xff"
        exported.write_bytes(damaged)
        there = tmp_path / str(at)
        try:
            import_from(exported, there / "index", there / "corpus", MODEL)
        except TransferError as error:
            found.add(str(error))
    assert any("while decompressing" in one for one in found)


def test_what_is_brought_waits_though_it_is_older_than_what_is_live(
    exported: Path, corpus: Path, tmp_path: Path
) -> None:
    """Names tell when a generation was built, not when it came."""
    index, here = tmp_path / "there" / "index", tmp_path / "there" / "corpus"
    shutil.copytree(corpus, here)
    for text in ("One.", "Two.", "Three."):
        (here / "own.md").write_text(f"# Own\n\n{text}\n", "utf-8")
        build(here, index, WordHashEmbedder())
    brought = import_from(exported, index, here, MODEL).generation
    assert brought < live_generation(index)
    assert waiting(index) == [brought]
    shown = generations_text(kept_generations(index))
    assert re.search(r"brought from another machine .* by qa import\n +never published", shown)
    with building(index):
        prune(index, 0, spare_staged=True)
    assert generations(index) == [live_generation(index), brought]
    publish(index, brought)
    publish(index, generations(index)[0])
    assert waiting(index) == []


def test_the_catalogue_and_synonyms_are_of_the_generation_too(
    index: Path, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "catalogue.csv").write_text("file,audience\nketamine.md,staff\n", "utf-8")
    (corpus / "synonyms.csv").write_text("lay,formal\nk,ketamine\n", "utf-8")
    (corpus / "visits" / "first.txt").unlink()
    with pytest.raises(TransferError) as told:
        export_to(tmp_path / "a.zip", index, corpus, live_generation(index))
    for what in (
        "ketamine.md: its line in catalogue.csv has changed",
        "synonyms.csv has changed",
        "visits/first.txt is not there any more",
    ):
        assert what in str(told.value)
    assert not (tmp_path / "a.zip").exists()


def test_another_model_is_told(exported: Path, tmp_path: Path) -> None:
    other = MODEL | {"model": "another"}
    with pytest.raises(TransferError, match=r"built with .* word-hash, and here another is in use"):
        import_from(exported, tmp_path / "i", tmp_path / "c", other)
    assert generations(tmp_path / "i") == []


def test_from_one_machine_to_another_by_the_command_line(
    tmp_path: Path, warm_cli: WarmCli, corpus_folder: MakeCorpus
) -> None:
    """Exported here, imported there, asked there; in folders that share nothing but the file."""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        shutil.copy(Path(__file__).parent.parent / "qa.toml", folder)
    shutil.move(corpus_folder(CORPUS), here / "corpus")
    assert warm_cli.run("build", cwd=here).returncode == 0
    ran = warm_cli.run("export", "../clinic.zip", cwd=here)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "qa import clinic.zip" in ran.stdout
    again = warm_cli.run("export", "../clinic.zip", cwd=here)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    ran = warm_cli.run("import", "../clinic.zip", cwd=there)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "it is live now" in ran.stdout
    question = ("ask", "What is ketamine?", "--json")
    answers = [json.loads(warm_cli.run(*question, cwd=one).stdout) for one in (here, there)]
    assert answers[0]["quotes"]
    assert answers[0]["generation"] == answers[1]["generation"]
    assert answers[0]["quotes"] == answers[1]["quotes"]
    status = warm_cli.run("status", cwd=there).stdout
    assert re.search(r"^Up to date: +yes$", status, re.MULTILINE)
    ran = warm_cli.run("import", "../clinic.zip", cwd=there)
    assert "It is live here already." in ran.stdout
