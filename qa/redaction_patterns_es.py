"""Personal things as they are written in Spanish, in Spain and Mexico above all.

The same kind of rules as in `qa.redaction_patterns`, which has the marks and what may be said of
the time that patterns take. Shapes of official numbers: DNI and NIE (Spain's Real Decreto
1553/2005), CURP, RFC and NSS (as Mexico's registries publish them).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.redaction_patterns import ADDRESS, DATE, NUMBER, PHONE, replacing, replacing_group

__all__ = ["SPANISH_SHAPES"]

_OFFICIAL = re.compile(
    r"\b(?:"
    r"(?:\d{8}|\d{1,2}\.\d{3}\.\d{3}|[xyz][ -]?(?:\d{7,8}|\d\.\d{3}\.\d{3}))"
    r"(?:-?[a-z]|(?-i: [A-Z]))"  # DNI, NIE; a small letter behind a blank may be the word "y"
    r"|[a-z]{4}\d{6}[hmx][a-z]{5}[a-z\d]\d"  # CURP
    r"|[a-z\u00f1&]{3,4}-?\d{6}-?(?=[a-z]{0,2}\d)[a-z\d]{3}"  # RFC
    r"|\d{2}[/ -]\d{8}[/ -]\d{2}"  # the number of Spain's social security
    r")\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:dni|nie|nif|curp|rfc|nss|nuss|cip|seguridad social|seguro social|expediente"
    r"|historia(?: cl[i\u00ed]nica)?|paciente|p[o\u00f3]liza|pasaporte|c[e\u00e9]dula"
    r"|tarjeta(?: sanitaria)?|afiliaci[o\u00f3]n|afiliad[oa]|asegurad[oa]|licencia|cuenta"
    r"|n[u\u00fa]mero)"
    r"(?: (?:n[u\u00fa]mero|n[u\u00fa]m|nro|no)\b\.?)?(?: es\b(?: el)?|:| #|#)? ?#?"
    r"([a-z]{0,4}-?\d[\d./-]{3,}+[a-z]?\b)",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"\b(?:tel[e\u00e9]fono|tel|tlf|tfno|celular|cel|m[o\u00f3]vil|fijo|whatsapp)\b\.?"
    r"(?: (?:es|al|en)(?: el)?|:)? ?(\+?\(?\d(?:[ .()-]{0,2}\d){4,}+)",
    re.IGNORECASE,
)

_MONTH = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre"
    r"|diciembre)\b"
)
_DAY = (
    r"(?:(?:3[01]|[12]\d|0?[1-9])(?:o|ro)?|primero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"
    r"|diez|once|doce|trece|catorce|quince|diecis[e\u00e9]is|diecisiete|dieciocho|diecinueve"
    r"|veinte|veinti[a-z\u00e9\u00f3\u00fa]{3,6}|treinta(?: y uno)?)"
)
_OF_YEAR = r"(?:,? del?(?: a[n\u00f1]o)?)?"
_DATE = re.compile(
    rf"(?<![\d.,/-])\b{_DAY} de {_MONTH}"
    rf"(?:{_OF_YEAR} (?:19|20)\d\d(?!\d)|,? del?(?: a[n\u00f1]o)? '?\d\d(?!\d))?",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:nac[i\u00ed]|nacid[oa]|nacimiento)\b(?:\s*(?:[:=]|es|fue|el|en|un)){0,3}"
    rf"\s*(\d[\d./-]{{2,}}+|{_MONTH}{_OF_YEAR} \d{{4}})",
    re.IGNORECASE,
)

_STREET = re.compile(
    r"(?:\b(?:calle|avenida|avda?|av|plaza|calzada|carretera|carrera|callej[o\u00f3]n|bulevar)\b\.?"
    r"|(?<!\w)c/)"
    r" ?(?:[^\W\d_][\w'.-]*+,? ){1,6}?(?:n[u\u00fa]m(?:ero)?\b\.? ?|no\.? ?|# ?)?\d{1,5}(?![\d.:])"
    r"(?! ?(?:minutos?|min|horas?|h|d[i\u00ed]as?|semanas?|meses|a[n\u00f1]os|veces|mg|mcg|ml|g|kg"
    r"|metros|m|km|personas|pastillas|gotas|%)(?!\w))"
    r"[a-z]?\b(?:,? \d{1,2}o?(?: ?[a-z])?\b)?",
    re.IGNORECASE,
)
_POST_CODE = re.compile(
    r"\b(?:c[o\u00f3]digo postal|c\.?p\.?)(?: es(?: el)?|:)? ?(\d{5})\b", re.IGNORECASE
)

SPANISH_SHAPES: tuple[Callable[[str], str], ...] = (
    replacing_group(_BORN, DATE),
    replacing(_DATE, DATE),
    replacing(_OFFICIAL, NUMBER),
    replacing_group(_PHONE, PHONE),
    replacing_group(_NAMED, NUMBER),
    replacing_group(_POST_CODE, ADDRESS),
    replacing(_STREET, ADDRESS),
)
"""In the order in which they must be applied, after what is written of the web and before all else
of `qa.redaction_patterns`."""
