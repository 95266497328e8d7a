"""Measures answers on the public evaluation sets through the real program.

    python tests/benchmarks/quality.py covidfaq patients        scores of the sets named
    python tests/benchmarks/quality.py patients --sweep reader  the same for other reader weights
    python tests/benchmarks/quality.py patients --sweep chunk   the same for other chunk sizes

They read with the reader that qa.toml or QA_READING__MODEL names; see docs/readers.md.
The sets lie outside the project, in the folder EVAL_DATA (default: ../shared/eval beside the
checkout). Prints one line of JSON a run. Indexes are kept in --work between runs.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from qa.answer import Policy
from qa.assistant import Assistant
from qa.chunking import BuildOptions
from qa.embedding import SentenceEmbedder
from qa.index import build, is_current
from qa.reader import ReaderWeights
from qa.reading import by_similarity, reading
from qa.settings import load_settings
from qa.types import Answer

ROOT = Path(__file__).resolve().parents[2]
_WEIGHTS = (
    ReaderWeights(0.45, 0.25, 0.3),
    ReaderWeights(0.5, 0.25, 0.25),
    ReaderWeights(0.45, 0.2, 0.35),
    ReaderWeights(0.55, 0.2, 0.25),
    ReaderWeights(0.45, 0.35, 0.2),
    ReaderWeights(0.4, 0.3, 0.3),
    ReaderWeights(0.67, 0.33, 0.0),
    ReaderWeights(1.0, 0.0, 0.0),
)
DATA = Path(os.environ.get("EVAL_DATA", ROOT.parent / "shared" / "eval"))


def main() -> None:
    """Reads the command line, runs, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--sweep", choices=("reader", "chunk"))
    parser.add_argument("--every", type=int, default=1, help="ask only every n-th question")
    parser.add_argument("--work", type=Path, default=Path("/tmp/quotewell-quality"))
    options = parser.parse_args()
    scorer = _scorer()
    embedder = SentenceEmbedder()
    for name in options.sets:
        for label, build_options, weights in _variants(options.sweep):
            index = _index(scorer, name, options.work, embedder, build_options)
            scores = _run(scorer, name, index, embedder, weights, options.every)
            print(json.dumps({"variant": label} | scores), flush=True)


def _scorer() -> ModuleType:
    path = DATA / "score_quotes.py"
    if not path.is_file():
        sys.exit(f"There are no evaluation sets at {DATA}. Set EVAL_DATA to their folder.")
    spec = importlib.util.spec_from_file_location("score_quotes", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _variants(sweep: str | None) -> Iterator[tuple[str, BuildOptions, ReaderWeights | None]]:
    if sweep == "reader":
        for weights in _WEIGHTS:
            yield str(weights), BuildOptions(), weights
    elif sweep == "chunk":
        for target in (60, 110, 160, 220):
            yield f"chunks of {target} tokens", BuildOptions(target_tokens=target), None
    else:
        yield "as shipped", BuildOptions(), None


def _index(
    scorer: ModuleType, name: str, work: Path, embedder: SentenceEmbedder, options: BuildOptions
) -> Path:
    corpus = work / name / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for document in scorer.corpus(name):
        text = f"{document['title']}\n\n{document['text']}\n"
        (corpus / scorer.file_name(document["doc_id"])).write_text(text, encoding="utf-8")
    index = work / name / f"index-{options.target_tokens}"
    if not is_current(corpus, index, embedder.identity, options):
        build(corpus, index, embedder, options)
    return index


def _run(
    scorer: ModuleType,
    name: str,
    index: Path,
    embedder: SentenceEmbedder,
    weights: ReaderWeights | None,
    every: int,
) -> dict[str, Any]:
    settings = load_settings()
    reader = by_similarity(weights) if weights else reading(settings.reading.model)
    assistant = Assistant(index, embedder, settings.safety_texts(), Policy(), reader=reader)
    questions = scorer.questions(name)
    if every > 1:
        kept = {q["qid"] for q in [q for q in questions if not q.get("twin_of")][::every]}
        questions = [q for q in questions if q["qid"] in kept or q.get("twin_of") in kept]
    answers = []
    for question in questions:
        within = [scorer.file_name(question["about_doc_id"])] if name in scorer.SENTENCES else None
        answer = assistant.ask(question["question"], documents=within, trace=True)
        answers.append({"qid": question["qid"]} | _as_scored(answer))
    scores: dict[str, Any] = scorer.score(name, questions, answers)
    return scores


def _as_scored(answer: Answer) -> dict[str, Any]:
    shown = answer.quotes or answer.held_back
    return {
        "refused": not answer.quotes,
        "confidence": answer.confidence,
        "quotes": [{"doc_id": quote.document_id, "text": quote.text} for quote in shown],
    }


if __name__ == "__main__":
    main()
