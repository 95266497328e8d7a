"""Word files become the text of Word's final view: structure, and what must never be quoted."""

from __future__ import annotations

import random

import pytest

from qa.chunking import split_sentences
from qa.corpus import make_document
from qa.errors import CorpusError
from qa.readers.docx import read_docx
from qa.readers.draft import Draft
from tests.drafts import blocks_of, sound
from tests.little_work import least_seconds
from tests.word_files import (
    leaflet_docx,
    leaflet_odt,
    paragraph,
    run,
    styled,
    table,
    with_parts,
    word,
    zipped,
)


def read(body: str, **parts: str) -> Draft:
    return sound(read_docx(word(body, **parts), "x.docx"))


def blocks(body: str, **parts: str) -> list[tuple[str, str]]:
    return blocks_of(read(body, **parts))


def texts(body: str, **parts: str) -> list[str]:
    return [text for _, text in blocks(body, **parts)]


def levels(body: str, **parts: str) -> list[tuple[int, str]]:
    draft = read(body, **parts)
    return [(block.level, draft.text[block.start : block.end]) for block in draft.blocks]


def test_a_leaflet_as_word_writes_it() -> None:
    document = make_document("leaflet.docx", leaflet_docx())
    assert document.title == "Ketamine nasal spray"
    assert document.metadata("language") == "en"
    assert document.text == (
        "Ketamine nasal spray\n\nWhat is it?\n\n"
        "It is a medicine for depression. You use it at the clinic.\n\nBefore you use it\n\n"
        "Do not use it if you:\n\u2022 have had a stroke\n\u2022 are pregnant\n\n"
        "How to use it\n\n1. Blow your nose.\n2. Tilt your head back.\n\n"
        "Week | Dose | How often\n1 to 4 | 28 mg or 56 mg | twice a week\n"
        "5 to 8 | 56 mg | once a week\n\nWarning: do not drive until the next day."
    )
    assert [section.path[-1:] for section in document.sections] == [
        (),
        ("Ketamine nasal spray",),
        ("What is it?",),
        ("Before you use it",),
        ("How to use it",),
    ]
    assert document.sections[-1].path == ("Before you use it", "How to use it")


def test_headings_by_style_in_any_language_and_by_level() -> None:
    assert levels(
        styled("Titel", "T")
        + styled("berschrift1", "One")
        + styled("Clinic", "Two")
        + styled("Own", "Three")
        + paragraph("Four", '<w:outlineLvl w:val="3"/>')
        + styled("berschrift1", "Plain after all", '<w:outlineLvl w:val="9"/>')
        + styled("NoHeading", "Only looks like one")
        + styled("Unknown", "Text.")
    ) == [
        (1, "T"),
        (1, "One"),
        (2, "Two"),
        (3, "Three"),
        (4, "Four"),
        (0, "Plain after all"),
        (0, "Only looks like one"),
        (0, "Text."),
    ]


BOLD = "<w:b/>"


def test_short_bold_lines_are_headings_where_there_are_no_others() -> None:
    body = (
        paragraph(run("Your visit", BOLD))
        + paragraph(run("Before it", BOLD))
        + paragraph("Eat nothing.")
        + paragraph(run("Do not drive home after it.", BOLD))
        + paragraph("Take a taxi.")
        + paragraph(run("1.\tAfterwards", BOLD))
        + paragraph("You rest.")
        + paragraph(run("A", BOLD))
        + paragraph(run("B", BOLD))
        + paragraph(run("Call us", BOLD) + run(" any time"))
        + paragraph(run("The end", BOLD))
    )
    assert levels(body) == [
        (1, "Your visit"),
        (2, "Before it"),
        (0, "Eat nothing."),
        (0, "Do not drive home after it."),
        (0, "Take a taxi."),
        (2, "Afterwards"),
        (0, "You rest."),
        (0, "A"),
        (0, "B"),
        (0, "Call us any time"),
        (0, "The end"),
    ]
    draft = read(body)
    assert "1. Afterwards" in draft.text
    with_styles = styled("berschrift1", "Visits") + styled("berschrift2", "One") + body
    assert [text for level, text in levels(with_styles) if level] == ["Visits", "One"]


