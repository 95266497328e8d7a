"""What of a tree is shown, and how much text and how many links each of its elements holds."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qa.readers.html_seen import Sight, sight_of
from qa.readers.style_rules import page_styles

__all__ = ["Survey", "survey"]


@dataclass(frozen=True, slots=True)
class Survey:
    """Elements are named by their `mem_id`; none is named that stands in a hidden one."""

    hidden: frozenset[int]
    """Elements, and texts right in elements that are shown."""
    text: dict[int, int]
    """Letters and digits that an element shows; none where it is not in here."""
    linked: dict[int, int]
    """Those of them that belong to links and buttons."""
    opened: frozenset[str]
    """Ids of elements that a button or tab on the page opens."""

    def text_of(self, node: LexborNode) -> int:
        """How many letters and digits an element shows."""
        return self.text.get(node.mem_id, 0)

    def density(self, node: LexborNode) -> float:
        """The share of an element's text that belongs to links and buttons; 0 without text."""
        text = self.text_of(node)
        return self.linked.get(node.mem_id, 0) / text if text else 0.0


def survey(tree: LexborHTMLParser, name: str) -> Survey:
    """Goes through a tree once.

    Raises CorpusError where its style sheets are too much for it, or where it cannot be told
    whether a word within a sentence is shown.
    """
    styles = page_styles(tree, name)
    opened = _opened(tree)
    hidden: set[int] = set()
    text: dict[int, int] = {}
    linked: dict[int, int] = {}
    body = tree.body
    # Behind an element's children stands the element again, to give its numbers to its parent.
    todo: list[tuple[LexborNode, int, bool, Sight | None]] = []
    if body is not None:
        todo.append((body, 0, False, Sight()))
    while todo:
        node, parent, in_link, around = todo.pop()
        own = node.mem_id
        if around is None:
            if own in text and parent:
                text[parent] = text.get(parent, 0) + text[own]
                linked[parent] = linked.get(parent, 0) + linked.get(own, 0)
        elif node.is_text_node:
            size = sum(map(str.isalnum, node.text_content or ""))
            if size and not around.shows_text:
                hidden.add(own)
            elif size:
                text[parent] = text.get(parent, 0) + size
                if in_link:
                    linked[parent] = linked.get(parent, 0) + size
        elif node.is_element_node:
            seen = sight_of(node, styles.of(own), around, opened, name)
            inside = list(node.iter(include_text=True))
            if seen.gone or not (seen.shows_text or any(one.is_element_node for one in inside)):
                hidden.add(own)
                continue
            todo.append((node, parent, in_link, None))
            in_link = in_link or node.tag in ("a", "button")
            todo += [(child, own, in_link, seen) for child in inside]
    return Survey(frozenset(hidden), text, linked, opened)


def _opened(tree: LexborHTMLParser) -> frozenset[str]:
    """What the buttons of accordions and the tabs name as theirs, as ARIA has it.

    https://www.w3.org/WAI/ARIA/apg/patterns/ (disclosure, accordion, tabs).
    """
    found: set[str] = set()
    for button in tree.css("[aria-expanded][aria-controls], [role=tab][aria-controls]"):
        attributes = button.attributes
        found |= set((attributes.get("aria-controls") or "").split())
    return frozenset(found)
