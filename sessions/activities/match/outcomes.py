"""What came of a meeting, as both sides say. Neither sees the other's answer, only what holds once both have given one:
the weaker of the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.match.refusals import not_yours
from sessions.activities.match.rules import MEET, OUTCOME
from sessions.messages import Command, Decision, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.activities.match.state import Meeting
    from sessions.people import Member

AGREE, TALK_MORE, NOTHING, NOT_MET = "agree", "talk_more", "no", "did_not_meet"
STEPS = (NOTHING, TALK_MORE, AGREE)
SAYS = (*STEPS, NOT_MET)
WAITING, DISPUTED, NOT_HELD = "waiting", "disputed", "not_held"
ONE_SIDED, UNANSWERED = "one_sided", "unanswered"


def joint(one: str, other: str, over: bool = False) -> str:
    """What holds: waiting, not_held, disputed (staff asks), or the weaker of two answers. ``over``: nobody answers any
    more, and it is one_sided or unanswered."""
    if not (one and other):
        return (ONE_SIDED if one or other else UNANSWERED) if over else WAITING
    if NOT_MET in (one, other):
        return NOT_HELD if one == other else DISPUTED
    return min(one, other, key=STEPS.index)


def say_outcome(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Say what came of a ``meeting`` with ``about``: ``answer`` is agree, talk_more, no or did_not_meet."""
    if not {MEET, OUTCOME} & match.does:
        return refuse("not_here", "That is not done in this phase. Reload the page.")
    meeting, about, answer = (
        match.held(command.text("meeting")),
        command.text("about"),
        command.text("answer"),
    )
    if answer not in SAYS:
        return refuse("no_outcome", "Choose what came of it.")
    if meeting is None:
        return refuse("not_held_yet", "This meeting has not been held.")
    no = _refuse_people(meeting, sender.id, about)
    if no is not None:
        return no
    if match.outcome_of(meeting.id, sender.id, about) == answer:
        return []
    return [match.event("outcome_said", meeting=meeting.id, by=sender.id, about=about, answer=answer)]


def _refuse_people(meeting: Meeting, one: str, other: str) -> Refused | None:
    if one not in meeting.people:
        return not_yours()
    if other not in meeting.people or one == other:
        return refuse("not_in_meeting", "Say who of them has not come.")
    return None
