"""What a patient reads for each kind of answer, and in which order."""

from __future__ import annotations

import html
import logging
import re
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from qa.document import Document, Section
from qa.types import Answer, AnswerKind, Notice, Related
from qa.web.asking import answer_message
from qa.web.conversation import has_alarm
from qa.web.pages import Pages
from qa.web.render import covered, render_answer
from qa.web.types import Page
from qa.wording import load_wording
from tests.web.stand_in import CARE, CARE_DOCUMENT, CRISIS_LINE, StandIn

ENGLISH = load_wording("en")
ASSISTANT = StandIn()
PAGES = Pages(ASSISTANT, Page.of())


def message(question: str) -> str:
    return answer_message(
        question,
        ask=ASSISTANT.ask,
        first_notices=ASSISTANT.first_notices,
        library=ASSISTANT,
        pages=PAGES,
        crisis_line=CRISIS_LINE.text,
    )


def words(question: str) -> str:
    """What is read before anything is opened."""
    shut = re.sub(r"<details.*?</details>", "", message(question))
    return html.unescape(re.sub(r"<[^>]+>", "", shut))


def in_order(text: str, *parts: str) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def test_an_answer_is_quotes_with_source_then_disclaimer_then_crisis_line() -> None:
    assert in_order(
        words("side effects"),
        "Most people feel dizzy",
        "Ketamine treatment: what to expect",
        "Side effects",
        "Version 2.1, reviewed September 14, 2026",
        "Read it in the document",
        "Nausea | 1 in 4 people",
        "This is an automated system",
        "In a crisis, or worried",
    )


def test_a_carried_warning_stands_behind_the_quotes_and_says_what_it_is() -> None:
    assert in_order(
        words("Can I drive?"),
        "Somebody must take you home.",
        "A warning from the same section:",
        "Do not drive until the day after.",
        "This is an automated system",
    )
    assert "A warning from" not in words("side effects")


def test_a_message_is_one_line_so_that_markdown_leaves_it_alone() -> None:
    for question in ("side effects", "hostile", "unknown", "should I", "hurt myself", "fail", ""):
        assert "\n" not in message(question)
        assert message(question).startswith("<div")


def test_the_passage_around_a_quote_is_its_section_with_the_quote_marked() -> None:
    [shown] = re.findall(r"<details.*?</details>", message("What to bring?"))
    assert "<summary>Show the passage around it</summary>" in shown
    told = html.unescape(re.sub(r"<[^>]+>", "", shown))
    assert in_order(told, "Before you come", "Eat nothing", "1.Bring a list", "3.Wear loose")
    assert "Side effects" not in told
    marked = html.unescape(" ".join(re.findall(r"<mark>(.*?)</mark>", shown)))
    assert marked == f"{CARE[4][2]} {CARE[5][2]}"
    assert 'id="quote"' not in shown
    assert len(re.findall("<details", message("hostile"))) == 10


class Replaced(StandIn):
    """The same assistant after its document was changed, while an older answer is on its way."""

    def document(self, document_id: str) -> Document | None:
        return replace(CARE_DOCUMENT, text="X" + CARE_DOCUMENT.text, sha256="0" * 64)


def test_nothing_of_a_changed_document_is_shown_around_a_quote() -> None:
    assert "<details" not in render_answer(ASSISTANT.ask("side effects"), Replaced(), PAGES)


def test_an_old_quote_is_not_given_a_newer_documents_version() -> None:
    answer = ASSISTANT.ask("side effects")
    assert "Version 2.1, reviewed" in html.unescape(render_answer(answer, ASSISTANT, PAGES))
    newer = render_answer(answer, Replaced(), PAGES)
    assert "Most people feel dizzy" in newer
    assert "Version" not in newer
    assert "reviewed September 14, 2026" in html.unescape(newer)  # the quote's own


def test_an_answer_with_quotes_can_be_printed_and_no_other() -> None:
    shown = message("side effects & more")
    assert 'action="/answer" target="_blank"' in shown
    assert 'name="question" value="side effects &#38; more"' in shown
    assert len(re.findall('name="span"', shown)) == 2
    assert "Most people" not in shown[shown.index("<form") : shown.index("</form>")]
    for question in ("unknown", "chest pain", "", "fail"):
        assert "<form" not in message(question)


