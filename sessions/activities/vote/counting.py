"""The count: made once when the vote closes, from what stands in the log, and made again to compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sessions.activities.vote.electorate import excluded
from sessions.activities.vote.giving import HEADLINES
from sessions.activities.vote.slate import stopped
from sessions.arithmetic import EXACT
from sessions.audience import TEAM_PEOPLE
from sessions.messages import Command, Item
from sessions.ranking import expected_teams, read_keep
from sessions.result import count, differences

if TYPE_CHECKING:
    from sessions.activities.vote import Vote


def closing(vote: Vote, now: float, command: Command) -> Sequence[Item]:
    """The result, counted from the ballots so far."""
    basis = {**_basis(vote), **vote.secrecy.opened(vote.phase.id, command)}
    (cast, electorate), counted = vote.turnout, vote.secrecy.counted(vote.state.ballots, basis)
    needed = max(vote.rules.get("quorum", 0 if vote.own_team else 1), vote.secrecy.least)
    totals = {"cast": cast, "electorate": electorate, "valid": needed <= cast == len(counted)}
    ranking = count(vote.rules, counted, basis)
    return [
        vote.event("result_counted", **totals, **basis, ranking=ranking),
        *vote.secrecy.emptied(vote.phase.id),
    ]


def _cast(vote: Vote, basis: Mapping[str, Any]) -> int:
    """How many have voted, without those whose ballots were taken out."""
    return len(vote.state.ballots) - len(basis["excluded"])


def _basis(vote: Vote) -> dict[str, Any]:
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


def verify(vote: Vote) -> list[str]:
    """Where the result in the log differs from another count of the same ballots."""
    if vote.state.result is None:
        return []
    body = vote.state.result.body
    counted, cast = vote.secrecy.counted(vote.state.ballots, body), _cast(vote, body)
    again = count(vote.rules, counted, body)
    found = [*_miscounts(body, cast, len(counted)), *differences(body["ranking"], again)]
    return [f"{vote.phase.id}: {text}" for text in found]


def _miscounts(body: Mapping[str, Any], cast: int, counted: int) -> Iterator[str]:
    """Where a count is of more or fewer ballots than people have cast. One that decided nothing may be of none."""
    if body["cast"] != cast:
        yield f"the result is of {body['cast']} ballots, and {cast} were cast"
    if counted != cast and (counted or body["valid"]):
        yield f"{cast} have voted, and {counted} ballots were counted"
