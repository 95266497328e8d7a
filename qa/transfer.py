"""A generation and its documents as one file, for another machine without a network.

    quotewell.json   what this is: format, generation, SHA-256 of its manifest and of every member
    generation/      the generation's files, as they lie in index/generations
    corpus/          the documents it was built of, and the files about them
    calibration.json its stated error rate, where there is one

A zip file. The same generation and documents make the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from qa import __version__
from qa.build_plan import synonyms_json
from qa.building import building
from qa.corpus import NOT_DOCUMENTS, source_files
from qa.errors import DamagedIndex, TransferError
from qa.generation import SYNONYMS_JSON, check_files, file_sha256, files_of, open_generation
from qa.generation_files import is_sha256
from qa.history import Signature
from qa.publishing import CALIBRATIONS, generations, keep, pointer_to
from qa.reuse import entry_of
from qa.strict_json import read_json
from qa.transfer_members import (
    CALIBRATION,
    CORPUS,
    GENERATION,
    check_room,
    strange_members,
    strange_names,
)
from qa.transfer_places import obstacles, placed
from qa.vector_store import IN_GENERATION, Engine, VectorStore

__all__ = ["IMPORT", "Imported", "export_to", "import_from"]

IMPORT = Signature("qa import")
"""Who keeps what was brought, in the history."""
_FORMAT = 1
_CONTENTS = "quotewell.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every member: when it was written is not part of what was written."""
_BLOCK = 1 << 20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    LookupError,
    ArithmeticError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
)
"""Whatever damage makes of a zip file: the last two are one that is packed in a way that nobody
uses here, or encrypted."""
_MOST_CONTENTS = 64 << 20
"""Bytes of the list of contents that are read; a corpus of a million documents has fewer."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought."""

    generation: str
    documents: int
    already_there: bool
    """The generation was kept here before, and is the same to the last byte."""


