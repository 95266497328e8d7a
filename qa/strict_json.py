"""JSON from files that somebody may have altered, or from strangers: what has two meanings is
refused."""

from __future__ import annotations

import json
from typing import Any, NoReturn

__all__ = ["once", "read_json"]


def read_json(data: bytes | str) -> Any:
    """The value of a JSON text.

    Raises ValueError where it is none, has two values of one name, a number that is none (`NaN`,
    `Infinity`), half of a surrogate pair, or is nested more deeply than Python goes.
    """
    try:
        text = data if isinstance(data, str) else data.decode()
        found = json.loads(text, object_pairs_hook=once, parse_constant=_no_number)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return found


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the pairs that `json.loads` gives its hook for each object.

    Raises ValueError where two of them have one name. Takes time linear in their number: strangers
    send them, too.
    """
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise ValueError(f"it has two values of {name!r}")
        made[name] = value
    return made


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"it has {name}, which is no number")
