"""What of a web page is its own text, and what belongs to the site around it.

In doubt a part is kept: an answer that is lost cannot be found, while a menu that is kept only
answers nothing. So names of classes are believed only where the part itself looks the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qa.readers.html_sentence import lies_between_words, stands_in_sentence
from qa.readers.html_survey import Survey

__all__ = ["content_roots", "furniture"]

_LINKS = 0.6
"""Share of links in a text from which on it is taken for navigation, where its name says so."""
_LINKED_ASIDE = 0.7
_ARTICLE_SHARE = 0.5
"""Share of a page's text that its articles must hold to be taken for all of it."""
_OUTER = 3
"""Elements from the body within which a site's own parts stand."""
_SOME_LINKS = 0.3
_COOKIES = 1_200
"""Letters that a notice about cookies has at most; a page about them has more."""
_SHORT = 300
_CONTROL_TAGS = "input select textarea option datalist progress meter output"
_CONTROLS = frozenset(_CONTROL_TAGS.split())
_SITE_ROLES = frozenset({"navigation", "menu", "menubar", "search", "toolbar", "tablist"})
_SITE_PARTS = {"banner": "header", "contentinfo": "footer", "complementary": "aside"}
_NAVIGATION_WORDS = (
    "nav navbar navigation menu topnav subnav sitenav breadcrumb breadcrumbs crumbs pagination"
    " pager related share sharing social sharedaddy addtoany addthis sharethis tags tagcloud"
    " sidebar skip skiplink toc newsletter subscribe jump"
)
_NAVIGATION = frozenset(_NAVIGATION_WORDS.split())
_OFFERS = frozenset({"newsletter", "subscribe", "share", "sharing", "social"})
_COOKIE_WORDS = "cookie cookies gdpr ccpa onetrust cookiebot cookieconsent cookiebanner"
_COOKIE = frozenset(_COOKIE_WORDS.split())
_HEADERS = frozenset({"header", "site-header", "masthead", "topbar", "top-bar", "page-header"})
_FOOTERS = frozenset({"footer", "site-footer", "page-footer", "colophon", "footer-wrapper"})
_ASIDES = frozenset({"sidebar", "site-sidebar", "widget-area"})
_COMMENTS = frozenset({"comments", "comments-area", "comment-respond", "comment-list"})
_WORD = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SKIP = re.compile(
    r"(?:skip|jump) to|(?:back to|return to) (?:the )?top|top of (?:the )?page"
    r"|(?:saltar|ir) al contenido|volver (?:arriba|al inicio)",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"})


def content_roots(tree: LexborHTMLParser, seen: Survey) -> list[LexborNode]:
    """The elements that hold the page's text, in order: `main`, its articles, or else the body."""
    body = tree.body
    if body is None:
        return []
    mains = _outermost(tree.css("main, [role=main]"), seen)
    if mains:
        return mains
    articles = _outermost(tree.css("article, [role=article]"), seen)
    text = sum(map(seen.text_of, articles))
    return articles if text > _ARTICLE_SHARE * seen.text_of(body) else [body]


def furniture(root: LexborNode, seen: Survey) -> set[int]:
    """The `mem_id` of those parts of an element that are no text of the page's own.

    What stands in a heading is never one: many headings are buttons, or named like a menu.
    """
    found: set[int] = set()
    whole_page = root.tag == "body"
    todo = [(child, 1 if whole_page else 0) for child in root.iter()]
    limit = seen.text_of(root) / 2
    while todo:
        node, depth = todo.pop()
        if node.mem_id in seen.hidden or node.tag in _HEADINGS:
            continue
        if _is_furniture(node, seen, depth=depth, limit=limit):
            found.add(node.mem_id)
            continue
        own = depth == 0 or node.tag in ("article", "section", "main", "blockquote")
        todo += [(child, 0 if own else depth + 1) for child in node.iter()]
    return found


def _outermost(nodes: Sequence[LexborNode], seen: Survey) -> list[LexborNode]:
    """Those that show text and stand in none of the others."""
    shown = [node for node in nodes if seen.text_of(node)]
    ids = {node.mem_id for node in shown}
    return [node for node in shown if not _stands_in(node, ids)]


def _stands_in(node: LexborNode, ids: set[int]) -> bool:
    outer = node.parent
    while outer is not None:
        if outer.mem_id in ids:
            return True
        outer = outer.parent
    return False


def _is_furniture(node: LexborNode, seen: Survey, *, depth: int, limit: float) -> bool:
    tag, attributes = node.tag or "", node.attributes
    role = (attributes.get("role") or "").lower()
    if tag in _CONTROLS or tag in ("nav", "search") or role in _SITE_ROLES:
        return True
    if not seen.text_of(node):
        return False
    if tag in ("a", "button", "label", "ul", "ol"):
        return _is_control(node, tag, seen)
    names = [attributes.get("id") or "", *(attributes.get("class") or "").split()]
    part = _SITE_PARTS.get(role) or _part(tag, names, outside=depth > 0)
    if part and _is_site_part(node, part, seen, depth=depth, limit=limit):
        return True
    return _is_named_furniture(node, names, seen, limit)


def _is_control(node: LexborNode, tag: str, seen: Survey) -> bool:
    """Whether a link, button, label or list serves to find one's way rather than to be read."""
    if tag == "button":
        return not (_is_content_button(node, seen) or lies_between_words(node))
    if tag == "label":
        if not _has_field(node) and stands_in_sentence(node):
            return False
        return seen.text_of(node) < _SHORT and not node.text().strip().endswith("?")
    if tag == "a":
        address = node.attributes.get("href") or ""
        return address.startswith("#") and bool(_SKIP.match(node.text().strip()))
    names = [node.attributes.get("id") or "", *(node.attributes.get("class") or "").split()]
    return _lists_places(node, seen.density(node)) or _is_named_furniture(
        node, names, seen, seen.text_of(node)
    )


def _has_field(label: LexborNode) -> bool:
    """Whether a label names a field of a form rather than being a word like others."""
    inside = label.css_first("input, select, textarea") is not None
    return inside or bool(label.attributes.get("for"))


def _part(tag: str, names: Sequence[str], *, outside: bool) -> str:
    """Whether an element is a header, a footer or an aside, by its kind or by its name."""
    if tag in ("header", "footer", "aside"):
        return tag
    lower = {name.lower() for name in names}
    for part, known in (("header", _HEADERS), ("footer", _FOOTERS), ("aside", _ASIDES)):
        if outside and not lower.isdisjoint(known):
            return part
    return ""


def _is_site_part(node: LexborNode, part: str, seen: Survey, *, depth: int, limit: float) -> bool:
    """Whether a header, footer or aside is the site's: none that holds the title or most text is.

    `depth` counts elements from the body, and is 0 within an article or section: there they are
    its own, unless they only link elsewhere. Deep down, one without links heads a part of the page.
    """
    density = seen.density(node)
    if depth == 0:
        return part != "header" and density >= _LINKED_ASIDE
    if seen.text_of(node) > limit or (depth > _OUTER and density < _SOME_LINKS):
        return False
    return part != "header" or node.css_first("h1") is None


def _is_named_furniture(node: LexborNode, names: Sequence[str], seen: Survey, limit: float) -> bool:
    """Whether an element's id or classes name a part of the site, and it looks like one."""
    text = seen.text_of(node)
    if text > limit:
        return False
    if not {name.lower() for name in names}.isdisjoint(_COMMENTS):
        return node.css_first("textarea, .comment-list, .comment, .commentlist") is not None
    label = node.attributes.get("aria-label") or ""
    words = {
        word for name in (*names, label) for word in _WORD.split(_CAMEL.sub(" ", name).lower())
    }
    if words & _COOKIE or "consent" in words:
        return text < _COOKIES and "cookie" in node.text().lower()
    if not words & _NAVIGATION:
        return False
    offers = bool(words & _OFFERS) and node.css_first("input, button") is not None
    return seen.density(node) >= _LINKS or (offers and text < _SHORT)


def _is_content_button(node: LexborNode, seen: Survey) -> bool:
    """Whether a button opens a text of the page, as in an accordion, or asks a question."""
    attributes = node.attributes
    opens = (attributes.get("aria-controls") or "").split()
    classes = set(_WORD.split((attributes.get("class") or "").lower()))
    return (
        any(name in seen.opened for name in opens)
        or bool(classes & {"accordion", "collapsible"})
        or node.text().strip().endswith("?")
    )


def _lists_places(node: LexborNode, density: float) -> bool:
    """Whether a list only links to places of its own page, whose headings say the same."""
    links = node.css("a") if density == 1.0 else []
    return len(links) > 1 and all(
        (link.attributes.get("href") or "").startswith("#") for link in links
    )
