"""Where a server listens, and under which address people find it."""

from __future__ import annotations

import socket
from contextlib import closing, suppress
from pathlib import Path

NOTE = "address.txt"
"""In the data folder: where its server is found, for commands that print links."""
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not listened on
DEFAULT = "http://127.0.0.1:8000"


def any_port(host: str) -> int:
    """A port that nobody uses."""
    with closing(socket.create_server((host, 0))) as found:
        return int(found.getsockname()[1])


def address(host: str, port: int) -> str:
    """What people type to get to a server that listens here."""
    name = _own_address() if host in EVERYWHERE else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _own_address() -> str:
    """This machine's address in its network. Connecting a datagram socket sends nothing."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def leave_note(data: Path, base_url: str) -> None:
    """Remember where the server of this data is found."""
    data.mkdir(0o700, parents=True, exist_ok=True)
    (data / NOTE).touch(0o600)
    (data / NOTE).write_text(base_url + "\n", "utf-8")


def noted(data: Path) -> str:
    """Where the server of this data is, or was last, found; the default address if there was none."""
    with suppress(OSError):
        return (data / NOTE).read_text("utf-8").strip() or DEFAULT
    return DEFAULT
