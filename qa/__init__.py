"""Quotewell: answers that are word-for-word quotes from a clinic's own documents."""

import os

# ONNX Runtime reports to its maker, with a number for this machine that it keeps in the home
# folder, unless it finds this when it is loaded; its own switch comes too late for the first report
# (its docs/Privacy.md). Nothing that is part of this package can be loaded before this line.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
__all__ = ["__version__"]
