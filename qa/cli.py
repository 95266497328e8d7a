"""The command line. The only part that prints, and that draws progress.

Heavy modules are imported inside the commands, so that `qa --help` answers at once.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, cast

import typer

from qa import __version__
from qa.errors import QuestionError, QuotewellError

if TYPE_CHECKING:
    from io import TextIOWrapper

    from qa.assistant import Assistant
    from qa.evaluation import Outcome
    from qa.index import Progress
    from qa.settings import Settings
    from qa.types import Embedder

__all__ = ["app", "main"]

app = typer.Typer(
    name="qa",
    help="Answers questions with word-for-word quotes from your documents, or says plainly that "
    "they do not answer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Corpus = Annotated[
    Path | None, typer.Option("--corpus", help="Folder of documents [QA_CORPUS, qa.toml]")
]
Index = Annotated[
    Path | None, typer.Option("--index", help="Folder of the built index [QA_INDEX, qa.toml]")
]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file [QA_CONFIG]")]


def main() -> None:
    """Runs the command line; errors that somebody can mend are shown without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # Quotes hold characters of any script, which a terminal's own encoding may lack.
        cast("TextIOWrapper", stream).reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except QuotewellError as error:
        print(f"qa: {error}", file=sys.stderr)
        sys.exit(2)
    except (BrokenPipeError, SystemExit) as end:
        # Whoever read our output has gone, which is no error: `qa ask --jsonl ... | head`.
        if not any(isinstance(one, BrokenPipeError) for one in (end, end.__context__)):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # for what is written out at exit
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"quotewell {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


def _settings(
    corpus: Path | None = None,
    index: Path | None = None,
    config: Path | None = None,
    **serve: Any,
) -> Settings:
    from qa.settings import load_settings

    return load_settings(config=config, corpus=corpus, index=index, **serve)


def _assistant(
    settings: Settings, index: Path | None = None, embedder: Embedder | None = None
) -> Assistant:
    from qa.assistant import Assistant
    from qa.embedding import SentenceEmbedder

    texts = settings.safety_texts()
    texts.validate()  # before the model is loaded: it is the quicker thing to mend
    embedder = embedder or SentenceEmbedder(settings.embedding.model, settings.embedding.backend)
    return Assistant(index or settings.index, embedder, texts, settings.policy())


@app.command()
def build(
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
    force: Annotated[bool, typer.Option(help="Build even if nothing has changed.")] = False,
    download: Annotated[
        bool, typer.Option(help="Allow fetching a model that qa.toml names.")
    ] = False,
) -> None:
    """Build the index of the documents, unless it is up to date."""
    from qa.embedding import SentenceEmbedder
    from qa.index import build as build_index
    from qa.index import is_current

    settings = _settings(corpus, index, config)
    options = settings.build_options()
    model, backend = settings.embedding.model, settings.embedding.backend
    embedder = SentenceEmbedder(model, backend, download=download)
    if not force and is_current(settings.corpus, settings.index, embedder.identity, options):
        print(f"The index at {settings.index} is up to date.")
        return
    with _progress() as progress:
        report = build_index(settings.corpus, settings.index, embedder, options, progress)
    for name in report.passed_over:
        print(f"Passed over: {name} (no reader for this kind of file)", file=sys.stderr)
    print(
        f"Built {report.generation}: {report.documents} documents, {report.chunks} chunks, "
        f"{report.sentences} sentences."
    )


