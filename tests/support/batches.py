"""Batches as a desk makes them: events, and the rows that the product writes beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.projections import PROJECTIONS
from app.streams.log import Batch
from app.streams.projections import Change
from sessions.messages import Event


def batch_of(events: Sequence[Event], *items: Any, state: Any = None) -> Batch:
    """Events with items of their decision: people, secret ballots, entries that changed."""
    gathering = PROJECTIONS.gather()
    gathering.take(Change(events, items, state))
    return gathering.batch(events, state)
