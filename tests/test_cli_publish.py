"""Publishing from the command line, as a clinic's maintainer goes about it."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qa.history import read_history
from qa.publishing import generations, live_generation, staged
from tests.test_cli import CONFIG, CORPUS, GOLDEN
from tests.warm_cli import WarmCli

REFUSING = {"QA_ANSWER__THRESHOLD": "1.0"}
"""With this no question is answered, and so the floor is not met."""


@dataclass(frozen=True)
class Clinic:
    """A folder with settings and documents, of which g[0] is live, and g[1] and g[2] are staged."""

    folder: Path
    cli: WarmCli
    g: tuple[str, ...]

    def qa(self, *args: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        shown = self.cli.run(*args, cwd=self.folder, **more)
        assert "Traceback" not in shown.stderr
        if args[0] in ("publish", "rollback", "generations", "prune") and "--json" not in args:
            assert max(map(len, shown.stdout.splitlines() or [""])) <= 80
        return shown

    @property
    def index(self) -> Path:
        return self.folder / "built"

    @property
    def live(self) -> str:
        return live_generation(self.index)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory, warm_cli: WarmCli) -> Clinic:
    folder = tmp_path_factory.mktemp("clinic")
    (folder / "qa.toml").write_text(CONFIG, "utf-8")
    for name in ("ketamine.md", "sub/driving.txt"):
        (folder / "documents" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "documents" / name).write_text(CORPUS[name], "utf-8")
    (folder / "documents" / "questions.csv").write_text(GOLDEN, "utf-8")
    nothing = warm_cli.run("publish", "--by", "Ana", cwd=folder)
    assert nothing.returncode == 2
    assert "Nothing is staged. `qa build --stage`" in nothing.stderr
    assert warm_cli.run("generations", cwd=folder).stdout.startswith("None was built yet")
    for more in ((), ("--stage",), ("--stage",)):
        built = warm_cli.run("build", "--force", *more, cwd=folder)
        assert built.returncode == 0
    return Clinic(folder, warm_cli, tuple(reversed(generations(folder / "built"))))


def test_the_road_of_a_generation(clinic: Clinic) -> None:
    """In one piece, since each step is the next one's beginning."""
    first, second, third = clinic.g
    assert (clinic.live, staged(clinic.index)) == (first, [third, second])

    refused = clinic.qa("publish", "--by", "Ana Ruiz", env=REFUSING)
    assert refused.returncode == 1
    assert f"Generation: {third}\n" in refused.stdout
    assert "Not published:\n  - Answerable" in refused.stdout
    assert "add --force, and --why with a reason" in refused.stdout
    assert clinic.live == first
    assert len(read_history(clinic.index).events) == 4, "what was refused is not told"

    shown = clinic.qa("publish", second, "--by", "Ana Ruiz", "--why", "the new leaflet")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "right quote first or second: 2/2, 100%" in shown.stdout
    assert f"The way back to {first}: `qa rollback`" in shown.stdout
    forced = ("publish", "--by", "Bo", "--force", "--why", "they refuse too much, for now")
    shown = clinic.qa(*forced, env=REFUSING)
    assert shown.returncode == 0
    assert clinic.live == third

    listed = clinic.qa("generations").stdout
    assert re.search(rf"^{third}  LIVE\n.*\n    published .* by Bo, FORCED: they", listed, re.M)
    assert re.search(
        rf"^{second}  past\n    built .* UTC, 2 documents, 2 chunks\n"
        r"    published .* by Ana Ruiz: the new leaflet$", listed, re.M,
    )  # fmt: skip
    kept = json.loads(clinic.qa("generations", "--json").stdout)
    assert [one["generation"] for one in kept] == [third, second, first]
    assert [one["state"] for one in kept] == ["live", "past", "past"]
    told = kept[0]["events"][0]
    assert (told["forced"], told["figures"]["right_in_two"]) == (True, [0, 2])
    rows = dict(re.findall(r"^([\w ]+): +(.*)$", clinic.qa("status").stdout, re.M))
    assert rows["Published"].endswith("by Bo, FORCED: they refuse too much, for now")
    assert rows["Staged"] == "none"

    back = clinic.qa("rollback", "--by", "Cy", "--why", "too many refusals")
    assert (back.returncode, clinic.live) == (0, second)
    assert f"Live again: {second}\nIn place of {third}\n" in back.stdout
    assert clinic.qa("rollback").returncode == 0
    assert clinic.live == first, "further back, not forth"
    nowhere = clinic.qa("rollback")
    assert (nowhere.returncode, clinic.live) == (2, first)
    assert "none to go back to" in nowhere.stderr
    assert clinic.qa("rollback", third).returncode == 0
    assert clinic.live == third, "one that was live once may be named"
    assert "    gone back from " in clinic.qa("generations").stdout

    before = (clinic.index / "history.jsonl").read_bytes()
    dry = clinic.qa("prune", "--keep", "1", "--dry-run")
    assert re.fullmatch(rf"{second}\n1 would be removed, freeing \d\.\d MB\.\n", dry.stdout)
    assert (clinic.index / "history.jsonl").read_bytes() == before
    left = clinic.index / "generations" / ".building-left"
    left.mkdir()
    pruned = clinic.qa("prune", "--keep", "1")
    assert (pruned.returncode, generations(clinic.index)) == (0, [third, first])
    assert re.fullmatch(rf"{second}  \d\.\d MB\nRemoved 1, freed \d\.\d MB\.\n", pruned.stdout)
    assert not left.exists()
    assert (clinic.index / "history.jsonl").read_bytes().startswith(before)


