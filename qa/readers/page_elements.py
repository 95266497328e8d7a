"""The elements of a page in their order, and which of them have a tag, a class or an id."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["PageElements", "elements_of"]


@dataclass(frozen=True, slots=True)
class PageElements:
    """Elements are named by their place in the page's order, from 0, which is `html`."""

    places: Mapping[int, int]
    """`mem_id` to place."""
    parents: list[int]
    """-1 where there is none."""
    ends: list[int]
    """The place behind the last element within each."""
    before: list[int]
    """The element before each under the same parent, or -1."""
    tags: Mapping[str, frozenset[int]]
    classes: Mapping[str, frozenset[int]]
    ids: Mapping[str, frozenset[int]]
    everything: frozenset[int]
    quirks: bool
    """Without a doctype capitals do not count in classes and ids: here they are small letters."""

    def around(self, found: Set[int]) -> frozenset[int]:
        """All elements that one of those stands in."""
        outer: set[int] = set()
        for place in found:
            parent = self.parents[place]
            while parent >= 0 and parent not in outer:
                outer.add(parent)
                parent = self.parents[parent]
        return frozenset(outer)


def elements_of(tree: LexborHTMLParser) -> PageElements:
    """Goes once through a tree."""
    root = tree.root
    places: dict[int, int] = {}
    parents: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    last_child: list[int] = []
    quirks = root is not None and root.prev is None
    named: tuple[dict[str, set[int]], ...] = ({}, {}, {})
    todo: list[tuple[LexborNode | None, int]] = [(root, -1)] if root is not None else []
    while todo:
        node, parent = todo.pop()
        if node is None:
            ends[parent] = len(parents)
            continue
        place = len(parents)
        places[node.mem_id] = place
        parents.append(parent)
        ends.append(place + 1)
        last_child.append(-1)
        before.append(last_child[parent] if parent >= 0 else -1)
        if parent >= 0:
            last_child[parent] = place
        _name(node, place, named, quirks=quirks)
        inside = [(child, place) for child in node.iter()]
        if inside:
            todo += [(None, place), *reversed(inside)]
    tags, classes, ids = (
        {name: frozenset(found) for name, found in kind.items()} for kind in named
    )
    return PageElements(
        places=places,
        parents=parents,
        ends=ends,
        before=before,
        tags=tags,
        classes=classes,
        ids=ids,
        everything=frozenset(range(len(parents))),
        quirks=quirks,
    )


def _name(
    node: LexborNode, place: int, named: tuple[dict[str, set[int]], ...], *, quirks: bool
) -> None:
    tags, classes, ids = named
    tags.setdefault((node.tag or "").lower(), set()).add(place)
    attributes = node.attributes
    own_classes, own_id = attributes.get("class") or "", attributes.get("id") or ""
    if quirks:
        own_classes, own_id = own_classes.lower(), own_id.lower()
    for name in own_classes.split():
        classes.setdefault(name, set()).add(place)
    if own_id:
        ids.setdefault(own_id, set()).add(place)
