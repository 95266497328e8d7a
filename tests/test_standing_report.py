"""What a maintainer sees of each document: what is quoted, and of the rest why it is not."""

from __future__ import annotations

from dataclasses import replace

from qa.corpus import make_document
from qa.standing import Reason, Standing
from qa.standing_report import document_facts, document_lines, quoted_of

EXPIRED = Standing(Reason.EXPIRED, "2026-10-01", days_left=-3)


def test_how_many_are_quoted() -> None:
    assert quoted_of({"a.md": Standing()}) == "1 of 1 documents"
    many = {
        "a.md": Standing(days_left=30),
        "b.md": EXPIRED,
        "c.md": replace(EXPIRED, staff_only=True),
        "d.md": Standing(staff_only=True),
    }
    assert quoted_of(many) == (
        "1 of 4 documents; 1 of them within 30 days of review_by; "
        "not quoted: 2 expired, 1 for staff only"
    )
    assert quoted_of({"b.md": EXPIRED}) == (
        "0 of 1 documents; not quoted: 1 expired; NOTHING IS QUOTED, EVERY QUESTION IS REFUSED"
    )


def test_a_document_and_what_is_to_be_known_of_it() -> None:
    plain = make_document("a.md", b"# A\n\nText.\n")
    assert document_lines(plain, Standing()) == [
        "a.md: A",
        "    quoted; reviewed not stated; review_by not stated",
    ]
    front = b"---\nversion: 2\nowner: Ann\nreviewed: 2026-01-31\nreview_by: 2026-10-01\n"
    full = make_document(
        "b.md", front + b"encoding: windows-1252\nno_quote: C\n---\n# B\n\n# C\n\nT.\n"
    )
    scanned = replace(full, pages=(0, 1, 2), unsearchable=(2, 3))
    assert document_lines(scanned, EXPIRED) == [
        "b.md: B (version 2, owner Ann, reviewed 2026-01-31, review_by 2026-10-01, "
        "encoding windows-1252)",
        "    not quoted: expired, it was to be reviewed by 2026-10-01 (review_by)",
        "    shown, but never quoted (no_quote): C",
        "    not searchable for want of text: pages 2, 3",
    ]


def test_the_same_for_a_program() -> None:
    document = make_document("a.md", b"---\nreview_by: 2026-10-01\n---\n# A\n\nText.\n")
    assert document_facts(document, EXPIRED) == {
        "document_id": "a.md",
        "title": "A",
        "quoted": False,
        "reason": "expired",
        "day": "2026-10-01",
        "superseded_by": None,
        "staff_only": False,
        "days_left": -3,
        "meta": {"review_by": "2026-10-01"},
        "unsearchable_pages": [],
    }
