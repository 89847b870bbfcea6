"""How far an offer goes: to everybody in the session, as the form says, unless its owner has let fewer people see what
they write since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.match.state import Offer
from sessions.sight import Thing, may_see, reach_of
from sessions.viewers import author_of, viewer_in

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.messages import Event


def thing_of(match: Match, offer: Offer) -> Thing:
    """The offer, as sight asks for it."""
    owner = match.session.people.get(offer.owner)
    choice = "" if owner is not None and offer.seq <= owner.narrowed_seq else "session"
    consent = owner.consent if owner else None
    widest = (
        max(reach_of(choice or None, consent), reach_of(None, consent)) if choice else reach_of(None, consent)
    )
    return Thing(
        kind="offer",
        authors=frozenset({offer.owner}),
        session=match.session.code,
        phase=match.phase.id,
        reach=widest,
        state="withdrawn" if offer.withdrawn else "shown",
    )


def is_seen(match: Match, offer: Offer, view: str, scope: str) -> bool:
    """Whether all who share a view and a scope may read an offer."""
    author = author_of(match.session.people.get(offer.owner))
    return may_see(viewer_in(match.session, view, scope), thing_of(match, offer), author, match.at).text


def things(match: Match, event: Event) -> Iterator[Thing]:
    """Only the words of offers leave the house, and of each only those that stand there last."""
    if event.kind not in ("offer_posted", "offer_changed"):
        return
    offer = match.state.offers.get(event.body["card"])
    if offer is not None and offer.seq == event.seq:
        yield thing_of(match, offer)


def withholds(match: Match, kind: str) -> bool:
    """Who wants to meet whom, and what each side says of a meeting, is for the house alone."""
    return kind in ("interest_said", "outcome_said")