def _progress() -> AbstractContextManager[Progress]:
    from qa.progress import bars

    return bars()


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    jsonl: Annotated[
        str | None,
        typer.Option(
            "--jsonl",
            metavar="FILE",
            help='Answer lines {"qid", "question", "documents"?} of FILE (- is standard input).',
        ),
    ] = None,
    trace: Annotated[
        bool, typer.Option(help="Add what was held back, and why, to JSON answers.")
    ] = False,
    document: Annotated[
        list[str] | None, typer.Option(help="Search only this document; may be repeated.")
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Ask a question, or a file of questions."""
    if (question is None) == (jsonl is None):
        raise QuestionError('Give either a question or --jsonl FILE: qa ask "Is it safe?"')
    from qa.asked import open_lines
    from qa.report import answer_text

    settings = _settings(corpus, index, config)
    if jsonl is not None:
        with open_lines(jsonl) as lines:
            _answer_lines(_assistant(settings), lines, jsonl, document, trace)
        return
    answer = _assistant(settings).ask(question or "", documents=document, trace=trace)
    if as_json or trace:
        print(json.dumps(answer.to_dict(trace=trace), ensure_ascii=False, indent=2))
    else:
        print(answer_text(answer))


def _answer_lines(
    assistant: Assistant, lines: BinaryIO, name: str, document: list[str] | None, trace: bool
) -> None:
    from qa.asked import read_asked

    for asked in read_asked(lines, name):
        documents = document if asked.documents is None else asked.documents
        answer = assistant.ask(asked.question, documents=documents, qid=asked.qid, trace=trace)
        print(json.dumps(answer.to_dict(trace=trace), ensure_ascii=False), flush=True)


@app.command()
def serve(
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
    host: Annotated[str | None, typer.Option(help="Address to listen at.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at; 0 takes a free one.")] = None,
) -> None:
    """Serve the patient's page, the documents and the JSON API."""
    settings = _settings(corpus, index, config, host=host, port=port)
    settings.safety_texts().validate()
    from qa.web.server import run

    logging.getLogger("qa").setLevel(logging.INFO)
    run(settings, on_ready=lambda url: print(f"Quotewell is ready at {url}", flush=True))


@app.command()
def status(corpus: Corpus = None, index: Index = None, config: Config = None) -> None:
    """Show what is served, and whether it is up to date."""
    from qa.embedding import identify
    from qa.generation import load
    from qa.index import is_current
    from qa.publishing import generations

    settings = _settings(corpus, index, config)
    generation = load(settings.index)
    manifest, counts = generation.manifest, generation.manifest["counts"]
    model = identify(settings.embedding.model, settings.embedding.backend)
    current = is_current(settings.corpus, settings.index, model, settings.build_options())
    rows = {
        "Settings": settings.config or "none found",
        "Corpus": settings.corpus,
        "Index": settings.index,
        "Generation": generation.name,
        "Built": manifest["built_at"],
        "Model": f"{manifest['model']['model']} ({manifest['model']['backend']})",
        "Documents": counts["documents"],
        "Chunks": counts["chunks"],
        "Sentences": counts["sentences"],
        "Kept generations": len(generations(settings.index)),
        "Up to date": "yes" if current else "no: run `qa build`",
    }
    for name, value in rows.items():
        print(f"{name + ':':<18}{value}")
    for document in generation.documents:
        facts = [f"{key} {document.metadata(key)}" for key in ("version", "reviewed", "review_by")
                 if document.metadata(key)]  # fmt: skip
        print(f"  {document.id}: {document.title}" + (f" ({', '.join(facts)})" if facts else ""))


@app.command()
def verify(corpus: Corpus = None, index: Index = None, config: Config = None) -> None:
    """Check every file, hash, chunk and vector of the index; exit code 1 if anything is wrong."""
    from qa.generation import verify as verify_index

    settings = _settings(corpus, index, config)
    problems = verify_index(settings.index)
    for problem in problems:
        print(f"- {problem}")
    print(f"{len(problems)} problems in {settings.index}." if problems else "The index is sound.")
    if problems:
        raise typer.Exit(1)


@app.command()
def test(
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
    questions: Annotated[
        Path | None, typer.Option(help="Golden questions [questions.csv in the corpus]")
    ] = None,
    misses: Annotated[bool, typer.Option(help="List the questions that went wrong.")] = False,
    sweep: Annotated[
        bool, typer.Option(help="Show what other thresholds would do to the tuned questions.")
    ] = False,
) -> None:
    """Ask the golden questions; exit code 1 where the figures are under the floor."""
    from qa.evaluation import FLOOR, figures, judge
    from qa.golden import check_golden, read_golden
    from qa.report import figures_table, miss_text, sweep_table

    settings = _settings(corpus, index, config)
    golden = read_golden(questions or settings.corpus / "questions.csv")
    assistant = _assistant(settings)
    problems = check_golden(golden, assistant.document)
    if problems:
        raise QuestionError("The golden questions do not fit:\n  " + "\n  ".join(problems))
    outcomes: list[Outcome] = []
    with _progress() as progress:
        for one in golden:
            outcomes.append(judge(one, assistant))
            progress("Asking", len(outcomes), len(golden))
    parts = {
        "tuned": [one for one in outcomes if not one.golden.held],
        "held": [one for one in outcomes if one.golden.held],
        "all": outcomes,
    }
    rates = {name: figures(part, assistant.document) for name, part in parts.items()}
    print(figures_table(rates, None if sys.stdout.isatty() else 132))
    if sweep:
        print(sweep_table(parts["tuned"]))
    if misses:
        print("\n".join(miss_text(one) for one in outcomes if not one.passed))
    below = rates["all"].below(FLOOR)
    for name in below:
        rate = getattr(rates["all"], name)
        print(f"Under the floor: {rate.name} {rate.share:.0%}, floor {getattr(FLOOR, name):.0%}.")
    if below:
        raise typer.Exit(1)


@app.command("eval")
def evaluate(
    set_folder: Annotated[Path, typer.Argument(help="Folder of an evaluation set.")],
    work: Annotated[
        Path | None, typer.Option(help="Where its index is kept [a temporary folder]")
    ] = None,
    every: Annotated[int, typer.Option(min=1, help="Ask only every n-th question.")] = 1,
    as_json: Annotated[
        typer.FileTextWrite | None,
        typer.Option("--json", metavar="FILE", lazy=False, help="Write the figures there too."),
    ] = None,
    config: Config = None,
) -> None:
    """Measure answers on an evaluation set, beside BM25 and other simple systems."""
    from qa.comparison import default_work, run_set
    from qa.embedding import SentenceEmbedder
    from qa.report import comparison_table

    settings = _settings(config=config)
    settings.safety_texts().validate()  # before hours of building
    embedder = SentenceEmbedder(settings.embedding.model, settings.embedding.backend)
    with _progress() as progress:
        made = run_set(
            set_folder,
            work or default_work(),
            every,
            embedder,
            settings.build_options(),
            lambda index: _assistant(settings, index, embedder),
            progress,
        )
    print(comparison_table(made, None if sys.stdout.isatty() else 160))
    if as_json:
        json.dump(made.to_dict(), as_json, indent=1)


if __name__ == "__main__":
    main()
