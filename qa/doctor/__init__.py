"""The check-up: what is wrong with an installation, its index and its documents, and the mend.

Every module here looks and tells; nothing is written, and nothing is fetched.
"""

__all__: list[str] = []
