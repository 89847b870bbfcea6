"""What one page has not been told yet: everything since its own cursor, shared or its person's own."""

from __future__ import annotations

from app.audience.connection import RELOAD, Cursor
from app.audience.connections import Connections
from app.audience.drawn import Drawn
from app.drawing.render import scopes_for
from app.wire import messages
from app.wire.frame import Frame
from sessions.views import language_of


class Missed:
    """What pages of one session have missed. What they share comes out of ``drawn``."""

    def __init__(self, drawn: Drawn, connections: Connections) -> None:
        self._drawn, self._connections = drawn, connections

    def can_be_told(self, person: str, seq: int | None) -> bool:
        """Whether a page of that seq can be caught up; if not it is loaded anew. It cannot if it is of another log,
        or if its person has got another role, team or language since."""
        session = self._drawn.context.session
        member = session.people.get(person)
        return seq is not None and member is not None and member.placed_seq <= seq <= session.seq

    def take(self, page: Cursor) -> Frame | None:
        """What a page has not been told (None if nothing), as a frame with the seq, to which the page is moved on."""
        session = self._drawn.context.session
        if page.cursor is None or page.cursor >= session.seq:
            return None
        if language_of(session, page.person, page.view) != page.language:
            return RELOAD
        scopes = scopes_for(page.view, session.scopes(page.person))
        if not set(page.scopes) <= set(scopes):
            return RELOAD
        shared, own = self._shared(page), self._own(page)
        if scopes != page.scopes:  # a team, a role: what it brings is sent whole
            own += self._whole(page, [scope for scope in scopes if scope not in page.scopes])
            self._connections.rename(page, scopes)
        unsealed = page.shared > page.cursor  # a frame without a seq came before, which is told now
        page.stands_at(session.seq)
        if own:
            return Frame(messages.frame((shared, own), session.seq))
        return self._drawn.frame(shared, session.seq) if shared or unsealed else None

    def _shared(self, page: Cursor) -> str:
        since = max(page.shared, page.cursor or 0)
        if since >= self._drawn.context.session.seq:
            return ""
        changes = self._drawn.changes
        return "".join(changes(page.view, page.language, scope, since) for scope in page.scopes_shared)

    def _own(self, page: Cursor) -> str:
        context, changes, since = self._drawn.context, self._drawn.renderer.changes, page.cursor or 0
        texts = (changes(context, page.view, scope, page.language, since) for scope in page.scopes_own)
        return "".join(fragment for fragments in texts for fragment in fragments)

    def _whole(self, page: Cursor, scopes: list[str]) -> str:
        context, everything = self._drawn.context, self._drawn.renderer.everything
        texts = (everything(context, page.view, scope, page.language) for scope in scopes)
        return "".join(fragment for fragments in texts for fragment in fragments)
