"""What a reader made of a file, for looking at, once it was found to be sound."""

from __future__ import annotations

from qa.readers.draft import Draft

__all__ = ["blocks_of", "sound"]


def sound(draft: Draft) -> Draft:
    """The draft; fails where its blocks are not stretches of its text, in order and without blanks
    around them."""
    last = 0
    for block in draft.blocks:
        assert last <= block.start < block.end <= len(draft.text)
        inner = draft.text[block.start : block.end]
        assert inner == inner.strip()
        last = block.end
    return draft


def blocks_of(draft: Draft) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    return [(block.kind.value, draft.text[block.start : block.end]) for block in draft.blocks]
