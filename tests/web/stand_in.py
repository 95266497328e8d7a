"""A small assistant of real documents, quotes and answers, without index and model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from urllib.parse import quote as percent_encode

from qa.document import Block, BlockKind, Document, Section
from qa.errors import QuotewellError
from qa.feedback import Feedback, FeedbackBook
from qa.notices import Dial
from qa.page_image import PagedFile
from qa.safety import Assessment, Danger
from qa.standing import Standing
from qa.store import Store
from qa.types import Answer, AnswerKind, Notice, Quote, Related, Role

DISCLAIMER = Notice(
    "disclaimer",
    "This is an automated system. It quotes the clinic's documents. It is not medical advice, "
    "and no one is watching this page. See your clinician about your own care.",
)
CRISIS_LINE = Notice(
    "crisis_line",
    "In a crisis, or worried about someone? You can talk to a person:\n"
    "988 Suicide & Crisis Lifeline: call 988 or text 988, https://988lifeline.org\n"
    "Veterans Crisis Line (veterans): call 988, then press 1 or text 838255, "
    "https://www.veteranscrisisline.net\nIn an emergency, call 911.",
)
CRISIS = Notice(
    "crisis",
    "If you may hurt yourself or someone else, or if someone may hurt you, please talk to a person "
    "now. You do not have to be sure.\n988 Suicide & Crisis Lifeline: call 988 or text 988\n"
    "If there is danger right now, call 911. If you can, be with someone you trust. "
    "This page is automated. No one is watching it.",
)
EMERGENCY = Notice("emergency", "This may be an emergency. Call 911 now. Do not wait here.")
ADVICE = Notice(
    "advice",
    "This page cannot advise on your own care. Do not start, stop or change a medicine because of "
    "what you read here. Ask your clinician. Any quote below is general information.",
)
DIALS = (
    Dial("Emergency", "Call 911", "tel:911"),
    Dial("988 Suicide & Crisis Lifeline", "Call 988", "tel:988"),
    Dial("988 Suicide & Crisis Lifeline", "Text 988", "sms:988"),
    Dial("Veterans Crisis Line", "Call 988, then press 1", "tel:988"),
    Dial("Veterans Crisis Line", "Text 838255", "sms:838255"),
    Dial("Poison line", "Call 1-800-222-1222", "tel:18002221222"),
)

Line = tuple[BlockKind, str, str]
"""Kind, what stands before the block, and the block's text."""

CARE: tuple[Line, ...] = (
    (BlockKind.HEADING, "", "Ketamine treatment: what to expect"),
    (BlockKind.PARAGRAPH, "", "This leaflet is for adults who were offered ketamine for PTSD."),
    (BlockKind.HEADING, "", "Before you come"),
    (BlockKind.PARAGRAPH, "", "Eat nothing for six hours. You may drink water until two before."),
    (BlockKind.ITEM, "1. ", "Bring a list of the medicines you take."),
    (BlockKind.ITEM, "2. ", "Bring somebody who can take you home."),
    (BlockKind.ITEM, "3. ", "Wear loose sleeves."),
    (BlockKind.HEADING, "", "Side effects"),
    (BlockKind.PARAGRAPH, "",
     "Most people feel dizzy, sleepy or far away from themselves for about an hour. "
     "Blood pressure often rises for a short time, so we measure it before and after treatment."),
    (BlockKind.TABLE_HEAD, "", "Effect | How often | What we do"),
    (BlockKind.TABLE_ROW, "", "Nausea | 1 in 4 people | Medicine for it is offered"),
    (BlockKind.TABLE_ROW, "", "Headache | 1 in 5 people | Rest, and paracetamol if needed"),
    (BlockKind.HEADING, "", "Going home"),
    (BlockKind.PARAGRAPH, "", "Do not drive until the day after. Somebody must take you home."),
)  # fmt: skip


