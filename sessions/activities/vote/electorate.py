"""Who votes, and how many have: one count for wall, console, result and archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sessions.activities.vote import Vote
    from sessions.activities.vote.secrecy import Ballot


class Turnout(NamedTuple):
    """``cast`` people have a ballot that counts, of ``electorate`` from whom one is expected or has come."""

    cast: int
    electorate: int


class Electorate:
    """People parted by what a turnout needs to know of them. Made anew only when people have changed or the ballots
    have been done away with, so that a turnout costs the same with 50 voters as with 10,000."""

    def __init__(self, vote: Vote, version: int) -> None:
        self._made_for = version, vote.state.ballots
        roles, voters = vote.phase.spec.who, vote.state.ballots.keys()
        able = {member.id for member in vote.session.present_people(roles) if vote.may_vote(member)}
        awaited = {member.id for member in vote.session.awaited_people(roles) if vote.may_vote(member)}
        self._dropped = len(excluded(vote))
        self._certain = len(awaited) + len(voters - able) - self._dropped
        """Those awaited, and whose ballot counts though they may not vote any more: their role or team changed, or they
        were removed and it is secret."""
        self._unasked = able - awaited
        """Staff who may vote: they count once they have."""

    def is_of(self, vote: Vote, version: int) -> bool:
        """Whether it still says what is so."""
        return self._made_for[0] == version and self._made_for[1] is vote.state.ballots

    def turnout(self, ballots: Mapping[str, Ballot]) -> Turnout:
        of_staff = sum(person in ballots for person in self._unasked)
        return Turnout(len(ballots) - self._dropped, self._certain + of_staff)


def excluded(vote: Vote) -> list[str]:
    """Voters who were removed from the session. Of secret ballots nobody can tell which was theirs."""
    people = vote.session.people
    return [voter for voter in vote.state.ballots if people[voter].removed and not vote.secrecy.final]
