"""Replaying: a receipt is answered again from its generation, and the two answers are compared.

The answer is made anew by the same road as any other; of the receipt nothing is shown but where it
differs. Without its generation there is no answer, and the reason is given instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from qa.errors import DamagedIndex, IndexUnusable
from qa.receipt import Basis, Content, Receipt, content_of, read_receipt
from qa.types import Answer

__all__ = ["Replay", "built_when", "replay"]

Ask = Callable[..., Answer]
"""`qa.assistant.Assistant.ask`."""
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)\d*Z-")


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of a receipt."""

    receipt: Receipt
    answer: Answer | None
    """As the generation gives it now; None where it cannot."""
    differs: tuple[str, ...]
    """What in the answer is not as it was; or why there is none. Empty where all is identical."""
    settings: tuple[str, ...]
    """What decides and is not as it was, whether or not the answer is."""

    @property
    def identical(self) -> bool:
        """Whether the answer is the one that the receipt was given for."""
        return not self.differs

    def to_dict(self) -> dict[str, Any]:
        """The replay as JSON has it."""
        return {
            "identical": self.identical,
            "generation": self.receipt.generation,
            "day": self.receipt.day.isoformat(),
            "differs": list(self.differs),
            "settings_differ": list(self.settings),
            "answer": self.answer.to_dict() if self.answer else None,
        }


def replay(
    receipt: Receipt, kept: Sequence[str], ask_of: Callable[[str], Ask], told: str = ""
) -> Replay:
    """Asks a receipt's question of its generation, as it was asked, and compares.

    `kept` are the names of the generations that are kept; `ask_of` gives an assistant's `ask` that
    answers from one of them; `told` is a sentence on the receipt's own, for where it is not kept.

    Raises QuotewellError where nothing can be asked at all, for want of notices or a model.
    """
    name = receipt.generation
    if name not in kept:
        ours = f"Kept are: {', '.join(kept)}." if kept else "None is kept."
        why = f"generation {name}{built_when(name)} is not kept here any more. {told}{ours}"
        return Replay(receipt, None, (why,), ())
    try:
        ask = ask_of(name)
    except DamagedIndex as error:
        return Replay(receipt, None, (f"generation {name} is damaged: {error}",), ())
    except IndexUnusable:
        why = (
            f"generation {name} was built with another embedding model, or another backend of "
            "it, than the settings have (`[embedding]` in qa.toml). Set that one, and replay again."
        )
        return Replay(receipt, None, (why,), ())
    answer = ask(
        receipt.question,
        previous=receipt.previous,
        documents=receipt.documents,
        language=receipt.language,
        today=receipt.day,
        **({} if receipt.audience == "patients" else {"audience": receipt.audience}),
    )
    # The fresh answer's own receipt says by what it was decided.
    basis = read_receipt(answer.receipt).basis if answer.receipt else receipt.basis
    differs = _content_changes(receipt.content, content_of(answer))
    return Replay(receipt, answer, tuple(differs), tuple(_basis_changes(receipt.basis, basis)))


def built_when(generation: str) -> str:
    """When a generation was built, as its name tells, in brackets; empty where it does not."""
    found = _TIME.match(generation)
    if not found:
        return ""
    year, month, day, hour, minute = found.groups()
    return f" (built {year}-{month}-{day} {hour}:{minute} UTC)"


def _content_changes(then: Content, now: Content) -> list[str]:
    """What is not the same in two answers, in words."""
    if then == now:
        return []
    changes = []
    if (then.kind, then.reason) != (now.kind, now.reason):
        changes.append(f"it was {_kind(then)}, it is {_kind(now)} now")
    if then.quotes != now.quotes:
        changes.append(f"it quoted {_places(then)}, it quotes {_places(now)} now")
    changes += _notice_changes(then, now)
    if then.rest != now.rest:
        changes.append(
            "what was searched for, the subject that no document speaks of, or the related "
            "sections are others"
        )
    return changes or ["the receipt's parts contradict each other: it was not written by `qa`"]


def _kind(content: Content) -> str:
    return f"{content.kind} ({content.reason})" if content.reason else content.kind


def _places(content: Content) -> str:
    return ", ".join(f"{q[0]} {q[1]}-{q[2]}" for q in content.quotes) or "nothing"


def _notice_changes(then: Content, now: Content) -> list[str]:
    old, new = ([kind for kind, _ in one.notices] for one in (then, now))
    if old != new:
        return [f"the notices were {', '.join(old)}; they are {', '.join(new)} now"]
    pairs = zip(then.notices, now.notices, strict=True)
    others = dict.fromkeys(one[0] for one, other in pairs if one != other)
    return [f"the notice {kind} is worded otherwise" for kind in others]


def _basis_changes(then: Basis, now: Basis) -> list[str]:
    """What decides and is another thing now, in words."""
    changes = []
    if then.program != now.program:
        changes.append(f"the program was version {then.program} and is {now.program}")
    if then.threshold != now.threshold:
        changes.append(f"the threshold was {then.threshold:g} and is {now.threshold:g}")
    names = {
        "model": "the embedding model",
        "reader": "the reader ([reading] in qa.toml)",
        "policy": "the settings of answering ([answer] in qa.toml)",
    }
    others = [name for name in names if getattr(then, name) != getattr(now, name)]
    return changes + [f"{names[name]}: another one" for name in others]
