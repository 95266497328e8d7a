"""Which addresses are tried, and what each must answer: a list of its own, so that what the
application opens by mistake is not taken for meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.web.staff.guard import PAGES
from tests.web.routes import filled

__all__ = ["expected", "routes_to_try"]

_ROOTS = ("", "/es", "/staff")
_GRADIO = """
config info app_id theme.css api_info openapi.json docs redoc upload upload_progress?upload_id=x
file=/etc/passwd file=https://evil.test/ proxy=https://evil.test/ stream/a/b/c/d
queue/join queue/data?session_hash=x queue/status heartbeat/x deep_link component_server reset
cancel call/ask call/v2/ask call/ask/1 run/ask api/predict startup-events login_check token user
login login/huggingface login/callback logout monitoring monitoring/summary manifest.json
favicon.ico robots.txt pwa_icon dev/reload custom_component/x/client/component/index.js vibe-code
vibe-edit vibe-starter-queries mcp mcp/sse mcp/http gradio_api/mcp/schema runs process_recording
static/x assets/x svelte/x theme.css
"""
"""Addresses that Gradio has or has had, whether the installed one has them or not."""
_READ = (
    *("/", "/plain", "/answer", "/feedback/thanks", "/health", "/ready", "/metrics", "/documents"),
    *("/documents/x", "/api/docs", "/api/openapi.json", "/api/documents", "/api/documents/x"),
    *("/originals/x", "/page/x", "/config", "/theme.css", "/gradio_api/app_id", "/assets/x"),
    *("/static/x", "/svelte/x"),
)
"""What anybody may read, where it is there."""
_WRITTEN = ("/plain", "/answer", "/feedback", "/api/ask", "/gradio_api/run/predict")
_OF_ALL_LANGUAGES = ("/api/", "/health", "/ready", "/metrics", "/page", "/originals/")


def routes_to_try(routes: Iterable[tuple[str, list[str]]]) -> list[str]:
    """Every route of the application, and of Gradio, at every root and below Gradio's own."""
    found = {filled(path) for path, _ in routes}
    bare = {re.sub(r"^/(es|staff)(?=/)", "", path) for path in found}
    bare |= {f"{prefix}/{one}" for one in _GRADIO.split() for prefix in ("", "/gradio_api")}
    return sorted(found | {f"{root}{path}" for root in _ROOTS for path in bare})


def expected(method: str, path: str, who: str) -> int:
    """The status that must come back; 0 where an address is meant to be open, and is not tried."""
    bare = path.partition("?")[0]
    safe = method in ("GET", "HEAD")
    if bare == "/staff" or bare.startswith("/staff/"):
        return _staffs(method, bare, safe) if who else _strangers(bare, safe)
    if bare == "/es":
        return 0 if safe else 404
    within = bare.removeprefix("/es") if bare.startswith("/es/") else bare
    if within != bare and within.startswith(_OF_ALL_LANGUAGES):
        return 404
    reads, writes = within in _READ, within in _WRITTEN
    if not reads and not writes:
        return 404
    return 0 if method == "OPTIONS" or (reads and safe) or (writes and method == "POST") else 405


def _strangers(path: str, safe: bool) -> int:
    """Under /staff: to the login page, or the login page."""
    if path in ("/staff/login", "/staff/login/start", "/staff/login/return"):
        return 0
    return 303 if safe else 401


def _staffs(method: str, path: str, safe: bool) -> int:
    """The same for members: their pages are open, and of Gradio what the page needs."""
    own = path.removeprefix("/staff/").partition("/")[0] in PAGES
    gradio = path in ("/staff/", "/staff/config", "/staff/theme.css", "/staff/gradio_api/app_id",
                      "/staff/gradio_api/run/predict")  # fmt: skip
    gradio |= re.fullmatch(r"/staff/(assets|static|svelte)/x", path) is not None
    if path == "/staff" or ((own or gradio) and method in ("GET", "HEAD", "POST")):
        return 0
    return 405 if own or gradio else 404
