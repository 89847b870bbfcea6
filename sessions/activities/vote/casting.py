"""Ballots as they come in: who may mark what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sessions.activities.vote import dealing
from sessions.activities.vote.electorate import has_voted, held_by_another
from sessions.activities.vote.secrecy import ballot_in
from sessions.activities.vote.slate import own
from sessions.activity import Change, Changed
from sessions.audience import person_scope
from sessions.ballots import Marks
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.refusals import not_sealed

if TYPE_CHECKING:
    from sessions.activities.vote import Vote
    from sessions.people import Member

TURNOUT = Changed("turnout")


def cast_ballot(vote: Vote, command: Command, sender: Member, now: float) -> Decision:
    """The whole ballot, which takes the place of an earlier one unless it is secret; or one answer, where one thing is
    asked after another. Fields: ``option`` (repeated for dots and approval), ``score-<option>-<criterion>``,
    ``place-<option>``, ``pair-<option>-<option>``, ``stance-<option>`` or ``score-<option>``."""
    if vote.secrecy.final and has_voted(vote, sender):
        return _in_already(vote, sender)
    if vote.secrecy.final and not vote.box_key:
        return not_sealed()
    marks = vote.method.read(command, vote.rules)
    if isinstance(marks, Refused):
        return marks
    no = refuse_marks(vote, marks, sender) or dealing.refuse_late(vote, marks, sender)
    return no or _cast(vote, marks, command.seed, sender)


def _cast(vote: Vote, marks: Marks, seed: int, sender: Member) -> Decision:
    """What stands in the log: an answer with those before it."""
    before = vote.state.ballots.get(sender.id)
    whole = vote.method.joined(before.marks, marks) if before is not None else marks
    if vote.method.steps and before is not None and whole == before.marks:
        return []
    return vote.secrecy.cast(vote.phase.id, whole, seed)


def _in_already(vote: Vote, sender: Member) -> Refused:
    if held_by_another(vote, sender):
        return refuse(
            "organisation_voted",
            "The ballot of your organisation is in already. It is secret, so it can neither be found nor changed.",
        )
    return refuse(
        "voted_already", "Your ballot is in already. It is secret, so it can neither be found nor changed."
    )


def refuse_marks(vote: Vote, marks: Marks, sender: Member) -> Refused | None:
    """Why somebody cannot mark this; None if they can."""
    if vote.own_team and not sender.team:
        return refuse("no_team", "You are in no team, so you have no ballot here. Ask the facilitator.")
    if vote.of_organisations and not sender.organisation:
        return refuse(
            "no_organisation", "Each organisation has one ballot here. Say first under Mine which is yours."
        )
    if not marks:
        return refuse("empty_ballot", "Nothing is marked. Mark at least one and send again.")
    for option in map(vote.slate.get, vote.method.named(marks)):
        if option is None or (vote.own_team and option.team != sender.team):
            return refuse("unknown_option", "Something you marked is no longer on the list. Look again.")
        if vote.own_excluded and own(vote.session, option, sender):
            return refuse("own_option", "You cannot vote for your own. Take that mark away and send again.")
    return dealing.refuse_undealt(vote, marks, sender)


def ballot_cast(vote: Vote, event: Event) -> Iterable[Change]:
    if vote.of_organisations:
        return _cast_for_all(vote, event)
    voter = Changed(scope=person_scope(event.actor))
    first = vote.state.cast(event.actor, ballot_in(event))
    return (voter, TURNOUT) if first or vote.method.steps else (voter,)


def _cast_for_all(vote: Vote, event: Event) -> Iterator[Change]:
    """Everybody of an organisation sees that its ballot is in."""
    organisation = vote.session.people[event.actor].organisation
    if vote.state.cast_for(organisation, event.actor, ballot_in(event)):
        yield TURNOUT
    for person in vote.electorate.colleagues.get(organisation, (event.actor,)):
        yield Changed(scope=person_scope(person))
