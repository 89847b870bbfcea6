"""Who is listening, and what they have not heard yet. One cursor (the last seq sent) for each socket.

Frames are rendered and encoded once for each view, language, scope and cursor, and the one string goes to every socket
that shares them. A socket that is still busy sending gets nothing; when it has drained it asks for everything since its
own cursor, so a slow phone slows nobody and holds no more memory than one delivery.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from app.live import wire
from app.live.hall import Hall
from app.live.render import Renderer, scopes_for
from app.live.views import language_of, may_see

log = logging.getLogger(__name__)

MAX_WAITING = 256
"""Frames waiting for one socket (acks and the like) beyond which it is closed as too slow."""
SEND_SECONDS = 20.0
"""How long one frame may take to leave before the socket is closed as too slow."""


Cache = dict[tuple[str | int | None, ...], str]
"""What one delivery has rendered (by view, language, scope and cursor) and encoded (by that and the seq) already."""


class TooSlow(Exception):
    """The socket does not drain; it is closed with 1013 and may come back."""


class PutOut(Exception):
    """Its person may not see the view any more; the socket is closed with 1008 and stays away."""


@dataclass(eq=False)
class Outlet:
    """One open socket: what its page shows, and what is on its way to it."""

    view: str
    person: str
    language: str
    scopes: tuple[str, ...]
    send: Callable[[str], Awaitable[None]]
    cursor: int | None = None
    """The last seq it was sent; None until it said where it stands."""
    waiting: deque[str] = field(default_factory=deque)
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    behind: bool = False
    busy: bool = False
    unwanted: bool = False

    def put(self, *frames: str) -> None:
        """Queue frames behind what is waiting."""
        self.waiting.extend(frames)
        self.awake.set()

    def put_out(self) -> None:
        """Nothing more goes to this socket but the word to load the page anew, which says why."""
        self.waiting.clear()
        self.unwanted, self.behind = True, False
        self.put(wire.RELOAD)


class Fanout:
    """The open sockets of one session."""

    def __init__(self, hall: Hall, renderer: Renderer) -> None:
        self.hall, self.renderer = hall, renderer
        self.outlets: set[Outlet] = set()

    def publish(self) -> None:
        """Hand every idle socket what has changed since its cursor. Only called between a commit and the next batch."""
        cache: Cache = {}
        broken: set[tuple[str, str]] = set()
        for outlet in self.outlets:
            if not may_see(self.hall.session, outlet.person, outlet.view):
                outlet.put_out()
            elif outlet.busy or outlet.waiting:
                outlet.behind = True
            elif (outlet.view, outlet.language) not in broken:
                self._hand(outlet, cache, broken)

    def _hand(self, outlet: Outlet, cache: Cache, broken: set[tuple[str, str]]) -> None:
        """A view that cannot be drawn costs its own sockets this delivery, and nobody else anything."""
        try:
            if frames := self.frames(outlet, cache):
                outlet.put(*frames)
        except Exception:
            log.exception("the view %s could not be drawn for %s", outlet.view, outlet.person)
            broken.add((outlet.view, outlet.language))

    def can_resume(self, person: str, seq: int | None) -> bool:
        """Whether a page of that seq can be caught up; if not it is loaded anew. It cannot if it is of another log,
        or if its person has got another role, team or language since."""
        session = self.hall.session
        member = session.people.get(person)
        return seq is not None and member is not None and member.placed_seq <= seq <= session.seq

    def frames(self, outlet: Outlet, cache: Cache | None = None) -> list[str]:
        """What a socket has not heard, as frames, and its cursor moved; the last frame carries the seq."""
        session = self.hall.session
        if outlet.cursor is None or outlet.cursor >= session.seq:
            return []
        if language_of(session, outlet.person, outlet.view) != outlet.language:
            return [wire.RELOAD]
        scopes = scopes_for(outlet.view, session.scopes(outlet.person))
        if scopes != outlet.scopes:
            return self._other_scopes(outlet, scopes)
        cache = {} if cache is None else cache
        bundles = [self._changes(outlet, scope, cache) for scope in scopes]
        return self._sealed(outlet, [bundle for bundle in bundles if bundle], cache)

    def _changes(self, outlet: Outlet, scope: str, cache: Cache) -> str:
        assert outlet.cursor is not None
        key = (outlet.view, outlet.language, scope, outlet.cursor)
        if key not in cache:
            cache[key] = "".join(
                self.renderer.changes(self.hall, outlet.view, scope, outlet.language, outlet.cursor)
            )
        return cache[key]

    def _sealed(self, outlet: Outlet, bundles: list[str], cache: Cache) -> list[str]:
        seq = outlet.cursor = self.hall.session.seq
        keys = [(bundle, None) for bundle in bundles[:-1]] + [(bundle, seq) for bundle in bundles[-1:]]
        return [cache.get(key) or cache.setdefault(key, wire.frame(key[:1], key[1])) for key in keys]

    def _other_scopes(self, outlet: Outlet, scopes: tuple[str, ...]) -> list[str]:
        """Somebody's place has changed (team, role). What was added is sent whole; anything else needs a new page."""
        added = [scope for scope in scopes if scope not in outlet.scopes]
        kept = set(outlet.scopes) <= set(scopes)
        if not kept:
            return [wire.RELOAD]
        bundles = [self._changes(outlet, scope, {}) for scope in outlet.scopes]
        bundles += [
            "".join(self.renderer.everything(self.hall, outlet.view, s, outlet.language)) for s in added
        ]
        outlet.scopes = scopes
        return self._sealed(outlet, [bundle for bundle in bundles if bundle], {})

    def tell_presence(self) -> None:
        """Who is connected has changed: told to the views that show it, outside the log and its seq."""
        told: dict[tuple[str, str], str] = {}
        for outlet in self.outlets:
            key = (outlet.view, outlet.language)
            if key not in told:
                told[key] = self.renderer.presence(self.hall, *key)
            if told[key] and outlet.cursor is not None and not outlet.unwanted:
                outlet.put(wire.frame((told[key],), None))

    async def run(self, outlet: Outlet, settled: asyncio.Lock) -> None:
        """Send what is waiting for a socket until it is cancelled or too slow (TooSlow)."""
        while True:
            await outlet.awake.wait()
            outlet.awake.clear()
            outlet.busy = True
            while outlet.waiting or outlet.behind:
                await self._send_waiting(outlet)
                if outlet.behind:
                    async with settled:
                        outlet.behind = False
                        outlet.waiting.extend(self.frames(outlet))
            outlet.busy = False
            if outlet.unwanted:
                raise PutOut

    async def _send_waiting(self, outlet: Outlet) -> None:
        while outlet.waiting:
            if len(outlet.waiting) > MAX_WAITING:
                raise TooSlow
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await outlet.send(outlet.waiting.popleft())
            except TimeoutError:
                raise TooSlow from None