def make_document(
    document_id: str, title: str, lines: Sequence[Line], meta: Sequence[tuple[str, str]] = ()
) -> Document:
    """A document of blocks; a heading that repeats the title has level 1, any other level 2."""
    text, blocks, sections = "", [], []
    for kind, before, written in lines:
        tight = kind in (BlockKind.ITEM, BlockKind.TABLE_ROW)
        text += ("\n" if tight else "\n\n" if text else "") + before
        start = len(text)
        text += written
        if kind is BlockKind.HEADING:
            anchor = "".join(c if c.isalnum() else "-" for c in written.lower())
            sections.append((written, 1 if written == title else 2, start, anchor))
        elif not sections:
            sections.append(("", 0, 0, "start"))
        blocks.append(Block(kind, start, len(text), len(sections) - 1))
    ends = [section[2] for section in sections[1:]] + [len(text)]
    made = tuple(
        Section(heading, level, start, end, anchor, (heading,))
        for (heading, level, start, anchor), end in zip(sections, ends, strict=True)
    )
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Document(document_id, title, text, sha256, made, tuple(blocks), sha256, tuple(meta))


CARE_DOCUMENT = make_document(
    "leaflets/ketamine care.md",
    "Ketamine treatment: what to expect",
    CARE,
    [("version", "2.1"), ("reviewed", "2026-09-14"), ("language", "en")],
)

HOSTILE_TEXTS = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> <b>bold</b> </blockquote></div>",
    "**bold** _em_ `code` ~~gone~~ [link](https://evil.example) ![image](https://evil.example/i.png)",
    "Take $5$ or $$x^2$$ or \\(y\\) or \\[z\\]; a | b | c",
    "1. first\n2. second\n- dash\n* star\n> quoted\n# heading\n    blanks\n\n\nafter empty lines",
    "See https://evil.example, www.evil.example and patient@evil.example; &amp; &lt;b&gt; &#60;",
    "```\nfenced\n```\n| a | b |\n|---|---|\n| 1 | 2 |\n---\n***",
    "Emoji 👩‍⚕️🙂, combining e\u0301, no-break\u00a0space, two  blanks, tab\there",
    "שלום world مرحبا 123, right-to-left override: \u202egnirts\u202c end, bell \x07 end",
    "<think>hidden</think> <details><summary>s</summary>d</details> {{ 7 * 7 }} {% raw %} <!-- -->",
    "\\*not bold\\* \\<b\\> two blanks at the end  \n<https://evil.example> javascript:alert(1)",
)  # fmt: skip
HOSTILE_DOCUMENT = make_document(
    "hostile.md",
    "Hostile <b>texts</b> & **marks**",
    [(BlockKind.PARAGRAPH, "", text) for text in HOSTILE_TEXTS],
)


def span_of(document: Document, text: str) -> tuple[int, int]:
    """Where a text stands that the document holds once."""
    assert document.text.count(text) == 1
    start = document.text.index(text)
    return start, start + len(text)


def quote_of(document: Document, text: str, role: Role = "evidence") -> Quote:
    """The quote of a text that the document holds once."""
    return Quote.cut(document, *span_of(document, text), score=0.8, role=role)


def related_of(document: Document, heading: str) -> Related:
    """A section that comes near, without a quote."""
    [section] = [section for section in document.sections if section.heading == heading]
    url = f"/documents/{percent_encode(document.id)}#{section.anchor}"
    return Related(document.id, document.title, heading, url)


def book_of(
    store: Store, redact: Callable[[str], str], *, with_questions: bool = False
) -> FeedbackBook:
    """A book for the stand-in's documents, which takes "hurt" for a crisis and "chest pain" for an
    emergency."""

    def assess(text: str) -> Assessment:
        emergency = Danger.EMERGENCY if "chest pain" in text else Danger.NONE
        return Assessment(Danger.CRISIS if "hurt" in text else emergency)

    def notices(found: Assessment, language: str) -> tuple[Notice, ...]:
        return (CRISIS if found.danger is Danger.CRISIS else EMERGENCY, DISCLAIMER, CRISIS_LINE)

    documents = StandIn().documents
    return FeedbackBook(store, redact, assess, with_questions, documents=documents, notices=notices)


class NoBook:
    """Takes feedback, keeps nothing, and takes "hurt" in a note for a crisis."""

    def help_for(self, note: str, language: str) -> tuple[Notice, ...]:
        return (CRISIS, DISCLAIMER, CRISIS_LINE) if "hurt" in note else ()

    def keep(self, feedback: Feedback) -> None: ...


