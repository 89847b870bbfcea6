"""How long a topic's queue is, and how long it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sessions.activities.consult.requests import Request


@dataclass(frozen=True, slots=True)
class Waiting:
    """How things stand with one topic: numbers only, so that everybody may see it."""

    topic: str
    waiting: int
    claimed: int
    answered: int
    minutes: int
    """Mean time to an answer so far, in whole minutes."""
    oldest_at: float
    """When the one that waits longest was asked; 0 if none waits."""


def waiting(topic: str, requests: Iterable[Request]) -> Waiting:
    """The state of one topic's queue."""
    on_topic = [r for r in requests if r.topic == topic]
    answered = [r for r in on_topic if r.verdict]
    unclaimed = [r for r in on_topic if r.state == "waiting"]
    return Waiting(
        topic=topic,
        waiting=len(unclaimed),
        claimed=sum(1 for r in on_topic if r.state == "claimed"),
        answered=len(answered),
        minutes=round(sum(r.minutes for r in answered) / len(answered)) if answered else 0,
        oldest_at=min((r.asked_at for r in unclaimed), default=0.0),
    )
