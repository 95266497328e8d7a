"""How search grows from a thousand chunks to a million: time, memory and recall.

    python tests/benchmarks/large.py [--largest N] [--sets FOLDER] [--texts N]
    python tests/benchmarks/large.py --crossover     from where on candidates are quicker

Vectors: real texts (of the public sets in `--sets` where they are there, else of corpus/) are
embedded; each chunk's vector is one of them, moved by 0.3 times the difference of two others drawn
by chance, and made of unit length again: so it is moved as real vectors differ, about 0.37 in
length. Questions are real questions (or texts left out), moved likewise, and not in the index.
Terms: those of a real text, with a tenth drawn anew from all texts' terms.

Exact flat search by FAISS' IndexFlatIP and ours answer each question by turns.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import matplotlib as mpl
import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from qa.embedding import SentenceEmbedder  # noqa: E402
from qa.lexical import LexicalIndex, Tokenizer  # noqa: E402
from qa.types import Vectors  # noqa: E402
from qa.vectors import EXACT_BELOW, FaissStore  # noqa: E402
from tests.benchmarks.figures import Figure, record  # noqa: E402

mpl.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402

PLOT = ROOT / "docs" / "performance-growth.svg"
MOVED = 0.3
BLOCK = 50_000
QUESTIONS = 60
COUNT = 10


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured with so many chunks; times in ms, memory in MB."""

    chunks: int
    ours: float
    flat: float
    terms: float
    recall: float
    resident: float
    second: float
    """Proportional set size of a second process that answers the same questions."""
    files: float
    built: float
    """Seconds that making the candidates' index and BM25 took."""


