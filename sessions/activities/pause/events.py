"""Shapes of what happens in a pause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict


class OfPerson(TypedDict):
    """``person`` has left or come back; who says so is the event's actor."""

    person: str


EVENTS: Mapping[str, type] = {"checked_out": OfPerson, "checked_in": OfPerson}
