"""Who has a page open or waits at the door, where several processes serve a session: each of them keeps rows that the
others read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Set
from contextlib import suppress
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, text

from app.audience.presence import NOBODY, NOBODY_WAITS, PRESENCE, Presence
from app.database import Database, WriteError

BEAT_SECONDS = 5.0
"""Real seconds between two signs of life of a process."""
LOST_SECONDS = 15.0
"""Real seconds without a sign after which nobody is connected through a process any more."""
_PUT = text("""
    INSERT INTO presence (process, session, people, waiting) VALUES (:process, :session, :people, :waiting)
    ON CONFLICT (process, session)
    DO UPDATE SET people = excluded.people, waiting = excluded.waiting, told = now()
""")
_BEAT = text("UPDATE presence SET told = now() WHERE process = :process")
_SWEEP = text("DELETE FROM presence WHERE told < now() - make_interval(secs => :seconds)")
_FORGET = text("DELETE FROM presence WHERE process = :process AND session = :session")
_LEAVE = text("DELETE FROM presence WHERE process = :process")
_OTHERS = text("""
    SELECT session, people, waiting FROM presence WHERE process <> :process AND session = ANY(:sessions)
    AND told >= now() - make_interval(secs => :seconds)
""")


class Seen(NamedTuple):
    """Who is connected to a session, and who waits at its door since when."""

    people: frozenset[str] = NOBODY
    waiting: Mapping[str, float] = NOBODY_WAITS

    def with_others(self, people: list[str], waiting: dict[str, float]) -> Seen:
        """The same with those whom one more process sees."""
        earliest = {person: min(since, self.waiting.get(person, since)) for person, since in waiting.items()}
        return Seen(self.people | frozenset(people), {**self.waiting, **earliest})


NOTHING_SEEN = Seen()


class SharedPresence(Presence):
    """A row for each process and session, which counts as long as its process gives signs of life."""

    def __init__(self, database: Database, process: str) -> None:
        super().__init__()
        self._database, self._process = database, process
        self._own: dict[str, Seen] = {}
        self._others: dict[str, Seen] = {}
        self._untold: set[str] = set()
        self._beaten = 0.0
        self._looking = asyncio.Lock()
        self._soon: asyncio.Task[None] | None = None

    def tell(self, code: str, people: Set[str], waiting: Mapping[str, float] = NOBODY_WAITS) -> None:
        seen = Seen(frozenset(people), dict(waiting))
        if self._own.get(code) != seen:
            self._own[code] = seen
            self._untold.add(code)
            self.look_soon()

    def others(self, code: str) -> frozenset[str]:
        return self._others.get(code, NOTHING_SEEN).people

    def waiting(self, code: str) -> Mapping[str, float]:
        return self._others.get(code, NOTHING_SEEN).waiting

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
                people, waiting = sorted(self._own[code].people), self._own[code].waiting
                told = {"people": orjson.dumps(people).decode(), "waiting": orjson.dumps(waiting).decode()}
                db.execute(_PUT, {**row, **told})
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
            before = self._others.get(code, NOTHING_SEEN)
            self._others[code] = found.get(code, NOTHING_SEEN)
            if before != self._others[code]:
                self.on_change(code)

    def _read(self, db: Connection) -> dict[str, Seen]:
        asked = {"process": self._process, "sessions": list(self._own), "seconds": LOST_SECONDS}
        found: dict[str, Seen] = {}
        for code, people, waiting in db.execute(_OTHERS, asked):
            seen = found.get(code, NOTHING_SEEN)
            found[code] = seen.with_others(orjson.loads(people), orjson.loads(waiting))
        return found

    async def close(self) -> None:
        if self._soon is not None:
            await asyncio.wait([self._soon])
        with suppress(WriteError):  # then the others miss our signs of life
            await self._database.write(lambda db: db.execute(_LEAVE, {"process": self._process}))
        for code in self._own:
            self._database.announce(PRESENCE, code)