def real_texts(sets: Path, count: int) -> tuple[list[str], list[str]]:
    """Texts of about a chunk's length, and questions."""
    texts: list[str] = []
    questions: list[str] = []
    for path in sorted(sets.glob("*/corpus.jsonl.gz")):
        if path.parent.name == "patients":
            continue  # the same documents as another set's
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            whole = (" ".join(json.loads(line)["text"].split()) for line in lines)
            texts += [one[at : at + 400] for one in whole for at in range(0, len(one), 400)]
        with gzip.open(path.parent / "questions.jsonl.gz", "rt", encoding="utf-8") as lines:
            questions += [json.loads(line)["question"] for line in lines]
    if not texts:
        whole = (path.read_text("utf-8") for path in sorted((ROOT / "corpus").glob("*.md")))
        texts = [one[at : at + 200] for one in whole for at in range(0, len(one), 100)]
    shuffled = random.Random(1)
    shuffled.shuffle(texts)
    shuffled.shuffle(questions)
    questions = questions or texts[-len(texts) // 5 :]
    return texts[:count], questions[:500]


def moved(among: Vectors, real: Vectors, count: int, chance: np.random.Generator) -> Vectors:
    """`count` vectors of `among`, moved as the module says; float32, of unit length."""
    one, two = (real[chance.integers(len(real), size=count)] for _ in range(2))
    made = among[chance.integers(len(among), size=count)] + MOVED * (one - two)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return np.asarray(made, dtype=np.float32)


def write_vectors(folder: Path, count: int, real: Vectors) -> None:
    chance = np.random.default_rng(2)
    shape = (count, real.shape[1])
    made = np.lib.format.open_memmap(folder / "vectors.npy", "w+", dtype=np.float32, shape=shape)
    for start in range(0, count, BLOCK):
        made[start : start + BLOCK] = moved(real, real, min(BLOCK, count - start), chance)
    made.flush()


def chunk_terms(count: int, real: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    chance = random.Random(3)
    every = [term for one in real for term in one]
    for _ in range(count):
        terms = list(chance.choice(real))
        for _ in range(len(terms) // 10):
            terms[chance.randrange(len(terms))] = chance.choice(every)
        yield terms


def answered(
    folder: Path, count: int, questions: Vectors, asked: list[list[str]], told: object
) -> None:
    """Answers all questions in a process of its own, says how much memory that took, and waits."""
    process = psutil.Process()
    before = process.memory_full_info().rss
    store = FaissStore.load(folder, count=count, dimension=questions.shape[1])
    lexical = LexicalIndex.load(folder / "bm25", count=count)
    for vector, terms in zip(questions, asked, strict=True):
        store.search(vector, 50)
        lexical.search(terms, 50)
    told.send(before)  # type: ignore[attr-defined]
    told.recv()  # type: ignore[attr-defined]


def memory(folder: Path, count: int, questions: Vectors, asked: list[list[str]]) -> list[float]:
    """Growth of one process' resident memory over its start, and both processes' proportional sets,
    in MB, while two answer."""
    fresh = multiprocessing.get_context("spawn")
    running = []
    for _ in range(2):
        here, there = fresh.Pipe()
        process = fresh.Process(target=answered, args=(folder, count, questions, asked, there))
        process.start()
        running.append((process, here, here.recv()))
    found = [psutil.Process(process.pid).memory_full_info() for process, _, _ in running]
    for process, here, _ in running:
        here.send(None)
        process.join()
    return [(found[0].rss - running[0][2]) / 1e6, found[1].pss / 1e6]


def measured(count: int, real: Vectors, terms: list[list[str]], asked: list[list[str]],
             questions: Vectors) -> Size:  # fmt: skip
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = Path(name)
        write_vectors(folder, count, real)
        began = time.perf_counter()
        FaissStore.write(folder)
        LexicalIndex.write(folder / "bm25", chunk_terms(count, terms))
        built = time.perf_counter() - began
        resident, second = memory(folder, count, questions, asked)
        store = FaissStore.load(folder, count=count, dimension=real.shape[1])
        lexical = LexicalIndex.load(folder / "bm25", count=count)
        flat = faiss.IndexFlatIP(real.shape[1])
        for start in range(0, count, BLOCK):
            flat.add(np.ascontiguousarray(store.all()[start : start + BLOCK]))
        times: dict[str, list[float]] = {"flat": [], "ours": [], "terms": []}
        found = 0
        for vector, words in zip(questions, asked, strict=True):
            began = time.perf_counter()
            _, exact = flat.search(vector.reshape(1, -1), COUNT)
            times["flat"].append(time.perf_counter() - began)
            began = time.perf_counter()
            got = store.search(vector, COUNT)
            times["ours"].append(time.perf_counter() - began)
            began = time.perf_counter()
            lexical.search(words, 50)
            times["terms"].append(time.perf_counter() - began)
            found += len({row for row, _ in got} & set(exact[0].tolist()))
        middle = {name: statistics.median(taken) * 1000 for name, taken in times.items()}
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        return Size(
            count, middle["ours"], middle["flat"], middle["terms"],
            found / COUNT / len(questions), resident, second, size, built,
        )  # fmt: skip


def crossover(real: Vectors, questions: Vectors) -> None:
    """Prints what comparing all takes, and finding candidates, with the same vectors by turns."""
    for count in (5_000, 10_000, 20_000, 50_000):
        vectors = moved(real, real, count, np.random.default_rng(2))
        exact = FaissStore.build(vectors, exact_below=count + 1)
        candidates = FaissStore.build(vectors, exact_below=0)
        took: dict[bool, list[float]] = {True: [], False: []}
        for vector in questions:
            for store in (exact, candidates):
                began = time.perf_counter()
                store.search(vector, 50)
                took[store.exact].append((time.perf_counter() - began) * 1000)
        all_ms, few_ms = statistics.median(took[True]), statistics.median(took[False])
        print(f"{count:,}: all compared {all_ms:.2f} ms, candidates {few_ms:.2f} ms", flush=True)


def draw(sizes: Sequence[Size]) -> None:
    mpl.rcParams["svg.hashsalt"] = "quotewell"
    figure, (times, sets, recalls) = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    chunks = [one.chunks for one in sizes]
    times.loglog(chunks, [one.flat for one in sizes], "o--", label="exact, all compared")
    times.loglog(chunks, [one.ours for one in sizes], "o-", label="vectors, as served")
    times.loglog(chunks, [one.terms for one in sizes], "s-", label="terms (BM25)")
    times.set(title="Median time of a question", ylabel="ms")
    sets.loglog(chunks, [one.files for one in sizes], "o--", label="files")
    sets.loglog(chunks, [one.resident for one in sizes], "o-", label="resident, shared included")
    sets.loglog(chunks, [one.second for one in sizes], "s-", label="a second process, its share")
    sets.set(title="Memory and disk", ylabel="MB")
    recalls.semilogx(chunks, [one.recall for one in sizes], "o-")
    recalls.axhline(0.99, linestyle=":", color="grey")
    recalls.set(title="Recall of the ten nearest", ylim=(0.97, 1.002))
    for axes in (times, sets, recalls):
        axes.set_xlabel("chunks")
        axes.axvline(EXACT_BELOW, linestyle=":", color="grey")
        axes.grid(alpha=0.3)
    times.legend()
    sets.legend()
    figure.savefig(PLOT, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--sets", type=Path, default=Path(os.environ.get("EVAL_DATA") or "eval"))
    parser.add_argument("--texts", type=int, default=4000)
    parser.add_argument("--vectors", type=Path, help="kept from before, made where missing")
    parser.add_argument("--crossover", action="store_true")
    given = parser.parse_args()
    texts, asked = real_texts(given.sets, given.texts)
    if given.vectors and given.vectors.exists():
        kept = np.load(given.vectors)
        real, of_questions = kept["texts"], kept["questions"]
    else:
        embedder = SentenceEmbedder()
        real, of_questions = embedder.encode(texts), embedder.encode(asked)
        if given.vectors:
            np.savez(given.vectors, texts=real, questions=of_questions)
    tokenize = Tokenizer()
    terms = [one for one in map(tokenize, texts) if one]
    questions = moved(of_questions, real, QUESTIONS, np.random.default_rng(5))
    if given.crossover:
        crossover(real, questions)
        return
    words = [tokenize(asked[row % len(asked)]) for row in range(QUESTIONS)]
    sizes = []
    for count in (1_000, 10_000, 30_000, 100_000, 1_000_000):
        if count <= given.largest:
            sizes.append(measured(count, real, terms, words, questions))
            print(sizes[-1], flush=True)
            report(sizes, len(real))  # so that a run that is stopped has told of what it did


def report(sizes: Sequence[Size], texts: int) -> None:
    """Draws the plot and records the figures of what was measured so far."""
    draw(sizes)
    last = sizes[-1]
    what = f"of {last.chunks:,} chunks"
    record(
        "Growth to a million chunks",
        [
            *(
                Figure(f"{one.chunks:,} chunks, vectors", one.ours, one.flat, "ms", "exact flat")
                for one in sizes[:-1]
            ),
            Figure(f"{last.chunks:,} chunks, vectors", last.ours, last.flat, "ms", "exact flat",
                   "<= 0.05" if last.chunks == 1_000_000 else ""),
            Figure(f"recall of the ten nearest {what}", last.recall, 1.0, "", "exact", ">= 0.99"),
            Figure(f"resident memory {what}", last.resident, 1000.0, "MB", "1 GB", "<= 1"),
            Figure(f"a second process' share {what}", last.second, last.files, "MB", "the files"),
            Figure(f"terms {what}", last.terms, last.flat, "ms", "exact flat of vectors"),
        ],
        f"Building the indexes of {what[3:]} took {last.built:.0f} s; {texts:,} real texts.",
    )  # fmt: skip


if __name__ == "__main__":
    main()
