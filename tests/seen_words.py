"""Pages with one word, `WORD`, that a reader of the page sees or does not see.

The same table is held against the reader and against what Chromium draws.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

WORD = "XQZ"
_PLACE = re.compile(">@<")


class Seen(Enum):
    """What becomes of the word."""

    YES = "quoted and drawn"
    NO = "neither quoted nor drawn"
    KEPT = "quoted, though not drawn as the page opens"
    DROPPED = "not quoted, though drawn"
    REFUSED = "the page is refused"


@dataclass(frozen=True)
class Row:
    """A page's body, in which `>@<` holds the word."""

    body: str
    seen: Seen

    @property
    def page(self) -> str:
        return page_of(self.body, WORD)


def page_of(body: str, word: str) -> str:
    """A whole page; its own words hold no letter of `WORD`."""
    return (
        "<!doctype html><html lang=en><title>t</title><body><h1>Leaflet</h1><p>Take one tablet "
        f"each day.</p>{_PLACE.sub(f'>{word}<', body)}"
        "<p>Rest at home.</p></body>"
    )


def _inline(style: str) -> str:
    return f'<p>Do <b style="{style}">@</b> drive.</p>'


def _block(style: str) -> str:
    return f'<p style="{style}">@</p>'


def _sheet(css: str, body: str = "<p class=x>@</p>") -> str:
    return f"<style>{css}</style>{body}"


_IN_SENTENCE = "<p>Do <b class=x>@</b> drive.</p>"
_IN_A = "<div class=a><p class=x>@</p></div>"

