"""What goes on from one phase to the next: who may see whose contact data, what was held and what came of it, and for
which side somebody speaks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from sessions.activities.match.planning.problem import pair

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.activities.match.state import Agreement, Meeting


def offers_contact(match: Match, person: str, other: str) -> bool:
    """Whether somebody lets somebody see their contact data, if both want to meet: as they have said, else as they
    have ticked when they checked in."""
    said = match.merged(lambda state: state.contacts).get((person, other))
    member = match.session.people.get(person)
    return bool(member and member.facts.get("contact_optin")) if said is None else bool(said)


def shares_contact(match: Match, one: str, other: str) -> bool:
    """Whether two see each other's contact data: both want to meet, and both let the other see them."""
    mutual = match.mutual.get(pair(one, other), 0.0) > 0
    return mutual and match.offers_contact(one, other) and match.offers_contact(other, one)


def held(match: Match, meeting: str) -> Meeting | None:
    """A meeting that is over and stands, here or in a phase that this one goes on from."""
    for activity in (match, *match.earlier):
        found = activity.state.meetings.get(meeting)
        over = activity.state.over or (found is not None and found.slot < activity.state.slot)
        if found is not None and found.stands and found.slot <= activity.state.slot and over:
            return found
    return None


def outcome_of(match: Match, meeting: str, by: str, about: str) -> str:
    """What somebody has said of a meeting with somebody; "" for nothing."""
    return str(match.merged(lambda state: state.outcomes).get((meeting, by, about), ""))


def party_of(match: Match, person: str) -> str:
    """The side that somebody speaks for: their organisation, or they themselves."""
    member = match.session.people.get(person)
    return (member.organisation if member else "") or person


def side_in(match: Match, agreement: Agreement, person: str) -> str:
    """The side of an agreement that somebody speaks for, as it was written down; "" for none: names of
    organisations may have been found to stand for one since."""
    own, now = match.party_of(person), match.session.organisation_of
    return next((party for party in agreement.parties if now(party) == own), "")


def limits(match: Match, live: Iterable[Meeting]) -> dict[str, int]:
    """How many more meetings somebody's offers are good for, where each of them says how many."""
    most: dict[str, list[int]] = {}
    for offer in match.all_offers.values():
        if not offer.withdrawn:
            most.setdefault(offer.owner, []).append(offer.most)
    left = {person: sum(each) for person, each in most.items() if all(each)}
    for person in chain.from_iterable(meeting.people for meeting in live) if left else ():
        if person in left:
            left[person] -= 1
    return left
