"""The rules of a page's own `<style>` elements, as far as they hide something on every screen.

Rules for print, for narrow or wide screens only, and for what happens under a pointer hide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from qa.errors import CorpusError
from qa.readers.hidden import declarations, hides

__all__ = ["hidden_by_rules"]

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_BRACE = re.compile(r"[{}]")
_UNFOCUSED = re.compile(r":not\(\s*:(?:focus|focus-within|focus-visible|active|hover)\s*\)")
_LASTING = re.compile(
    r":(?:not|is|where|nth-[a-z-]+|(?:first|last|only)-(?:child|of-type)|empty)\b"
)
_NAMES = re.compile(r"(#[\w-]+)|(\.[\w-]+|\[[^\[\]]*\]|:[\w-]+)|((?<![\w.#:-])[a-z][\w-]*)", re.I)
_MAX_WORK = 20_000_000
"""Rules times tags: some three seconds."""
_SHOWS = ("display", "visibility", "clip", "clip-path", "left", "text-indent")


@dataclass(frozen=True, slots=True)
class _Rule:
    """One selector with what it declares; a greater `rank` wins."""

    selector: str
    rank: tuple[bool, tuple[int, int, int], int]
    hidden: bool


def hidden_by_rules(tree: LexborHTMLParser, name: str) -> frozenset[int]:
    """The `mem_id` of each element that the page's style sheets hide.

    Raises CorpusError where there are too many rules to apply.
    """
    rules = list(_rules_of(tree))
    tags = len(tree.css("*")) if rules else 0
    hiding = [rule for rule in rules if rule.hidden]
    if len(hiding) * tags > _MAX_WORK:
        raise CorpusError(
            f"{name}: the page's style sheets hide something by {len(hiding)} rules, too many for "
            f"a page of {tags} tags. Save the page without its styles, or as text."
        )
    winner: dict[int, _Rule] = {}
    for rule in hiding:
        for node in _matches(tree, rule.selector):
            best = winner.get(node)
            if best is None or rule.rank > best.rank:
                winner[node] = rule
    if not winner:
        return frozenset()
    showing = [rule for rule in rules if not rule.hidden]
    for rule in showing[: _MAX_WORK // max(1, tags)]:
        for node in _matches(tree, rule.selector):
            if node in winner and rule.rank > winner[node].rank:
                winner[node] = rule
    return frozenset(node for node, rule in winner.items() if rule.hidden)


def _matches(tree: LexborHTMLParser, selector: str) -> list[int]:
    """The elements that a selector names; none where it cannot be understood, nor the whole page.

    A page whose body is hidden until a script has run is shown.
    """
    try:
        found = tree.css(selector)
    except (SelectolaxError, ValueError, RuntimeError):
        return []
    return [node.mem_id for node in found if node.tag not in ("html", "body", "main")]


def _rules_of(tree: LexborHTMLParser) -> Iterator[_Rule]:
    order = 0
    for sheet in tree.css("style"):
        media = (sheet.attributes.get("media") or "all").lower()
        if not _on_every_screen(media):
            continue
        for selectors, body in _blocks(sheet.text()):
            style = declarations(body)
            hidden = hides(style)
            if not hidden and not any(name in style for name in _SHOWS):
                continue
            important = any(style.get(name, "").endswith("!important") for name in _SHOWS)
            for selector in _split(selectors):
                order += 1
                if (clean := _lasting(selector)) is not None:
                    yield _Rule(clean, (important, _specificity(clean), order), hidden)


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of each rule that counts on every screen."""
    css = _COMMENT.sub(" ", css)
    css = _STRING.sub(lambda m: '""' if re.search(r"[{};]", m.group()) else m.group(), css)
    opened: list[tuple[str, bool]] = []
    at = 0
    for brace in _BRACE.finditer(css):
        before, at = css[at : brace.start()], brace.end()
        if brace.group() == "{":
            prelude = before.rpartition(";")[2].strip()
            outer, counts = opened[-1] if opened else ("@", True)
            opened.append((prelude, counts and outer.startswith("@") and _counts(prelude)))
        elif opened:
            prelude, counts = opened.pop()
            if counts and not prelude.startswith("@"):
                yield prelude, before


def _counts(prelude: str) -> bool:
    if not prelude.startswith("@"):
        return True
    word, _, rest = prelude.lower().partition(" ")
    return word in ("@supports", "@layer") or (word == "@media" and _on_every_screen(rest))


def _on_every_screen(media: str) -> bool:
    queries = [query.strip() for query in media.lower().split(",")]
    return any(query in ("", "all", "screen", "only screen") for query in queries)


def _split(selectors: str) -> list[str]:
    """The selectors of a list, parted at commas that stand in no brackets."""
    found, depth, begin = [], 0, 0
    for place, letter in enumerate(selectors):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and not depth:
            found.append(selectors[begin:place])
            begin = place + 1
    return [part.strip() for part in (*found, selectors[begin:]) if part.strip()]


def _lasting(selector: str) -> str | None:
    """A selector without "unless it has the focus"; None where it names a passing state."""
    clean = _UNFOCUSED.sub("", selector).strip()
    return clean if clean and ":" not in _LASTING.sub("", clean) else None


def _specificity(selector: str) -> tuple[int, int, int]:
    """Numbers of ids, of classes and attributes, and of element names, as CSS ranks them."""
    found = _NAMES.findall(selector)
    ids, classes, tags = (sum(bool(match[i]) for match in found) for i in range(3))
    return ids, classes, tags
