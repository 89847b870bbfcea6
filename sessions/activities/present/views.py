"""What each view sees of a stage: its slots, the technical check before them, or the awards after them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sessions.activities.present.awards import Award, Awards
from sessions.activities.present.pitches import Pitches
from sessions.activities.present.running_order import ALONE
from sessions.activities.present.techcheck import TechChecks, in_ranges
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, scope_of, scope_type
from sessions.deadlines import deadlines_ahead
from sessions.outcome import Team

if TYPE_CHECKING:
    from sessions.entry import Entry

CLEARED = frozenset({"ok", "summary"})
"""Disclosure levels at which more than the title may be shown."""
FEW_PLACES = 40
"""Free slots up to which a phone lists each to tap on; of more it says which, and one is typed."""


class StageViews(Pitches, TechChecks, Awards):
    """``show`` for every mode."""

    @property
    def mode(self) -> str:
        return str(self.rules.get("mode", "slots"))

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        if part:
            return None
        if scope == EVERYBODY:
            return Fragment({"mode": self.mode, **self._shared(view)})
        if scope_type(scope) == "team":
            return self._show_team(self.team_in(scope))
        return self._show_role(scope_of(scope)) if scope_type(scope) == "role" else None

    def _shared(self, view: str) -> Mapping[str, Any]:
        if self.mode == "techcheck":
            return self._show_checks()
        if self.mode == "awards":
            return self._show_awards(view)
        return self._show_stage(view)

    def _show_role(self, role: str) -> Fragment | None:
        """Whoever hands out the awards has the button in the hand."""
        if self.mode != "awards" or role not in self.phase.spec.who or not self.is_open:
            return None
        return Fragment({"shown": len(self.revealed), "of": len(self.awards)})

    # ---- slots

    def _show_stage(self, view: str) -> dict[str, Any]:
        order = self.running_order
        rows, following = self._rows(view, order, order), self.following(order)
        return {
            "rows": rows,
            "on": next((row for row in rows if row["on"]), None),
            "coming": next((row for row in rows if row["id"] == following), None),
            "lectern": self.lectern,
            "lengths": self.lengths,
            "alone": self.alone,
            "drawn": self.drawn,
            "criteria": self._criteria(),
            "ahead": deadlines_ahead(self.session.agenda, self.session.steered_at) if self.alone else [],
        }

    def _rows(self, view: str, order: Sequence[str], only: Iterable[str]) -> list[dict[str, Any]]:
        """Some slots of the running order as they are shown."""
        expected, wanted = self._expected(order), set(only)
        rows = ((place, slot) for place, slot in enumerate(order, 1) if slot in wanted)
        return [{**self._slot(slot, view), "place": i, "starts_at": expected[slot]} for i, slot in rows]

    def _slot(self, slot: str, view: str) -> dict[str, Any]:
        turn = self.turn(slot)
        place = {"id": slot, "turn": turn, "on": self.lectern.slot == slot}
        if slot == ALONE:
            return {**place, "title": self.phase.spec.title, "team": None, "presenters": [], "summary": ""}
        return {**place, **self._entry(self.session.entries[slot], view)}

    def _entry(self, entry: Entry, view: str) -> dict[str, Any]:
        """What may be shown of an entry: more than its title only where its team has cleared it."""
        cleared = entry.latest("disclosure") in CLEARED
        named = [p for p in entry.latest("presenters") or () if view != "screen" or self._may_be_named(p)]
        return {
            "entry": entry,
            "title": entry.title,
            "team": self.session.teams.get(entry.team),
            "presenters": named,
            "summary": entry.fields.get("summary", {}).get("summary", "") if cleared else "",
        }

    def _may_be_named(self, person: str) -> bool:
        member = self.session.people.get(person)
        return member is not None and member.may_be_named

    def _expected(self, order: Iterable[str]) -> dict[str, float]:
        """When each slot started or, as things stand, will start (wall time)."""
        cycle = sum(self.lengths.values())
        cursor = self._free_at()
        starts: dict[str, float] = {}
        for slot in order:
            turn = self.turn(slot)
            starts[slot] = cursor if turn.waits else turn.started_at
            cursor += cycle if turn.waits else 0.0
        return starts

    def _free_at(self) -> float:
        """When the stage is free, as things stand."""
        if not self.lectern.slot:
            return self.at
        parts = list(self.lengths)
        later = parts[parts.index(self.lectern.part) + 1 :]
        return self.lectern.free_at(self.at) + sum(self.lengths[part] for part in later)

    def _criteria(self) -> list[Mapping[str, Any]]:
        name, form = self.rules.get("rubric"), self.session.format
        return list(form.rubric(name)["criteria"]) if name and form else []

    def _show_team(self, team: Team | None) -> Fragment | None:
        """A team's own slots, as far as they are still to come."""
        own = [entry.id for entry in self.session.entries_of(team.id)] if team else []
        if not team or not own or self.alone or self.mode == "awards" or not self.is_open:
            return None
        if self.mode == "techcheck":
            return Fragment({"mode": self.mode, "rows": list(self._choosing(own))}, order="1")
        order = self.running_order
        rows = [row for row in self._rows("phone", order, own) if not row["turn"].ended_at]
        data = {"mode": self.mode, "rows": rows, "members": team.members, "drawn": self.drawn}
        return Fragment({**data, "following": self.following(order)}, order="1") if rows else None

    # ---- technical check

    def _show_checks(self) -> dict[str, Any]:
        queue = [self._checked_row(entry) for entry in self.queue]
        waiting = [row for row in queue if not row["check"]]
        places = [(i, self.session.entries[slot]) for i, slot in enumerate(self.arrangement(), 1)]
        order = [
            {**self._entry(entry, "screen"), "place": i, **self._how_sure(entry.id)} for i, entry in places
        ]
        free = self.free_in({row["entry"].id for row in queue})
        return {
            "queue": queue,
            "waiting": waiting,
            "free": free,
            "order": order,
            "settled": bool(self.settled),
        }

    def _how_sure(self, entry: str) -> dict[str, bool]:
        return {"sure": bool(self.settled) or entry in self.chosen, "checked": self.is_checked(entry)}

    def _checked_row(self, entry: str) -> dict[str, Any]:
        return {
            **self._entry(self.session.entries[entry], "console"),
            "check": self.checks.get(entry),
            "place": self.chosen.get(entry),
            "equipment": self.session.entries[entry].latest("equipment") or "",
        }

    def _choosing(self, own: Iterable[str]) -> Iterator[dict[str, Any]]:
        """A team's own entries: how many are checked before each, and the slots it may take."""
        queue = self.queue
        waiting = {entry: i for i, entry in enumerate(e for e in queue if e not in self.checks)}
        free = self.free_in(set(queue))
        for entry in own:
            mine = self.free_for(entry, free)
            choice = {"free": mine, "in_ranges": in_ranges(mine) if len(mine) > FEW_PLACES else ""}
            yield {**self._checked_row(entry), **choice, "ahead": waiting.get(entry, 0)}

    # ---- awards

    def _show_awards(self, view: str) -> dict[str, Any]:
        """Only what has been revealed; the console also sees what comes."""
        waiting = [award for award in self.awards if award.id not in self.revealed]
        return {
            "awards": list(self._revealed_rows(view)),
            "coming": [self._award_row(award, view) for award in waiting] if view == "console" else [],
            "shown": len(self.revealed),
            "of": len(self.awards),
        }

    def _revealed_rows(self, view: str) -> Iterator[dict[str, Any]]:
        """Latest first."""
        known = {award.id: award for award in self.awards}
        for award in reversed(self.revealed):
            if award in known:
                yield self._award_row(known[award], view)

    def _award_row(self, award: Award, view: str) -> dict[str, Any]:
        return {**self._entry(self.session.entries[award.entry], view), "award": award}
