"""Coverage counted by hand on small documents."""

from __future__ import annotations

from dataclasses import replace

from qa.document import BlockKind, Document, Section
from qa.feedback import Place
from qa.golden import Golden
from qa.staff.coverage import Quoted, coverage_of
from qa.staff.judgement import Judgement, Result
from qa.staff.outline import outline_pages
from tests.web.stand_in import CARE_DOCUMENT, make_document, span_of

CARE = CARE_DOCUMENT
HEADINGS = ["Ketamine treatment: what to expect", "Before you come", "Side effects", "Going home"]


def golden(question: str, *quotes: str, expect: str = "quote", **more: object) -> Golden:
    made = Golden(2, question, expect, quotes, CARE.id, frozenset(), "")
    return replace(made, **more)  # type: ignore[arg-type]


def judged(one: Golden, result: Result, *places: Place, shown: bool = True) -> Judgement:
    return Judgement(
        question=one.question,
        expect=one.expect,
        tags=(),
        document=one.document,
        result=result,
        confidence=0.5,
        rank=1,
        shown=shown,
        settled=False,
        reason="",
        places=places,
    )


def place(words: str, document: Document = CARE) -> Place:
    return Place(document.id, *span_of(document, words))


def test_lists_and_tables_are_one_paragraph_each() -> None:
    found = coverage_of([CARE], []).documents[0]
    kinds = {s.section.heading: [p.kind for p in s.paragraphs] for s in found.sections}
    assert kinds == dict(
        zip(
            HEADINGS,
            [["paragraph"], ["paragraph", "list"], ["paragraph", "table"], ["paragraph"]],
            strict=True,
        )
    )
    assert (found.paragraphs, found.reached, found.without, found.questions) == (6, 0, 4, 0)
    items = found.sections[1].paragraphs[1]
    assert CARE.text[items.start : items.end].startswith("Bring a list")
    assert CARE.text[items.start : items.end].endswith("Wear loose sleeves.")


def test_a_label_reaches_the_paragraphs_that_it_lies_in_and_no_neighbour() -> None:
    asked = golden("what to bring", "Bring somebody who can take you home.", "Headache | 1 in 5")
    found = coverage_of([CARE], [asked]).documents[0]
    reached = [[p.labelled for p in s.paragraphs] for s in found.sections]
    assert reached == [[False], [False, True], [False, True], [False]]
    assert (found.reached, found.labelled, found.without, found.questions) == (2, 2, 2, 1)
    [one] = found.sections[1].questions
    assert (one.question, one.labelled, one.quoted, one.result) == (
        "what to bring",
        True,
        None,
        None,
    )


def test_what_was_quoted_counts_and_says_whether_it_was_right() -> None:
    right = golden("driving", "Do not drive until the day after.")
    wrong = golden("eating", "Eat nothing for six hours.", line=3)
    refused = golden("parking", expect="refuse", line=4)
    run = [
        judged(
            right,
            Result.RIGHT_FIRST,
            place("Do not drive until the day after."),
            place("Wear loose sleeves."),
        ),
        judged(wrong, Result.WRONG_QUOTE, place("Most people feel dizzy")),
        judged(refused, Result.ANSWERED_WRONGLY, place("Somebody must take you home.")),
    ]
    found = coverage_of([CARE], [right, wrong, refused], run).documents[0]
    seen = {
        s.section.heading: {q.question: (q.labelled, q.quoted) for q in s.questions}
        for s in found.sections
    }
    assert seen == {
        HEADINGS[0]: {},
        HEADINGS[1]: {"driving": (False, Quoted.AS_WELL), "eating": (True, None)},
        HEADINGS[2]: {"eating": (False, Quoted.WRONG)},
        HEADINGS[3]: {"driving": (True, Quoted.RIGHT), "parking": (False, Quoted.WRONG)},
    }
    assert (found.reached, found.labelled, found.without) == (4, 2, 1)


def test_what_was_held_back_was_told_to_nobody() -> None:
    asked = golden("sleeves", "Wear loose sleeves.")
    kept = judged(
        asked, Result.HELD_BACK, place("Most people feel dizzy"), place("Do not drive"), shown=False
    )
    found = coverage_of([CARE], [asked], [kept]).documents[0]
    assert found.reached == found.labelled == 1
    assert found.sections[1].questions[0].result is Result.HELD_BACK


def test_a_question_that_is_gone_from_the_file_reaches_nothing() -> None:
    gone = judged(golden("old"), Result.RIGHT_FIRST, place("Wear loose sleeves."))
    assert (
        coverage_of([CARE], [golden("new", "Wear loose sleeves.")], [gone])
        .documents[0]
        .sections[1]
        .questions[0]
        .result
        is None
    )


def test_a_quote_ends_before_its_end() -> None:
    """A stretch up to the first character of the next paragraph does not reach it."""
    asked = golden("any", expect="refuse")
    start, _ = span_of(CARE, "Eat nothing")
    end, _ = span_of(CARE, "Bring a list")
    found = coverage_of(
        [CARE], [asked], [judged(asked, Result.ANSWERED_WRONGLY, Place(CARE.id, start, end))]
    ).documents[0]
    assert [p.quoted for p in found.sections[1].paragraphs] == [True, False]


