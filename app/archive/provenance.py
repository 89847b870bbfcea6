"""Where a record comes from: its cards, teams, versions, questions, verdicts and decisions, and what it grew out of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from app.archive.dates import moment
from app.archive.identity import record_id
from app.archive.rows_said import rows_of
from sessions.entry import Carried, Entry
from sessions.outcome import Card
from sessions.session import Session


def provenance(entry: Entry, session: Session) -> dict[str, Any]:
    """The origin of an entry's record, as the session stands now."""
    family = [entry, *absorbed(entry, session)]
    return {
        "session": {
            "code": session.code,
            "format": session.format.key if session.format else "",
            "title": dict(session.title),
        },
        "begun_at": moment(entry.begun_at),
        "origin_needs": list(_distinct(_origin(one, one.need, entry) for one in family if one.need)),
        "origin_ideas": list(_distinct(_origin(one, one.idea, entry) for one in family if one.idea)),
        "teams": [_team(carried, session) for carried in entry.carried if carried.team],
        "snapshots": rows_of(entry, session, "snapshot"),
        "decisions": rows_of(entry, session, "result", "decision", "ruling", "score", "award"),
        "questions": rows_of(entry, session, "question"),
        "verdicts": rows_of(entry, session, "verdict"),
        "feedback": rows_of(entry, session, "feedback"),
        "contacts": rows_of(entry, session, "contact"),
        "help": rows_of(entry, session, "help"),
        "pitched": rows_of(entry, session, "pitched"),
        "lineage": _lineage(entry, session),
        "absorbed": [_absorbed(other, session) for other in family[1:]],
        "log_range": {"first": entry.begun_seq, "last": entry.changed_seq},
    }


def absorbed(entry: Entry, session: Session) -> list[Entry]:
    """The entries that have merged into this one, and those that had merged into them; in the order they began."""
    found: dict[str, Entry] = {}
    waiting = [entry.id]
    while waiting:
        into = waiting.pop()
        for other in session.entries.values():
            if other.latest("merged_into") == into and other.id not in (*found, entry.id):
                found[other.id] = other
                waiting.append(other.id)
    return sorted(found.values(), key=lambda other: other.number)


def _origin(of: Entry, card: Card, entry: Entry) -> dict[str, Any]:
    """A card as a row; ``through`` is the entry that brought it in by merging, "" for what was here from the start."""
    return {**card_row(card), "through": "" if of is entry else of.id}


def _distinct(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each card once: two entries may come from the same need."""
    seen: set[str] = set()
    for row in rows:
        if row["card"] not in seen:
            seen.add(row["card"])
            yield row


def card_row(card: Card) -> dict[str, Any]:
    """A card with its authors, its language and when it was written; a group with its ``cards``."""
    return {
        "card": card.id,
        "text": card.text,
        "fields": dict(card.fields),
        "authors": list(card.authors),
        "language": card.language,
        "team": card.team,
        "at": moment(card.at) if card.at else "",
        "titled_by": card.titled_by,
        "cards": [card_row(behind) for behind in card.behind],
    }


def _team(carried: Carried, session: Session) -> dict[str, Any]:
    """A team with when it had the entry, as it is now or was when somebody was in it last."""
    team = session.teams_known.get(carried.team)
    since, until = moment(carried.since), moment(carried.until) if carried.until else None
    return {**(asdict(team) if team else {"id": carried.team}), "since": since, "until": until}


def _lineage(entry: Entry, session: Session) -> dict[str, Any]:
    had = [carried.team for carried in entry.carried]
    merged = [other.id for other in session.entries.values() if other.latest("merged_into") == entry.id]
    return {
        "merged_into": entry.latest("merged_into"),
        "merged_from": merged,
        "split_from": [old for old, new in entry.splits if new in had],
        "split_into": [new for _, new in entry.splits if new not in had],
    }


def _absorbed(entry: Entry, session: Session) -> dict[str, Any]:
    """An entry that has gone into another: what it was called, whose it was, and why."""
    decided = entry.latest("decision") or {}
    authors = [person for card in entry.origin() for person in card.authors]
    return {
        "entry": entry.id,
        "record_id": str(record_id(session.code, entry)),
        "number": entry.number,
        "title": entry.title,
        "into": entry.latest("merged_into"),
        "team": entry.team,
        "people": list(dict.fromkeys([*authors, *entry.carriers])),
        "reason": decided.get("reason", ""),
    }
