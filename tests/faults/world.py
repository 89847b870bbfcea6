"""A world in which hours take seconds: the real desk and rules, with a clock, a disk and a network made up around them.

Time passes only when nobody has anything to do, and then jumps to whatever comes next. The disk fails before or after
it has written; messages are late, lost or doubled, answers too; now and then the server dies in the middle of it all.
"""

from __future__ import annotations

import asyncio
import json
import selectors
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import create_engine

from app.audience.connection import Connection
from app.audience.fanout import Fanout
from app.audience.presence import Presence
from app.clock import RaceClock
from app.database.key_folder import KeyFolder
from app.database.tables import METADATA
from app.drawing.page_context import PageContext
from app.drawing.render import Renderer, scopes_for
from app.live.desk import Desk
from app.people.directory import Directory
from app.projections import BALLOT_BOXES
from app.streams import log
from app.streams.box_keys import BoxKeys, Result
from app.streams.journal import Batch, Decide, Head, JournalError, Look
from app.streams.log import DecideAll, Write
from app.streams.projections import Projections
from app.streams.snapshotting import Snapshotter
from app.wire.frame import Frame
from app.wire.transport import Receive
from sessions.audience import CLOCK, DOOR
from sessions.messages import Command, Event, Refused
from sessions.session import Session
from sessions.views import language_of
from tests.faults.phone import SEQ, difference
from tests.support.dom import Page
from tests.support.stage import START

LATER = frozenset({"busy", "not_stored", "too_fast"})
"""Refusals after which a phone keeps a command and sends it again."""
AGAIN = 30.0
"""Seconds after which a phone sends again what was not answered."""
BEAT = 1800.0
CODE = "7K3MQX9T"


class _Leaps(selectors.DefaultSelector):
    """Instead of waiting, time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everybody waits for somebody else")
        if not ready:
            self.now += max(0.0, timeout or 0.0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time costs nothing."""

    def __init__(self) -> None:
        self._leaps = _Leaps()
        super().__init__(self._leaps)

    def time(self) -> float:
        return self._leaps.now


class WorldClock(RaceClock):
    """The wall clock of the world."""

    __slots__ = ()

    def now(self) -> float:
        return round(START + asyncio.get_running_loop().time(), 3)


@dataclass(frozen=True)
class Weather:
    """How likely each mishap is, in one go."""

    lost: float = 0.0
    doubled: float = 0.0
    latest: float = 0.05
    """Seconds that a message takes at the most."""
    disk_refuses: float = 0.0
    disk_forgets: float = 0.0
    disk_lies: float = 0.0
    """It has written, and says that it has not."""


CALM = Weather()
STORMY = Weather(lost=0.15, doubled=0.15, latest=40.0)
SHAKY = Weather(latest=1.0, disk_refuses=0.1, disk_forgets=0.1, disk_lies=0.1)


class KeysInMemory(KeyFolder):
    """The files of a folder of keys that outlive the server and need no disk."""

    def __init__(self) -> None:
        super().__init__(Path("/nowhere"))
        self._files: dict[str, bytes] = {}

    def has(self, name: str) -> bool:
        return name in self._files

    def read(self, name: str) -> bytes:
        if name not in self._files:
            raise FileNotFoundError(name)
        return self._files[name]

    def names(self, under: str = "") -> list[str]:
        return sorted(name for name in self._files if name.rpartition("/")[0] == under)

    def write(self, name: str, content: bytes) -> None:
        self._files[name] = content

    def destroy(self, name: str) -> None:
        self._files.pop(name, None)


class Keys(BoxKeys):
    """Keys of ballot boxes in a world without threads."""

    async def apart(self, work: Callable[..., Result], *about: Any) -> Result:
        return work(*about)


