"""The browser: patient page, document viewer, JSON API and health, as one FastAPI application."""

__all__: list[str] = []
