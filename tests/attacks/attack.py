"""An attack: what is sent, and what must come back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.attacks.wire import Exchange, Request

__all__ = ["MARK", "Attack", "get", "post", "problems"]

MARK = "Xyzzymark"
"""Stands in what an attacker sends. It must not come back with a refusal, nor stand in the log."""
_INTERNALS = (
    *("Traceback", 'File "', "site-packages", "starlette", "uvicorn", "pydantic", "h11"),
    *("sqlite", "/root/", "/home/", "/tmp/", "root:x:", "evil.example", "\x1b"),
)
"""What is nobody's business, in any reply; `Attack.never` has what else."""
_NEVER_SENT = (
    *("server", "x-powered-by", "set-cookie", "refresh"),
    *("access-control-allow-origin", "access-control-allow-credentials"),
)


@dataclass(frozen=True, slots=True)
class Attack:
    """One case of a table."""

    name: str
    sent: bytes | Request
    statuses: tuple[int, ...]
    """Of all replies on the connection, in order. The server must have hung up behind the last."""
    never: tuple[str, ...] = ()
    """Further texts that may stand nowhere in the replies."""
    has: tuple[str, ...] = ()
    """Texts that must stand there."""


def get(name: str, target: str, status: int = 404, *, who: str = "", **headers: str) -> Attack:
    """An attack by GET; `headers` are written with _ for -."""
    return Attack(name, Request("GET", target, _named(headers), who=who), (status,))


def post(
    name: str, target: str, body: bytes, status: int, *, who: str = "", **headers: str
) -> Attack:
    """An attack by POST."""
    return Attack(name, Request("POST", target, _named(headers), body, who), (status,))


def problems(attack: Attack, found: Exchange, secrets: tuple[str, ...] = ()) -> list[str]:
    """What came back that must not, and what did not that must; empty where all is well."""
    wrong = []
    if found.statuses != attack.statuses or not found.closed:
        wrong.append(f"{found.statuses}, not {attack.statuses}; hung up: {found.closed}")
    text = found.raw.decode("utf-8", "replace")
    refused = all(one >= 400 for one in attack.statuses)
    never = (*_INTERNALS, *secrets, *attack.never, *((MARK, "gradio", "Gradio") if refused else ()))
    wrong += [f"tells {one!r}" for one in never if one in text]
    wrong += [f"does not say {one!r}" for one in attack.has if one not in text]
    wrong += [
        f"{one.status} without {name}"
        for one in found.replies
        for name in ("x-frame-options", "content-security-policy", "x-content-type-options")
        if not one.header(name)
        and one.text != "Invalid HTTP request received."
        and one.status > 199
    ]
    headers = [pair for one in found.replies for pair in one.headers]
    wrong += [f"has {name}: {value}" for name, value in headers if name in _NEVER_SENT]
    wrong += [
        f"leads to {value}"
        for name, value in headers
        if name == "location" and not re.match(r"/(?![/\\])", value)
    ]
    return wrong


def _named(headers: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name.replace("_", "-"), value) for name, value in headers.items())
