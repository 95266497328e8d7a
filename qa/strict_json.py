"""JSON from files that somebody may have altered: what has two meanings is refused."""

from __future__ import annotations

import json
from typing import Any, NoReturn

__all__ = ["read_json"]


def read_json(data: bytes | str) -> Any:
    """The value of a JSON text.

    Raises ValueError where it is none, has two values of one name, a number that is none (`NaN`,
    `Infinity`), half of a surrogate pair, or is nested more deeply than Python goes.
    """
    try:
        text = data if isinstance(data, str) else data.decode()
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = next(name for n, (name, _) in enumerate(pairs) if name in dict(pairs[:n]))
        raise ValueError(f"it has two values of {twice!r}")
    return made


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"it has {name}, which is no number")
