"""The table of docs/scale.md: what a library and its traffic take, from the costs of one of each.

    python tests/benchmarks/capacity.py              measures the costs here, and writes the table
    python tests/benchmarks/capacity.py --print      only prints it

Times are a processor's, in one thread, so that what else the machine does hardly counts. All else
is multiplication; its assumptions are the constants below, and stand under the table.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from qa.assistant import Assistant  # noqa: E402
from qa.embedding import SentenceEmbedder  # noqa: E402
from qa.generation import Generation, load  # noqa: E402
from qa.golden import read_golden  # noqa: E402
from qa.index import build  # noqa: E402
from qa.notices import Line, SafetyTexts  # noqa: E402
from qa.reading import reading  # noqa: E402

CORPUS = ROOT / "corpus"
DOCUMENT = ROOT / "docs" / "scale.md"
BEGIN, END = "<!-- capacity -->", "<!-- end of capacity -->"
QUESTIONS = 40

COPIES = 2
"""Of everything on disk and in Milvus' memory, so that one may be lost."""
BUSY = 0.5
"""The share of its cores that a machine which answers is busy with at the busiest hour."""
MACHINE_CORES, MACHINE_GB = 32, 128
LINKS = 280
"""Bytes of an HNSW graph for each vector: two times 32 neighbours of 4 bytes at the lowest level,
and some for those above."""
REPLICA_GB = 2.0
"""Memory of a serving process beside the index: models and libraries."""
BUILD_CORES = 1000
LIBRARIES = (10**4, 10**6, 10**7, 10**8, 10**9)
TRAFFIC = (1, 10, 100, 1_000, 10_000)


@dataclass(frozen=True, slots=True)
class Costs:
    """Of one question and of one chunk."""

    encode_ms: float
    """A core's, for a question's vector."""
    answer_ms: float
    """A core's, for a question from text to quotes, with its vector, the search and the reading."""
    embed_ms: float
    """A core's, for one text of a build."""
    texts: float
    """That are embedded for one chunk: itself, and each sentence alone and behind its headings."""
    text_bytes: float
    """On disk, of a chunk's text and places."""
    vector_bytes: float
    sentence_bytes: float
    term_bytes: float

    @property
    def disk(self) -> float:
        """Bytes on disk for each chunk."""
        return self.text_bytes + self.vector_bytes + self.sentence_bytes + self.term_bytes


def measured() -> Costs:
    """Builds the shipped document's index and asks it its golden questions."""
    embedder = SentenceEmbedder(threads=1)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder)
        build(CORPUS, index, embedder)
        generation = load(index)
        questions = [one.question for one in read_golden(CORPUS / "questions.csv")][:QUESTIONS]
        texts = SafetyTexts(country="US", emergency="911", lines=(Line("988", "988"),))
        assistant = Assistant(index, embedder, texts, reader=reading("bundled"))
        for question in questions[:3]:
            assistant.ask(question)
        chunks = generation.chunks
        text = generation.documents[0].text
        bodies = [text[chunk.start : chunk.end] for chunk in chunks]
        for chunk in chunks:
            alone = [text[one.start : one.end] for one in chunk.sentences]
            bodies += [*alone, *(f"Ketamine treatment for PTSD. Visits: {one}" for one in alone)]
        each = [_spent(lambda: list(embedder.encode_alone(bodies))) / len(bodies) for _ in range(3)]
        sentences = sum(len(chunk.sentences) for chunk in chunks)
        return Costs(
            statistics.median(_spent(lambda q=q: embedder.encode([q])) for q in questions),
            statistics.median(_spent(lambda q=q: assistant.ask(q)) for q in questions),
            statistics.median(each),
            1 + 2 * sentences / len(chunks),
            *(size / len(chunks) for size in _sizes(generation)),
        )


def _spent(work: Callable[[], object]) -> float:
    """Milliseconds of the processors that something took."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _sizes(generation: Generation) -> tuple[float, float, float, float]:
    """Bytes of texts, vectors, sentences' vectors and terms; an index is not in all."""
    texts = vectors = sentences = terms = 0
    for path in generation.folder.rglob("*"):
        if not path.is_file() or path.name in ("manifest.json", "synonyms.json"):
            continue
        size = path.stat().st_size
        if path.parent.name == "bm25":
            terms += size
        elif path.stem == "sentences" and path.suffix == ".npy":
            sentences += size
        elif path.name.startswith(("chunks.faiss", "vectors")):
            vectors += size
        elif path.suffix != ".onnx":
            texts += size
    return texts, vectors, sentences, terms


def lines_of(costs: Costs) -> list[str]:
    """The tables as Markdown, with what they rest on."""
    vector = costs.vector_bytes + LINKS
    rows = [
        "| chunks | disk, 2 copies | Milvus' memory, 2 copies | machines for it | "
        "core-hours to embed | hours on 1,000 cores |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for count in LIBRARIES:
        memory = count * vector * COPIES / 1e9
        hours = count * costs.texts * costs.embed_ms / 3.6e6
        machines = _up(memory / MACHINE_GB / 0.75)
        rows.append(
            f"| {count:,} | {_size(count * costs.disk * COPIES)} | {_size(memory * 1e9)} "
            f"| {machines:,} | {_short(hours)} | {_short(hours / BUILD_CORES)} |"
        )
    rows += [
        "",
        "| questions a second | cores busy | cores to have | machines of 32 cores "
        "| memory of the processes |",
        "|---:|---:|---:|---:|---:|",
    ]
    for count in TRAFFIC:
        busy = count * costs.answer_ms / 1000
        have = busy / BUSY
        rows.append(
            f"| {count:,} | {_short(busy)} | {_up(have):,} | {_up(have / MACHINE_CORES):,} "
            f"| {_size(_up(have) * REPLICA_GB * 1e9)} |"
        )
    rows += [
        "",
        "Measured on the shipped document, on one core of the machine of docs/performance.md: "
        f"{costs.encode_ms:.1f} ms for a question's vector, {costs.answer_ms:.0f} ms for a whole "
        f"answer (that vector, search, reading), {costs.embed_ms:.1f} ms for a text of a build, of "
        f"which a chunk has {costs.texts:.1f} (itself, and each sentence alone and behind its "
        f"headings). Bytes a chunk: {costs.text_bytes:,.0f} text and places, "
        f"{costs.vector_bytes:,.0f} its vector, {costs.sentence_bytes:,.0f} its sentences' "
        f"vectors, {costs.term_bytes:,.0f} terms.",
    ]
    return rows


def _up(number: float) -> int:
    return max(1, -int(-number // 1))


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def _size(count: float) -> str:
    """Bytes in words."""
    for unit, size in (("TB", 1e12), ("GB", 1e9)):
        if count >= size:
            return f"{_short(count / size)} {unit}"
    return f"{_short(count / 1e6)} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", dest="only", help="write nothing")
    given = parser.parse_args()
    lines = lines_of(measured())
    print("\n".join(lines))
    if not given.only:
        before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        made = "\n".join([BEGIN, "", *lines, "", END])
        DOCUMENT.write_text(f"{before}{made}{after}", "utf-8")


if __name__ == "__main__":
    main()
