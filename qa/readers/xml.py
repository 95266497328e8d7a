"""XML of a document, parsed without entities, DTD, network or anything else from outside."""

from __future__ import annotations

from typing import Any

from lxml import etree

from qa.errors import CorpusError

__all__ = ["MAX_XML", "Element", "parse_xml"]

Element = Any
"""An element of lxml, which has no types of its own."""

MAX_XML = 32 * 1024 * 1024
"""Bytes of one part: some thousand pages of text. Its tree takes up to twenty times as much."""


def parse_xml(data: bytes, name: str) -> Element:
    """The root element; comments and processing instructions are left out.

    `name` is what messages call the file and the part of it ("leaflet.docx: word/document.xml").
    A document type that only names a public identifier is passed over. Raises CorpusError where
    the XML is broken or larger than `MAX_XML`, or where it declares or uses entities of its own.
    """
    if len(data) > MAX_XML:
        raise CorpusError(
            f"{name} holds more than {MAX_XML >> 20} MB of text and its looks, which is too much "
            "for one document. Split the document into several files."
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, SyntaxError, LookupError, ValueError) as error:
        what = " ".join(str(getattr(error, "msg", None) or error).split())
        raise CorpusError(
            f"{name} is not valid XML ({what}). The file is damaged: open it in the program "
            "that made it, save it again and build again."
        ) from None
    declared = root.getroottree().docinfo.internalDTD
    entities = declared is not None and any(True for _ in declared.iterentities())
    if entities or next(root.iter(etree.Entity), None) is not None:
        raise CorpusError(
            f"{name} declares or uses XML entities, which documents do not need and which can "
            "read other files. Take the file out. If you trust it, open it in the program that "
            "made it and save it again."
        )
    return root
