"""The sessions that this process serves. A desk opens when somebody first asks for its session."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from app.audience.fanout import Fanout
from app.audience.presence import Presence
from app.clock import RaceClock
from app.drawing.page_context import PageContext
from app.drawing.render import Renderer
from app.live.desk import Desk
from app.people.store import People, Revoked
from app.streams.box_keys import BoxKeys
from app.streams.journal import Journal
from app.streams.projections import Projections
from app.streams.snapshotting import Snapshotter
from app.telemetry.metrics import OpenNow
from sessions.session import Session

log = logging.getLogger(__name__)

CHECK_SECONDS = 15.0
"""Real seconds between two looks for desks that may close."""


@dataclass
class Desks:
    """Open desks by session code."""

    journal: Journal
    people: People
    clock: RaceClock
    renderer: Renderer
    base_url: str
    beat_seconds: float
    keeper: Snapshotter
    projections: Projections
    keys: BoxKeys
    presence: Presence = field(default_factory=Presence)
    idle_seconds: float = 900.0
    """Real seconds after which a desk closes at which nobody is and for which nobody asks."""

    def __post_init__(self) -> None:
        self.word_of: Callable[[str], str] = lambda code: ""
        """The room's word of a session, as it is now."""
        self.troubles: list[str] = []
        """What is wrong with this server, for staff of every session."""
        self._open: dict[str, Desk] = {}
        self._busy_at: dict[str, float] = {}
        """When somebody was last seen at a desk, or asked for it, by the loop's clock."""
        self._opening = asyncio.Lock()
        self.people.on_revoked.append(self._disconnect)

    def _disconnect(self, revoked: Revoked) -> None:
        desk = self._open.get(revoked.session)
        if desk is not None:
            desk.fanout.disconnect(revoked.person, revoked.cookie)
            if revoked.cookie is None and desk.door.leave(revoked.person):  # turned away at another process
                desk.presence_changed()

    async def get(self, code: str) -> Desk | None:
        """The desk of a session, which knows whatever was on disk when it was asked for; None if there is no such
        session. Raises Unproved for one whose log does not hold: it is not served."""
        desk = self._open.get(code)
        if desk is not None:
            self._note_busy(code)
            if desk.unproved is not None:
                raise desk.unproved
            return desk if await self._is_up_to_date(desk) else None
        async with self._opening:
            return self._open.get(code) or await self._start(code)

    async def _is_up_to_date(self, desk: Desk) -> bool:
        """Whoever asks may just have joined, or done something, at another process: wait until that is known. False if
        the session was deleted there."""
        if not self.journal.shared or await desk.catch_up():
            return True
        await self.close_for_good(desk.code)
        return False

    async def tidy_keys(self) -> None:
        """Destroy the keys of ballot boxes that are counted or were never opened: a desk does so when it opens."""
        for code in self.keys.codes():
            if await self.get(code) is None:
                await self.keys.apart(self.keys.tidy, code, ())

    async def _start(self, code: str) -> Desk | None:
        head = await self.journal.head(code)
        if head is None:
            return None
        directory = await self.people.directory(code)
        session = Session(self.people.organisation_key)
        url, word = f"{self.base_url}/s/{code}", self.word_of(code)
        hall = PageContext(session, directory, head.epoch, url, troubles=self.troubles, word=word)
        desk = Desk(
            code,
            self.journal,
            self.clock,
            directory,
            lambda hall: Fanout(hall, self.renderer),
            hall,
            self.beat_seconds,
            self.keeper,
            self.presence,
            self.projections,
            self.keys,
        )
        await desk.open()
        self._open[code] = desk
        self._note_busy(code)
        return desk

    def _note_busy(self, code: str) -> None:
        self._busy_at[code] = asyncio.get_running_loop().time()

    def opened(self, code: str) -> Desk | None:
        """The desk of a session as it is, if this process has it; whatever others have appended may be missing."""
        return self._open.get(code)

    def heard(self, code: str, seq: int) -> None:
        """Another process has appended to a log, up to ``seq``."""
        if code in self._open:
            self._open[code].heard(seq)

    def presence_changed(self, code: str) -> None:
        """Other processes see somebody else connected than before."""
        if code in self._open:
            self._open[code].presence_changed()

    def change_words(self) -> None:
        """Put the word of now on every wall."""
        for desk in self.open:
            word = self.word_of(desk.code)
            if word != desk.hall.word:
                desk.hall.word = word
                desk.presence_changed()

    def note_trouble(self, name: str, there: bool) -> None:
        """Something is wrong with this server, or no more: the staff of every session is told."""
        self.troubles[:] = [known for known in self.troubles if known != name] + [name] * there
        for desk in self.open:
            desk.presence_changed()

    async def look(self) -> None:
        """See how far the logs go, where nobody may have told. What is there no more has been deleted by another
        process, and is served no more."""
        known = [*self._open]
        heads = await self.journal.heads(known)
        for code, seq in heads.items():
            self.heard(code, seq)
        for code in known:
            if code not in heads:
                await self.close_for_good(code)

    @property
    def open(self) -> list[Desk]:
        """The desks that are open now."""
        return [*self._open.values()]

    async def close_idle(self) -> None:
        """Close desks again at which nobody has been for a while, until cancelled."""
        while True:
            await asyncio.sleep(min(self.idle_seconds, CHECK_SECONDS))
            for code in self.idle():
                try:
                    await self._close_if_idle(code)
                except Exception:
                    log.exception("%s could not be closed as it should", code)

    async def _close_if_idle(self, code: str) -> None:
        async with self._opening:
            if code not in self.idle():  # somebody has asked meanwhile
                return
            desk, finished = self._open[code], await self._stop(code)
        if finished:  # whoever asks for it now need not wait for this
            await self.keeper.keep(code, desk.session)

    def idle(self) -> list[str]:
        """The sessions whose desks nobody has been at, or asked for, for so long that they may close."""
        idle, now = [], asyncio.get_running_loop().time()
        for code, desk in self._open.items():
            if not desk.idle:
                self._busy_at[code] = now
            elif now - self._busy_at[code] >= self.idle_seconds:
                idle.append(code)
        return idle

    async def _stop(self, code: str) -> bool:
        """Stop a desk after the batch that it is writing; False if that could not be waited for."""
        desk = self._open.pop(code)
        del self._busy_at[code]
        finished = await desk.close()
        self.presence.forget(code)
        return finished

    async def close_for_good(self, code: str) -> None:
        """Stop serving a session that is about to be deleted, or has been; its sockets are closed."""
        async with self._opening:
            if (desk := self._open.get(code)) is not None:
                for person in [*desk.session.people]:
                    desk.fanout.disconnect(person, None)
                await self._stop(code)

    async def close(self) -> None:
        """Stop all desks, and keep what the long sessions have come to."""
        await self.keeper.close()
        for code, desk in [*self._open.items()]:
            if await self._stop(code):
                await self.keeper.keep(code, desk.session)


def open_now(desks: Desks) -> OpenNow:
    """What is open in this process."""
    sockets: Counter[str] = Counter()
    for desk in desks.open:
        sockets.update(known.view.partition("/")[0] for known in desk.fanout.connections.all)
    return OpenNow(sockets, sum(desk.waiting for desk in desks.open), len(desks.open))
