"""What each view sees of a collecting phase's cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from sessions.activities.collect.cards import Slip, column_pile, pile_of
from sessions.activities.collect.heaps import Pile, draw, newest_that_fit, words_fit
from sessions.activities.collect.sheet import MAX_TEXT
from sessions.activities.collect.table import ON_PHONE, CardTable
from sessions.activity import Shown
from sessions.audience import EVERYBODY, scope_of, scope_type
from sessions.messages import Text

CONSOLE = frozenset({"console"})
WORDS_ON_SCREEN = 36
"""Up to so many cards the projector shows their words, beyond it groups with counts."""
FEW = 20
"""A limit per person up to which it is worth telling."""
ORDER = {"role": "1", "person": "2", "team": "3", "all": "4"}
"""On a phone the form comes first, then mine, then the others'."""


class CardViews(CardTable):
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

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Shown | None:
        if part:
            return self._show_part(scope, part, key) if view in self.parts[part] else None
        panes: Mapping[tuple[str, str], Callable[[str], dict[str, Any] | None]] = {
            ("phone", "role"): self._form_pane,
            ("phone", "person"): self._own_pane,
            ("mine", "person"): self._own_pane,
            ("phone", "team"): self._team_pane,
            ("team", "team"): self._team_pane,
            ("phone", "all"): self._others_pane,
            ("screen", "all"): lambda _: {},
            ("console", "all"): self._console_pane,
        }
        pane = panes.get((view, scope_type(scope)))
        data = pane(scope) if pane else None
        return None if data is None else Shown(data, order=ORDER[scope_type(scope)])

    def _show_part(self, scope: str, part: str, key: str) -> Shown | None:
        shown: Callable[[str, str], Shown | None] = getattr(self, f"_part_{part}")
        return shown(scope, key)

    # ---- phone, mine, team

    def _form_pane(self, scope: str) -> dict[str, Any] | None:
        acts = scope_of(scope) in self.phase.spec.who
        if not acts and not self.phase.main:
            return None
        return {
            "acts": acts,
            "fields": [self._blank(name) for name in self.sheet.fields],
            "columns": self._choices(),
            "needs": list(self.sheet.needs.values()),
            "linked": self.sheet.linked,
            "entries": self._entries(),
            "about_entries": self.sheet.about_entries,
            "limit": self._limit(),
            "max_text": MAX_TEXT,
            "closed_at": self.phase.closed_at,
        }

    def _blank(self, name: str) -> dict[str, Any]:
        sheet = self.sheet
        main = name == sheet.main
        return {"name": name, "label": sheet.label(name), "hint": sheet.hint(name), "main": main}

    def _choices(self) -> list[tuple[str, Text]]:
        columns = self.sheet.columns
        return [(column, self.sheet.label(column)) for column in columns] if len(columns) > 1 else []

    def _entries(self) -> list[Any]:
        return [e for e in self.room.entries.values() if e.in_race] if self.sheet.about_entries else []

    def _limit(self) -> int:
        return self.per_person if self.per_person <= FEW else 0

    def _own_pane(self, scope: str) -> dict[str, Any] | None:
        person = self.person_in(scope)
        cards = list(reversed(self.written.get(scope_of(scope), {})))
        if person is None or (person.role not in self.phase.spec.who and not cards):
            return None
        return {"cards": cards}

    def _part_left(self, scope: str, key: str) -> Shown | None:
        person = scope_of(scope)
        return Shown({"count": self.live.get(person, 0), "limit": self._limit()})

    def _part_own(self, scope: str, key: str) -> Shown | None:
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
        return Shown(data, home="own", order=newest_first(slip))

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

    def _part_goal(self, scope: str, key: str) -> Shown | None:
        if self.visible_to == "all":
            return None
        return Shown({"count": len(self.of_team.get(scope_of(scope), ())), "goal": self.goal})

    def _others_pane(self, scope: str) -> dict[str, Any] | None:
        if self.visible_to != "all":
            return None
        cards = [slip.id for slip in self.wall.latest] if self.revealed else []
        return {"silent": not self.revealed, "reveal_at": self.reveal_at, "cards": cards, "most": ON_PHONE}

    def _part_card(self, scope: str, key: str) -> Shown | None:
        slip = self.wall.cards.get(key)
        if slip is None or not self._may_read(slip, scope):
            return None
        return Shown({"card": self.face(slip)}, home="cards", order=self._team_order(key))

    def _team_order(self, card: str) -> str:
        """By entry, the newest first."""
        slip = self.wall.cards[card]
        entry = self.room.entries.get(slip.target)
        return f"{entry.number if entry else 0:04d}-{newest_first(slip)}"

    def _may_read(self, slip: Slip, scope: str) -> bool:
        if not slip.shown:
            return False
        if scope_type(scope) == "team":
            return self.readers(slip) == scope_of(scope)
        open_to_all = self.visible_to == "all" and self.revealed
        return open_to_all and scope == EVERYBODY and slip.number in self.wall.newest

    def face(self, slip: Slip) -> dict[str, Any]:
        """What a card shows to whoever may see it: never its author."""
        sheet = self.sheet
        need = sheet.needs.get(slip.link)
        return {
            "id": slip.id,
            "number": slip.number,
            "text": slip.fields.get(sheet.main, ""),
            "rest": [(sheet.label(name), text) for name, text in slip.fields.items() if name != sheet.main],
            "column": sheet.label(slip.column) if len(sheet.columns) > 1 else None,
            "need": need.text if need else "",
            "about": slip.about,
            "language": slip.language,
            "count": slip.count,
        }

    # ---- console

    def _console_pane(self, scope: str) -> dict[str, Any]:
        groups = self.wall.groups
        return {
            "sorting": self._sorting,
            "loose": self._tray(""),
            "groups": groups,
            "sorted": [card for group in groups for card in self._tray(group)],
            "late": list(self.late),
        }

    @property
    def _sorting(self) -> bool:
        """Whether the cards are laid into groups here; those of a side channel are only read."""
        return self.phase.main and self.visible_to != "owner"

    def _tray(self, group: str) -> list[str]:
        return self.wall.in_order(self.wall.trays[group])[::-1]

    def _part_tally(self, scope: str, key: str) -> Shown | None:
        loose, total = self.wall.trays.size(""), self.wall.trays.total
        counts = {"loose": loose, "total": total, "late": len(self.late), "withdrawn": self.withdrawn}
        silence = {"silent": not self.revealed, "reveal_at": self.reveal_at}
        return Shown({**counts, **silence, "sorting": self._sorting})

    def _part_late(self, scope: str, key: str) -> Shown | None:
        slip = self.late.get(key)
        if slip is None:
            return None
        data = {"card": self.face(slip), "author": slip.author, "made": slip.made, "at": slip.at}
        return Shown(data, home="late", order=f"{slip.number:07d}")

    def _part_loose(self, scope: str, key: str) -> Shown | None:
        return self._to_sort(key, grouped=False)

    def _part_sorted(self, scope: str, key: str) -> Shown | None:
        return self._to_sort(key, grouped=True)

    def _to_sort(self, key: str, grouped: bool) -> Shown | None:
        """One list, what is to sort first; a card that changes sides is a new fragment without its tick."""
        slip = self.wall.cards.get(key)
        if slip is None or not slip.standing or bool(slip.group) != grouped:
            return None
        data = {
            "card": self.face(slip),
            "author": slip.author,
            "hidden": slip.hidden,
            "sorting": self._sorting,
            "group": self.wall.titles.get(slip.group, ""),
        }
        pile = f"1-{self._place(slip.group)}" if grouped else "0"
        return Shown(data, home="loose", order=f"{pile}-{newest_first(slip)}")

    def _place(self, group: str) -> str:
        """A group's key among the groups: in the order they were made."""
        return f"{list(self.wall.titles).index(group):04d}"

    def _part_tray(self, scope: str, key: str) -> Shown | None:
        size = self.wall.trays.size(key) if key in self.wall.titles else 0
        if not size:
            return None
        some = [self.wall.cards[card].fields[self.sheet.main] for card in self.wall.trays.first(key, 3)]
        data = {"group": key, "title": self.wall.titles[key], "count": size, "some": some}
        return Shown(data, home="trays", order=self._place(key))

    # ---- projector

    def _part_wall(self, scope: str, key: str) -> Shown | None:
        if self.visible_to == "team":
            return Shown({"look": "teams", "teams": self._team_counts(), "goal": self.goal})
        if self.visible_to == "owner":
            return Shown({"look": "counts", "piles": self._column_counts(), "total": self.wall.piles.total})
        if not self.revealed:
            silent = {"look": "silent", "reveal_at": self.reveal_at, "total": self.wall.piles.total}
            return Shown(silent)
        return Shown(self._words() or self._crowd() if self.wall.piles.total else {"look": "empty"})

    def _team_counts(self) -> list[dict[str, Any]]:
        teams = sorted(self.room.teams.values(), key=lambda team: team.number)
        return [{"number": t.number, "name": t.name, "count": len(self.of_team.get(t.id, ()))} for t in teams]

    def _column_counts(self) -> list[dict[str, Any]]:
        return [{"label": self.sheet.label(c), "count": self._in_column(c)} for c in self.sheet.columns]

    def _in_column(self, column: str) -> int:
        return self.wall.piles.size(column_pile(column))

    def _piles(self) -> list[Pile]:
        """Every pile with cards on it: the groups, then the columns (or what lies in no group)."""
        wall, columns = self.wall, self.sheet.columns or [""]
        groups = [Pile(group, wall.titles[group], None) for group in wall.groups if wall.piles.size(group)]
        titled = len(columns) > 1
        rest = [Pile(column_pile(c), "", self.sheet.label(c) if titled else None) for c in columns]
        return [*groups, *(pile for pile in rest if wall.piles.size(pile.key))]

    def _words(self) -> dict[str, Any] | None:
        """All cards with their words, if they fit."""
        if self.wall.piles.total > WORDS_ON_SCREEN:
            return None
        piles = [(pile, self.wall.on(pile.key)) for pile in self._piles()]
        titled = len(piles) > 1 or bool(piles[0][0].title or piles[0][0].label)
        texts = [[slip.fields[self.sheet.main] for slip in slips] for _, slips in piles]
        if not words_fit(texts, titled):
            return None
        shown = [{"pile": pile, "cards": [self.face(slip) for slip in slips]} for pile, slips in piles]
        return {"look": "words", "piles": shown, "titled": titled, "newest": self.wall.latest[0].id}

    def _crowd(self) -> dict[str, Any]:
        """Groups with counts, and the newest cards in full."""
        piles = self._piles()
        latest = self.wall.latest[:4]
        sizes = {pile.key: self.wall.piles.size(pile.key) for pile in piles}
        fresh = {pile_of(slip) for slip in latest}
        title = {pile.key: pile for pile in piles}
        newest = [(self.face(s), title[pile_of(s)]) for s in latest]
        fitting = newest_that_fit([face["text"] for face, _ in newest])
        return {"look": "crowd", **draw(piles, sizes, fresh), "newest": newest[:fitting]}


def newest_first(slip: Slip) -> str:
    """A card's key in a list whose newest card stands on top."""
    return f"{10**7 - slip.number:07d}"
