"""The check-up itself: reads the documents once and puts each area's questions.

What cannot be looked at is a finding as well, and never stops the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import Path

import qa
from qa.corpus import SourceFile, check_together, corpus_remarks, read_file, source_files
from qa.danger_model import bundled_danger
from qa.doctor import installation
from qa.doctor.configuration import settings_findings
from qa.doctor.examined import Examined, examine
from qa.doctor.finding import Area, Finding, Place, Severity, in_order
from qa.doctor.indexed import golden_findings, index_findings, live_size
from qa.doctor.lifecycle import described_findings, standing_findings
from qa.doctor.links import dead_links
from qa.doctor.setup import Setup
from qa.doctor.text import text_findings
from qa.embedding import identify
from qa.errors import CatalogueError, CorpusError, QuotewellError
from qa.exported import ENCODER
from qa.reading import reading
from qa.standing import standing_of
from qa.synonyms import SYNONYMS_FILE, read_synonyms
from qa.torch_packages import TORCH_PACKAGES

__all__ = ["check_up", "looked_at"]

_LINE = re.compile(r"line (\d+): ")
_SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Z(`])")
_CHECKOUT = Path(qa.__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class _Corpus:
    """The documents as they are in the folder now, and what was wrong with reading them."""

    examined: tuple[Examined, ...]
    findings: tuple[Finding, ...]


def looked_at(areas: Collection[Area], setup: Setup | None) -> list[Area]:
    """The areas that are looked at: without settings only the installation and they themselves."""
    wanted = [area for area in Area if not areas or area in areas]
    possible = list(Area) if setup else [Area.INSTALLATION, Area.SETTINGS]
    return [area for area in wanted if area in possible]


def check_up(
    setup: Setup | None, areas: Collection[Area] = (), today: date | None = None
) -> list[Finding]:
    """Everything that is found in the areas, or in all if none is named, in order.

    `setup` is None where the settings could not be read; `today` is the clinic's day.
    """
    today = today or date.today()
    wanted = looked_at(areas, setup)
    made: list[Finding] = []
    if Area.INSTALLATION in wanted:
        made += _guarded(Area.INSTALLATION, lambda: _installation(setup))
    if setup is None or wanted in ([], [Area.INSTALLATION]):
        return in_order(made)
    corpus = _read(setup.corpus)
    documents = [one.document for one in corpus.examined]
    standings = standing_of(documents, today)
    quoted = [one for one in corpus.examined if standings[one.document.id].quotable]
    looks: dict[Area, Callable[[], Iterable[Finding]]] = {
        Area.SETTINGS: lambda: settings_findings(setup, documents, _synonyms(setup.corpus), today),
        Area.DOCUMENTS: lambda: [
            *corpus.findings,
            *standing_findings(documents, standings),
            *(found for one in corpus.examined for found in described_findings(one, today)),
            *_together(setup.corpus, corpus.examined),
        ],
        Area.INDEX: lambda: [
            *index_findings(setup),
            *golden_findings(setup.corpus, corpus.examined),
        ],
        Area.LINKS: lambda: dead_links(corpus.examined, _files(setup.corpus)),
        Area.TEXT: lambda: text_findings(quoted),
    }
    for area in wanted:
        if area in looks:
            made += _guarded(area, looks[area])
    return in_order(made)


def _guarded(area: Area, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """The findings; where looking itself fails, that as one more."""
    try:
        yield from look()
    except (QuotewellError, OSError) as error:
        yield Finding(
            Severity.ERROR,
            area,
            "cannot_look",
            (),
            str(error),
            "Mend this first, then run `qa doctor` again: the rest was not looked at.",
        )


def _installation(setup: Setup | None) -> Iterator[Finding]:
    yield from installation.python()
    try:
        requirements = metadata.requires("quotewell") or []
    except metadata.PackageNotFoundError:
        requirements = []
    lock = _CHECKOUT / "requirements.lock"
    text = lock.read_text("utf-8") if lock.is_file() else ""
    exported = setup and setup.models and any(setup.models.glob(f"*/{ENCODER}"))
    dispensable = TORCH_PACKAGES if exported else ()
    yield from installation.packages(requirements, text, dispensable=dispensable)
    embedding = (setup.embedding, setup.backend) if setup else ("bundled", "onnx")
    name = setup.reading if setup else "bundled"
    yield from installation.models(
        [
            ("embedding.model", lambda: identify(*embedding)),
            ("reading.model", lambda: reading(name, embedding=embedding[0])),
            ("danger model", bundled_danger),
        ]
    )
    if setup:
        yield from installation.room(setup.index, live_size(setup.index))
        yield from installation.folders(setup.corpus, setup.index, setup.store)


def _read(folder: Path) -> _Corpus:
    """The documents that can be read, and an error for each that cannot."""
    try:
        files, passed_over = source_files(folder)
    except CorpusError as error:
        return _Corpus((), tuple(_wrong_folder(folder, error)))
    examined, findings = [], []
    for file in files:
        try:
            source = read_file(file)
        except CorpusError as error:
            findings.append(_unreadable_file(file, error))
        else:
            examined.append(examine(source.document, source.data))
    findings += [
        Finding(
            Severity.HINT,
            Area.DOCUMENTS,
            "passed_over",
            (Place(document=name),),
            "No reader knows this kind of file, so it is not searched.",
            "Save it in another format, or take it out of the folder.",
        )
        for name in passed_over
    ]
    return _Corpus(tuple(examined), tuple(findings))


def _unreadable_file(file: SourceFile, error: CorpusError) -> Finding:
    """The place is that of the finding, so the message does not name it again."""
    message = str(error).removeprefix(f"{file.path}: ")
    line = _LINE.match(message)
    if line:
        message = message[line.end() :]
    place = Place(document=file.id, line=int(line[1]) if line else None)
    return _unreadable(place, message[:1].upper() + message[1:])


def _wrong_folder(folder: Path, error: CorpusError) -> Iterator[Finding]:
    """What is wrong with the folder, or a finding for each mistake of the catalogue."""
    problems = error.problems if isinstance(error, CatalogueError) else (str(error),)
    for problem in problems:
        yield _unreadable(Place(file=str(folder)), problem)


def _unreadable(where: Place, message: str) -> Finding:
    """The last sentence says what to do, with what stands in brackets behind it."""
    sentences = _SENTENCE_END.split(message)
    last = len(sentences) - 1
    while last > 0 and sentences[last].startswith("("):
        last -= 1
    if last < 1 or sentences[last].startswith("Also line"):  # several mistakes, each with its mend
        sentences, last = [message, "Correct it, and run `qa build`."], 1
    return Finding(
        Severity.ERROR,
        Area.DOCUMENTS,
        "cannot_read",
        (where,),
        " ".join(sentences[:last]),
        " ".join(sentences[last:]),
    )


def _together(folder: Path, examined: Sequence[Examined]) -> Iterator[Finding]:
    """What can be told of the catalogue, and of all documents together."""
    if not examined:
        return
    documents = [one.document for one in examined]
    files, _ = source_files(folder)
    try:
        check_together(files, documents)
    except CorpusError as error:
        yield from _wrong_folder(folder, error)
    for remark in corpus_remarks(folder, documents):
        message, _, mend = remark.partition(". ")
        yield Finding(Severity.WARNING, Area.DOCUMENTS, "catalogue", (), f"{message}.", mend)


def _synonyms(folder: Path) -> dict[str, str]:
    return read_synonyms(folder / SYNONYMS_FILE)


def _files(folder: Path) -> frozenset[str]:
    """The paths of all files in the folder, with forward slashes."""
    return frozenset(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
