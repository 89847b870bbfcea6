"""Sockets to listen on, or one sentence that says why not."""

from __future__ import annotations

import socket
from contextlib import closing, suppress

from app.cli.trouble import Trouble


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises Trouble if the port is taken or the address is not ours."""
    try:
        family = socket.getaddrinfo(host or "0.0.0.0", port, type=socket.SOCK_STREAM)[0][0]  # noqa: S104 - as asked
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Trouble(
            f"Cannot listen on {host}:{port}: {reason}. Choose another --port or --host."
        ) from error


def free_port(host: str, first: int) -> int:
    """The first free port from ``first`` on. Raises Trouble if a hundred are taken."""
    for port in range(first, first + 100):
        with suppress(OSError), closing(socket.create_server((host, port))):
            return port
    raise Trouble(f"The ports {first} to {first + 99} of {host} are all taken. Choose another --port.")
