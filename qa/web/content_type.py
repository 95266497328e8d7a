"""What a request says its body is."""

from __future__ import annotations

from starlette.datastructures import Headers

__all__ = ["FORM", "JSON", "content_type"]

FORM = "application/x-www-form-urlencoded"
"""What a browser sends for a form without files."""
JSON = "application/json"


def content_type(headers: Headers) -> str:
    """The type in lower case, without parameters such as a charset; empty where there is none."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
