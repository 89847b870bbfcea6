"""Ballot boxes: the secret ballots of open votes. Nothing in them tells whose a ballot is, or when it came.

Whatever could tell the one from the other is left out: a ballot names its options in alphabetical order (a form sends
them in the order in which its voter saw them), and a box holds its ballots in the order of what they say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from sessions.messages import BallotBoxes, Emptied, SecretBallot

Marks = Mapping[str, Any]


def written(marks: Marks) -> str:
    """Marks as a text that is the same for the same marks."""
    return json.dumps(marks, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def secret_ballot(phase: str, marks: Marks) -> SecretBallot:
    """A ballot without any trace of the form it was filled in on."""
    return SecretBallot(phase, {option: _in_order(marks[option]) for option in sorted(marks)})


def _in_order(put: Any) -> Any:
    return {name: put[name] for name in sorted(put)} if isinstance(put, Mapping) else put


def filled(boxes: BallotBoxes, items: Iterable[SecretBallot | Emptied]) -> dict[str, list[Marks]]:
    """The boxes after ballots were put in and boxes emptied, in the order in which that was decided."""
    after = {phase: list(ballots) for phase, ballots in boxes.items()}
    for item in items:
        ballots = after.setdefault(item.phase, [])
        if isinstance(item, SecretBallot):
            ballots.append(item.marks)
        else:
            ballots.clear()
    return {phase: sorted(ballots, key=written) for phase, ballots in after.items() if ballots}


def shuffled(ballots: Iterable[Marks], seed: int) -> list[Marks]:
    """What a box held, in an order drawn from the seed. The order in which it came in changes nothing in that."""
    known = sorted(ballots, key=written)
    return Random(seed).sample(known, len(known))  # noqa: S311 – sorted before, so there is nothing to guess
