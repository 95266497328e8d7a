"""OpenDocument texts become the text that their reader sees, and nothing that was taken out."""

from __future__ import annotations

import random

import pytest

from qa.corpus import make_document
from qa.errors import CorpusError
from qa.readers.docx import read_docx
from qa.readers.draft import Draft
from qa.readers.odt import read_odt
from tests.drafts import blocks_of, sound
from tests.little_work import least_seconds
from tests.word_files import LISTS, leaflet_docx, leaflet_odt, odt, with_parts, zipped

LOOKS = """
<style:style style:family="paragraph" style:name="Title"/>
<style:style style:family="paragraph" style:name="P1" style:parent-style-name="Title"/>
<style:style style:family="paragraph" style:name="Bold">
 <style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:family="paragraph" style:name="Secret">
 <style:text-properties text:display="none"/></style:style>
<style:style style:family="text" style:name="T1"><style:text-properties text:display="none"/>
</style:style>
<style:style style:family="text" style:name="T2" style:parent-style-name="T1"/>
<style:style style:family="text" style:name="Struck">
 <style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:family="text" style:name="Up">
 <style:text-properties style:text-position="super 58%"/></style:style>
"""


def read(body: str, **parts: str) -> Draft:
    parts.setdefault("automatic", LOOKS + LISTS)
    return sound(read_odt(odt(body, **parts), "x.odt"))


def blocks(body: str, **parts: str) -> list[tuple[str, str]]:
    return blocks_of(read(body, **parts))


def texts(body: str, **parts: str) -> list[str]:
    return [text for _, text in blocks(body, **parts)]


def p(content: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{content}</text:p>'


def test_a_leaflet_is_the_same_from_both_programs() -> None:
    from_word, from_libreoffice = leaflet_docx(), leaflet_odt()
    draft = read_odt(from_libreoffice, "x.odt")
    word = read_docx(from_word, "x.docx")
    assert (draft.text, draft.blocks) == (word.text, word.blocks)
    assert draft.title == "Ketamine nasal spray"
    assert draft.meta == (("language", "en"),)


def test_text_within_a_line() -> None:
    assert texts(
        p(
            'One\n  <text:span>two</text:span><text:s text:c="3"/>three<text:tab/>four'
            '<text:line-break/>five \u00adsix <text:a xlink:href="x">a link</text:a> '
            '10<text:span text:style-name="Up">9</text:span>/L <text:date>today</text:date>'
        )
    ) == ["One two three four\nfive six a link 10⁹/L today"]


def test_what_is_hidden_deleted_or_only_a_remark_is_no_text() -> None:
    assert texts(
        "<text:tracked-changes><text:changed-region><text:deletion>"
        + p("Deleted.")
        + "</text:deletion></text:changed-region></text:tracked-changes>"
        + p(
            'Seen.<text:change text:change-id="1"/><text:span text:style-name="T1"> Hidden.'
            '</text:span><text:span text:style-name="T2"> Hidden too.<text:span> Within.'
            '</text:span></text:span><text:span text:style-name="Struck"> Struck.</text:span>'
            "<office:annotation><dc:creator>Nurse</dc:creator><text:p>Remark.</text:p>"
            "</office:annotation> Still seen.<office:annotation-end/>"
            "<text:hidden-text>Never.</text:hidden-text>"
            "<text:placeholder>&lt;Name&gt;</text:placeholder>"
            "<text:change-start/> Inserted.<text:change-end/>"
        )
        + p("Hidden paragraph.", "Secret")
        + p('<text:hidden-paragraph text:is-hidden="true"/>Hidden by a field.')
        + f'<text:section text:display="none">{p("Hidden section.")}</text:section>'
        + f'<text:section text:display="condition">{p("Perhaps.")}</text:section>'
        + f"<text:section>{p('A section.')}</text:section>"
        + f"<text:table-of-content><text:index-body>{p('Contents 3')}</text:index-body>"
        "</text:table-of-content>" + f"<office:forms>{p('Form.')}</office:forms>"
    ) == ["Seen. Still seen. Inserted.", "A section."]


def test_headings_and_their_numbers() -> None:
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
        '<text:outline-level-style text:level="3" style:num-format=""/></text:outline-style>'
    )
    draft = read(
        p("The title", "P1")
        + "".join(
            f'<text:h text:outline-level="{level}">{text}</text:h>'
            for level, text in ((1, "One"), (2, "Two"), (2, "Three"), (3, "Four"), (1, "Five"))
        )
        + '<text:h text:outline-level="1" text:is-list-header="true">Six</text:h>'
        + p("Text."),
        styles=outline,
    )
    assert draft.title == "The title"
    assert draft.text.split("\n\n") == [
        "The title",
        "1 One",
        "1.1 Two",
        "1.2 Three",
        "Four",
        "2 Five",
        "Six",
        "Text.",
    ]
    assert [block.level for block in draft.blocks] == [1, 1, 2, 2, 3, 1, 1, 0]


