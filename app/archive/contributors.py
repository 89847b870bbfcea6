"""Who has had a part in a record: by pseudonymous id, with which part, and whether they may be named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.archive.authorship import authorship
from app.archive.provenance import absorbed
from app.archive.rows_said import rows_of
from sessions.audience import EVERYBODY, SCREEN
from sessions.entry import Entry
from sessions.session import Session
from sessions.viewers import is_named, viewer_in

GAVE = ("question", "verdict", "feedback", "contact", "help")
"""What people have brought to an entry beside cards and the record's own texts."""


def people(entry: Entry, session: Session) -> dict[str, Any]:
    """The owner, and everybody who has had a part: who had the need and the idea first, then the team."""
    owner, parts = entry.latest("owner"), parts_of(entry, session)
    return {
        "owner": dict(owner) if owner else None,
        "contributors": [
            {"person": person, "part": list(parts[person]), "named": may_name(person, session)}
            for person in parts
        ],
    }


def parts_of(entry: Entry, session: Session) -> dict[str, dict[str, None]]:
    """Everybody who has had a part in an entry, each with which: ``need``, ``idea``, ``team``, ``text``, one of GAVE,
    or ``merged`` for those of an entry that went into this one."""
    found: dict[str, dict[str, None]] = {}
    for person, part in _parts(entry, session):
        if person:
            found.setdefault(person, {})[part] = None
    return found


def _parts(entry: Entry, session: Session) -> Iterator[tuple[str, str]]:
    cards = (("need", entry.need), ("idea", entry.idea))
    yield from ((person, part) for part, card in cards if card for person in card.authors)
    yield from ((person, "team") for person in entry.carriers)
    for other in absorbed(entry, session):
        yield from ((person, "merged") for card in other.origin() for person in card.authors)
        yield from ((person, "merged") for person in other.carriers)
    written = (told for told in authorship(entry).values() if told["phase"])
    yield from ((person, "text") for told in written for person in told["by"])
    for row in rows_of(entry, session, *GAVE):
        yield row["by"], row["about"]


def may_name(person: str, session: Session) -> bool:
    """Whether somebody agreed to be named with what they contributed."""
    return is_named(session, viewer_in(session, SCREEN, EVERYBODY), person)


def employer_claims(entry: Entry, session: Session) -> list[dict[str, str]]:
    """What those who made it have said at the check-in about their employers' rights: ``person`` and ``claim``."""
    made = [
        p
        for p, parts in parts_of(entry, session).items()
        if parts.keys() & {"need", "idea", "team", "merged"}
    ]
    members = [session.people[person] for person in made if person in session.people]
    told = [(member.id, member.facts.get("employer_claim")) for member in members]
    return [{"person": person, "claim": str(claim)} for person, claim in told if claim]
