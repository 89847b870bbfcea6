"""What a collecting phase hands on: groups as one card each, and the cards in no group."""

from __future__ import annotations

from collections.abc import Iterable

from sessions.activities.collect.cards import Slip
from sessions.activities.collect.table import CardTable
from sessions.outcome import Card, Outcome


class Harvest(CardTable):
    """The table when the phase hands on what lies on it."""

    def outcome(self) -> Outcome:
        """Groups as one card each, then the cards in no group; ``figures`` says what lies behind them."""
        groups = [(group, self._shown_in(group)) for group in self.wall.groups]
        groups = [(group, slips) for group, slips in groups if slips]
        return Outcome(
            cards=(
                *(self._group_card(g, slips) for g, slips in groups),
                *map(self._card, self._shown_in("")),
            ),
            figures={
                "groups": {group: [slip.id for slip in slips] for group, slips in groups},
                "merged": {slip.id: list(slip.merged) for slip in self.wall.cards.values() if slip.merged},
                "withdrawn": self.withdrawn,
            },
        )

    def handed_on(self, card: str) -> Card | None:
        slip, slips = self.wall.cards.get(card), self._shown_in(card) if card in self.wall.titles else []
        if slips:
            return self._group_card(card, slips)
        return self._card(slip) if slip is not None and slip.shown and not slip.group else None

    def _shown_in(self, group: str) -> list[Slip]:
        slips = (self.wall.cards[card] for card in self.wall.trays[group])
        return sorted((slip for slip in slips if slip.shown), key=lambda slip: slip.number)

    def _card(self, slip: Slip) -> Card:
        return Card(
            id=slip.id,
            text=slip.fields[self.sheet.main],
            fields=dict(slip.fields),
            authors=self._authors([slip]),
            team=slip.team,
            column=slip.column,
            link=slip.link,
            target=slip.target,
            count=slip.count,
        )

    def _group_card(self, group: str, slips: list[Slip]) -> Card:
        return Card(
            id=group,
            text=self.wall.titles[group],
            authors=self._authors(slips),
            team=_common(slip.team for slip in slips),
            column=_common(slip.column for slip in slips),
            link=_common(slip.link for slip in slips),
            target=_common(slip.target for slip in slips),
            count=sum(slip.count for slip in slips),
        )

    def _authors(self, slips: list[Slip]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(behind.author for slip in slips for behind in self.wall.behind(slip)))


def _common(values: Iterable[str]) -> str:
    """The value that all share; "" if they differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else ""
