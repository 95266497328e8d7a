"""A clinic's folder of mixed documents: invented leaflets in every format, as many as are wanted.

The first of each kind holds a fact that no other document holds, and a question for it. The rest
are about other treatments, and no two texts are the same.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

from tests import pdfs, word_files

__all__ = ["FACTS", "KINDS", "Fact", "leaflet", "path_of", "write_corpus"]

Sections = Sequence[tuple[str, Sequence[str]]]
"""(heading, sentences) pairs."""
Maker = Callable[[str, Sections], bytes]

_WHO = ("The nurse", "Your doctor", "A relative", "The receptionist", "The pharmacist", "A porter")
_DOES = (
    "measures", "explains", "brings", "checks", "writes down", "repeats", "prepares", "collects",
)  # fmt: skip
_WHAT = (
    "the blood pressure",
    "the list of medicines",
    "a glass of water",
    "the consent form",
    "your weight",
    "the blue folder",
    "a warm blanket",
    "the results of the blood test",
)
_WHEN = (
    "before the visit",
    "on the next morning",
    "after two hours",
    "in the first week",
    "at home",
    "while you wait",
)
_UNLESS = ("unless you feel unwell", "if you agree", "without any hurry", "once you are alone")
_HEADINGS = (
    "Before you come",
    "What happens",
    "Going home",
    "When to call us",
    "Your medicines",
    "Who will be there",
)
_SITES = (
    "shoulder", "elbow", "wrist", "knee", "ankle", "toe", "jaw", "nose", "ear", "eyelid", "neck",
    "lung", "liver", "spleen", "bladder", "thyroid", "prostate", "bowel", "stomach", "gum",
)  # fmt: skip
_TREATMENTS = (
    "scan", "X-ray", "ultrasound", "injection", "splint", "operation", "exercises", "massage",
    "examination", "brace", "follow-up", "dressing", "drain",
)  # fmt: skip
_FOLDERS = ("", "surgery/", "clinic/leaflets/", "surgery/day ward/")


@dataclass(frozen=True, slots=True)
class Fact:
    """What one document says and no other."""

    title: str
    heading: str
    sentence: str
    question: str


FACTS: dict[str, Fact] = {
    "markdown": Fact(
        "Hip replacement",
        "At home",
        "Do not cross your legs for six weeks after a hip replacement.",
        "How long must I not cross my legs after a hip replacement?",
    ),
    "text": Fact(
        "Colonoscopy",
        "What to eat",
        "Stop eating seeds and nuts three days before the colonoscopy.",
        "When should I stop eating seeds and nuts before a colonoscopy?",
    ),
    "pdf": Fact(
        "Cataract surgery",
        "The first nights",
        "Wear the plastic shield over your eye at night for one week after cataract surgery.",
        "How long do I wear the plastic shield at night after cataract surgery?",
    ),
    "pdf in columns": Fact(
        "Tonsillectomy",
        "Back to school",
        "Most children stay off school for two weeks after a tonsillectomy.",
        "How long do children stay off school after a tonsillectomy?",
    ),
    "pdf with a table": Fact(
        "Dental extraction",
        "Blood thinners",
        "Stop taking warfarin five days before the dental extraction.",
        "When do I stop taking warfarin before a dental extraction?",
    ),
    "pdf with a scan": Fact(
        "Gastric band",
        "Food and drink",
        "Drink only liquids for two weeks after the gastric band is fitted.",
        "How long do I drink only liquids after the gastric band is fitted?",
    ),
    "word": Fact(
        "Skin graft",
        "Washing",
        "Keep the skin graft completely dry for ten days.",
        "How long do I keep the skin graft dry?",
    ),
    "opendocument": Fact(
        "Kidney biopsy",
        "Afterwards",
        "Lie flat on your back for six hours after the kidney biopsy.",
        "How long do I lie flat after a kidney biopsy?",
    ),
    "web page": Fact(
        "Hernia repair",
        "Lifting",
        "Do not lift anything heavier than five kilograms for a month after a hernia repair.",
        "How heavy may I lift after a hernia repair?",
    ),
    "book": Fact(
        "Sleep study",
        "The evening before",
        "Wash your hair on the evening before the sleep study, without conditioner.",
        "When should I wash my hair for the sleep study?",
    ),
    "pairs": Fact(
        "Blood donation",
        "How often can I give blood?",
        "You can give blood again twelve weeks after your last blood donation.",
        "When can I give blood again after a blood donation?",
    ),
}
"""What the first document of each kind holds."""


def _markdown(title: str, sections: Sections) -> bytes:
    parts = ["---\nreviewed: 2026-11-01\n---", f"# {title}"]
    for heading, sentences in sections:
        parts += [f"## {heading}", " ".join(sentences)]
    return ("\n\n".join(parts) + "\n").encode()


def _plain(title: str, sections: Sections) -> bytes:
    parts = [title]
    for heading, sentences in sections:
        parts += [heading, " ".join(sentences)]
    return ("\n\n".join(parts) + "\n").encode()


def _pdf(title: str, sections: Sections, *, columns: int = 1, table: bool = False) -> bytes:
    """Pages with a running foot; `columns` beside one another; a ruled table at the end."""
    sheet = pdfs.Sheet()
    sheet.canvas.setTitle(title)
    width = 450.0 if columns == 1 else 215.0
    page, column, top, y = 1, 0, 120.0, 120.0
    sheet.use("Helvetica-Bold", 20).put(72, 80, title)
    sheet.use(size=8).put(72, 815, f"Page {page}")

    def room(height: float) -> None:
        nonlocal page, column, top, y
        if y + height < 780:
            return
        column += 1
        if column == columns:
            page, column, top = page + 1, 0, 80.0
            sheet.turn_page().use(size=8).put(72, 815, f"Page {page}")
        y = top

    for heading, sentences in sections:
        room(90)
        sheet.use("Helvetica-Bold", 14).put(72 + 240 * column, y + 8, heading)
        y += 30
        sheet.use()
        for line in sheet.wrap(" ".join(sentences), width):
            room(14)
            sheet.use().put(72 + 240 * column, y, line)
            y += 13.75
        y += 16
    if table:
        room(130)
        rows = [("Medicine", "When"), *((f"Tablet {title} {n}", f"Day {n}") for n in (1, 2, 3))]
        for number, cells in enumerate(rows):
            for x, cell in zip((76, 300), cells, strict=True):
                sheet.use("Helvetica" if number else "Helvetica-Bold").put(x, y + 24 * number, cell)
        sheet.grid((72, 296, 480), [y - 14 + 24 * n for n in range(len(rows) + 1)])
    return sheet.bytes()


def _pdf_with_scan(title: str, sections: Sections) -> bytes:
    """A page that is only a picture stands before those with text."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for data in (pdfs.scan(1), _pdf(title, sections)):
        writer.append(PdfReader(io.BytesIO(data)))
    return pdfs.written(writer)


