"""Who is listening, and what they have not heard yet.

From "what changed" to bytes, a delivery passes these:

1. ``Session.touched`` and ``Session.placed`` say which fragments have changed since the last delivery, by scope, and
   who has come to another place.
2. ``Connections.hearing`` finds each ``Audience`` (a view, a language, the scopes that are not a person's own) that
   hears of those scopes.
3. ``Drawn`` has the ``Renderer`` draw each scope once for each view and language, and ``find_news`` (``News``) makes
   one ``Frame`` of what an audience gets. What nobody of an audience can see costs that audience nothing.
4. ``Frame`` is encoded once, and deflated once for those who take it so.
5. ``AudienceSockets`` holds the ``Connection`` objects of an audience. An ``InStepGroup`` writes the bytes to the
   descriptors of many in one loop; whoever stands by itself gets them by its ``Transport``.
6. ``Lagging`` keeps who is behind: a slow phone, one that came back, one with something of its own. ``Missed`` draws
   for each everything since its own ``Cursor``. So a slow phone slows nobody and holds no more memory than its
   transport has room for.

On our own server the ``Transport`` is a ``SocketTransport``, which writes to the descriptor as long as nothing waits
(see app/wire).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

from app.audience.connection import BEHIND, IN_STEP, RELOAD, SILENT, Connection
from app.audience.connections import Connections
from app.audience.drawn import Drawn
from app.audience.in_step import SLICE
from app.audience.lagging import Lagging
from app.audience.missed import Missed
from app.audience.news import News, find_news, people_placed, people_with_their_own, scopes_changed
from app.drawing.page_context import PageContext
from app.drawing.render import Renderer
from app.telemetry.metrics import tally
from app.wire import messages
from app.wire.frame import Frame
from sessions.audience import EVERYBODY, scope_type
from sessions.views import may_see

NOT_ALLOWED = 1008


class Fanout:
    """The open connections of one session."""

    def __init__(self, context: PageContext, renderer: Renderer) -> None:
        self.context = context
        self.drawn = Drawn(context, renderer)
        self.connections = Connections()
        self.lagging = Lagging()
        self.missed = Missed(self.drawn, self.connections)
        self.published = context.session.seq
        """Everything up to here has been handed to every connection that is not behind."""

    @property
    def renderer(self) -> Renderer:
        """What draws for this session."""
        return self.drawn.renderer

    # ---- who is there

    def add(self, connection: Connection) -> None:
        """A socket is open. It hears nothing before it has said where it stands."""
        self.connections.add(connection)

    def remove(self, connection: Connection) -> None:
        """A socket is gone."""
        self.connections.remove(connection)
        self.lagging.forget(connection)

    def disconnect(self, person: str, cookie: bytes | None) -> None:
        """Close those of somebody's sockets that a cookie opened which speaks for them no more (None: whichever)."""
        for connection in [*self.connections.of_person(person)]:
            if cookie is None or connection.cookie == cookie:
                connection.disconnect(NOT_ALLOWED)

    def resume(self, connection: Connection, seq: int | None) -> None:
        """A page says where it stands; it will get what it missed, or is told to load itself anew."""
        if not self.missed.can_be_told(connection.person, seq):
            connection.transport.push(RELOAD)
            return
        connection.leave_group()
        connection.cursor = connection.shared = seq or 0
        self.lagging.wait(connection)

    # ---- a delivery to everybody

    def publish(self) -> Iterator[None]:
        """Find out what has changed since the last delivery, at once; then write it, a slice of sockets in each step.

        Called only between a commit and the next batch. The steps may be taken later: they render nothing.
        """
        session, since = self.context.session, self.published
        scopes = scopes_changed(session, since)
        self.lagging.try_again()
        for person in people_placed(session, since):
            self._place(person)
        for person in people_with_their_own(scopes, self.connections.people):
            self._fall_behind(self.connections.of_person(person))
        news = find_news(self.drawn, self.connections, scopes, since)
        for view, language in self.drawn.broken:
            self._fall_behind(self.connections.of_view(view, language))
        return self._write(news, session.seq)

    def _place(self, person: str) -> None:
        for connection in [*self.connections.of_person(person)]:
            if not may_see(self.context.session, person, connection.view):
                connection.disconnect(NOT_ALLOWED)
            else:
                self._fall_behind([connection])

    def _fall_behind(self, connections: Iterable[Connection]) -> None:
        for connection in [*connections]:
            self.lagging.fall_behind(connection, self.published)

    def _write(self, news: list[News], seq: int) -> Iterator[None]:
        pause = SLICE
        for written in self._write_to(news, seq):
            tally.deliveries += written
            pause -= written
            if pause <= 0:
                pause = SLICE
                yield
        self.published = max(self.published, seq)

    def _write_to(self, news: list[News], seq: int) -> Iterator[int]:
        """How many sockets have been written to, step by step."""
        for audience, sealed, unsealed in news:
            sockets = self.connections.audience(audience)
            for group in [*sockets.groups]:
                yield group.write(sealed, seq)
            for connection in [*sockets.others]:
                full = connection.transport.full
                if connection.standing is not IN_STEP or full or connection.shared >= seq:
                    self._write_out_of_step(connection, unsealed, seq)
                else:
                    connection.transport.push(sealed)
                    connection.cursor = connection.shared = seq
                    sockets.join_group(connection)
                yield 1

    def _write_out_of_step(self, connection: Connection, unsealed: Frame, seq: int) -> None:
        """A socket that has not said where it stands, knows it all already, has no room, or waits for its own."""
        if connection.standing in SILENT or connection.shared >= seq:
            return
        if connection.transport.full:
            self._fall_behind([connection])
        elif connection.shared >= self.published:  # else the frame is not all that it lacks
            connection.transport.push(unsealed)
            connection.shared = seq

    # ---- one connection by itself

    def catch_up(self, until: float) -> None:
        """Catch up connections that are behind, until a moment of the loop's clock, while nothing is undecided."""
        clock = asyncio.get_running_loop().time
        while self.lagging and clock() < until:
            self.catch_up_one()

    def catch_up_one(self) -> None:
        """Tell the connection whose turn it is everything that it has not heard."""
        connection = self.lagging.next()
        if connection not in self.connections or connection.standing is not BEHIND:
            return
        if connection.transport.full:
            self.lagging.wait(connection)
            return
        try:
            frame = self.missed.take(connection)
        except (
            Exception
        ):  # a view that cannot be drawn costs its own sockets a delay, and nobody else anything
            self.drawn.log_failure(connection.view, connection.language, connection.person)
            self.lagging.wait_for_drawing(connection)
            return
        connection.standing = IN_STEP
        if frame is not None:
            tally.deliveries += 1
            connection.transport.push(frame)

    # ---- outside the log

    def tell_outside(self) -> None:
        """Something has changed that is not in the log, such as who is connected: told to the views that show it."""
        for view, language in [*self.connections.hearing]:
            if fragments := self.drawn.renderer.outside(self.context, view, language):
                self._tell_view(view, language, Frame(messages.frame(fragments, None)))

    def _tell_view(self, view: str, language: str, frame: Frame) -> None:
        hearing = self.connections.hearing[view, language]
        told = {
            audience for scope in hearing if scope_type(scope) == EVERYBODY for audience in hearing[scope]
        }
        for audience in told:
            for connection in self.connections.audience(audience).connections:
                if connection.cursor is not None and not connection.transport.full:
                    connection.transport.push(frame)
