"""People who have told a name at the door of a session and never came in: they waited, or could not be taken in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, exists, literal, select

from app.database.tables import table

DAYS = 1
"""How long they are kept."""

_people, _log = table("people"), table("log")
_CAME_IN = exists().where(
    _log.c.stream == _people.c.session, _log.c.command == literal("join-") + _people.c.person + ":door"
)
"""As almost everybody does: the index finds them. Who came in otherwise is found by the second look."""
_NAMED = (_people.c.name != "") | (_people.c.organisation != "")
"""Third persons have no name."""


class Outsider(NamedTuple):
    """One of them, and since when they are known: UTC, on the wall."""

    person: str
    since: datetime


def outsiders(db: Connection) -> Mapping[str, Sequence[Outsider]]:
    """All of whom something is known still, by session."""
    wanted = select(_people.c.session, _people.c.person, _people.c.created)
    found: defaultdict[str, list[Outsider]] = defaultdict(list)
    for session, *row in db.execute(wanted.where(_NAMED, _people.c.erased.is_(None), ~_CAME_IN)):
        found[session].append(Outsider(*row))
    return {
        session: left for session, some in found.items() if (left := _without_those_in(db, session, some))
    }


def _without_those_in(db: Connection, session: str, some: Sequence[Outsider]) -> list[Outsider]:
    known = joined(db, session)
    return [outsider for outsider in some if outsider.person not in known]


def known_since(before: datetime, found: Mapping[str, Sequence[Outsider]]) -> dict[str, list[str]]:
    """Those who have been known since then or longer, by session."""
    gone = {session: [one.person for one in some if one.since <= before] for session, some in found.items()}
    return {session: people for session, people in gone.items() if people}


def joined(db: Connection, session: str) -> set[str]:
    """Everybody who has ever come into a session, as its log says."""
    here = (_log.c.stream == session) & (_log.c.kind == "joined") & _log.c.body.is_not(None)
    return {orjson.loads(body)["person"] for body in db.execute(select(_log.c.body).where(here)).scalars()}