class StandIn:
    """Answers by words in the question; see `ask`."""

    generation = "20261124-test"
    clinic_name = "Riverside Clinic"
    clinic_phone = "+1 555 0100"

    def __init__(self, problem: str = "") -> None:
        self.problem = problem

    def notices(self, language: str = "") -> tuple[Notice, ...]:
        return DISCLAIMER, CRISIS_LINE

    def first_notices(self, question: str, language: str = "") -> tuple[Notice, ...]:
        if "hurt myself" in question:
            return CRISIS, *self.notices()
        return (EMERGENCY, *self.notices()) if "chest pain" in question else self.notices()

    def dials(self, language: str = "") -> tuple[Dial, ...]:
        return DIALS

    def documents(self) -> tuple[Document, ...]:
        return CARE_DOCUMENT, HOSTILE_DOCUMENT

    def document(self, document_id: str) -> Document | None:
        return {document.id: document for document in self.documents()}.get(document_id)

    def paged(self, document_id: str) -> PagedFile | None:
        return None

    def standing(self, document_id: str) -> Standing | None:
        return Standing() if self.document(document_id) else None

    def check(self) -> None:
        if self.problem:
            raise QuotewellError(self.problem)

    def ask(
        self,
        question: str,
        *,
        previous: Sequence[str] = (),
        documents: Sequence[str] | None = None,
        qid: str | None = None,
        trace: bool = False,
        language: str = "",
    ) -> Answer:
        notices: tuple[Notice, ...] = self.notices()
        kind, quotes, reason = AnswerKind.REFUSAL, (), None
        subject, related = "", ()
        if "fail" in question:
            raise QuotewellError(f"the secret is {question}")
        if not question.strip():
            reason = "empty"
        elif len(question) > 1_000:
            reason = "too_long"
        elif documents is not None and not any(self.document(one) for one in documents):
            reason = "unknown_document"
        elif "hurt myself" in question:
            kind, notices = AnswerKind.CRISIS, (CRISIS, *self.notices())
            quotes = (quote_of(CARE_DOCUMENT, "Wear loose sleeves."),)
        elif "chest pain" in question:
            kind, notices = AnswerKind.EMERGENCY, (EMERGENCY, *self.notices())
        elif "hostile" in question:
            kind = AnswerKind.ANSWER
            quotes = tuple(quote_of(HOSTILE_DOCUMENT, text) for text in HOSTILE_TEXTS)
        elif "should I" in question:
            kind, notices = AnswerKind.ANSWER, (ADVICE, *self.notices())
            quotes = (quote_of(CARE_DOCUMENT, "Bring a list of the medicines you take."),)
        elif "side effect" in question or "Side effect" in question:
            kind = AnswerKind.ANSWER
            quotes = (
                quote_of(CARE_DOCUMENT, CARE[8][2]),
                quote_of(CARE_DOCUMENT, "Nausea | 1 in 4 people | Medicine for it is offered"),
            )
        elif "drive" in question:
            kind = AnswerKind.ANSWER
            quotes = (
                quote_of(CARE_DOCUMENT, "Somebody must take you home."),
                quote_of(CARE_DOCUMENT, "Do not drive until the day after.", "warning"),
            )
        elif "bring" in question:
            kind = AnswerKind.ANSWER
            start, _ = span_of(CARE_DOCUMENT, "Bring a list")
            _, end = span_of(CARE_DOCUMENT, "take you home.\n3")
            quotes = (Quote.cut(CARE_DOCUMENT, start, end - 2),)
        elif "metformin" in question:
            reason, subject = "wrong_subject", "metformin"
        elif "related" in question:
            reason, related = "not_answered", (related_of(CARE_DOCUMENT, "Side effects"),)
        else:
            reason = "not_answered"
        return Answer(
            question,
            kind,
            notices,
            quotes,
            reason=reason,
            subject=subject,
            related=related,
            confidence=0.8 if quotes else 0.1,
            generation=self.generation,
            qid=qid,
        )
