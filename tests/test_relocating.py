"""Labels found again: what is certain, what a person must look at, and nothing by likeness."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from qa.chunking import split_sentences
from qa.document import Document, Sentence
from qa.golden import Golden, Span
from qa.relocating import Relocation, Status, cells, relocate, relocation_text
from tests.differing import document
from tests.little_work import least_seconds

TEXT = "# A\n\nRest well.  Drink\nwater. Do not drive until the next day.\n\n# B\n\nRest well.\n"
A = document(TEXT)
B = document("# Other\n\nEat little. Walk a bit.\n", "b.md")
PLAIN = A.text


def sentences_of(*documents: Document) -> Callable[[str], Sequence[Sentence]]:
    by_id = {one.id: one for one in documents}
    return lambda name: split_sentences(by_id[name])


def label(*quotes: str, spans: Sequence[Span] = (), name: str = "a.md") -> Golden:
    return Golden(7, "Why?", "quote", quotes, name, frozenset(), "", tuple(spans))


def find(one: Golden, *documents: Document) -> list[Relocation]:
    documents = documents or (A, B)
    [found] = relocate([one], documents, sentences_of(*documents))
    return found


def span(words: str, which: int = 0) -> tuple[int, int]:
    at = -1
    for _ in range(which + 1):
        at = PLAIN.index(words, at + 1)
    return at, at + len(words)


FIRST, SECOND = span("Rest well."), span("Rest well.", 1)
DRIVE = span("Do not drive until the next day.")


@pytest.mark.parametrize(
    ("quote", "old", "status", "now"),
    [
        ("Do not drive until the next day.", None, Status.PLACED, DRIVE),
        ("Do not drive until the next day.", DRIVE, Status.UNCHANGED, DRIVE),
        ("Do not drive until the next day.", (0, 5), Status.MOVED, DRIVE),
        ("Do  not\ndrive until the next day.", None, Status.PLACED, DRIVE),
        ("Rest well.", None, Status.SEVERAL, None),
        ("Rest well.", FIRST, Status.UNCHANGED, FIRST),
        ("Rest well.", SECOND, Status.UNCHANGED, SECOND),
        ("Rest well.", (SECOND[0] - 5, SECOND[1] - 5), Status.MOVED, SECOND),  # the nearest
        ("Rest well.", (FIRST[0] + 5, FIRST[1] + 5), Status.MOVED, FIRST),
        ("Rest well.", (10**6, 10**6 + 10), Status.MOVED, SECOND),
    ],
)
def test_words_that_are_there_as_they_were(
    quote: str, old: Span, status: Status, now: Span
) -> None:
    [found] = find(label(quote, spans=[old] if old else []))
    assert (found.status, found.span, found.found_in) == (status, now, "a.md")
    assert not found.status.needs_a_person


def test_text_put_in_before_moves_the_offsets() -> None:
    before = document(TEXT.replace("# A\n\n", "# A\n\nRead this first, please.\n\n"))
    [found] = find(label("Rest well.", spans=[FIRST]), before)
    assert found.status is Status.MOVED
    assert found.span
    assert before.text[slice(*found.span)] == "Rest well."
    assert found.span[0] < before.text.index("Drink")


def test_words_that_went_to_another_document_are_for_a_person() -> None:
    [found] = find(label("Eat little."))
    assert (found.status, found.found_in, found.span) == (Status.IN_ANOTHER, "b.md", None)
    [found] = find(label("Eat little.", name="gone.md"))
    assert (found.status, found.found_in) == (Status.IN_ANOTHER, "b.md")
    assert found.status.needs_a_person


def test_a_label_without_a_document() -> None:
    [found] = find(label("Eat little.", name=""))
    assert (found.status, found.found_in, found.span) == (Status.ANYWHERE, "b.md", None)
    assert not found.status.needs_a_person


def test_words_that_were_changed_are_shown_and_not_taken() -> None:
    [found] = find(label("Do not drive a car until the next day."))
    assert (found.status, found.span) == (Status.CHANGED, None)
    assert found.like == "Do not drive until the next day."
    # 32 letters in common of 38 and 32: 2 x 32 / 70.
    assert found.likeness == pytest.approx(100 * 64 / 70)
    assert found.status.needs_a_person
    [found] = find(label("Rest well. Drink cold water."))
    assert found.like == "Rest well. Drink water."  # a run of whole sentences


def test_a_not_that_was_lost_is_a_change() -> None:
    [found] = find(label("Do drive until the next day."))
    assert (found.status, found.span) == (Status.CHANGED, None)


def test_words_that_are_gone() -> None:
    [found] = find(label("Ketamine blocks receptors."))
    assert (found.status, found.like, found.span) == (Status.GONE, "", None)
    assert found.status.needs_a_person


def test_the_cells_to_write() -> None:
    golden = [
        label("Do not drive until the next day.", "Eat little.", "Rest well.", spans=[]),
        label("Ketamine blocks receptors."),
        label("Eat little.", name=""),
        Golden(9, "Who?", "refuse", (), "", frozenset(), ""),
    ]
    documents = [A, B]
    found = relocate(golden, documents, sentences_of(*documents))
    start, end = DRIVE
    assert cells(golden, found, documents) == [
        f"{start}:{end} || ? || ? of {A.sha256[:8]}",
        None,
        None,
        None,
    ]


def test_the_report() -> None:
    golden = [
        label("Do not drive until the next day.", "Eat little.", "Rest well."),
        label("Do not drive a car until the next day.", "Ketamine blocks receptors."),
    ]
    found = relocate(golden, [A, B], sentences_of(A, B))
    text = relocation_text(found, None)
    assert text.startswith("Quotes of golden labels: 5.\n     1  found; where was not written down")
    assert "line 7: Why?\n    label (a.md): \u201cEat little.\u201d\n    now in b.md" in text
    assert "    91 % like it in a.md: \u201cDo not drive until the next day.\u201d" in text
    assert "nothing like it is there" in text
    assert text.endswith("To keep the places that are certain: --write.")
    assert relocation_text(found, 3).endswith("Written: the places of 3 labels.")
    assert found[1][0].to_dict()["likeness"] == 91.4


def test_a_long_document_takes_no_time() -> None:
    many = " ".join(f"Sentence number {n} says what {n * 7} means." for n in range(10_000))
    long = document(f"# A\n\n{many}\n")
    ends = [at for at, letter in enumerate(long.text) if letter == "."]
    starts = [3, *(at + 2 for at in ends[:-1])]
    made = [Sentence(a, b + 1, long.blocks[1].kind, 1) for a, b in zip(starts, ends, strict=True)]
    asked = [label("Sentence number 77 said what it meant.")]
    assert least_seconds(lambda: relocate(asked, [long], lambda _: made), 2) < 2
    [[found]] = relocate(asked, [long], lambda _: made)
    assert found.like.startswith("Sentence number 77 says what 539")
