"""A development-project record, made from an entry and its session alone: the same log gives the same record.

People stand in it by their pseudonymous ids; whether somebody may be named is said, the name is not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from app.archive.dates import archived_at, followups, moment
from app.archive.identity import record_id
from sessions.audience import EVERYBODY, SCREEN
from sessions.entry import Entry
from sessions.outcome import Card
from sessions.revealing import revealed
from sessions.session import Session
from sessions.viewers import is_named, owners_of, viewer_in

WRITTEN = ("summary", "need", "market", "technology", "rights", "resources", "funding", "plan")
"""Groups that consist of what people wrote, field by field; a format's documents may fill others too."""


def record_of(entry: Entry, session: Session) -> dict[str, Any]:
    """The record of an entry as the session stands now: plain JSON, no names."""
    written: dict[str, dict[str, Any]] = {group: {} for group in WRITTEN} | entry.fields
    written["rights"]["ip_policy"] = session.format.data.get("ip_policy", "") if session.format else ""
    written["plan"]["next_action"] = entry.latest("next_action")
    return {
        **written,
        "record_id": str(record_id(session.code, entry)),
        "identity": _identity(entry, session),
        "provenance": _provenance(entry, session),
        "people": _people(entry, session),
        "outcomes": _said(entry, "outcome"),
        "followups": followups(entry, session.zone),
    }


def _identity(entry: Entry, session: Session) -> dict[str, Any]:
    at = archived_at(entry)
    return {
        "number": entry.number,
        "title": {session.language: entry.title},
        "status": entry.status,
        "visibility": entry.latest("visibility") or "team",
        "archived_at": None if at is None else moment(at),
    }


def _provenance(entry: Entry, session: Session) -> dict[str, Any]:
    return {
        "session": {
            "code": session.code,
            "format": session.format.key if session.format else "",
            "title": dict(session.title),
        },
        "begun_at": moment(entry.begun_at),
        "origin_needs": _origin(entry.need),
        "origin_ideas": _origin(entry.idea),
        "teams": [asdict(team) for team in _teams(entry, session)],
        "snapshots": _said(entry, "snapshot"),
        "decisions": [
            *_said(entry, "decision"),
            *_known(entry, session, "score"),
            *_known(entry, session, "award"),
        ],
        "verdicts": _said(entry, "verdict"),
        "feedback": _said(entry, "feedback"),
        "pitched": _said(entry, "pitched"),
        "lineage": {
            "merged_into": entry.latest("merged_into"),
            "merged_from": [e.id for e in session.entries.values() if e.latest("merged_into") == entry.id],
        },
        "log_range": {"first": entry.begun_seq, "last": entry.changed_seq},
    }


def _origin(card: Card | None) -> list[dict[str, Any]]:
    if card is None:
        return []
    return [{"card": card.id, "text": card.text, "fields": dict(card.fields), "authors": list(card.authors)}]


def _teams(entry: Entry, session: Session) -> Iterable[Any]:
    return [team for team in (session.teams.get(entry.team),) if team is not None]


def _said(entry: Entry, name: str) -> list[dict[str, Any]]:
    """Everything the phases said under a name, oldest first, with where it was said."""
    told = {(phase, key): value for (phase, said, key), value in entry.facts.items() if said == name}
    return _rows(name, told)


def _known(entry: Entry, session: Session, name: str) -> list[dict[str, Any]]:
    """The same, as far as the room has been shown it."""
    return _rows(name, revealed(session, entry, name))


def _rows(name: str, told: Mapping[tuple[str, str], Any]) -> list[dict[str, Any]]:
    return [
        {"about": name, "phase": phase, "key": key, **_as_map(value)} for (phase, key), value in told.items()
    ]


def _as_map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {"value": value}


def _people(entry: Entry, session: Session) -> dict[str, Any]:
    owner = entry.latest("owner")
    return {
        "owner": dict(owner) if owner else None,
        "contributors": [_contributor(person, entry, session) for person in _contributors(entry, session)],
    }


def _contributors(entry: Entry, session: Session) -> list[str]:
    """Who had the need, who had the idea, and the team; each once, in this order."""
    authors = [person for card in (entry.need, entry.idea) if card is not None for person in card.authors]
    members = [person for team in _teams(entry, session) for person in team.members]
    return list(dict.fromkeys(authors + members))


def _contributor(person: str, entry: Entry, session: Session) -> dict[str, Any]:
    parts = {
        "need": entry.need is not None and person in entry.need.authors,
        "idea": entry.idea is not None and person in entry.idea.authors,
        "team": any(person in team.members for team in _teams(entry, session)),
    }
    return {
        "person": person,
        "part": [name for name, took in parts.items() if took],
        "named": is_named(session, viewer_in(session, SCREEN, EVERYBODY), person),
    }


def people_in(entry: Entry, session: Session) -> list[str]:
    """Everybody whom a record is of: who contributed, and who owns it."""
    return list(dict.fromkeys([*_contributors(entry, session), *owners_of(entry)]))


def people_named_before(record: Mapping[str, Any]) -> set[str]:
    """Whom releases that said nothing of ``seen_by`` named in their exports: contributors who let the session know it,
    and an owner who had accepted."""
    people = record["people"]
    owner = people["owner"] or {}
    agreed = {contributor["person"] for contributor in people["contributors"] if contributor["named"]}
    return agreed | ({owner["person"]} if owner.get("accepted") else set())
