"""What a build would do, found without doing any of it: `qa build --dry-run`, `qa status`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.chunking import BuildOptions
from qa.corpus import SourceFile, source_files
from qa.errors import DamagedIndex, MissingIndex
from qa.generation import SYNONYMS_JSON, check_files
from qa.publishing import generations, gone_back_from, read_pointer, waiting
from qa.reuse import Kept, differences, manifest_of, newest_like, recorded
from qa.snapshot import digests
from qa.synonyms import SYNONYMS_FILE, read_synonyms

__all__ = [
    "Plan",
    "compared",
    "is_current",
    "made_otherwise",
    "matches",
    "plan_build",
    "synonyms_json",
    "withdrawn",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build would do with each document; all but `everything` are ids in order."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    """Other bytes, or another entry in the catalogue."""
    unchanged: tuple[str, ...]
    unreadable: tuple[str, ...]
    """What the last build had to leave out, and is as it was."""
    dropped: tuple[str, ...]
    """In the index, and no more in the corpus."""
    passed_over: tuple[str, ...]
    """Files that no reader knows."""
    everything: tuple[str, ...]
    """Why unchanged documents would be read and embedded again as well; empty if they are kept."""
    up_to_date: bool
    """Whether nothing would be built."""
    withdrawn: str = ""
    """Why nothing would be, where that is what somebody went back from; see `withdrawn`."""

    @property
    def read(self) -> int:
        """How many documents would be read."""
        if self.up_to_date:
            return 0
        again = len(self.unchanged) if self.everything else 0
        return len(self.new) + len(self.changed) + len(self.unreadable) + again


def plan_build(
    corpus: Path,
    index: Path,
    model: dict[str, str],
    options: BuildOptions,
    *,
    anew: bool = False,
    stage: bool = False,
    skip_unreadable: bool = False,
) -> Plan:
    """What a build would do; nothing is written. `anew`, `stage` and `skip_unreadable` are as in
    `qa.index.build`.

    Raises CorpusError as `source_files` does.
    """
    files, passed_over = source_files(corpus)
    hashes = digests(files)
    kept = newest_like(index, model, options)
    manifest = kept.generation.manifest if kept else _of_live(index)
    skipped = _skipped(manifest)
    before = {**manifest.get("documents", {}), **skipped}
    same = [file.id for file in files if before.get(file.id) == recorded(file, hashes[file.id])]
    everything = ["--force was given"] if anew else []
    gone_back = "" if anew or stage else withdrawn(corpus, index, model, options)
    return Plan(
        new=tuple(file.id for file in files if file.id not in before),
        changed=tuple(f.id for f in files if f.id in before and f.id not in same),
        unchanged=tuple(one for one in same if one not in skipped),
        unreadable=tuple(one for one in same if one in skipped),
        dropped=tuple(sorted(set(before) - {file.id for file in files})),
        passed_over=tuple(passed_over),
        everything=tuple(everything + _reasons(index, kept, manifest, model, options)),
        up_to_date=not anew
        and (skip_unreadable or not skipped)
        and (
            is_current(corpus, index, model, options)
            or bool(gone_back)
            or (stage and _is_staged(corpus, index, model, options, kept))
        ),
        withdrawn=gone_back,
    )


def _is_staged(
    corpus: Path, index: Path, model: dict[str, str], options: BuildOptions, kept: Kept | None
) -> bool:
    """Whether the newest generation is what `qa build --stage` would make."""
    if kept is None or kept.generation.name != generations(index)[0]:
        return False
    if kept.generation.name not in waiting(index):
        return False  # it was live before
    return matches(kept.generation.manifest, corpus, source_files(corpus)[0], model, options)


def withdrawn(corpus: Path, index: Path, model: dict[str, str], options: BuildOptions) -> str:
    """A sentence where the documents are, as they are now, what somebody went back from: a build
    must not make that live again of its own accord. Empty where they are not.

    Raises CorpusError as `source_files` does, PublishError where the history cannot be read.
    """
    for step in gone_back_from(index):
        manifest = manifest_of(index / "generations" / step.previous)
        files, _ = source_files(corpus)
        if manifest and matches(manifest, corpus, files, model, options):
            why = f": {step.why}" if step.why else ""
            return (
                f"The documents are those of {step.previous}, from which {step.by} went back on "
                f"{step.at[:10]}{why}. They are not made live again by a build. Mend them "
                f"first; or publish them as they are: `qa publish {step.previous}`."
            )
    return ""


def _reasons(
    index: Path,
    kept: Kept | None,
    manifest: Mapping[str, Any],
    model: dict[str, str],
    options: BuildOptions,
) -> list[str]:
    """Why there is nothing to keep documents from."""
    if kept:
        return []
    if not generations(index):
        return ["there is no index yet"]
    found = differences(manifest, model, options) if manifest else []
    return found or ["the index is damaged"]


def is_current(corpus: Path, index: Path, model: dict[str, str], options: BuildOptions) -> bool:
    """Whether the live generation was built of just these documents, synonyms, model and options.

    Documents that it was built without, since they could not be read, count as they were then.
    Raises CorpusError as `source_files` does; a missing or damaged index is not current.
    """
    return compared(corpus, index, model, options) is True


def compared(
    corpus: Path, index: Path, model: dict[str, str], options: BuildOptions
) -> bool | None:
    """Whether the index is what a build would make; None where none is there, or it is damaged.

    Raises CorpusError as `source_files` does.
    """
    files, _ = source_files(corpus)
    try:
        pointer = read_pointer(index)
        manifest, problems = check_files(pointer.folder, pointer)
    except (DamagedIndex, MissingIndex):
        return None
    return None if problems else matches(manifest, corpus, files, model, options)


def made_otherwise(
    manifest: Mapping[str, Any], model: Mapping[str, str], options: BuildOptions
) -> str:
    """A sentence where a generation that is up to date was made by other versions of libraries
    than are installed, so that a build from nothing may give other bytes; else empty.

    That alone is no reason to build: the generation is whole, and reading a large corpus anew takes
    hours. Whoever wants the bytes of today's versions builds with --force.
    """
    if not (why := differences(manifest, model, options)):
        return ""
    return (
        f"The index fits the documents, but {'; '.join(why)}. "
        "`qa build --force` makes it anew with what is installed."
    )


def matches(
    manifest: Mapping[str, Any],
    corpus: Path,
    files: Sequence[SourceFile],
    model: dict[str, str],
    options: BuildOptions,
) -> bool:
    """Whether a generation of this manifest was built of what there is now."""
    had = {name: value for name, value in manifest["model"].items() if name != "dimension"}
    hashes = digests(files)
    return bool(
        had == model
        and manifest["options"] == asdict(options)
        and manifest["files"][SYNONYMS_JSON] == hashlib.sha256(synonyms_json(corpus)).hexdigest()
        and {**manifest["documents"], **_skipped(manifest)}
        == {file.id: recorded(file, hashes[file.id]) for file in files}
    )


def synonyms_json(corpus: Path) -> bytes:
    """The corpus' synonyms as a generation keeps them: the same bytes for the same words."""
    table = read_synonyms(corpus / SYNONYMS_FILE)
    return json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _skipped(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The documents that a generation was built without, as those that it has are recorded."""
    return {
        name: {part: value for part, value in one.items() if part != "error"}
        for name, one in manifest.get("skipped", {}).items()
    }


def _of_live(index: Path) -> dict[str, Any]:
    """The live generation's manifest, unchecked; empty where there is none that can be read."""
    try:
        return manifest_of(read_pointer(index).folder)
    except (DamagedIndex, MissingIndex):
        return {}
