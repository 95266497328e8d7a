"""Every regular expression of the package, timed on texts that are made to slow it down."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import qa
from qa.errors import CorpusError
from qa.readers.front_matter import split_front_matter
from qa.readers.html import read_html
from qa.readers.markdown import read_markdown
from qa.readers.plain import read_plain
from qa.redaction import redact
from qa.safety import assess
from qa.unicode_forms import normal_form
from tests.little_work import least_seconds
from tests.pumping import GENERIC, pumped, pumps_of

LONG = 4_000
NEEDED = re.compile(r"(?m)^import re\b|_compiled|Pattern\b|patterns")
SEARCHED = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
WHOLE = frozenset({"match", "fullmatch"})
SLOW_S = 0.006
"""A squared expression needs twice that for `LONG` characters on a fast machine, and a linear one a
tenth of it."""
BOUNDED = {
    "qa.follow_up._DEFINED": 80,  # MAX_DEFINED
    "qa.readers.pdf_furniture._BARE": 80,  # _MOST_BARE
}
"""Expressions that are only ever given so many characters."""


def patterns_in(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 5 and isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from patterns_in(one, depth + 1)
    elif depth < 5 and isinstance(value, dict):
        yield from patterns_in(tuple(value.values()), depth + 1)
    elif depth < 5 and dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from patterns_in(getattr(value, field.name, None), depth + 1)


def uses_of(source: str, name: str) -> set[str]:
    """How a module asks an expression: as a search, or at one place only."""
    found = set(re.findall(rf"(?<!\w){re.escape(name)}\.(\w+)", source))
    at_one_place = found & WHOLE
    return at_one_place | ({"search"} if found & SEARCHED or not at_one_place else set())


def written_out(tree: ast.Module) -> Iterator[tuple[int, str, re.Pattern[str]]]:
    """Expressions that are given to `re` where they are used."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        made_by = node.func.value
        if not (isinstance(made_by, ast.Name) and made_by.id == "re" and node.args):
            continue
        method = node.func.attr
        if method in SEARCHED | WHOLE and isinstance(node.args[0], ast.Constant):
            how = method if method in WHOLE else "search"
            yield node.lineno, how, re.compile(str(node.args[0].value))


@cache
def every_pattern() -> dict[str, tuple[re.Pattern[Any], set[str]]]:
    found: dict[tuple[Any, int], tuple[str, re.Pattern[Any], set[str]]] = {}
    for info in pkgutil.walk_packages(qa.__path__, "qa."):
        if info.name.endswith("__main__"):
            continue
        found_at = info.module_finder.find_spec(info.name, None)  # type: ignore[call-arg]
        source = Path(str(found_at and found_at.origin)).read_text("utf-8")
        if not NEEDED.search(source):
            continue  # nothing is imported of torch and the like without need
        module: ModuleType = importlib.import_module(info.name)
        for name, value in vars(module).items():
            for number, one in enumerate(patterns_in(value)):
                # A private name is used in its own module only.
                key = (one.pattern, one.flags)
                found.setdefault(key, (f"{info.name}.{name}[{number}]", one, uses_of(source, name)))
        for line, how, one in written_out(ast.parse(source)):
            found.setdefault((one.pattern, one.flags), (f"{info.name}:{line}", one, {how}))
    return {name: (one, uses) for name, one, uses in found.values()}


def seconds(pattern: re.Pattern[Any], how: str, text: str) -> float:
    given: Any = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
    begun = time.process_time()
    if how == "search":
        for _ in pattern.finditer(given):
            pass
    else:
        getattr(pattern, how)(given)
    return time.process_time() - begun