def test_text_within_a_line() -> None:
    assert texts(
        paragraph(
            run("Tab")
            + "<w:r><w:tab/></w:r>"
            + run("here,  two blanks; soft\u00adhyphen and ")
            + "<w:r><w:t>non</w:t><w:noBreakHyphen/><w:t>breaking</w:t><w:softHyphen/></w:r>"
            + '<w:r><w:br/><w:t>Next line</w:t><w:br w:type="page"/></w:r>'
            + run("\u00a05\u00a0mg")
            + run("caps stay", "<w:caps/>")
        )
    ) == ["Tab here, two blanks; softhyphen and non-breaking\nNext line\n5\u00a0mgcaps stay"]


def test_signs_of_symbol_fonts_and_raised_digits() -> None:
    sign = '<w:r><w:sym w:font="{}" w:char="{}"/></w:r>'
    assert texts(
        paragraph(
            run("If it is ")
            + sign.format("Symbol", "F0B3")
            + run(" 4 ")
            + sign.format("Symbol", "006D")
            + run("g or 10")
            + run("9", '<w:vertAlign w:val="superscript"/>')
            + run("-1", '<w:rStyle w:val="Up"/>')
            + run("/L, CO")
            + run("2", '<w:vertAlign w:val="subscript"/>')
            + run(", 1")
            + run("st", '<w:vertAlign w:val="superscript"/>')
            + run(" \uf0b1 2 ", '<w:rFonts w:ascii="Symbol"/>')
            + sign.format("Wingdings", "F0FC")
            + sign.format("Wingdings", "F001")
            + sign.format("Arial", "zz")
            + sign.format("Arial", "00E9")
        )
    ) == ["If it is ≥ 4 μg or 10⁹⁻¹/L, CO₂, 1st ± 2 ✓\ufffd\ufffdé"]


