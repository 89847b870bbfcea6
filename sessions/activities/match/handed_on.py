"""What later phases and the archive get: offers and needs, agreements that stand, and counts. Who has said what of whom
is in none of it, nor who meets whom: later phases of this kind read that from the phase itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.match.outcomes import joint
from sessions.activities.match.state import MISSED, Agreement, Offer
from sessions.outcome import Card, Outcome

if TYPE_CHECKING:
    from sessions.activities.match import Match

AGREEMENT = "agreement"
PURCHASE = "purchase"
"""The kind of agreement that is counted apart: somebody has bought something."""


def outcome(match: Match) -> Outcome:
    """Offers and needs as cards (``column`` says which), then agreements that stand."""
    offers = [card_of(offer) for offer in match.state.offers.values() if not offer.withdrawn]
    agreements = [_agreement(found) for found in match.state.agreements.values() if found.stands]
    return Outcome(cards=(*offers, *agreements), figures=figures(match))


def figures(match: Match) -> dict[str, Any]:
    """Counts, and nothing of who."""
    state = match.state
    begun = [m for m in state.meetings.values() if m.slot <= state.slot]
    standing = [a for a in state.agreements.values() if a.stands]
    return {
        "offers": sum(not offer.withdrawn for offer in state.offers.values()),
        "mutual": sum(since > 0 for since in match.mutual.values()),
        "meetings": sum(m.stands for m in state.meetings.values()),
        "held": sum(m.stands for m in begun),
        "missed": sum(m.state == MISSED for m in begun),
        "outcomes": outcomes(match),
        "agreements": len({(frozenset(a.parties), a.kind) for a in standing if a.kind != PURCHASE}),
        "purchases": len({frozenset(a.parties) for a in standing if a.kind == PURCHASE}),
    }


def outcomes(match: Match) -> dict[str, int]:
    """How many pairs came to what, by what both have said."""
    found: dict[str, int] = {}
    for meeting in match.all_meetings.values():
        for one in meeting.people:
            for other in meeting.people:
                if one < other and match.held(meeting.id) is not None:
                    said = match.outcome_of(meeting.id, one, other), match.outcome_of(meeting.id, other, one)
                    word = joint(*said, over=not match.is_open)
                    found[word] = found.get(word, 0) + 1
    return found


def card_of(offer: Offer) -> Card:
    text = " – ".join(filter(None, (offer.title, offer.text)))
    return Card(
        id=offer.id,
        text=text,
        fields={"title": offer.title, **offer.fields},
        authors=(offer.owner,),
        column=offer.side,
        language=offer.language,
        at=offer.at,
        choice="session",
    )


def _agreement(found: Agreement) -> Card:
    return Card(
        id=found.id,
        text=found.step,
        fields={"step": found.step, "day": found.day, "kind": found.kind},
        authors=found.people,
        column=AGREEMENT,
        at=found.at,
    )


def handed_on(match: Match, card: str) -> Card | None:
    """One of the outcome's cards by its id."""
    offer, agreement = match.state.offers.get(card), match.state.agreements.get(card)
    if offer is not None and not offer.withdrawn:
        return card_of(offer)
    return _agreement(agreement) if agreement is not None and agreement.stands else None
