"""What later phases and the archive get from pitches: the running order, and how long each slot took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sessions.activities.pitch.running_order import Turn
from sessions.outcome import Card, Outcome


def outcome(
    slots: Iterable[str], turns: Mapping[str, Turn], lengths: Mapping[str, float], cards: Iterable[Card] = ()
) -> Outcome:
    """The running order, the ``cards`` of whoever signed up, and under ``times`` for every slot that is over what was
    planned and what it took."""
    times = {slot: pitched(lengths, turn.spent) for slot, turn in turns.items() if turn.ended_at}
    return Outcome(order=tuple(slots), cards=tuple(cards), figures={"times": times})


def pitched(lengths: Mapping[str, float], spent: Mapping[str, float]) -> dict[str, float]:
    """Seconds of talk and questions, ``planned`` and ``actual``; both are given by part."""
    return {"planned": on_stage(lengths), "actual": round(on_stage(spent), 1)}


def on_stage(seconds: Mapping[str, float]) -> float:
    """Seconds of talk and questions; changing places does not count."""
    return sum(length for part, length in seconds.items() if part != "change")
