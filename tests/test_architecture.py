"""The design's layers, held by reading the code: who may import whom, and what stands where."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "qa"
MAX_LINES = 350

NOUNS = {"document", "types", "errors", "unicode_forms"}
LAYERS: list[dict[str, set[str]]] = [
    # Each layer knows the layers above it in this list; within a layer a module knows only what
    # is named here beside it.
    {
        "document": set(),
        "errors": set(),
        "types": {"document", "errors"},
        "unicode_forms": set(),
    },
    {
        "corpus": {"catalogue", "chunking", "metadata", "readers", "reading_apart", "standing"},
        "catalogue": {"metadata"},
        "metadata": set(),
        "standing": set(),
        "apart": set(),
        "readers": set(),
        "reading_apart": {"apart", "readers"},
        "chunking": set(),
        "model_folder": {"strict_json"},
        "torch_packages": set(),
        "embedding": {"model_folder", "torch_packages"},
        "onnx_session": set(),
        "exporting": set(),
        "exported": {"room", "strict_json"},
        "onnx_embedder": {"exported", "onnx_session"},
        "batching": {"embedding"},
        "embedding_export": {"embedding", "exported", "exporting", "onnx_embedder"},
        "span_files": {"torch_packages"},
        "span_model": {"span_files"},
        "vector_store": set(),
        "faiss_file": set(),
        "vectors": {"array_file", "faiss_file"},
        "postings": set(),
        "milvus_client": set(),
        "milvus_store": {"milvus_client", "vector_store"},
        "milvus_ledger": {"publishing"},
        "milvus_engine": {
            "milvus_client",
            "milvus_ledger",
            "milvus_store",
            "vector_store",
        },
        "lexical": {"array_file", "postings", "strict_json"},
        "lexicon": set(),
        "shorthand": set(),
        "spelling": {"lexical", "lexicon", "shorthand"},
        "synonyms": set(),
        "wording": set(),
        "mentions": {"synonyms"},
        "array_file": set(),
        "recent": set(),
        "mention_table": {"array_file", "mentions"},
        "message_language": set(),
        "strict_json": set(),
        "records": {"generation_files"},
        "document_table": {"array_file", "recent", "records", "strict_json"},
        "chunk_table": {"array_file", "document_table", "recent", "records"},
        "split_texts": {"chunk_table", "document_table", "parts", "records"},
        "private_file": set(),
        "store": {"private_file"},
        "history": {"strict_json"},
        "publishing": {"array_file", "history"},
        "pruning": {"history", "publishing", "vector_store"},
        "generation_files": {"publishing", "strict_json"},
        "building": set(),
        "room": set(),
        "page_files": {"array_file"},
        "page_marks": set(),
        "page_drawing": {"apart", "page_marks", "readers"},
        "page_image": {"apart", "page_files", "page_marks"},
        "snapshot": {"corpus"},
        "embedding_cache": set(),
        "processor": set(),
        "parts": {"chunking", "embedding"},
    },
    {
        "generation": set(),
        "filling": {"generation"},
        "reproduction": {"generation"},
        "live": {"generation"},
        "kept": {"generation"},
        "view": {"generation"},
        "reuse": {"generation"},
        "build_plan": {"generation", "reuse"},
        "build_report": set(),
        "generation_maker": {"build_plan", "build_report", "generation", "reuse"},
        "ray_cluster": set(),
        "ray_worker": {"reuse"},
        "ray_embedding": {"ray_cluster", "ray_worker"},
        "transfer_members": set(),
        "transfer_places": set(),
        "transfer": {"build_plan", "generation", "reuse", "transfer_members", "transfer_places"},
        "index": {
            "build_plan",
            "build_report",
            "filling",
            "generation",
            "generation_maker",
            "reuse",
        },
    },
    {
        "search": set(),
        "reader": set(),
        "span_reader": {"reader"},
        "packing": set(),
        "reader_weights": set(),
        "evidence_head": {"packing"},
        "evidence_network": {"evidence_head", "packing"},
        "evidence_model": {"evidence_network", "packing"},
        "evidence_session": {"evidence_head", "packing"},
        "evidence_export": {"evidence_model", "evidence_session", "packing", "reader_weights"},
        "confidence": set(),
        "trained_reader": {"confidence", "reader"},
        "reading": {
            "confidence",
            "evidence_export",
            "evidence_model",
            "reader",
            "reader_weights",
            "span_reader",
            "trained_reader",
        },
        "limits": set(),
        "marked": {"limits"},
        "quoting": {"limits", "marked"},
        "spans": set(),
        "carrying": {"marked", "quoting", "spans"},
        "repeats": set(),
        "answer": {"carrying", "quoting", "repeats", "spans"},
        "lookalikes": set(),
        "disguises": {"danger_patterns"},
        "safety": {"danger_patterns", "danger_patterns_es", "disguises", "lookalikes"},
        "danger_patterns": set(),
        "notices": {"safety"},
        "danger_patterns_es": {"danger_patterns"},
        "danger_model": {"safety"},
        "detector": {"danger_model", "query", "safety"},
        "brief_detector": {"detector", "safety"},
        "noticeboard": {"notices", "safety"},
        "bounds": set(),
        "calibration": {"answer"},
        "receipt": {"answer"},
        "related": set(),
        "refusal": {"answer", "related"},
        "subject": set(),
        "pronouns": {"subject"},
        "dependence": {"pronouns", "subject"},
        "follow_up": {"dependence", "pronouns", "subject"},
        "query": set(),
        "read_back": {"answer"},
        "composing": {"answer", "safety"},
        "names": set(),
        "redaction_patterns": set(),
        "redaction_patterns_es": {"redaction_patterns"},
        "redaction": {"names", "redaction_patterns", "redaction_patterns_es"},
        "feedback": {"query", "safety"},
        "question_log": {"feedback"},
        "spreadsheet": set(),
    },
    {
        "looking": set(),
        "tracing": {"looking"},
        "why": {"tracing"},
        "assistant": {"looking", "tracing"},
    },
    {
        "settings": {"settings_tables"},
        "settings_tables": set(),
        "assembly": {"keeping", "settings", "staff"},
        "asked": set(),
        "golden": set(),
        "evaluation": {"golden"},
        "probes": {"evaluation", "golden"},
        "calibrating": {"evaluation"},
        "suggestions": {"evaluation", "golden"},
        "gate": {"evaluation", "golden"},
        "publishing_report": {"gate", "report"},
        "releasing": {"gate", "golden"},
        "replaying": set(),
        "alignment": {"golden"},
        "golden_cells": set(),
        "relocating": {"golden"},
        "difference": {"alignment", "evaluation", "golden"},
        "comparing": {"alignment", "difference", "evaluation", "golden"},
        "difference_report": {"difference", "report"},
        "difference_page": {"difference", "difference_report", "evaluation"},
        "evaluation_sets": set(),
        "judging": {"evaluation_sets"},
        "measures": {"evaluation", "judging"},
        "baselines": {"judging"},
        "comparison": {"evaluation_sets", "judging", "measures", "baselines"},
        "report": {"evaluation", "comparison", "golden", "measures"},
        "progress": set(),
        "watching": set(),
        "records_report": set(),
        "standing_report": set(),
        "keeping": {"settings"},
        "staff": {
            "calibrating",
            "comparing",
            "difference",
            "difference_page",
            "difference_report",
            "evaluation",
            "gate",
            "golden",
            "golden_cells",
            "publishing_report",
            "releasing",
            "relocating",
            "report",
        },
        "web": {
            "settings",
            "asked",
            "assembly",
            "evaluation",
            "golden",
            "keeping",
            "staff",
            "suggestions",
        },
        "readability": set(),
        "doctor": {"golden", "readability"},
        "cli": {
            "keeping",
            "settings",
            "assembly",
            "asked",
            "golden",
            "evaluation",
            "comparison",
            "report",
            "standing_report",
            "calibrating",
            "progress",
            "cli_build",
            "cli_diff",
            "cli_doctor",
            "cli_faults",
            "cli_measure",
            "cli_options",
            "cli_publish",
            "cli_streams",
            "cli_transfer",
            "cli_records",
            "cli_users",
            "cli_verify",
            "web",
        },
        "cli_build": {"assembly", "cli_options", "progress", "watching"},
        "cli_transfer": {"assembly", "cli_options"},
        "cli_diff": {
            "assembly",
            "cli_options",
            "comparing",
            "difference",
            "difference_page",
            "difference_report",
            "golden",
            "keeping",
            "golden_cells",
            "progress",
            "relocating",
            "replaying",
            "report",
        },
        "cli_faults": set(),
        "cli_streams": set(),
        "cli_doctor": {"assembly", "cli_options", "doctor"},
        "cli_options": {"settings"},
        "cli_publish": {
            "assembly",
            "cli_options",
            "golden",
            "progress",
            "publishing_report",
            "releasing",
        },
        "cli_verify": {"cli_options", "cli_publish"},
        "cli_users": {"cli_options", "settings_tables", "staff"},
        "cli_records": {"keeping", "cli_options", "records_report"},
        "cli_measure": {
            "assembly",
            "probes",
            "cli_options",
            "golden",
            "evaluation",
            "comparison",
            "report",
            "calibrating",
            "progress",
            "staff",
        },
    },
]
PURE = {
    "recent",
    "search",
    "reader",
    "limits",
    "marked",
    "quoting",
    "spans",
    "carrying",
    "repeats",
    "answer",
    "bounds",
    "related",
    "refusal",
    "lexicon",
    "subject",
    "pronouns",
    "dependence",
    "follow_up",
    "lookalikes",
    "disguises",
    "safety",
    "danger_patterns",
    "names",
    "redaction_patterns",
    "redaction_patterns_es",
    "redaction",
    "danger_patterns_es",
    "evaluation",
    "golden",
    "alignment",
    "difference",
    "comparing",
    "relocating",
    "evaluation_sets",
    "judging",
    "measures",
    "standing",
}
"""Modules that know no files' format, model or FAISS: they import nouns and their own kind only."""
COMMANDS = {path.relative_to(ROOT).as_posix() for path in PACKAGE.glob("cli*.py")}
"""The command line, a module for each kind of command."""
ONLY_IN = {
    "faiss": {"qa/vectors.py"},
    "onnx": {"qa/exporting.py"},
    "onnxruntime": {"qa/exporting.py", "qa/onnx_session.py"},
    "pymilvus": {"qa/milvus_client.py", "qa/milvus_engine.py"},
    "sentence_transformers": {"qa/embedding.py"},
    "tokenizers": {"qa/evidence_session.py", "qa/onnx_embedder.py"},
    "transformers": {"qa/embedding.py", "qa/evidence_model.py", "qa/span_files.py"},
    "torch": {
        "qa/exporting.py",
        "qa/embedding.py",
        "qa/evidence_model.py",
        "qa/evidence_network.py",
        "qa/span_files.py",
        "qa/span_model.py",
    },
    "huggingface_hub": {"qa/model_folder.py", "qa/span_files.py"},
    "babel": {"qa/metadata.py", "qa/wording.py"},
    "bm25s": {"qa/lexical.py"},
    "sentencex": {"qa/chunking.py"},
    "docx": set(),  # only the tests make Word files; see qa/readers/docx_package.py
    "lxml": {"qa/readers/xml.py"},
    "markdown_it": {"qa/doctor/links.py", "qa/readers/markdown.py"},
    "pypdfium2": {
        "qa/page_drawing.py",
        "qa/readers/pdf.py",
        "qa/readers/pdf_characters.py",
        "qa/readers/pdf_codes.py",
        "qa/readers/pdf_file.py",
        "qa/readers/pdf_fonts.py",
        "qa/readers/pdf_objects.py",
        "qa/readers/pdf_rules.py",
        "qa/readers/pdf_struck.py",
        "qa/readers/pdf_untold.py",
        "qa/readers/pdf_visibility.py",
        "qa/readers/pdf_words.py",
    },
    "selectolax": {
        "qa/doctor/links.py",
        "qa/readers/epub.py",
        "qa/readers/html.py",
        "qa/readers/html_blocks.py",
        "qa/readers/html_lists.py",
        "qa/readers/html_main.py",
        "qa/readers/html_marks.py",
        "qa/readers/html_math.py",
        "qa/readers/html_outline.py",
        "qa/readers/html_parsing.py",
        "qa/readers/html_survey.py",
        "qa/readers/html_table.py",
        "qa/readers/html_seen.py",
        "qa/readers/html_sentence.py",
        "qa/readers/page_answers.py",
        "qa/readers/page_elements.py",
        "qa/readers/selectors.py",
        "qa/readers/style_rules.py",
        "qa/readers/style_sheets.py",
    },
    "tinycss2": {"qa/readers/css_syntax.py"},
    "charset_normalizer": {"qa/readers/decoding.py"},
    "yaml": {"qa/readers/front_matter.py"},
    "scipy": {"qa/bounds.py", "qa/staff/refused_topics.py"},
    "filelock": {
        "qa/exported.py",
        "qa/building.py",
        "qa/publishing.py",
        "qa/staff/golden_book.py",
        "qa/staff/settings_file.py",
    },
    "matplotlib": {"qa/staff/plots.py"},
    "tomlkit": {"qa/staff/toml_edit.py"},
    "PIL": {"qa/page_marks.py"},
    "sqlite3": {"qa/embedding_cache.py", "qa/staff/file.py", "qa/store.py"},
    "argon2": {"qa/staff/passwords.py"},
    "authlib": {"qa/staff/oidc.py"},
    "joserfc": {"qa/staff/oidc.py"},
    "watchfiles": {"qa/watching.py"},
    "phonenumbers": {"qa/redaction_patterns.py"},
    "pydantic_settings": {"qa/settings.py"},
    "typer": COMMANDS,
    "ray": {"qa/ray_cluster.py", "qa/ray_worker.py"},
    "rich": {"qa/progress.py", "qa/records_report.py", "qa/report.py"},
}
ONLY_IN_WEB = ("gradio", "fastapi", "starlette", "uvicorn", "jinja2")
MAY_READ_SETTINGS = {
    "app.py",
    "qa/assembly.py",
    "qa/cli_options.py",
    "qa/keeping.py",
    "qa/web/server.py",
}
MAY_PRINT = {"app.py", *COMMANDS}
# Where a sentence ends the browser asks of `chunking`, as quotes do; it knows of no chunk.
WEB_KNOWS = {
    "strict_json",
    "document",
    "types",
    "errors",
    "assistant",
    "safety",
    "evaluation",
    "notices",
    "wording",
    "chunking",
    "feedback",
    "related",
    "query",
    "message_language",
    "page_image",
    "standing",
    "staff",
}
SERVER_KNOWS = WEB_KNOWS | {"assembly", "embedding", "golden", "keeping", "settings", "suggestions"}

