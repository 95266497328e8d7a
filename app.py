"""Serves the page: settings → assistant → web app → server. The same as `qa serve`."""

import sys

from qa.errors import QuotewellError
from qa.settings import load_settings
from qa.web.server import run


def main() -> int:
    """Serves until stopped; gives the exit code."""
    try:
        run(load_settings(), on_ready=lambda url: print(f"Quotewell is ready at {url}", flush=True))
    except QuotewellError as error:
        print(f"app.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