_SEEN = [
    _sheet(".x{display:none}", '<p>You may <b class=x style="display:inline">@</b> drive.</p>'),
    _sheet(".x{display:none}", '<div class=x style="display:block"><p>@</p></div>'),
    _sheet(".x{display:none} b.x{display:inline}", _IN_SENTENCE),
    _sheet(".x{display:none} .x{display:inline!important}", _IN_SENTENCE),
    _sheet(".x{display:inline!important} b.x{display:none}", _IN_SENTENCE),
    _sheet("b[hidden]{display:inline}", "<p>Do <b hidden>@</b> drive.</p>"),
    _sheet("@layer a,b; @layer b{.x{display:block}} @layer a{p.x{display:none}}"),
    _sheet("@layer a{.x{display:none}} .x{display:block}"),
    _sheet(".x{visibility:hidden} .x b{visibility:visible}", "<p class=x><b>@</b></p>"),
    _sheet(".x{font-size:0} .x b{font-size:16px}", "<p class=x><b>@</b></p>"),
    _sheet(".x{color:transparent} .x b{color:black}", "<p class=x><b>@</b></p>"),
    _sheet(".x{color:transparent;background:linear-gradient(red,red);background-clip:text}"),
    _sheet(":root{--d:block}.x{display:var(--d)}"),
    _sheet(".x{display:var(--none-such)}"),
    _sheet("@media print{.x{display:none}}", _IN_SENTENCE),
    _sheet("@media not screen{.x{display:none}}", _IN_SENTENCE),
    _sheet("@media (max-width:0){.x{display:none}}", _IN_SENTENCE),
    _sheet(".a{color:red; .y{display:none}}", _IN_A),
    _sheet("@scope (.b){.x{display:none}}", _IN_A),
    _sheet("@scope (.x){p{display:none}}", _IN_A),
    _sheet("@scope (.a){.x{display:block}} .x{display:none}", _IN_A),
    _sheet("@scope (.a){:root .x,> div .x{display:none}}", _IN_A),
    _sheet("@scope (.a){@scope (.a){.x{display:none}}}", _IN_A),
    _sheet(".x{opacity:0;all:unset}"),
    _sheet(".x{clip-path:inset(50%)} p{display:contents}"),
    _sheet("p.x{text-indent:-9999px} .x b{float:left;text-indent:0}", "<p class=x><b>@</b></p>"),
    _sheet("@scope (.a) to (.x){.x{display:none}}", _IN_A),
    _sheet("div:has(> .y) .x{display:none}", _IN_A),
    _sheet(".x:hover{display:none}", _IN_SENTENCE),
    _sheet(".x::before{display:none}", _IN_SENTENCE),
    _sheet(".m{mso-hide:all}", "<p>Do <b class=m>@</b> drive.</p>"),
    _sheet("p.x:nth-child(2n){display:none}", "<div><p class=x>@</p><p>b</p></div>"),
    _sheet("@keyframes x{from{display:none}}"),
    _sheet("}.x{display:none}"),
    _sheet("[class=X],[class^=''],[class~='x y'],[class|=y]{display:none}"),
    _sheet(".x:empty,.x:not(:nth-child(4)){display:none}"),
    _sheet(".x{display:block}.x::none{} .y{.x{display:none}"),
    *(
        _sheet(css, "<p class=x title='a;b'>@</p>")
        for css in (
            ".x,{display:none}",
            ",.x{display:none}",
            ".x >{display:none}",
            "> .x{display:none}",
            ".x..y{display:none}",
            ".x[title=1]{display:none}",
            ".x,p:not(){display:none}",
            ".x{display:no/**/ne}",
            ".x{color:red;a(;display:none}",
            ".x{(};display:none}",
            ".x{display:'none'}",
            ".x{*display:none}",
            ".a{content:'\n.x{display:none}",
            ".x{a:hover{display:none}}",
            "body /**/ > .x .x{display:none}",
            ".x,p%{display:none}",
            ".x,*p{display:none}",
            ".x,p::before b{display:none}",
            ".x{&{display:none} display:block}",
            "& .x{display:none} body .x{display:block}",
        )
    ),
    "<noscript><style>.x{display:none}</style></noscript><p class=x>@</p>",
    "<style media=print>.x{display:none}</style><p class=x>@</p>",
    "<style type=text/plain>.x{display:none}</style><p class=x>@</p>",
    '<p>Do <b aria-hidden="true">@</b> drive.</p>',
    '<div aria-hidden="true"><p>@</p></div>',
    "<p>Do <label>@</label> drive.</p>",
    "<p>Do <button>@</button> drive.</p>",
    '<p style="visibility:hidden">x<b style="visibility:visible">@</b></p>',
    '<p style="color:transparent"><a href=x>@</a></p>',
    '<p style="height:0;overflow:hidden;padding-bottom:60px">@</p>',
    '<p hidden style="display:block">@</p>',
    *map(
        _inline,
        (
            "left:-9999px",
            "clip:rect(0,0,0,0)",
            "text-indent:-9999px",
            "mso-hide:all",
            "display:inline!important;display:none",
            "display:inline;display:nothing",
            "opacity:0;opacity:1",
            "display:inline;font-size:0!foo",
            "transform:scale(0)",
            "width:0;height:0;overflow:hidden",
            "content-visibility:hidden",
            "margin-top:-9999px",
        ),
    ),
    *map(
        _block, ("left:-9999px", "clip:rect(0,0,0,0)", "content:'display:none'", "bottom:-9999px")
    ),
    *map(_block, ("background:url(a;display:none)", "color:#000f", "color:rgb(0,0,0)")),
]

