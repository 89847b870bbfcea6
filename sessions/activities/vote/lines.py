"""A result and a turnout as lines to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any

from sessions.ballots_at_once import weights_of

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
    found = result.body.get("found", {}).get("options", {})
    return {
        "option": row.option,
        "headline": option.shown if option else None,
        "number": option.number if option else 0,
        "place": row.place,
        "points": row.points,
        "kept": row.kept,
        "team": row.team,
        "by_hand": changed is not None,
        "changed": changed["reason"] if changed else "",
        "stopped": row.option in result.body["stopped"],
        "found": found.get(row.option, {}),
    }


ENOUGH = 5
"""With fewer ballots a mean is drawn hollow."""
DIVIDED = 1.5
"""Standard deviation of scores on an axis, from which people are divided about an option."""


def matrix(vote: Vote) -> list[dict[str, Any]]:
    """Where each option stands by the two criteria of a vote that has two: the means ``x`` and ``y``, of how many
    ballots, and whether people are divided about it; best first. Empty for other votes, and without a result."""
    result = vote.state.result
    if result is None or vote.rules["method"] != "score2d":
        return []
    axes = list(weights_of(vote.rules["criteria"]))
    pairs: dict[str, list[tuple[int, ...]]] = {}
    for marks in vote.secrecy.counted(vote.state.ballots, result.body):
        for option, scores in marks.items():
            if len(scores) == len(axes):
                pairs.setdefault(option, []).append(tuple(scores[axis] for axis in axes))
    return [_spot(line, pairs[line["option"]]) for line in result_lines(vote) if line["option"] in pairs]


def _spot(line: dict[str, Any], pairs: list[tuple[int, ...]]) -> dict[str, Any]:
    x, y = (fmean(axis) for axis in zip(*pairs, strict=True))
    divided = any(pstdev(axis) > DIVIDED for axis in zip(*pairs, strict=True))
    return {**line, "x": x, "y": y, "ballots": len(pairs), "hollow": len(pairs) < ENOUGH, "divided": divided}


def undecided(ranked: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Lines that cannot be told apart though some of them go on and others do not: those of the first such band."""
    bands: dict[Any, list[Mapping[str, Any]]] = {}
    for line in ranked:
        bands.setdefault(line["found"].get("band"), []).append(line)
    parted = (band for key, band in bands.items() if key and len({line["kept"] for line in band}) > 1)
    return next(parted, [])


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
