"""Word and OpenDocument files for tests: whole ones as a clinic has them, and ones of bare XML."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Pt

__all__ = [
    "leaflet_docx",
    "leaflet_odt",
    "odt",
    "paragraph",
    "run",
    "styled",
    "table",
    "with_parts",
    "word",
    "zipped",
]

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
NAMES = (
    f'xmlns:w="{_MAIN}" xmlns:m="{_OFFICE}/math" xmlns:r="{_OFFICE}/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/>
 <w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Clinic"><w:name w:val="Clinic heading"/>
 <w:basedOn w:val="berschrift2"/></w:style>
<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own level"/>
 <w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="NoHeading"><w:name w:val="Only looks so"/>
 <w:basedOn w:val="berschrift1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Secret"><w:name w:val="Secret"/>
 <w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Secret2"><w:name w:val="Secret 2"/>
 <w:basedOn w:val="Secret"/></w:style>
<w:style w:type="character" w:styleId="SecretRun"><w:name w:val="Secret run"/>
 <w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Up"><w:name w:val="Up"/>
 <w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="table" w:styleId="Lined"><w:name w:val="Lined"/>
 <w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style>
"""
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)


def zipped(members: dict[str, str | bytes]) -> bytes:
    """A zip file of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return stream.getvalue()


def with_parts(data: bytes, members: dict[str, str | bytes]) -> bytes:
    """A zip file with these members put in or replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        kept: dict[str, str | bytes] = {name: old.read(name) for name in old.namelist()}
    return zipped(kept | members)


def run(text: str, properties: str = "") -> str:
    """A run with that text and those properties (XML)."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    """A paragraph; content that is no XML becomes one run."""
    inner = content if content.startswith("<") or not content else run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def styled(style: str, content: str, properties: str = "") -> str:
    """A paragraph in the style of that id."""
    return paragraph(content, f'<w:pStyle w:val="{style}"/>{properties}')


def table(*rows: list[str], head: bool = False, properties: str = "") -> str:
    """A table; cells that are no XML become one paragraph each."""
    made = []
    for i, row in enumerate(rows):
        marks = "<w:trPr><w:tblHeader/></w:trPr>" if head and not i else ""
        cells = [
            cell
            if cell.startswith("<w:tc>")
            else f"<w:tc>{cell if cell.startswith('<') else paragraph(cell)}</w:tc>"
            for cell in row
        ]
        made.append(f"<w:tr>{marks}{''.join(cells)}</w:tr>")
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{''.join(made)}</w:tbl>"


def word(
    body: str,
    *,
    styles: str = STYLES,
    numbering: str = "",
    footnotes: str = "",
    endnotes: str = "",
    settings: str = "",
    core: str = "",
    custom: str = "",
) -> bytes:
    """A Word file of bare XML: the inside of the body, and of each further part that is given."""
    parts = {
        "styles": ("styles", styles),
        "numbering": ("numbering", numbering),
        "footnotes": ("footnotes", footnotes),
        "endnotes": ("endnotes", endnotes),
        "settings": ("settings", settings),
    }
    relations, members = "", {}
    for name, (root, inner) in parts.items():
        if inner:
            relations += (
                f'<Relationship Id="r{name}" Type="{_OFFICE}/relationships/{name}" '
                f'Target="{name}.xml"/>'
            )
            members[f"word/{name}.xml"] = f"<w:{root} {NAMES}>{inner}</w:{root}>"
    package = "http://schemas.openxmlformats.org/package/2006"
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{_OFFICE}/relationships/officeDocument" '
            'Target="word/document.xml"/><Relationship Id="r2" '
            f'Type="{package}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/><Relationship Id="r3" '
            f'Type="{_OFFICE}/relationships/custom-properties" Target="/docProps/custom.xml"/>'
            "</Relationships>",
            "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f"{relations}</Relationships>",
            "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{package}/metadata/core-properties"'
            f' xmlns:dc="http://purl.org/dc/elements/1.1/">{core}</cp:coreProperties>',
            "docProps/custom.xml": f'<Properties xmlns="{_OFFICE}/custom-properties" '
            f'xmlns:vt="{_OFFICE}/docPropsVTypes">{custom}</Properties>',
            **members,
        }
    )


def leaflet_docx() -> bytes:
    """A leaflet as Word writes it: headings, lists, a table with a head, a footer."""
    made = docx.Document()
    made.core_properties.title = "Ketamine nasal spray"
    made.core_properties.language = "en"
    made.add_paragraph("Ketamine nasal spray", style="Title")
    made.add_heading("What is it?", level=1)
    made.add_paragraph("It is a medicine for depression. You use it at the clinic.")
    made.add_heading("Before you use it", level=1)
    made.add_paragraph("Do not use it if you:")
    made.add_paragraph("have had a stroke", style="List Bullet")
    made.add_paragraph("are pregnant", style="List Bullet")
    made.add_heading("How to use it", level=2)
    made.add_paragraph("Blow your nose.", style="List Number")
    made.add_paragraph("Tilt your head back.", style="List Number")
    table = made.add_table(rows=1, cols=3, style="Light List")
    for cell, text in zip(table.rows[0].cells, ("Week", "Dose", "How often"), strict=True):
        cell.text = text
    for row in (("1 to 4", "28 mg or 56 mg", "twice a week"), ("5 to 8", "56 mg", "once a week")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    warning = made.styles.add_style("Warning", WD_STYLE_TYPE.PARAGRAPH)
    warning.font.size = Pt(14)
    made.add_paragraph("Warning: do not drive until the next day.", style="Warning")
    made.sections[0].footer.paragraphs[0].text = "Page 1 of 2"
    made.sections[0].header.paragraphs[0].text = "Any Clinic"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_ODF_NAMES = " ".join(
    f'xmlns:{short}="{_ODF}{long}:1.0"'
    for short, long in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
        ("meta", "meta"),
    )
) + (
    f' xmlns:fo="{_ODF}xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def odt(body: str, *, automatic: str = "", styles: str = "", meta: str = "") -> bytes:
    """An OpenDocument text of bare XML: the inside of text, of both kinds of styles, of meta."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {_ODF_NAMES}><office:automatic-styles>"
            f"{automatic}</office:automatic-styles><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {_ODF_NAMES}><office:styles>{styles}"
            "</office:styles></office:document-styles>",
            "meta.xml": f"<office:document-meta {_ODF_NAMES}><office:meta>{meta}</office:meta>"
            "</office:document-meta>",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{_ODF}manifest:1.0"/>',
        }
    )


