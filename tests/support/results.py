"""What a session has come to, as plain JSON: what may never differ between two folds of the same log."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sessions.entry import BESIDE_WORK
from sessions.session import Session


def results(session: Session) -> dict[str, Any]:
    """Outcomes, teams, entries, people, decisions and deadlines of a session."""
    begun = {phase.id: phase.activity for phase in session.agenda if phase.activity is not None}
    found = {
        "outcomes": {name: asdict(activity.outcome()) for name, activity in begun.items()},
        "verify": {name: activity.verify() for name, activity in begun.items()},
        "states": {phase.id: phase.state for phase in session.agenda},
        "teams": {key: asdict(team) for key, team in session.teams.items()},
        "entries": {key: _entry(entry) for key, entry in session.entries.items()},
        "people": {key: _member(member) for key, member in session.people.items()},
        "decided": [[decided.seq, decided.phase] for decided in session.decided],
        "deadlines": sorted([p, d.at, d.command, d.key] for p, d in session.deadlines()),
        "announcements": sorted(session.announcements),
        "driver": session.driver,
        "screen": session.screen_choice,
    }
    plain: dict[str, Any] = json.loads(json.dumps(found, default=_listed))
    return plain


COUNTED_OTHERWISE = frozenset({"of"})
"""Figures that earlier releases counted wrongly: among those from whom an answer is expected they had the staff."""


def as_told(found: Any, told: Any) -> Any:
    """What was found, without what an earlier release knew nothing of: further fields, and facts by further names."""
    if isinstance(told, dict) and isinstance(found, dict):
        return {
            name: told[name]
            if name in COUNTED_OTHERWISE and value < told[name]
            else as_told(value, told[name])
            for name, value in found.items()
            if name in told
        }
    if isinstance(told, list) and isinstance(found, list):
        known = [row for row in found if not _is_news(row)]
        return [as_told(*pair) for pair in zip(known, told, strict=False)] + known[len(told) :]
    return found


def _is_news(row: Any) -> bool:
    """Whether this is a fact of an entry that release 1 did not note."""
    return isinstance(row, list) and len(row) == 4 and row[1] in BESIDE_WORK


def _entry(entry: Any) -> dict[str, Any]:
    facts = [[*place, value] for place, value in entry.facts.items()]
    named = {name: getattr(entry, name) for name in ("title", "status", "team", "fields")}
    return {**named, "facts": facts}


def _member(member: Any) -> dict[str, Any]:
    return {name: getattr(member, name) for name in ("role", "team", "language", "removed", "facts")}


def _listed(value: Any) -> list[Any]:
    return sorted(value) if isinstance(value, set | frozenset) else list(value)
