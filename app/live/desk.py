"""The only writer of a session: commands queue here, are decided in turn, and are answered after the commit.

One batch at a time: whatever has queued is decided and folded, appended to the log in one transaction, and only then
acknowledged and published. While ``settled`` is held nobody else renders, so no page ever shows what is not on disk.

It is longer than other modules because the order of these steps is the promise: parted, nobody could see it whole.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from app.audience.fanout import Fanout
from app.audience.heartbeat import Heartbeat
from app.audience.presence import Presence
from app.clock import RaceClock
from app.database.batched_query import BatchedQuery
from app.drawing.markup import Sentence
from app.drawing.page_context import PageContext
from app.live.answers import BUSY, NOT_STORED, Answers, give
from app.live.at_the_door import AtTheDoor
from app.live.attendance import Attendance
from app.live.batch import Answer, CommandBatch, Waiting
from app.live.boxes import BoxKeeper
from app.live.command_queue import CommandQueue
from app.live.deadlines import Deadlines, Timekeeper
from app.live.deliveries import FIRST_SLICE, Deliveries
from app.live.preparing import Preparing
from app.live.storage import Fate, Storage
from app.live.wake import Wake
from app.people.store import Directory
from app.streams.box_keys import BoxKeys
from app.streams.journal import Journal
from app.streams.projections import Projections
from app.streams.proof import Unproved
from app.streams.snapshotting import Snapshotter
from app.telemetry.metrics import tally
from sessions.activity import Work
from sessions.audience import STAFF
from sessions.messages import Command, Erasure, Refused
from sessions.session import Session

log = logging.getLogger(__name__)

CROWD = 100
"""Commands waiting from which on they are a crowd: the database gets the next batch before the last one is answered,
so that it is never without work while answers are written."""
CATCH_UP, CATCH_UP_BUSY = 0.005, FIRST_SLICE
"""Real seconds for catching up single sockets between two batches: usually, and while more commands are waiting.
Whoever has been acknowledged can wait a little for the look of it; whoever has not cannot."""
CATCH_UP_SECONDS = 10.0
"""Real seconds that somebody waits for what other processes have appended."""
MAX_QUEUE = 20_000
"""Commands waiting for one session beyond which new ones are refused politely."""
MAX_BATCH = 1000
RETRY_SECONDS = 1.0
CLOSE_SECONDS = 3.0
"""Real seconds that a desk which is closed waits for its batch: a disk that cannot be read again stops no server."""
NEAR_SECONDS = 60.0
"""Race seconds: a desk whose next deadline is no farther away stays open."""


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
        keys: BoxKeys,
    ) -> None:
        self._projections = projections
        self._boxes = hall.boxes = BoxKeeper(code, keys)
        self.keeper = keeper
        self.code, self.clock, self.directory, self.hall = code, clock, directory, hall
        self.presence = presence
        self.fanout = fanout_of(hall)
        self.settled = asyncio.Lock()
        self.heartbeat = Heartbeat(self.fanout, clock, beat_seconds)
        self.deadlines = Deadlines(lambda: self.session)
        self._timekeeper = Timekeeper(clock, self.deadlines, self.submit)
        self._awake = asyncio.Event()
        self._answers = Answers()
        wake = Wake(code, self.deadlines, clock)
        self.storage = Storage(journal, clock, directory, self._answers, wake, self._boxes)
        self._deliveries = Deliveries(self.fanout, self._awake.set)
        self._queue = CommandQueue(self._is_staff)
        self._preparing = Preparing(self._work_of, self._queue_up)
        self._heard = 0
        """The seq up to which the log is known to go, by us or by another process."""
        self._heads = BatchedQuery(journal.heads)
        self._turned = asyncio.Event()
        """Set, for whoever waits at that moment, when a batch is done with."""
        self._most = MAX_BATCH
        """Commands in the next batch. After a rule has broken those that had been decided before it go alone, so that
        however many more break, each batch brings something to disk."""
        self.unproved: Unproved | None = None
        """What is wrong with the log, as long as it does not hold: nothing is shown of the session then."""
        self._closed = False
        """Whoever gives a command now is told to send it again."""
        self.door = AtTheDoor(code, hall, directory, presence)
        self._attendance = Attendance(code, hall, self.fanout, presence, self.door, self.settled)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def session(self) -> Session:
        """The session as it stands, perhaps ahead of the disk: read it while ``settled`` is held, or as one's own."""
        return self.hall.session

    @property
    def journal(self) -> Journal:
        """Where the log is kept."""
        return self.storage.journal

    def now(self) -> float:
        """Race time, seconds since 1970 UTC."""
        return self.clock.now()

    @property
    def waiting(self) -> int:
        """Commands that wait for a decision."""
        return len(self._queue)

    @property
    def _crowded(self) -> bool:
        return len(self._queue) >= CROWD

    @property
    def idle(self) -> bool:
        """Whether nobody is here or at the door, nothing waits, and nothing is due soon."""
        here = self.fanout.connections.people or self.door.here
        if self._queue or self._preparing or here or self.settled.locked():
            return False
        due = self.deadlines.next()
        return due is None or due - self.now() > NEAR_SECONDS

    async def open(self) -> None:
        """Fold the log and start working. Raises Unproved if the log does not hold."""
        await self._fold()
        self.presence.tell(self.code, set())
        self.fanout.published = self.session.seq
        running = (self._work(), self._timekeeper.run(), self.heartbeat.run())
        self._tasks = [asyncio.create_task(task) for task in running]

    async def close(self) -> bool:
        """Finish the batch that is being written, then stop; False if that could not be waited for, and the session
        may hold what is not on disk."""
        finished, self._closed = False, True
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS), self.settled:
                self._answers.flush()
                finished = True
        self._preparing.close()
        self._deliveries.close()
        self._attendance.close()
        for task in self._tasks:
            task.cancel()
        return finished

    async def _fold(self) -> None:
        try:
            self.hall.session = await self.keeper.fold(self.code, self.session.key_of)
        except Unproved as error:
            self.unproved = tally.unproved[self.code] = error
            raise
        self.unproved = None
        tally.unproved.pop(self.code, None)
        await self._note_heads()
        self.keeper.grown(self.code, self.session.seq)
        await self._boxes.begin(self.session)

    # ---- what comes in

    def put(self, command: Command, sender: str, answer: Answer) -> None:
        """Queue a command. The same id from the same sender gives the same answer, and no second event."""
        waiting = command, sender, answer
        if not self._closed and self.session.is_prepared_for(command):
            self._preparing.put(waiting)
        else:
            self._queue_up(waiting)

    def _queue_up(self, waiting: Waiting) -> None:
        command, _, answer = waiting
        if self._closed or not self._queue.put(waiting, MAX_QUEUE):
            answer(command, BUSY)
            return
        self._awake.set()

    async def _work_of(self, command: Command, sender: str) -> Work | None:
        """What is to be worked out for a command, with all that it needs of the session as it stands on disk."""
        async with self.settled:
            return self.session.work(command, sender)

    def _is_staff(self, person: str) -> bool:
        member = self.session.people.get(person)
        return member is not None and member.role in STAFF

    async def submit(self, command: Command, sender: str) -> int | Refused:
        """The seq of the command's last event once it is on disk, or why not."""
        future: asyncio.Future[int | Refused] = asyncio.get_running_loop().create_future()
        self.put(command, sender, lambda _, answer: None if future.done() else future.set_result(answer))
        return await future

    def heard(self, seq: int) -> None:
        """Another process has appended to the log, up to ``seq``."""
        self._heard = max(self._heard, seq)
        self._awake.set()

    async def catch_up(self) -> bool:
        """Wait until everything is known that others had appended when this was called; False if the session is there
        no more. Raises what the database raises, and TimeoutError."""
        seq = await self._heads.ask(self.code)
        if seq is None:
            return False
        self.heard(seq)
        async with asyncio.timeout(CATCH_UP_SECONDS):
            while self.session.seq < seq:
                await self._turned.wait()
        return True

    def wake(self) -> None:
        """There is something to do beside commands: somebody to catch up."""
        self._awake.set()

    # ---- the work, one batch after the other

    async def _work(self) -> None:
        while True:
            await self._awake.wait()
            self._awake.clear()
            while self._has_work():
                async with self.settled:
                    await self._take_turn()
                self._turned.set()
                self._turned.clear()
                if not (self._answers or self._crowded):  # else others get their turn while the disk is busy
                    await asyncio.sleep(0)

    def _has_work(self) -> bool:
        behind = self._heard > self.session.seq
        return bool(self._queue or self.fanout.lagging or behind or self._deliveries.due(self.session.seq))

    async def _take_turn(self) -> None:
        commands = self._queue.take(self._most)
        if commands or self._heard > self.session.seq:
            await self._process(commands)
            if not self._answers:  # what has come meanwhile goes before catching up
                await asyncio.sleep(0)
        try:
            self._show()
        except (
            Exception
        ):  # something broke that nobody had thought of: what is on disk is shown the next time
            log.exception("a delivery of %s failed", self.code)

    def _show(self) -> None:
        """Everybody sees what has changed, if it is time to; who lags behind catches up."""
        if self._deliveries.due(self.session.seq):
            self._answers.flush()  # whoever asked is answered before anybody sees what it led to
            self._deliveries.deliver(self._crowded)
        if not self._answers:
            seconds = CATCH_UP_BUSY if self._queue else CATCH_UP
            self.fanout.catch_up(asyncio.get_running_loop().time() + seconds)

    async def _process(self, commands: list[Waiting]) -> None:
        """Bring a batch to disk, answer it, and see to it that the live state is what is on disk."""
        before, aim, erasure = self.session.seq, self._heard, self.session.erased_seq
        batch = CommandBatch(self.code, self.session, commands, self._projections, self._boxes.keys)
        fate = await self.storage.decide_and_store(batch)
        self._most = batch.sound or MAX_BATCH
        undecided = batch.undecided if batch.answers else _refuse(commands)
        self._queue_answers(batch, fate)
        erased = self.session.erased_seq > erasure  # what is in memory was folded of words that are gone
        if fate is not Fate.STORED or self.session.seq < aim or erased:
            await self._recover(undecided)
        if self.session.seq < aim == self._heard:  # it is not there to be read
            self._heard = self.session.seq
        if self.session.seq > before:
            await self._note_heads()
            self._log_grew()

    async def _note_heads(self) -> None:
        """Results are shown with their place in the chain, which is known once they are on disk."""
        phases = self.session.agenda.begun
        wanted = {phase.activity.proof_seq for phase in phases if phase.activity is not None} - {0}
        if wanted != self.hall.heads.keys():
            try:
                self.hall.heads = await self.journal.digests(self.code, wanted)
            except Exception:  # the result is shown without it, and the next batch tries again
                log.exception("the heads of %s could not be read", self.code)

    def _queue_answers(self, batch: CommandBatch, fate: Fate) -> None:
        """Everybody is answered: soon, or at once where there is nothing that the disk could be doing meanwhile."""
        lost = fate is Fate.NOT_STORED
        self._answers.add(
            (answer, command, NOT_STORED if lost else reply) for answer, command, reply in batch.answers
        )
        if not lost and batch.events and self._queue:
            self._answers.flush_when_disk_is_busy(self._crowded and not batch.behind)
        else:
            self._answers.flush()
        erased = [item.person for item in batch.personal if isinstance(item, Erasure) and not lost]
        if erased:
            self._answers.flush()  # else whoever asked for it would be put out without an answer
        for person in erased:
            self.directory.on_erased(person)

    def _log_grew(self) -> None:
        self._heard = max(self._heard, self.session.seq)
        self._timekeeper.recheck()
        self.keeper.grown(self.code, self.session.seq)

    async def _recover(self, undecided: list[Waiting]) -> None:
        """Drop the live state and fold what is on disk, however long that takes to be readable again.

        What of the batch is not decided is put back.
        """
        while not await self._fold_again():  # noqa: ASYNC110 – no disk tells when it is back
            await asyncio.sleep(RETRY_SECONDS)
        self._queue.put_back(undecided)

    async def _fold_again(self) -> bool:
        try:
            await self._fold()
            await self.directory.catch_up()
        except Exception:
            log.exception("the log of %s could not be read", self.code)
            return False
        return True

    def sentence(self, no: Refused, language: str) -> Sentence:
        """A refusal in words, with times in the session's zone."""
        return self.fanout.renderer.sentence(no, language, self.session.zone, self.now())

    def presence_changed(self) -> None:
        """Somebody has opened or closed a page."""
        self._attendance.changed()


def _refuse(commands: list[Waiting]) -> list[Waiting]:
    """The log could not even be taken, and none of these was looked at: nothing is left to decide."""
    for command, _, answer in commands:
        give(answer, command, NOT_STORED)
    return []
