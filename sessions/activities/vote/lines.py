"""A result and a turnout as lines to show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sessions.activities.vote import Vote
    from sessions.activities.vote.slate import Slate
    from sessions.outcome import Ranked, Team
    from sessions.result import Result


def result_lines(vote: Vote) -> list[dict[str, Any]]:
    """The result, best first, with the headlines as they may be shown now (None for what was taken off)."""
    result = vote.state.result
    if result is None:
        return []
    listed = vote.now_listed()
    return [_line(result, listed, row) for row in result.rows]


def _line(result: Result, listed: Slate, row: Ranked) -> dict[str, Any]:
    option, changed = listed.get(row.option), result.overrides.get(row.option)
    return {
        "option": row.option,
        "headline": option.headline if option else None,
        "number": option.number if option else 0,
        "place": row.place,
        "points": row.points,
        "kept": row.kept,
        "team": row.team,
        "by_hand": changed is not None,
        "changed": changed["reason"] if changed else "",
        "stopped": row.option in result.body["stopped"],
    }


def turnout_by_team(vote: Vote) -> list[tuple[Team, int, int]]:
    """Each team with its number of ideas and of members who have voted."""
    ballots, teams = vote.state.ballots, vote.session.teams.values()
    return [(t, _ideas(vote, t), sum(person in ballots for person in t.members)) for t in teams]


def kept_by_team(vote: Vote) -> list[tuple[Team, int, int]]:
    """Each team with its number of ideas and of those it keeps."""
    kept = Counter(row.team for row in vote.state.standing if row.kept)
    return [(team, _ideas(vote, team), kept[team.id]) for team in vote.session.teams.values()]


def _ideas(vote: Vote, team: Team) -> int:
    return len(vote.slate.of_team.get(team.id, ()))