def test_tracked_changes_are_read_as_accepted() -> None:
    mark = '<w:rPr><w:{} w:id="1"/></w:rPr>'
    assert texts(
        paragraph(
            run("Take ")
            + "<w:del><w:r><w:delText>two</w:delText></w:r><w:r><w:t>odd</w:t></w:r></w:del>"
            + f"<w:ins>{run('one')}<w:del>{run('wrong')}</w:del></w:ins>"
            + run(" a day.")
            + f"<w:moveFrom>{run('Moved away.')}</w:moveFrom>"
            + f"<w:moveTo>{run(' Moved here.')}</w:moveTo>"
        )
        + paragraph("Joined", mark.format("del"))
        + paragraph(" to this.")
        + paragraph(f"<w:del>{run('All gone.')}</w:del>", mark.format("del"))
        + paragraph(f"<w:ins>{run('All new.')}</w:ins>", mark.format("ins"))
        + f"<w:del>{paragraph('Block gone.')}</w:del><w:ins>{paragraph('Block new.')}</w:ins>"
        + paragraph(
            run("Bold once.", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"),
            '<w:pPrChange><w:pPr><w:pStyle w:val="berschrift1"/></w:pPr></w:pPrChange>',
        )
        + "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>"
        + paragraph("Row gone.")
        + "</w:tc></w:tr><w:tr><w:tc>"
        + paragraph("Kept")
        + "</w:tc><w:tc><w:tcPr><w:cellDel/></w:tcPr>"
        + paragraph("Cell gone.")
        + "</w:tc><w:tc>"
        + paragraph("too")
        + "</w:tc></w:tr></w:tbl>"
        + paragraph("Ends in a deleted mark", mark.format("del"))
    ) == [
        "Take one a day. Moved here.",
        "Joined to this.",
        "All new.",
        "Block new.",
        "Bold once.",
        "Kept | too",
        "Ends in a deleted mark",
    ]


def test_hidden_and_struck_text_and_comments_are_no_text() -> None:
    comments = f'<w:comment w:id="0">{paragraph("A comment.")}</w:comment>'
    body = (
        paragraph(
            run("Seen. ")
            + run("Hidden.", "<w:vanish/>")
            + run("Web.", "<w:webHidden/>")
            + run("By style.", '<w:rStyle w:val="SecretRun"/>')
            + run("Struck.", "<w:strike/>")
            + run("Twice.", "<w:dstrike/>")
            + run("Not hidden.", '<w:vanish w:val="0"/>')
            + '<w:commentRangeStart w:id="0"/>'
            + run(" Noted.")
            + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
        )
        + styled("Secret", "A hidden paragraph.")
        + styled("Secret2", run("Also. ") + run("But this is shown.", '<w:vanish w:val="false"/>'))
        + "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>"
        + paragraph("Hidden row.")
        + "</w:tc></w:tr></w:tbl>"
    )
    data = with_parts(word(body), {"word/comments.xml": comments, "word/header1.xml": "<x/>"})
    assert read_docx(data, "x.docx").text == "Seen. Not hidden. Noted.\n\nBut this is shown."


def instruct(code: str) -> str:
    return f"<w:r><w:instrText> {code} </w:instrText></w:r>"


def test_results_of_fields_are_text_and_their_codes_are_not() -> None:
    char = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    begin, separate, end = (char.format(one) for one in ("begin", "separate", "end"))
    code = "<w:r><w:instrText> IF </w:instrText></w:r>"
    box = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/>{}'
        "</w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText>"
        f"</w:r>{separate}{end}"
    )
    choice = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/>'
        '<w:listEntry w:val="no"/><w:listEntry w:val="yes"/></w:ddList></w:ffData></w:fldChar>'
        f"</w:r>{end}"
    )
    assert texts(
        paragraph(
            run("Page ") + begin + code + run("code") + separate + run("7") + end + run(" of it.")
        )
        + paragraph(
            begin + code + begin + code + separate + run("inner") + end + separate + run("outer")
        )
        + paragraph(run("goes on") + end + run("."))
        + paragraph(begin + code + run("A damaged code."))
        + paragraph("Hides nothing.")
        + paragraph(run("Take ") + begin + instruct(r"EQ \f(1;2)") + end + run(" tablet."))
        + paragraph(run("x ") + begin + instruct(r'SYMBOL 179 \f "Symbol" \s 11') + end + run(" 2"))
        + paragraph(begin + instruct(r"EQ \r(3,x)") + end + begin + instruct("XE word") + end)
        + paragraph(f'<w:fldSimple w:instr=" DATE ">{run("Today")}</w:fldSimple>')
        + paragraph(box.format("<w:checked/>") + run(" Yes ") + box.format("") + run(" No"))
        + paragraph(run("Chosen: ") + choice)
        + paragraph(f'<w:hyperlink r:id="x">{run("A link")}</w:hyperlink>')
        + paragraph(f"<w:smartTag>{run('A smart tag')}</w:smartTag>")
    ) == [
        "Page 7 of it.",
        "outer",
        "goes on.",
        "Hides nothing.",
        "Take 1/2 tablet.",
        "x ≥ 2",
        "\ufffd",
        "Today",
        "☒ Yes ☐ No",
        "Chosen: yes",
        "A link",
        "A smart tag",
    ]


def test_content_controls_without_their_prompts() -> None:
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    prompt = "<w:showingPlcHdr/>"
    contents = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    box = "<w14:checkbox><w14:checked w14:val='1'/></w14:checkbox>"
    assert texts(
        control.format("", paragraph("A block."))
        + control.format(prompt, paragraph("Click here."))
        + control.format(contents, paragraph("1 Contents 3"))
        + styled("TOC1", "2 More contents 4")
        + paragraph(
            control.format(box, run("☒"))
            + run(" I agree to ")
            + control.format("", run("this"))
            + control.format(prompt, run("Click or tap here to enter text."))
            + run(".")
        )
        + "<w:tbl>"
        + control.format(
            "",
            "<w:tr>"
            + control.format(prompt, f"<w:tc>{paragraph('Click.')}</w:tc>")
            + control.format("", f"<w:tc>{paragraph('filled')}</w:tc>")
            + "</w:tr>",
        )
        + "</w:tbl>"
    ) == ["A block.", "☒ I agree to this.", "\u2013 | filled"]


