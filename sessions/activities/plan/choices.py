"""Decisions about entries as they stand, and what each pane shows of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sessions.activities.plan.racing import Racing
from sessions.activity import Fragment
from sessions.audience import scope_of, scope_type, team_scope
from sessions.entry import Entry

KINDS = {
    "go": "entry_continued",
    "pivot": "entry_changed",
    "merge": "entry_merged",
    "park": "entry_parked",
    "withdraw": "entry_withdrawn",
}
"""Every choice and the event it leads to."""
STATUS = {"merge": "merged", "park": "parked", "withdraw": "withdrawn"}
"""The side state of a choice that takes the entry out of the race."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision as it stands. ``into`` is the entry it merges into; ``led`` says that leader or staff decided."""

    choice: str
    reason: str
    by: str
    at: float
    into: str = ""
    title: str = ""
    summary: str = ""
    led: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A merge that waits for the other team's leader."""

    into: str
    reason: str
    by: str


@dataclass
class Decisions:
    """The fold: by entry. ``titles`` are those from before a change, ``left`` were undecided at the close."""

    choices: dict[str, Choice] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()


class ChoiceViews(Racing):
    """What people see: their own team's entries to decide about, and how many stay in the race."""

    decided: Decisions

    @property
    def offered(self) -> list[str]:
        """The choices there are."""
        return [choice for choice in KINDS if choice in self.rules.get("choices", KINDS)]

    def eligible(self, entry: Entry) -> bool:
        """In the race, or out of it by a decision of this phase."""
        return entry.in_race or entry.id in self.decided.choices

    def entries_in(self, team: str) -> list[Entry]:
        """A team's entries that this phase decides about."""
        return [
            entry for entry in self.session.entries.values() if entry.team == team and self.eligible(entry)
        ]

    def show_deciding(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        if part in ("choice", "offer"):
            return self._choice(scope, key) if part == "choice" else self._offer(scope, key)
        if part:
            return Fragment(self._tally() if part == "tally" else {"rows": self._rows()})
        if scope_type(scope) == "team":
            return self._room(scope_of(scope))
        if scope_type(scope) == "person":
            return self._mine_decided(scope_of(scope)) if view == "mine" else None
        return Fragment({"mode": "decide"})

    def _room(self, team: str) -> Fragment | None:
        offers = [e for e, offer in self.decided.offers.items() if self._team_of(offer.into) == team]
        entries = [entry.id for entry in self.entries_in(team)]
        if team not in self.session.teams:
            return None
        return Fragment({"mode": "decide", "entries": entries, "offers": offers})

    def _team_of(self, entry: str) -> str:
        found = self.session.entries.get(entry)
        return found.team if found else ""

    def _choice(self, scope: str, key: str) -> Fragment | None:
        entry = self.session.entries.get(key)
        if entry is None or team_scope(entry.team) != scope or not self.eligible(entry):
            return None
        others = [
            other for other in self.session.entries.values() if other is not entry and self.eligible(other)
        ]
        targets = [self.named(other) for other in others]
        data = {**self._choice_row(entry), "choices": self.offered, "targets": targets}
        return Fragment(data, "entries", f"{entry.number:05d}")

    def _offer(self, scope: str, key: str) -> Fragment | None:
        offer = self.decided.offers.get(key)
        if offer is None or team_scope(self._team_of(offer.into)) != scope or key not in self.session.entries:
            return None
        entry, into = self.session.entries[key], self.session.entries[offer.into]
        data = {"entry": self.named(entry), "into": self.named(into), "reason": offer.reason}
        return Fragment(data, "offers", f"{entry.number:05d}")

    def _choice_row(self, entry: Entry) -> dict[str, Any]:
        choice, offer = self.decided.choices.get(entry.id), self.decided.offers.get(entry.id)
        into = self.session.entries.get(choice.into if choice else offer.into if offer else "")
        return {
            "entry": self.named(entry),
            "choice": choice,
            "offer": offer,
            "into": self.named(into) if into else None,
            "left": entry.id in self.decided.left,
        }

    def _rows(self) -> list[dict[str, Any]]:
        rows = [self._choice_row(entry) for entry in self.session.entries.values() if self.eligible(entry)]
        return sorted(rows, key=lambda row: (row["choice"] is not None, row["entry"]["number"]))

    def _tally(self) -> dict[str, Any]:
        counts = dict.fromkeys(self.offered, 0)
        for choice in self.decided.choices.values():
            counts[choice.choice] = counts.get(choice.choice, 0) + 1
        eligible = sum(self.eligible(entry) for entry in self.session.entries.values())
        undecided = eligible - len(self.decided.choices)
        return {"racing": len(self.racing()), "entries": eligible, "counts": counts, "open": undecided}

    def _mine_decided(self, person: str) -> Fragment | None:
        chosen = {entry for entry, choice in self.decided.choices.items() if choice.by == person}
        mine = [self._choice_row(entry) for entry in self.session.entries.values() if entry.id in chosen]
        return Fragment({"mode": "decide", "rows": mine}) if mine else None
