"""Nothing that is loaded can run code: no pickle, no model's own code, safetensors alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from qa.readers import front_matter
from tests.supply.installed import ROOT

SOURCES = sorted(
    [*(ROOT / "qa").rglob("*.py"), *(ROOT / "training").rglob("*.py"), ROOT / "app.py"]
)
RUNS_CODE = {
    "pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle",
}  # fmt: skip
CALLS = {"eval", "exec", "compile", "__import__"}
LOADERS = {"from_pretrained", "SentenceTransformer", "snapshot_download"}


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    return [
        (f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", node)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8"), path.name))
        if isinstance(node, ast.Call | ast.Import | ast.ImportFrom)
    ]


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Where, the call, and the last part of the name of what is called."""
    for where, node in nodes():
        if isinstance(node, ast.Call):
            called = node.func
            name = getattr(called, "attr", "") or getattr(called, "id", "")
            yield where, node, name


def given(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def test_no_library_that_runs_what_it_reads_is_imported() -> None:
    found = [
        where
        for where, node in nodes()
        for name in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        if name.partition(".")[0] in RUNS_CODE
    ]
    assert found == []


def test_no_text_is_run_as_code() -> None:
    plain = [where for where, call, name in calls() if name in CALLS and is_name(call)]
    assert plain == []


def is_name(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name)


def test_arrays_are_never_read_with_pickles() -> None:
    for where, call, name in calls():
        allowed = given(call, "allow_pickle")
        assert allowed is None or ast.unparse(allowed) == "False", where
        if name == "load" and ast.unparse(call.func) == "np.load":
            # Without a word NumPy itself refuses pickles; a caller must not pass the choice on.
            assert not any(one.arg is None for one in call.keywords), where
        assert ast.unparse(call.func) not in ("torch.load", "torch.jit.load"), where
        if ast.unparse(call.func) == "yaml.load":
            assert ast.unparse(call).endswith("Loader=_Loader)"), where
            assert issubclass(front_matter._Loader, yaml.SafeLoader)


def test_no_model_may_bring_code_and_weights_are_safetensors() -> None:
    loaders = [(where, call) for where, call, name in calls() if name in LOADERS]
    assert loaders
    for where, call in loaders:
        text = ast.unparse(call)
        assert "trust_remote_code=True" not in text, where
        models = ("AutoModel", "SentenceTransformer(")
        if text.startswith(models):
            assert "use_safetensors" in text or "model_kwargs" in text, where


def test_the_weights_that_come_along_are_safetensors() -> None:
    odd = {".bin", ".pt", ".pth", ".pkl", ".ckpt", ".h5", ".joblib", ".npz"}
    data: list[Path] = [path for path in (ROOT / "qa").rglob("*") if path.suffix in odd]
    assert data == []
