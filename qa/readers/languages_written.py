"""How some languages are written: their letters beyond ASCII, and words that any text of them has.

Only for telling whether a text was decoded rightly: a wrong encoding leaves a language's letters.
"""

from __future__ import annotations

import re

__all__ = ["fits"]

_MARKS = frozenset("\u00a0\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026\u2022\u00ab\u00bb"
                   "\u00b0\u20ac\u00a3\u00a7\u00a9\u00ae\u2122\u00bd\u00bc\u00be\u00b2\u00b3\u00b7"
                   "\u00d7\u00b1\u00b5\u00bf\u00a1\ufeff")  # fmt: skip
_CYRILLIC = "".join(map(chr, range(0x430, 0x450)))
_LANGUAGES: dict[str, tuple[str, str]] = {
    "English": ("éèêïöüçñ", "the and you to of a is in for not be or if your with"),
    "Spanish": ("áéíóúüñºª", "el la de que y en los no un una se si por para su con al lo es"),
    "French": ("àâæçéèêëîïôœùûüÿ", "le la de les et des vous un une en à que si du ne pas est ou"),
    "German": ("äöüß", "der die das und sie nicht in ist ein eine zu den im auf wenn es mit oder"),
    "Portuguese": ("áâãàçéêíóôõúºª", "o a de que e do da em um uma não se os as para com no na"),
    "Italian": ("àèéìíòóùîºª", "il la di che e un una non in per si le è con i da del della"),
    "Dutch": ("éèëïóöü", "de het een en van in is u niet te dat op of voor met uw als"),
    "Swedish": ("åäöé", "och att du är det i en på inte om för som eller med har av till"),
    "Danish": ("æøåé", "og at du er det i en på ikke om for som eller med har af til de"),
    "Polish": ("ąćęłńóśźż", "i w nie się na do z o że jest po lub za jeśli a od to przez"),
    "Czech": ("áčďéěíňóřšťúůýž", "a se v na je s z o že do si po i ve k pro u nebo když"),
    "Hungarian": ("áéíóöőúüű", "a az és nem hogy van egy ha is meg vagy ki ne el csak"),
    "Turkish": ("çğıöşüâîû\u0307", "ve bir bu için da de ile ya daha çok sonra önce ne gibi kadar"),
    "Russian": (_CYRILLIC + "ё", "и в не на с что вы у за если до или по к от о как а"),
    "Ukrainian": (
        "".join(set(_CYRILLIC) - set("ыэъё")) + "іїєґ",
        "і в не на з що ви у за якщо до або по та від про як а",
    ),
    "Greek": ("".join(map(chr, range(0x3AC, 0x3CF))) + "ΐΰ\u0387΄", "και να το η ο την του της σε"
              " με τη των που θα από στο στη μην αν για είναι τα"),
    "Hebrew": ("".join(map(chr, range(0x5D0, 0x5EB))), "את של על לא או אם אל גם עם זה כל אין יש"),
    "Arabic": ("".join(map(chr, range(0x621, 0x653))) + "\u060c\u061b\u061f", "من في على أو إلى لا"
               " أن عن ثم إذا حتى ما هذه هذا مع بعد قبل التي"),
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_WORDS_SHARE = 0.10
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_JAPANESE = re.compile(
    r"[\x00-\x7f\u3000-\u3002\u3005-\u3011\u301c\u3041-\u3096\u309b-\u309e\u30a1-\u30fe"
    r"\u4e00-\u9fff\uff01-\uff5e\u2026\u2015\u00d7]*"
)
_KANA_SHARE = 0.3
_LETTERS = {name: frozenset(letters) for name, (letters, _) in _LANGUAGES.items()}
_COMMON = {name: frozenset(words.split()) for name, (_, words) in _LANGUAGES.items()}


def fits(text: str) -> str:
    """The first language that a text is surely written in, or "" where there is none.

    Each letter and mark beyond ASCII must be one that the language is written with, and of its
    words one in ten must be among its commonest; in Japanese three letters in ten must be kana.
    """
    beyond = {letter for letter in text.lower() if not letter.isascii()}
    words = _WORD.findall(text.lower())
    for name, letters in _LETTERS.items():
        if beyond - _MARKS <= letters:
            common = sum(word in _COMMON[name] for word in words)
            if common >= _WORDS_SHARE * len(words):
                return name
    kana = len(_KANA.findall(text))
    fits_japanese = _JAPANESE.fullmatch(text) and kana >= _KANA_SHARE * len("".join(text.split()))
    return "Japanese" if fits_japanese and kana else ""
