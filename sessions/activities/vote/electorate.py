"""Who votes, and how many have: one count for wall, console, result and archive."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sessions.activities.vote import Vote
    from sessions.people import Member


class Turnout(NamedTuple):
    """``cast`` ballots count, of ``electorate`` people from whom one is expected or has come; organisations where each
    of these has one."""

    cast: int
    electorate: int


class Electorate:
    """People parted by what a turnout needs to know of them. Made anew only when people have changed or the ballots
    have been done away with, so that a turnout costs the same with 50 voters as with 10,000."""

    def __init__(self, vote: Vote, version: int) -> None:
        self._session = vote.session
        self._made_for = version, vote.state.gave_way, vote.state.ballots
        people, roles = vote.session.people, vote.phase.spec.who
        able = {
            voter_of(vote, member) for member in vote.session.present_people(roles) if vote.may_vote(member)
        }
        awaited = {
            voter_of(vote, member) for member in vote.session.awaited_people(roles) if vote.may_vote(member)
        }
        voters = {voter_of(vote, people[person]) for person in vote.state.ballots}
        self._dropped = len(excluded(vote))
        self._certain = len(awaited) + len(voters - able) - self._dropped
        """Those awaited, and whose ballot counts though they may not vote any more: their role or team changed, or they
        were removed and it is secret."""
        self._unasked = able - awaited
        """Staff who may vote: they count once they have."""

    def is_of(self, vote: Vote, version: int) -> bool:
        """Whether it still says what is so."""
        state = vote.state
        return self._made_for[:2] == (version, state.gave_way) and self._made_for[2] is state.ballots

    def turnout(self, vote: Vote) -> Turnout:
        voted = vote.state.holders if vote.of_organisations else vote.state.ballots
        of_staff = sum(voter in voted for voter in self._unasked)
        return Turnout(len(vote.state.ballots) - self._dropped, self._certain + of_staff)

    @cached_property
    def colleagues(self) -> Mapping[str, list[str]]:
        """Everybody here by their organisation."""
        return {key: [member.id for member in found] for key, found in self._session.organisations.items()}


def voter_of(vote: Vote, member: Member) -> str:
    """Who has the ballot that somebody may cast: they themselves, or their organisation."""
    return member.organisation if vote.of_organisations else member.id


def organisations_of(vote: Vote) -> dict[str, str]:
    """By voter, the organisation that they belong to now."""
    return {voter: vote.session.people[voter].organisation for voter in vote.state.ballots}


def held_by_another(vote: Vote, member: Member) -> str:
    """Who of somebody's organisation has cast its ballot, where that was not they themselves; "" for nobody."""
    holder = vote.state.holders.get(member.organisation, "")
    return "" if holder == member.id else holder


def has_voted(vote: Vote, member: Member) -> bool:
    """Whether a ballot of somebody's is in, or one of their organisation where it has one."""
    return member.id in vote.state.ballots or bool(held_by_another(vote, member))


def excluded(vote: Vote) -> list[str]:
    """Voters who were removed from the session. Of secret ballots nobody can tell which was theirs."""
    people = vote.session.people
    return [voter for voter in vote.state.ballots if people[voter].removed and not vote.secrecy.final]
