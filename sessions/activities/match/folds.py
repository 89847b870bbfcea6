"""Offers, wishes, outcomes and agreements, folded in, and which fragments each event changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.match import changes
from sessions.activities.match.planning.problem import Pair
from sessions.activities.match.state import Agreement, Offer
from sessions.activity import Change, Changed, Withdrawn
from sessions.messages import Event

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.activities.match.events import (
        AgreementDrafted,
        BenefitRated,
        FreeSaid,
        OfferChanged,
        OfferPosted,
        OfPersonInPair,
        TermsChanged,
        TermsConfirmed,
    )


# ---- the board


def offer_posted(match: Match, event: Event) -> Iterator[Change]:
    body: OfferPosted = event.body
    offer = Offer(
        id=body["card"],
        number=len(match.state.offers) + 1,
        owner=event.actor,
        side=body["side"],
        kind=body["category"],
        most=body["most"],
        title=body["title"] or "",
        text=body["text"] or "",
        fields=dict(body["fields"] or {}),
        language=body["language"],
        at=event.at,
        seq=event.seq,
    )
    match.state.offers[offer.id] = offer
    yield from changes.of_offer(match, offer)


def offer_changed(match: Match, event: Event) -> Iterator[Change]:
    body: OfferChanged = event.body
    offer = match.state.offers[body["card"]]
    offer.title, offer.text = body["title"] or "", body["text"] or ""
    offer.fields, offer.most, offer.seq = dict(body["fields"] or {}), body["most"], event.seq
    yield from changes.of_offer(match, offer)


def offer_withdrawn(match: Match, event: Event) -> Iterator[Change]:
    offer = match.state.offers[event.body["card"]]
    offer.withdrawn, offer.title, offer.text, offer.fields = True, "", "", {}
    yield from changes.of_offer(match, offer)
    yield Withdrawn(f"card:{offer.id}")


# ---- wishes


def interest_said(match: Match, event: Event) -> Iterator[Change]:
    """In a file that was handed out nothing of it is there."""
    first = not any(one == event.actor for one, _ in match.state.said)
    for other, answer in (event.body.get("answers") or {}).items():
        match.state.said[event.actor, other] = answer
    yield changes.marks(event.actor)
    if first:  # who has said anything at all is counted, whatever it was
        yield Changed("progress")


def _pair(event: Event) -> Pair:
    one, other = event.body["pair"]
    return one, other


def mutual_found(match: Match, event: Event) -> Iterator[Change]:
    match.state.mutual[_pair(event)] = event.at
    yield from changes.own(_pair(event))


def mutual_ended(match: Match, event: Event) -> Iterator[Change]:
    match.state.mutual[_pair(event)] = 0.0
    yield from changes.own(_pair(event))


def contact_offered(match: Match, event: Event) -> Iterator[Change]:
    yield from _contact(match, event, offered=True)


def contact_kept(match: Match, event: Event) -> Iterator[Change]:
    yield from _contact(match, event, offered=False)


def _contact(match: Match, event: Event, offered: bool) -> Iterator[Change]:
    body: OfPersonInPair = event.body
    one, other = body["pair"]
    match.state.contacts[body["person"], one if body["person"] == other else other] = offered
    yield from changes.own((one, other))


def free_said(match: Match, event: Event) -> Iterator[Change]:
    body: FreeSaid = event.body
    match.state.free[event.actor] = match.free_of(body)
    yield from changes.own([event.actor])


# ---- what came of it


def outcome_said(match: Match, event: Event) -> Iterator[Change]:
    """In a file that was handed out nothing of it is there."""
    if event.body:
        meeting, by, about = event.body["meeting"], event.body["by"], event.body["about"]
        match.state.outcomes[meeting, by, about] = event.body["answer"]
        yield from changes.own((by, about))
    yield from (Changed("progress"), *changes.room())


def agreement_drafted(match: Match, event: Event) -> Iterator[Change]:
    body: AgreementDrafted = event.body
    people = tuple(body["people"])
    parties = tuple(match.party_of(person) for person in people)
    made = Agreement(
        body["agreement"], people, parties, body["category"], body["step"] or "", body["day"], event.at
    )
    made.confirmed = {match.party_of(event.actor): 1}
    match.state.agreements[made.id] = made
    yield from _agreement(made)


def terms_changed(match: Match, event: Event) -> Iterator[Change]:
    body: TermsChanged = event.body
    found = match.state.agreements[body["agreement"]]
    found.kind, found.step, found.day = body["category"], body["step"] or "", body["day"]
    found.change(match.side_in(found, event.actor))
    yield from _agreement(found)


def terms_confirmed(match: Match, event: Event) -> Iterator[Change]:
    body: TermsConfirmed = event.body
    found = match.state.agreements[body["agreement"]]
    found.confirmed[match.side_in(found, event.actor)] = body["revision"]
    yield from _agreement(found)


def terms_declined(match: Match, event: Event) -> Iterator[Change]:
    found = match.state.agreements[event.body["agreement"]]
    found.declined = True
    yield from _agreement(found)


def benefit_rated(match: Match, event: Event) -> Iterator[Change]:
    body: BenefitRated = event.body
    found = match.state.agreements[body["agreement"]]
    found.ratings[match.side_in(found, event.actor)] = body["score"]
    yield from _agreement(found)


def _agreement(found: Agreement) -> Iterator[Change]:
    yield from changes.own(found.people)
    yield from (Changed("progress"), *changes.room())
