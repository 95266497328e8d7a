"""Letters of other alphabets that look like Latin ones, put into Latin: what the eye reads.

A message whose letters come from several alphabets, be it for disguise or from a keyboard or font
that does so, must be read by the patterns as a person reads it. Only letters that hardly differ on
a screen are here; what Unicode itself calls another form of a Latin letter (bold, full width,
circled) is undone by its normal form NFKD, before this.
"""

from __future__ import annotations

import unicodedata

from qa.unicode_forms import normal_form

__all__ = ["as_it_looks"]

_ALIKE = {
    # Cyrillic
    "аеорсухіјѕһԁԛԝӏкмтвнєɡ": "aeopcyxijshdqwlkmtbheg",
    "АВЕКМНОРСТУХІЈЅԚԜӀ": "ABEKMHOPCTYXIJSQWl",
    # Greek
    "αειικνορτυχγη": "aeiikvoptuxyn",
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ": "ABEZHIKMNOPTYX",
    # Armenian and Cherokee
    "օոսցհ": "onugh",
    "ᎪᏴᏟᎬᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ": "ABCEHiJKLMPRSTVWZ",
    # Latin letters of phonetics and small capitals, and such as are struck through
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ": "abcdefghijklmnoprstuvwyz",
    "ɑıɩȷøłđħŧɨʋɾ": "aiijoldhtivr",
    "’‘ʼ′`“”": "'''''\"\"",
    "_\u2800": "  ",
}
_TABLE: dict[int, str | None] = {
    ord(one): meant
    for written, read in _ALIKE.items()
    for one, meant in zip(written, read, strict=True)
}
for _first in (0x1F150, 0x1F170, 0x1F1E6):  # white on black, in circles and squares; of flags
    _TABLE |= {_first + n: chr(97 + n) for n in range(26)}
_TABLE |= dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0"))  # letters of no width
_TABLE |= dict.fromkeys((0xFDFA, 0xFDFB), " ")  # whole sentences, of up to 18 letters each
_UNSEEN = ("Cf", "Cc", "Mn", "Me")


def as_it_looks(text: str) -> str:
    """The text in plain letters: its look-alikes in Latin, without accents, other marks on letters
    and what is not seen. Blanks of all kinds and line ends stay as they are."""
    text = text.translate(_TABLE)
    plain = normal_form("NFKD", text).translate(_TABLE)
    return "".join(c for c in plain if c.isspace() or unicodedata.category(c) not in _UNSEEN)
