"""Words that would run, lead elsewhere or be something else, and how a browser shows that none did.

Each payload carries a marker. If one ran it would set `window.pwned` or ask for an address that
nobody else asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from tests.web.browser import Visit

__all__ = ["MARK", "PAYLOADS", "RUN", "nothing_made", "nothing_ran", "shown"]

MARK = "qwpwned"
RUN = f"window.pwned=1;fetch('/{MARK}')"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"<img src=/{MARK} onerror={RUN}>",
    f"<svg onload={RUN}><use href=/{MARK}#x /></svg>",
    f"<style>@import '/{MARK}'; body{{background:url(/{MARK})}}</style>",
    f"<iframe srcdoc='<script>{RUN}</script>' src=javascript:{RUN}></iframe>",
    f"</blockquote></p></textarea></title></script><script>{RUN}</script>",
    f'<a href="javascript:{RUN}">x</a> [x](javascript:{RUN}) <javascript:{RUN}>',
    f"[x](data:text/html,<script>{RUN}</script>) ![x](/{MARK}) ![x](http://evil.example/{MARK})",
    f'![x][r]\n\n[r]: http://evil.example/{MARK} "t"',
    f"http://evil.example/{MARK} www.evil.example/{MARK} //evil.example/{MARK} a@evil.example",
    "{{ 7 * 7 }} {% include '/etc/passwd' %} {{ config.__class__.__init__.__globals__ }} ${7*7}",
    "{0.__class__} %(x)s %s {question} {{'a'.constructor.constructor('window.pwned=1')()}}",
    f"$$\\href{{javascript:{RUN}}}{{x}}$$ \\(x\\) \\[y\\] $x^2$ \\url{{http://evil.example/{MARK}}}",
    f"&lt;script&gt;{RUN}&lt;/script&gt; &#60;b&#62; &amp;amp; &quot; &#x3c;",
    f'" onmouseover="{RUN}" autofocus onfocus={RUN} x="',
    f"' onfocus='{RUN}' autofocus ` ${{window.pwned=1}} `",
    f"<!-- --><!--><script>{RUN}</script>--> <![CDATA[<b>x</b>]]> <?php ?>",
    f"<meta http-equiv=refresh content='0;url=/{MARK}'><base href=//evil.example/{MARK}>",
    f"<form action=/{MARK}><input name=x autofocus onfocus={RUN}></form>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<math><mtext><table><mglyph><style><img src=/{MARK} onerror={RUN}></style></mglyph></table>",
    "<think>hidden</think> :::warning ```html <b>x</b> ``` | a | b | **x** _y_ ~~z~~ # h > q - i",
    f"<template><script>{RUN}</script></template><object data=/{MARK}></object><embed src=/{MARK}>",
    f"<link rel=stylesheet href=/{MARK}><video><source onerror={RUN}></video><audio src=/{MARK}>",
)
_WORDS = (
    ".words, cite, .part bdi, .dated, .passage .text, .shelf a, article .text, article h2, td, th"
)
"""What shows a document's words, on any page."""
_ASTRAY = """(scope) => [...document.querySelectorAll(`${scope} *`)]
  .flatMap((element) => [...element.attributes])
  .filter(({name, value}) => /^(on|srcdoc$|style$)/.test(name)
    || (/^(href|xlink:href|src|action|formaction|data|poster|ping)$/.test(name)
      && !/^([#?]|$|\\/(?!\\/)|tel:|sms:)/.test(value)))
  .map(({name, ownerElement}) => `${ownerElement.tagName} ${name}`)"""
"""Attributes of the elements below some that run something, or lead to other sites."""
_MADE = """(words) => [...document.querySelectorAll(words)].flatMap(
  (one) => [...one.querySelectorAll('*:not(.unseen, mark)')]).map((element) => element.outerHTML)"""
"""Elements within what shows words, but for those that name what is unseen or mark a passage."""


def nothing_ran(visit: Visit) -> None:
    assert visit.page.evaluate("window.pwned") is None
    host = urlsplit(visit.site).netloc
    elsewhere = [one for one in visit.requests if urlsplit(one).netloc != host]
    assert [one for one in elsewhere if not one.startswith("data:")] == []
    # A document's own address may hold the words of its name, but none of the payloads'.
    assert [one for one in visit.requests if MARK in urlsplit(one).path] == []


def nothing_made(visit: Visit, scope: str) -> None:
    """Below `scope` words are words only, and whatever else is there leads nowhere."""
    assert visit.page.evaluate(_MADE, _WORDS) == []
    assert visit.page.evaluate(_ASTRAY, scope) == []
    nothing_ran(visit)


def shown(texts: Sequence[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts]
