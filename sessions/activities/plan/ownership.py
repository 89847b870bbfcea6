"""Who carries an entry from here on, as it stands, and what each pane shows of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sessions.activities.plan.racing import Racing
from sessions.activity import Fragment
from sessions.audience import ATTENDING, person_scope, scope_of, scope_type, team_scope
from sessions.days import noon
from sessions.entry import Entry

if TYPE_CHECKING:
    from sessions.people import Member

LEVELS = ("team", "session", "programme", "public")
"""Who may see a record, narrowest first."""
CARRIERS = frozenset({"business_developer", "host"})
"""Roles outside the teams that a project may be handed to; they stand in the teams' lists."""


@dataclass(slots=True)
class Care:
    """One entry's owner, who has accepted, and who is asked to become it. Times are wall time."""

    owner: str = ""
    since: float = 0.0
    asked: str = ""
    asked_by: str = ""
    asked_at: float = 0.0
    declined: tuple[str, ...] = ()


@dataclass
class Cares:
    """The fold: by entry."""

    by_entry: dict[str, Care] = field(default_factory=dict)

    def of(self, entry: str) -> Care:
        return self.by_entry.setdefault(entry, Care())


class OwnershipViews(Racing):
    """What people see: their team's entries with owner and next step, what they are asked, what they own."""

    cares: Cares

    def care(self, entry: str) -> Care:
        return self.cares.by_entry.get(entry) or Care()

    def owned(self, person: str) -> list[Entry]:
        """What somebody carries."""
        return [entry for entry in self.racing() if self.care(entry.id).owner == person]

    def asked_of(self, person: str) -> list[Entry]:
        """What somebody is asked to carry."""
        return [entry for entry in self.racing() if self.care(entry.id).asked == person]

    def ownerless(self) -> list[Entry]:
        return [entry for entry in self.racing() if not self.care(entry.id).owner]

    def show_owning(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        if part in ("care", "held"):
            return self._entry(part, scope, key)
        if part:
            return Fragment(self._count() if part == "owners" else self._board())
        if scope_type(scope) == "team":
            team = scope_of(scope)
            entries = [entry.id for entry in self.racing() if entry.team == team]
            return Fragment({"mode": "own", "entries": entries}) if team in self.session.teams else None
        if scope_type(scope) == "person":
            return self._personal(view, scope_of(scope))
        offered_to = self.racing() if view == "phone" else []
        return Fragment({"mode": "own", "entries": [self.named(entry) for entry in offered_to]})

    def _personal(self, view: str, person: str) -> Fragment | None:
        helped = self._helped(person)
        if view == "mine":
            rows = [self._care_row(entry) for entry in self.owned(person)]
            return Fragment({"mode": "own", "rows": rows, "helped": helped}) if rows or helped else None
        asked = [self._care_row(entry) for entry in self.asked_of(person)]
        held = [entry.id for entry in self.owned(person)]
        if not asked and not held and not helped:
            return None
        return Fragment({"mode": "own", "asked": asked, "held": held, "helped": helped})

    def _helped(self, person: str) -> list[dict[str, Any]]:
        """What somebody has offered, with their own words."""
        offers = ((entry, entry.every("help").get(person)) for entry in self.racing())
        return [{**self.named(entry), "text": offer["text"]} for entry, offer in offers if offer]

    def _entry(self, part: str, scope: str, key: str) -> Fragment | None:
        """An entry with its forms: ``care`` in its team's room, ``held`` with its owner."""
        entry = self.session.entries.get(key)
        if entry is None or not entry.in_race:
            return None
        if scope != (team_scope(entry.team) if part == "care" else person_scope(self.care(key).owner)):
            return None
        owner = self.session.people.get(self.care(key).owner)
        outside = owner is not None and owner.team != entry.team
        data = {**self._care_row(entry), "people": self._candidates(entry), "outside": outside}
        return Fragment(data, "entries" if part == "care" else "held", f"{entry.number:05d}")

    def _candidates(self, entry: Entry) -> list[str]:
        """Whom the project may be handed to from a list: the team, business developers and hosts."""
        team = self.session.teams.get(entry.team)
        carriers = (member.id for member in self.session.people.values() if member.role in CARRIERS)
        near = [*(team.members if team else ()), *carriers]
        return [p for p in near if p != self.care(entry.id).owner and self.able(self.session.people.get(p))]

    def able(self, member: Member | None) -> bool:
        """Whether somebody can be asked to own a project."""
        return member is not None and not member.removed and member.role in ATTENDING

    def _care_row(self, entry: Entry) -> dict[str, Any]:
        step, followups = (
            entry.latest("next_action"),
            entry.latest("followups") or {"months": [], "dates": []},
        )
        return {
            "entry": self.named(entry),
            "care": self.care(entry.id),
            "step": {**step, "at": noon(step["due"])} if step else None,
            "months": followups["months"],
            "dates": [{"day": day, "at": noon(day)} for day in followups["dates"]],
            "level": entry.latest("visibility") or "team",
            "levels": LEVELS,
            "help": list(entry.every("help").values()),
        }

    def _count(self) -> dict[str, int]:
        racing = self.racing()
        return {"named": len(racing) - len(self.ownerless()), "entries": len(racing)}

    def _board(self) -> dict[str, Any]:
        """For the facilitator: what has no owner first, then who has not answered, then no first step."""
        rows = [self._care_row(entry) for entry in self.racing()]
        rows.sort(key=lambda row: (bool(row["care"].owner), row["step"] is not None, row["entry"]["number"]))
        people = [member.id for member in self.session.people.values() if self.able(member)]
        return {"rows": rows, "people": people}
