"""What a work phase shows: to a team its documents, to the projector progress only, to the console who needs help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.work.bench import Bench, owner_of
from sessions.activities.work.paper import Paper
from sessions.activities.work.stops import pending
from sessions.activity import Shown
from sessions.agenda import Phase
from sessions.audience import scope_type, team_scope
from sessions.entry import PARTS, Entry
from sessions.messages import Text
from sessions.outcome import Team
from sessions.verdicts import topic_name, verdict_name

if TYPE_CHECKING:
    from sessions.session import Member

CLAIMS = ("yes", "unsure")
"""Answers at check-in by which an employer may have rights."""
MOST_BLOCKS = 12
MOST_LINES = 18
"""More teams than this do not fit on the projector line by line."""


class WorkViews:
    """Reads a bench; changes nothing. Made anew for each fragment."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.room = bench.room

    def show(self, view: str, scope: str, part: str, key: str) -> Shown | None:
        shows: Mapping[tuple[str, str], Callable[[str, str, str], Shown | None]] = {
            ("", "all"): self._everybody,
            ("", "team"): self._team,
            ("", "person"): self._person,
            ("field", "team"): self._field,
            ("entry", "team"): self._entry,
            ("line", "all"): self._line,
            ("tally", "all"): self._tally,
            ("table", "all"): self._table,
            ("late", "all"): self._late,
            ("lacking", "all"): self._lacking,
        }
        found = shows.get((part, scope_type(scope)))
        return found(view, scope, key) if found else None

    # ---- everybody

    def _everybody(self, view: str, scope: str, key: str) -> Shown | None:
        teams = [team.id for team in self._teams()]
        return Shown({**self._times(), "teams": teams, "lines": len(teams) <= MOST_LINES})

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
        return sorted((t for t in self.room.teams.values() if t.id in with_entries), key=lambda t: t.number)

    def _line(self, view: str, scope: str, key: str) -> Shown | None:
        team, papers = self.room.teams.get(key), self._papers_of(key)
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
        return Shown(data, home="lines", order=f"{team.number:04d}-{team.id}")

    def _papers_of(self, team: str) -> list[Paper]:
        return [paper for entry, paper in self.bench.running() if entry.team == team]

    @property
    def _contacts_wanted(self) -> int:
        return max((stop.contacts for stop in self.bench.stops), default=0)

    def _tally(self, view: str, scope: str, key: str) -> Shown:
        papers = [paper for _, paper in self.bench.running()]
        return Shown(
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

    # ---- a team

    def _team(self, view: str, scope: str, key: str) -> Shown | None:
        team = self.bench.team_in(scope)
        if team is None:
            return None
        data = {
            **self._times(),
            "team": team,
            "entries": [entry for entry in self.room.entries_of(team.id) if entry.id in self.bench.papers],
            "sheets": self.bench.sheets,
            "claims": self._claims(team),
            "contacts_wanted": self._contacts_wanted,
            "frozen": self.bench.frozen,
        }
        return Shown(data)

    def _claims(self, team: Team) -> list[tuple[str, str]]:
        """Members whose employer may have rights, by their own word at check-in."""
        said = [
            (m, self.room.people[m].facts.get("employer_claim"))
            for m in team.members
            if m in self.room.people
        ]
        return [(member, claim) for member, claim in said if claim in CLAIMS]

    def _field(self, view: str, scope: str, key: str) -> Shown | None:
        entry_id, _, name = key.partition(".")
        entry, field = self.room.entries.get(entry_id), self.bench.fields.get(name)
        if entry is None or field is None or team_scope(entry.team) != scope or not entry.in_race:
            return None
        paper = self.bench.papers[entry_id]
        if view == "team" and not (paper.written_here(name) and paper.text(name)):
            return None
        sheet = next(sheet for sheet in self.bench.sheets if field in sheet.fields)
        data = {
            "entry": entry,
            "field": field,
            "opened": not sheet.part,
            "written": paper.written.get(name),
            "hold": paper.holds.get(name),
            "late": paper.late.texts.get(name) if paper.late else None,
            "can_restore": paper.can_restore(name),
            "frozen": self.bench.frozen or self._approved(entry),
        }
        return Shown(data, home=f"doc-{entry_id}-{sheet.id}", order=f"{sheet.fields.index(field):03d}")

    def _approved(self, entry: Entry) -> bool:
        return bool(self.bench.rules.get("archives")) and entry.status == "archived"

    def _entry(self, view: str, scope: str, key: str) -> Shown | None:
        entry = self.room.entries.get(key)
        if entry is None or key not in self.bench.papers or team_scope(entry.team) != scope:
            return None
        rules, paper = self.bench.rules, self.bench.papers[key]
        wanted = "archived" if rules.get("archives") else "submitted" if rules.get("submits") else ""
        heard = heard_from(self.bench)
        data = {
            "entry": entry,
            "paper": paper,
            "missing": [(self._sheet_of(part), PARTS[part]) for part in entry.missing(wanted)]
            if wanted
            else [],
            "submits": bool(rules.get("submits")),
            "archives": bool(rules.get("archives")),
            "contacts_wanted": self._contacts_wanted,
            "verdicts": [
                (verdict_name(v["verdict"]), topic_name(v["topic"]), v)
                for _, v in _said(entry, "verdict", heard)
            ],
            "feedback": [
                (self._column(phase, v["column"]), v["text"]) for phase, v in _said(entry, "feedback", heard)
            ],
            "owner": owner_of(entry),
            "frozen": self.bench.frozen or self._approved(entry),
        }
        return Shown(data)

    def _sheet_of(self, part: str) -> str:
        """The sheet in which a missing part of the record is written here, if any."""
        return next((sheet.id for sheet in self.bench.sheets if sheet.part == part), "")

    def _column(self, phase: str, column: str) -> Text:
        """What the phase that gathered feedback calls one of its columns."""
        words: Text = self.room.agenda.phases[phase].spec.rules.get("labels", {}).get(column, {"en": column})
        return words

    # ---- one person

    def _person(self, view: str, scope: str, key: str) -> Shown | None:
        person = self.bench.person_in(scope)
        return (
            Shown({"held": self._held(person), "owned": self._owned(person)}, order="9") if person else None
        )

    def _held(self, person: Member) -> dict[str, Any] | None:
        entry, key = self.bench.holding.get(person.id, ("", ""))
        if not entry:
            return None
        return {
            "entry": entry,
            "field": self.bench.fields[key],
            "until": self.bench.papers[entry].holds[key].until,
        }

    def _owned(self, person: Member) -> list[dict[str, Any]]:
        """The records this person owns and may approve here."""
        if not self.bench.rules.get("archives"):
            return []
        mine = [entry for entry, _ in self.bench.running() if owner_of(entry) == person.id]
        return [{"entry": e, "missing": [PARTS[part] for part in e.missing("archived")]} for e in mine]

    # ---- the console

    def _table(self, view: str, scope: str, key: str) -> Shown:
        teams = self.room.teams
        running = sorted(
            self.bench.running(), key=lambda row: (row[0].team not in teams, *self._place(row[0]))
        )
        rows = [
            {"entry": e, "paper": p, "team": teams.get(e.team), "blocks": _blocks([p])} for e, p in running
        ]
        tally = self._tally(view, scope, key).data
        return Shown(
            {**tally, "rows": rows, "stops": self._stops(), "contacts_wanted": self._contacts_wanted}
        )

    def _place(self, entry: Entry) -> tuple[int, int]:
        team = self.room.teams.get(entry.team)
        return (team.number if team else 0, entry.number)

    def _late(self, view: str, scope: str, key: str) -> Shown:
        late = [
            {"entry": e, "late": p.late, "team": self.room.teams.get(e.team)}
            for e, p in self.bench.running()
            if p.late
        ]
        return Shown({"late": late, "approvals": self._approvals()})

    def _lacking(self, view: str, scope: str, key: str) -> Shown:
        lacking = [
            {
                "entry": e,
                "lack": lack,
                "paper": p,
                "stop": self.bench.stops[n],
                "team": self.room.teams.get(e.team),
            }
            for e, p in self.bench.running()
            for n, lack in p.lacks.items()
        ]
        return Shown({"lacking": lacking})

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


def heard_from(bench: Bench) -> frozenset[str]:
    """The phases whose verdicts and feedback this one shows: from here to the next of the same kind, so that each is
    shown once. The first also shows what came before it."""
    phases: list[Phase] = list(bench.room.agenda)
    same = [i for i, phase in enumerate(phases) if phase.kind == bench.phase.kind]
    mine = phases.index(bench.phase)
    until = next((i for i in same if i > mine), len(phases))
    return frozenset(phase.id for phase in phases[0 if mine == same[0] else mine : until])


def _said(entry: Entry, name: str, phases: frozenset[str]) -> list[tuple[str, Any]]:
    return [
        (phase, value) for (phase, said, _), value in entry.facts.items() if said == name and phase in phases
    ]
