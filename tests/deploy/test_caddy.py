"""deploy/Caddyfile as it is, run by a real Caddy on this machine."""

from __future__ import annotations

import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.deploy.proxies import client_of, echo, program, running
from tests.deploy.scenes import QUESTION, SPOOFED, log_in, use_as_a_patient
from tests.free_ports import free_ports
from tests.web.real_server import RealServer

CADDYFILE = ROOT / "deploy" / "Caddyfile"
pytestmark = pytest.mark.nightly


def settings(folder: Path, ports: list[int], server: str, **more: str) -> dict[str, str]:
    """The variables that the file reads, and folders of Caddy's own."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "QUOTEWELL_SITE": f"ask.clinic.example:{ports[0]}",
        "QUOTEWELL_SERVER": server,
        "QUOTEWELL_BIND": "bind 127.0.0.1",
        "QUOTEWELL_TLS": "tls internal",
        "QUOTEWELL_HTTP": str(ports[1]),
        "QUOTEWELL_HTTPS": str(ports[0]),
        **more,
    }


@contextmanager
def caddy(folder: Path, server: str, **more: str) -> Iterator[tuple[httpx.Client, int]]:
    """The proxy, and a client that trusts the certificates it makes."""
    command = [program("caddy"), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    ports = free_ports(2)
    port = ports[0]
    with running(command, port, folder / "said", settings(folder, ports, server, **more)):
        authority = folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        trusted = ssl.create_default_context(cafile=str(authority))
        with client_of(port, trusted) as client:
            wait_for_certificate(client)
            yield client, port


def wait_for_certificate(client: httpx.Client) -> None:
    """Caddy takes connections a moment before it has made the site's certificate."""
    deadline = time.monotonic() + 120
    while True:
        try:
            client.get("/health")
            return
        except httpx.ConnectError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.mark.parametrize("more", [{}, {"QUOTEWELL_TLS": "tls internal"}])
def test_the_file_is_valid(tmp_path: Path, more: dict[str, str]) -> None:
    command = [program("caddy"), "validate", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    own = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **more}
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_patients_and_staff_get_through(tmp_path: Path, server: RealServer) -> None:
    with caddy(tmp_path, server.url.removeprefix("http://")) as (client, port):
        use_as_a_patient(client, port)
        log_in(client, port)
        headers = client.get("/").headers
        assert headers["strict-transport-security"] == "max-age=31536000"
        assert "server" not in headers
    said = (tmp_path / "said").read_text("utf-8")
    assert "drive home" not in said
    assert "/plain" not in said  # no access log
    assert QUESTION not in server.said()


def test_what_a_client_says_of_itself_is_replaced(tmp_path: Path) -> None:
    with echo() as behind, caddy(tmp_path, f"127.0.0.1:{behind}") as (client, port):
        got = dict(
            line.split(": ", 1) for line in client.get("/", headers=SPOOFED).text.splitlines()
        )
        assert got["x-forwarded-for"] == "127.0.0.1"
        assert got["x-forwarded-proto"] == "https"
        assert got["host"] == f"ask.clinic.example:{port}"
        assert not {"x-forwarded-host", "x-real-ip", "forwarded"} & got.keys()
        assert client.get("/metrics").status_code == 404
        assert client.post("/staff/questions/import", content=b"x" * 5_500_000).status_code == 200
        assert client.post("/plain", content=b"x" * 7_000_000).status_code == 413


def test_the_staffs_pages_are_for_the_networks_that_are_named(tmp_path: Path) -> None:
    named = {"QUOTEWELL_STAFF": "10.20.0.0/16"}
    with echo() as behind, caddy(tmp_path, f"127.0.0.1:{behind}", **named) as (client, _):
        for path in ("/staff", "/staff/", "/staff/login", "/%73taff/login", "/STAFF/login"):
            assert client.get(path, headers=SPOOFED).status_code == 404, path
        assert client.get("/").status_code == 200
