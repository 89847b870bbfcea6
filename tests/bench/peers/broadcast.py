"""Bare ``websockets``: what one client says goes to all, by the library's own ``broadcast``."""

import asyncio
import sys
from contextlib import suppress

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

CLIENTS: set[ServerConnection] = set()


async def talk(client: ServerConnection) -> None:
    CLIENTS.add(client)
    with suppress(ConnectionClosed):
        async for text in client:
            broadcast(CLIENTS, text)
    CLIENTS.discard(client)


async def main(port: int) -> None:
    serving = serve(
        talk, "127.0.0.1", port, compression=None, ping_interval=None, backlog=4096, open_timeout=60
    )
    async with serving as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
