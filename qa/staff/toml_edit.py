"""One number of a settings file, changed so that all else in it stays as it is, byte for byte.

tomlkit changes a value that is there in whatever way it is written; a new line is put where people
would put it. Nothing is trusted: the result must read as the old settings with that one changed,
and must hold all the old lines.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from qa.errors import SettingsError

__all__ = ["read_number", "with_number"]


def read_number(text: str, table: str, name: str) -> float | None:
    """What a setting is in a TOML text; None where it is not set.

    Raises SettingsError where the text is no TOML or the setting is no number.
    """
    found = _parsed(text).get(table, {})
    value = found.get(name) if isinstance(found, dict) else None
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise SettingsError(f"`{name}` in [{table}] is no number: {value!r}.")
    return None if value is None else float(value)


def with_number(text: str, table: str, name: str, value: float, remark: str, own: str) -> str:
    """A TOML text with a setting changed or added, and `# remark` on a line above it.

    A remark above it that begins with `# own` is taken out: it told of the number before. Raises
    SettingsError where this cannot be done without touching anything else.
    """
    wanted = copy.deepcopy(_parsed(text))
    if not isinstance(wanted.setdefault(table, {}), dict):
        raise SettingsError(f"`{table}` is no table in it.")
    wanted[table][name] = value
    end = "\r\n" if "\r\n" in text else "\n"
    try:
        made = _changed(text, table, name, value, end)
    except (TOMLKitError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise SettingsError(f"The line cannot be put into the file ({error}).") from None
    old, new = (one.splitlines(keepends=True) for one in (text, made))
    place = _alike(old, new)
    while place < len(new) and name not in new[place]:
        place += 1  # a new table's heading comes before it
    removed = bool(place) and new[place - 1].lstrip().startswith(f"# {own}")
    new[place - removed : place] = [f"# {remark}{end}"]
    if _parsed("".join(new)) != wanted or not _keeps(old, new, removed):
        raise SettingsError("The line cannot be put into the file without changing other lines.")
    return "".join(new)


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"It is not valid TOML: {error}.") from None


def _changed(text: str, table: str, name: str, value: float, end: str) -> str:
    """The text with the value, its old line replaced or a new one added."""
    document = tomlkit.parse(text)
    there = document.get(table)
    if there is None:
        gap = "" if not text or text.endswith("\n") else end
        return f"{text}{gap}{end}[{table}]{end}{name} = {value}{end}"
    heading = rf"^[ \t]*\[[ \t]*[\"']?{table}[\"']?[ \t]*\][ \t]*(#[^\r\n]*)?(\r?\n|\Z)"
    found = re.search(heading, text, re.MULTILINE)
    if name in there or not found:
        there[name] = value
        return tomlkit.dumps(document)
    # tomlkit would put it behind the comment that leads the next table.
    before, after = text[: found.end()], text[found.end() :]
    gap = "" if before.endswith("\n") else end
    return f"{before}{gap}{name} = {value}{end}{after}"


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines two texts begin with alike."""
    pairs = zip(old, new, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))


def _keeps(old: Sequence[str], new: Sequence[str], removed: bool) -> bool:
    """Whether no line but the setting's own, and the remark on it, is another one."""
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    return len(old) - head - tail <= 1 + removed
