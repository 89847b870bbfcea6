"""Who has an interest in an entry and should not judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.entry import Entry

if TYPE_CHECKING:
    from sessions.people import Member
    from sessions.session_view import SessionView


def is_own(entry: Entry, member: Member) -> bool:
    """Whether a person is in the entry's team or wrote the idea."""
    return member.team == entry.team or bool(entry.idea and member.id in entry.idea.authors)


def has_advised(entry: Entry, member: Member) -> bool:
    """Whether a person answered the entry's team as an expert."""
    return any(verdict.get("expert") == member.id for verdict in entry.every("verdict").values())


def conflict(session: SessionView, entry: Entry, member: Member) -> str:
    """Why a person may not judge an entry: ``team``, ``expert``, ``organisation``; "" if nothing is known."""
    if is_own(entry, member):
        return "team"
    if has_advised(entry, member):
        return "expert"
    team = session.teams.get(entry.team)
    people = [session.people[person] for person in team.members if person in session.people] if team else []
    shared = member.organisation and any(other.organisation == member.organisation for other in people)
    return "organisation" if shared else ""
