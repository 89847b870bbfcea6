"""The entries that are in the race, for kinds that plan with them."""

from __future__ import annotations

from typing import Any

from sessions.activity import Activity
from sessions.entry import Entry


class Racing(Activity):
    """What every plan knows of entries."""

    def racing(self) -> list[Entry]:
        """Entries still in the race, in the order they began."""
        return [entry for entry in self.session.entries.values() if entry.in_race]

    def named(self, entry: Entry) -> dict[str, Any]:
        """An entry by number, title and team, for a template."""
        team = self.session.teams.get(entry.team)
        return {"id": entry.id, "number": entry.number, "title": entry.title, "team": team}
