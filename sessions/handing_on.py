"""What a phase of an event hands on to another event: words go along where the programme may read them, as an export
for it would hold them (see levels.py), and nobody's name does. Whoever took part here is nobody there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sessions.agenda import OPEN
from sessions.levels import PROGRAMME, kept_back, viewer_at
from sessions.outcome import Card, Outcome
from sessions.session_shapes import own_event

if TYPE_CHECKING:
    from sessions.messages import Event
    from sessions.session import Session


class NotYet(Exception):
    """What a phase hands on is not to be known yet; the text says why."""


def taken_from(
    session: Session, log: Sequence[Event], phase: str, name: str, head: str, now: float
) -> Iterator[Event]:
    """The events, not yet stamped, by which another session takes in what a phase of this one has handed on. ``log``
    is this one's, ``name`` what the other's format calls this event, ``head`` the digest of the log (hex digits),
    ``now`` wall time. Raises NotYet."""
    held = session.agenda.get(phase)
    if held is None or held.activity is None:
        raise NotYet(f"has not held a phase {phase}")
    if held.state == OPEN or held.activity.conceals("kept"):
        raise NotYet(f"has not shown yet what came of {phase}")
    outcome = held.activity.outcome()
    handed = _handed_on(session, outcome)
    cards = [card for card in handed if _may_leave(session, log, card, now)]
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


def _handed_on(session: Session, outcome: Outcome) -> list[Card]:
    """The cards of an outcome, and those that it only ranks."""
    cards = {card.id: card for card in outcome.cards}
    for row in outcome.ranking:
        card = cards.get(row.option) or session.card(row.option)
        if card is not None:
            cards[row.option] = card
    return list(cards.values())


def _may_leave(session: Session, log: Sequence[Event], card: Card, now: float) -> bool:
    """Whether the programme may read all that somebody has written into a card: what was said of it last, by each kind
    of event, also of those that stand behind it."""
    latest: dict[tuple[str, str], Event] = {}
    for event in log:
        if words := session.words_of(event.kind, event.phase):
            bare = {name: None if name in words else value for name, value in event.body.items()}
            latest |= {
                (event.kind, named): event._replace(body=bare) for named in card.ids if _names(bare, named)
            }
    viewer = viewer_at(session, PROGRAMME)
    return bool(latest) and not any(kept_back(session, event, viewer, now) for event in latest.values())


def _names(body: Mapping[str, Any], card: str) -> bool:
    return any(value == card or (isinstance(value, list) and card in value) for value in body.values())


def _own(name: str, card: str) -> str:
    """No id of a phase or a card has a dot in it."""
    return f"{name}.{card}"


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
