"""The only writer of a session: commands queue here, are decided in turn, and are answered after the commit.

One batch at a time: whatever has queued is decided and folded, appended to the log in one transaction, and only then
acknowledged and published. While ``settled`` is held nobody renders, so no page ever shows what is not on disk.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from app.archive.store import records_of
from app.live.clock import RaceClock
from app.live.fanout import Fanout
from app.live.hall import Hall
from app.live.journal import Batch, Conflict, Journal, JournalError
from app.people.store import Directory
from sessions.audience import CLOCK
from sessions.messages import Command, Emptied, Event, Personal, Refused, Slip, refuse
from sessions.session import Accepted, Session
from sessions.steering import OPENING_URNS
from sessions.urns import filled

log = logging.getLogger(__name__)

TICK = 0.1
"""Real seconds between two deliveries under load; when idle a change goes out at once."""
MAX_QUEUE = 20_000
"""Commands waiting for one session beyond which new ones are refused politely."""
MAX_BATCH = 500
WAKE_SECONDS = 5.0
"""Real seconds after which deadlines are looked at in any case: somebody may have set the clock, or a deadline
could not be stored."""
NOTICE_SECONDS = 2.0
"""Real seconds after which a change of who is connected is shown."""


@dataclass(eq=False)
class Waiting:
    """A command on its way to a decision."""

    command: Command
    sender: str
    answer: asyncio.Future[int | Refused]


@dataclass(slots=True)
class Turn:
    """What has been decided of a batch, and is on its way to the disk. ``urns`` are as they were on disk before."""

    answers: list[tuple[Waiting, int | Refused]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    personal: list[Personal] = field(default_factory=list)
    slips: list[Slip | Emptied] = field(default_factory=list)
    urns: dict[str, Any] = field(default_factory=dict)


FAILED = refuse(
    "failed", "That did not work here. What you wrote stays on your device; tell the facilitator."
)
NOT_STORED = refuse(
    "not_stored", "The server could not store this. It is kept on your device and sent again."
)
RETRY_SECONDS = 1.0


def _tell(waiting: Waiting, answer: int | Refused) -> None:
    if not waiting.answer.done():
        waiting.answer.set_result(answer)


def new_seed() -> int:
    """The randomness of one command; it is drawn here, so that the rules stay pure."""
    return secrets.randbits(48)


class Desk:
    """One session being served: its state, its queue, its deadlines."""

    def __init__(
        self,
        code: str,
        journal: Journal,
        clock: RaceClock,
        directory: Directory,
        fanout_of: Callable[[Hall], Fanout],
        hall: Hall,
    ) -> None:
        self.code, self.journal, self.clock, self.directory, self.hall = code, journal, clock, directory, hall
        self.fanout = fanout_of(hall)
        self.settled = asyncio.Lock()
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue(MAX_QUEUE)
        self._deadlines_changed = asyncio.Event()
        self._broken = False
        self._published_at = 0.0
        self._publishing: asyncio.Task[None] | None = None
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
        return self._queue.qsize()

    async def open(self) -> None:
        """Fold the log and start working."""
        await self._fold()
        self._tasks = [asyncio.create_task(self._work()), asyncio.create_task(self._keep_time())]

    async def close(self) -> None:
        """Finish the batch that is being written, then stop."""
        async with self.settled:
            for task in (*self._tasks, *filter(None, [self._publishing, self._noticing])):
                task.cancel()

    async def _fold(self) -> None:
        session = Session(self.session.key_of)
        for event in await self.journal.read(self.code):
            session.evolve(event)
        self.hall.session = session

    async def submit(self, command: Command, sender: str) -> int | Refused:
        """The seq of the command's last event once it is on disk, or why not. The same id gives the same answer."""
        waiting = Waiting(command, sender, asyncio.get_running_loop().create_future())
        try:
            self._queue.put_nowait(waiting)
        except asyncio.QueueFull:
            return refuse("busy", "The server is busy. It is kept on your device and sent again.")
        return await waiting.answer

    # ---- the batch

    async def _work(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while not self._queue.empty() and len(batch) < MAX_BATCH:
                batch.append(self._queue.get_nowait())
            async with self.settled:
                try:
                    await self._process(batch)
                except Exception:
                    await self._give_up(batch)

    async def _give_up(self, batch: list[Waiting]) -> None:
        """Something broke that nobody had thought of: whoever waits is told, and the desk goes on from the log."""
        log.exception("a batch of %s failed", self.code)
        for waiting in batch:
            _tell(waiting, FAILED)
        await self._recover([])

    async def _process(self, batch: list[Waiting]) -> None:
        before, turn = self.session.seq, Turn()
        stored = await self._append(batch, turn)
        for waiting, answer in turn.answers:
            _tell(waiting, answer if stored else NOT_STORED)
        if self._broken or not stored:
            await self._recover(batch[len(turn.answers) :])
        await asyncio.sleep(0)  # whoever asked is answered before anybody sees what it led to
        if self.session.seq > before:
            self._publish_soon()
            self._deadlines_changed.set()

    async def _append(self, batch: list[Waiting], turn: Turn) -> bool:
        """Decide the batch and put it on disk; False if that failed."""
        urns = turn.urns if any(w.command.name in OPENING_URNS for w in batch) else None
        try:
            await self.journal.append(
                self.code, self.session.seq, lambda _: self._decide_all(batch, turn), urns
            )
        except (JournalError, Conflict):
            log.exception("the log of %s could not be written", self.code)
            return False
        for item in turn.personal:
            self.directory.update(item)
        return True

    def _decide_all(self, batch: list[Waiting], turn: Turn) -> Batch:
        """What the batch leads to."""
        before = self.session.seq
        for waiting in batch:
            turn.answers.append((waiting, self._decide(waiting, turn)))
            if self._broken:
                break
        records = () if self._broken else records_of(self.session, before)
        return Batch(tuple(turn.events), tuple(turn.personal), tuple(records), tuple(turn.slips))

    def _decide(self, waiting: Waiting, turn: Turn) -> int | Refused:
        command = waiting.command
        known = self.session.answered.get(_own_id(waiting.sender, command.id))
        if known is not None:
            return known
        mine = command._replace(id=_own_id(waiting.sender, command.id))
        if command.name in OPENING_URNS:
            mine = mine._replace(urns=filled(turn.urns, turn.slips))
        try:
            told = self.session.act(mine, waiting.sender, self.now())
        except Exception:
            log.exception("deciding %s in %s failed", command.name, self.code)
            self._broken = True
            return FAILED
        if isinstance(told, Accepted):
            turn.events += told.events
            turn.personal += told.personal
            turn.slips += told.slips
            return self.session.seq
        return told

    async def _recover(self, undecided: list[Waiting]) -> None:
        """Drop the live state and fold what is on disk, however long that takes to be readable again.

        The rest of the batch is put back: it was not decided yet.
        """
        self._broken = False
        while not await self._fold_again():  # noqa: ASYNC110 – no disk tells when it is back
            await asyncio.sleep(RETRY_SECONDS)
        for waiting in undecided:
            self._queue.put_nowait(waiting)

    async def _fold_again(self) -> bool:
        try:
            await self._fold()
        except Exception:
            log.exception("the log of %s could not be read", self.code)
            return False
        return True

    def sentence(self, no: Refused, language: str) -> str:
        """A refusal in words, with times in the session's zone."""
        return self.fanout.renderer.sentence(no, language, self.session.zone)

    # ---- telling

    def _publish_soon(self) -> None:
        """At once when idle, else at the next tick."""
        loop = asyncio.get_running_loop()
        if self._publishing is not None and not self._publishing.done():
            return
        if loop.time() - self._published_at >= TICK:
            self._publish()
        else:
            self._publishing = asyncio.create_task(self._publish_at_tick())

    def _publish(self) -> None:
        self._published_at = asyncio.get_running_loop().time()
        self.fanout.publish()

    async def _publish_at_tick(self) -> None:
        await asyncio.sleep(max(0.0, self._published_at + TICK - asyncio.get_running_loop().time()))
        async with self.settled:
            self._publish()

    def presence_changed(self) -> None:
        """Somebody has opened or closed a page. It is told late: a page that is being reloaded is not worth a word."""
        if self._noticing is None or self._noticing.done():
            self._noticing = asyncio.create_task(self._notice_presence())

    async def _notice_presence(self) -> None:
        await asyncio.sleep(NOTICE_SECONDS)
        async with self.settled:
            self.hall.connected = {outlet.person for outlet in self.fanout.outlets}
            self.hall.presence_version += 1
            self.fanout.tell_presence()

    # ---- time

    async def _keep_time(self) -> None:
        """Send what is due, as a sender like any other; its ids make each deadline happen once."""
        while True:
            self._deadlines_changed.clear()
            due, now = self._due(), self.now()
            for at, phase, name, key in due:
                if at <= now:
                    command = Command(name, f"{phase}:{name}:{key}:{at:.3f}", phase, {"key": key}, new_seed())
                    await self.submit(command, CLOCK)
            await self._sleep_until(next((at for at, *_ in due if at > now), None))

    def _due(self) -> list[tuple[float, str, str, str]]:
        """Every deadline, soonest first; none while a rule that names them is broken, so that the rest goes on."""
        try:
            return sorted((d.at, phase, d.command, d.key) for phase, d in self.session.deadlines())
        except Exception:
            log.exception("the deadlines of %s cannot be told", self.code)
            return []

    async def _sleep_until(self, at: float | None) -> None:
        seconds = WAKE_SECONDS if at is None else max(0.0, self.clock.real_seconds(at - self.now()))
        with suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, WAKE_SECONDS)):
                await self._deadlines_changed.wait()


def _own_id(sender: str, command_id: str) -> str:
    """Ids are made by clients, so each sender has a space of its own: nobody can answer for another's command."""
    return f"{sender}:{command_id}"
