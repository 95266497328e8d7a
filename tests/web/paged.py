"""The stand-in assistant with one more document, a PDF file that it shows but does not list."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.corpus import Source, make_source
from qa.document import Document
from qa.page_files import page_file, write_pages
from qa.page_image import PagedFile
from qa.readers import READERS
from tests.pages import read_known
from tests.web.stand_in import StandIn

__all__ = ["LEAFLET_ID", "PagedStandIn", "source_of"]

LEAFLET_ID = "leaflets/eye visit.pdf"


def source_of(data: bytes, document_id: str = LEAFLET_ID) -> Source:
    """A file of `tests.pages` as a build reads it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(READERS, ".pdf", read_known)  # type: ignore[arg-type]
        return make_source(document_id, data)


class PagedStandIn(StandIn):
    """Knows one document with pages, whose files lie in `folder` as in a generation's."""

    def __init__(self, folder: Path, data: bytes, document_id: str = LEAFLET_ID) -> None:
        super().__init__()
        source = source_of(data, document_id)
        self.folder, self.leaflet = folder, source.document
        write_pages(folder, source.document, data, source.boxes)

    def document(self, document_id: str) -> Document | None:
        return self.leaflet if document_id == self.leaflet.id else super().document(document_id)

    def paged(self, document_id: str) -> PagedFile | None:
        if document_id != self.leaflet.id:
            return None
        return PagedFile(self.leaflet, page_file(self.folder, self.leaflet), self.folder)
