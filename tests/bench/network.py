"""A stand-in for the content network: the two htmx files over https on a port of this machine, packed as it packs."""

from __future__ import annotations

import gzip
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.bench.machine import Missing


class Shelf(BaseHTTPRequestHandler):
    """Answers with a file by its name, whatever the path before it."""

    protocol_version = "HTTP/1.1"

    def __init__(self, files: Mapping[str, bytes], *rest: object) -> None:
        self.files = files
        super().__init__(*rest)  # type: ignore[arg-type]  # what the server hands over

    def do_GET(self) -> None:
        body = self.files.get(self.path.rpartition("/")[2])
        self.send_response(200 if body else 404)
        headers = {
            "content-type": "application/javascript; charset=utf-8",
            "content-encoding": "gzip",
            "access-control-allow-origin": "*",
            "cache-control": "public, max-age=31536000, immutable",
            "content-length": str(len(body or b"")),
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def content_network(vendor: Path, folder: Path) -> Iterator[int]:
    """The port on which the files of a folder are served until the block ends. Raises Missing."""
    files = {path.name: gzip.compress(path.read_bytes(), 9) for path in vendor.glob("*.js")}
    if not files:
        raise Missing(f"htmx is not in {vendor.name}/ (python3 -m app demo puts it there)")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Shelf, files))
    server.socket = _certified(folder).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def _certified(folder: Path) -> ssl.SSLContext:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=cdn.jsdelivr.net",
    ]
    try:
        subprocess.run(
            [*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
        )
    except OSError as error:
        raise Missing("openssl is not installed") from error
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