_UNSEEN = [
    *map(
        _block,
        (
            "display:none!important;display:block",
            "display:/**/none",
            "display:none/**/",
            r"displ\61y:none",
            r"displ\000061 y:none",
            "color:red/*;*/;display:none",
            "background:url(a;b);display:none",
            "content:'a;';display:none",
            "color:rgba(0,0,0,0)",
            "color:rgb(0 0 0 / 0%)",
            "color:#0000",
            "color:#ffffff00",
            "-webkit-text-fill-color:transparent",
            "max-height:0;overflow:hidden",
            "height:0;overflow:hidden",
            "width:0;height:0;overflow:hidden",
            "font:0/0 a",
            "font:italic bold 0 serif",
            "scale:0",
            "transform:scale(0)",
            "transform:scaleX(0)",
            "transform:translateX(-9999px)",
            "transform:translate(-100vw,0)",
            "transform:rotateX(90deg)",
            "transform:matrix(0,0,0,0,0,0)",
            "translate:-9999px",
            "margin-left:-9999px",
            "margin:0 0 0 -9999px",
            "position:absolute;left:-9999px",
            "position:absolute;left:-99em",
            "position:absolute;left:calc(-9999px)",
            "position:relative;left:-9999px",
            "position:absolute;right:9999px",
            "position:fixed;top:-99em",
            "position:fixed;bottom:-9999px",
            "position:fixed;inset:-9999px auto auto -9999px",
            "position:absolute;clip:rect(1px, 1px, 1px, 1px)",
            "clip-path:inset(99%)",
            "clip-path:inset(50%)",
            "clip-path:inset(0 0 100% 0)",
            "clip-path:circle(0px)",
            "clip-path:polygon(0 0, 0 0, 0 0)",
            "filter:opacity(0%)",
            "opacity:0",
            "opacity:0.0",
            "zoom:0.01",
            "text-indent:-9999px",
            "text-indent:200%;white-space:nowrap;overflow:hidden",
            "visibility:hidden",
            "content-visibility:hidden",
            "display:none;display:nothing",
            "--d:none;display:var(--d)",
        ),
    ),
    *map(_inline, ("font-size:0", "color:transparent", "visibility:hidden", "opacity:0")),
    *map(_inline, ("display:inline-block;transform:scale(0)", "position:absolute;left:-9999px")),
    *map(
        _sheet,
        (
            ".x{font-size:0}",
            ".x{color:transparent}",
            ".x{height:0;overflow:hidden}",
            ".x{max-height:0;overflow:hidden}",
            "@media (min-width:0){.x{display:none}}",
            "@media (width >= 0){.x{display:none}}",
            "@media not print{.x{display:none}}",
            "@media screen and (min-width:1px){.x{display:none}}",
            "@media screen{@media all{.x{display:none}}}",
            "@supports (display:block){.x{display:none}}",
            "@layer a{.x{display:none}}",
            ":is(.x,.y){display:none}",
            ":where(.x){display:none}",
            ".x:not(.y){display:none}",
            ".x:not(:focus):not(:hover){display:none}",
            ":root{--d:none}.x{display:var(--d)}",
            ".x{display:var(--none-such,none)}",
            ".x{position:absolute} p{left:-9999px}",
            ".x{display:none}",
            r".\78{display:none}",
            "p:last-of-type.x,.x{display:none}",
            "h1 ~ style + .x{display:none}",
            "body > p:nth-child(4){display:none}",
            "p:nth-child(-n+4):nth-last-child(even).x{display:none}",
            ".x{display:none!important} p.x{display:block}",
            "@layer a{.x{display:none!important}} p.x{display:block!important}",
            ".x{display:none",
        ),
    ),
    *(
        _sheet(css, "<p class=x title='a;b'>@</p>")
        for css in (
            "q::before{content:'/*'} .x{display:none}",
            ".a{background:url(//x/*.png)} .x{display:none}",
            "@font-face{src:url(data:a;b,{)} .x{display:none}",
            ".x{background:url(a}b);display:none}",
            ".x{width:" + "9" * 5_000 + "px;display:none}",
            "[title='a;b']{display:none}",
            ".y[title='a]b'],.x{display:none}",
            ".x:not([title=')']){display:none}",
            r".x:not(.\)){display:none}",
            ".y[title='}'],.x{display:none}",
            "p/**/.x{display:none}",
            ".a{content:'\n} .x{display:none}",
            ".x{--a:{display:block};display:none}",
            ".x{color:red;;display:none! IMPORTANT}",
            "@foo (a;b{}); @import 'x;y'; .x{display:none}",
            "<!-- .x{display:none} -->",
            "div{& + .y{}} .y{.z &,&.x{display:none}} .x{color:red; & {display:none}}",
            "p:is(.x, ..y){display:none}",
            "& .x{display:none}",
            ".x{display:none;all:none}",
            "p:is(#a .b, .x){display:none} body .x{display:block}",
        )
    ),
    *(
        _sheet(css, _IN_A)
        for css in (
            ".a{color:red; .x{display:none}}",
            ".a{ & .x{display:none}}",
            ".a{ > .x{display:none}}",
            ".x{ .a &{display:none}}",
            ".a{ @media screen{ .x{display:none}}}",
            ".x{ @media screen{ display:none}}",
            "@scope (.a){.x{display:none}}",
            "@scope (.a) to (.b){.x{display:none}}",
            "@scope (body){@scope (.a) to (h1){> .x{display:none}}}",
            "div{@scope (&.a){.x{display:none}}}",
            "div:has(> .x) .x{display:none}",
            "div:has(.x){display:none}",
            "h1:has(~ .a) ~ .a{display:none}",
            ".a :not(div, .b .x){display:none}",
            "div.a:first-of-type .x:only-child{display:none}",
        )
    ),
    *(
        _sheet(f"{selector}{{display:none}}", "<p data-k='One two-b'>@</p>")
        for selector in (
            "[data-k]",
            "[data-k='One two-b']",
            "[data-k='one TWO-b' i]",
            "[data-k~=One]",
            "[data-k^=One]",
            "[data-k$=b]",
            "[data-k*='e t']",
            r"[data-k~=two\-b]",
        )
    ),
    _sheet("[lang|=en] p:not(:empty):nth-child(4){display:none}"),
    _sheet(r".md\:x{display:none}", "<p class='md:x'>@</p>"),
    _sheet("p{text-decoration:none}", "<p hidden>@</p>"),
    _sheet("p{all:unset} .x{color:transparent}", "<div class=x><p>@</p></div>"),
    _sheet("div{display:inline;text-indent:-9999px}", "<div><p>@</p></div>"),
]

