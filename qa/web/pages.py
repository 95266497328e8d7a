"""HTML pages from the templates beside this module, all escaped and with the same head and foot."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qa.web.dialling import dial_groups, with_dial_links
from qa.web.escape import screen_text
from qa.web.types import Assistant, Page

__all__ = ["STATIC", "Pages"]

STATIC = Path(__file__).parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Renders templates, which know the page's wording and the clinic's numbers."""

    def __init__(self, assistant: Assistant, page: Page) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            finalize=_finalize,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        notices = {notice.kind: notice.text for notice in assistant.notices}
        self._environment.globals.update(
            page=page,
            clinic_name=assistant.clinic_name,
            clinic_phone=assistant.clinic_phone,
            disclaimer=notices.get("disclaimer", ""),
            dialled=partial(with_dial_links, links=assistant.dial_links),
            dial_groups=dial_groups(assistant.dial_links),
        )

    def fragment(self, template: str, **values: object) -> str:
        """A piece of HTML on one line, so that Markdown takes it whole and leaves it alone.

        Line ends of texts are entities by then: those that remain are the template's own.
        """
        rendered = self._environment.get_template(template).render(values)
        return " ".join(line.strip() for line in rendered.split("\n") if line.strip())

    def html(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A whole page as a response that no cache keeps."""
        rendered = self._environment.get_template(template).render(values)
        return HTMLResponse(rendered, status, headers={"Cache-Control": "no-store"})


def _finalize(value: object) -> Markup:
    """Every value a template shows goes through here, whatever the template says."""
    return value if isinstance(value, Markup) else screen_text(str(value))
