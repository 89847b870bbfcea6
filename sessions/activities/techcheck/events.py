"""Shapes of the events of a technical check. None of them holds words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict


class Checked(TypedDict):
    """``ok`` says whether everything worked."""

    entry: str
    ok: bool


class SlotChosen(TypedDict):
    """``position`` counts from 1."""

    entry: str
    position: int


class OrderSettled(TypedDict):
    """``order`` holds the id of every entry, in the order that later phases get."""

    order: list[str]


EVENTS: Mapping[str, type] = {
    "checked": Checked,
    "slot_chosen": SlotChosen,
    "order_settled": OrderSettled,
}
