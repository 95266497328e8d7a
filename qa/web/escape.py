"""Text to the screen, and nothing but text: no HTML, Markdown, LaTeX or link is ever made of it.

`screen_text` serves both Gradio's Chatbot, which reads Markdown, and plain HTML pages. Every ASCII
character that is not a letter, a digit or a lone space becomes a numeric entity. So no Markdown
mark, list number, autolink (`www.`, `http:`, `name@host`) or LaTeX sign is left to be read as one,
and line ends and blanks stay as they are wherever the style sheet says `white-space: pre-wrap`.
"""

from __future__ import annotations

import re

from markupsafe import Markup

__all__ = ["attribute_text", "screen_text", "title_text"]

# Characters without a picture that could hide or reorder what stands around them: control
# characters, and the bidirectional embeddings and overrides. Joiners, marks and isolates that
# Arabic, Hebrew or Hindi text needs are left alone, and cannot reach beyond their own block.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")
_SPECIAL = re.compile(
    rf"(?P<unseen>{_UNSEEN.pattern})|(?P<blanks>^ +| {{2,}}| +$)|[^A-Za-z0-9 \u00a0-\U0010ffff]"
)


def screen_text(text: str) -> Markup:
    """HTML that shows `text` character for character, and in which nothing is interpreted.

    An unseen character is kept, shut in an element of its own that shows its code point beside it.
    """
    return Markup(_SPECIAL.sub(_entity, text))  # noqa: S704 - this is the escaping


def attribute_text(text: str) -> Markup:
    """`text` for the value of an attribute in quotation marks: the same entities and no element.

    What a form sends back is `text` again, but for NUL, which HTML cannot hold, and line ends.
    """
    return Markup(_SPECIAL.sub(lambda match: _raw_entities(match[0]), text))  # noqa: S704


def title_text(text: str) -> Markup:
    """`text` for a page's title, which holds no elements: for what is unseen stands its number."""
    return attribute_text(_UNSEEN.sub(lambda match: f"[{_code_of(match[0])}]", text))


def _raw_entities(found: str) -> str:
    """HTML reads entities of 128 to 159 as Windows-1252 and has no NUL: those stay raw."""
    return "".join(
        character
        if "\x7f" <= character <= "\x9f"
        else f"&#{ord(character)};"
        if character != "\0"
        else "\ufffd"
        for character in found
    )


def _entity(match: re.Match[str]) -> str:
    found = match[0]
    if match["unseen"]:
        return f'<span class="unseen" title="{_code_of(found)}">{_raw_entities(found)}</span>'
    return _raw_entities(found)


def _code_of(character: str) -> str:
    return f"U+{ord(character):04X}"