def _word(title: str, sections: Sections) -> bytes:
    body = [word_files.styled("Titel", title)]
    for heading, sentences in sections:
        body.append(word_files.styled("berschrift1", heading))
        body.append(word_files.paragraph(" ".join(sentences)))
    return word_files.word("".join(body), core=f"<dc:title>{escape(title)}</dc:title>")


def _opendocument(title: str, sections: Sections) -> bytes:
    body = [f'<text:p text:style-name="Title">{escape(title)}</text:p>']
    for heading, sentences in sections:
        body.append(f'<text:h text:outline-level="1">{escape(heading)}</text:h>')
        body.append(f"<text:p>{escape(' '.join(sentences))}</text:p>")
    return word_files.odt("".join(body), meta=f"<dc:title>{escape(title)}</dc:title>")


def _body(title: str, sections: Sections) -> str:
    parts = [f"<h1>{escape(title)}</h1>"]
    for heading, sentences in sections:
        parts.append(f"<h2>{escape(heading)}</h2><p>{escape(' '.join(sentences))}</p>")
    return "".join(parts)


def _web_page(title: str, sections: Sections) -> bytes:
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "News", "Jobs"))
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(title)} - Our clinic</title>'
        "<script>track()</script></head><body><header>Our clinic</header>"
        f"<nav><ul>{menu}</ul></nav><main>{_body(title, sections)}</main>"
        "<footer>All rights reserved</footer></body></html>"
    ).encode()


