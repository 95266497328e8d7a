"""The report for a terminal: counts first, then what changed, worst first, with its difference."""

from __future__ import annotations

from dataclasses import replace

from qa.comparing import compare_all
from qa.difference import Change, Difference
from qa.difference_report import LABELS, LOGGED, MEANINGS, difference_text, shortened
from qa.gate import measured
from qa.golden import Golden
from tests.differing import Says, answered, document, quote_of, refused

LONG = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen " * 3
OLD = document(f"# A\n\nRest well. Drink water. {LONG.strip()} soon.\n")
NEW = document(f"# A\n\nRest well. Drink \x1btea. {LONG.strip()} later.\n".replace("\x1b", ""))


def example() -> Difference:
    old = {
        "what\nabout rest?": answered(quote_of(OLD, "Rest well."), quote_of(OLD, "Drink water.")),
        "long?": answered(quote_of(OLD, f"{LONG.strip()} soon.")),
        "walk?": answered(quote_of(OLD, "Rest well.")),
        "bake?": refused("off_corpus"),
    }
    new = {
        "what\nabout rest?": answered(quote_of(NEW, "Rest well."), quote_of(NEW, "Drink tea.")),
        "long?": answered(quote_of(NEW, f"{LONG.strip()} later.")),
        "walk?": refused(),
        "bake?": refused("off_corpus"),
    }
    label = Golden(7, "walk?", "quote", ("Rest well.",), "a.md", frozenset(), "")
    others = ["what\nabout rest?", "long?", "bake?"]
    return compare_all(Says("g1", [OLD], old), Says("g2", [NEW], new), [label], others)


def test_counts_then_the_worst_first() -> None:
    text = difference_text(example(), 120)
    assert text.startswith(
        "Old: g1\nNew: g2\n\nDocuments that patients are quoted: 0 added, 0 removed, 1 "
    )
    assert f"Questions asked of both: 1 golden, 3 logged. {LOGGED}" in text
    assert "     1  now wrong: a golden question" in text
    assert "     0  danger notice changed: " in text
    assert "Golden questions: share (count), 95 % interval" in text
    assert text.index("Now wrong (1)") < text.index("Reworded (2)")
    assert "bake?" not in text  # nothing changed
    assert (
        "line 7: walk?\n      (also: newly refused)\n    old: \u201cRest well.\u201d [a.md" in text
    )
    assert "    new: refusal, nothing is quoted (not_answered)" in text


def test_where_answers_differ_is_in_view() -> None:
    text = difference_text(example(), 120)
    assert "logged: what about rest?\n    old: quote 2: \u201cDrink water.\u201d" in text
    assert "    new: quote 2: \u201cDrink tea.\u201d [a.md, A, " in text
    assert "and 1 more" in text
    ends = [line for line in text.splitlines() if "thirteen fourteen soon." in line]
    assert len(ends) == 1
    assert ends[0].startswith("    old: \u201c\u2026 ")


def test_labels_that_cannot_be_judged_are_told_of() -> None:
    label = Golden(2, "walk?", "quote", ("Drink tea.",), "a.md", frozenset(), "")
    says = {"walk?": refused()}
    found = compare_all(Says("g1", [OLD], says), Says("g2", [NEW], says), [label], [])
    text = difference_text(found, 120)
    assert "Not judged: 1 golden questions" in text
    assert "words are gone" not in text
    assert "Golden questions: share" not in text


def test_labels_whose_words_are_gone_are_told_of_as_publishing_counts_them() -> None:
    label = Golden(2, "walk?", "quote", ("Drink water.",), "a.md", frozenset(), "")
    kept = Golden(3, "rest?", "quote", ("Rest well.",), "a.md", frozenset(), "")
    says = {"walk?": refused(), "rest?": answered(quote_of(NEW, "Rest well."))}
    old, new = Says("g1", [OLD], says), Says("g2", [NEW], says)
    found = compare_all(old, new, [kept, label], [])
    text = difference_text(found, 120)
    told = (
        "Labels whose words are gone from the new generation: 1. `qa publish` counts them as "
        "missed; `qa relocate --generation g2` lists them.\n  line 2: walk?\n"
    )
    assert told in text
    refuses = (
        "By the golden questions `qa publish` would refuse the new generation:\n  - Answerable"
    )
    assert refuses in text
    assert text.index(told) < text.index(refuses) < text.index("Questions asked of both")
    assert "Not judged" not in text
    gate = measured([kept, label], new)
    assert found.objections == gate.below, "what `qa publish` says"
    told_json = found.to_dict()["publish"]
    assert (told_json["words_gone"], told_json["objections"]) == ([2], list(gate.below))
    good = difference_text(compare_all(old, new, [kept], []), 120)
    assert "`qa publish` would not refuse the new generation" in good


def test_questions_of_another_corpus_were_not_asked() -> None:
    found = compare_all(Says("a", [OLD], {}), Says("b", [NEW], {}), [], [])
    text = difference_text(replace(found, foreign="2 of 2 are elsewhere"), 120)
    assert "would refuse the new generation:\n  - 2 of 2 are elsewhere\n" in text
    assert "there are no golden ones" not in text


def test_nothing_was_asked() -> None:
    text = difference_text(compare_all(Says("a", [], {}), Says("b", [], {}), [], []), 120)
    assert "No question was asked" in text


def test_long_lists_of_documents_are_cut() -> None:
    many = [document("# T\n\nText.\n", f"{n:03}.md") for n in range(50)]
    text = difference_text(compare_all(Says("a", [], {}), Says("b", many, {}), [], []), 120)
    assert "quoted: 50 added" in text
    assert "  added: 019.md (T)\n  added: 30 more\n" in text


def test_every_change_has_its_words() -> None:
    assert set(LABELS) == set(MEANINGS) == set(Change)


def test_texts_are_cut_at_a_word() -> None:
    assert shortened("one  two\nthree", 20) == "one two three"
    assert shortened("one two three", 9) == "one two \u2026"
