"""The only writer of a session: commands queue here, are decided in turn, and are answered after the commit.

One batch at a time: whatever has queued is decided and folded, appended to the log in one transaction, and only then
acknowledged and published. While ``settled`` is held nobody else renders, so no page ever shows what is not on disk.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from app.audience.fanout import Fanout
from app.audience.heartbeat import Heartbeat
from app.audience.presence import Presence
from app.clock import RaceClock
from app.database.batched_query import BatchedQuery
from app.drawing.page_context import PageContext
from app.live.deadlines import Timekeeper
from app.live.turn import Answer, Told, Turn, Waiting
from app.people.store import Directory
from app.streams.journal import Batch, Journal
from app.streams.projections import Projections
from app.streams.snapshotting import Snapshotter
from app.telemetry.metrics import tally
from sessions.messages import Command, Erasure, Event, Refused, refuse
from sessions.session import Session

log = logging.getLogger(__name__)

CROWD = 100
"""Commands waiting from which on they are a crowd: the database gets the next batch before the last one is answered,
so that it is never without work while answers are written."""
TICK, TICK_IN_CROWDS = 0.1, 0.2
"""Real seconds between two deliveries under load, and while a crowd waits: each of them makes the database wait. When
idle a change goes out at once."""
SHARE = 0.5
"""At most this share of the time goes into deliveries to everybody."""
CATCH_UP, CATCH_UP_BUSY = 0.005, 0.001
"""Real seconds for catching up single sockets between two batches: usually, and while more commands are waiting.
Whoever has been acknowledged can wait a little for the look of it; whoever has not cannot."""
CATCH_UP_SECONDS = 10.0
"""Real seconds that somebody waits for what other processes have appended."""
TELL_SECONDS = 0.02
"""Real seconds that answers to a crowd wait at most for the next batch to be on its way to the disk."""
MAX_QUEUE = 20_000
"""Commands waiting for one session beyond which new ones are refused politely."""
MAX_BATCH = 1000
NOTICE_SECONDS = 2.0
"""Real seconds after which a change of who is connected is shown."""
RETRY_SECONDS = 1.0
CLOSE_SECONDS = 3.0
"""Real seconds that a desk which is closed waits for its batch: a disk that cannot be read again stops no server."""

NOT_STORED = refuse(
    "not_stored", "The server could not store this. It is kept on your device and sent again."
)
BUSY = refuse("busy", "The server is busy. It is kept on your device and sent again.")


class Desk:
    """One session being served: its state, its queue, its deadlines."""

    def __init__(
        self,
        code: str,
        journal: Journal,
        clock: RaceClock,
        directory: Directory,
        fanout_of: Callable[[PageContext], Fanout],
        hall: PageContext,
        beat_seconds: float,
        keeper: Snapshotter,
        presence: Presence,
        projections: Projections,
    ) -> None:
        self._projections = projections
        self.keeper = keeper
        self.code, self.journal, self.clock, self.directory, self.hall = code, journal, clock, directory, hall
        self.presence = presence
        self.fanout = fanout_of(hall)
        self.settled = asyncio.Lock()
        self.heartbeat = Heartbeat(self.fanout, clock, beat_seconds)
        self._timekeeper = Timekeeper(self)
        self._queue: deque[Waiting] = deque()
        self._heard = 0
        """The seq up to which the log is known to go, by us or by another process."""
        self._heads = BatchedQuery(journal.heads)
        self._awake = asyncio.Event()
        self._turned = asyncio.Event()
        """Set, for whoever waits at that moment, when a turn has ended."""
        self._untold: list[Told] = []
        """Answers to a crowd: they are written while the disk has the next batch."""
        self._most = MAX_BATCH
        """Commands in the next batch. After a rule has broken those that had been decided before it go alone, so that
        however many more break, each turn brings something to disk."""
        self._next_delivery = 0.0
        """When the next delivery to everybody may begin, by the loop's clock."""
        self._delivering: asyncio.Task[None] | None = None
        self._noticing: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def session(self) -> Session:
        return self.hall.session

    def now(self) -> float:
        return self.clock.now()

    @property
    def waiting(self) -> int:
        """Commands that wait for a decision."""
        return len(self._queue)

    @property
    def _crowded(self) -> bool:
        return len(self._queue) >= CROWD

    async def open(self) -> None:
        """Fold the log and start working."""
        await self._fold()
        self.presence.tell(self.code, set())
        self.fanout.published = self.session.seq
        running = (self._work(), self._timekeeper.run(), self.heartbeat.run())
        self._tasks = [asyncio.create_task(task) for task in running]

    async def close(self) -> bool:
        """Finish the batch that is being written, then stop; False if that could not be waited for, and the session
        may hold what is not on disk."""
        finished = False
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS), self.settled:
                self._tell_all()
                finished = True
        for task in (*self._tasks, *filter(None, [self._delivering, self._noticing])):
            task.cancel()
        return finished

    async def _fold(self) -> None:
        self.hall.session = await self.keeper.fold(self.code, self.session.key_of)
        self.keeper.grown(self.code, self.session.seq)

    # ---- what comes in

    def put(self, command: Command, sender: str, answer: Answer) -> None:
        """Queue a command. The same id from the same sender gives the same answer, and no second event."""
        if len(self._queue) >= MAX_QUEUE:
            answer(command, BUSY)
            return
        self._queue.append((command, sender, answer))
        self._awake.set()

    async def submit(self, command: Command, sender: str) -> int | Refused:
        """The seq of the command's last event once it is on disk, or why not."""
        told: asyncio.Future[int | Refused] = asyncio.get_running_loop().create_future()
        self.put(command, sender, lambda _, answer: None if told.done() else told.set_result(answer))
        return await told

    def heard(self, seq: int) -> None:
        """Another process has appended to the log, up to ``seq``."""
        self._heard = max(self._heard, seq)
        self._awake.set()

    async def catch_up(self) -> None:
        """Wait until everything is known that others had appended when this was called. Raises what the database
        raises, and TimeoutError."""
        seq = await self._heads.ask(self.code) or 0
        self.heard(seq)
        async with asyncio.timeout(CATCH_UP_SECONDS):
            while self.session.seq < seq:
                await self._turned.wait()

    def wake(self) -> None:
        """There is something to do beside commands: somebody to catch up."""
        self._awake.set()

    # ---- the work, one turn after the other

    async def _work(self) -> None:
        while True:
            await self._awake.wait()
            self._awake.clear()
            while self._has_work():
                async with self.settled:
                    await self._take_turn()
                self._turned.set()
                self._turned.clear()
                if not (self._untold or self._crowded):  # else others get their turn while the disk is busy
                    await asyncio.sleep(0)

    def _has_work(self) -> bool:
        return bool(self._queue or self.fanout.lagging or self._heard > self.session.seq or self._is_due())

    async def _take_turn(self) -> None:
        batch = [self._queue.popleft() for _ in range(min(len(self._queue), self._most))]
        if batch or self._heard > self.session.seq:
            await self._process(batch)
            if not self._untold:  # what has come meanwhile goes before catching up
                await asyncio.sleep(0)
        try:
            if self._is_due():
                self._deliver()
            if not self._untold:
                seconds = CATCH_UP_BUSY if self._queue else CATCH_UP
                self.fanout.catch_up(asyncio.get_running_loop().time() + seconds)
        except Exception:  # something broke that nobody had thought of: what is on disk is told the next time
            log.exception("a delivery of %s failed", self.code)

    async def _process(self, batch: list[Waiting]) -> None:
        before, aim = self.session.seq, self._heard
        turn = Turn(self.code, self.session, batch, self._projections)
        stored = await self._append(turn)
        self._most = turn.sound or MAX_BATCH
        undecided = turn.undecided
        self._untold += (
            (answer, command, told if stored else NOT_STORED) for answer, command, told in turn.answers
        )
        if stored and turn.events and self._queue:
            self._tell_soon(turn)
        else:
            self._tell_all()
        for item in turn.personal if stored else ():
            if isinstance(item, Erasure):
                self._tell_all()  # else whoever asked for it would be put out without an answer
                self.directory.on_erased(item.person)
        if not turn.answers:  # the log could not even be taken: none of it was looked at
            for command, _, answer in undecided:
                _tell(answer, command, NOT_STORED)
            undecided = []
        if turn.broken or not stored or self.session.seq < aim:
            await self._recover(undecided)
        if self.session.seq < aim == self._heard:  # it is not there to be read
            self._heard = self.session.seq
        if self.session.seq > before:
            self._heard = max(self._heard, self.session.seq)
            self._timekeeper.look_again()
            self.keeper.grown(self.code, self.session.seq)

    def _tell_soon(self, turn: Turn) -> None:
        """Answer while the database is busy. Where others append as well, the log itself may have to be waited for."""
        loop = asyncio.get_running_loop()
        if self._crowded and not turn.behind:
            loop.call_later(TELL_SECONDS, self._tell_all)
        else:
            loop.call_soon(self._tell_all)

    def _tell_all(self) -> None:
        """Answer everybody whose command is decided and on disk, or not to be stored."""
        untold, self._untold = self._untold, []
        for answer, command, told in untold:
            _tell(answer, command, told)

    async def _append(self, turn: Turn) -> bool:
        """Decide the batch and put it on disk; False if that failed."""
        begun = time.perf_counter()
        try:
            turn.old = await self._old_answers(turn)
            await self.journal.append(
                self.code,
                self.session.seq,
                lambda tail: self._decide(turn, tail),
                turn.look,
            )
        except Exception:  # JournalError, or what nobody had thought of: none of it is known to be on disk
            log.exception("the log of %s could not be written", self.code)
            return False
        tally.batches.note(len(turn.batch))
        tally.commits.note(time.perf_counter() - begun)
        for item in turn.personal:
            self.directory.take(item)
        if turn.behind:
            await self._learn_names()
        return True

    def _decide(self, turn: Turn, tail: Sequence[Event]) -> Batch:
        """Decide a batch. Whoever waits for an answer to the one before gets it as soon as the database has this."""
        if self._untold:
            asyncio.get_running_loop().call_soon(self._tell_all)
        return turn.decide(tail, self.now())

    async def _learn_names(self) -> None:
        """Who has appended something may have been told names as well, which are shown with it."""
        try:
            await self.directory.catch_up()
        except Exception:
            log.exception("the names in %s could not be read", self.code)

    async def _old_answers(self, turn: Turn) -> dict[str, int]:
        """What the log answers to commands that may have come long ago. Should one be forgotten just after this, the
        log refuses it as a Conflict."""
        asked = self.session.answered.forgotten(turn.ids())
        return await self.journal.answers(self.code, asked) if asked else {}

    async def _recover(self, undecided: list[Waiting]) -> None:
        """Drop the live state and fold what is on disk, however long that takes to be readable again.

        What of the batch is not decided is put back.
        """
        while not await self._fold_again():  # noqa: ASYNC110 – no disk tells when it is back
            await asyncio.sleep(RETRY_SECONDS)
        self._queue.extendleft(reversed(undecided))

    async def _fold_again(self) -> bool:
        try:
            await self._fold()
            await self.directory.catch_up()
        except Exception:
            log.exception("the log of %s could not be read", self.code)
            return False
        return True

    def sentence(self, no: Refused, language: str) -> str:
        """A refusal in words, with times in the session's zone."""
        return self.fanout.renderer.sentence(no, language, self.session.zone)

    # ---- telling everybody

    def _is_due(self) -> bool:
        """Whether a delivery to everybody may begin: at once when idle, else at the next tick."""
        if self.session.seq <= self.fanout.published or self._delivering is not None:
            return False
        loop = asyncio.get_running_loop()
        if loop.time() < self._next_delivery:
            loop.call_at(self._next_delivery, self._awake.set)
            return False
        return True

    def _deliver(self) -> None:
        """Render what has changed now; write it now as far as a slice goes, the rest beside the next turns. In between
        whoever has done it sees their own part: after thousands of writes the processor has forgotten how to draw."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        self._next_delivery = begun + (TICK_IN_CROWDS if self._crowded else TICK)
        self._tell_all()  # whoever asked is answered before anybody sees what it led to
        steps = self.fanout.publish()
        self.fanout.catch_up(clock() + CATCH_UP_BUSY)
        for _ in steps:
            self._delivering = asyncio.create_task(self._go_on(steps, begun))
            return

    async def _go_on(self, steps: Iterator[None], begun: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            await asyncio.sleep(0)
            for _ in steps:
                await asyncio.sleep(0)
        finally:
            self._delivering = None
            self._next_delivery = max(self._next_delivery, begun + (loop.time() - begun) / SHARE)
            self._awake.set()

    def presence_changed(self) -> None:
        """Somebody has opened or closed a page. It is told late: a page that is being reloaded is not worth a word."""
        if self._noticing is None or self._noticing.done():
            self._noticing = asyncio.create_task(self._notice_presence())

    async def _notice_presence(self) -> None:
        await asyncio.sleep(NOTICE_SECONDS)
        async with self.settled:
            own = set(self.fanout.connections.people)
            self.presence.tell(self.code, own)
            self.hall.connected = own | self.presence.others(self.code)
            self.hall.presence_version += 1
            self.fanout.tell_presence()


def _tell(answer: Answer, command: Command, told: int | Refused) -> None:
    """Whoever cannot be answered costs nobody else anything."""
    try:
        answer(command, told)
    except Exception:
        log.exception("whoever sent %s could not be answered", command.name)
