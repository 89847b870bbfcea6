"""Opening a WebSocket as a browser does."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Callable

from app.rehearsal.browser.websocket import Socket

OFFER = "permessage-deflate; client_max_window_bits"


async def connect(
    host: str, port: int, path: str, cookies: str, hear: Callable[[str], None], seconds: float
) -> Socket:
    """Open a WebSocket. Raises OSError, and TimeoutError after so many seconds."""
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    head = {
        "Host": f"{host}:{port}",
        "Origin": f"http://{host}:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Extensions": OFFER,
        "Cookie": cookies,
    }
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    async with asyncio.timeout(seconds):
        _, socket = await asyncio.get_running_loop().create_connection(
            lambda: Socket(request, key, hear), host, port
        )
        try:
            await socket.opened
        except BaseException:
            socket.hang_up()
            raise
    return socket
