"""The console's side of a collecting phase: cards to sort into groups, and those that came late."""

from __future__ import annotations

from typing import Any

from sessions.activities.collect.faces import Faces, newest_first
from sessions.activity import Fragment


class Sorting(Faces):
    """What the facilitator sees: every card with its author."""

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

    def _part_tally(self, scope: str, key: str) -> Fragment | None:
        loose, total = self.wall.trays.size(""), self.wall.trays.total
        counts = {"loose": loose, "total": total, "late": len(self.late), "withdrawn": self.withdrawn}
        silence = {"silent": not self.revealed, "reveal_at": self.reveal_at}
        return Fragment({**counts, **silence, "sorting": self._sorting})

    def _part_late(self, scope: str, key: str) -> Fragment | None:
        slip = self.late.get(key)
        if slip is None:
            return None
        data = {"card": self.face(slip), "author": slip.author, "made": slip.made, "at": slip.at}
        return Fragment(data, home="late", order=f"{slip.number:07d}")

    def _part_loose(self, scope: str, key: str) -> Fragment | None:
        return self._to_sort(key, grouped=False)

    def _part_sorted(self, scope: str, key: str) -> Fragment | None:
        return self._to_sort(key, grouped=True)

    def _to_sort(self, key: str, grouped: bool) -> Fragment | None:
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
        return Fragment(data, home="loose", order=f"{pile}-{newest_first(slip)}")

    def _place(self, group: str) -> str:
        """A group's key among the groups: in the order they were made."""
        return f"{list(self.wall.titles).index(group):04d}"

    def _part_tray(self, scope: str, key: str) -> Fragment | None:
        size = self.wall.trays.size(key) if key in self.wall.titles else 0
        if not size:
            return None
        some = [self.wall.cards[card].fields[self.sheet.main] for card in self.wall.trays.first(key, 3)]
        data = {"group": key, "title": self.wall.titles[key], "count": size, "some": some}
        return Fragment(data, home="trays", order=self._place(key))
