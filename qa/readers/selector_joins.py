"""Which elements of a page stand to others as a combinator of a selector says.

Each is worked out for whole sets, in time that grows with the sets and not with the nesting.
"""

from __future__ import annotations

from qa.readers.page_elements import PageElements

__all__ = ["holders", "joined"]


def joined(
    page: PageElements, left: frozenset[int], combinator: str, right: frozenset[int]
) -> frozenset[int]:
    """Those on the right that stand to one on the left as the combinator says."""
    if not left or not right:
        return frozenset()
    match combinator:
        case ">":
            return frozenset(one for one in right if page.parents[one] in left)
        case "+":
            return frozenset(one for one in right if page.before[one] in left)
        case "~":
            return _after_siblings(page, left, right)
        case _:
            return _inside(page, left, right)


def _inside(page: PageElements, left: frozenset[int], right: frozenset[int]) -> frozenset[int]:
    reached, found = -1, []
    in_order = iter(sorted(left))
    nearest = next(in_order, None)
    for one in sorted(right):
        while nearest is not None and nearest < one:
            reached = max(reached, page.ends[nearest])
            nearest = next(in_order, None)
        if one < reached:
            found.append(one)
    return frozenset(found)


def _after_siblings(
    page: PageElements, left: frozenset[int], right: frozenset[int]
) -> frozenset[int]:
    first: dict[int, int] = {}
    for one in left:
        parent = page.parents[one]
        first[parent] = min(one, first.get(parent, one))
    return frozenset(one for one in right if first.get(page.parents[one], one) < one)


def holders(page: PageElements, combinator: str, found: frozenset[int]) -> frozenset[int]:
    """Those that one of `found` stands to as the combinator says, as in `:has(> q)`."""
    if combinator == ">":
        return frozenset(page.parents[one] for one in found) - {-1}
    if combinator == "+":
        return frozenset(page.before[one] for one in found) - {-1}
    if combinator != "~":
        return page.around(found)
    last: dict[int, int] = {}
    for one in found:
        parent = page.parents[one]
        last[parent] = max(one, last.get(parent, one))
    return frozenset(one for one in page.everything if last.get(page.parents[one], -1) > one)
