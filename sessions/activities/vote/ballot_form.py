"""The form of a ballot: whose page it lies on, which rows it has, and what its voter has marked on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from sessions.activities.vote import asking
from sessions.activities.vote.electorate import excluded, has_voted, held_by_another
from sessions.activities.vote.slate import own, shuffled, stopped
from sessions.audience import is_for, team_scope

if TYPE_CHECKING:
    from sessions.activities.vote import Vote
    from sessions.activities.vote.secrecy import Ballot
    from sessions.activities.vote.slate import Option
    from sessions.messages import Text
    from sessions.people import Member

ON_CONSOLE = 200
"""Open ballots that the console lists; all of them stand in the log."""


def layout(vote: Vote) -> str:
    """Whose pane holds the ballot: that of each ``role`` that votes, the ``team``'s, or each ``person``'s own: where
    their own options are left out, where the form goes when they have voted, and where leaders alone vote, who share
    the pane of participants."""
    who = vote.phase.spec.who
    leaders_alone = "process_leader" in who and "participant" not in who
    if (
        vote.method.steps
        or vote.secrecy.final
        or vote.of_organisations
        or leaders_alone
        or (vote.own_excluded and not vote.own_team)
    ):
        return "person"
    return "team" if vote.own_team else "role"


def may_mark(vote: Vote, member: Member) -> bool:
    """Whether somebody has a form to fill in now."""
    done = vote.secrecy.final and has_voted(vote, member)
    return vote.is_open and vote.may_vote(member) and not done


def rows(vote: Vote, options: Iterable[str]) -> list[str]:
    """The rows of the form that stand for options, by key."""
    return [row for option in options for row in vote.method.rows(option, vote.rules)]


def shares_form(vote: Vote, option: Option, scope: str) -> bool:
    """Whether a scope's pane is one that shares an option's rows; where each person has their own, none is."""
    if layout(vote) == "role":
        return is_for(scope, vote.phase.spec.who)
    return layout(vote) == "team" and scope == team_scope(option.team)


def ballot_of(vote: Vote, member: Member) -> dict[str, Any]:
    """What a person has marked: the headline of each option and the marks on it."""
    ballot = vote.state.ballots.get(member.id)
    code = vote.secrecy.receipt(vote.phase.id, ballot) if ballot and not vote.method.steps else ""
    lost = vote.state.lost(member.id)
    kept = {"ballot": ballot, "choices": _choices(vote, ballot), "receipt": code, "lost": lost}
    return {**kept, **_of_colleague(vote, member)}


def _of_colleague(vote: Vote, member: Member) -> dict[str, Any]:
    """Who has voted for a person's organisation, and when; never what."""
    holder = held_by_another(vote, member) if vote.of_organisations else ""
    return {"colleague": holder, "colleague_at": vote.state.ballots[holder].at if holder else 0.0}


def _choices(vote: Vote, ballot: Ballot | None) -> list[tuple[str | Text, Any]]:
    marks = ballot.marks if ballot else {}
    return [(vote.slate[option].shown, put) for option, put in marks.items() if option in vote.slate]


def by_voter(vote: Vote) -> list[tuple[str, list[tuple[str | Text, Any]]]]:
    """Who marked what, for staff: of open ballots only."""
    dropped = frozenset(excluded(vote))
    counted = ((voter, ballot) for voter, ballot in vote.state.ballots.items() if voter not in dropped)
    return [(voter, _choices(vote, ballot)) for voter, ballot in islice(counted, ON_CONSOLE)]


def form_for(vote: Vote, member: Member) -> dict[str, Any]:
    """What a voter's page needs beside the form that others share: the order and the marks; or what they are asked."""
    if vote.method.steps:
        return {"step": asking.step(vote, member)}
    ballot = vote.state.ballots.get(member.id)
    ids = vote.slate.of_team.get(member.team, []) if vote.own_team else vote.slate.ids
    order = shuffled(ids, member.id, vote.phase.id)
    ticks = vote.method.ticks(ballot.marks) if ballot else []
    options = _own_list(vote, member, order, Counter(ticks)) if layout(vote) == "person" else []
    return {"order": rows(vote, order), "ticks": ticks, "options": options}


def _own_list(vote: Vote, member: Member, order: list[str], put: Counter[str]) -> list[dict[str, Any]]:
    """The options of a ballot that is each person's own, and which of them the voter may not mark."""
    listed = vote.now_listed()
    ids = dict.fromkeys([*order, *(listed.of_team.get(member.team, ()) if vote.own_team else listed.ids)])
    return [_own_option(vote, listed[option], member, put) for option in ids if option in listed]


def _own_option(vote: Vote, option: Option, member: Member, put: Counter[str]) -> dict[str, Any]:
    """An option with the rows of the form that stand for it: none if it is the voter's own."""
    shut = vote.own_excluded and own(vote.session, option, member)
    keys = [] if shut else vote.method.rows(option.id, vote.rules)
    lines = [{"row": n, "criterion": key.partition("-")[2], "put": put[key]} for n, key in enumerate(keys)]
    return {"option": option, "rows": lines, "stopped": stopped(vote.session, option.id)}
