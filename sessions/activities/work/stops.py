"""The sub-deadlines of a work phase, counted in minutes from its start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from sessions.messages import Text


@dataclass
class Stop:
    """One sub-deadline. ``at`` is wall time in seconds. Soft: a snapshot. Hard: a snapshot, then only reading."""

    number: int
    name: str
    title: Text
    at: float
    hard: bool = False
    contacts: int = 0
    """How many customer contacts each entry should have by then."""
    reached: bool = False


@dataclass
class Lack:
    """What an entry lacked when a deadline passed: fields, contacts, or that it was not submitted at all."""

    fields: int = 0
    contacts: int = 0
    unsubmitted: bool = False
    waived: str | None = None
    """The facilitator's reason for letting it pass ("" once it has been erased); None while that has not happened."""


def read_stops(rows: Iterable[Mapping[str, Any]], start: float) -> list[Stop]:
    """A phase's rule ``deadlines``: minute, name, title in languages, hard, contacts."""
    return [
        Stop(
            number=number,
            name=row["name"],
            title=row.get("title", {"en": row["name"]}),
            at=start + float(row["minute"]) * 60.0,
            hard=bool(row.get("hard", False)),
            contacts=int(row.get("contacts", 0)),
        )
        for number, row in enumerate(rows)
    ]


def pending(stops: Iterable[Stop]) -> list[Stop]:
    """Those still ahead, soonest first."""
    return sorted((stop for stop in stops if not stop.reached), key=lambda stop: stop.at)


def freezes_at(stop: Stop, grace: float) -> float:
    """When the clock freezes: at a soft deadline at once, at a hard one when its grace (seconds) is over."""
    return stop.at + (grace if stop.hard else 0.0)


def over_at(stops: Iterable[Stop], grace: float, closed_at: float = 0.0) -> float:
    """From when on what comes is late: the first hard deadline or the phase's close, and the grace (seconds).

    Infinite where there is neither.
    """
    ends = [stop.at for stop in stops if stop.hard]
    return min((*ends, closed_at) if closed_at else ends, default=inf) + grace