def test_what_was_searched_for_stands_above_quotes_and_refusals() -> None:
    answer = ASSISTANT.ask("side effects")
    for plain in (
        answer,
        Answer("?", AnswerKind.REFUSAL, answer.notices, reason="not_answered"),
    ):
        told = replace(plain, searched_for="**side** effects of <ketamine>")
        shown = html.unescape(render_answer(told, ASSISTANT, PAGES))
        assert in_order(
            shown, "Searched for: **side** effects of <ketamine>", 'class="lead"', 'class="help'
        )
        assert "**" not in render_answer(told, ASSISTANT, PAGES)
    assert "Searched for" not in words("side effects")


def test_advice_with_nothing_quoted_speaks_of_no_quote() -> None:
    spoken = ENGLISH("safety.advice_alone")
    notices = (Notice("advice", spoken), *ASSISTANT.notices())
    answer = Answer("should I?", AnswerKind.REFUSAL, notices, reason="advice")
    shown = html.unescape(render_answer(answer, ASSISTANT, PAGES))
    assert in_order(shown, spoken, "hold nothing that can be quoted", "What the documents cover")
    assert "Any quote below" not in shown


def test_advice_comes_before_quotes_that_are_marked_as_general() -> None:
    assert in_order(
        words("should I stop?"),
        "This page cannot advise",
        "General information from the documents:",
        "Bring a list",
    )


def test_a_crisis_comes_first_as_an_alert_with_numbers_to_dial() -> None:
    shown = message("I want to hurt myself")
    assert in_order(
        shown, 'role="alert"', "please talk to a person", 'href="tel&#58;988"', "<blockquote"
    )
    assert words("I want to hurt myself").count("In a crisis, or worried") == 1


def test_nothing_is_quoted_or_listed_in_an_emergency() -> None:
    shown = message("chest pain")
    assert "Call 911 now" in words("chest pain")
    assert "blockquote" not in shown
    assert "What the documents cover" not in shown


def test_a_refusal_says_so_and_lists_what_there_is() -> None:
    shown = words("insurance?")
    assert in_order(
        shown,
        "do not answer this question",
        "Riverside Clinic at +1 555 0100",
        "What the documents cover",
        "Before you come",
        "Going home",
        "In a crisis",
    )
    assert "leaflets&#47;ketamine&#37;20care&#46;md&#35;side&#45;effects" in message("insurance?")


@pytest.mark.parametrize(
    ("reason", "says", "lists"),
    [
        ("off_corpus", "nothing to quote", True),
        ("not_answered", "do not answer", True),
        ("wrong_subject", "do not speak of metformin.", True),
        ("advice", "ask your clinician", True),
        ("empty", "type a question first", False),
        ("too_long", "at most 1,000 characters", False),
        ("withheld", "could not be checked", True),
        ("unknown_document", "not among", True),
        ("something new", "could not be answered", True),
    ],
)
def test_each_reason_is_said_plainly(reason: str, says: str, lists: bool) -> None:
    subject = "metformin" if reason == "wrong_subject" else ""
    answer = Answer("?", AnswerKind.REFUSAL, ASSISTANT.notices(), reason=reason, subject=subject)
    shown = html.unescape(re.sub(r"<[^>]+>", "", render_answer(answer, ASSISTANT, PAGES)))
    assert says in shown
    assert ("What the documents cover" in shown) is lists


