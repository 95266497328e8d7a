"""Findings as they are shown, and as JSON."""

from __future__ import annotations

import json

from qa.doctor.finding import Area, Finding, Place, Severity, in_order
from qa.doctor.report import findings_text, record, summary

ERROR = Finding(
    Severity.ERROR,
    Area.INDEX,
    "no_index",
    (Place(file="index"),),
    "No index was built yet.",
    "Run `qa build`.",
)
HINT = Finding(
    Severity.HINT,
    Area.TEXT,
    "long_sentence",
    (Place(document="a.md", line=3, section="Food", start=0, end=4, passage="Eat."),),
    "The sentence is long.",
    "Cut it.",
)


def test_the_worst_of_an_area_comes_first_and_a_line_sums_up() -> None:
    warning = Finding(Severity.WARNING, Area.TEXT, "z", (), "Something.", "Mend it.")
    text = findings_text(in_order([HINT, warning, ERROR]), [Area.SETTINGS, Area.INDEX, Area.TEXT])
    assert text == (
        "Settings: nothing to mend.\n\n"
        "Index:\n  error: index: No index was built yet.\n    \u2192 Run `qa build`.\n\n"
        "Text:\n  warning: Something.\n    \u2192 Mend it.\n"
        "  hint: a.md:3, \u201cFood\u201d: The sentence is long.\n    \u201cEat.\u201d\n"
        "    \u2192 Cut it.\n\n"
        "1 error, 1 warning, 1 hint."
    )


def test_many_of_a_kind_are_counted_unless_all_are_to_be_shown() -> None:
    text = findings_text([HINT] * 20, [Area.TEXT])
    assert text.count("The sentence is long.") == 8
    assert "and 12 more like these (`long_sentence`)" in text
    assert findings_text([HINT] * 9, [Area.TEXT]).count("The sentence is long.") == 9
    everything = findings_text([HINT] * 20, [Area.TEXT], everything=True)
    assert everything.count("The sentence is long.") == 20
    assert summary([HINT] * 9) == "0 errors, 0 warnings, 9 hints."
    assert summary([]) == "All is well."


def test_places_held_against_each_other_are_both_shown() -> None:
    where = (Place(document="a.md", line=3, passage="6 hours."), Place(document="b.pdf", page=2))
    both = Finding(Severity.WARNING, Area.TEXT, "different_numbers", where, "They differ.", "Ask.")
    text = findings_text([both], [Area.TEXT])
    assert "    a.md:3: \u201c6 hours.\u201d\n    b.pdf, page 2\n" in text


def test_json_has_every_key() -> None:
    made = json.loads(json.dumps(record([ERROR], [Area.INDEX])))
    assert made == {
        "findings": [
            {
                "severity": "error",
                "area": "index",
                "code": "no_index",
                "where": [
                    {
                        "file": "index",
                        "document": "",
                        "line": None,
                        "start": None,
                        "end": None,
                        "page": None,
                        "section": "",
                        "setting": "",
                        "passage": "",
                    }
                ],
                "message": "No index was built yet.",
                "mend": "Run `qa build`.",
            }
        ],
        "summary": {"areas": ["index"], "errors": 1, "warnings": 0, "hints": 0},
    }
