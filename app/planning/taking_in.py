"""What a new session takes in of earlier ones in the same database: read from their logs, and put into its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.people.codes import normalise_code
from app.streams import heads, log
from sessions.format import read_format
from sessions.format_checks import links_of
from sessions.handing_on import NotYet, taken_from
from sessions.messages import Event
from sessions.session import Session


class NothingToTakeIn(LookupError):
    """An earlier event is not there, has no such phase, or nobody has asked for it; the text says which."""


def earlier_events(data: Mapping[str, Any], chosen: Mapping[str, str]) -> dict[str, str]:
    """The codes of the earlier sessions that a format builds on, by its names for them: as they were ``chosen``, else
    as the format says (``earlier``). Names that are not chosen yet are left out. Raises NothingToTakeIn."""
    named = {name for spec in read_format(data).specs for name, _ in links_of(spec.inputs)}
    strangers = sorted(chosen.keys() - named)
    if strangers:
        known = ", ".join(sorted(named)) or "none"
        raise NothingToTakeIn(f"The format builds on no earlier event {strangers[0]!r}. It names: {known}.")
    given = {**data.get("earlier", {}), **chosen}
    return {name: given[name] for name in sorted(named) if given.get(name)}


def taken_in(db: Connection, data: Mapping[str, Any], earlier: Mapping[str, str], now: float) -> list[Event]:
    """The events, not yet stamped, by which a session of this format takes in what those earlier sessions have handed
    on; ``now`` is wall time. Raises NothingToTakeIn, and Unproved where an earlier log does not hold."""
    wanted = sorted({link for spec in read_format(data).specs for link in links_of(spec.inputs)})
    read = {name: _read(db, name, code) for name, code in earlier.items()}
    return [
        event for name, phase in wanted if name in read for event in read[name].hands_on(phase, name, now)
    ]


class _Earlier(NamedTuple):
    """An earlier session with its log, and the digest there."""

    session: Session
    log: list[Event]
    head: str

    def hands_on(self, phase: str, name: str, now: float) -> Iterator[Event]:
        try:
            yield from taken_from(self.session, self.log, phase, name, self.head, now)
        except NotYet as error:
            raise NothingToTakeIn(f"{name}: the session {self.session.code} {error}.") from error


def _read(db: Connection, name: str, code: str) -> _Earlier:
    known = normalise_code(code)
    head = heads.head_of(db, known) if known else None
    if known is None or head is None:
        raise NothingToTakeIn(f"There is no session {code!r} here for {name!r}.")
    session, events = Session(), log.read(db, known)
    for event in events:
        session.evolve(event)
    return _Earlier(session, events, head.digest.hex())