class Disk:
    """The log of one session, and its ballot boxes, in a database in memory. Methods as in Journal."""

    shared = False

    def __init__(self, world: World) -> None:
        self._world = world
        self.events: list[Event] = []
        self._tables = create_engine("sqlite://").connect()
        METADATA.create_all(self._tables)

    def erasing(self, people: Collection[str]) -> list[log.Write]:
        """There is no ledger here."""
        return []

    async def digests(self, stream: str, seqs: Collection[int]) -> dict[int, bytes]:
        return {}

    async def check_end(self, stream: str) -> None:
        """It ends where it ends."""

    async def append(self, session: str, known: int, decide: Decide, look: Look | None = None) -> None:
        world, life = self._world, self._world.life
        await asyncio.sleep(world.chance.uniform(0, 0.01))
        if world.happens("disk_refuses"):
            raise JournalError("the disk cannot be written to")
        assert known == len(self.events), f"the desk knows {known} of {len(self.events)}"
        if look is not None:
            look(self._tables, session)
        batch = decide([])
        try:
            await asyncio.sleep(world.chance.uniform(0, 0.02))
        finally:  # also if the server has died meanwhile: then nobody knows whether it got there
            gone = life != world.life and world.chance.random() < 0.5
            forgotten = world.happens("disk_forgets") or gone
            if not forgotten:
                self._write(batch)
        if forgotten:
            raise JournalError("the disk has not kept it")
        if world.happens("disk_lies"):
            raise JournalError("nobody knows whether the disk has kept it")

    def _write(self, batch: Batch) -> None:
        for event in batch.events:
            body = json.loads(json.dumps(event.body))
            self.events.append(event._replace(body=body))
        log.write_beside(self._tables, CODE, batch)

    async def read(self, session: str, after: int = 0) -> list[Event]:
        return self.events[after:]

    async def chunks(self, session: str, after: int = 0) -> AsyncIterator[list[Event]]:
        yield self.events[after:]

    async def answers(self, session: str, commands: Iterable[str]) -> dict[str, int]:
        wanted = set(commands)
        return {event.command: event.seq for event in self.events if event.command in wanted}

    async def head(self, session: str) -> Head | None:
        return Head(len(self.events), b"", "epoch")

    async def heads(self, sessions: Iterable[str]) -> dict[str, int]:
        return dict.fromkeys(sessions, len(self.events))

    async def append_all(self, known: Mapping[str, int], decide: DecideAll, begun_as: str = "") -> None:
        raise NotImplementedError

    async def create(self, code: str, format_key: str, title: str) -> Head:
        raise NotImplementedError

    async def erase(
        self,
        stream: str,
        seqs: Collection[int],
        why: str,
        actor: str,
        now: float,
        beside: Sequence[Write] = (),
    ) -> int:
        raise NotImplementedError

    def forgetting(self, seqs: Collection[int]) -> list[Write]:
        raise NotImplementedError

    async def close(self) -> None: ...


class Pseudonyms(Directory):
    """Everybody is called what their id says, whatever they tell: names are in no log, and so in no simulated one."""

    def shown_name(self, person: str) -> str:
        return person.capitalize()


