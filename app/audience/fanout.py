"""Who is listening, and what they have not heard yet.

A delivery renders what has changed once for each audience (a view, a language, the scopes that are not a person's
own), and the one encoded frame goes to every socket of it. What is a person's own, and what a socket has missed that
was busy, is caught up by itself: everything since the socket's own cursor. So a slow phone slows nobody and holds no
more memory than its line has room for, and what nobody of an audience can see costs that audience nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterator

from app.audience.connection import RELOAD, Audience, Connection, Cursor
from app.audience.connections import Connections
from app.audience.in_step import SLICE
from app.drawing.fragments import Seen
from app.drawing.page_context import PageContext
from app.drawing.render import Renderer, scopes_for
from app.telemetry.metrics import tally
from app.wire import messages
from app.wire.frame import Frame
from sessions.audience import EVERYBODY, scope_of, scope_type
from sessions.views import language_of, may_see

log = logging.getLogger(__name__)

NOT_ALLOWED = 1008
EVERY_SCOPE = "*"


class Fanout:
    """The open sockets of one session."""

    def __init__(self, hall: PageContext, renderer: Renderer) -> None:
        self.hall, self.renderer = hall, renderer
        self.roll = Connections()
        self.published = hall.session.seq
        """Everything up to here has been handed to every socket that is not behind."""
        self.lagging: deque[Connection] = deque()
        """Sockets that are behind and may be written to."""
        self.full: set[Connection] = set()
        """Sockets that are behind and have no room."""
        self._undrawn: list[Connection] = []
        """Sockets whose view could not be drawn: they stay behind until the next delivery tries again."""
        self._texts: dict[tuple[str, str, str, int], str] = {}
        """What has been rendered of one state of the session: by view, language, scope and cursor."""
        self._seen: Seen = {}
        """What is shown in that state."""
        self._frames: dict[tuple[str, int | None], Frame] = {}
        self._texts_at = -1
        self._broken: set[tuple[str, str]] = set()

    # ---- who is there

    def add(self, outlet: Connection) -> None:
        """A socket is open. It hears nothing before it has said where it stands."""
        self.roll.add(outlet)

    def remove(self, outlet: Connection) -> None:
        """A socket is gone."""
        self.roll.remove(outlet)
        self.full.discard(outlet)

    def put_out(self, person: str, cookie: bytes | None) -> None:
        """Close those of somebody's sockets that a cookie opened which speaks for them no more (None: whichever)."""
        for outlet in [*self.roll.of_person(person)]:
            if cookie is None or outlet.cookie == cookie:
                outlet.put_out(NOT_ALLOWED)

    def can_resume(self, person: str, seq: int | None) -> bool:
        """Whether a page of that seq can be caught up; if not it is loaded anew. It cannot if it is of another log,
        or if its person has got another role, team or language since."""
        session = self.hall.session
        member = session.people.get(person)
        return seq is not None and member is not None and member.placed_seq <= seq <= session.seq

    def resume(self, outlet: Connection, seq: int | None) -> None:
        """A page says where it stands; it will get what it missed, or is told to load itself anew."""
        if not self.can_resume(outlet.person, seq):
            outlet.line.push(RELOAD)
            return
        outlet.step_out()
        outlet.cursor = outlet.shared = seq or 0
        self._wait_for_own_turn(outlet)

    def drained(self, outlet: Connection) -> None:
        """A line that was full has room again."""
        if outlet in self.full:
            self.full.discard(outlet)
            self.lagging.append(outlet)

    # ---- a delivery to everybody

    def publish(self) -> Iterator[None]:
        """Find out what has changed since the last delivery, at once; then write it, a slice of sockets in each step.

        Called only between a commit and the next batch. The steps may be taken later: they render nothing.
        """
        since, seq = self.published, self.hall.session.seq
        scopes = self._scopes_changed(since)
        self._broken.clear()
        self.lagging.extend(self._undrawn)
        self._undrawn.clear()
        for person in self._people_placed(since):
            self._place(person)
        own = self.roll.people if EVERY_SCOPE in scopes else (scope_of(s) for s in scopes if _is_own(s))
        for outlet in [outlet for person in own for outlet in self.roll.of_person(person)]:
            self._fall_behind(outlet)
        return self._write([*self._changed_audiences(since, scopes)], seq)

    def _scopes_changed(self, since: int) -> set[str]:
        scopes = set()
        for ref, seq in reversed(self.hall.session.touched.items()):
            if seq <= since:
                break
            scopes.add(ref.scope)
        return scopes

    def _people_placed(self, since: int) -> list[str]:
        """Who came to another place since a seq."""
        people = []
        for person, seq in reversed(self.hall.session.placed.items()):
            if seq <= since:
                break
            people.append(person)
        return people

    def _place(self, person: str) -> None:
        for outlet in [*self.roll.of_person(person)]:
            if not may_see(self.hall.session, person, outlet.view):
                outlet.put_out(NOT_ALLOWED)
            else:
                self._fall_behind(outlet)

    def _changed_audiences(self, since: int, scopes: set[str]) -> Iterator[tuple[Audience, Frame, Frame]]:
        """Each audience for which there is something new, with the frame that carries the seq and the one without."""
        seq = self.hall.session.seq
        for (view, language), hearing in self.roll.hearing.items():
            changed = set(hearing) if EVERY_SCOPE in scopes else hearing.keys() & scopes
            telling = (scope for scope in changed if self._text(view, language, scope, since))
            for audience in {audience: None for scope in telling for audience in hearing[scope]}:
                text = "".join(self._text(view, language, scope, since) for scope in audience.scopes)
                yield audience, self._frame(text, seq), self._frame(text, None)
            if (view, language) in self._broken:
                for outlet in self.roll.of_view(view, language):
                    self._fall_behind(outlet)

    def _write(self, news: list[tuple[Audience, Frame, Frame]], seq: int) -> Iterator[None]:
        pause = SLICE
        for written in self._write_to(news, seq):
            tally.deliveries += written
            pause -= written
            if pause <= 0:
                pause = SLICE
                yield
        self.published = max(self.published, seq)

    def _write_to(self, news: list[tuple[Audience, Frame, Frame]], seq: int) -> Iterator[int]:
        """How many sockets have been written to, step by step."""
        for audience, sealed, unsealed in news:
            crowd = self.roll.audience(audience)
            for rank in [*crowd.ranks]:
                yield rank.write(sealed, seq)
            for outlet in [*crowd.others]:
                if outlet.behind or outlet.cursor is None or outlet.line.full or outlet.shared >= seq:
                    self._hand_out_of_step(outlet, unsealed, seq)
                else:
                    outlet.line.push(sealed)
                    outlet.cursor = outlet.shared = seq
                    crowd.line_up(outlet)
                yield 1

    def _hand_out_of_step(self, outlet: Connection, unsealed: Frame, seq: int) -> None:
        """A socket that has not said where it stands, knows it all already, has no room, or waits for its own."""
        if outlet.cursor is None or outlet.shared >= seq:
            return
        if outlet.line.full:
            self._fall_behind(outlet)
        elif outlet.shared >= self.published:  # else the frame is not all that it lacks
            outlet.line.push(unsealed)
            outlet.shared = seq

    # ---- one socket by itself

    def _fall_behind(self, outlet: Connection) -> None:
        outlet.step_out()
        if outlet.cursor is not None and not outlet.behind:
            outlet.stands_at(self.published)
            self._wait_for_own_turn(outlet)

    def _wait_for_own_turn(self, outlet: Connection) -> None:
        outlet.behind = True
        if not outlet.line.full:
            self.lagging.append(outlet)
        elif outlet not in self.full:
            self.full.add(outlet)
            outlet.full_since = asyncio.get_running_loop().time()

    def catch_up(self, until: float) -> None:
        """Catch up sockets that are behind, until a moment of the loop's clock, while nothing is undecided."""
        clock = asyncio.get_running_loop().time
        while self.lagging and clock() < until:
            self.catch_up_one(self.lagging.popleft())

    def catch_up_one(self, outlet: Connection) -> None:
        """Tell one socket everything that it has not heard."""
        if outlet not in self.roll or not outlet.behind:
            return
        if outlet.line.full:
            self._wait_for_own_turn(outlet)
            return
        outlet.behind = False
        try:
            frame = self.missed(outlet)
        except (
            Exception
        ):  # a view that cannot be drawn costs its own sockets a delay, and nobody else anything
            self._cannot_draw(outlet.view, outlet.language, outlet.person)
            outlet.behind = True
            self._undrawn.append(outlet)
            return
        if frame is not None:
            tally.deliveries += 1
            outlet.line.push(frame)

    def missed(self, reader: Cursor) -> Frame | None:
        """What a page has not heard (None if nothing), as a frame with the seq, to which the page is moved on."""
        session = self.hall.session
        if reader.cursor is None or reader.cursor >= session.seq:
            return None
        if language_of(session, reader.person, reader.view) != reader.language:
            return RELOAD
        scopes = scopes_for(reader.view, session.scopes(reader.person))
        if not set(reader.scopes) <= set(scopes):
            return RELOAD
        shared, own = self._missed_shared(reader), self._missed_own(reader)
        if scopes != reader.scopes:  # a team, a role: what it brings is sent whole
            own += self._whole(reader, [scope for scope in scopes if scope not in reader.scopes])
            self.roll.rename(reader, scopes)
        unsealed = reader.shared > reader.cursor  # a frame without a seq came before, which is told now
        reader.stands_at(session.seq)
        if own:
            return Frame(messages.frame((shared, own), session.seq))
        return self._frame(shared, session.seq) if shared or unsealed else None

    def _missed_shared(self, reader: Cursor) -> str:
        since = max(reader.shared, reader.cursor or 0)
        if since >= self.hall.session.seq:
            return ""
        texts = (self._changes(reader.view, reader.language, scope, since) for scope in reader.scopes_shared)
        return "".join(texts)

    def _missed_own(self, reader: Cursor) -> str:
        hall, view, language, since = self.hall, reader.view, reader.language, reader.cursor or 0
        texts = (self.renderer.changes(hall, view, scope, language, since) for scope in reader.scopes_own)
        return "".join(fragment for fragments in texts for fragment in fragments)

    def _whole(self, reader: Cursor, scopes: list[str]) -> str:
        fragments = (self.renderer.everything(self.hall, reader.view, s, reader.language) for s in scopes)
        return "".join(fragment for some in fragments for fragment in some)

    # ---- rendered once

    def _text(self, view: str, language: str, scope: str, since: int) -> str:
        """As _changes; "" where the view cannot be drawn, which is logged once for a delivery."""
        if (view, language) in self._broken:
            return ""
        try:
            return self._changes(view, language, scope, since)
        except Exception:
            self._broken.add((view, language))
            self._cannot_draw(view, language, scope)
            return ""

    def _changes(self, view: str, language: str, scope: str, since: int) -> str:
        if self._texts_at != self.hall.session.seq:
            self._texts.clear()
            self._seen.clear()
            self._frames.clear()
            self._texts_at = self.hall.session.seq
        key = (view, language, scope, since)
        if key not in self._texts:
            self._texts[key] = "".join(
                self.renderer.changes(self.hall, view, scope, language, since, self._seen)
            )
        return self._texts[key]

    def _frame(self, text: str, seq: int | None) -> Frame:
        """Fragments as a frame, one for whoever gets the same."""
        key = (text, seq)
        if key not in self._frames:
            self._frames[key] = Frame(messages.frame((text,), seq))
        return self._frames[key]

    def _cannot_draw(self, view: str, language: str, who: str) -> None:
        log.exception("the view %s (%s) could not be drawn for %s", view, language, who)

    # ---- outside the log

    def tell_presence(self) -> None:
        """Who is connected has changed: told to the views that show it, outside the log and its seq."""
        for view, language in [*self.roll.hearing]:
            if text := self.renderer.presence(self.hall, view, language):
                self._tell_view(view, language, Frame(messages.frame((text,), None)))

    def _tell_view(self, view: str, language: str, frame: Frame) -> None:
        for audience in self.roll.hearing[view, language].get(EVERYBODY, ()):
            for outlet in self.roll.audience(audience).outlets:
                if outlet.cursor is not None and not outlet.line.full:
                    outlet.line.push(frame)


def _is_own(scope: str) -> bool:
    return scope_type(scope) == "person"
