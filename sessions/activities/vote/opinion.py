"""What a vote by agreeing and disagreeing has found, as it is shown: what is common to all, and where people part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sessions.opinions import LEAST_VOTES

if TYPE_CHECKING:
    from sessions.activities.vote import Vote
    from sessions.people import Member

COMMON = 60
"""Percent who agree, in every group, from which a statement is common ground."""
APART = 30
"""Percent between the group that agrees most and the one that agrees least from which people part; where there are no
groups, percent on either side."""

Line = Mapping[str, Any]


def parted(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Lines that all agree on, and those on which they part, the clearest first."""
    counted = [line for line in lines if "all" in line["found"]]
    common = [line for line in counted if line["points"] >= COMMON]
    apart = sorted(counted, key=lambda line: -_distance(line))
    return common, [line for line in apart if _distance(line) >= APART and line not in common]


def _distance(line: Line) -> int:
    cells: Sequence[Sequence[int]] = line["found"]["groups"]
    if not cells:
        agree, _, disagree = map(int, line["found"]["all"])
        return 100 * min(agree, disagree) // (sum(line["found"]["all"]) or 1)
    shares = [100 * cell[0] // sum(cell) for cell in cells if cell]
    return max(shares) - min(shares) if len(shares) == len(cells) else 0


def group_like(vote: Vote, member: Member) -> int | None:
    """The group, from 0, whose answers somebody's are most like, for themselves alone; None where there are no groups
    or they have answered too little."""
    result, ballot = vote.state.result, vote.state.ballots.get(member.id)
    found = result.body.get("found", {}) if result else {}
    if not found.get("groups") or ballot is None or len(ballot.marks) < LEAST_VOTES:
        return None
    rows = [
        (ballot.marks[option], row["groups"])
        for option, row in found["options"].items()
        if option in ballot.marks and all(row["groups"])
    ]
    far = [sum(_far(put, cells[n]) for put, cells in rows) for n in range(len(found["groups"]))]
    return far.index(min(far)) if rows else None


def _far(put: int, cell: Sequence[int]) -> int:
    """How far an answer is from the mean of a group's."""
    return (1000 * put - 1000 * (cell[0] - cell[2]) // sum(cell)) ** 2
