"""What a work phase shows: to a team its documents, to the projector progress only, to the console who needs help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.work.bench import Bench, owner_of
from sessions.activities.work.progress import Progress
from sessions.activity import Fragment
from sessions.agenda import Phase
from sessions.audience import scope_type, team_scope
from sessions.entry import PARTS, Entry
from sessions.messages import Text
from sessions.outcome import Team
from sessions.verdicts import topic_name, verdict_name

if TYPE_CHECKING:
    from sessions.people import Member

CLAIMS = ("yes", "unsure")
"""Answers at check-in by which an employer may have rights."""


class WorkViews(Progress):
    """Every fragment of a work phase. Made anew for each of them."""

    def show(self, view: str, scope: str, part: str, key: str) -> Fragment | None:
        shows: Mapping[tuple[str, str], Callable[[str, str, str], Fragment | None]] = {
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

    # ---- a team

    def _team(self, view: str, scope: str, key: str) -> Fragment | None:
        team = self.bench.team_in(scope)
        if team is None:
            return None
        data = {
            **self._times(),
            "team": team,
            "entries": [entry for entry in self.session.entries_of(team.id) if entry.id in self.bench.papers],
            "sheets": self.bench.sheets,
            "claims": self._claims(team),
            "contacts_wanted": self._contacts_wanted,
            "frozen": self.bench.frozen,
        }
        return Fragment(data)

    def _claims(self, team: Team) -> list[tuple[str, str]]:
        """Members whose employer may have rights, by their own word at check-in."""
        said = [
            (m, self.session.people[m].facts.get("employer_claim"))
            for m in team.members
            if m in self.session.people
        ]
        return [(member, claim) for member, claim in said if claim in CLAIMS]

    def _field(self, view: str, scope: str, key: str) -> Fragment | None:
        entry_id, _, name = key.partition(".")
        entry, field = self.session.entries.get(entry_id), self.bench.fields.get(name)
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
        return Fragment(data, home=f"doc-{entry_id}-{sheet.id}", order=f"{sheet.fields.index(field):03d}")

    def _approved(self, entry: Entry) -> bool:
        return bool(self.bench.rules.get("archives")) and entry.status == "archived"

    def _entry(self, view: str, scope: str, key: str) -> Fragment | None:
        entry = self.session.entries.get(key)
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
        return Fragment(data)

    def _sheet_of(self, part: str) -> str:
        """The sheet in which a missing part of the record is written here, if any."""
        return next((sheet.id for sheet in self.bench.sheets if sheet.part == part), "")

    def _column(self, phase: str, column: str) -> Text:
        """What the phase that gathered feedback calls one of its columns."""
        words: Text = (
            self.session.agenda.phases[phase].spec.rules.get("labels", {}).get(column, {"en": column})
        )
        return words

    # ---- one person

    def _person(self, view: str, scope: str, key: str) -> Fragment | None:
        person = self.bench.person_in(scope)
        return (
            Fragment({"held": self._held(person), "owned": self._owned(person)}, order="9")
            if person
            else None
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


def heard_from(bench: Bench) -> frozenset[str]:
    """The phases whose verdicts and feedback this one shows: from here to the next of the same kind, so that each is
    shown once. The first also shows what came before it."""
    phases: list[Phase] = list(bench.session.agenda)
    same = [i for i, phase in enumerate(phases) if phase.kind == bench.phase.kind]
    mine = phases.index(bench.phase)
    until = next((i for i in same if i > mine), len(phases))
    return frozenset(phase.id for phase in phases[0 if mine == same[0] else mine : until])


def _said(entry: Entry, name: str, phases: frozenset[str]) -> list[tuple[str, Any]]:
    return [
        (phase, value) for (phase, said, _), value in entry.facts.items() if said == name and phase in phases
    ]
