"""What the style of a Word table says of the text in its cells, by where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from qa.readers.docx_package import W, value
from qa.readers.docx_styles import Style, Styles
from qa.readers.xml import Element

__all__ = ["Look", "Place"]

_SIDES = {
    "firstRow": ("firstRow", 0x20),
    "lastRow": ("lastRow", 0x40),
    "firstCol": ("firstColumn", 0x80),
    "lastCol": ("lastColumn", 0x100),
}
"""The parts of a table that its style may set apart, by the names that styles have for them: the
attribute of a table's look that does so, and the bit of it in older files (ECMA-376, 17.4.55)."""
_CORNERS = {
    "nwCell": ("firstRow", "firstCol"),
    "neCell": ("firstRow", "lastCol"),
    "swCell": ("lastRow", "firstCol"),
    "seCell": ("lastRow", "lastCol"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands: at which sides of its table."""

    first_row: bool
    last_row: bool
    first_column: bool
    last_column: bool

    def sides(self) -> list[str]:
        """Their names in styles, the one that has the last word first (ECMA-376, 17.7.6)."""
        at = (self.first_column, self.last_column, self.first_row, self.last_row)
        names = ("firstCol", "lastCol", "firstRow", "lastRow")
        return [name for name, stands in zip(names, at, strict=True) if stands]


class Look:
    """The style of one table. What it says of bands, every other row or column, is not asked."""

    def __init__(self, styles: Styles, table: Element) -> None:
        look = table.find(f"{W}tblPr/{W}tblLook")
        style_id = value(table, "tblPr/tblStyle")
        apart = {part for part, named in _SIDES.items() if _is_set(look, *named)}
        corners = {part for part, sides in _CORNERS.items() if apart.issuperset(sides)}
        self._whole = styles.of_table(style_id)
        self._parts = {part: styles.part_of_table(style_id, part) for part in apart | corners}

    @property
    def first_row_is_bold(self) -> bool:
        """Whether the first row is set apart in bold, as heads are."""
        return bool(self._parts.get("firstRow", Style()).bold)

    def of(self, place: Place) -> Style:
        """What is said of the text in a cell: whether it is hidden, and whether it is struck."""
        sides = place.sides()
        corners = [part for part, needed in _CORNERS.items() if set(needed) <= set(sides)]
        said = [self._parts[part] for part in (*corners, *sides) if part in self._parts]
        said.append(self._whole)
        return Style(
            hidden=next((one.hidden for one in said if one.hidden is not None), None),
            struck=next((one.struck for one in said if one.struck is not None), None),
        )


def _is_set(look: Element | None, attribute: str, bit: int) -> bool:
    if look is None:
        return False
    written = look.get(f"{W}{attribute}")
    if written is not None:
        return written.lower() in ("1", "true", "on")
    try:
        return bool(int(look.get(f"{W}val", ""), 16) & bit)
    except ValueError:
        return False
