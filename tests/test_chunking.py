"""Sentences are whole, chunks are made of them, and neither loses nor doubles a letter."""

from __future__ import annotations

from itertools import product

import pytest

from qa.chunking import (
    MAX_TOKENS,
    TARGET_TOKENS,
    _split,
    chunk_document,
    context,
    is_quotable,
    split_sentences,
)
from qa.corpus import make_document
from qa.document import BlockKind, Chunk, Document, Sentence
from qa.embedding import Embedder
from tests.hostile import HOSTILE, LONG_SENTENCE
from tests.word_hash import WordHashEmbedder

count_tokens = WordHashEmbedder().count_tokens


def markdown(text: str) -> Document:
    return make_document("x.md", text.encode())


def sentences(document: Document) -> list[str]:
    return [document.text[s.start : s.end] for s in split_sentences(document)]


def chunk_texts(document: Document, **sizes: int) -> list[str]:
    return [document.text[c.start : c.end] for c in chunk_document(document, count_tokens, **sizes)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Dr. Jones asks Mr. Smith. He nods.", ["Dr. Jones asks Mr. Smith.", "He nods."]),
        ("Take 0.5 mg. Wait 1.5 h.", ["Take 0.5 mg.", "Wait 1.5 h."]),
        ("Take it, e.g. at night. Rest.", ["Take it, e.g. at night.", "Rest."]),
        ("It helps (R1, R2). It may not (R3).", ["It helps (R1, R2).", "It may not (R3)."]),
        ("A line\nbreak is no end. Here is one.", ["A line break is no end.", "Here is one."]),
        (
            "It is approved by the F.D.A. for one use.",
            ["It is approved by the F.D.A. for one use."],
        ),
        ("He said \u201cNo.\u201d Then he left.", ["He said \u201cNo.\u201d", "Then he left."]),
        ("Stop! ... and go on. 5.", ["Stop! ... and go on. 5."]),
        ("It works.\u00a0It really does.", ["It works.", "It really does."]),
        (
            "Smile \U0001f600. Flag \U0001f1fa\U0001f1f8! End.",
            ["Smile \U0001f600.", "Flag \U0001f1fa\U0001f1f8!", "End."],
        ),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert sentences(markdown(text)) == expected


def test_kinds_of_sentences() -> None:
    document = make_document("tables.md", HOSTILE["tables.md"])
    assert [(s.kind.value, document.text[s.start : s.end]) for s in split_sentences(document)] == [
        ("paragraph", "The doses:"),
        ("table_head", "Drug | Dose"),
        ("table_row", "A | 1 mg. Or two."),
        ("table_row", "B |"),
        ("paragraph", "After it."),
        ("table_head", "Only head"),
    ]


def test_the_language_of_the_front_matter_is_used() -> None:
    document = markdown("---\nlanguage: de\n---\nDas ist z. B. gut. Das auch.")
    assert sentences(document) == ["Das ist z. B. gut.", "Das auch."]
    unknown = markdown("---\nlanguage: hmn\n---\nOne. Two.")
    assert sentences(unknown) == ["One.", "Two."]


@pytest.fixture(params=sorted(HOSTILE))
def hostile(request: pytest.FixtureRequest) -> Document:
    return make_document(request.param, HOSTILE[request.param])


def test_sentences_lie_stripped_within_their_blocks(hostile: Document) -> None:
    last = 0
    for sentence in split_sentences(hostile):
        block = hostile.blocks[sentence.block]
        text = hostile.text[sentence.start : sentence.end]
        assert block.start <= sentence.start < sentence.end <= block.end
        assert block.kind is sentence.kind is not BlockKind.HEADING
        assert text == text.strip()
        assert last <= sentence.start
        last = sentence.end


def test_sentences_hold_every_letter_and_digit_that_is_no_heading(hostile: Document) -> None:
    covered = [False] * len(hostile.text)
    spans: list[Sentence | object] = [*split_sentences(hostile)]
    spans += [block for block in hostile.blocks if block.kind is BlockKind.HEADING]
    for span in spans:
        for at in range(span.start, span.end):  # type: ignore[attr-defined]
            assert not covered[at], "no letter stands in two sentences"
            covered[at] = True
    left = "".join(c for c, held in zip(hostile.text, covered, strict=True) if not held)
    assert not any(letter.isalpha() for letter in left), left


def check_chunks(document: Document, chunks: list[Chunk]) -> None:
    """Chunks come in order, never overlap, and hold all sentences, each whole."""
    all_sentences = split_sentences(document)
    assert list(dict.fromkeys(s for c in chunks for s in c.sentences)) == all_sentences
    last = 0
    for chunk in chunks:
        section = document.sections[chunk.section]
        assert last <= chunk.start < chunk.end
        assert section.start <= chunk.start
        assert chunk.end <= section.end
        assert chunk.sentences[0].start <= chunk.start
        assert chunk.end <= chunk.sentences[-1].end
        assert {document.blocks[s.block].section for s in chunk.sentences} == {chunk.section}
        if len(chunk.sentences) > 1:
            assert (chunk.start, chunk.end) == (chunk.sentences[0].start, chunk.sentences[-1].end)
        last = chunk.end
    held = "".join(document.text[c.start : c.end] for c in chunks)
    whole = "".join(document.text[s.start : s.end] for s in all_sentences)
    assert [c for c in held if c.isalpha()] == [c for c in whole if c.isalpha()]


def test_chunks_of_any_document(hostile: Document) -> None:
    for target, limit in product((1, 10, TARGET_TOKENS), (35, 64, MAX_TOKENS)):
        chunks = chunk_document(hostile, count_tokens, target=target, limit=limit)
        check_chunks(hostile, chunks)
        for chunk in chunks:
            above = context(hostile, chunk.section, count_tokens, limit)
            body = hostile.text[chunk.start : chunk.end]
            assert count_tokens([f"{above}\n{body}"])[0] + 2 <= limit, (target, limit)


def test_no_chunk_is_longer_than_the_real_model_reads(hostile: Document, bundled: Embedder) -> None:
    chunks = chunk_document(hostile, bundled.count_tokens, limit=bundled.max_tokens)
    check_chunks(hostile, chunks)
    texts = [
        f"{context(hostile, c.section, bundled.count_tokens)}\n{hostile.text[c.start : c.end]}"
        for c in chunks
    ]
    assert max(bundled.count_tokens(texts)) + 2 <= bundled.max_tokens == MAX_TOKENS


def test_a_sentence_too_long_to_embed_is_quoted_whole(bundled: Embedder) -> None:
    document = markdown(f"# Long\n\n{LONG_SENTENCE} A short one.\n")
    assert bundled.count_tokens([LONG_SENTENCE])[0] > 600
    chunks = chunk_document(document, bundled.count_tokens)
    assert len(chunks) > 3
    long = chunks[0].sentences[0]
    assert document.text[long.start : long.end] == LONG_SENTENCE
    assert all(chunk.sentences == (long,) for chunk in chunks[:-1])
    assert document.text[chunks[-1].start : chunks[-1].end] == "A short one."


def test_a_word_without_blanks_is_halved_too() -> None:
    document = markdown("\u4e00" * 5000)
    chunks = chunk_document(document, lambda texts: [len(text) for text in texts])
    check_chunks(document, chunks)
    assert max(chunk.end - chunk.start for chunk in chunks) <= MAX_TOKENS - 4


def test_a_chunk_never_crosses_a_section() -> None:
    document = markdown("Before.\n\n# A\n\nOne.\n\n## B\n\nTwo.\n\nThree.\n\n# C\n\nFour.")
    assert chunk_texts(document) == ["Before.", "One.", "Two.\n\nThree.", "Four."]


def test_chunks_are_filled_to_the_target() -> None:
    document = markdown("\n\n".join(f"This is sentence {n} of it." for n in range(6)))
    assert count_tokens(["This is sentence 0 of it."]) == [7]
    assert [len(c.sentences) for c in chunk_document(document, count_tokens, target=21)] == [3, 3]
    assert [len(c.sentences) for c in chunk_document(document, count_tokens, target=20)] == [
        2,
        2,
        2,
    ]


def test_a_paragraph_is_rather_finished_than_parted() -> None:
    document = markdown(
        " ".join(f"This is sentence {n} of it." for n in range(3)) + "\n\nNext one."
    )
    # 21 tokens are within 1.3 times the target of 17; the next paragraph begins a new chunk.
    assert [len(c.sentences) for c in chunk_document(document, count_tokens, target=17)] == [3, 1]


def test_a_list_stays_whole_with_its_lead_in() -> None:
    document = markdown(
        "# Title\n\nFirst of all. Do not take it if you:\n\n- are pregnant\n- drink\n- drive\n\n"
        "After."
    )
    assert chunk_texts(document, target=8) == [
        "First of all.",
        "Do not take it if you:\n\u2022 are pregnant\n\u2022 drink\n\u2022 drive",
        "After.",
    ]


def test_a_table_stays_whole_where_it_fits() -> None:
    document = markdown(
        "The doses:\n\n| A | B |\n|---|---|\n| one | two |\n| three | four |\n\nAfter."
    )
    assert chunk_texts(document, target=5)[0] == "The doses:\n\nA | B\none | two\nthree | four"


def test_a_list_too_long_for_a_chunk_is_parted_between_items() -> None:
    document = markdown("Beware of:\n\n" + "\n".join(f"- the thing number {n}" for n in range(40)))
    chunks = chunk_document(document, count_tokens, target=20, limit=64)
    check_chunks(document, chunks)
    assert len(chunks) > 5
    assert all(
        document.text[s.start : s.end].startswith(("the thing number", "Beware of:"))
        for c in chunks
        for s in c.sentences
    )


def test_context_is_title_and_headings() -> None:
    document = markdown("Zero.\n\n# Title\n\nOne.\n\n## Part\n\nTwo.\n\n### Small\n\nThree.")
    assert [context(document, section, count_tokens) for section in range(4)] == [
        "Title",
        "Title",
        "Title. Part",
        "Title. Part. Small",
    ]
    untitled = make_document("name.md", b"---\ntitle: Front\n---\n# Other\n\nOne.")
    assert context(untitled, 1, count_tokens) == "Front. Other"


def test_a_context_leaves_room_for_the_text() -> None:
    long = "word " * 300
    document = markdown(f"# {long}\n\n## Part\n\nTwo.\n\n# {long}again\n\nThree.")
    assert context(document, 2, count_tokens) == "Part"
    cut = context(document, 3, count_tokens)
    assert long.startswith(cut)
    assert 0 < count_tokens([cut])[0] <= MAX_TOKENS - 35
    [chunk] = [c for c in chunk_document(document, count_tokens) if c.section == 3]
    assert count_tokens([cut + "\n" + document.text[chunk.start : chunk.end]])[0] + 2 <= MAX_TOKENS


def test_splitting_is_repeatable(hostile: Document) -> None:
    assert chunk_document(hostile, count_tokens) == chunk_document(hostile, count_tokens)


def test_marked_sections_and_those_below_them_are_in_no_chunk() -> None:
    text = (
        "---\nno_quote: [staff, 'Prices']\n---\n# Leaflet\n\nOne.\n\n## Staff\n\nTwo.\n\n"
        "### Doses\n\nThree.\n\n## Visits\n\nFour.\n\n### Prices\n\nFive.\n\n"
        "## References\n\nSix.\n"
    )
    document = markdown(text)
    chunks = chunk_document(document, WordHashEmbedder().count_tokens)
    assert [document.text[one.start : one.end] for one in chunks] == ["One.", "Four."]
    quotable = [document.sections[i].heading for i in range(1, 7) if is_quotable(document, i)]
    assert quotable == ["Leaflet", "Visits"]
    everything = markdown(text.replace("[staff, 'Prices']", "ALL"))
    assert chunk_document(everything, WordHashEmbedder().count_tokens) == []


def test_a_paragraph_of_any_length_is_split_as_a_short_one() -> None:
    said = [f"This is sentence number {number} of a long one." for number in range(3_000)]
    assert sentences(markdown(" ".join(said))) == said


def test_what_has_no_end_is_cut_at_a_blank() -> None:
    found = sentences(markdown("Word " * 9_000))
    assert all(one.startswith("Word") for one in found)
    assert sum(one.count("Word") for one in found) == 9_000


PANICS = "!- A \u1680.Dr\u2022 One. Two."
"""The splitter's Rust cuts it within the blank U+1680, which has three bytes."""


def test_a_blank_at_which_the_splitter_panics_is_a_space_to_it() -> None:
    document = make_document("x.txt", PANICS.encode())
    assert "\u1680" in document.text
    found = [document.text[one.start : one.end] for one in split_sentences(document)]
    assert "\u1680" in "".join(found)
    assert found[-1].endswith("Two.")


def test_a_text_at_which_it_panics_all_the_same_is_one_sentence() -> None:
    assert list(_split("en", PANICS)) == [{"start_index": 0, "end_index": len(PANICS)}]
