"""A proxy in front of a server on this machine, run from the file that the project ships."""

from __future__ import annotations

import datetime
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

NAME = "ask.clinic.example"


def program(name: str) -> str:
    """Its path; the test is skipped where it is not installed."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed: `apt-get install {name}`.")
    return found


@contextmanager
def running(
    command: list[str], port: int, said: Path, environment: Mapping[str, str]
) -> Iterator[None]:
    """A program until the block ends, once it takes connections at the port."""
    with said.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=dict(environment))
        try:
            deadline = time.monotonic() + 120
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > deadline:
                        raise AssertionError(said.read_text("utf-8", "replace")) from None
                    time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(90)


def client_of(port: int, trusted: ssl.SSLContext) -> httpx.Client:
    """Talks to the proxy under the clinic's name, whose certificate is checked."""

    class Named(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            request.extensions["sni_hostname"] = NAME
            return super().handle_request(request)

    return httpx.Client(
        base_url=f"https://127.0.0.1:{port}",
        headers={"Host": f"{NAME}:{port}"},
        transport=Named(verify=trusted),
        timeout=60,
    )


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the clinic's name that signs itself, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "ask.pem", folder / "ask.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


@contextmanager
def echo() -> Iterator[int]:
    """A server that answers with the headers it got, and its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._tell()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self._tell()

        def _tell(self) -> None:
            body = "".join(f"{name.lower()}: {value}\n" for name, value in self.headers.items())
            self.send_response(200)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
