"""A record as release 1 made it: by this its exports are proved, and records that have heard nothing since compared.

Never changed, whatever records are made of by now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.archive.contributors import may_name
from app.archive.dates import archived_at, followups, moment
from app.archive.identity import record_id
from app.archive.rows_said import is_known
from sessions.entry import Entry
from sessions.outcome import Card
from sessions.session import Session

WRITTEN = ("summary", "need", "market", "technology", "rights", "resources", "funding", "plan")
"""Groups that consist of what people wrote, field by field; a format's documents may fill others too."""


OF_TEAM = ("id", "number", "name", "members", "leader", "need")
LATER = frozenset({"responded_by", "into", "languages"})
"""What facts have come to say since."""


def record_of_release_1(entry: Entry, session: Session) -> dict[str, Any]:
    """The record of an entry as the session stands now, with the fields that there were then."""
    written: dict[str, dict[str, Any]] = {group: {} for group in WRITTEN} | entry.fields
    written["rights"]["ip_policy"] = session.format.data.get("ip_policy", "") if session.format else ""
    written["plan"]["next_action"] = entry.latest("next_action")
    return {
        **written,
        "record_id": str(record_id(session.code, entry)),
        "identity": _identity(entry, session),
        "provenance": _provenance(entry, session),
        "people": _people(entry, session),
        "outcomes": _said(entry, session, "outcome"),
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
        "teams": [{name: getattr(team, name) for name in OF_TEAM} for team in _teams(entry, session)],
        "snapshots": _said(entry, session, "snapshot"),
        "decisions": [
            *_said(entry, session, "decision"),
            *_said(entry, session, "score"),
            *_said(entry, session, "award"),
        ],
        "verdicts": _said(entry, session, "verdict"),
        "feedback": _said(entry, session, "feedback"),
        "pitched": _said(entry, session, "pitched"),
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


def _said(entry: Entry, session: Session, name: str) -> list[dict[str, Any]]:
    """Everything the phases said under a name, oldest first, with where it was said."""
    told = [place for place in entry.facts if place[1] == name and is_known(entry, session, place)]
    return [
        {"about": name, "phase": phase, "key": key, **_as_map(entry.facts[phase, name, key])}
        for phase, _, key in told
    ]


def _as_map(value: Any) -> Mapping[str, Any]:
    told = value if isinstance(value, Mapping) else {"value": value}
    return {name: said for name, said in told.items() if name not in LATER}


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
        "named": may_name(person, session),
    }
