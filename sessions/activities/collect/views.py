"""What each view sees of a collecting phase's cards: here the phone, and the way to the other views."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sessions.activities.collect.cards import Slip
from sessions.activities.collect.faces import newest_first
from sessions.activities.collect.projector import Projector
from sessions.activities.collect.sheet import MAX_TEXT
from sessions.activities.collect.sorting import Sorting
from sessions.activities.collect.table import ON_PHONE
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, scope_of, scope_type
from sessions.messages import Text

if TYPE_CHECKING:
    from sessions.people import Member

CONSOLE = frozenset({"console"})
FEW = 20
"""A limit per person up to which it is worth telling."""
ORDER = {"role": "1", "person": "2", "team": "3", "all": "4"}
"""On a phone the form comes first, then mine, then the others'."""


class CardViews(Sorting, Projector):
    """``show`` for every view. Staff and its author see a hidden card; only staff see who wrote it."""

    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "card": frozenset({"phone", "team"}),
        "goal": frozenset({"phone", "team"}),
        "own": frozenset({"phone", "mine"}),
        "left": frozenset({"phone", "mine"}),
        "loose": CONSOLE,
        "sorted": CONSOLE,
        "tray": CONSOLE,
        "late": CONSOLE,
        "tally": CONSOLE,
        "wall": frozenset({"screen"}),
    }

    # ---- what a fragment shows

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        if part:
            return self._show_part(scope, part, key) if view in self.parts[part] else None
        panes: Mapping[tuple[str, str], Callable[[str], dict[str, Any] | None]] = {
            ("phone", "role"): self._form_pane,
            ("phone", "person"): self._own_pane,
            ("mine", "person"): self._cards_pane,
            ("phone", "team"): self._team_pane,
            ("team", "team"): self._team_pane,
            ("phone", "all"): self._others_pane,
            ("screen", "all"): lambda _: {},
            ("console", "all"): self._console_pane,
        }
        pane = panes.get((view, scope_type(scope)))
        data = pane(scope) if pane else None
        return None if data is None else Fragment(data, order=ORDER[scope_type(scope)])

    def _show_part(self, scope: str, part: str, key: str) -> Fragment | None:
        shown: Callable[[str, str], Fragment | None] = getattr(self, f"_part_{part}")
        return shown(scope, key)

    # ---- phone, mine, team

    def _form_pane(self, scope: str) -> dict[str, Any] | None:
        acts = scope_of(scope) in self.phase.spec.who
        if not acts and not self.phase.main:
            return None
        shared = self.is_open and acts and not self.sheet.personal
        return {
            "acts": acts,
            "closed_at": self.phase.closed_at,
            "blank": self._blank_card() if shared else None,
        }

    def _blank_card(self, person: Member | None = None) -> dict[str, Any]:
        """The form for a new card; for one ``person`` where not everybody of a role may write the same."""
        return {
            "fields": [self._blank(name) for name in self.sheet.fields],
            "columns": self._choices(),
            "needs": list(self.sheet.needs.values()),
            "linked": self.sheet.linked,
            "entries": self.sheet.targets_of(person) if person else [],
            "about_entries": self.sheet.about_entries,
            "max_text": MAX_TEXT,
        }

    def _blank(self, name: str) -> dict[str, Any]:
        sheet = self.sheet
        main = name == sheet.main
        return {"name": name, "label": sheet.label(name), "hint": sheet.hint(name), "main": main}

    def _choices(self) -> list[tuple[str, Text]]:
        columns = self.sheet.columns
        return [(column, self.sheet.label(column)) for column in columns] if len(columns) > 1 else []

    def _limit(self) -> int:
        return self.per_person if self.per_person <= FEW else 0

    def _own_pane(self, scope: str) -> dict[str, Any] | None:
        """A person's cards, and the form where it is each person's own, or why there is none."""
        person, cards = self.person_in(scope), self._cards_pane(scope)
        if person is None or cards is None:
            return None
        asked = self.is_open and self.sheet.personal and person.role in self.phase.spec.who
        barred = self.sheet.barred(person) if asked else ""
        return {
            **cards,
            "barred": barred,
            "blank": self._blank_card(person) if asked and not barred else None,
        }

    def _cards_pane(self, scope: str) -> dict[str, Any] | None:
        person = self.person_in(scope)
        cards = list(reversed(self.written.get(scope_of(scope), {})))
        if person is None or (person.role not in self.phase.spec.who and not cards):
            return None
        return {"cards": cards}

    def _part_left(self, scope: str, key: str) -> Fragment | None:
        person = scope_of(scope)
        return Fragment({"count": self.live.get(person, 0), "limit": self._limit()})

    def _part_own(self, scope: str, key: str) -> Fragment | None:
        slip = self.card(key)
        if slip is None or slip.author != scope_of(scope):
            return None
        data = {
            "card": self.face(slip),
            "status": self._status(slip),
            "edited": slip.edited_at > 0,
            "at": slip.withdrawn_at or slip.edited_at or slip.at,
            "stands_with": self.wall.cards[slip.into].number if slip.into else 0,
            "values": slip.fields,
            "fields": [self._blank(name) for name in self.sheet.fields],
            "columns": self._choices(),
            "column": slip.column,
            "max_text": MAX_TEXT,
        }
        return Fragment(data, home="own", order=newest_first(slip))

    def _status(self, slip: Slip) -> str:
        if slip.withdrawn:
            return "withdrawn"
        if slip.id in self.late:
            return "late"
        if slip.hidden:
            return "hidden"
        return "merged" if slip.into else "sent"

    def _team_pane(self, scope: str) -> dict[str, Any] | None:
        team = self.team_in(scope)
        if team is None or self.visible_to == "all":
            return None
        need = self.sheet.needs.get(team.need)
        cards = sorted(self.of_team.get(team.id, ()), key=self._team_order)
        return {"cards": cards, "need": need.text if need else "", "about_us": self.visible_to == "owner"}

    def _part_goal(self, scope: str, key: str) -> Fragment | None:
        if self.visible_to == "all":
            return None
        return Fragment({"count": len(self.of_team.get(scope_of(scope), ())), "goal": self.goal})

    def _others_pane(self, scope: str) -> dict[str, Any] | None:
        if self.visible_to != "all":
            return None
        cards = [slip.id for slip in self.wall.latest] if self.revealed else []
        return {"silent": not self.revealed, "reveal_at": self.reveal_at, "cards": cards, "most": ON_PHONE}

    def _part_card(self, scope: str, key: str) -> Fragment | None:
        slip = self.wall.cards.get(key)
        if slip is None or not self._may_read(slip, scope):
            return None
        return Fragment({"card": self.face(slip)}, home="cards", order=self._team_order(key))

    def _team_order(self, card: str) -> str:
        """By entry, the newest first."""
        slip = self.wall.cards[card]
        entry = self.session.entries.get(slip.target)
        return f"{entry.number if entry else 0:04d}-{newest_first(slip)}"

    def _may_read(self, slip: Slip, scope: str) -> bool:
        if not slip.shown:
            return False
        if scope_type(scope) == "team":
            return self.readers(slip) == scope_of(scope)
        open_to_all = self.visible_to == "all" and self.revealed
        return open_to_all and scope == EVERYBODY and slip.number in self.wall.newest
