"""The refusals that several commands share, and the things that a command names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.match.state import Meeting
from sessions.messages import Command, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.people import Member


def refuse_part(match: Match, part: str) -> Refused | None:
    """Why a command is not for this phase."""
    if part in match.does:
        return None
    return refuse("not_here", "That is not done in this phase. Reload the page.")


def refuse_stranger(match: Match, sender: Member) -> Refused | None:
    """Why somebody can be met by nobody."""
    if sender.id in {member.id for member in match.people}:
        return None
    return refuse("not_party", "You run this or only look on, so there is nobody for you to meet.")


def person_named(match: Match, command: Command, name: str = "party") -> Member | Refused:
    """Whom a command is about, of those who can be met."""
    named = command.text(name)
    found = next((member for member in match.people if member.id == named), None)
    return found or refuse("no_person", "They are not here, or not to be met. Reload the page.")


def meeting_named(match: Match, command: Command) -> Meeting | Refused:
    found = match.state.meetings.get(command.text("meeting"))
    return found or refuse("no_meeting", "There is no such meeting. Reload the page.")


def not_yours() -> Refused:
    return refuse("not_yours", "This is a meeting of others.")


def refuse_unpublished(match: Match) -> Refused | None:
    if match.state.published:
        return None
    return refuse("not_published", "The meetings are not shown to anybody yet. Publish the plan first.")


def refuse_over(match: Match) -> Refused | None:
    if not match.state.over:
        return None
    return refuse("over", "All rounds are over.")
