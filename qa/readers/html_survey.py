"""What of a tree is shown, and how much text and how many links each of its elements holds."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qa.readers.hidden import is_hidden
from qa.readers.style_rules import hidden_by_rules

__all__ = ["Survey", "survey"]


@dataclass(frozen=True, slots=True)
class Survey:
    """Elements are named by their `mem_id`; none is named that stands in a hidden one."""

    hidden: frozenset[int]
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
    """Goes through a tree once. Raises CorpusError where its style sheets are too much for it."""
    by_rules = hidden_by_rules(tree, name)
    opened = _opened(tree)
    hidden: set[int] = set()
    text: dict[int, int] = {}
    linked: dict[int, int] = {}
    body = tree.body
    # Behind an element's children stands the element again, to give its numbers to its parent.
    todo: list[tuple[LexborNode, int, bool, bool]] = [(body, 0, False, False)] if body else []
    while todo:
        node, parent, in_link, done = todo.pop()
        if node.is_text_node:
            size = sum(map(str.isalnum, node.text_content or ""))
            if size:
                text[parent] = text.get(parent, 0) + size
                if in_link:
                    linked[parent] = linked.get(parent, 0) + size
            continue
        own = node.mem_id
        if done:
            if own in text and parent:
                text[parent] = text.get(parent, 0) + text[own]
                linked[parent] = linked.get(parent, 0) + linked.get(own, 0)
            continue
        if not node.is_element_node:
            continue
        attributes = node.attributes
        unseen = own in by_rules and (attributes.get("id") or "") not in opened
        if unseen or is_hidden(node.tag or "", attributes, opened):
            hidden.add(own)
            continue
        todo.append((node, parent, in_link, True))
        in_link = in_link or node.tag in ("a", "button")
        todo += [(child, own, in_link, False) for child in node.iter(include_text=True)]
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