NOTES = (
    '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
    f'<w:footnote w:id="2">{paragraph("<w:r><w:footnoteRef/></w:r>" + run(" Not with MAOIs."))}'
    f"{paragraph('Ask first.')}</w:footnote>"
    f'<w:footnote w:id="3">{paragraph("A second.")}</w:footnote>'
    f'<w:footnote w:id="4">{paragraph("* By hand.")}</w:footnote>'
)


def test_notes_stand_at_the_end_of_their_section() -> None:
    refer = '<w:r><w:{}Reference w:id="{}"{}/></w:r>'
    assert blocks(
        styled("berschrift1", "One")
        + paragraph(run("Take it daily.") + refer.format("footnote", 2, "") + run(" Do not stop."))
        + paragraph(f"<w:del>{refer.format('footnote', 9, '')}</w:del>" + run("More."))
        + styled("berschrift1", "Two")
        + paragraph(
            run("See below")
            + refer.format("footnote", 3, "")
            + refer.format("footnote", 4, ' w:customMarkFollows="1"')
            + run("*")
            + refer.format("endnote", 1, "")
            + refer.format("footnote", 77, "")
        )
        + table(["A" + "", "B"], [run_cell("c", refer.format("endnote", 2, "")), "d"])
        + paragraph("Last."),
        footnotes=NOTES,
        endnotes=f'<w:endnote w:id="1">{paragraph("At the end.")}</w:endnote>'
        f'<w:endnote w:id="2">{paragraph("Of a cell.")}</w:endnote>',
    ) == [
        ("heading", "One"),
        ("paragraph", "Take it daily.[1] Do not stop."),
        ("paragraph", "More."),
        ("paragraph", "[1] Not with MAOIs."),
        ("paragraph", "Ask first."),
        ("heading", "Two"),
        ("paragraph", "See below[2]*[i]"),
        ("table_row", "A | B"),
        ("table_row", "c[ii] | d"),
        ("paragraph", "Last."),
        ("paragraph", "[2] A second."),
        ("paragraph", "* By hand."),
        ("paragraph", "[i] At the end."),
        ("paragraph", "[ii] Of a cell."),
    ]


def run_cell(text: str, more: str) -> str:
    return paragraph(run(text) + more)


def test_how_notes_are_numbered_and_notes_that_refer_to_themselves() -> None:
    refer = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    assert texts(
        paragraph(run("Text") + refer),
        footnotes=f'<w:footnote w:id="1">{paragraph(run("Again") + refer)}</w:footnote>',
        settings='<w:footnotePr><w:numFmt w:val="upperLetter"/><w:numStart w:val="3"/>'
        "</w:footnotePr>",
    ) == ["Text[C]", "[C] Again"]


