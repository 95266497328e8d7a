"""When a quote says nothing new beside an earlier one, and when it only looks alike."""

from __future__ import annotations

import pytest

from qa.repeats import says_nothing_new

SAME = [
    ("Do not drive that day.", "Do not drive on that day."),
    ("Ketamine is an anesthetic.", "KETAMINE  is an\nanesthetic"),
    ("Side effects pass within two hours.", "Side effects pass within about two hours."),
    ("Don\u2019t drive.", "Don't drive."),
    ("\U0001f600", "\U0001f600"),
]


@pytest.mark.parametrize(("later", "earlier"), SAME)
def test_nearly_the_same_sentence_says_nothing_new(later: str, earlier: str) -> None:
    assert says_nothing_new([later], [earlier])
    assert says_nothing_new([later], ["Something before.", earlier, "Something behind."])


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        ("Take 10 mg of it.", "Take 5 mg of it."),
        ("Take 0.5 mg of it.", "Take 5 mg of it."),
        ("Take 5 mg of it.", "Take 5 g of it."),
        ("It helps 5 % of people.", "It helps 5 people."),
        ("Wait two hours.", "Wait four hours."),
        ("You may drive home.", "You may not drive home."),
        ("You may not drive home.", "You may drive home."),
        ("You can drive home.", "You can't drive home."),
        ("You may drive home.", "You must drive home."),
        ("Call us.", "Call us if it hurts."),
        ("Eat before treatment.", "Eat after treatment."),
        ("Most people improve.", "Some people improve."),
        ("Ketamine is better than midazolam.", "Midazolam is better than ketamine."),
        ("We call you.", "You call us."),
        ("It was approved.", "It is approved."),
        ("Take one tablet.", "Children of school age take one tablet."),
        ("Ketamine may raise blood pressure.", "Ketamine may raise pressure."),
        ("\U0001f600", "\U0001f622"),
    ],
)
def test_a_difference_that_counts(later: str, earlier: str) -> None:
    assert not says_nothing_new([later], [earlier])


def test_sentences_repeat_only_those_that_stand_together() -> None:
    earlier = ["Ketamine is old.", "Esketamine is newer.", "It helps many people."]
    assert not says_nothing_new(["Ketamine is old.", "It helps many people."], earlier)
    assert says_nothing_new(["Esketamine is newer.", "It helps many people."], earlier)
    assert not says_nothing_new([*earlier, "More."], earlier)
    assert not says_nothing_new(["Alpha."], [])


def test_an_item_of_another_list_is_new() -> None:
    earlier = ["Do not take:", "aspirin", "You may take:", "paracetamol"]
    assert not says_nothing_new(["Do not take:", "paracetamol"], earlier)
    assert says_nothing_new(["You may take:", "paracetamol"], earlier)
