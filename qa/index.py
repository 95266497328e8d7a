"""The index: a generation is built beside the live one, verified, then published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from qa.building import building
from qa.chunking import BuildOptions, chunk_document, context
from qa.corpus import check_together, corpus_remarks, read_file, source_files
from qa.document import Chunk, Document
from qa.embedding import Embedder
from qa.errors import BuildError, DamagedIndex, MissingIndex
from qa.generation import FORMAT, SYNONYMS_JSON, check_files, file_sha256, files_of, open_generation
from qa.lexical import LexicalIndex, Tokenizer
from qa.page_files import write_pages
from qa.publishing import publish, read_pointer
from qa.records import chunk_record, document_record, write_lines
from qa.synonyms import SYNONYMS_FILE, read_synonyms
from qa.types import Vectors
from qa.vectors import VectorStore

__all__ = ["BuildReport", "Progress", "build", "is_current"]

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    generation: str
    documents: int
    chunks: int
    sentences: int
    passed_over: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    """What the maintainer should know of the corpus; see `qa.corpus.corpus_remarks`."""


def build(
    corpus: Path,
    index: Path,
    embedder: Embedder,
    options: BuildOptions | None = None,
    progress: Progress = lambda _what, _done, _total: None,
) -> BuildReport:
    """Builds a generation of all documents in `corpus` and publishes it in `index`.

    Until the last moment the live generation stays as it is. Raises CorpusError for a document
    or synonyms that cannot be read, BuildError where the index cannot be written.
    """
    options = options or BuildOptions()
    files, passed_over = source_files(corpus)
    synonyms = _synonyms(corpus)
    with building(index) as folder:
        documents: list[Document] = []
        try:
            for done, file in enumerate(files, 1):
                source = read_file(file)
                documents.append(source.document)
                if source.document.pages:
                    write_pages(folder, source.document, source.data, source.boxes)
                progress("Reading documents", done, len(files))
            check_together(files, documents)
            counts = _write(folder, documents, embedder, options, progress)
            (folder / SYNONYMS_JSON).write_bytes(synonyms)
            name = _write_manifest(folder, documents, embedder, options, counts)
            open_generation(folder, name, None)  # verified before it is published
            publish(index, folder, name)
        except OSError as error:
            raise BuildError(
                f"The index could not be written to {index} ({error.strerror or error}). "
                "What was there before is untouched."
            ) from error
    return BuildReport(
        name,
        len(documents),
        counts["chunks"],
        counts["sentences"],
        tuple(passed_over),
        corpus_remarks(corpus, documents),
    )


def _synonyms(corpus: Path) -> bytes:
    """The corpus' synonyms as a generation keeps them: the same bytes for the same words."""
    table = read_synonyms(corpus / SYNONYMS_FILE)
    return json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _write(
    folder: Path,
    documents: Sequence[Document],
    embedder: Embedder,
    options: BuildOptions,
    progress: Progress,
) -> dict[str, int]:
    limit = min(options.max_tokens, embedder.max_tokens)
    chunks: list[Chunk] = []
    for done, document in enumerate(documents, 1):
        chunks += chunk_document(
            document, embedder.count_tokens, target=options.target_tokens, limit=limit
        )
        progress("Splitting", done, len(documents))
    by_id = {document.id: document for document in documents}
    numbers = {document.id: number for number, document in enumerate(documents)}
    contexts = [
        context(by_id[chunk.document_id], chunk.section, embedder.count_tokens, limit)
        for chunk in chunks
    ]
    bodies = [by_id[chunk.document_id].text[chunk.start : chunk.end] for chunk in chunks]
    texts = [f"{above}\n{body}" for above, body in zip(contexts, bodies, strict=True)]
    sentences = [
        by_id[chunk.document_id].text[sentence.start : sentence.end]
        for chunk in chunks
        for sentence in chunk.sentences
    ]
    above_each = [
        above for above, chunk in zip(contexts, chunks, strict=True) for _ in chunk.sentences
    ]
    write_lines(folder / "documents.jsonl", map(document_record, documents))
    write_lines(folder / "chunks.jsonl", (chunk_record(chunk, numbers) for chunk in chunks))
    vectors = _embed(embedder, texts, "Embedding chunks", progress)
    VectorStore.build(vectors).save(folder / "chunks.faiss")
    np.save(folder / "sentences.npy", _sentence_vectors(embedder, sentences, above_each, progress))
    tokenize = Tokenizer(options.language)
    LexicalIndex.build([tokenize(text) for text in texts]).save(folder / "bm25")
    return {"documents": len(documents), "chunks": len(chunks), "sentences": len(sentences)}


def _sentence_vectors(
    embedder: Embedder, sentences: Sequence[str], contexts: Sequence[str], progress: Progress
) -> Vectors:
    """For each sentence the mean of its vector alone and of its vector behind its context.

    The first finds what a question says, the second what it leaves to be understood. Since
    similarity is linear, this is the mean of both similarities.
    """
    in_context = [f"{above}: {text}" for above, text in zip(contexts, sentences, strict=True)]
    alone = _embed(embedder, sentences, "Embedding sentences", progress)
    both: Vectors = alone + _embed(embedder, in_context, "Embedding sentences in context", progress)
    return np.multiply(both, 0.5, dtype=np.float32)


def _embed(embedder: Embedder, texts: Sequence[str], what: str, progress: Progress) -> Vectors:
    """The texts' vectors, each different text embedded once, texts of like length together."""
    different = sorted(set(texts), key=lambda text: (len(text), text))
    made = np.empty((len(different), embedder.dimension), dtype=np.float32)
    done = 0
    for batch in embedder.encode_alone(different):
        made[done : done + len(batch)] = batch
        done += len(batch)
        progress(what, done, len(different))
    place = {text: row for row, text in enumerate(different)}
    rows: Vectors = made[[place[text] for text in texts]]
    return rows


def _write_manifest(
    folder: Path,
    documents: Sequence[Document],
    embedder: Embedder,
    options: BuildOptions,
    counts: dict[str, int],
) -> str:
    """Writes what the generation is made of, and gives it its name: time and content."""
    files = {path.relative_to(folder).as_posix(): file_sha256(path) for path in files_of(folder)}
    built_at = datetime.now(UTC)
    manifest = {
        "format": FORMAT,
        "built_at": built_at.isoformat(timespec="seconds"),
        "model": embedder.identity | {"dimension": str(embedder.dimension)},
        "options": asdict(options),
        "counts": counts,
        "documents": {document.id: document.source_sha256 for document in documents},
        "files": files,
    }
    content = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(content + "\n", encoding="utf-8")
    digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
    return f"{built_at:%Y%m%dT%H%M%S%fZ}-{digest[:8]}"


def is_current(corpus: Path, index: Path, model: dict[str, str], options: BuildOptions) -> bool:
    """Whether the live generation was built of just these documents, synonyms, model and options.

    Raises CorpusError as `source_files` does; a missing or damaged index is not current.
    """
    files, _ = source_files(corpus)
    try:
        pointer = read_pointer(index)
        manifest, problems = check_files(pointer.folder, pointer)
    except (DamagedIndex, MissingIndex):
        return False
    if problems:
        return False
    recorded = {name: value for name, value in manifest["model"].items() if name != "dimension"}
    return bool(
        recorded == model
        and manifest["options"] == asdict(options)
        and manifest["files"][SYNONYMS_JSON] == hashlib.sha256(_synonyms(corpus)).hexdigest()
        and manifest["documents"] == {file.id: file_sha256(file.path) for file in files}
    )