def _book(title: str, sections: Sections) -> bytes:
    """A chapter for each section."""
    names = "http://www.w3.org/1999/xhtml"
    container = "urn:oasis:names:tc:opendocument:xmlns:container"
    members: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": f'<container xmlns="{container}"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>'
        "</rootfiles></container>",
    }
    items = references = ""
    for number, section in enumerate(sections):
        made = f"<html xmlns='{names}'><body>{_body(title, [section])}</body></html>"
        members[f"{number}.xhtml"] = made if not number else made.replace(_body(title, []), "")
        items += f'<item id="c{number}" href="{number}.xhtml" media-type="application/xhtml+xml"/>'
        references += f'<itemref idref="c{number}"/>'
    members["book.opf"] = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
        f"<dc:language>en</dc:language></metadata><manifest>{items}</manifest>"
        f"<spine>{references}</spine></package>"
    )
    return word_files.zipped(members)


def _pairs(title: str, sections: Sections) -> bytes:
    """Each heading is the question, its sentences the answer."""
    file = io.StringIO(newline="")
    rows = csv.writer(file)
    rows.writerow(("section", "question", "answer"))
    for heading, sentences in sections:
        asked = heading if heading.endswith("?") else f"{heading}: what should I know?"
        rows.writerow((title, asked, " ".join(sentences)))
    return file.getvalue().encode()


KINDS: dict[str, tuple[str, Maker]] = {
    "markdown": (".md", _markdown),
    "text": (".txt", _plain),
    "pdf": (".pdf", _pdf),
    "pdf in columns": (".pdf", partial(_pdf, columns=2)),
    "pdf with a table": (".pdf", partial(_pdf, table=True)),
    "pdf with a scan": (".pdf", _pdf_with_scan),
    "word": (".docx", _word),
    "opendocument": (".odt", _opendocument),
    "web page": (".html", _web_page),
    "book": (".epub", _book),
    "pairs": (".csv", _pairs),
}
"""A kind of document → the suffix of its files, and what makes one of a title and sections."""


def leaflet(chance: random.Random, sections: int = 4, *, most: int = 6) -> Sections:
    """Sections of 3 to `most` sentences, each of 10 to 25 words."""

    def sentence() -> str:
        room = f"in room {chance.randrange(1, 400)}"
        parts = [chance.choice(_WHO), chance.choice(_DOES), chance.choice(_WHAT), room]
        parts += [chance.choice(_WHEN), chance.choice(_UNLESS)]
        if chance.random() < 0.5:
            parts += ["and then", chance.choice(_WHO).lower(), chance.choice(_DOES)]
            parts += [chance.choice(_WHAT), chance.choice(_WHEN)]
        return " ".join(parts) + "."

    headings = chance.sample(_HEADINGS, sections)
    return [(one, [sentence() for _ in range(chance.randint(3, most))]) for one in headings]


def path_of(number: int) -> str:
    """Where the document of a number, from 0, lies in the corpus."""
    kinds = list(KINDS)
    kind = kinds[number % len(kinds)]
    folder = _FOLDERS[number // len(kinds) % len(_FOLDERS)]
    return f"{folder}{kind.replace(' ', '-')}-{number:04}{KINDS[kind][0]}"


def write_corpus(folder: Path, count: int, *, sections: int = 4, most: int = 6) -> None:
    """Writes `count` documents, the kinds in turn, some in subfolders, and a catalogue.

    Each has so many sections, of 3 to `most` sentences. Beyond the first of each kind, one is for
    staff only and one has expired.
    """
    chance = random.Random(20261126)
    kinds = list(KINDS)
    topics = [f"{site} {what}".capitalize() for site in _SITES for what in _TREATMENTS]
    chance.shuffle(topics)
    catalogue = [("file", "title", "reviewed", "audience", "review_by")]
    for number in range(count):
        kind = kinds[number % len(kinds)]
        suffix, make = KINDS[kind]
        path = path_of(number)
        title, text = topics[number % len(topics)], list(leaflet(chance, sections, most=most))
        if number >= len(topics):
            title = f"{title}, second part"
        if number < len(kinds):
            fact = FACTS[kind]
            title = fact.title
            text.insert(1, (fact.heading, [fact.sentence, *text.pop(1)[1]]))
        held = number - len(kinds)
        if suffix in (".pdf", ".csv") or held in (0, 1):
            staff, expired = ("staff" if held == 0 else ""), ("2020-01-01" if held == 1 else "")
            # Front matter says of a Markdown file when it was reviewed.
            reviewed = "" if suffix == ".md" else "2026-10-01"
            catalogue.append((path, title, reviewed, staff, expired))
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(make(title, text))
    file = io.StringIO(newline="")
    csv.writer(file).writerows(catalogue)
    (folder / "catalogue.csv").write_text(file.getvalue(), "utf-8")
