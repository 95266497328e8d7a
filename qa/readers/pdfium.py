"""The lock under which PDFium is used: it must not run in two threads at once."""

from __future__ import annotations

import threading

__all__ = ["PDFIUM"]

PDFIUM = threading.Lock()
