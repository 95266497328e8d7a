"""Ways to write a message so that it reads the same, or nearly, and its letters are others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

__all__ = ["DISGUISES"]

_CYRILLIC = str.maketrans("aceopxyijsABCEHKMOPTXkmt", "асеорхуіјѕАВСЕНКМОРТХкмт")
_GREEK = str.maketrans("aeiknoptuyvxABEHIKMNOPTXYZ", "αειкηορτυγνχΑΒΕΗΙΚΜΝΟΡΤΧΥΖ")
_SMALL = str.maketrans("abcdeghijklmnoprtuvwyz", "ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ")
_LATIN = str.maketrans("aegiloduth", "ɑєɡıⅼοԁυτһ")


def _shifted(small: int, large: int) -> Callable[[str], str]:
    """Each letter A-Z, a-z put into a row of letters that begins there."""

    def shift(text: str) -> str:
        return "".join(
            chr(small + ord(c) - 97) if "a" <= c <= "z"
            else chr(large + ord(c) - 65) if "A" <= c <= "Z"
            else c
            for c in text
        )  # fmt: skip

    return shift


def _between(sign: str) -> Callable[[str], str]:
    """A sign that is not seen behind each letter."""
    return lambda text: "".join(c + sign if c.isalpha() else c for c in text)


def _blanks(sign: str) -> Callable[[str], str]:
    return lambda text: text.replace(" ", sign)


DISGUISES: Mapping[str, Callable[[str], str]] = {
    "cyrillic": lambda text: text.translate(_CYRILLIC),
    "greek": lambda text: text.translate(_GREEK),
    "small capitals": lambda text: text.lower().translate(_SMALL),
    "latin": lambda text: text.translate(_LATIN),
    "full width": _shifted(0xFF41, 0xFF21),
    "bold": _shifted(0x1D41A, 0x1D400),
    "fraktur": _shifted(0x1D586, 0x1D56C),
    "circled": _shifted(0x24D0, 0x24B6),
    "squared": lambda text: _shifted(0x1F130, 0x1F130)(text.upper().lower()),
    "regional": _shifted(0x1F1E6, 0x1F1E6),
    "zero width": _between("\u200b"),
    "joiners": _between("\u2060"),
    "soft hyphens": _between("\u00ad"),
    "combining": _between("\u0336"),
    "combining flood": _between("\u0301" * 6),
    "enclosing": _between("\u20dd"),
    "variation": _between("\ufe0f"),
    "variation supplement": _between("\U000e0101"),
    "tags": _between("\U000e0041"),
    "bidi": _between("\u202a"),
    "isolates": lambda text: "\u2067" + text + "\u2069",
    "struck through": lambda text: "~~" + text.replace(" ", "~~ ~~") + "~~",
    "emphasised": lambda text: "**" + text.replace(" ", "** **") + "**",
    "in tags": lambda text: "<" + text.replace(" ", "> <") + ">",
    "hash signs": lambda text: "#" + text.replace(" ", " #"),
    "slashes": _blanks("/"),
    "fillers for blanks": _blanks("\u3164"),
    "joiners for blanks": _blanks("\u034f"),
    "selectors for blanks": _blanks("\U000e0100"),
    "turned around": lambda text: f"\u202e{text[::-1]}",
    "commas": _blanks(","),
    "hangul filler": _between("\u3164"),
    "null": _between("\x00"),
    "control": _between("\x7f"),
    "braille blank": _blanks("\u2800"),
    "no-break": _blanks("\u00a0"),
    "ogham": _blanks("\u1680"),
    "underscores": _blanks("_"),
}
