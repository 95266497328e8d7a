"""Where a request comes from, as the browser says in headers that no page can set.

Sec-Fetch-Site (W3C Fetch Metadata) is the plainest of them. Browsers leave it out where the address
is neither HTTPS nor this machine's own, and old ones know nothing of it: there Origin and Referer
(RFC 6454; RFC 9110, section 10.1.3) are compared with the host that was asked.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers

__all__ = ["LOCAL_HOSTS", "is_foreign", "is_own", "was_linked_here"]

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]", "testserver")
"""Names of this machine, under which a server is always reached."""


def is_own(headers: Headers) -> bool:
    """Whether a page of this site sent a request for certain; one that tells nothing is not own."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return _is_asked_host(headers.get("origin", ""), headers)


def is_foreign(headers: Headers) -> bool:
    """Whether another site's page sent a request; one that tells nothing is not foreign.

    So an old browser or a reader without any of these headers is still answered: somebody in danger
    may use it.
    """
    site = headers.get("sec-fetch-site")
    if site == "same-origin":
        return False  # whatever a proxy made of Host
    origin = headers.get("origin")
    wrong_origin = origin is not None and not _is_asked_host(origin, headers)
    return wrong_origin or site not in (None, "none")


def was_linked_here(headers: Headers) -> bool:
    """Whether a link on a page of this site was followed."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return _is_asked_host(headers.get("referer", ""), headers)


def _is_asked_host(address: str, headers: Headers) -> bool:
    """Whether an address names host and port as they were asked for."""
    try:
        host = urlsplit(address).netloc
    except ValueError:
        return False
    return bool(host) and host.lower() == headers.get("host", "").lower()
