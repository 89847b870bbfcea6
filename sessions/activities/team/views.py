"""What people see of forming teams: their wishes, their table, all tables, and the facilitator's board."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sessions.activities.team.forming import WISHING, Forming, Request
from sessions.activities.team.mix import coverage
from sessions.activities.team.seating import Table
from sessions.activity import Fragment
from sessions.audience import STAFF, TEAM_PEOPLE, scope_of, scope_type
from sessions.messages import Text

ON_SCREEN = 48
"""Characters of a need that fit a table on the projector."""


class TeamViews(Forming):
    """What each pane shows of the forming of teams."""

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        if part:
            return self._part(part, key)
        kind = scope_type(scope)
        if kind == "role":
            return self._for_role(view, scope_of(scope))
        if kind == "team":
            table = self.seating.tables.get(scope_of(scope))
            return Fragment(self.card(table)) if table and self.seating.confirmed else None
        if kind == "person":
            return self._mine(view, scope_of(scope))
        return Fragment({"stage": self.stage, "asking": self._asking() if view == "console" else []})

    def _part(self, part: str, key: str) -> Fragment | None:
        if part == "turnout":
            return Fragment(self._turnout()) if self.stage == WISHING else None
        if part == "request":
            return self._request(self.requests.get(key))
        if self.stage == WISHING:
            return Fragment({"rows": []} | self._people()) if part == "board" else None
        return Fragment(self._board() if part == "board" else self._tables())

    def _for_role(self, view: str, role: str) -> Fragment | None:
        """The form of the moment, the same for everybody in a role; staff's desk in the team view."""
        if role in STAFF and view == "team":
            return self._desk()
        if role not in TEAM_PEOPLE or (view == "team" and not self.seating.confirmed):
            return None
        if self.stage != WISHING:
            return Fragment({"stage": self.stage, "choices": self._choices()}, order="7")
        if not self.is_open or not self.needs:
            return None
        needs = list(self.needs.values())
        return Fragment({"stage": self.stage, "needs": needs, "count": self.rules.get("wishes", 2)})

    def _desk(self) -> Fragment | None:
        """What staff needs once the phase is over: people leave at night."""
        if self.is_open or not self.seating.confirmed:
            return None
        asks = [shown.data for person in self._asking() if (shown := self._request(self.requests[person]))]
        return Fragment({**self._board(), "asks": asks, "desk": True})

    def _mine(self, view: str, person: str) -> Fragment | None:
        wishes = [self.needs[need].text for need in self.wishes.get(person, ()) if need in self.needs]
        if view == "mine":
            return Fragment({"wishes": wishes}) if wishes else None
        if not self.placeable(person) or (view == "team" and not self.seating.confirmed):
            return None
        table, request = self.seating.table_of(person), self.requests.get(person)
        data = {
            "stage": self.stage,
            "wishes": wishes,
            "draft": self.card(table) if table and not self.seating.confirmed else None,
            "seated": table is not None,
            "request": request,
            "wanted": self.seating.tables.get(request.team) if request else None,
        }
        return Fragment(data, order="3")

    def _asking(self) -> list[str]:
        return [request.person for request in self.requests.values() if not request.declined]

    def _turnout(self) -> dict[str, int]:
        wishing = self.session.present_people(TEAM_PEOPLE)
        return {"wished": sum(m.id in self.wishes for m in wishing), "people": len(wishing)}

    def _request(self, request: Request | None) -> Fragment | None:
        if request is None or request.declined:
            return None
        now, wanted = self.seating.table_of(request.person), self.seating.tables.get(request.team)
        return Fragment({"request": request, "now": now, "wanted": wanted}, "requests", f"{request.seq:09d}")

    def _choices(self) -> list[dict[str, Any]]:
        """The tables, for those who choose one of them."""
        return [
            {
                "id": t.id,
                "number": t.number,
                "name": t.name,
                "need": self.need_text(t),
                "free": max(0, self.mix.max_size - len(t.members)),
            }
            for t in self.seating.tables.values()
        ]

    def card(self, table: Table) -> dict[str, Any]:
        """A team with its people, for those who are in it and for the board."""
        people = [
            {
                "id": person,
                "areas": self._words(self.candidate(person).areas),
                "leads": person == table.leader,
                "gone": not self.placeable(person),
                "present": self.session.people[person].present,
            }
            for person in table.members
        ]
        return {"team": table, "need": self.need_text(table), "people": people}

    def need_text(self, table: Table) -> str:
        need = self.needs.get(table.need)
        return need.text if need else ""

    def _words(self, areas: Iterable[str]) -> list[Text | str]:
        return [self.areas.get(area, area) for area in sorted(areas)]

    def _board(self) -> dict[str, Any]:
        rows = [
            {**self.card(t), "broken": self.broken(t), "entries": self.session.entries_of(t.id)}
            for t in self.seating.tables.values()
        ]
        return {"rows": rows, **self._people()}

    def _people(self) -> dict[str, Any]:
        unplaced = [
            {"member": member, "areas": self._words(member.competences), "wishes": self._wished(member.id)}
            for member in self.unplaced()
        ]
        needs = list(self.needs.values())
        return {"stage": self.stage, "unplaced": unplaced, "choices": self._choices(), "needs": needs}

    def _wished(self, person: str) -> list[str]:
        known = (self.needs[need] for need in self.wishes.get(person, ()) if need in self.needs)
        return [shortened(need.text, ON_SCREEN) for need in known]

    def _tables(self) -> dict[str, Any]:
        """The projector's tables: numbers, names, needs and seats, never a person."""
        tables = [self._seats(table) for table in self.seating.tables.values()]
        return {"tables": tables, "placed": len(self.seating.seat), "unplaced": len(self.unplaced())}

    def _seats(self, table: Table) -> dict[str, Any]:
        taken = len(table.members)
        areas = coverage([self.candidate(person) for person in table.members])
        return {
            "number": table.number,
            "name": table.name,
            "need": shortened(self.need_text(table), ON_SCREEN),
            "taken": taken,
            "seats": max(taken, min(self.mix.target, self.mix.max_size)),
            "cover": [self.areas.get(area, area) for area in areas],
            "broken": self.broken(table),
        }


def shortened(text: str, limit: int) -> str:
    """The text's first words, at most ``limit`` characters with the mark of leaving out."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rpartition(" ")[0].rstrip(",;:–- ") + " …"
