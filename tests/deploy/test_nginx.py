"""The nginx sample of docs/scale.md as it is, run by a real nginx on this machine."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.deploy.proxies import certificate, client_of, echo, program, running
from tests.deploy.scenes import SPOOFED, log_in, use_as_a_patient
from tests.free_ports import free_ports
from tests.web.real_server import RealServer

pytestmark = pytest.mark.nightly


def sample(folder: Path, port: int, servers: list[str]) -> Path:
    """The sample with addresses and certificate of this machine, as a whole file of nginx'."""
    text = (ROOT / "docs" / "scale.md").read_text("utf-8")
    [shown] = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    public, key = certificate(folder)
    for old, new in [
        ("10.0.0.11:7860", servers[0]),
        ("10.0.0.12:7860", servers[-1]),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/ask.pem", str(public)),
        ("/etc/ssl/ask.key", str(key)),
        # Here the port is not the usual one, which browsers leave out.
        ("Host $host;", "Host $http_host;"),
    ]:
        assert old in shown
        shown = shown.replace(old, new)
    places = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    made = folder / "nginx.conf"
    made.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; user {os.environ.get('USER', 'root')};"
        f" worker_processes 1; events {{}} http {{ {places} {shown} }}\n"
    )
    return made


@contextmanager
def nginx(folder: Path, *servers: str) -> Iterator[tuple[httpx.Client, int]]:
    [port] = free_ports(1)
    made = sample(folder, port, list(servers))
    command = [program("nginx"), "-p", str(folder), "-c", str(made)]
    trusted = ssl.create_default_context(cafile=str(folder / "ask.pem"))
    with (
        running(command, port, folder / "said", {"PATH": os.environ["PATH"]}),
        client_of(port, trusted) as client,
    ):
        yield client, port


def test_patients_and_staff_get_through(tmp_path: Path, server: RealServer) -> None:
    with nginx(tmp_path, server.url.removeprefix("http://")) as (client, port):
        use_as_a_patient(client, port)
        log_in(client, port)
    assert "drive home" not in (tmp_path / "said").read_text("utf-8")


def test_what_a_client_says_of_its_address_is_replaced(tmp_path: Path) -> None:
    with echo() as behind, nginx(tmp_path, f"127.0.0.1:{behind}") as (client, _):
        lines = client.get("/", headers=SPOOFED).text.splitlines()
        got = dict(line.split(": ", 1) for line in lines)
        assert got["x-forwarded-for"] == "127.0.0.1"
        assert got["x-forwarded-proto"] == "https"
        assert client.get("/metrics").status_code == 404
        assert client.post("/plain", content=b"x" * 7_000_000).status_code == 413
