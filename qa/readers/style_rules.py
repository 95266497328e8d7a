"""What the styles of a page say of each of its elements, as far as it can hide them.

Only what can hide something is worked out, and only where the page has a value that hides.
"""

from __future__ import annotations

from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser

from qa.errors import CorpusError
from qa.readers.css_syntax import TooNested, text_of
from qa.readers.hiding_values import HIDING_NAMES, may_hide
from qa.readers.page_elements import elements_of
from qa.readers.selector_work import TooMuchWork, Work
from qa.readers.selectors import Selectors
from qa.readers.style_cascade import Cascade
from qa.readers.style_sheets import rules_of
from qa.readers.style_values import Declared, declared
from qa.readers.style_variables import with_variables

__all__ = ["PageStyles", "page_styles"]

_BOX = frozenset({"display", "float", "position"})
"""Names that decide whether an element has a box of its own, which most ways to hide need."""
_PAGE_OF_HIDING = "[hidden], [popover], dialog"
_SHOWN_OF_RULE = 100
"""Letters of a selector that an error tells."""


class PageStyles:
    """The styles of the elements of one page."""

    def __init__(self, cascade: Cascade | None) -> None:
        """None where no style hides anything."""
        self._cascade = cascade

    def of(self, mem_id: int) -> tuple[dict[str, str], ...]:
        """The names and values that count for an element, as far as they can hide.

        First what is taken to count; then, where something else could, what would count then.
        """
        return ({},) if self._cascade is None else self._cascade.of(mem_id)


def page_styles(tree: LexborHTMLParser, name: str) -> PageStyles:
    """What the page's own style sheets and the elements' own styles say, as far as it can hide.

    Raises CorpusError where there is too much of it to be worked out.
    """
    try:
        rules = rules_of(tree)
    except TooNested as error:
        raise CorpusError(_too_much(name, str(error))) from None
    texts = {node.mem_id: node.attributes.get("style") or "" for node in tree.css("[style]")}
    read = {text: declared(text) for text in set(texts.values())}
    styles: list[Mapping[str, Declared]] = [*(rule.declared for rule in rules), *read.values()]
    known = _variables(styles)
    needed = _needed(styles, known)
    if styles and tree.css_first(_PAGE_OF_HIDING) is not None:
        needed |= {"display"}
    if not needed:
        return PageStyles(None)
    needed |= _BOX
    page, work = elements_of(tree), Work()
    cascade = Cascade(page, work, known, needed)
    selectors = Selectors(tree, page, work)
    for rule in rules:
        if "all" in rule.declared or not needed.isdisjoint(rule.declared):
            try:
                cascade.add(rule, selectors)
            except TooMuchWork:
                raise CorpusError(_too_much(name, text_of(rule.prelude))) from None
    for mem_id, text in texts.items():
        cascade.add_own(mem_id, read[text])
    return PageStyles(cascade)


def _too_much(name: str, rule: str) -> str:
    shown = " ".join(rule.split())[:_SHOWN_OF_RULE]
    return (
        f"{name}: what the page's style sheets hide would take too long to work out; it was given "
        f"up at the rule for “{shown}”. Take rules that the page does not need out of its styles, "
        "or print the page to a PDF from a browser and add that."
    )


def _variables(styles: list[Mapping[str, Declared]]) -> dict[str, set[str]]:
    """All values that the page gives its custom properties, wherever it does."""
    known: dict[str, set[str]] = {}
    for style in styles:
        for name, one in style.items():
            if name.startswith("--"):
                known.setdefault(name, set()).add(one.value)
    return known


def _needed(styles: list[Mapping[str, Declared]], known: Mapping[str, set[str]]) -> frozenset[str]:
    """The names that decide whether something is hidden, for what these styles could hide."""
    found: set[str] = set()
    for style in styles:
        for name, one in style.items():
            with_it = HIDING_NAMES.get(name)
            if not with_it or found.issuperset(with_it):
                continue
            if any(may_hide(name, value) for value in with_variables(one.value, known)):
                found.update(with_it)
    return frozenset(found)
