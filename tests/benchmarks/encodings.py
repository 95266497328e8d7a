"""How often a legacy encoding is guessed, and how often the guess is right to the character.

    python tests/benchmarks/encodings.py

Texts are of our own writing, in `tests/data/encodings`: `tuned.txt` was in view when the rule was
made, `held.txt` (other texts, and five languages more) was not, and of the eleven languages of
`unlisted.txt` the program knows nothing, so that refusing them is right. Each is encoded as files
of its language were before UTF-8, whole and cut to several lengths, at two places.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from qa.bounds import upper_bound
from qa.errors import CorpusError
from qa.readers.decoding import decode_or_guess

FOLDER = Path(__file__).resolve().parent.parent / "data" / "encodings"
LENGTHS = (60, 120, 250, 400, 2000)
WESTERN = ("cp1252", "iso8859_15", "mac_roman", "cp850")
ENCODINGS = {
    "en": ("cp1252", "mac_roman"),
    "es": WESTERN,
    "fr": WESTERN,
    "de": WESTERN,
    "pl": ("cp1250", "iso8859_2", "cp852", "mac_latin2"),
    "ru": ("cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic"),
    "el": ("cp1253", "iso8859_7", "mac_greek"),
    "he": ("cp1255", "iso8859_8"),
    "ar": ("cp1256", "iso8859_6"),
    "ja": ("cp932", "euc_jp"),
    "cs": ("cp1250", "iso8859_2", "cp852", "mac_latin2"),
    "tr": ("cp1254", "cp857", "mac_turkish"),
    "uk": ("cp1251", "koi8_u"),
    "pt": WESTERN,
    "sv": WESTERN,
    "ro": ("cp1250", "iso8859_2", "iso8859_16"),
    "sk": ("cp1250", "iso8859_2", "cp852", "mac_latin2"),
    "hr": ("cp1250", "iso8859_2", "mac_latin2"),
    "is": ("cp1252", "iso8859_15", "cp850", "mac_iceland"),
    "et": ("cp1257", "iso8859_13", "cp775", "iso8859_4"),
    "fi": WESTERN,
    "bg": ("cp1251", "iso8859_5", "cp855", "mac_cyrillic"),
    "sr": ("cp1251", "iso8859_5", "cp855"),
    "ca": WESTERN,
    "lv": ("cp1257", "iso8859_13", "cp775", "iso8859_4"),
    "no": (*WESTERN, "cp865"),
}


def samples(which: str) -> list[tuple[str, int, str, bytes]]:
    """Language, length asked for, encoding and bytes of each sample; those a code page lacks the
    characters for are left out."""
    found = []
    for line in (FOLDER / f"{which}.txt").read_text("utf-8").splitlines():
        language, _, text = line.partition(": ")
        for length in LENGTHS:
            pieces = {text[:length], text[len(text) // 3 :][:length]} if length < 900 else {text}
            for piece in sorted(pieces):
                for encoding in ENCODINGS[language]:
                    data = _encoded(piece, encoding)
                    if data and not piece.isascii():
                        found.append((language, length, encoding, data))
    return found


def _encoded(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


def outcome(encoding: str, data: bytes) -> str:
    """`right`, `wrong` or `refused`."""
    try:
        return (
            "right"
            if decode_or_guess(data, "sample").text == data.decode(encoding)
            else f"wrong {decode_or_guess(data, 'sample').meta}"
        )
    except CorpusError:
        return "refused"


def main() -> None:
    """Prints a line for each length, and each wrong guess."""
    for which in ("tuned", "held", "unlisted"):
        counts: dict[int, Counter[str]] = {length: Counter() for length in LENGTHS}
        refused: Counter[str] = Counter()
        for language, length, encoding, data in samples(which):
            found = outcome(encoding, data)
            counts[length][found.split()[0]] += 1
            if found == "refused" and length == LENGTHS[-1]:
                refused[f"{language} {encoding}"] += 1
            if found.startswith("wrong"):
                print(which, language, encoding, len(data), found)
        for length, count in counts.items():
            print(f"{which:6} {length:5} characters: {dict(count)}")
        total = sum(counts.values(), Counter[str]())
        accepted = total["right"] + total["wrong"]
        print(f"{which}: {accepted} of {total.total()} accepted, {total['right']} of them right")
        print(f"  at least {1 - upper_bound(total['wrong'], accepted):.3f} with 95 % confidence")
        print("  whole texts refused:", ", ".join(sorted(refused)) or "none")


if __name__ == "__main__":
    main()
