"""Two who agree write down on what: it stands once both sides have confirmed the same terms. Later both rate what came
of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.match.outcomes import AGREE, joint
from sessions.activities.match.state import Agreement
from sessions.activity import too_long
from sessions.days import day_at, read_day
from sessions.messages import Command, Decision, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.people import Member

MOST_STEP = 280
TOO_EARLY, BEST = 0, 5


def draft_agreement(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Write down what two have agreed on who both said so: ``about`` (the other), ``category``, ``step``, ``day``."""
    about = command.text("about")
    if not _agreed(match, sender.id, about):
        return refuse("not_agreed", "You can write it down once both of you have said that you agree.")
    kind = command.text("category")
    if any({*a.people} == {sender.id, about} and a.kind == kind for a in match.state.agreements.values()):
        return refuse("drafted", "There is an agreement of that kind between you already. Change that one.")
    no = _refuse_terms(match, command, now)
    if no is not None:
        return no
    agreement = f"{match.phase.id}a{len(match.state.agreements) + 1}"
    terms = {"category": kind, "step": command.text("step"), "day": command.text("day")}
    return [match.event("agreement_drafted", agreement=agreement, people=[sender.id, about], **terms)]


def _agreed(match: Match, one: str, other: str) -> bool:
    said = (
        joint(match.outcome_of(m.id, one, other), match.outcome_of(m.id, other, one))
        for m in match.all_meetings.values()
        if one in m.people and other in m.people
    )
    return AGREE in said


def _refuse_terms(match: Match, command: Command, now: float) -> Refused | None:
    step, day = command.text("step"), read_day(command.text("day"))
    if match.kinds and command.text("category") not in match.kinds:
        return refuse("no_kind", "Choose what kind it is, then send again.")
    if not step:
        return refuse("no_step", "Write the first step in a line.")
    if day is None:
        return refuse("no_first_day", "Choose the day of the first step, then send again.")
    if day < day_at(now, match.session.zone):
        return refuse("past_day", "That day is over. Choose today or a later one.")
    return too_long(step, MOST_STEP)


def change_terms(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Put other terms in place of an ``agreement``'s. The other side confirms these anew."""
    found = _own(match, command, sender)
    if isinstance(found, Refused):
        return found
    no = _refuse_terms(match, command, now)
    if no is not None:
        return no
    terms = {"category": command.text("category"), "step": command.text("step"), "day": command.text("day")}
    if terms == {"category": found.kind, "step": found.step, "day": found.day}:
        return []
    return [match.event("terms_changed", agreement=found.id, **terms)]


def confirm_terms(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Confirm the terms of a ``revision`` of an ``agreement``."""
    found, revision = _own(match, command, sender), command.whole("revision")
    if isinstance(found, Refused):
        return found
    if revision != found.revision:
        return refuse("other_terms", "The terms have changed meanwhile. Read them again, then confirm.")
    if found.confirmed.get(match.side_in(found, sender.id)) == revision:
        return []
    return [match.event("terms_confirmed", agreement=found.id, revision=revision)]


def decline_terms(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """There is no ``agreement``."""
    found = match.state.agreements.get(command.text("agreement"))
    if found is not None and found.declined and sender.id in found.people:
        return []
    own = _own(match, command, sender)
    return own if isinstance(own, Refused) else [match.event("terms_declined", agreement=own.id)]


def rate_benefit(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Say what an ``agreement`` was worth to one's own side: ``score`` is 1 to 5, or 0 where it is too early."""
    found, score = _own(match, command, sender), command.whole("score")
    if isinstance(found, Refused):
        return found
    if not found.stands:
        return refuse("not_confirmed", "Both sides confirm it first.")
    if score is None or not TOO_EARLY <= score <= BEST:
        return refuse("no_score", "Choose from 1 to 5, or that it is too early.")
    if found.ratings.get(match.side_in(found, sender.id)) == score:
        return []
    return [match.event("benefit_rated", agreement=found.id, score=score)]


def _own(match: Match, command: Command, sender: Member) -> Agreement | Refused:
    found = match.state.agreements.get(command.text("agreement"))
    if found is None or found.declined:
        return refuse("no_agreement", "There is no such agreement any more. Reload the page.")
    return (
        found
        if match.side_in(found, sender.id)
        else refuse("not_your_agreement", "This is an agreement of others.")
    )