@pytest.mark.slow
def test_what_is_damaged_is_published_by_no_reason(clinic: Clinic) -> None:
    built = clinic.qa("build", "--force", "--stage")
    name, live = built.stdout.split()[1].rstrip(":"), clinic.live
    path = clinic.index / "generations" / name / "chunks.npy"
    data = path.read_bytes()
    path.write_bytes(data[:-2])
    forced = clinic.qa("publish", "--by", "Ana", "--force", "--why", "I must")
    assert (forced.returncode, clinic.live) == (1, live)
    assert "chunks.npy was altered" in forced.stdout
    assert "No reason gets past this" in forced.stdout
    shown = clinic.qa("verify", name)
    assert shown.returncode == 1
    assert "- chunks.npy was altered" in shown.stdout
    assert clinic.qa("verify").stdout == "The index is sound.\n"
    path.write_bytes(data)
    assert clinic.qa("verify", name).stdout == f"Generation {name} is sound.\n"
    never = clinic.qa("rollback", name)
    assert (never.returncode, clinic.live) == (2, live)
    assert f"{name} was never live: `qa publish {name}`" in never.stderr
    assert f"Staged: {name}" in re.sub(" +", " ", clinic.qa("status").stdout)


def test_a_damaged_way_back_is_refused_and_another_named(clinic: Clinic) -> None:
    live = clinic.live
    others = [name for name in generations(clinic.index) if name != live]
    [before] = [name for name in others if name not in staged(clinic.index)]
    path = clinic.index / "generations" / before / "chunks.npy"
    data = path.read_bytes()
    path.write_bytes(b"")
    refused = clinic.qa("rollback")
    assert (refused.returncode, clinic.live) == (2, live)
    assert f"{before} cannot be served:\n  - chunks.npy was altered" in refused.stderr
    assert "Nothing was changed. No other is whole." in refused.stderr
    path.write_bytes(data)
    other_model = clinic.qa("rollback", env={"QA_EMBEDDING__BACKEND": "torch"})
    assert other_model.returncode == 2
    assert 'it was built with `backend = "onnx"` under [embedding], and' in other_model.stderr
    path = clinic.index / "generations" / live / "chunks.npy"
    data = path.read_bytes()
    path.write_bytes(b"")
    shown = clinic.qa("status")
    assert shown.returncode == 2
    assert f"`qa rollback` goes back to {before}." in shown.stderr
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("publish",), "A name is needed: add --by"),
        (("publish", "--by", "Ana\nRuiz"), "--by takes one line"),
        (("publish", "--by", "Ana", "--force", "--why", " "), "--force needs a reason"),
        (("publish", "../documents", "--by", "Ana"), "There is no generation ../documents"),
        (("rollback", "nothing"), "There is no generation nothing"),
        (("prune", "--keep", "-1"), "--keep"),
    ],
)
def test_what_is_not_done(clinic: Clinic, args: tuple[str, ...], message: str) -> None:
    before = (clinic.live, (clinic.index / "history.jsonl").read_bytes())
    shown = clinic.qa(*args)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert message in shown.stderr
    assert (clinic.live, (clinic.index / "history.jsonl").read_bytes()) == before
    live = clinic.qa("publish", clinic.live, "--by", "Ana") if args[-1] == "-1" else None
    assert live is None or "is live already" in live.stderr


def test_serving_what_is_older_than_the_documents_is_said(clinic: Clinic) -> None:
    path = clinic.folder / "documents" / "ketamine.md"
    text = path.read_bytes()
    path.write_bytes(text + b"\nIt is new.\n")
    shown = clinic.qa("serve", "--host", "192.0.2.1")  # which is nobody's, so that it ends
    path.write_bytes(text)
    assert shown.returncode == 2
    assert "WARNING: the documents in " in shown.stderr
    assert "until you run `qa build`" in shown.stderr


@pytest.mark.slow
def test_questions_of_another_corpus_are_not_asked(clinic: Clinic) -> None:
    path = clinic.folder / "documents" / "questions.csv"
    path.write_text(GOLDEN.replace("ketamine.md", "leaflet.md"), "utf-8")
    assert clinic.qa("build", "--force", "--stage").returncode == 0
    told = r"golden questions are about documents that are not here \(leaflet\.md\): they"
    diff = clinic.qa("diff")
    assert re.search(told, diff.stderr)
    assert re.search(told, diff.stdout)
    test = clinic.qa("test")
    assert (test.returncode, test.stdout) == (2, "")
    assert re.search(told, test.stderr)
    refused = clinic.qa("publish", "--by", "Ana")
    assert refused.returncode == 1
    assert "Questions:  not asked, as they are of other documents" in refused.stdout
    assert re.search(told, " ".join(refused.stdout.split()))
    forced = clinic.qa("publish", "--by", "Ana", "--force", "--why", "to be written anew")
    path.write_text(GOLDEN, "utf-8")
    assert forced.returncode == 0
    assert "Answerable" not in forced.stdout
    assert read_history(clinic.index).events[-1].forced
