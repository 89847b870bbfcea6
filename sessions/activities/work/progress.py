"""How far a work phase has come: team by team for the projector, record by record for the console."""

from __future__ import annotations

from typing import Any

from sessions.activities.work.bench import Bench, owner_of
from sessions.activities.work.paper import Paper
from sessions.activities.work.stops import pending
from sessions.activity import Fragment
from sessions.entry import PARTS, Entry
from sessions.outcome import Team

MOST_BLOCKS = 12
MOST_LINES = 18
"""More teams than this do not fit on the projector line by line."""


class Progress:
    """Reads a bench; changes nothing."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.session = bench.session

    # ---- everybody

    def _everybody(self, view: str, scope: str, key: str) -> Fragment | None:
        teams = [team.id for team in self._teams()]
        return Fragment({**self._times(), "teams": teams, "lines": len(teams) <= MOST_LINES})

    def _times(self) -> dict[str, Any]:
        return {"stops": self._stops(), "grace": round(self.bench.grace / 60)}

    def _stops(self) -> list[dict[str, Any]]:
        ahead = pending(self.bench.stops)
        return [
            {"stop": stop, "next": stop in ahead[:1]} for stop in sorted(self.bench.stops, key=lambda s: s.at)
        ]

    def _teams(self) -> list[Team]:
        """Teams with an entry here, by their numbers."""
        with_entries = {entry.team for entry, _ in self.bench.running()}
        return sorted(
            (t for t in self.session.teams.values() if t.id in with_entries), key=lambda t: t.number
        )

    def _line(self, view: str, scope: str, key: str) -> Fragment | None:
        team, papers = self.session.teams.get(key), self._papers_of(key)
        if team is None or not papers:
            return None
        data = {
            "team": team,
            "filled": sum(len(p.filled) for p in papers),
            "required": sum(p.required for p in papers),
            "blocks": _blocks(papers),
            "contacts": sum(len(p.contacts) for p in papers),
            "wanted": self._contacts_wanted * len(papers),
            "done_at": max(p.done_at for p in papers) if all(p.done for p in papers) else None,
            "submitted_at": max(p.submitted_at for p in papers)
            if all(p.submitted_at for p in papers)
            else None,
            "submits": bool(self.bench.rules.get("submits")),
        }
        return Fragment(data, home="lines", order=f"{team.number:04d}-{team.id}")

    def _papers_of(self, team: str) -> list[Paper]:
        return [paper for entry, paper in self.bench.running() if entry.team == team]

    @property
    def _contacts_wanted(self) -> int:
        return max((stop.contacts for stop in self.bench.stops), default=0)

    def _tally(self, view: str, scope: str, key: str) -> Fragment:
        papers = [paper for _, paper in self.bench.running()]
        return Fragment(
            {
                "records": len(papers),
                "done": sum(1 for p in papers if p.done),
                "filled": sum(len(p.filled) for p in papers),
                "required": sum(p.required for p in papers),
                "contacts": sum(len(p.contacts) for p in papers),
                "wanted": self._contacts_wanted * len(papers),
                "submitted": sum(1 for p in papers if p.submitted_at),
                "late": sum(1 for p in papers if p.late),
                "submits": bool(self.bench.rules.get("submits")),
                "next": next(iter(pending(self.bench.stops)), None),
            }
        )

    # ---- the console

    def _table(self, view: str, scope: str, key: str) -> Fragment:
        teams = self.session.teams
        running = sorted(
            self.bench.running(), key=lambda row: (row[0].team not in teams, *self._place(row[0]))
        )
        rows = [
            {"entry": e, "paper": p, "team": teams.get(e.team), "blocks": _blocks([p])} for e, p in running
        ]
        tally = self._tally(view, scope, key).data
        return Fragment(
            {**tally, "rows": rows, "stops": self._stops(), "contacts_wanted": self._contacts_wanted}
        )

    def _place(self, entry: Entry) -> tuple[int, int]:
        team = self.session.teams.get(entry.team)
        return (team.number if team else 0, entry.number)

    def _late(self, view: str, scope: str, key: str) -> Fragment:
        late = [
            {"entry": e, "late": p.late, "team": self.session.teams.get(e.team)}
            for e, p in self.bench.running()
            if p.late
        ]
        return Fragment({"late": late, "approvals": self._approvals()})

    def _lacking(self, view: str, scope: str, key: str) -> Fragment:
        lacking = [
            {
                "entry": e,
                "lack": lack,
                "paper": p,
                "stop": self.bench.stops[n],
                "team": self.session.teams.get(e.team),
            }
            for e, p in self.bench.running()
            for n, lack in p.lacks.items()
        ]
        return Fragment({"lacking": lacking})

    def _approvals(self) -> list[dict[str, Any]]:
        """Records that are not approved yet, where approving is this phase's task."""
        if not self.bench.rules.get("archives"):
            return []
        waiting = [entry for entry, _ in self.bench.running() if entry.status != "archived"]
        return [
            {"entry": e, "owner": owner_of(e), "missing": [PARTS[p] for p in e.missing("archived")]}
            for e in waiting
        ]


def _blocks(papers: list[Paper]) -> tuple[int, int]:
    """Progress as full blocks of so many: one a part, or twelve for more parts than that."""
    filled, required = sum(len(p.filled) for p in papers), sum(p.required for p in papers)
    blocks = min(required, MOST_BLOCKS)
    return (filled * blocks // required if required else 0, blocks)