FILES = sorted([*PACKAGE.rglob("*.py"), ROOT / "app.py"])
NAMES = [path.relative_to(ROOT).as_posix() for path in FILES]


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """All that a file is made of; read once, since many tests ask."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Full names of all modules that a file imports, inside functions too."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts_of_qa(path: Path) -> set[str]:
    """The first-level parts of the package that a file imports."""
    found = {name.split(".")[1] for name in imports(path) if name.startswith("qa.")}
    return {
        part for part in found if (PACKAGE / part).is_dir() or (PACKAGE / f"{part}.py").is_file()
    }


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def layer_of(part: str) -> int:
    [layer] = [number for number, layer in enumerate(LAYERS) if part in layer]
    return layer


MODULES = [
    path for path in FILES if path.is_relative_to(PACKAGE) and not path.name.startswith("__")
]


def test_every_part_of_the_package_has_its_layer() -> None:
    parts = {part_of(path) for path in FILES if path != ROOT / "app.py"} - {"__init__", "__main__"}
    assert parts == {part for layer in LAYERS for part in layer}


def named(found: Mapping[Path, object]) -> dict[str, object]:
    """What was found wrong, by file; files with nothing wrong are left out."""
    return {path.relative_to(ROOT).as_posix(): wrong for path, wrong in found.items() if wrong}


def test_imports_go_down_the_layers() -> None:
    assert named({path: parts_of_qa(path) - allowed_in(part_of(path)) for path in MODULES}) == {}


def allowed_in(part: str) -> set[str]:
    layer = layer_of(part)
    return {one for above in LAYERS[:layer] for one in above} | LAYERS[layer][part] | {part}


def test_the_layers_themselves_are_no_circle() -> None:
    for layer in LAYERS:
        assert all(beside <= set(layer) for beside in layer.values())
        for part, beside in layer.items():
            assert not any(part in layer[other] for other in beside)


def test_deciding_knows_no_files_models_or_faiss() -> None:
    paths = [PACKAGE / f"{part}.py" for part in PURE]
    assert named({path: parts_of_qa(path) - NOUNS - PURE for path in paths}) == {}


def test_the_staffs_pages_know_no_search_and_no_index() -> None:
    unknown = {"embedding", "generation", "index", "lexical", "search", "settings", "vectors"}
    paths = [path for path in MODULES if path.parent == PACKAGE / "web" / "staff"]
    assert named({path: parts_of_qa(path) & unknown for path in paths}) == {}


def test_the_browser_knows_no_search_and_no_index() -> None:
    found = {
        path: parts_of_qa(path)
        - {"web"}
        - (SERVER_KNOWS if path.name == "server.py" else WEB_KNOWS)
        for path in MODULES
        if path.parent.name == "web"
    }
    assert named(found) == {}


def test_settings_are_read_at_the_edge_only() -> None:
    assert {
        name for name, path in zip(NAMES, FILES, strict=True) if "settings" in parts_of_qa(path)
    } == (MAY_READ_SETTINGS)


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_library_is_imported_in_its_place_only(library: str) -> None:
    users = {
        name
        for name, path in zip(NAMES, FILES, strict=True)
        if any(one == library or one.startswith(f"{library}.") for one in imports(path))
    }
    assert users <= ONLY_IN[library]


@pytest.mark.parametrize("library", ONLY_IN_WEB)
def test_the_webs_libraries_are_imported_in_the_web_only(library: str) -> None:
    for name, path in zip(NAMES, FILES, strict=True):
        if not name.startswith("qa/web/"):
            assert not any(one.split(".")[0] == library for one in imports(path)), name


def test_only_the_command_line_prints() -> None:
    assert named({path: prints(path) for path in FILES}).keys() <= MAY_PRINT


def prints(path: Path) -> list[int]:
    """The lines that print or ask."""
    return [
        node.lineno
        for node in nodes_of(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "input", "breakpoint")
    ]


@pytest.mark.parametrize("name", sorted(COMMANDS - {"qa/cli_options.py"}))
def test_nothing_that_a_command_prints_steers_the_terminal(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "print(" not in text or "from qa.cli_options import put as print" in text


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_normal_forms_are_taken_where_their_time_is_bounded(path: Path) -> None:
    calls = [
        node.lineno
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute) and node.attr in ("normalize", "is_normalized")
        if isinstance(node.value, ast.Name) and node.value.id == "unicodedata"
    ]
    assert not calls or path.name == "unicode_forms.py", calls


DATA = {"qa/danger_patterns.py", "qa/danger_patterns_es.py"}
"""Tables rather than code."""


def test_no_module_is_too_long() -> None:
    lines = {
        name: len(path.read_text("utf-8").splitlines())
        for name, path in zip(NAMES, FILES, strict=True)
    }
    assert {name: long for name, long in lines.items() if long > MAX_LINES}.keys() <= DATA


def test_every_module_says_what_it_is_for_and_what_it_offers() -> None:
    for path in MODULES:
        says_what_it_is_for_and_what_it_offers(path)


def says_what_it_is_for_and_what_it_offers(path: Path) -> None:
    tree = nodes_of(path)[0]
    assert isinstance(tree, ast.Module)
    assert ast.get_docstring(tree), f"{path}: a docstring"
    offered = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and any(isinstance(to, ast.Name) and to.id == "__all__" for to in node.targets)
    ]
    assert len(offered) == 1, f"{path}: one __all__"
    defined = {
        name
        for node in tree.body
        for name in (
            [node.name]
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            else [alias.asname or alias.name for alias in node.names]
            if isinstance(node, ast.Import | ast.ImportFrom)
            else [node.target.id]
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
            else [to.id for to in node.targets if isinstance(to, ast.Name)]
            if isinstance(node, ast.Assign)
            else []
        )
    }
    inner = {node.id for node in nodes_of(path) if isinstance(node, ast.Name)}
    assert set(offered[0]) <= defined | inner, path
