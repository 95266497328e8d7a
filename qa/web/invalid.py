"""What is told of a request that is JSON but no question: what is wrong where, not what was sent.

pydantic finds it; its own words are about types of Python, which who writes a client may not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from qa.web.api import json_reply
from qa.web.help_first import ALARMS, help_first
from qa.web.one_value import GIVEN_TWICE, NAMES_TWICE
from qa.web.types import Assistant

__all__ = ["on_invalid"]

_AN_OBJECT = 'must be a JSON object like {{"question": "..."}}'
_SAID = {
    "missing": "is missing",
    "json_invalid": "is not JSON: it cannot be read from character {at} on",
    "model_attributes_type": _AN_OBJECT,
    "dict_type": _AN_OBJECT,
    "extra_forbidden": "is not known (/api/docs lists what may be sent)",
    "string_type": "must be text",
    "string_unicode": "has half a character of two (a lone surrogate)",
    "list_type": "must be a list",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_parsing": "must be a whole number",
    "string_too_long": "has more than {max_length:,} characters",
    "too_long": "has more than {max_length:,} entries",
    "greater_than_equal": "must be {ge:,} or more",
    "less_than": "must be less than {lt:,}",
    GIVEN_TWICE: "is there twice",
    NAMES_TWICE: "has two values of one name",
}
"""pydantic's types of errors that a request can bring about, and ours → what is said of the
place."""

_MOST_SAID, _LONGEST_NAME = 10, 60
"""Problems that are told of one body, and characters of a name in it."""


async def on_invalid(
    assistant: Assistant, help_line: str, _: Request, error: Exception
) -> JSONResponse:
    """422 that says what is wrong where, and not what was sent, and has the `help_line`.

    A question that tells of danger gets help all the same, as where an earlier one sent along with
    it is too long: the notices are in it, as where somebody is turned away.
    """
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type only
    told: dict[str, Any] = {"error": _all_said(error.errors())}
    told |= {"help": help_line} if help_line else {}
    sent = error.body if isinstance(error.body, dict) else {}
    question, language = sent.get("question"), sent.get("language")
    if isinstance(question, str):
        in_language = partial(
            assistant.first_notices, language=language if isinstance(language, str) else ""
        )
        notices = await run_in_threadpool(help_first, in_language, question)
        if any(one.kind in ALARMS for one in notices):
            told["notices"] = [asdict(one) for one in notices]
    return json_reply(told, 422)


def _all_said(problems: Sequence[Mapping[str, Any]]) -> str:
    said = [_said(one) for one in problems[:_MOST_SAID]]
    more = len(problems) - len(said)
    return "; ".join([*said, f"and {more:,} more"] if more else said)


def _said(problem: Mapping[str, Any]) -> str:
    """One of pydantic's errors as `previous.0: has more than 1,000 characters`."""
    whole, *place = map(_shown, problem["loc"])
    values = problem.get("ctx", {})
    if problem["type"] == "json_invalid":
        place, values = [], {"at": problem["loc"][-1]}
    said = _SAID.get(problem["type"])
    return f"{'.'.join([whole, *place])}: {said.format(**values) if said else problem['msg']}"


def _shown(name: str | int) -> str:
    """A place in the body; a name that is long or has signs that are not seen is not repeated."""
    text = str(name)
    return text if len(text) <= _LONGEST_NAME and text.isprintable() else "(a name)"
