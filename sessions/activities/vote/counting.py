"""The count: made once when the vote closes, from what stands in the log, and made again to compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from sessions.activities.vote.electorate import excluded
from sessions.activities.vote.giving import HEADLINES
from sessions.activities.vote.slate import stopped
from sessions.arithmetic import EXACT
from sessions.audience import TEAM_PEOPLE
from sessions.messages import Command, Item
from sessions.ranking import expected_teams, read_keep
from sessions.result import count, found

if TYPE_CHECKING:
    from sessions.activities.vote import Vote
    from sessions.activities.vote.secrecy import Ballot

FEW = 5
"""Ballots, of all or of a team that votes on its own, under which a count lists none: beside the names of so few
voters each would be told apart. One that asks one thing after another lists none either: how many answers somebody
has given stands in the log without their words."""


def closing(vote: Vote, now: float, command: Command) -> Sequence[Item]:
    """The result, counted from the ballots so far."""
    known = {**basis(vote), **vote.secrecy.opened(vote.phase.id, command)}
    (cast, electorate), counted = vote.turnout, vote.secrecy.counted(vote.state.ballots, known)
    totals = {"cast": cast, "electorate": electorate, "valid": is_enough(vote, cast, len(counted))}
    ranking = count(vote.rules, counted, known)
    few = fewest(vote, known["excluded"]) < FEW or vote.method.steps
    listed = {} if few else vote.secrecy.listed(vote.phase.id, vote.state, known["excluded"])
    lost = {"lost": True} if cast and vote.secrecy.lost(vote.phase.id, command) else {}
    if vote.rules.get("begins_entries") and not vote.own_team:
        totals["teams_of_authors"] = True
    return [
        vote.event(
            "result_counted",
            **totals,
            **known,
            **listed,
            **lost,
            ranking=ranking,
            **found(vote.rules, counted, known),
        ),
        *vote.secrecy.emptied(vote.phase.id),
    ]


def fewest(vote: Vote, excluded: Collection[str]) -> int:
    """How many ballots the smallest group has of which everybody knows the voters: all, or those of one team where each
    votes on its own."""
    counted = [ballot for voter, ballot in vote.state.ballots.items() if voter not in excluded]
    if not vote.own_team:
        return len(counted)
    return min(Counter(_team_of(vote, ballot) for ballot in counted).values(), default=0)


def _team_of(vote: Vote, ballot: Ballot) -> str:
    """The team on whose options somebody has voted; they may be in another by now."""
    marked = (vote.slate.get(option) for option in ballot.marks)
    return next((option.team for option in marked if option is not None), "")


def is_enough(vote: Vote, cast: int, counted: int) -> bool:
    """Whether there are ballots enough, and all that were cast are there."""
    return least(vote) <= cast == counted


def least(vote: Vote) -> int:
    """With fewer ballots nothing is counted."""
    quorum: int = vote.rules.get("quorum", 0 if vote.own_team else 1)
    return max(quorum, vote.secrecy.least)


def basis(vote: Vote) -> dict[str, Any]:
    """What a count now depends on beside the ballots (see result.py)."""
    session, options = vote.session, vote.now_listed()
    attending = len(session.present_people(TEAM_PEOPLE))
    teams = expected_teams(len(session.teams), attending)
    return {
        "teams": {option.id: option.team for option in options},
        "keep": list(read_keep(vote.rules.get("keep", "1"), teams)),
        "stopped": [option.id for option in options if stopped(session, option.id)],
        "excluded": excluded(vote),
        "arithmetic": EXACT,
        "titles": HEADLINES,
    }
