"""What an earlier event has handed on to this one. It is put into the log as events of this session, so that the log
tells all that it builds on; a phase names it among its inputs as ``@name.PHASE``.

How it leaves the other event stands in handing_on.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sessions.outcome import Card, Outcome, Ranked


@dataclass
class Linked:
    """What one phase of an earlier event has handed on, as it was taken in."""

    ranking: tuple[Ranked, ...] = ()
    cards: dict[str, Card] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        return Outcome(tuple(self.cards.values()), self.ranking)


def ranked(body: Mapping[str, Any]) -> tuple[Ranked, ...]:
    """The ranking of an ``outcome_taken_in``."""
    return tuple(Ranked(row["option"], row["place"], row["points"], row["kept"]) for row in body["ranking"])


def card_in(body: Mapping[str, Any]) -> Card:
    """The card of a ``card_taken_in``; without words once they have been erased."""
    return Card(
        id=body["card"],
        text=body["text"] or "",
        fields=body["fields"] or {},
        column=body["column"],
        count=body["count"],
        choice="programme",
        language=body["language"],
        at=body["at"],
        titled_by=body["link"] if body["titled"] else "",
    )