def export_to(target: Path, index: Path, corpus: Path | None, generation: str) -> int:
    """Writes a kept generation and the documents it was built of into one file; gives its size in
    bytes. Without a corpus the generation goes alone.

    All of it, or nothing. Raises MissingIndex where there is no such generation, DamagedIndex where
    it is not whole, TransferError where a document is not the one that it was built of, has a name
    that `import_from` would refuse, or the file cannot be written.
    """
    pointer = pointer_to(index, generation)
    folder = pointer.folder
    manifest, problems = check_files(folder, pointer if pointer.manifest_sha256 else None)
    if problems:
        raise DamagedIndex(str(folder), problems)
    members = {
        f"{GENERATION}/{path.relative_to(folder).as_posix()}": path for path in files_of(folder)
    }
    if corpus:
        members |= {f"{CORPUS}/{name}": path for name, path in _documents(corpus, manifest)}
    stated = index / CALIBRATIONS / f"{generation}.json"
    if stated.is_file():
        members[CALIBRATION] = stated
    if strange := next(strange_names(sorted(members)), ""):
        raise TransferError(
            f"{strange.removeprefix(f'{CORPUS}/')}: no import would take this name, since it does "
            "not work on every system. Rename the document, build again, then export that."
        )
    fresh = target.with_name(f".{target.name}.new")
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
            hashes = {name: _put(archive, name, path) for name, path in sorted(members.items())}
            contents = {
                "format": _FORMAT,
                "generation": generation,
                "quotewell": __version__,
                "manifest_sha256": hashes[f"{GENERATION}/manifest.json"],
                "members": hashes,
            }
            archive.writestr(_member(_CONTENTS), json.dumps(contents, ensure_ascii=False, indent=1))
        fresh.replace(target)
    except OSError as error:
        raise TransferError(
            f"{target} could not be written ({error.strerror or error}). Nothing is left of it. "
            "Make room, or name another place."
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
    return target.stat().st_size


def _documents(corpus: Path, manifest: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    """The files that the generation was built of, and those about the corpus."""
    changed = []
    there = {file.id: file for file in source_files(corpus)[0]}
    for name, recorded in manifest["documents"].items():
        try:
            file = there[name]
            if file_sha256(file.path) != recorded["sha256"]:
                changed.append(f"{name} has changed")
            elif entry_of(file) != recorded["entry"]:
                changed.append(f"{name}: its line in catalogue.csv has changed")
            yield name, file.path
        except KeyError:
            changed.append(f"{name} is not there any more")
        except OSError as error:
            changed.append(f"{name}: {error.strerror}")
    if hashlib.sha256(synonyms_json(corpus)).hexdigest() != manifest["files"][SYNONYMS_JSON]:
        changed.append("synonyms.csv has changed")
    if changed:
        listed = "\n".join(f"  - {one}" for one in changed)
        raise TransferError(
            f"The documents in {corpus} are not those that the generation was built of:\n{listed}\n"
            "Run `qa build`, or export the generation alone with --no-documents."
        )
    for name in sorted(NOT_DOCUMENTS):
        if (corpus / name).is_file():
            yield name, corpus / name


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    return member


def _put(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Adds a file and gives the SHA-256 of what was added."""
    with path.open("rb") as source, archive.open(_member(name), "w", force_zip64=True) as into:
        return _copy(source, into)


def _copy(source: IO[bytes], into: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := source.read(_BLOCK):
        digest.update(block)
        into.write(block)
    return digest.hexdigest()


def import_from(
    source: Path,
    index: Path,
    corpus: Path,
    model: dict[str, str],
    overwrite: bool = False,
    engine: Engine = IN_GENERATION,
) -> Imported:
    """Takes in what `export_to` wrote: the generation beside those there are, not live yet, and the
    documents into the corpus.

    Every member is checked against its hash before anything is put in place; no file of the corpus
    that says something else is overwritten unless `overwrite` is true. All of it comes into place
    with the generation, or nothing does: see `qa.transfer_places`. `model` is the identity of
    the embedder that is in use here; `engine` is given the generation's vectors. Raises
    TransferError where the file is not an export, is damaged or clashes with what is there,
    BuildError where another build holds the index, VectorStoreError where the engine cannot be
    used.
    """
    try:
        with zipfile.ZipFile(source) as archive, building(index, "qa import") as folder:
            contents = _contents(archive, source)
            unpacked = folder / "import"
            _unpack(archive, contents["members"], unpacked, source)
            own = _check(unpacked / GENERATION, contents, model, source)
            return _place(unpacked, contents, index, corpus, source, overwrite, engine, own)
    except _DAMAGE as error:
        raise TransferError(
            f"{source} is not an export of `qa export`, or is damaged ({error}). Copy it anew."
        ) from None
    except OSError as error:
        raise TransferError(
            f"{source} could not be taken in ({error.strerror or error}). "
            "What is served is as it was."
        ) from error


def _contents(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    """The list of contents. Raises TransferError where it is none, or lists what it must not."""
    try:
        with archive.open(_CONTENTS) as file:
            contents = read_json(file.read(_MOST_CONTENTS))
        members, generation = contents["members"], contents["generation"]
        fits = contents["format"] == _FORMAT and isinstance(members, dict)
        fits = fits and all(map(is_sha256, members.values()))
        fits = fits and f"{GENERATION}/manifest.json" in members
        fits = fits and generation.isascii() and generation.replace("-", "").isalnum()
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        fits = False
    if not fits:
        raise TransferError(
            f"{source} is not an export that this version reads. Make it with `qa export` of the "
            "same version."
        )
    present = sorted(set(archive.namelist()) - {_CONTENTS})
    strange = list(strange_members(archive, members))
    if strange or present != sorted(members) or len(archive.namelist()) != len(members) + 1:
        what = strange[0] if strange else "its members are not those that it lists"
        raise TransferError(
            f"{source} is damaged or not what it says: {what}. Nothing was taken in."
        )
    return dict(contents)


def _unpack(archive: zipfile.ZipFile, members: dict[str, str], folder: Path, source: Path) -> None:
    """Writes the members out, each checked against its hash."""
    check_room(archive, folder, source)
    for name, sha256 in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as member, path.open("xb") as into:
            found = _copy(member, into)
        if found != sha256:
            raise TransferError(f"{source}: {name} is damaged. Copy the file anew.")


def _place(
    unpacked: Path,
    contents: dict[str, Any],
    index: Path,
    corpus: Path,
    source: Path,
    overwrite: bool,
    engine: Engine,
    own: VectorStore,
) -> Imported:
    """Puts documents and generation in place, the generation last."""
    name: str = contents["generation"]
    made = unpacked / GENERATION
    brought = list(files_of(unpacked / CORPUS)) if (unpacked / CORPUS).is_dir() else []
    wanted = {path: corpus / path.relative_to(unpacked / CORPUS) for path in brought}
    _check_places(wanted, source, corpus, overwrite)
    there = name in generations(index)
    manifest = made / "manifest.json"
    if there and not _same(manifest, index / "generations" / name / "manifest.json"):
        raise TransferError(f"There is another generation {name} at {index}. Nothing was taken in.")
    documents = len(json.loads(manifest.read_bytes())["documents"])
    engine.fill(index, name, made, own)
    stated = unpacked / CALIBRATION
    if stated.is_file() and not there:
        wanted[stated] = index / CALIBRATIONS / f"{name}.json"
    with placed({path: to for path, to in wanted.items() if not _same(path, to)}):
        if not there:
            keep(index, made, name, IMPORT, "imported")
    return Imported(name, documents, there)


def _check_places(wanted: dict[Path, Path], source: Path, corpus: Path, overwrite: bool) -> None:
    """Raises TransferError where a document may not take its place, or cannot."""
    if barred := obstacles(wanted):
        what = ", ".join(f"{one} is a {'folder' if one.is_dir() else 'file'}" for one in barred[:5])
        raise TransferError(
            f"{source} cannot be put into {corpus}: {what} there, and not in the export. Rename "
            "it, or import into folders of their own (--corpus DIR --index DIR). Nothing was "
            "taken in."
        )
    clashing = [str(to) for path, to in wanted.items() if to.exists() and not _same(path, to)]
    if clashing and not overwrite:
        raise TransferError(
            f"{source} holds other documents than {corpus}: {', '.join(clashing[:5])}. "
            "Import into folders of their own (--corpus DIR --index DIR), or give --overwrite to "
            "have those of the file in their place."
        )


def _check(
    made: Path, contents: dict[str, Any], model: dict[str, str], source: Path
) -> VectorStore:
    """Opens the generation as a server would, and gives its vectors. Raises TransferError where
    none could serve it."""
    try:
        generation = open_generation(made, contents["generation"], None)
    except DamagedIndex as error:
        listed = "; ".join(error.problems)
        raise TransferError(
            f"{source}: its generation cannot be served ({listed}). Make the export anew, with the "
            "same version of Quotewell as here."
        ) from None
    built_with = {k: v for k, v in generation.manifest["model"].items() if k != "dimension"}
    if built_with != model:
        raise TransferError(
            f"{source} was built with the embedding model {built_with.get('model')}, and here "
            f"{model['model']} is in use. Set `model` under [embedding] in qa.toml to the same."
        )
    return generation.vectors


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and file_sha256(one) == file_sha256(other)
