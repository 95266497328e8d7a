"""What the documents name exists: commands, so that nobody types one in vain, modules and tests."""

from __future__ import annotations

import ast
import re
import shlex
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

from qa.cli import app

ROOT = Path(__file__).resolve().parent.parent
_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(.*?)^\1", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_TEST = re.compile(r"`(tests/[\w./-]*)(?:::(\w+))?`")
_OPTION_ENDS = {"|", ">", "<", "&&", ";", "#", "\\", "2>"}


def documents() -> dict[str, str]:
    """README.md and SECURITY.md, which there must be, and whatever other pages there are."""
    found = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "SECURITY.md")}
    for path in sorted((ROOT / "docs").rglob("*.md")):
        found[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
    return found


def commands(text: str) -> list[list[str]]:
    """Commands that begin with `qa` or `make`, from code blocks and from code within a line."""
    lines = [line for block in _FENCE.findall(text) for line in block[1].split("\n")]
    lines += _INLINE.findall(_FENCE.sub("", text))
    found = []
    for line in lines:
        for part in re.split(r"\|\||&&|\||;", line.strip().removeprefix("$ ")):
            words = _words(part)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words = words[1:]
            if words[:3] == ["python", "-m", "qa"]:
                words = ["qa", *words[3:]]
            if words and words[0].split("/")[-1] in ("qa", "make"):
                found.append([words[0].split("/")[-1], *words[1:]])
    return found


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:  # a quotation mark that is no shell's
        return line.split()


def test_commands_are_found_where_they_stand() -> None:
    text = (
        'Type `qa ask "Why?"`, or `make`:\n\n```sh\n$ make run  # a remark\n'
        "QA_SERVE__PORT=1 qa serve --port 0 | head\ncd x && .venv/bin/qa status\nsqa build\n```\n"
        "~~~\npython -m qa verify\n~~~\nqa nothing\n"
    )
    assert commands(text) == [
        ["make", "run"],
        ["qa", "serve", "--port", "0"],
        ["qa", "status"],
        ["qa", "verify"],
        ["qa", "ask", "Why?"],
        ["make"],
    ]


@cache
def subcommands() -> dict[str, Any]:
    """The command line's commands by name, as click has them."""
    group: Any = typer.main.get_command(app)
    return dict(group.commands)


@cache
def targets() -> set[str]:
    text = (ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))


def problem(command: list[str]) -> str | None:
    """What is wrong with a command, if anything is."""
    program, *words = command
    if program == "make":
        wanted = [word for word in words if not word.startswith("-") and "=" not in word]
        missing = [word for word in wanted if word not in targets()]
        return f"the Makefile has no {missing[0]}" if missing else None
    if not words or words[0] in ("--help", "--version", "\u2026", "..."):
        return None
    known = subcommands().get(words[0])
    if known is None:
        return f"there is no command {words[0]}"
    if hasattr(known, "commands"):  # one that has commands of its own
        if len(words) == 1:
            return None
        return _problem_of_option(known.commands.get(words[1]), words[1:])
    return _problem_of_option(known, words)


def _problem_of_option(known: Any, words: list[str]) -> str | None:
    if known is None:
        return f"there is no command {words[0]}"
    options = {
        option
        for parameter in known.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    for word in words[1:]:
        if word in _OPTION_ENDS:
            break
        if word.startswith("--") and word.split("=")[0] not in options | {"--help"}:
            return f"{words[0]} has no option {word}"
    return None


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("make", None),
        ("make run", None),
        ("make PYTHON=python3.12 test", None),
        ("make coffee", "the Makefile has no coffee"),
        ("qa --help", None),
        ("qa build --force", None),
        ("qa build --fast", "build has no option --fast"),
        ("qa ask --jsonl - --document a.md", None),
        ("qa answer", "there is no command answer"),
        ("qa user add NAME --role staff", None),
        ("qa user add NAME --colour", "add has no option --colour"),
        ("qa user adopt", "there is no command adopt"),
    ],
)
def test_what_counts_as_wrong(command: str, wrong: str | None) -> None:
    assert problem(command.split()) == wrong


def test_every_command_in_the_documentation_exists() -> None:
    found = [
        (name, " ".join(command), problem(command))
        for name, text in documents().items()
        for command in commands(text)
    ]
    assert [one for one in found if one[2]] == []
    assert {command.split()[0] for _, command, _ in found} == {"qa", "make"}


def test_every_command_is_in_the_readme() -> None:
    used = {
        command[1]
        for command in commands(documents()["README.md"])
        if command[:1] == ["qa"] and command[1:]
    }
    assert set(subcommands()) <= used


def test_error_messages_name_commands_that_exist() -> None:
    texts = [path.read_text("utf-8") for path in (ROOT / "qa").rglob("*.py")]
    found = [
        command for text in texts for command in commands(text) if command[0] in ("qa", "make")
    ]
    assert len(found) > 5
    assert [(command, problem(command)) for command in found if problem(command)] == []


def test_the_map_of_the_readme_has_every_module_and_no_other() -> None:
    plan = documents()["README.md"].partition("\n## How it is made\n")[2].partition("\n## ")[0]
    named = [name for name in re.findall(r"`([^`]+)`", plan) if name.endswith((".py", "/"))]
    package = ROOT / "qa"
    parts = [path for path in package.iterdir() if path.name[0] not in "._"]
    modules = [path.name + "/" * path.is_dir() for path in parts if path.suffix in ("", ".py")]
    lacking = [
        one
        for one in modules
        if not any(fnmatch(one, name.removeprefix("qa/")) for name in named) and one != "data/"
    ]
    assert lacking == []
    gone = [name for name in named if not list(package.glob(name.removeprefix("qa/")))]
    assert gone == []


@cache
def functions_of(path: Path) -> frozenset[str]:
    """The names of a module's functions."""
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef))


@pytest.mark.parametrize("name", ["SECURITY.md", "docs/reliability.md"])
def test_what_is_promised_is_tested_by_what_is_there(name: str) -> None:
    named = _TEST.findall(documents()[name])
    assert len(named) > 5
    lacking = [
        f"{path}::{function}"
        for path, function in named
        if not (ROOT / path).exists() or (function and function not in functions_of(ROOT / path))
    ]
    assert lacking == []


def test_each_promise_of_security_names_a_test() -> None:
    section = documents()["SECURITY.md"].partition("\n## What is promised")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    promises = [row for row in rows if set(row) - set("|- ") and "| how it is tested |" not in row]
    assert len(promises) > 30
    assert [row for row in promises if not _TEST.search(row)] == []
