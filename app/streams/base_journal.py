"""What a journal is, and what of it is the same in every database."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

from sqlalchemy import Connection

from app.database import Database, WriteError
from app.streams import heads, log
from app.streams.heads import Head
from app.streams.ledger import Ledger
from app.streams.log import Batch, DecideAll, Tail, Write
from sessions.messages import Event

tell = logging.getLogger(__name__)

LOG = "log"
"""The topic of notices on events; the word is the seq of the last one."""
CHUNK = 5000
"""Events read at a time."""
WIPE_SECONDS = 1.0
"""Real seconds for which the database may keep former rows that, as a batch says, tell what nobody may know."""

JournalError = WriteError
"""It is not in the log: drop the live state, read the log again, let the senders send again."""

Decide = Callable[[Sequence[Event]], Batch]
"""Given the events that others have appended meanwhile: what to append after them."""

Look = Callable[[Connection, str], None]
"""Reads, ``look(connection, stream)``, what the decision has to know beside the events; it keeps what it has read."""


class Journal(Protocol):
    """Where logs are kept. What writes returns after the commit; JournalError if the database fails."""

    @property
    def shared(self) -> bool:
        """Whether other processes append to the logs that this one appends to."""

    async def create(self, code: str, format_key: str, title: str) -> Head:
        """Begin the empty log of a session. Raises Conflict if the code is taken."""

    async def append(self, stream: str, known: int, decide: Decide, look: Look | None = None) -> None:
        """Take the log for writing, and add what ``decide`` makes of the events after seq ``known``.

        ``look``, if given, has been called when ``decide`` is, and nobody has written in between.
        ``decide`` is called once, on the event loop, while nobody else can write: it must not take long, and
        an empty batch writes nothing. Raises Conflict unless the batch follows on the head, or if one of its
        commands was answered before. Cancelling whoever waits does not cancel it.
        """

    async def append_all(self, known: Mapping[str, int], decide: DecideAll, begun_as: str = "") -> None:
        """Take several streams for writing, and add in one transaction what ``decide`` makes of what is new in each
        since the seq in ``known``. For streams that nobody keeps in memory: see ``log.append_all``."""

    async def read(self, stream: str, after: int = 0) -> list[Event]:
        """The events after a seq, in order; none for an unknown stream. Raises Unproved, with none of them, where one
        does not hold."""

    def chunks(self, stream: str, after: int = 0) -> AsyncIterator[list[Event]]:
        """As ``read``, a few thousand at a time: for logs that are long, so that others get their turn."""

    async def head(self, stream: str) -> Head | None:
        """The end of a log; None if there is no such stream."""

    async def check_end(self, stream: str) -> None:
        """Raises Unproved if the log does not end where its head says."""

    async def digests(self, stream: str, seqs: Collection[int]) -> dict[int, bytes]:
        """The chain's digests at these events of a log."""

    async def heads(self, streams: Iterable[str]) -> dict[str, int]:
        """The seq of the last event of each of these logs that there is."""

    async def answers(self, stream: str, commands: Iterable[str]) -> dict[str, int]:
        """The seq of the last event of each of these commands that is in the log."""

    async def erase(
        self,
        stream: str,
        seqs: Collection[int],
        why: str,
        actor: str,
        now: float,
        beside: Sequence[Write] = (),
    ) -> int:
        """Forget the words of events for good, and say so in an event ``erased``; its seq. ``why`` is a code, ``now``
        wall time in seconds since 1970 UTC; ``beside`` is written in the same transaction. Raises Conflict if one of
        them has no words; then none is erased."""

    def forgetting(self, seqs: Collection[int]) -> list[Write]:
        """What is to be written beside a batch that says that the words of these events of its stream are erased: into
        the ledger first, then the erasure itself."""

    def erasing(self, people: Collection[str]) -> list[log.Write]:
        """What is to be written in front of a batch that erases these people."""

    async def close(self) -> None:
        """Finish what is under way."""


