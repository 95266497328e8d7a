"""From a PDF file in the corpus to the picture of the page that an answer is quoted from."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from starlette.testclient import TestClient

from qa import live
from qa.answer import Policy
from qa.assistant import Assistant
from qa.document import BlockKind
from qa.generation import verify
from qa.index import build
from qa.notices import SafetyTexts
from qa.readers import READERS
from qa.web.application import create_app
from tests.conftest import MakeCorpus
from tests.pages import PagedDocument, leaflet, read_known
from tests.web.browser import Visit
from tests.web.paged import source_of
from tests.web.stand_in import span_of
from tests.word_hash import WordHashEmbedder

pytestmark = pytest.mark.slow

QUESTION = "Do my eyes hurt after two days if I call about red eye?"
ANSWER = (
    "Wear sunglasses outdoors for the rest of the day, and call us if your eye is red or hurts "
    "after two days."
)


class Clinic:
    """A clinic whose corpus is one PDF file, and a visitor of its page."""

    def __init__(self, corpus: Path, index: Path, texts: SafetyTexts) -> None:
        self.corpus, self.index = corpus, index
        build(corpus, index, WordHashEmbedder())
        self.assistant = Assistant(index, WordHashEmbedder(), texts, Policy(threshold=0.0))
        self.visitor = TestClient(create_app(self.assistant))

    def picture_of(self, page: str) -> str:
        return unescape(re.findall(r'<img src="([^"]+)"', page)[0])


def pixels(clinic: Clinic, address: str) -> NDArray[np.uint8]:
    """Height by width by three."""
    content = clinic.visitor.get(address).content
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


@pytest.fixture
def clinic(
    corpus_folder: MakeCorpus,
    tmp_path: Path,
    safety_texts: SafetyTexts,
    monkeypatch: pytest.MonkeyPatch,
) -> Clinic:
    if ".pdf" not in READERS:
        monkeypatch.setitem(READERS, ".pdf", read_known)  # type: ignore[arg-type]
    monkeypatch.setattr(live, "_CHECK_SECONDS", 0.0)
    return Clinic(corpus_folder({"eye.pdf": leaflet()}), tmp_path / "index", safety_texts)


def test_an_answer_from_a_pdf_opens_at_its_page(clinic: Clinic) -> None:
    assert verify(clinic.index) == []
    answer = clinic.visitor.post("/api/ask", json={"question": QUESTION}).json()
    quote = answer["quotes"][0]
    assert quote["text"] == ANSWER
    assert quote["page"] == 1
    page = clinic.visitor.get(quote["url"]).text
    sources = [unescape(one) for one in re.findall(r'<img src="([^"]+)"', page)]
    assert len(sources) == 2
    for source in sources:
        marked, plain = (pixels(clinic, one) for one in (source, source.partition("?")[0]))
        assert (marked != plain).any()
    original = re.search(r'href="(/originals/[^"]+)"', unescape(page))
    assert original
    assert clinic.visitor.get(original[1]).content == leaflet()


def test_plain_and_printed_answers_name_the_page_and_show_what_stands_around(
    clinic: Clinic,
) -> None:
    question = "Do not drive: is my sight clear again?"
    plain = clinic.visitor.post("/plain", data={"question": question}).text
    shown = unescape(plain)
    assert "page 1" in shown
    assert "Show the passage around it" in shown
    around = plain.partition('<details class="around">')[2].partition("</details>")[0]
    assert "The drops make your pupils wide" in unescape(around)
    form = plain.partition('action="/answer"')[2].partition("</form>")[0]
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form)
    sent = urlencode([(unescape(name), unescape(value)) for name, value in fields])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    printed = unescape(clinic.visitor.post("/answer", content=sent, headers=headers).text)
    assert "until your sight is clear again" in printed
    assert "page 1" in printed


def test_a_new_file_is_never_shown_by_the_pictures_of_the_old_one(clinic: Clinic) -> None:
    [document] = clinic.assistant.documents()
    old = clinic.picture_of(clinic.visitor.get("/documents/eye.pdf").text)
    before = clinic.visitor.get(old).content
    made = PagedDocument("Your visit to the eye clinic")
    made.page()
    made.write(BlockKind.PARAGRAPH, ["All of this is new."], (72, 700))
    (clinic.corpus / "eye.pdf").write_bytes(made.finish())
    build(clinic.corpus, clinic.index, WordHashEmbedder())
    new = clinic.picture_of(clinic.visitor.get("/documents/eye.pdf").text)
    assert clinic.assistant.documents()[0].source_sha256 != document.source_sha256
    assert new != old
    assert clinic.visitor.get(old).status_code == 404
    assert clinic.visitor.get(new).content != before


def test_documents_without_pages_have_no_pictures(clinic: Clinic) -> None:
    (clinic.corpus / "notes.md").write_text("# Notes\n\nA sentence.\n")
    build(clinic.corpus, clinic.index, WordHashEmbedder())
    assert clinic.assistant.paged("notes.md") is None
    assert clinic.assistant.paged("none.pdf") is None
    assert "<img" not in clinic.visitor.get("/documents/notes.md").text


@pytest.mark.parametrize("width", [1280, 390])
def test_the_quotes_link_leads_to_where_it_stands_in_the_picture(
    anywhere: Visit, width: int
) -> None:
    document = source_of(leaflet()).document
    start, end = span_of(document, "and call us")
    anywhere.page.set_viewport_size({"width": width, "height": 700})
    anywhere.go(f"/documents/leaflets/eye%20visit.pdf?start={start}&end={end}#quote")
    picture = anywhere.page.locator(".page-picture img").first
    assert picture.evaluate("one => one.complete && one.naturalWidth") == 1105
    # "and" is the last word of its page, 110 points above its foot.
    box = picture.bounding_box()
    band = anywhere.page.locator("#band").bounding_box()
    assert box
    assert band
    at = box["y"] + box["height"] * (792 - 110) / 792
    assert band["height"] < at < 700
    anywhere.page.locator("a", has_text="Read the passage as text").click()
    mark = anywhere.page.locator("mark").first
    assert mark.inner_text().strip() == "and"
    found = mark.bounding_box()
    assert found
    assert band["height"] < found["y"] < 700
