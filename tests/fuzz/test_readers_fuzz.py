"""Whatever is in a file, reading it gives a sound document or says what is wrong with the file.

Each input is read in a process of its own (`tests.fuzz.reading`), which may not write or fetch.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz import samples, strategies
from tests.fuzz.budget import fuzzed
from tests.fuzz.reading import check_reading
from tests.fuzz.strategies import altered, packages, packed, pieces, repeated, trees
from tests.word_files import LISTS, odt, word

_FRONTED = (*strategies.MARKDOWN, *strategies.FRONT)
_WORD_NAMES = (
    "w:p w:r w:t w:tbl w:tr w:tc w:pPr w:rPr w:tcPr w:trPr w:tblPr w:numPr w:sdt w:sdtContent "
    "w:ins w:del w:moveTo w:hyperlink w:fldSimple w:instrText w:smartTag w:pStyle w:rStyle "
    "w:numId w:ilvl w:gridSpan w:vMerge w:gridBefore w:tblHeader w:vanish w:b w:strike w:br w:tab "
    "w:sym w:fldChar w:footnoteReference w:endnoteReference w:txbxContent w:outlineLvl w:sectPr "
    "w:lang w:vertAlign w:framePr w:noBreakHyphen w:cr w:checkBox mc:AlternateContent mc:Choice "
    "mc:Fallback m:oMath m:r m:t m:f m:num m:den m:sSup m:e m:sup m:nary w:pict wps:txbx"
)
_WORD = _WORD_NAMES.split()
_VALUES = ("0", "1", "-1", "99999999999", "x", "", "Titel", "berschrift1", "F0FE", "restart", "on")
_WORD_TOLD = [
    f'w:{name}="{value}"' for name in ("val", "id", "char", "fldCharType") for value in _VALUES
]
_NUMBERED = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="{}"/><w:numFmt '
    'w:val="{}"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum><w:num w:numId="1">'
    '<w:abstractNumId w:val="0"/></w:num>'
)
_FORMATS = (
    "decimal",
    "lowerLetter",
    "upperRoman",
    "bullet",
    "none",
    "x",
    "ordinal",
    "cardinalText",
)
_OPEN_NAMES = (
    "text:p text:h text:span text:list text:list-item text:list-header text:s text:tab text:a "
    "text:line-break text:note text:note-body text:note-citation text:section text:bookmark "
    "text:change text:tracked-changes text:number text:hidden-text text:ruby text:ruby-base "
    "table:table table:table-row table:table-cell table:covered-table-cell table:table-header- "
    "rows draw:frame draw:text-box office:annotation text:numbered-paragraph text:soft-page-break"
)
_OPEN = _OPEN_NAMES.split()
_OPEN_TOLD = [
    f'{name}="{value}"'
    for name in (
        "text:c", "text:outline-level", "text:start-value", "text:style-name", "text:display",
        "table:number-columns-repeated", "table:number-rows-repeated",
        "table:number-columns-spanned",
        "table:number-rows-spanned", "text:continue-numbering", "text:note-class", "text:level",
    )
    for value in ("0", "1", "-1", "99999999999", "x", "", "Numbers", "true", "none")
]  # fmt: skip
_HTML_NAMES = (
    "p div span h1 h2 h3 ul ol li dl dt dd table tr td th thead tbody caption blockquote pre code "
    "a b sup sub q br hr img main nav aside section article header footer details summary select "
    "option button label form template noscript svg math mi mfrac ruby rt figure figcaption"
)
_HTML = _HTML_NAMES.split()
_HTML_TOLD = [
    "colspan='9999'", "rowspan='65534'", "colspan='0'", "start='-9'", "start='99999999999'",
    "value='x'", "reversed=''", "hidden=''", "style='display:none'", "style='float:left'",
    "aria-hidden='true'", "role='navigation'", "type='i'", "type='A'", "lang='ar'", "id='a'",
    "aria-controls='a' aria-expanded='false'", "class='a'", "href='#a'", "alt='x'",
]  # fmt: skip


@fuzzed(
    "readers/text",
    daily=12,
    data=altered(samples.texts(), _FRONTED) | pieces(_FRONTED) | st.binary(max_size=400),
)
def test_plain_text(data: bytes) -> None:
    check_reading("a.txt", data)


@fuzzed(
    "readers/markdown",
    daily=12,
    data=altered(samples.markdowns(), (*_FRONTED, *strategies.MARKUP))
    | pieces((*strategies.MARKDOWN, *strategies.MARKUP))
    | pieces(_FRONTED),
)
def test_markdown(data: bytes) -> None:
    check_reading("a.md", data)


@fuzzed(
    "readers/html",
    daily=12,
    data=altered(samples.pages(), strategies.MARKUP)
    | pieces(strategies.MARKUP)
    | trees(_HTML, _HTML_TOLD).map(str.encode),
)
def test_web_pages(data: bytes) -> None:
    check_reading("a.html", data)


@fuzzed("readers/pdf", daily=8, data=altered(samples.pdf_files(), strategies.PDF))
def test_pdf(data: bytes) -> None:
    check_reading("a.pdf", data)


_number = st.integers(-900, 900).map(str) | st.sampled_from(
    ("0", "1", "12", "0.001", "-1e9", "99999999999999", "1000000", "0.7071", "595", "842", "1e38")
)


def _operator(template: str) -> st.SearchStrategy[bytes]:
    return st.lists(_number, min_size=6, max_size=6).map(lambda n: template.format(*n).encode())


_DRAWN = st.lists(
    st.sampled_from(
        (
            "BT /F1 {0} Tf {1} {2} Td (Do not drive.) Tj ET", "BT /F2 {0} Tf {1} {2} Td (1.) Tj ET",
            "BT /F1 9 Tf {0} {1} {2} {3} {4} {5} Tm (words here) Tj ET", "{0} {1} {2} {3} re f",
            "BT /F1 11 Tf 72 {0} Td [(A)-{1}(B)-{2}(\\000\\377)] TJ ET", "q", "Q", "{0} Tr",
            "/X Do",
            "{0} {1} {2} {3} {4} {5} cm", "{0} {1} {2} {3} re W n", "{0} g", "1 g", "/G gs",
            "{0} {1} m {2} {3} l S",
            "BT /F1 11 Tf {0} Tz {1} Tc {2} Tw {3} Ts 72 {4} Td (x y) Tj ET",
            "BT /F1 11 Tf 72 700 Td (left) Tj {0} 0 Td (right) Tj 0 -{1} Td (below) Tj ET", "{0} w",
            "/Artifact BMC", "EMC", "/Span <</ActualText (z)>> BDC", "BI /W {0} /H {1} ID x EI",
        )
    ).flatmap(_operator),
    max_size=14,
).map(b"\n".join)  # fmt: skip
_PAGE = st.sampled_from(
    (b"", b"/Rotate 90", b"/UserUnit 1000000", b"/CropBox[0 0 0 0]", b"/MediaBox[0 0 1e9 1e9]",
     b"/MediaBox[-500 -500 10 10]", b"/CropBox[900 900 -5 -5]", b"/Rotate 45",
     b"/MediaBox[0 0 0 0]")
)  # fmt: skip


@fuzzed("readers/pdf-drawn", daily=8, content=_DRAWN, page=_PAGE)
def test_pdf_pages_drawn_at_random(content: bytes, page: bytes) -> None:
    check_reading("a.pdf", samples.pdf_of(content, page))


@fuzzed(
    "readers/docx",
    daily=8,
    data=packages(samples.word_documents(), strategies.MARKUP)
    | st.builds(
        lambda body, start, style: word(body, numbering=_NUMBERED.format(start, style)),
        trees(_WORD, _WORD_TOLD),
        st.sampled_from(_VALUES),
        st.sampled_from(_FORMATS),
    ),
)
def test_word(data: bytes) -> None:
    check_reading("a.docx", data)


@fuzzed(
    "readers/odt",
    daily=8,
    data=packages(samples.open_documents(), strategies.MARKUP)
    | trees(_OPEN, _OPEN_TOLD).map(lambda body: odt(body, automatic=LISTS)),
)
def test_opendocument(data: bytes) -> None:
    check_reading("a.odt", data)


@fuzzed(
    "readers/epub",
    daily=8,
    data=packages(samples.books(), strategies.MARKUP)
    | (trees(_HTML, _HTML_TOLD).map(str.encode) | pieces(strategies.MARKUP)).map(
        lambda page: packed({**samples.BOOK, "O/one.xhtml": page})
    ),
)
def test_books(data: bytes) -> None:
    check_reading("a.epub", data)


@fuzzed(
    "readers/pairs",
    daily=12,
    data=altered(samples.TABLES, strategies.TABLE)
    | pieces(strategies.TABLE).map(lambda more: b"question,answer\n" + more),
)
def test_tables_of_questions(data: bytes) -> None:
    check_reading("a.csv", data)


@fuzzed(
    "readers/repeated",
    daily=4,
    document_id=st.sampled_from(("a.md", "a.txt", "a.html", "a.csv")),
    data=repeated((*strategies.MARKDOWN, *strategies.MARKUP, *strategies.FRONT, *strategies.TABLE)),
)
def test_the_same_over_and_over(document_id: str, data: bytes) -> None:
    check_reading(document_id, data)
