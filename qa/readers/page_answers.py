"""What one attribute selector, or one pseudo-class about siblings, names on a page."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from qa.readers.attribute_selectors import with_attribute
from qa.readers.page_elements import PageElements
from qa.readers.selector_parts import Attribute, Pseudo
from qa.readers.selector_work import Found, Work
from qa.readers.sibling_places import SIBLING_CLASSES, at_sibling_places

__all__ = ["PageAnswers"]


class PageAnswers:
    """Asks one page. Which elements have an attribute, or are empty, Lexbor tells."""

    def __init__(self, tree: LexborHTMLParser, page: PageElements, work: Work) -> None:
        """`page` holds the elements of `tree`."""
        self._tree = tree
        self._page = page
        self._work = work
        self._attributes: dict[str, dict[int, str]] = {}

    def of(self, asked: Attribute | Pseudo) -> Found:
        """The elements that it names; perhaps all, where it is not understood.

        Raises TooMuchWork.
        """
        found = self._work.once(asked, lambda: self._find(asked))
        return found or Found(frozenset(), self._page.everything)

    def _find(self, asked: Attribute | Pseudo) -> Found | None:
        if isinstance(asked, Attribute):
            places: frozenset[int] | None = self._with_attribute(asked)
        elif asked.name in SIBLING_CLASSES:
            self._work.spend(len(self._page.everything))
            places = at_sibling_places(self._page, asked.name, asked.argument)
        elif asked.name == "empty":
            places = frozenset(self._values("", ":empty"))
        else:
            places = None
        return None if places is None else Found(places)

    def _with_attribute(self, asked: Attribute) -> frozenset[int]:
        if asked.name not in self._attributes:
            self._work.spend(len(self._page.everything))
            self._attributes[asked.name] = self._values(asked.name, f"[{asked.name}]")
        values = self._attributes[asked.name]
        self._work.spend(len(values))
        return with_attribute(asked, values)

    def _values(self, attribute: str, selector: str) -> dict[int, str]:
        """The value of an attribute for each element that Lexbor finds by a selector."""
        places = self._page.places
        try:
            nodes = self._tree.css(selector)
        except (SelectolaxError, ValueError, RuntimeError):
            return {}
        return {
            places[node.mem_id]: node.attributes.get(attribute) or ""
            for node in nodes
            if node.mem_id in places
        }