def test_bold_lines_are_headings_where_there_are_no_others() -> None:
    assert blocks(p("Title", "Bold") + p("A head", "Bold") + p("Text.")) == [
        ("heading", "Title"),
        ("heading", "A head"),
        ("paragraph", "Text."),
    ]


def listed(inner: str, more: str = "") -> str:
    return f'<text:list text:style-name="Numbers" {more}>{inner}</text:list>'


def item(content: str, more: str = "") -> str:
    return f"<text:list-item {more}>{content}</text:list-item>"


def test_lists_count_as_shown() -> None:
    deepest = f"<text:list>{item(p('d'))}</text:list>"
    nested = f"<text:list>{item(p('b'))}{item(p('c') + deepest)}"
    draft = read(
        listed(item(p("a") + nested + "</text:list>") + item(p("e") + p("More of it.")))
        + p("Between.")
        + listed(item(p("f")), 'text:continue-numbering="true"')
        + listed(item(p("g")) + item(p("h"), 'text:start-value="9"') + item(p("i")), 'xml:id="L"')
        + listed(item(p("j")))
        + listed(item(p("k")), 'text:continue-list="L"')
        + f"<text:list>{item(p('l'))}</text:list>"
        + listed(f"<text:list-header>{p('m')}</text:list-header>")
    )
    assert draft.text.split("\n") == [
        "1. a",
        "(a) b",
        "(b) c",
        "1.b.4 d",
        "2. e",
        "More of it.",
        "",
        "Between.",
        "3. f",
        "1. g",
        "9. h",
        "10. i",
        "1. j",
        "11. k",
        "\u2022 l",
        "m",
    ]


def test_tables_with_heads_and_merged_cells() -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}>{p(text)}</table:table-cell>"

    covered = "<table:covered-table-cell/>"
    rows = (
        cell("Drug") + cell("When", 'table:number-columns-spanned="2"') + covered + cell("Note"),
        cell("Ketamine", 'table:number-rows-spanned="2"') + cell("Morning") + cell("5 | 6") * 2,
        covered + cell("Evening") + cell("7") + cell(""),
    )
    made = [f"<table:table-row>{row}</table:table-row>" for row in rows]
    body = (
        "<table:table><table:table-columns/><table:table-header-rows>"
        + made[0]
        + f"</table:table-header-rows><table:table-rows>{made[1]}{made[2]}"
        + f'<table:table-row table:visibility="collapse">{cell("Hidden")}</table:table-row>'
        + "</table:table-rows></table:table>"
    )
    assert blocks(body) == [
        ("table_head", "Drug | When |  | Note"),
        ("table_row", "Ketamine | Morning | 5 / 6 | 5 / 6"),
        ("table_row", "Ketamine | Evening | 7"),
    ]


def test_notes_and_frames() -> None:
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{p('Not with MAOIs.')}</text:note-body></text:note>"
    )
    frame = (
        f"<draw:frame><draw:text-box>{p('In a frame.')}</draw:text-box><draw:image/></draw:frame>"
    )
    shape = f"<draw:g><draw:custom-shape>{p('In a shape.')}</draw:custom-shape></draw:g>"
    assert texts(
        p(f"Take it.{note} Daily.{frame}") + p(f"More.{shape}") + frame + "<text:h>Next</text:h>"
    ) == [
        "Take it.[1] Daily.",
        "In a frame.",
        "More.",
        "In a shape.",
        "In a frame.",
        "[1] Not with MAOIs.",
        "Next",
    ]


