"""What an earlier event has handed on to this one. It is put into the log as events of this session, so that the log
tells all that it builds on; a phase names it among its inputs as ``@name.PHASE``.

Words go along where their authors let the programme see them, and nobody's name does: whoever took part there is
nobody here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sessions.messages import Event
from sessions.outcome import Card, Outcome, Ranked
from sessions.session_shapes import own_event
from sessions.sight import Circle
from sessions.viewers import card_reach

if TYPE_CHECKING:
    from sessions.session_view import SessionView


@dataclass
class Linked:
    """What one phase of an earlier event has handed on, as it was taken in."""

    ranking: tuple[Ranked, ...] = ()
    cards: dict[str, Card] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        return Outcome(tuple(self.cards.values()), self.ranking)


# ---- leaving the earlier event


def taken_from(session: SessionView, phase: str, name: str, head: str) -> Iterator[Event]:
    """The events, not yet stamped, by which another session takes in what a phase of this one has handed on. ``name``
    is what the other's format calls this event; ``head`` is the digest of this one's log, hex digits. The phase has
    been opened."""
    outcome = session.outcome(phase)
    handed = _handed_on(session, outcome)
    cards = [card for card in handed if card_reach(session, card) >= Circle.PROGRAMME]
    known = {card.id for card in cards}
    yield own_event(
        "outcome_taken_in",
        link=f"{name}.{phase}",
        source={"session": session.code, "seq": session.seq, "head": head},
        ranking=[
            {"option": _own(name, row.option), "place": row.place, "points": row.points, "kept": row.kept}
            for row in outcome.ranking
            if row.option in known
        ],
        cards=len(cards),
        withheld=len(handed) - len(cards),
    )
    for card in cards:
        yield _card_event(f"{name}.{phase}", name, card)


def _handed_on(session: SessionView, outcome: Outcome) -> list[Card]:
    """The cards of an outcome, and those that it only ranks."""
    cards = {card.id: card for card in outcome.cards}
    for row in outcome.ranking:
        card = cards.get(row.option) or session.card(row.option)
        if card is not None:
            cards[row.option] = card
    return list(cards.values())


def _own(name: str, card: str) -> str:
    return f"{name}-{card}"


def _card_event(link: str, name: str, card: Card) -> Event:
    return own_event(
        "card_taken_in",
        link=link,
        card=_own(name, card.id),
        column=card.column,
        count=card.count,
        language=card.language,
        at=card.at,
        titled=bool(card.titled_by),
        text=card.text,
        fields=dict(card.fields),
    )


# ---- coming into this one


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
