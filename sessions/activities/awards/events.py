"""Shapes of the events of an award ceremony. None of them holds words: reasons belong to whoever gave the award."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict


class AwardRevealed(TypedDict):
    """``award`` is the award's id (see given.py)."""

    award: str
    entry: str


EVENTS: Mapping[str, type] = {"award_revealed": AwardRevealed}