TWIN = make_document(
    "twin.md",
    "Twin",
    [
        (BlockKind.HEADING, "", "Twin"),
        (BlockKind.PARAGRAPH, "", "Wear loose sleeves. And shoes."),
        (BlockKind.HEADING, "", "Again"),
        (BlockKind.PARAGRAPH, "", "Wear loose sleeves."),
    ],
)


def test_the_same_words_in_another_document_are_not_the_labels() -> None:
    asked = golden("sleeves", "Wear loose sleeves.")
    made = coverage_of([CARE, TWIN], [asked])
    assert [one.labelled for one in made.documents] == [1, 0]
    quoted = judged(
        asked, Result.RIGHT_FIRST, Place(TWIN.id, *span_of(TWIN, "Wear loose sleeves. And shoes."))
    )
    twin = coverage_of([CARE, TWIN], [asked], [quoted]).documents[1]
    assert (twin.labelled, twin.reached) == (0, 1)
    assert twin.sections[0].questions[0].quoted is Quoted.RIGHT


def test_words_that_stand_twice_are_reached_where_they_are_meant_or_else_in_both_places() -> None:
    asked = golden("sleeves", "Wear loose sleeves.", document=TWIN.id)
    assert coverage_of([TWIN], [asked]).documents[0].labelled == 2
    second = TWIN.text.rindex("Wear")
    placed = replace(asked, spans=((second, second + 19),), text_sha256=TWIN.sha256[:8])
    assert [
        [p.labelled for p in s.paragraphs]
        for s in coverage_of([TWIN], [placed]).documents[0].sections
    ] == [[False], [True]]


def test_a_label_whose_words_moved_is_found_by_its_words() -> None:
    old = replace(
        golden("sleeves", "Wear  loose\nsleeves."), spans=((1, 20),), text_sha256="00000000"
    )
    wrongly_placed = replace(old, text_sha256=CARE.sha256[:8])
    for one in (old, wrongly_placed):
        made = coverage_of([CARE], [one])
        assert made.documents[0].sections[1].paragraphs[1].labelled
        assert made.lost == ()


def test_a_label_whose_words_are_gone_is_told_of() -> None:
    asked = golden("new", "Wear a hat.", "Wear loose sleeves.")
    made = coverage_of([CARE], [asked])
    assert [(one.line, one.quote) for one in made.lost] == [(2, "Wear a hat.")]
    elsewhere = coverage_of([CARE], [golden("x", "Wear loose sleeves.", document="missing.md")])
    assert [one.document for one in elsewhere.lost] == ["missing.md"]
    anywhere = coverage_of([CARE, TWIN], [golden("x", "Wear loose sleeves.", document="")])
    assert [one.labelled for one in anywhere.documents] == [1, 2]


def test_nested_sections_are_counted_each_for_itself_and_references_not_at_all() -> None:
    made = make_document(
        "nested.md",
        "Nested",
        [
            (BlockKind.HEADING, "", "Nested"),
            (BlockKind.HEADING, "", "Part"),
            (BlockKind.PARAGRAPH, "", "Of the part."),
            (BlockKind.HEADING, "", "Below"),
            (BlockKind.PARAGRAPH, "", "Of what is below."),
            (BlockKind.HEADING, "", "References"),
            (BlockKind.ITEM, "", "A paper."),
        ],
    )
    sections = [
        replace(one, level=level, path=made.sections[0].path + path)
        for one, level, path in zip(
            made.sections,
            (1, 2, 3, 2),
            ((), ("Part",), ("Part", "Below"), ("References",)),
            strict=True,
        )
    ]
    document = replace(made, sections=tuple[Section, ...](sections))
    found = coverage_of(
        [document], [golden("below", "Of what is below.", document=made.id)]
    ).documents[0]
    assert (found.paragraphs, found.reached, found.without) == (2, 1, 1)
    assert [s.has_none for s in found.sections] == [False, True, False, False]
    assert [s.quotable for s in found.sections] == [True, True, True, False]


def test_a_document_of_a_thousand_pages_is_shown_page_by_page() -> None:
    lines = [
        line
        for number in range(600)
        for line in (
            (BlockKind.HEADING, "", f"Heading {number}"),
            (BlockKind.PARAGRAPH, "", f"One of {number}."),
            (BlockKind.PARAGRAPH, "", f"Two of {number}."),
        )
    ]
    long = make_document("long.md", "Long", lines)
    asked = golden("first", "One of 0.", "Two of 0.", document=long.id)
    found = coverage_of([long], [asked]).documents[0]
    pages = outline_pages(found)
    assert len(pages) == 19
    assert max(sum(1 + len(part.unreached) for part in page) for page in pages) <= 100
    assert sum(len(part.unreached) for page in pages for part in page) == 1198
    assert outline_pages(found, only_open=True)[0][0].section.section.heading == "Heading 1"
    flat = make_document(
        "flat.md", "Flat", [(BlockKind.PARAGRAPH, "", f"Line {number}.") for number in range(220)]
    )
    parts = [part for page in outline_pages(coverage_of([flat], []).documents[0]) for part in page]
    assert [(len(one.unreached), one.continued) for one in parts] == [
        (50, False),
        *[(50, True)] * 3,
        (20, True),
    ]
