"""Numbers to call and text, as links: grouped by line, and within the fixed notices."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from qa.notices import Dial
from qa.web.escape import screen_text

__all__ = ["dial_groups", "with_dial_links"]

_NUMBER = re.compile(r"(?<![\w/.])(\+?\(?\d[\d ().-]*\d)(?!\w)")
"""A telephone number within words, but not within an address."""

Group = tuple[Markup, Sequence[tuple[Markup, str]]]


def dial_groups(dials: Sequence[Dial]) -> tuple[Group, ...]:
    """(name, ((what to do, link), …)) for each line, as safe HTML."""
    groups: dict[str, list[tuple[Markup, str]]] = {}
    for dial in dials:
        groups.setdefault(dial.name, []).append((_in_order(dial.doing), dial.href))
    return tuple((_in_order(name), tuple(found)) for name, found in groups.items())


def with_dial_links(text: str, dials: Sequence[Dial]) -> Markup:
    """A notice as safe HTML, in which words such as "call 911" dial where `dials` has them.

    Only for fixed notices of the settings: a document's text is never made a link.
    """
    hrefs = {dial.doing.casefold(): dial.href for dial in dials}
    if not hrefs:
        return _in_order(text)
    # The longest first, so that "call 988, then press 1" is not taken for "call 988".
    wanted = "|".join(re.escape(doing) for doing in sorted(hrefs, key=len, reverse=True))
    pieces = re.split(rf"\b({wanted})(?!\w)", text, flags=re.IGNORECASE)
    made = [_in_order(piece) for piece in pieces]
    for i in range(1, len(pieces), 2):
        made[i] = Markup('<a href="{}" dir="auto">{}</a>').format(
            hrefs[pieces[i].casefold()], made[i]
        )
    return Markup("").join(made)


def _in_order(text: str) -> Markup:
    """Safe HTML whose numbers keep their order among words that run from right to left."""
    pieces = _NUMBER.split(text)
    made = [screen_text(piece) for piece in pieces]
    for i in range(1, len(pieces), 2):
        made[i] = Markup('<bdi dir="ltr">{}</bdi>').format(made[i])
    return Markup("").join(made)
