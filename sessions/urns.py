"""Urns: the secret ballots of votes that are still open. Nothing in them tells whose a slip is, or when it came.

Whatever could tell the one from the other is left out: a slip names its options in alphabetical order (a form sends
them in the order in which its voter saw them), and an urn holds its slips in the order of what they say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from sessions.messages import Emptied, Slip, Urns

Marks = Mapping[str, Any]


def written(marks: Marks) -> str:
    """Marks as a text that is the same for the same marks."""
    return json.dumps(marks, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def slip(phase: str, marks: Marks) -> Slip:
    """A ballot without any trace of the form it was filled in on."""
    return Slip(phase, {option: _in_order(marks[option]) for option in sorted(marks)})


def _in_order(put: Any) -> Any:
    return {name: put[name] for name in sorted(put)} if isinstance(put, Mapping) else put


def filled(urns: Urns, items: Iterable[Slip | Emptied]) -> dict[str, list[Marks]]:
    """The urns after slips were put in and urns emptied, in the order in which that was decided."""
    after = {phase: list(slips) for phase, slips in urns.items()}
    for item in items:
        slips = after.setdefault(item.phase, [])
        if isinstance(item, Slip):
            slips.append(item.marks)
        else:
            slips.clear()
    return {phase: sorted(slips, key=written) for phase, slips in after.items() if slips}


def shuffled(slips: Iterable[Marks], seed: int) -> list[Marks]:
    """An urn turned out. What order the slips came in changes nothing in what comes out."""
    known = sorted(slips, key=written)
    return Random(seed).sample(known, len(known))  # noqa: S311 – sorted before, so there is nothing to guess
