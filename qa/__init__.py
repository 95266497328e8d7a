"""Quotewell: answers that are word-for-word quotes from a clinic's own documents."""

__version__ = "0.1.0"
__all__ = ["__version__"]
