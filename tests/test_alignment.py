"""Places: what moved because of text before it stands where it stood; a twin does not."""

from __future__ import annotations

import random

import pytest

from qa.alignment import Aligned, Places
from qa.corpus import make_document
from qa.types import Quote


def span(text: str, words: str, which: int = 0) -> tuple[int, int]:
    """Where words stand for the n-th time."""
    at = -1
    for _ in range(which + 1):
        at = text.index(words, at + 1)
    return at, at + len(words)


def same(old: str, new: str, words: str, here: int = 0, there: int = 0, now: str = "") -> bool:
    return Aligned(old, new).same_place(span(old, words, here), span(new, now or words, there))


TWICE = "Doses\nTake one a day.\nChildren\nTake one a day.\nEnd"


@pytest.mark.parametrize(
    ("old", "new", "here", "there", "expected"),
    [
        (TWICE, TWICE, 0, 0, True),
        (TWICE, TWICE, 0, 1, False),
        # Text before it moves both.
        (TWICE, "First\nof all.\n" + TWICE, 0, 0, True),
        (TWICE, "First\nof all.\n" + TWICE, 1, 1, True),
        (TWICE, "First\nof all.\n" + TWICE, 0, 1, False),
        # One of the two was taken out, another put in: the count is the same, the places are not.
        (TWICE, "Children\nTake one a day.\nEnd\nAlso\nTake one a day.", 1, 0, True),
        (TWICE, "Children\nTake one a day.\nEnd\nAlso\nTake one a day.", 1, 1, False),
        (TWICE, "Children\nTake one a day.\nEnd\nAlso\nTake one a day.", 0, 0, False),
        # A third was put in before.
        (TWICE, "Old people\nTake one a day.\n" + TWICE, 0, 1, True),
        (TWICE, "Old people\nTake one a day.\n" + TWICE, 0, 0, False),
        # The line around it was changed.
        (TWICE, TWICE.replace("one a day.\nEnd", "one a day. Or none.\nEnd"), 1, 1, True),
        (TWICE, TWICE.replace("Children\n", "Children: "), 1, 1, True),
        # Both are on one line that was changed.
        ("A. Rest. B. Rest. C", "A. Rest. X. Rest. C", 1, 1, True),
        ("A. Rest. B. Rest. C", "A. Rest. X. Rest. C", 0, 1, False),
        ("A. Rest. B. Rest. C", "Rest. A. Rest. X. Rest. C", 0, 1, False),  # which cannot be told
    ],
)
def test_which_of_equal_sentences_is_meant(
    old: str, new: str, here: int, there: int, expected: bool
) -> None:
    words = "Take one a day." if "Take" in old else "Rest."
    assert same(old, new, words, here, there) is expected


def test_other_words_are_another_place() -> None:
    assert not same("Rest well.", "Rest well. Sleep.", "Rest well.", now="Sleep.")


def test_words_that_stand_once_are_at_one_place_however_the_text_was_wrapped() -> None:
    old, new = "One.\n\nRest well, and\nlong. Two.", "Zero.\nTwo.\nRest well,\u00a0and long.\n"
    assert Aligned(old, new).same_place(
        span(old, "Rest well, and\nlong."), span(new, "Rest well,\u00a0and long.")
    )


def test_a_passage_over_several_lines() -> None:
    old = "A\nRest.\nSleep.\nB\nRest.\nSleep.\nC"
    new = "New\n" + old.replace("C", "D")
    assert same(old, new, "Rest.\nSleep.", 1, 1)
    assert not same(old, new, "Rest.\nSleep.", 1, 0)


def test_lines_put_in_or_taken_out_at_random_leave_the_others_where_they_are() -> None:
    chance = random.Random(11)
    for _ in range(100):
        lines = [chance.choice(["Rest.", f"Line {n}."]) for n in range(30)]
        marked = [f"{n} {line}" if chance.random() < 0.3 else line for n, line in enumerate(lines)]
        old = "\n".join(marked)
        at = chance.randrange(len(marked))
        extra = [f"New {n}." for n in range(chance.randrange(4))]
        new = "\n".join([*extra, *marked])
        start = sum(len(line) + 1 for line in marked[:at])
        moved = start + sum(len(line) + 1 for line in extra)
        here, there = (start, start + len(marked[at])), (moved, moved + len(marked[at]))
        assert Aligned(old, new).same_place(here, there)


def test_quotes_of_two_generations() -> None:
    before = {
        "a.md": make_document("a.md", b"# A\n\nRest well. Drink.\n"),
        "b.md": make_document("b.md", b"# B\n\nRest well.\n"),
    }
    after = {
        "a.md": make_document("a.md", b"# A\n\nEat first. Rest well. Drink.\n"),
        "b.md": before["b.md"],
    }
    places = Places(before.get, after.get)

    def quote(which: dict[str, object], name: str) -> Quote:
        document = {**before, **after}[name] if which is after else before[name]
        return Quote.cut(document, *span(document.text, "Rest well."))

    old, new = quote(before, "a.md"), quote(after, "a.md")  # type: ignore[arg-type]
    assert old.start != new.start
    assert places.same(old, new)
    assert not places.same(old, quote(after, "b.md"))  # type: ignore[arg-type]
    assert places.same(quote(before, "b.md"), quote(after, "b.md"))  # type: ignore[arg-type]
    assert not Places({}.get, after.get).same(old, new)