class BaseJournal(ABC):
    """What is the same in every database. Methods as in Journal."""

    def __init__(self, database: Database, ledger: Ledger | None = None) -> None:
        self._database, self.ledger = database, ledger
        self._traces: frozenset[str] = frozenset()
        self._wiping: asyncio.Task[None] | None = None

    @property
    def shared(self) -> bool:
        return self._database.shared

    async def read(self, stream: str, after: int = 0) -> list[Event]:
        return [event async for chunk in self.chunks(stream, after) for event in chunk]

    async def chunks(self, stream: str, after: int = 0) -> AsyncIterator[list[Event]]:
        while events := await self._chunk(stream, after, CHUNK):
            yield events
            after = events[-1].seq

    @abstractmethod
    async def _chunk(self, stream: str, after: int, most: int) -> list[Event]:
        """The events after a seq, so many at most."""

    async def create(self, code: str, format_key: str, title: str) -> Head:
        return await self._database.write(lambda db: heads.create(db, code, format_key, title))

    async def head(self, stream: str) -> Head | None:
        return await self._database.read(lambda db: heads.head_of(db, stream))

    async def check_end(self, stream: str) -> None:
        await self._database.read(lambda db: heads.check_end(db, stream))

    async def digests(self, stream: str, seqs: Collection[int]) -> dict[int, bytes]:
        return await self._database.read(lambda db: log.digests(db, stream, seqs))

    async def heads(self, streams: Iterable[str]) -> dict[str, int]:
        asked = list(streams)
        return await self._database.read(lambda db: heads.heads(db, asked))

    async def answers(self, stream: str, commands: Iterable[str]) -> dict[str, int]:
        asked = list(commands)
        return await self._database.read(lambda db: log.answers(db, stream, asked))

    async def append_all(self, known: Mapping[str, int], decide: DecideAll, begun_as: str = "") -> None:
        added = await self._database.write(lambda db: log.append_all(db, known, decide, begun_as))
        for stream, batch in added.items():
            self.announce(stream, batch)

    def announce(self, stream: str, batch: Batch) -> None:
        """A batch was committed: others are told, and what nobody may read any more is wiped."""
        if batch.events:
            self._database.announce(LOG, stream, str(batch.events[-1].seq))
        for topic, word in batch.notices:
            self._database.announce(topic, stream, word)
        self.wipe_soon(batch.traces)

    async def erase(
        self,
        stream: str,
        seqs: Collection[int],
        why: str,
        actor: str,
        now: float,
        beside: Sequence[Write] = (),
    ) -> int:
        def decide(held: Mapping[str, Tail]) -> dict[str, Batch]:
            seq = held[stream].head.seq + 1
            event = Event(
                "erased", "", {"seqs": sorted(seqs), "why": why}, seq, now, actor, f"erase-{seq}:{actor}"
            )
            return {stream: Batch([event], [*self.forgetting(seqs), *beside])}

        added = await self._database.write(lambda db: log.append_all(db, {stream: log.ALL}, decide))
        await self._database.forget_erased("log", "snapshots")  # else the write-ahead log still shows them
        self.announce(stream, added[stream])
        return added[stream].events[-1].seq

    def forgetting(self, seqs: Collection[int]) -> list[Write]:
        ledger = self.ledger
        noted: list[Write] = [lambda db, name: ledger.note_words(db, name, seqs)] if ledger else []
        return [*noted, lambda db, name: log.erase(db, name, seqs)]

    def erasing(self, people: Collection[str]) -> list[log.Write]:
        """Writes people who are to be erased into the ledger, before the database forgets them."""
        ledger = self.ledger
        return [lambda db, name: ledger.note_people(name, people)] if ledger else []

    def wipe_soon(self, tables: frozenset[str]) -> None:
        """The database still shows what former rows have held, until it is told to forget them."""
        self._traces |= tables
        if self._traces and (self._wiping is None or self._wiping.done()):
            self._wiping = asyncio.create_task(self._wipe())

    async def _wipe(self) -> None:
        while self._traces:
            await asyncio.sleep(WIPE_SECONDS)
            await self._forget()

    async def _forget(self) -> None:
        tables, self._traces = self._traces, frozenset()
        try:
            await self._database.forget_erased(*sorted(tables))
        except Exception:  # whatever keeps the database from it: the next such batch tries again
            tell.exception("former rows of %s could not be wiped", ", ".join(sorted(tables)))

    async def close(self) -> None:
        await self._database.write(lambda db: None)
        if self._wiping is not None:
            self._wiping.cancel()
        if self._traces:
            await self._forget()
