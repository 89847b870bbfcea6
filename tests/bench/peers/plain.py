"""The plain way to take votes: Starlette and SQLModel, a commit for each vote. ``plain.py PORT FOLDER``."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from sqlalchemy import event
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

engine = create_async_engine(f"sqlite+aiosqlite:///{sys.argv[2]}/plain.sqlite", pool_timeout=120)
sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


class Vote(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    command: str = Field(unique=True)
    phase: str
    options: str


@event.listens_for(engine.sync_engine, "connect")
def durable(connection: Any, _record: Any) -> None:
    """As durable as what it is compared with."""
    cursor = connection.cursor()
    for pragma in ("busy_timeout=60000", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@asynccontextmanager
async def tables(app: Starlette) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    yield
    await engine.dispose()


async def live(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            said = await websocket.receive_json()
            await websocket.send_json({"ack": said["id"], "seq": await keep(said)})
    except WebSocketDisconnect:
        return


async def keep(said: dict[str, Any]) -> int:
    async with sessions() as db:
        vote = Vote(command=said["id"], phase=said["phase"], options=" ".join(said["option"]))
        db.add(vote)
        await db.commit()
        return vote.id or 0


app = Starlette(routes=[WebSocketRoute("/", live)], lifespan=tables)

if __name__ == "__main__":
    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", ws_per_message_deflate=False
    )
