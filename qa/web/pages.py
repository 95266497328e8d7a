"""HTML pages from the templates beside this module, all escaped and with the same head and foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qa.message_language import language_of
from qa.notices import dial_link
from qa.web.dialling import dial_groups, with_dial_links
from qa.web.escape import attribute_text, screen_text, title_text
from qa.web.looks import SIZES, THEMES, looks_now
from qa.web.types import Assistant, Page
from qa.wording import Wording

__all__ = ["STATIC", "Pages"]

STATIC = Path(__file__).parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Renders templates in one language; they know the page's wording and the clinic's numbers."""

    def __init__(self, assistant: Assistant, page: Page, others: Sequence[Page] = ()) -> None:
        """`others` are the same page in further languages, which it links to."""
        self.page = page
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            finalize=_finalize,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        wording = page.wording
        notices = {notice.kind: notice.text for notice in assistant.notices(wording.language)}
        self.dials = dials = assistant.dials(wording.language)
        self.crisis_line = notices.get("crisis_line", "")
        further = [one for other in others for one in assistant.dials(other.wording.language)]
        self._environment.globals.update(
            page=page,
            root=Markup(page.root),  # noqa: S704 - a language tag, checked by its catalogue
            wording=wording,
            others=others,
            t=partial(_text, wording),
            attribute=attribute_text,
            title_of=title_text,
            title=page.title or wording("page.title"),
            scope=page.scope or wording("page.scope"),
            clinic_name=assistant.clinic_name,
            clinic_phone=assistant.clinic_phone,
            clinic_dial=dial_link(assistant.clinic_phone),
            disclaimer=notices.get("disclaimer", ""),
            crisis_line=self.crisis_line,
            foreign=partial(_foreign_languages, assistant, wording),
            looks=looks_now,
            sizes=SIZES,
            themes=THEMES,
            # Help may be given in the language of the message as well.
            dialled=partial(with_dial_links, dials=[*dials, *further]),
            dial_groups=dial_groups(dials),
        )

    def suggest(self, examples: Sequence[str], language: str) -> None:
        """Suggests other questions from now on; `language` is as `Page.examples_language`."""
        self.page = replace(self.page, examples=tuple(examples), examples_language=language)
        self._environment.globals["page"] = self.page

    def fragment(self, template: str, **values: object) -> str:
        """A piece of HTML on one line, so that Markdown takes it whole and leaves it alone.

        Line ends of texts are entities by then: those that remain are the template's own.
        """
        rendered = self._environment.get_template(template).render(values)
        return " ".join(line.strip() for line in rendered.split("\n") if line.strip())

    def html(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A whole page as a response that no cache keeps."""
        rendered = self._environment.get_template(template).render(values)
        rendered = looks_now().carried(rendered)
        return HTMLResponse(rendered, status, headers={"Cache-Control": "no-store"})


def _finalize(value: object) -> Markup:
    """Every value a template shows goes through here, whatever the template says."""
    return value if isinstance(value, Markup) else screen_text(str(value))


def _text(wording: Wording, name: str, /, **values: object) -> Markup:
    """A text of the catalogue as safe HTML; only what a template made of HTML stays HTML."""
    return Markup("").join(
        screen_text(piece) if kind == "text" else _finalize(values[piece])
        for kind, piece in wording.pieces(name)
    )


def _foreign_languages(assistant: Assistant, wording: Wording) -> str:
    """The documents' languages, by name, where none of them is in the page's own."""
    spoken = dict.fromkeys(language_of(one) for one in assistant.documents())
    if not spoken or wording.language.partition("-")[0] in spoken:
        return ""
    return f" {wording('safety.or')} ".join(map(wording.name_of, spoken))
