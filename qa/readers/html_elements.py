"""Which elements of HTML have lines of their own, and which belong to a line of another one."""

from __future__ import annotations

__all__ = ["BLOCKS"]

_BLOCKS_TAGS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form frame h1 h2 h3 h4 h5 h6 header hgroup hr html legend li"
    " listing main menu nav ol optgroup option p pre search section summary table tbody td tfoot"
    " th thead tr ul xmp"
)
BLOCKS = frozenset(_BLOCKS_TAGS.split())
"""Elements that begin and end a line where no style says otherwise."""
