"""What has changed since the last delivery, whom it concerns, and what each audience is told of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from app.audience.connection import Audience
from app.audience.connections import Connections, Hearing
from app.audience.drawn import Drawn
from app.wire.frame import Frame
from sessions.audience import scope_of, scope_type
from sessions.session import Session

EVERY_SCOPE = "*"


class News(NamedTuple):
    """What an audience is told: a frame that carries the seq, and the same without for who waits for more."""

    audience: Audience
    sealed: Frame
    unsealed: Frame


def scopes_changed(session: Session, since: int) -> set[str]:
    """The scopes of which a fragment has changed since a seq."""
    scopes = set()
    for ref, seq in reversed(session.touched.items()):
        if seq <= since:
            break
        scopes.add(ref.scope)
    return scopes


def people_placed(session: Session, since: int) -> list[str]:
    """Who has come to another place since a seq: a role, a team, a language."""
    people = []
    for person, seq in reversed(session.placed.items()):
        if seq <= since:
            break
        people.append(person)
    return people


def people_with_their_own(scopes: set[str], connected: Collection[str]) -> Iterable[str]:
    """Whose own scope is among these."""
    if EVERY_SCOPE in scopes:
        return connected
    return [scope_of(scope) for scope in scopes if scope_type(scope) == "person"]


def find_news(drawn: Drawn, connections: Connections, scopes: set[str], since: int) -> list[News]:
    """What each audience is told for which there is something new. Which views could not be drawn is said by
    ``drawn.broken`` then."""
    drawn.broken.clear()
    found: list[News] = []
    for (view, language), hearing in connections.hearing.items():
        changed = set(hearing) if EVERY_SCOPE in scopes else hearing.keys() & scopes
        telling = [scope for scope in changed if drawn.text(view, language, scope, since)]
        found.extend(_news_of(drawn, telling, hearing, since))
    return found


def _news_of(drawn: Drawn, telling: list[str], hearing: Hearing, since: int) -> Iterator[News]:
    seq = drawn.context.session.seq
    for audience in {audience: None for scope in telling for audience in hearing[scope]}:
        texts = (drawn.text(audience.view, audience.language, scope, since) for scope in audience.scopes)
        text = "".join(texts)
        yield News(audience, drawn.frame(text, seq), drawn.frame(text, None))
