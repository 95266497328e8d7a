"""The page without scripts: what its form carries from one question to the next."""

from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

HIDDEN = re.compile(r'<input type="hidden" name="previous" value="([^"]*)">')


@pytest.mark.parametrize(
    "question",
    [
        "side effects?",
        "side \u202e effects",
        'a "quoted" <b>\u2028 side effect',
        "two\nlines  side effect",
    ],
)
def test_an_earlier_question_comes_back_as_it_was_typed(client: TestClient, question: str) -> None:
    page = client.post("/plain", data={"question": question}).text
    form = page[page.index('<form method="post" action="/plain">') :]
    [sent] = HIDDEN.findall(form[: form.index("</form>")])
    assert html.unescape(sent) == question
    later = client.post(
        "/plain", data={"question": "drive", "previous": [html.unescape(sent)]}
    ).text
    later = later[later.index('<form method="post" action="/plain">') :]
    assert [html.unescape(one) for one in HIDDEN.findall(later)][:2] == [question, "drive"]