LISTS = """
<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1"
 style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2"
 style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>
 <text:list-level-style-number text:level="3" style:num-format="1" text:display-levels="3"
 text:start-value="4"/></text:list-style>
<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1"
 text:bullet-char="\u2022"/></text:list-style>
"""


def leaflet_odt() -> bytes:
    """The leaflet of `leaflet_docx` as LibreOffice writes it."""

    def items(style: str, *texts: str) -> str:
        inner = "".join(
            f"<text:list-item><text:p>{text}</text:p></text:list-item>" for text in texts
        )
        return f'<text:list text:style-name="{style}">{inner}</text:list>'

    def row(*texts: str) -> str:
        cells = (f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in texts)
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    return odt(
        '<text:p text:style-name="Title">Ketamine nasal spray</text:p>'
        '<text:h text:outline-level="1">What is it?</text:h>'
        "<text:p>It is a medicine for depression. You use it at the clinic.</text:p>"
        '<text:h text:outline-level="1">Before you use it</text:h>'
        "<text:p>Do not use it if you:</text:p>"
        + items("Bullets", "have had a stroke", "are pregnant")
        + '<text:h text:outline-level="2">How to use it</text:h>'
        + items("Numbers", "Blow your nose.", "Tilt your head back.")
        + '<table:table><table:table-column table:number-columns-repeated="3"/>'
        + f"<table:table-header-rows>{row('Week', 'Dose', 'How often')}</table:table-header-rows>"
        + row("1 to 4", "28 mg or 56 mg", "twice a week")
        + row("5 to 8", "56 mg", "once a week")
        + "</table:table><text:p>Warning: do not drive until the next day.</text:p>",
        automatic=LISTS,
        styles='<style:style style:family="paragraph" style:name="Title"/>',
        meta="<dc:title>Ketamine nasal spray</dc:title><dc:language>en-GB</dc:language>",
    )
