"""What the facilitator's console shows of a work phase: record by record, and who needs help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.work.changes import owner_of
from sessions.activities.work.progress import blocks, contacts_wanted, stops, tally
from sessions.activity import Fragment
from sessions.entry_words import PARTS

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.entry import Entry


def table(work: Work, view: str, scope: str, key: str) -> Fragment:
    """Every record in the race with its progress, by team."""
    teams = work.session.teams
    running = sorted(work.running(), key=lambda row: _place(work, row[0]))
    rows = [
        {"entry": entry, "documents": documents, "team": teams.get(entry.team), "blocks": blocks([documents])}
        for entry, documents in running
    ]
    more = {"rows": rows, "stops": stops(work), "contacts_wanted": contacts_wanted(work)}
    return Fragment({**tally(work, view, scope, key).data, **more})


def _place(work: Work, entry: Entry) -> tuple[bool, int, int]:
    """By the team's number and the entry's; what has no team comes last."""
    team = work.session.teams.get(entry.team)
    return (team is None, team.number if team else 0, entry.number)


def late(work: Work, view: str, scope: str, key: str) -> Fragment:
    """What came late and waits, and which records wait for an approval."""
    rows = [
        {"entry": entry, "late": documents.late, "team": work.session.teams.get(entry.team)}
        for entry, documents in work.running()
        if documents.late
    ]
    return Fragment({"late": rows, "approvals": _approvals(work)})


def _approvals(work: Work) -> list[dict[str, Any]]:
    """Records that are not approved yet, where approving is this phase's task."""
    if not work.archives:
        return []
    waiting = [entry for entry, _ in work.running() if entry.status != "archived"]
    return [
        {"entry": e, "owner": owner_of(e), "missing": [PARTS[p] for p in e.missing("archived")]}
        for e in waiting
    ]


def lacking(work: Work, view: str, scope: str, key: str) -> Fragment:
    """What records lacked at a deadline."""
    rows = [
        {
            "entry": entry,
            "lack": lack,
            "documents": documents,
            "stop": work.stops[number],
            "team": work.session.teams.get(entry.team),
        }
        for entry, documents in work.running()
        for number, lack in documents.lacks.items()
    ]
    return Fragment({"lacking": rows})
