"""A document as sentences to choose from."""

from __future__ import annotations

from itertools import chain

from qa.chunking import split_sentences
from qa.corpus import make_document
from qa.staff.picking import MOST_FOUND, PART, Choice, Shelf, Stretch

LONG = make_document(
    "long.md",
    "\n\n".join(
        [
            "# Long",
            *(
                f"## Part {part}\n\n" + " ".join(f"Rule {part} has line {n}." for n in range(60))
                for part in range(9)
            ),
            "## Rest\n\n" + " ".join(f"Rest {n} is long." for n in range(2 * PART + 10)),
        ]
    ).encode(),
)
SHELF = Shelf(LONG, split_sentences(LONG), {(0, 40): "shown"})


def choices(stretches: list[Stretch]) -> list[Choice]:
    return [one for part in stretches for block in part.paragraphs for one in block]


def test_every_sentence_is_in_one_part_word_for_word() -> None:
    every = list(chain.from_iterable(choices(SHELF.part(n + 1)) for n in range(SHELF.count)))
    assert [(one.start, one.end) for one in every] == [
        (one.start, one.end) for one in split_sentences(LONG)
    ]
    assert all(one.text == LONG.text[one.start : one.end] for one in every)
    assert all(len(choices(SHELF.part(n + 1))) <= PART for n in range(SHELF.count))
    assert SHELF.names()[:2] == ["Part 0", "Part 2"]
    assert [one.role for one in every if one.role] == ["shown"] * 2


def test_parts_by_place_and_past_either_end() -> None:
    last = choices(SHELF.part(SHELF.count))
    assert SHELF.part_at(last[0].start) == SHELF.count
    assert SHELF.part(SHELF.count + 5) == SHELF.part(SHELF.count)
    assert SHELF.part(0) == SHELF.part(1)
    assert SHELF.part_at(0) == 1


def test_words_are_found_anywhere_in_the_document() -> None:
    found, count = SHELF.holding("LINE 59. rule")
    assert (count, len(choices(found))) == (9, 9)
    assert [one.heading for one in found] == [f"Part {n}" for n in range(9)]
    assert choices(found)[-1].part == SHELF.part_at(choices(found)[-1].start)
    many, count = SHELF.holding("long")
    assert (len(choices(many)), count) == (MOST_FOUND, 2 * PART + 10)
    assert SHELF.holding("nowhere") == ([], 0)


def test_only_whole_sentences_are_there() -> None:
    first = choices(SHELF.part(1))[0]
    assert SHELF.has(first.start, first.end)
    assert not SHELF.has(first.start, first.end - 1)
    assert first.place == f"{first.start}:{first.end}"


def test_a_document_without_sentences() -> None:
    empty = Shelf(LONG, [])
    assert (empty.count, empty.part(1), empty.holding("x"), empty.part_at(5)) == (0, [], ([], 0), 1)
