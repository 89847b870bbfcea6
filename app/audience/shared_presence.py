"""Who has a page open, where several processes serve a session: each of them keeps rows that the others read."""

from __future__ import annotations

import asyncio
from collections.abc import Set
from contextlib import suppress

import orjson
from sqlalchemy import Connection, text

from app.audience.presence import NOBODY, PRESENCE, Presence
from app.database import Database, WriteError

BEAT_SECONDS = 5.0
"""Real seconds between two signs of life of a process."""
LOST_SECONDS = 15.0
"""Real seconds without a sign after which nobody is connected through a process any more."""
_PUT = text("""
    INSERT INTO presence (process, session, people) VALUES (:process, :session, :people)
    ON CONFLICT (process, session) DO UPDATE SET people = excluded.people, told = now()
""")
_BEAT = text("UPDATE presence SET told = now() WHERE process = :process")
_SWEEP = text("DELETE FROM presence WHERE told < now() - make_interval(secs => :seconds)")
_FORGET = text("DELETE FROM presence WHERE process = :process AND session = :session")
_LEAVE = text("DELETE FROM presence WHERE process = :process")
_OTHERS = text("""
    SELECT session, people FROM presence WHERE process <> :process AND session = ANY(:sessions)
    AND told >= now() - make_interval(secs => :seconds)
""")


class SharedPresence(Presence):
    """A row for each process and session, which counts as long as its process gives signs of life."""

    def __init__(self, database: Database, process: str) -> None:
        super().__init__()
        self._database, self._process = database, process
        self._own: dict[str, frozenset[str]] = {}
        self._others: dict[str, frozenset[str]] = {}
        self._untold: set[str] = set()
        self._beaten = 0.0
        self._looking = asyncio.Lock()
        self._soon: asyncio.Task[None] | None = None

    def tell(self, code: str, people: Set[str]) -> None:
        if self._own.get(code) != people:
            self._own[code] = frozenset(people)
            self._untold.add(code)
            self.look_soon()

    def others(self, code: str) -> frozenset[str]:
        return self._others.get(code, NOBODY)

    def forget(self, code: str) -> None:
        self._own.pop(code, None)
        self._others.pop(code, None)
        self._untold.add(code)
        self.look_soon()

    def look_soon(self) -> None:
        if self._soon is None or self._soon.done():
            self._soon = asyncio.create_task(self.look())
            self._soon.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def look(self) -> None:
        async with self._looking:
            await self._tell_untold()
            await self._beat()
            await self._learn()

    async def _tell_untold(self) -> None:
        codes, self._untold = self._untold, set()
        try:
            if codes:
                await self._database.write(lambda db: self._put(db, codes))
        except BaseException:
            self._untold |= codes
            raise
        for code in codes:
            self._database.announce(PRESENCE, code)

    def _put(self, db: Connection, codes: Set[str]) -> None:
        for code in sorted(codes):
            row: dict[str, str] = {"process": self._process, "session": code}
            if code in self._own:
                db.execute(_PUT, {**row, "people": orjson.dumps(sorted(self._own[code])).decode()})
            else:
                db.execute(_FORGET, row)

    async def _beat(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._beaten >= BEAT_SECONDS:
            beaten = await self._database.write(self._sign)
            self._beaten = now
            if beaten < len(self._own):  # PostgreSQL has crashed, and the table was emptied
                self._untold |= set(self._own)

    def _sign(self, db: Connection) -> int:
        db.execute(_SWEEP, {"seconds": 2 * LOST_SECONDS})
        return db.execute(_BEAT, {"process": self._process}).rowcount

    async def _learn(self) -> None:
        """Read what others see in the sessions that somebody here has asked about."""
        if not self._own:
            return
        found = await self._database.read(self._read)
        for code in self._own:
            before, self._others[code] = self.others(code), found.get(code, NOBODY)
            if before != self._others[code]:
                self.on_change(code)

    def _read(self, db: Connection) -> dict[str, frozenset[str]]:
        asked = {"process": self._process, "sessions": list(self._own), "seconds": LOST_SECONDS}
        found: dict[str, frozenset[str]] = {}
        for code, people in db.execute(_OTHERS, asked):
            found[code] = found.get(code, NOBODY) | frozenset(orjson.loads(people))
        return found

    async def close(self) -> None:
        if self._soon is not None:
            await asyncio.wait([self._soon])
        with suppress(WriteError):  # then the others miss our signs of life
            await self._database.write(lambda db: db.execute(_LEAVE, {"process": self._process}))
        for code in self._own:
            self._database.announce(PRESENCE, code)
