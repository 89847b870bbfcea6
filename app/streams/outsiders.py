"""People who have told a name at the door of a session and never came in: they waited, or could not be taken in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, select

from app.database.tables import table
from app.streams.log import answers

DAYS = 1
"""How long they are kept."""

AT_ONCE = 500
"""People who are looked up in one question."""

_people, _log = table("people"), table("log")
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
    for session, *row in db.execute(wanted.where(_NAMED, _people.c.erased.is_(None))):
        found[session].append(Outsider(*row))
    return {
        session: left for session, some in found.items() if (left := _without_those_in(db, session, some))
    }


def _without_those_in(db: Connection, session: str, some: Sequence[Outsider]) -> list[Outsider]:
    """Almost everybody has come in by the door, and is found by an index; for the others the log is read, once."""
    by_door = {f"join-{outsider.person}:door": outsider for outsider in some}
    commands = list(by_door)
    for start in range(0, len(commands), AT_ONCE):
        for command in answers(db, session, commands[start : start + AT_ONCE]):
            del by_door[command]
    known = joined(db, session) if by_door else set()
    return [outsider for outsider in by_door.values() if outsider.person not in known]


def known_since(before: datetime, found: Mapping[str, Sequence[Outsider]]) -> dict[str, list[str]]:
    """Those who have been known since then or longer, by session."""
    gone = {session: [one.person for one in some if one.since <= before] for session, some in found.items()}
    return {session: people for session, people in gone.items() if people}


def joined(db: Connection, session: str) -> set[str]:
    """Everybody who has ever come into a session, as its log says."""
    here = (_log.c.stream == session) & (_log.c.kind == "joined") & _log.c.body.is_not(None)
    return {orjson.loads(body)["person"] for body in db.execute(select(_log.c.body).where(here)).scalars()}
