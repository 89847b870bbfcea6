"""Entries as phases list them: which are in the race, and how one is called on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sessions.entry import Entry
    from sessions.session_view import SessionView


def entries_in_race(session: SessionView) -> list[Entry]:
    """Entries that are still in the race, in the order they began."""
    return [entry for entry in session.entries.values() if entry.in_race]


def entry_label(session: SessionView, entry: Entry) -> dict[str, Any]:
    """An entry for a template: ``{"id", "number", "title", "team"}``, the title as far as one line goes; ``team`` is
    None where there is none."""
    team = session.teams.get(entry.team)
    return {"id": entry.id, "number": entry.number, "title": entry.headline, "team": team}
