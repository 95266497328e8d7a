"""A question in which a name stands twice: one reader takes the first value, another the last.

The value that is not taken may be the one that tells of danger, so that such a body is refused.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import HTTPException, RequestValidationError

from qa.web.schemas import QuestionBody

__all__ = ["GIVEN_TWICE", "NAMES_TWICE", "require_one_value"]

GIVEN_TWICE, NAMES_TWICE = "given_twice", "names_twice"
"""Types of errors, as pydantic has them: of a field that is known, and of any other name."""


async def require_one_value(request: Request) -> None:
    """Raises RequestValidationError where an object of the body has two values of one name.

    The error's body has all texts that were given as the question, so that danger is looked for in
    each of them. A body that FastAPI could read and that is nested too deeply here is answered as
    it answers one: HTTPException 400.
    """
    body = await request.body()
    try:
        twice, given = _names_twice(body)
    except RecursionError:  # this stands some calls deeper than where FastAPI read it
        raise HTTPException(400, "There was an error parsing the body") from None
    except ValueError:  # FastAPI has said so already
        return
    if twice:
        known = [name for name in QuestionBody.model_fields if name in twice]
        problems = [{"type": GIVEN_TWICE, "loc": ("body", name)} for name in known]
        problems += [{"type": NAMES_TWICE, "loc": ("body",)}] if twice - set(known) else []
        raise RequestValidationError(problems, body=given)


def _names_twice(body: bytes) -> tuple[set[str], Mapping[str, Any]]:
    """The names that an object anywhere in the body has twice, and the outermost object, in which
    all texts of `question` are one."""
    twice: set[str] = set()
    pairs: list[tuple[str, Any]] = []

    def look(inner: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal pairs
        pairs, made = inner, dict(inner)  # the outermost comes last
        if len(made) != len(inner):
            counts = Counter(name for name, _ in inner)
            twice.update(name for name, times in counts.items() if times > 1)
        return made

    if not isinstance(json.loads(body, object_pairs_hook=look), dict):
        return twice, {}
    asked = [value for name, value in pairs if name == "question" and isinstance(value, str)]
    return twice, dict(pairs) | {"question": "\n".join(asked)}
