"""What the facilitator should look at: what nobody carries, who has not said yes, and who waits for support."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.act import items
from sessions.activity import Alert, alert
from sessions.format_rules import Fault

if TYPE_CHECKING:
    from sessions.activities.act import Act

REMIND = 5 * 60.0
"""Seconds before the planned end at which what has no answer needs the facilitator."""


def alerts(act: Act) -> Iterator[Alert]:
    """Cards without an answer near the end, actions without somebody responsible, requests for support that wait."""
    standing = list(act.plan.standing())
    waiting = len(list(items.unanswered(act)))
    if waiting:
        yield alert("Cards without an answer: {count}", at=act.phase.ends_at - REMIND, count=waiting)
    free = sum(not action.responsible and not action.asked for action in standing)
    silent = sum(bool(action.asked) for action in standing)
    wanted = sum(bool(action.support and not action.support.choice) for action in standing)
    if free:
        yield alert("Actions that nobody carries: {count}", count=free)
    if silent:
        yield alert("Actions whose responsible has not said yes: {count}", count=silent)
    if wanted:
        yield alert("Requests for support without an answer: {count}", count=wanted)


def came_short(act: Act) -> Iterator[Fault]:
    """Items that nobody has answered."""
    waiting = len(list(items.unanswered(act)))
    if waiting:
        values = {"count": waiting, "of": len(items.sources(act))}
        yield Fault("{count} of {of} stay without an answer", values, "answers")
