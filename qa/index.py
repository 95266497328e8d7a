"""The index: a generation is built beside the live one, verified, then published.

What an older generation holds of documents that did not change is taken from there (`qa.reuse`),
and no text is embedded twice (`qa.embedding_cache`). The result is the same to the last byte as
that of a build from nothing, but for the time in its name.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from qa.build_plan import is_current, made_otherwise, matches, withdrawn
from qa.build_report import BuildReport, skipped_of
from qa.building import building
from qa.chunking import BuildOptions
from qa.corpus import source_files
from qa.embedding import Embedder
from qa.embedding_cache import EmbeddingCache
from qa.errors import BuildError
from qa.filling import fill_kept
from qa.generation import open_generation
from qa.generation_maker import GenerationMaker
from qa.parts import Progress
from qa.processor import processor
from qa.pruning import KEPT, prune
from qa.publishing import generations, gone_back_from, keep, publish, read_pointer, waiting
from qa.reuse import library_versions, manifest_of, newest_like
from qa.room import told_of_room
from qa.snapshot import TRIES
from qa.vector_store import IN_GENERATION, Engine

__all__ = ["BuildReport", "Progress", "build", "is_current"]

_CACHE = Path("cache", "embeddings.sqlite3")
_EMBEDDING = ("onnxruntime", "sentence-transformers", "tokenizers", "torch", "transformers")
"""Libraries on which a vector depends."""


def build(
    corpus: Path,
    index: Path,
    embedder: Embedder,
    options: BuildOptions | None = None,
    progress: Progress = lambda _what, _done, _total: None,
    *,
    say: Callable[[str], None] = lambda _text: None,
    unless_current: bool = False,
    anew: bool = False,
    stage: bool = False,
    keep_generations: int = KEPT,
    skip_unreadable: bool = False,
    wait_s: float | None = 0.0,
    what: str = "qa build",
    engine: Engine = IN_GENERATION,
) -> BuildReport:
    """Builds a generation of all documents in `corpus` and publishes it in `index`.

    `say` is told what somebody who waits wants to know. With `unless_current` nothing is built if
    nothing has changed; with `anew` nothing older is used; with `stage` the generation is kept
    beside the live one, for `qa publish`; without, `keep_generations` others stay with it. With
    `skip_unreadable` documents that cannot be read are left out. `wait_s` and `what` are as in
    `building`. `engine` searches the vectors: it is given those of the generation before that one
    is kept, and those of generations that are gone are taken from it.

    Until the last moment the live generation stays as it is. Raises CorpusError naming every
    document that cannot be read, or for synonyms that cannot; BuildError where the index cannot be
    written, another build holds the lock, or documents keep changing; VectorStoreError where the
    engine cannot be used.
    """
    options = options or BuildOptions()

    def found_current() -> BuildReport | None:
        return _current(corpus, index, embedder.identity, options, stage, skip_unreadable)

    if unless_current and (found := found_current()) and not _lacks(engine, index, found):
        return found
    engine.reach()  # before the work of hours, not after it
    source_files(corpus)  # an empty corpus is told of before anything is written
    # Outside for the lock's files, inside for the words: free room is told before it is made.
    with (
        told_of_room(index),
        building(index, what, wait_s, say) as folder,
        told_of_room(index),
    ):
        engine.forget(index, generations(index))  # what a killed build left half made
        if unless_current and (found := found_current()):
            # Made by the build that was waited for, or before the engine was set.
            return replace(found, filled=fill_kept(engine, index, found.generation, progress))
        kept = None if anew else newest_like(index, embedder.identity, options, embedder.engine)
        vectors_of = embedder.identity | embedder.engine | library_versions(_EMBEDDING)
        vectors_of |= {"processor": processor()}
        with EmbeddingCache(index / _CACHE, vectors_of, say, read=not anew) as cache:
            for _ in range(TRIES):
                making = GenerationMaker(corpus, folder, embedder, options, kept, skip_unreadable)
                report = making.make(cache, progress, say)
                changed = making.changed_since()
                if not changed:
                    break
                say(f"Changed while it was read, so it is read again: {', '.join(changed)}.")
                _empty(folder)
            else:
                raise BuildError(
                    f"{', '.join(changed)}: changed each of the {TRIES} times that the index was "
                    "built. What was there before is untouched. Run `qa build` again when nobody "
                    "writes to the documents."
                )
        name = report.generation
        made = open_generation(folder, name, None)  # verified before it is published
        engine.fill(index, name, folder, made.vectors, progress)
        keep(index, folder, name)
        if not stage:
            if back := gone_back_from(index):
                why = f" ({back[0].why})" if back[0].why else ""
                say(
                    f"{back[0].by} had gone back to an older generation{why}. The documents as "
                    "they are now take its place."
                )
            publish(index, name)
            engine.show(name)
            prune(index, keep_generations, spare_staged=True, engine=engine)
    return replace(report, staged=stage)


def _current(
    corpus: Path,
    index: Path,
    model: dict[str, str],
    options: BuildOptions,
    stage: bool,
    skip_unreadable: bool,
) -> BuildReport | None:
    """The report of the generation that is up to date: the live one, or with `stage` the newest.
    So is the live one where somebody went back to it from what would be built; see `withdrawn`.

    One that was built without documents that cannot be read is so only for `skip_unreadable`:
    otherwise they are told of again.
    """
    files, passed_over = source_files(corpus)
    current = is_current(corpus, index, model, options)
    gone_back = "" if current or stage else withdrawn(corpus, index, model, options)
    if current or gone_back:
        name, staged = read_pointer(index).generation, False
    elif stage and (newest := newest_like(index, model, options)):
        name, staged = newest.generation.name, True
        if name != generations(index)[0] or name not in waiting(index):
            return None
        if not matches(newest.generation.manifest, corpus, files, model, options):
            return None
    else:
        return None
    manifest = manifest_of(index / "generations" / name)
    if manifest.get("skipped") and not skip_unreadable:
        return None
    return BuildReport(
        name,
        **manifest["counts"],
        passed_over=tuple(passed_over),
        unchanged=len(manifest["documents"]),
        skipped=skipped_of(manifest),
        staged=staged,
        built=False,
        withdrawn=gone_back,
        remarks=tuple(filter(None, [made_otherwise(manifest, model, options)])),
    )


def _lacks(engine: Engine, index: Path, report: BuildReport) -> bool:
    """Whether the engine must be given the generation that is up to date."""
    name = report.generation
    return engine.lacks(name, index / "generations" / name)


def _empty(folder: Path) -> None:
    """Takes everything out of a folder."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