class NoKeeper(Snapshotter):
    """Folds the whole log every time."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    async def fold(self, code: str, key_of: Callable[[str], str]) -> Session:
        session = Session(key_of)
        for event in self._disk.events:
            session.evolve(event)
        return session

    def grown(self, code: str, seq: int) -> None: ...


@dataclass(eq=False)
class Waiting:
    """A command that a phone has not heard about yet."""

    command: Command
    sender: str


class Viewer:
    """A page that lives from what is pushed, over a line that is cut and comes back."""

    def __init__(self, world: World, view: str, person: str) -> None:
        self.world, self.view, self.person = world, view, person
        self.full = False
        self.connection: Connection | None = None
        self.page: Page | None = None
        self.seq = 0
        self.stale = True
        """It was told to load itself anew."""

    # as a line

    inflates = False
    descriptor = -1

    def listen(self, receive: Receive, drained: Callable[[], None], recalled: Callable[[], None]) -> None: ...

    def finish(self, data: bytes) -> None: ...

    def push(self, frame: Frame) -> None:
        if frame.text.startswith("{"):
            self.stale = self.stale or "reload" in frame.text
        elif self.page is not None and not self.stale:
            self.page.apply(frame.text)
            head = SEQ.search(frame.text, 0, 120)
            self.seq = int(head[1]) if head else self.seq

    def reply(self, text: bytes) -> None: ...

    def waiting(self) -> int:
        return 0

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def close(self, code: int) -> None:
        self.cut()

    # as a person

    def cut(self) -> None:
        if self.connection is not None and self.world.desk is not None:
            self.world.desk.fanout.remove(self.connection)
        self.connection = None

    def come_back(self) -> None:
        """Open the socket, after loading the page if that has to be."""
        desk = self.world.desk
        if desk is None or self.connection is not None:
            return
        session = desk.session
        if not session.scopes(self.person):
            self.stale = True  # who was removed is on another page; let back in, they load this one anew
            return
        if self.stale or self.page is None:
            self.page, self.stale = Page(self.fresh()), False
            self.seq = session.seq
        language = language_of(session, self.person, self.view)
        scopes = scopes_for(self.view, session.scopes(self.person))
        self.connection = Connection(self.view, self.person, language, scopes, transport=self)
        desk.fanout.add(self.connection)
        desk.fanout.resume(self.connection, self.seq)
        desk.wake()

    def fresh(self) -> str:
        desk = self.world.desk
        assert desk is not None
        language = language_of(desk.session, self.person, self.view)
        return self.world.renderer.page(
            desk.hall, self.view, self.person, language, now=desk.now(), rate=1.0, refused=""
        )

    def differs(self) -> str:
        if self.stale or self.page is None:
            return ""
        lived, loaded = self.page.text(), Page(self.fresh()).text()
        return "" if lived == loaded else difference(lived, loaded)


@dataclass
class World:
    """Everything. ``run`` lets something happen in it, and time pass."""

    form: Mapping[str, Any]
    renderer: Renderer
    weather: Weather = CALM
    counted: Counter[str] = field(default_factory=Counter)
    """Mishaps, by what happened."""

    def __post_init__(self) -> None:
        self.loop = VirtualLoop()
        self.chance = Random(1)
        self.disk = Disk(self)
        self.keys = Keys(KeysInMemory())
        self.desk: Desk | None = None
        self.life = 0
        """Counts the servers that there were."""
        self.directory = Pseudonyms()
        self.outbox: dict[str, Waiting] = {}
        self.acked: dict[str, int] = {}
        """Commands that were acknowledged, and as which seq, whether or not anybody has heard it."""
        self.refused: Counter[str] = Counter()
        self.accepted: Counter[str] = Counter()
        self.faults: list[str] = []
        self.viewers: list[Viewer] = []
        self._ids = count(1)
        created = {"format": self.form, "code": CODE, "language": "en", "zone": "Europe/Stockholm"}
        first = Event("session_created", body=created, seq=1, at=START, actor=DOOR, command="create")
        self.disk._write(Batch([first]))

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:
        asyncio.set_event_loop(self.loop)
        return self.loop.run_until_complete(what)

    def happens(self, mishap: str) -> bool:
        """Whether this mishap happens now."""
        yes = self.chance.random() < float(getattr(self.weather, mishap))
        self.counted[mishap] += yes
        return yes

    @property
    def session(self) -> Session:
        assert self.desk is not None
        return self.desk.session

    # ---- the server

    async def start(self) -> None:
        hall = PageContext(
            Session(), self.directory, epoch="epoch", join_url="https://race.example.org/s/7K3MQX9T"
        )
        keeper, clock = NoKeeper(self.disk), WorldClock()
        self.desk = Desk(
            CODE,
            self.disk,
            clock,
            self.directory,
            lambda hall: Fanout(hall, self.renderer),
            hall,
            BEAT,
            keeper,
            Presence(),
            Projections(BALLOT_BOXES),
            self.keys,
        )
        await self.desk.open()
        for viewer in self.viewers:
            viewer.come_back()

    async def die(self) -> None:
        """The server is gone in the middle of whatever it was doing."""
        assert self.desk is not None
        self.counted["the server died"] += 1
        self.life += 1
        gone, self.desk = self.desk, None
        for viewer in self.viewers:
            viewer.connection = None
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        del gone

    # ---- the network

    def give(self, name: str, by: str, phase: str, fields: Mapping[str, Any], seed: int = 7) -> str:
        """Somebody gives a command, and sends it until it is answered."""
        command = Command(name, f"c{next(self._ids)}", phase, dict(fields), seed)
        self.outbox[command.id] = Waiting(command, by)
        self._send(command.id)
        return command.id

    def _send(self, name: str) -> None:
        if name not in self.outbox:
            return
        for _ in range(2 if self.happens("doubled") else 1):
            if not self.happens("lost"):
                self.loop.call_later(self._delay(), self._arrive, self.desk, self.outbox[name])
        self.loop.call_later(AGAIN + self._delay(), self._send, name)

    def _delay(self) -> float:
        return self.chance.uniform(0, self.weather.latest)

    def _arrive(self, desk: Desk | None, waiting: Waiting) -> None:
        """What is on its way to a server that dies reaches no other."""
        if self.desk is not None and self.desk is desk:
            self.desk.put(waiting.command, waiting.sender, self._answer)

    def _answer(self, command: Command, told: int | Refused) -> None:
        if isinstance(told, int):
            self._check_promise(command, told)
        for _ in range(2 if self.happens("doubled") else 1):
            if not self.happens("lost"):
                self.loop.call_later(self._delay(), self._heard, command, told)

    def _check_promise(self, command: Command, seq: int) -> None:
        """What is acknowledged is on disk then, also if it changed nothing; nobody ever hears anything else of it."""
        there = self.disk.events[seq - 1 : seq]
        if [id_of(event) for event in there] != [command.id]:
            self.faults.append(f"{command.name} was acknowledged as {seq}, where the disk has {there}")
        if self.acked.setdefault(command.id, seq) != seq:
            self.faults.append(f"{command.name} was acknowledged as {self.acked[command.id]} and as {seq}")

    def _heard(self, command: Command, told: int | Refused) -> None:
        if isinstance(told, Refused) and told.reason in LATER:
            self.counted[f"refused as {told.reason}"] += 1
            return
        if self.outbox.pop(command.id, None) is not None:
            if isinstance(told, Refused):
                self.refused[told.reason] += 1
            else:
                self.accepted[command.name] += 1

    async def calm_down(self) -> None:
        """Good weather, until everything is answered and told."""
        self.weather = CALM
        with suppress(TimeoutError):
            async with asyncio.timeout(AGAIN * 20):
                while self.outbox:
                    await asyncio.sleep(1.0)
        for viewer in self.viewers:
            viewer.come_back()
        await asyncio.sleep(5.0)
        if self.outbox:
            names = sorted({waiting.command.name for waiting in self.outbox.values()})
            self.faults.append(f"{len(self.outbox)} commands were never answered: {names[:5]}")

    def end(self) -> None:
        """Let nothing remain of it."""
        self.run(self.die())
        self.loop.close()
        asyncio.set_event_loop(None)


def id_of(event: Event) -> str:
    """The id that the client, or the clock, had given to the command."""
    return event.command.rpartition(":")[0]


def clocks_events(events: Iterable[Event]) -> list[Event]:
    """What the clock has done."""
    return [event for event in events if event.actor == CLOCK]