def text_box(text: str) -> str:
    inner = f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic>'
        f"<wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp></a:graphic></wp:anchor></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_text_boxes_once_and_behind_their_anchor() -> None:
    emoji = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="w16se"><w14:x/></mc:Choice>'
        "<mc:Fallback><w:t>\U0001f600</w:t></mc:Fallback></mc:AlternateContent></w:r>"
    )
    old = (
        "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
        + paragraph("An old box.")
        + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    assert texts(
        paragraph(run("Before ") + text_box("In a box.") + run("after.") + emoji)
        + paragraph(old)
        + table([paragraph(run("a") + text_box("In a cell.")), "b"])
    ) == ["Before after.\U0001f600", "In a box.", "An old box.", "a In a cell. | b"]


def test_formulas_do_not_lose_their_shape() -> None:
    fraction = (
        "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    )
    power = (
        "<m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>6</m:t></m:r></m:sup></m:sSup>"
    )
    root = "<m:rad><m:deg/><m:e><m:r><m:t>a+b</m:t></m:r></m:e></m:rad>"
    brackets = "<m:d><m:e><m:r><m:t>x</m:t></m:r></m:e></m:d>"
    assert texts(
        paragraph(
            run("Take ")
            + f"<m:oMath>{fraction}<m:r><w:rPr/><m:t> tablet </m:t></m:r>{power}</m:oMath>"
            + f"<m:oMathPara><m:oMath>{root}{brackets}</m:oMath></m:oMathPara>"
        )
    ) == ["Take 1/2 tablet 10⁶√(a+b)(x)"]


def test_a_large_first_letter_belongs_to_its_word() -> None:
    assert texts(
        paragraph("T", '<w:framePr w:dropCap="drop"/>')
        + paragraph("his leaflet.")
        + styled("berschrift1", "Run-in", "<w:rPr><w:vanish/><w:specVanish/></w:rPr>")
        + paragraph("Its text.")
    ) == ["This leaflet.", "Run-in", "Its text."]


def test_from_right_to_left_as_it_is_stored() -> None:
    arabic = "\u0627\u0644\u062c\u0631\u0639\u0629 5 mg"
    draft = read(
        paragraph(
            f'<w:r><w:rPr><w:rtl/><w:lang w:val="en-US" w:bidi="ar-SA"/></w:rPr><w:t>{arabic}</w:t>'
            "</w:r>",
            "<w:bidi/>",
        )
    )
    assert draft.text == arabic
    assert dict(draft.meta) == {"language": "ar"}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A good title", "A good title"),
        ("  Two\n blanks ", "Two blanks"),
        ("Microsoft Word - old.doc", "In the text"),
        ("Document1", "In the text"),
        ("leaflet.docx", "In the text"),
        ("", "In the text"),
    ],
)
def test_the_title(title: str, expected: str) -> None:
    core = f"<dc:title>{title}</dc:title>"
    assert read(styled("Titel", "In the text") + paragraph("Text."), core=core).title == expected


def test_a_title_that_is_not_there() -> None:
    assert read(styled("berschrift2", "Minor") + paragraph("Text.")).title == ""


def test_custom_properties_are_front_matter() -> None:
    custom = "".join(
        f'<property name="{name}"><vt:{kind}>{text}</vt:{kind}></property>'
        for name, kind, text in (
            ("Version", "lpwstr", "2.1"),
            ("Review by", "filetime", "2027-01-31T00:00:00Z"),
            ("reviewed", "lpwstr", "2026-11-24"),
            ("Audience", "lpwstr", "patients"),
            ("language", "lpwstr", "es"),
            ("Secret", "lpwstr", "no"),
            ("owner", "lpwstr", ""),
        )
    )
    assert read(paragraph("Text."), custom=custom).meta == (
        ("version", "2.1"),
        ("review_by", "2027-01-31"),
        ("reviewed", "2026-11-24"),
        ("audience", "patients"),
        ("language", "es"),
    )


def test_the_language_of_most_of_the_text() -> None:
    spanish = run("Tome una pastilla al día con agua.", '<w:lang w:val="es-ES"/>')
    assert dict(read(paragraph(spanish) + paragraph("One.")).meta) == {"language": "es"}
    assert read(paragraph("One."), styles="").meta == ()


@pytest.mark.parametrize("body", ["", "<w:sectPr/>", paragraph(""), table(["", ""])])
def test_an_empty_document_is_said_to_be_empty(body: str) -> None:
    with pytest.raises(CorpusError, match=r"^x\.docx: the file has no text"):
        make_document("x.docx", word(body))


def test_only_headings() -> None:
    with pytest.raises(CorpusError, match=r"^x\.docx: the file has only headings"):
        make_document("x.docx", word(styled("berschrift1", "A") + styled("berschrift2", "B")))


