"""What participants ask: to work on a need, for a place in another team; and the no that staff may give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sessions.activities.team.changes import request_changed
from sessions.activities.team.checks import MAX_REASON, refuse_seat
from sessions.activities.team.team_draft import Request
from sessions.activity import Change, Changed, too_long
from sessions.audience import person_scope
from sessions.messages import Command, Decision, Event, refuse

if TYPE_CHECKING:
    from sessions.activities.team import Team
    from sessions.activities.team.events import OfPerson, PlaceAsked, RequestDeclined, Wished
    from sessions.people import Member


def wish(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Rank up to ``wishes`` needs: ``wish-1`` is the dearest, then ``wish-2`` …"""
    ranked = (command.text(f"wish-{n}") for n in range(1, 1 + activity.most_wishes))
    wanted = list(dict.fromkeys(need for need in ranked if need))
    if activity.seats.confirmed:
        return refuse("confirmed", "The teams are confirmed already. Ask to move instead.")
    if not wanted:
        return refuse("empty", "Choose at least one problem, then send.")
    if not activity.draft.needs.keys() >= set(wanted):
        return refuse("unknown_need", "That problem is not on the list any more. Choose again.")
    return [activity.event("wished", person=sender.id, needs=wanted)]


def wished(activity: Team, event: Event) -> Iterator[Change]:
    body: Wished = event.body
    activity.draft.wishes[body["person"]] = tuple(body["needs"])
    yield Changed("turnout")
    yield Changed(scope=person_scope(body["person"]))


def ask_to_move(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Ask for a place in another team (field ``team``; "" for any), with a ``reason``; without a team, to join."""
    if sender.id not in activity.seats.seat:
        return ask_to_join(activity, command, sender, now)
    return _ask(activity, command, sender)


def ask_to_join(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Ask for a place (field ``team``; "" for any), by somebody without a team."""
    seated = activity.seats.table_of(sender.id)
    if seated is not None:
        return refuse(
            "in_team", "You are in team {number} already. Ask to move instead.", number=seated.number
        )
    if not activity.seats.confirmed:
        return refuse("not_confirmed", "The teams are still being formed. Everybody gets a place.")
    return _ask(activity, command, sender)


def _ask(activity: Team, command: Command, sender: Member) -> Decision:
    team, reason = command.text("team"), command.text("reason")
    no = too_long(reason, MAX_REASON) or (refuse_seat(activity, sender.id, team) if team else None)
    return no or [activity.event("place_asked", person=sender.id, team=team, reason=reason)]


def place_asked(activity: Team, event: Event) -> Iterator[Change]:
    body: PlaceAsked = event.body
    person, requests = body["person"], activity.draft.requests
    requests.pop(person, None)
    requests[person] = Request(person, body["team"], body["reason"] or "", event.at, event.seq)
    yield from request_changed(person)


def take_back_request(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Nothing happens where nothing was asked."""
    asked = sender.id in activity.draft.requests
    return [activity.event("request_taken_back", person=sender.id)] if asked else []


def request_taken_back(activity: Team, event: Event) -> Iterator[Change]:
    body: OfPerson = event.body
    del activity.draft.requests[body["person"]]
    yield from request_changed(body["person"])


def decline_request(activity: Team, command: Command, sender: Member, now: float) -> Decision:
    """Staff says no to somebody's request, with a ``reason``."""
    person, reason = command.text("person"), command.text("reason")
    if person not in activity.draft.requests:
        return refuse("no_request", "That request has been answered or taken back.")
    no = too_long(reason, MAX_REASON)
    return no or [activity.event("request_declined", person=person, reason=reason)]


def request_declined(activity: Team, event: Event) -> Iterator[Change]:
    body: RequestDeclined = event.body
    person, requests = body["person"], activity.draft.requests
    requests[person] = replace(requests[person], declined=True, answer=body["reason"] or "")
    yield from request_changed(person)
