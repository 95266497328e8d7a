"""Which other sites may show the patient's pages in a frame, and which pages those are.

Browsers are told by `frame-ancestors` (Content Security Policy Level 3, section 6.4.2). The older
X-Frame-Options knows no list of sites, so it is left out where there is one, and only there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders

__all__ = ["FrameSites"]

# What a patient gets to see within one window. Nothing of the staff's, no interface for programs,
# and no file or picture by itself, above which no crisis line could stand.
_PAGES = re.compile(r"/|/plain|/answer|/feedback|/feedback/thanks|/documents(/.+)?", re.DOTALL)
_NOBODY = "frame-ancestors 'none'"


class FrameSites:
    """Lets the listed sites show the patient's pages in a frame; without any, nobody."""

    def __init__(self, sites: Sequence[str] = (), roots: Sequence[str] = ("",)) -> None:
        """`sites` are as "https://clinic.example", checked already (`qa.settings_tables`); `roots`
        are where the page in each language begins, such as "" and "/es"."""
        self._ancestors = f"frame-ancestors {' '.join(sites)}" if sites else _NOBODY
        self._sites = bool(sites)
        self._roots = tuple(sorted(roots, key=len, reverse=True))

    def allow(self, path: str, headers: MutableHeaders) -> None:
        """Alters the headers of a response, where its page may be framed."""
        if not self._sites or not self._is_page(path):
            return
        policy = headers.get("Content-Security-Policy", "")
        if _NOBODY in policy:
            headers["Content-Security-Policy"] = policy.replace(_NOBODY, self._ancestors)
            del headers["X-Frame-Options"]

    def _is_page(self, path: str) -> bool:
        root = next((one for one in self._roots if path.startswith(f"{one}/")), "")
        return ".." not in path.split("/") and bool(_PAGES.fullmatch(path.removeprefix(root)))
