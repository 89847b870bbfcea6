"""The projector's side of a collecting phase: words as long as they fit, then groups with counts, or counts alone."""

from __future__ import annotations

from typing import Any

from sessions.activities.collect.cards import column_pile, pile_of
from sessions.activities.collect.faces import Faces
from sessions.activities.collect.heaps import Pile, draw, newest_that_fit, words_fit
from sessions.activity import Fragment

WORDS_ON_SCREEN = 36
"""Up to so many cards the projector shows their words, beyond it groups with counts."""


class Projector(Faces):
    """What the room sees."""

    def _part_wall(self, scope: str, key: str) -> Fragment | None:
        if self.visible_to == "team":
            return Fragment({"look": "teams", "teams": self._team_counts(), "goal": self.goal})
        if self.visible_to == "owner":
            return Fragment(
                {"look": "counts", "piles": self._column_counts(), "total": self.wall.piles.total}
            )
        if not self.revealed:
            silent = {"look": "silent", "reveal_at": self.reveal_at, "total": self.wall.piles.total}
            return Fragment(silent)
        return Fragment(self._words() or self._crowd() if self.wall.piles.total else {"look": "empty"})

    def _team_counts(self) -> list[dict[str, Any]]:
        teams = sorted(self.session.teams.values(), key=lambda team: team.number)
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
