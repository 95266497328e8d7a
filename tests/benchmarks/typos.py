"""Measures what one slip of the finger costs: golden questions asked as they are, and misspelt.

    python tests/benchmarks/typos.py              golden questions of corpus/, five slips each
    python tests/benchmarks/typos.py --slips 1    one slip each
    python tests/benchmarks/typos.py --questions tests/data/oblique_questions.csv

Each answerable question gets one random slip in one of its words of five letters or more that the
tokenizer does not stop at: a letter left out, doubled, changed, added, or swapped with the next.
The slips depend on the question's line and the round alone, so that they are the same for every
version of the program. Also lists which questions were changed without any slip: those that hold
one already, and none else should.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase

from qa.assembly import assistant_of
from qa.evaluation import Outcome, Rate, judge
from qa.golden import read_golden
from qa.lexical import Tokenizer
from qa.settings import load_settings

_WORD = re.compile(r"[^\W\d_]{5,}")
_TYPED_RIGHT = "typo"
"""Tag of golden questions that are misspelt as they stand."""


def main() -> None:
    """Reads the command line, asks, prints."""
    settings = load_settings()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slips", type=int, default=5, help="misspelt versions of each question")
    parser.add_argument("--questions", type=Path, default=settings.corpus / "questions.csv")
    options = parser.parse_args()
    assistant = assistant_of(settings)
    golden = [judge(one, assistant) for one in read_golden(options.questions)]
    untouched = [o for o in golden if o.golden.expect == "quote" and _places(o.golden.question)]
    asked = [one.golden for one in untouched]
    misspelt = [
        judge(replace(one, question=misspell(one.question, f"{one.line}/{number}")), assistant)
        for one in asked
        for number in range(options.slips)
    ]
    for name, outcomes in (("as they are", untouched), ("with a slip", misspelt)):
        for half in ("tuned", "held"):
            _print_rates(name, half, [o for o in outcomes if o.golden.held == (half == "held")])
    _print_changes(golden)
    _print_repairs(untouched, misspelt)


def misspell(question: str, seed: str) -> str:
    """The question with one slip in one of its longer words; the same for the same seed."""
    chance = random.Random(seed)
    start, end = chance.choice(_places(question))
    word = question[start:end]
    while True:
        slip = _slip(word, chance)
        if slip.casefold() != word.casefold():
            return question[:start] + slip + question[end:]


def _places(question: str) -> list[tuple[int, int]]:
    tokenize = Tokenizer()
    return [found.span() for found in _WORD.finditer(question) if tokenize(found[0])]


def _slip(word: str, chance: random.Random) -> str:
    kind = chance.choice(("left out", "doubled", "changed", "added", "swapped"))
    at = chance.randrange(len(word) - (kind == "swapped"))
    letter = chance.choice(ascii_lowercase)
    return {
        "left out": word[:at] + word[at + 1 :],
        "doubled": word[: at + 1] + word[at:],
        "changed": word[:at] + letter + word[at + 1 :],
        "added": word[:at] + letter + word[at:],
        "swapped": word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    }[kind]


def _print_rates(name: str, half: str, outcomes: list[Outcome]) -> None:
    right = sum(o.passed for o in outcomes)
    found = sum(o.rank is not None and o.rank <= 2 for o in outcomes)
    for what, count in (("right in two, shown", right), ("found in two", found)):
        rate = Rate(what, count, len(outcomes))
        low, high = rate.interval
        shown = f"{count:4}/{rate.of:<4}{rate.share:4.0%} ({low:.0%}-{high:.0%})"
        print(f"{name}, {half:6}{what:20}{shown}")


def _searched(outcome: Outcome) -> str:
    """The question as it was searched for, synonyms left out."""
    stated = outcome.answer.searched_for.partition(" (also: ")[0]
    return stated or outcome.golden.question


def _print_changes(outcomes: list[Outcome]) -> None:
    correct = [one for one in outcomes if _TYPED_RIGHT not in one.golden.tags]
    changed = [one for one in correct if _searched(one) != one.golden.question]
    print(f"changed though not tagged as misspelt: {len(changed)}/{len(correct)}")
    for one in changed:
        print(f"  line {one.golden.line}: {one.golden.question}\n    -> {_searched(one)}")


def _print_repairs(untouched: list[Outcome], misspelt: list[Outcome]) -> None:
    """What became of the slips: put right, made another word, or left."""
    meant = {one.golden.line: _searched(one).casefold() for one in untouched}
    became: Counter[str] = Counter()
    for one in misspelt:
        text = _searched(one)
        kind = "put right"
        if text.casefold() != meant[one.golden.line]:
            kind = "left" if text == one.golden.question else "made another word"
        if kind == "made another word":
            print(f"  {one.golden.question}\n    -> {text}")
        became[kind] += 1
    print(", ".join(f"{kind} {count}" for kind, count in became.most_common()))


if __name__ == "__main__":
    main()