def test_a_failure_is_an_apology_and_its_log_holds_no_question(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        shown = words("fail for Jane Doe")
    assert in_order(shown, "Sorry", "+1 555 0100", "In a crisis")
    assert "QuotewellError" in caplog.text
    assert "Jane" not in caplog.text
    assert "Jane" not in shown


class Broken(StandIn):
    """Its documents cannot be read any more, once it has answered."""

    def document(self, document_id: str) -> Document | None:
        raise RuntimeError("zeb" + "ra")


def shown_by(library: StandIn, question: str, ask: Any = ASSISTANT.ask) -> str:
    return answer_message(
        question,
        ask=ask,
        first_notices=ASSISTANT.first_notices,
        library=library,
        pages=PAGES,
        crisis_line=CRISIS_LINE.text,
    )


def fails(*_: object, **__: object) -> None:
    raise RuntimeError("zeb" + "ra")


def test_an_alarm_is_said_even_where_nothing_can_be_asked() -> None:
    read = html.unescape(
        re.sub(r"<[^>]+>", "", shown_by(ASSISTANT, "I want to hurt myself", fails))
    )
    assert in_order(
        read, "please talk to a person now", "Sorry, something went wrong", "In a crisis, or"
    )
    assert "please talk" not in shown_by(ASSISTANT, "May I drive?", fails)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("I want to hurt myself", "please talk to a person now"),
        ("I want to hurt myself", "If you can, be with someone you trust"),
    ],
)
def test_an_alarm_is_said_even_where_its_answer_cannot_be_shown(
    question: str, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    shown = shown_by(Broken(), question)
    read = html.unescape(re.sub(r"<[^>]+>", "", shown))
    assert in_order(
        read, says, "Sorry, something went wrong", "This is an automated system", "In a crisis, or"
    )
    assert has_alarm(shown)
    assert 'href="tel:988"' in shown
    assert "Wear loose sleeves" not in read
    assert "an answer could not be shown: RuntimeError" in caplog.text
    assert "zebra" not in caplog.text + shown


def test_what_is_no_alarm_ends_in_the_apology_alone() -> None:
    shown = shown_by(Broken(), "side effects")
    assert "something went wrong" in shown
    assert not has_alarm(shown)


def test_a_quote_is_shown_even_where_what_stands_around_it_cannot_be(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("zeb" + "ra")

    monkeypatch.setattr("qa.web.render.surroundings", fail)
    for question, alarm in (("side effects", False), ("I want to hurt myself", True)):
        shown = shown_by(ASSISTANT, question)
        assert "<blockquote" in shown
        assert '<details class="around"' not in shown
        assert "went wrong" not in shown
        assert has_alarm(shown) is alarm
    assert "around a quote could not be shown: RuntimeError" in caplog.text
    assert "zebra" not in caplog.text


HOSTILE = "**x** <img src=x onerror=alert(1)> $y$ [z](javascript:alert(1)) www.evil.example"


def refusal(reason: str, subject: str = "", related: tuple[Related, ...] = ()) -> str:
    parts = {"reason": reason, "subject": subject, "related": related}
    return render_answer(
        Answer("?", AnswerKind.REFUSAL, ASSISTANT.notices(), **parts),  # type: ignore[arg-type]
        ASSISTANT,
        PAGES,
    )


def test_what_is_related_is_linked_and_said_to_be_no_answer() -> None:
    related = (
        Related("a.md", "Doses", "Later", "/documents/a.md#later"),
        Related("b.md", "Visits", "", "/documents/b.md"),
    )
    shown = refusal("not_answered", related=related)
    assert in_order(
        html.unescape(shown),
        "do not answer this question",
        "This may be related, but it is not an answer to your question. The documents say",
        'href="/documents/a.md#later"',
        ">Later<",
        'href="/documents/b.md"',
        ">Visits<",
        "What the documents cover",
    )
    assert "The document says this about" in refusal("not_answered", related=related[:1])
    assert "blockquote" not in shown
    assert "related" not in refusal("not_answered")


def test_a_subject_or_heading_is_text_and_nothing_else() -> None:
    related = (Related("a.md", HOSTILE, HOSTILE, f"/documents/a.md#{HOSTILE}"),)
    for shown in (refusal("wrong_subject", HOSTILE), refusal("not_answered", related=related)):
        assert not set("*$[]\n") & set(re.sub(r"&#\d+;", "", shown))
        assert "<img" not in shown
        assert "www.evil" not in shown
        assert HOSTILE in html.unescape(shown)


def test_the_list_of_what_is_covered_is_bounded_and_shared_out() -> None:
    topics = covered([CARE_DOCUMENT] * 4, limit=10)
    assert [len(topic.sections) for topic in topics] == [2, 2, 1, 1]
    assert len(covered([CARE_DOCUMENT] * 40, limit=15)) == 15


def test_the_title_is_not_listed_as_a_section() -> None:
    sections: tuple[Section, ...] = CARE_DOCUMENT.sections
    assert sections[0].heading == CARE_DOCUMENT.title
    assert [heading for heading, _ in covered([CARE_DOCUMENT])[0].sections] == [
        "Before you come",
        "Side effects",
        "Going home",
    ]


def test_the_plain_page_answers_without_scripts(client: TestClient) -> None:
    page = client.get("/plain")
    assert "<script" not in page.text
    answered = client.post("/plain", data={"question": "side effects <b>"})
    assert "Most people feel dizzy" in answered.text
    assert "side effects &#60;b&#62;</textarea>" in answered.text
    assert answered.headers["cache-control"] == "no-store"