def is_slow(pattern: re.Pattern[Any], how: str, pump: tuple[str, str, str], length: int) -> bool:
    """Whether four times the text takes far more than four times as long, or a short one long."""
    text = pumped(pump, length)
    short = seconds(pattern, how, pumped(pump, length // 4))
    if short > 10 * SLOW_S:
        return True
    spent = seconds(pattern, how, text)
    if spent < SLOW_S:
        return False
    spent = min(spent, seconds(pattern, how, text), seconds(pattern, how, text))
    return spent > SLOW_S and spent > 7 * short


def slow_ones(generic: tuple[str, ...], every: int) -> list[str]:
    slow = []
    for name, (pattern, uses) in every_pattern().items():
        length = min((n for at, n in BOUNDED.items() if name.startswith(at)), default=LONG)
        own = pumps_of(pattern)[::every]
        for pump in [*own, *(("", one, end) for one in generic for end in ("", "\x00"))]:
            slow += [
                f"{name} {how} {pump} {str(pattern.pattern)[:80]}"
                for how in uses
                if is_slow(pattern, how, pump, length)
            ]
    return slow


def test_expressions_are_found() -> None:
    found = every_pattern()
    assert len(found) > 500
    assert any(name.startswith("qa.danger_patterns.CRISIS") for name in found)
    assert any(name.startswith("qa.readers.epub.") for name in found)


def test_the_pumps_find_what_is_slow() -> None:
    doubling, squared = re.compile(r"(?:a+)+b"), re.compile(r"\s*,\s*x")
    assert any(
        seconds(doubling, "search", pumped(pump, 22)) > 0.05 for pump in pumps_of(doubling)
    ), "never at full length: it would not end"
    assert any(is_slow(squared, "search", pump, LONG) for pump in pumps_of(squared))
    assert not is_slow(re.compile("a+b?"), "match", ("", "a", "\x00"), LONG)


def test_no_expression_takes_long_on_a_few_texts() -> None:
    assert slow_ones((" ",), every=25) == []


@pytest.mark.slow
def test_no_expression_takes_long() -> None:
    assert slow_ones(GENERIC, every=1) == []


def redacted(text: str) -> str:
    return redact(text, lambda word: word.islower())


WORDS = ("i want to ", "not ", "my ", "took pills ", "no se ", "ja", "\ufdfa", "\u0301\u0316", "a ")


@pytest.mark.parametrize("pump", WORDS)
@pytest.mark.parametrize("asked", [assess, redacted], ids=["danger", "redaction"])
def test_the_longest_message_is_read_in_time(asked: Callable[[str], object], pump: str) -> None:
    text = (pump * 20_000)[:20_000]
    assert least_seconds(lambda: asked(text), 3) < 3


READERS: dict[str, Callable[[str], object]] = {
    "plain": lambda text: read_plain(text.encode(), "a.txt"),
    "html": lambda text: read_html(text.encode(), "a.html"),
    "markdown": lambda text: read_markdown(text.encode(), "a.md"),
    "front matter": lambda text: split_front_matter(f"---\n{text}\n---\nText.", "a.md"),
}
MARKUP = (
    *("# ", "- ", "> ", "a\n", "a b,\n", "**", "*a", "_a ", "[a](", "![", "<b>", "<div>", "<!--"),
    *("```\n", "| a ", "| a |\n", "1. ", "&amp;", "&#", "[a]: b\n", "a:\n", "<table><tr><td>"),
    *("<ul><li>", "Dr. ", "a. ", "e.g. ", "a@b.c ", "\u0301\u0316", "\ufdfa", "a{", "\\"),
)


def reading_s(reader: str, pump: str, length: int) -> float:
    begun = time.process_time()
    with suppress(CorpusError):
        READERS[reader]((pump * length)[:length])
    return time.process_time() - begun


def slow_readers(pumps: tuple[str, ...], length: int) -> list[str]:
    slow = []
    for reader in READERS:
        for pump in pumps:
            short = reading_s(reader, pump, length // 4)
            if short > 5:
                slow.append(f"{reader} {pump!r}: {short:.1f} s for {length // 4:,} characters")
            elif (spent := reading_s(reader, pump, length)) > max(0.5, 7 * short):
                slow.append(f"{reader} {pump!r}: {short:.2f} s, four times of it {spent:.2f} s")
    return slow


def test_readers_take_no_longer_than_a_text_is_long() -> None:
    assert slow_readers(("a b,\n", "\u0301\u0316"), 4_000) == []


@pytest.mark.nightly
def test_readers_take_no_longer_than_any_text_is_long() -> None:
    assert slow_readers((*GENERIC, *MARKUP), 80_000) == []


def test_front_matter_that_is_too_deep_or_refers_to_itself() -> None:
    with pytest.raises(CorpusError, match=r"a\.md: line 2: .*it is nested too deeply"):
        split_front_matter("---\n" + "[" * 20_000 + "\n---\n", "a.md")
    laughs = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
    with pytest.raises(CorpusError, match=r"a\.md: line 3: .*aliases"):
        split_front_matter(f"---\n{laughs}---\n", "a.md")


def test_a_hundred_thousand_marks_on_one_letter() -> None:
    text = "a" + "\u0301\u0316" * 50_000
    assert least_seconds(lambda: normal_form("NFKD", text), 2) < 2
    made = normal_form("NFKD", text)
    assert made.replace("\u034f", "").count("\u0301") == 50_000
    assert normal_form("NFC", "e\u0301 and e" + "\u0301" * 9) == "\u00e9 and \u00e9" + "\u0301" * 8
