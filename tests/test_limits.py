"""Which sentences hang on the one before: case by case, and what only looks like one."""

from __future__ import annotations

import pytest

from qa.limits import limits, points_back


@pytest.mark.parametrize(
    "text",
    [
        "However, some must not have it.",
        "Unless you are pregnant.",
        "Except on the first day.",
        "Only if a nurse is there.",
        "Not if you are pregnant.",
        "The only exception is surgery.",
        "(Exceptions are rare.)",
        "This does not apply to children.",
        "These rules do not apply at home.",
        "That doesn\u2019t mean it is safe.",
        "It must not be taken with alcohol.",
        "Do not drive.",
        "DO NOT DRIVE.",
        "Please do not drive.",
        "Don\u2019t take it if you are ill.",
        "Do not take more if you feel dizzy.",
        "Never take two.",
        "Avoid alcohol.",
        "Stop at once if you feel ill.",
        "You must not drive.",
        "You should only take one.",
        "You cannot go home until a nurse has seen you.",
        "People with a weak heart should not have it.",
        "No one should drive afterwards.",
        "Call us if it gets worse.",
        "Call us when you are home.",
        "Please call 911 at once.",
        "Get medical help right away if you faint.",
        "Talk to your clinician before treatment if you are ill.",
        "If you are pregnant, do not take it.",
        "If you feel faint, please stop.",
        "If you have a fever, call us.",
        "Until then, you must not drive.",
        "\u201cDo not drive.\u201d",
    ],
)
def test_a_limit(text: str) -> None:
    assert limits(text)


@pytest.mark.parametrize(
    "text",
    [
        "Take one tablet.",
        "Exceptional people work here.",
        "Stopping takes time.",
        "Nevertheles is misspelt.",
        "Buttons are on the left.",
        "This does not hurt.",
        "Call the desk for a taxi.",
        "If you like, bring a book.",
        "People with a weak heart have it slowly.",
        "You should rest.",
        "",
        "...",
    ],
)
def test_no_limit(text: str) -> None:
    assert not limits(text)


@pytest.mark.parametrize(
    "text",
    [
        "It is slow.",
        "If it hurts, call us.",
        "When this happens, wait.",
        "If not, wait.",
        "If you do, call us.",
        "If you cannot, call us.",
        "If any of these apply, call us.",
        "After that, rest.",
        "For this reason, rest.",
        "Unless you are pregnant.",
        "Except when you are ill.",
        "Only if a nurse is there.",
        "Not before noon.",
        "That said, it is rare.",
        "The exception is surgery.",
        "The same applies to children.",
        "Take it with food.",
        "Do not chew them.",
        "Those are rare.",
        "\u201cIt is slow.\u201d",
        "Do not drive until then.",
        "Eat nothing before that.",
    ],
)
def test_what_points_back(text: str) -> None:
    assert points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "Unless you are told otherwise, take one.",
        "Only after noon, when it is quiet, do we call.",
        "If you are ill, call us.",
        "Those who drink should wait.",
        "This leaflet is for adults.",
        "In this leaflet you read of ketamine.",
        "Do not take it if you:",
        "Taking it with food helps.",
        "After surgery, rest.",
        "",
        "Rest for a day, and do not drive until then.",
        "Stay in the clinic for two hours and do not drive until then.",
    ],
)
def test_what_stands_by_itself(text: str) -> None:
    assert not points_back(text)


def test_an_instruction_about_it_that_forbids_is_a_limit() -> None:
    assert limits("Keep it at least 15 cm from the box and do not carry it in a breast pocket.")
    assert limits("Wear it over a shirt, and never on bare skin.")
    assert not limits("Keep it at least 15 cm from the box.")
    assert not limits("You can use a phone that you do not need.")
