"""Where a request really comes from: over https, or from this very machine."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from app.web.house import house_of

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
LOOPBACK = ("127.0.0.1", "::1")
HERE = (*LOOPBACK, "localhost")
ROOT_USER = 0
TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
LOCAL, REMOTE, USER = 1, 2, 7
"""The columns of these."""


def is_secure(connection: HTTPConnection) -> bool:
    """Whether the browser speaks https: our address says so, or a proxy that is trusted (uvicorn takes its word by
    ``FORWARDED_ALLOW_IPS``, else that of this machine alone)."""
    return house_of(connection).settings.secure or connection.url.scheme in ("https", "wss")


def is_local(connection: HTTPConnection) -> bool:
    """Whether whoever asks is on this machine and speaks for nobody else.

    A proxy here is not this machine. It says so by the headers it adds; or by the name that it was asked for; or
    people have another address of ours than where we listen; or it runs as another user than we do.
    """
    if connection.client is None or connection.client.host not in LOOPBACK:
        return False
    if any(name in connection.headers for name in FORWARDED):
        return False
    return _names_us(connection) and _has_our_address(connection) and _is_ours(connection)


def _names_us(connection: HTTPConnection) -> bool:
    asked = connection.headers.getlist("host")
    name, port = _place(f"//{asked[0]}") if len(asked) == 1 else ("", None)
    return name in HERE and (port or 80) == _port(connection)


def _has_our_address(connection: HTTPConnection) -> bool:
    """Whether people come to the port at which we listen."""
    given = house_of(connection).settings.base_url
    return not given or (given.startswith("http:") and (_place(given)[1] or 80) == _port(connection))


def _place(url: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port
    except ValueError:
        return "", None


def _port(connection: HTTPConnection) -> int | None:
    server = connection.scope.get("server")
    return server[1] if server else None


def _is_ours(connection: HTTPConnection) -> bool:
    """Whether the other end of the connection belongs to our own user, or to root. Where the system keeps no list of
    connections that is taken on trust."""
    assert connection.client is not None
    here, there = f":{_port(connection) or 0:04X}", _as_listed(*connection.client)
    users = set()
    for table in TABLES:
        if not Path(table).exists():
            return True
        with Path(table).open(encoding="ascii") as lines:
            columns = (line.split() for line in lines if there in line)
            users |= {int(c[USER]) for c in columns if c[LOCAL].endswith(there) and c[REMOTE].endswith(here)}
    return bool(users) and users <= {os.geteuid(), ROOT_USER}


def _as_listed(host: str, port: int) -> str:
    """An address as the kernel lists it: words in the machine's own order. One of IPv4 looks the same at the end of one
    of IPv6."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    packed = socket.inet_pton(family, host)
    words = [packed[at : at + 4][::-1] for at in range(0, len(packed), 4)]
    return f"{b''.join(words).hex().upper()}:{port:04X}"
