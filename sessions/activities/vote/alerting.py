"""What the facilitator is alerted to when a vote was counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.vote.counting import least
from sessions.activity import Alert, Pending, alert
from sessions.format_rules import Fault

if TYPE_CHECKING:
    from sessions.activities.vote import Vote


def pending(vote: Vote) -> Pending | None:
    """A result is shown before the vote is left: not one of an award, nor where nobody has voted."""
    if vote.award or not vote.state.ballots:
        return None
    if vote.is_open:
        return Pending(alert("Close the vote"), "close_phase")
    return Pending(alert("Show the result first"), "reveal_result") if _is_unseen(vote) else None


def _is_unseen(vote: Vote) -> bool:
    result = vote.state.result
    return result is not None and not result.revealed and not vote.is_open and not vote.award


def lost_by_closing(vote: Vote) -> Alert | None:
    """Secret ballots are counted once."""
    if not vote.secrecy.final or not vote.is_open or not vote.state.ballots:
        return None
    return alert("The secret ballots are counted now, and this cannot be undone: nobody can vote after that.")


def lost_by_reopening(vote: Vote) -> Alert | None:
    """Secret ballots that were counted do not come back."""
    if not vote.secrecy.final or vote.state.result is None:
        return None
    return alert("The secret ballots do not count any more, and everybody votes anew.")


def alerts(vote: Vote) -> Iterator[Alert]:
    """A result that nobody has been shown, and what is odd about that of the phase that is on."""
    yield from _oddities(vote)
    if _is_unseen(vote) and vote.state.ballots:
        yield alert("The result has not been shown: nobody has seen it")


def _oddities(vote: Vote) -> Iterator[Alert]:
    """Ballots missing, too few of them, teams without any."""
    current = vote.session.agenda.current
    on = current is not None and current.id in (vote.phase.id, vote.phase.spec.beside)
    if vote.is_open or vote.state.result is None or not on:
        return
    if vote.state.result.body.get("lost"):
        yield alert(
            "The ballots cannot be opened, because their key is gone. Open it again and hold it anew: {phase}",
            phase=vote.phase.spec.title,
        )
    elif vote.state.is_miscounted:
        yield alert(
            "There are more or fewer ballots in the ballot box than people have voted: {phase}",
            phase=vote.phase.spec.title,
        )
    elif not vote.state.standing:
        yield alert("Too few ballots, so nothing is decided: {phase}", phase=vote.phase.spec.title)
    for team in _silent_teams(vote) if vote.own_team else ():
        yield alert("{team} has not voted; its first idea goes on", team=team)


def _silent_teams(vote: Vote) -> list[str]:
    """Names of teams with ideas that cast no ballot."""
    voted = {row.team for row in vote.state.standing if row.points}
    return [t.name for t in vote.session.teams.values() if t.id in vote.slate.of_team and t.id not in voted]


def came_short(vote: Vote) -> Iterator[Fault]:
    """Nothing to vote on, or too few who do."""
    cast, needed = len(vote.state.ballots), least(vote)
    if not vote.slate.ids:
        yield Fault("there is nothing to vote on", {}, "inputs")
    elif cast < needed:
        yield Fault(
            "{cast} ballots are cast, and {needed} are needed", {"cast": cast, "needed": needed}, "who"
        )