def test_text_that_stands_in_another_file_is_no_silent_loss() -> None:
    with pytest.raises(CorpusError, match=r"x\.docx: part of its text .*Open it in Word, save"):
        read('<w:altChunk r:id="x"/>' + paragraph("Text."))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), r"password.*take the password off"),
        (OLE + "WordDocument".encode("utf-16-le"), r"old Word file \(\.doc\).*save it as \.docx"),
        (b"{\\rtf1 text}", r"RTF file.*save it as \.docx"),
        (b"", r"damaged, or not of the kind"),
        (b"<html></html>", r"damaged, or not of the kind"),
        (zipped({"xl/workbook.xml": "<x/>"}), r"holds no Word document"),
        (zipped({"word/document.xml": "<x/>"}), r"holds no Word document"),
        (zipped({"word/document.xml": "<x>"}), r"word/document\.xml is not valid XML"),
        (zipped({"content.xml": "<x/>"}), r"OpenDocument file.*\.odt"),
    ],
)
def test_files_that_are_no_word_files(data: bytes, message: str) -> None:
    with pytest.raises(CorpusError, match=rf"^x\.docx: {message}|^x\.docx: .*{message}"):
        read_docx(data, "x.docx")


def test_entities_and_bombs_in_a_word_file() -> None:
    evil = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><w:document>&e;</w:document>'
    with pytest.raises(CorpusError, match=r"^x\.docx: word/document\.xml "):
        read_docx(with_parts(word(""), {"word/document.xml": evil}), "x.docx")
    bomb = with_parts(word(""), {"word/document.xml": bytes(50_000_000)})
    with pytest.raises(CorpusError, match=r"^x\.docx: word/document\.xml in it unpacks"):
        read_docx(bomb, "x.docx")


def test_strict_files_and_other_ways_of_naming_parts() -> None:
    data = word(styled("berschrift1", "Heading") + paragraph("Text."))
    strict = zipped(
        {
            "_rels/.rels": "<x/>",
            "word\\document.xml": (
                '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
                "<w:p><w:r><w:t>Strict.</w:t></w:r></w:p></w:body></w:document>"
            ),
        }
    )
    assert read_docx(data, "x.docx").text == "Heading\n\nText."
    assert read_docx(strict, "x.docx").text == "Strict."


