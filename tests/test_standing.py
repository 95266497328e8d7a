"""Which documents are quoted on which day; each rule on both sides of its day."""

from __future__ import annotations

from datetime import date

import pytest

from qa.corpus import make_document
from qa.document import Document
from qa.standing import (
    Reason,
    Standing,
    circle_in,
    predecessors,
    standing_of,
    unknown_predecessors,
)

DAY = date(2026, 6, 15)


def document(name: str, **said: str) -> Document:
    front = "".join(f"{field}: {value}\n" for field, value in said.items())
    return make_document(name, f"---\n{front}---\n# Title\n\nText.\n".encode())


def stands(*documents: Document, today: date = DAY) -> dict[str, str]:
    return {name: str(one) for name, one in standing_of(documents, today).items()}


def test_a_document_of_which_nothing_is_said_is_quoted() -> None:
    assert standing_of([document("a.md")], DAY) == {"a.md": Standing()}
    assert stands(document("a.md", audience="patients")) == {"a.md": "quoted"}
    assert standing_of([], DAY) == {}


@pytest.mark.parametrize(
    ("said", "reason", "text"),
    [
        ({"review_by": "2026-06-15"}, None, "quoted, expires today (review_by)"),
        ({"review_by": "2026-07-15"}, None, "quoted, expires in 30 days (review_by)"),
        ({"review_by": "2026-07-16"}, None, "quoted"),
        (
            {"review_by": "2026-06-14"},
            Reason.EXPIRED,
            "not quoted: expired, it was to be reviewed by 2026-06-14 (review_by)",
        ),
        ({"effective": "2026-06-15"}, None, "quoted"),
        (
            {"effective": "2026-06-16"},
            Reason.NOT_YET_EFFECTIVE,
            "not quoted: not yet effective, only from 2026-06-16 (effective)",
        ),
        (
            {"audience": "staff", "review_by": "2026-01-01"},
            Reason.EXPIRED,
            "not quoted: expired, it was to be reviewed by 2026-01-01 (review_by); "
            "for staff only (audience)",
        ),
    ],
)
def test_days_count_whole(said: dict[str, str], reason: Reason | None, text: str) -> None:
    found = standing_of([document("a.md", **said)], DAY)["a.md"]
    assert (found.reason, str(found)) == (reason, text)
    assert found.quotable is (reason is None)


def test_staff_may_be_quoted_what_is_theirs_while_it_stands() -> None:
    found = standing_of([document("a.md", audience="staff")], DAY)["a.md"]
    assert (found.quotable, found.quotable_to("staff"), found.readable) == (False, True, False)
    expired = document("a.md", audience="staff", review_by="2026-01-01")
    assert not standing_of([expired], DAY)["a.md"].quotable_to("staff")


def test_a_successor_counts_from_its_first_day() -> None:
    old = document("old.md", review_by="2026-08-01")
    new = document("new.md", supersedes="old.md", effective="2026-07-01")
    assert stands(old, new, today=date(2026, 6, 30))["old.md"] == "quoted"
    after = standing_of([old, new], date(2026, 7, 1))
    assert after["new.md"].quotable
    assert (after["old.md"].reason, after["old.md"].by) == (Reason.SUPERSEDED, "new.md")
    assert str(after["old.md"]) == "not quoted: superseded by new.md from 2026-07-01 on"


def test_between_an_old_one_that_expired_and_a_new_one_there_is_none() -> None:
    old = document("old.md", review_by="2026-06-01")
    new = document("new.md", supersedes="old.md", effective="2026-07-01")
    found = standing_of([old, new], DAY)
    assert [one.reason for one in found.values()] == [Reason.EXPIRED, Reason.NOT_YET_EFFECTIVE]


def test_what_was_replaced_does_not_come_back() -> None:
    old = document("old.md")
    expired = document("new.md", supersedes="old.md", review_by="2026-01-01")
    assert [one.quotable for one in standing_of([old, expired], DAY).values()] == [False, False]
    for_staff = document("new.md", supersedes="old.md", audience="staff")
    found = standing_of([old, for_staff], DAY)
    assert [one.quotable for one in found.values()] == [False, False]
    assert found["old.md"].by == "new.md"


def test_a_chain_names_the_one_that_is_quoted_now() -> None:
    first = document("1.md")
    second = document("2.md", supersedes="1.md")
    third = document("3.md", supersedes="2.md")
    found = standing_of([first, second, third], DAY)
    assert [one.by for one in found.values()] == ["3.md", "3.md", ""]
    waiting = document("2.md", supersedes="1.md", effective="2027-01-01")
    found = standing_of([first, waiting, third], DAY)
    assert [one.by for one in found.values()] == ["3.md", "", ""]  # replaced by way of the second
    assert found["2.md"].reason is Reason.NOT_YET_EFFECTIVE


def test_several_may_be_replaced_by_id_or_by_a_name_that_is_one_documents() -> None:
    both = document("new.md", supersedes="[old/a.md, 'b, c.md', gone.md, twice.md]")
    others = [document(name) for name in ("old/a.md", "old/b, c.md", "x/twice.md", "y/twice.md")]
    assert predecessors([both, *others])["new.md"] == ["old/a.md", "old/b, c.md"]
    assert unknown_predecessors([both, *others]) == [("new.md", "gone.md"), ("new.md", "twice.md")]


def test_circles() -> None:
    own = document("a.md", supersedes="a.md")
    assert circle_in([own]) == ["a.md"]
    first = document("1.md", supersedes="3.md")
    second = document("2.md", supersedes="1.md")
    third = document("3.md", supersedes="2.md")
    before = document("0.md", supersedes="1.md")
    assert circle_in([before, first, second, third]) == ["1.md", "3.md", "2.md"]
    assert circle_in([document("2.md", supersedes="1.md; 0.md"), document("1.md"), before]) == []
    # An index that holds one nonetheless quotes none of them, and does not hang.
    assert not any(one.quotable for one in standing_of([first, second, third], DAY).values())