def test_properties() -> None:
    draft = read(
        p("Text."),
        meta="<dc:title>Untitled 1</dc:title>"
        '<meta:user-defined meta:name="Version">3</meta:user-defined>'
        '<meta:user-defined meta:name="Reviewed">2026-11-24T00:00:00</meta:user-defined>'
        '<meta:user-defined meta:name="Info 1">x</meta:user-defined>',
        styles='<style:default-style style:family="paragraph"><style:text-properties '
        'fo:language="es"/></style:default-style>',
    )
    assert draft.title == ""
    assert draft.meta == (("version", "3"), ("reviewed", "2026-11-24"), ("language", "es"))


def test_files_that_cannot_be_read() -> None:
    encrypted = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry>'
        "<m:encryption-data/></m:file-entry></m:manifest>"
    )
    for data, message in (
        (with_parts(odt(""), {"META-INF/manifest.xml": encrypted}), "protected with a password"),
        (zipped({"word/document.xml": "<x/>"}), r"Word file.*\.docx"),
        (zipped({"content.xml": "<x/>"}), "holds no text document"),
        (zipped({"content.xml": "<x>"}), r"content\.xml is not valid XML"),
        (zipped({"a": "b"}), r"content\.xml is missing"),
        (b"text", "damaged, or not of the kind"),
        (
            zipped({"content.xml": '<!DOCTYPE x [<!ENTITY e "f">]><x>&e;</x>'}),
            r"content\.xml declares or uses XML entities",
        ),
        (with_parts(odt(""), {"content.xml": bytes(50_000_000)}), "unpacks to more than 200 times"),
    ):
        with pytest.raises(CorpusError, match=rf"^x\.odt: .*{message}"):
            read_odt(data, "x.odt")


def test_nothing_to_quote() -> None:
    with pytest.raises(CorpusError, match=r"^x\.odt: the file has no text"):
        make_document("x.odt", odt(""))
    with pytest.raises(CorpusError, match=r"^x\.odt: the file has only headings"):
        make_document("x.odt", odt("<text:h>One</text:h>"))


def test_frames_and_lists_too_deep_to_be_read() -> None:
    body = p("deep")
    for _ in range(600):
        body = f"<text:list>{item(body)}</text:list>"
    with pytest.raises(CorpusError, match=r"^x\.odt: .*(too deeply|not valid XML)"):
        read(body)


def test_bytes_altered_at_random_are_read_or_refused() -> None:
    chance = random.Random(3)
    good = leaflet_odt()
    messages: list[str] = []
    for _ in range(300):
        data = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            make_document("x.odt", bytes(data))
        except CorpusError as refused:
            messages.append(str(refused))
    assert messages
    assert all(message.startswith("x.odt: ") for message in messages)


def test_two_thousand_paragraphs_take_little_time() -> None:
    data = odt("".join(p(f"Sentence {i}. More.") for i in range(2000)))
    assert least_seconds(lambda: read_odt(data, "x.odt"), 5) < 5
    assert len(read_odt(data, "x.odt").blocks) == 2000


def test_figures_raised_by_a_share_of_the_line() -> None:
    styles = "".join(
        f'<style:style style:family="text" style:name="{name}"><style:text-properties '
        f'style:text-position="{position}"/></style:style>'
        for name, position in (("Up", "33% 100%"), ("Flat", "0% 100%"), ("Down", "-33% 58%"))
    )
    spans = (("10", ""), ("3", "Up"), (" and 2", ""), ("1", "Flat"), (" and ", ""), ("4", "Down"))
    text = "".join(
        f'<text:span text:style-name="{name}">{inner}</text:span>' if name else inner
        for inner, name in spans
    )
    draft = read_odt(odt(f"<text:p>{text}</text:p>", automatic=styles), "x.odt")
    assert draft.text == "10\u00b3 and 21 and ₄"
