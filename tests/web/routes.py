"""The routes of an application, for tests that ask every one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["filled", "routes_of"]


def routes_of(router: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Every route below a router, mounted ones too, with its address."""
    for route in getattr(router, "routes", ()):
        path = above + getattr(route, "path", "")
        yield path, route
        within = getattr(route, "app", None)
        if hasattr(within, "routes"):
            yield from routes_of(within, path)
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from routes_of(included, above)


def filled(path: str) -> str:
    """An address of a route, with "x" for each of its parameters."""
    return re.sub(r"\{[^}]*\}", "x", path) or "/"
