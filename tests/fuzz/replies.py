"""What holds for every reply of the server, whatever was sent."""

from __future__ import annotations

from typing import Any

from selectolax.lexbor import LexborHTMLParser

__all__ = ["is_harmless", "is_in_order"]


def is_in_order(response: Any, *more: int) -> None:
    """No status of 500 or above, but those named, no trace of internals, and JSON that is JSON."""
    status = response.status_code
    assert status < 500 or status in more, (status, response.text[:500])
    assert "Traceback" not in response.text
    if response.text and response.headers["content-type"].startswith("application/json"):
        response.json()


def is_harmless(page: str) -> None:
    """No script in an attribute of a page."""
    for node in LexborHTMLParser(page).css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on"), (node.tag, name)
            leads = name in ("href", "src", "action", "formaction")
            assert not (leads and "script:" in (value or "").lower()), (node.tag, name)