_IN_DOUBT = [
    _sheet("@media (max-width:600px){.x{display:none}}", _IN_SENTENCE),
    _sheet("@media (min-width:600px){.x{display:none}}", _IN_SENTENCE),
    _sheet(".x{display:none}@media (min-width:600px){.x{display:inline}}", _IN_SENTENCE),
    _sheet("@container (min-width:1px){.x{display:none}}", _IN_SENTENCE),
    _sheet("@supports not (x:y){.x{display:none}}", _IN_SENTENCE),
    _sheet(".x{opacity:0}", _IN_SENTENCE),
    _sheet(".x:lang(en){display:none}", _IN_SENTENCE),
    _sheet(".x, p:no-such-class{display:none}", _IN_SENTENCE),
    _sheet("p:has(i b){display:none} p:has(p b) .x{display:none}", _IN_SENTENCE),
    _sheet(":root{--d:inline}.y{--d:none}.x{display:var(--d)}", _IN_SENTENCE),
    _inline("margin-left:-9999px"),
]

ROWS = [
    *(Row(body, Seen.YES) for body in _SEEN),
    *(Row(body, Seen.NO) for body in _UNSEEN),
    *(Row(body, Seen.REFUSED) for body in _IN_DOUBT),
    # What a script fades in, or what some readers see, is kept where it is a block.
    Row(_sheet(".x{opacity:0}"), Seen.KEPT),
    Row(_sheet("@media (min-width:300px){.x{display:none}}"), Seen.NO),
    Row(_sheet(".x:lang(en){display:none}"), Seen.KEPT),
    Row(_sheet("@scope{.x{display:none}}"), Seen.KEPT),
    Row(_sheet("@scope (.x){&{display:none}}"), Seen.KEPT),
    Row("<button aria-expanded=false aria-controls=x>Open</button><p id=x hidden>@</p>", Seen.KEPT),
    Row("<details><summary>s</summary>@</details>", Seen.KEPT),
    Row("<p>Do <b class=sr-only>@</b> drive.</p>", Seen.DROPPED),
    Row("<p><i class=material-icons aria-hidden=true>@</i> Home</p>", Seen.DROPPED),
    Row(
        "<p><span><math><mi>b</mi></math></span> <span aria-hidden=true>@</span></p>", Seen.DROPPED
    ),
    Row("<p>Do <s>@</s> drive.</p>", Seen.DROPPED),
    Row(_inline("text-decoration:line-through"), Seen.DROPPED),
]
