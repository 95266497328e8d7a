"""Reading a file in a process of its own, with an end in memory and time that its size sets.

A file of a kilobyte can stand for gigabytes, or for hours of a library in C that nothing but the
end of its process stops. One process reads one file after another; it is started with the first,
and anew after one that ended it.
"""

from __future__ import annotations

from array import array
from itertools import chain

from qa.apart import Apart, Broken, Ended, Limits, Refused, limits_of
from qa.apart.child import serve
from qa.apart.messages import Facts
from qa.document import BlockKind
from qa.errors import CorpusError
from qa.readers import READERS, Draft
from qa.readers.draft import DraftBlock

__all__ = ["READING", "main", "read_apart"]

_ANEW = (
    "Open it in another program, print it to a new PDF or save it anew, and put that into the "
    "folder, or take it out."
)
READING = Apart("qa.reading_apart")


def read_apart(suffix: str, data: bytes, name: str, limits: Limits | None = None) -> Draft:
    """What `READERS[suffix]` makes of a file's bytes; `name` is for messages.

    `limits` are those of its size unless others are given. Raises CorpusError as the reader does,
    and where reading takes more; OSError or MemoryError where no process can be started.
    """
    limits = limits or limits_of(data)
    facts = {"suffix": suffix, "name": name}
    try:
        found, boxes = READING.ask("read", facts, data, limits)
    except Refused as refused:
        raise CorpusError(str(refused)) from None
    except Ended as ended:
        raise CorpusError(
            f"{name}: reading its {len(data):,} bytes {ended}. Sound files come nowhere near what "
            f"is allowed, so it is damaged or made to do harm. {_ANEW}"
        ) from None
    except Broken as broken:
        raise CorpusError(
            f"{name}: reading it failed by a mistake of the program ({broken}). Tell who maintains "
            f"Quotewell. {_ANEW}"
        ) from None
    return _draft(found, boxes)


def main() -> None:
    """Reads what `read_apart` asks for, in the process of its own."""
    serve({"read": _read})


def _read(facts: Facts, data: bytes) -> tuple[Facts, bytes]:
    draft = READERS[facts["suffix"]](data, facts["name"])
    boxes = array("i", chain.from_iterable(draft.boxes))
    told = {
        "title": draft.title,
        "text": draft.text,
        "blocks": [(one.kind, one.start, one.end, one.level) for one in draft.blocks],
        "meta": draft.meta,
        "pages": draft.pages,
        "unsearchable": draft.unsearchable,
    }
    return told, boxes.tobytes()


def _draft(told: Facts, boxes: bytes) -> Draft:
    """The draft that the other process told of."""
    numbers = array("i")
    numbers.frombytes(boxes)
    edges = iter(numbers)
    return Draft(
        title=told["title"],
        text=told["text"],
        blocks=tuple(DraftBlock(BlockKind(kind), *rest) for kind, *rest in told["blocks"]),
        meta=tuple((name, value) for name, value in told["meta"]),
        pages=tuple(told["pages"]),
        unsearchable=tuple(told["unsearchable"]),
        boxes=tuple(zip(edges, edges, edges, edges, edges, edges, strict=True)),
    )