def test_bytes_altered_at_random_are_read_or_refused() -> None:
    chance = random.Random(7)
    good = leaflet_docx()
    messages: list[str] = []
    for _ in range(150):
        data = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            make_document("x.docx", bytes(data[: chance.choice([len(data), len(data) // 2])]))
        except CorpusError as refused:
            messages.append(str(refused))
    assert all(message.startswith("x.docx: ") for message in messages)
    assert messages


def test_xml_altered_at_random_never_fails() -> None:
    """Files whose zip is whole, with elements and attributes lost, doubled or exchanged."""
    chance = random.Random(11)
    body = (
        styled("berschrift1", "One", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
        + paragraph(run("Text.", "<w:vanish/>") + text_box("Box.") + run("2"))
        + table(["a", "b"], [table(["c", "d"]), "e"], head=True)
    )
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    for _ in range(300):
        inner = body
        for _ in range(chance.randint(1, 3)):
            words = inner.split('"')
            at, other = chance.randrange(len(words)), chance.randrange(len(words))
            if at % 2 and other % 2:
                words[at] = chance.choice([words[other], "", "-1", "9" * 400, "x", "\u0663"])
            inner = '"'.join(words)
            if chance.random() < 0.3:
                inner = inner.replace(
                    chance.choice(["w:pPr", "w:tc", "w:tr", "w:r", "w:t", "w:tbl"]), "w:sdt"
                )
        numbers = numbering.replace('"0"', f'"{chance.choice(["0", "", "-1", "x", "99999999"])}"')
        read(inner, numbering=numbers)


def test_two_thousand_paragraphs_take_little_time() -> None:
    body = "".join(
        styled("berschrift1", f"Section {i}") if i % 20 == 0 else paragraph(f"Sentence {i}. More.")
        for i in range(2000)
    )
    data = word(body)
    assert least_seconds(lambda: read_docx(data, "x.docx"), 5) < 5
    assert len(read_docx(data, "x.docx").blocks) == 2000


def test_a_consent_form_with_boxes_to_tick() -> None:
    box = (
        "<w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr><w:sdtContent><w:r><w:t>{}</w:t></w:r>"
        "</w:sdtContent></w:sdt>"
    )
    empty, ticked = box.format("☐"), box.format("☒")
    assert blocks(
        paragraph(run("Consent form", BOLD))
        + paragraph(run("Ketamine infusion", BOLD))
        + paragraph("Read this first.")
        + paragraph(run("What are the risks?", BOLD))
        + paragraph(empty + run(" I know that my blood pressure can rise."))
        + paragraph(run("Pregnant? ") + empty + run(" Yes   ") + ticked + run(" No"))
        + paragraph(run("Signed", BOLD) + run("\t______"))
    ) == [
        ("heading", "Consent form"),
        ("heading", "Ketamine infusion"),
        ("paragraph", "Read this first."),
        ("heading", "What are the risks?"),
        ("item", "I know that my blood pressure can rise."),
        ("paragraph", "Pregnant? ☐ Yes ☒ No"),
        ("paragraph", "Signed ______"),
    ]


def test_signs_for_yes_and_no_stay_within_what_can_be_quoted() -> None:
    assert blocks(paragraph("✗ Drink alcohol") + paragraph("✓\tEat lightly")) == [
        ("item", "✗ Drink alcohol"),
        ("item", "✓ Eat lightly"),
    ]


def test_a_leaflet_that_a_table_lays_out() -> None:
    left = (
        paragraph(run("Before you come", BOLD))
        + paragraph("\u2022\tEat lightly.")
        + paragraph("Ring us if you have a cold.")
        + paragraph(run("On the day", BOLD))
        + paragraph("A nurse takes your blood pressure.")
        + paragraph("It must be below 160/100.")
        + paragraph("You then lie down.")
    )
    title = (
        f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph(run("Ketamine", BOLD))}</w:tc>'
    )
    draft = read(table([title], [left, table(["When", "What"], ["2 hours", "Rest."])]))
    assert draft.title == "Ketamine"
    assert draft.text == (
        "Ketamine\n\nBefore you come\n\n\u2022 Eat lightly.\n\nRing us if you have a cold.\n\n"
        "On the day\n\nA nurse takes your blood pressure.\n\nIt must be below 160/100.\n\n"
        "You then lie down.\nWhen | What\n2 hours | Rest."
    )


@pytest.mark.parametrize("name", ["leaflet.docx", "leaflet.odt"])
def test_whole_sentences_items_and_rows_can_be_quoted(name: str) -> None:
    document = make_document(name, leaflet_docx() if name.endswith("docx") else leaflet_odt())
    sentences = [document.text[one.start : one.end] for one in split_sentences(document)]
    assert sentences == [
        "It is a medicine for depression.",
        "You use it at the clinic.",
        "Do not use it if you:",
        "have had a stroke",
        "are pregnant",
        "Blow your nose.",
        "Tilt your head back.",
        "Week | Dose | How often",
        "1 to 4 | 28 mg or 56 mg | twice a week",
        "5 to 8 | 56 mg | once a week",
        "Warning: do not drive until the next day.",
    ]


def test_figures_raised_by_position() -> None:
    body = paragraph(
        run("Over 10")
        + run("3", '<w:position w:val="8"/>')
        + run(" cells, 10")
        + run("\u20133", '<w:vertAlign w:val="superscript"/>')
        + run(" molar, lowered ")
        + run("5", '<w:position w:val="-6"/>')
    )
    assert read_docx(word(body), "x.docx").text == (
        "Over 10\u00b3 cells, 10\u207b\u00b3 molar, lowered ₅"
    )
