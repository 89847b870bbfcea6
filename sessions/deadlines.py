"""The deadlines that lie ahead: what the agenda's work phases demand, and when that is as things stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sessions.agenda import Agenda, Phase
from sessions.messages import Text


class Ahead(NamedTuple):
    """A deadline of a phase: ``at`` is wall time, ``name`` what the format calls it ("" or a text)."""

    at: float
    phase: Phase
    name: Text | str
    hard: bool


def deadlines_ahead(agenda: Agenda, now: float) -> list[Ahead]:
    """Every deadline of the main track that has not passed, soonest first. ``now`` is wall time."""
    return sorted((a for a in _all(agenda, now) if a.at > now), key=lambda a: a.at)


def _all(agenda: Agenda, now: float) -> Iterator[Ahead]:
    for phase, starts_at, _ in agenda.forecast(now):
        for row in phase.spec.rules.get("deadlines", ()) if not phase.spec.apart else ():
            at = starts_at + row["minute"] * 60.0
            yield Ahead(at, phase, row.get("name", ""), bool(row.get("hard")))
