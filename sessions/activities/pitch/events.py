"""Shapes of the events of pitches. A ``slot`` is its entry's id, that of whoever signed up for it, or ``talk``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypedDict

from sessions.shapes import Words

Part = Literal["talk", "qa", "change"]


class SignedUp(TypedDict):
    """Somebody has taken a slot, which is a ``card`` to every other phase; the others read its ``title``."""

    card: str
    number: int
    title: Words
    language: str


class SlotGivenUp(TypedDict):
    """Whoever had signed up is not coming: the title's words are erased."""

    slot: str


class OrderDrawn(TypedDict):
    """``order`` holds every slot: first those that have been on."""

    order: list[str]


class SlotMoved(TypedDict):
    """``order`` is the running order after the move."""

    slot: str
    to: Literal["up", "down", "end"]
    order: list[str]


class SlotMissed(TypedDict):
    """``number`` is the entry's; ``order`` is the running order from here on."""

    slot: str
    number: int
    order: list[str]


class SlotForfeited(TypedDict):
    slot: str
    number: int


class PresentersNamed(TypedDict):
    """``people`` are pseudonymous ids."""

    slot: str
    people: list[str]


class PartBegun(TypedDict):
    """A slot's first part, or the one after. ``seconds`` is how long it may last."""

    slot: str
    part: Part
    seconds: float


class ClockTurned(TypedDict):
    """The clock was stopped, or runs again."""


class TimeAdded(TypedDict):
    """``seconds`` may be below 0."""

    seconds: int


class Warned(TypedDict):
    """``left`` is how many seconds were left."""

    slot: str
    part: Part
    left: int


class PartEnded(TypedDict):
    slot: str
    part: Part


class SlotEnded(TypedDict):
    slot: str
    reason: Literal["done", "stopped", "closed"]


EVENTS: Mapping[str, type] = {
    "signed_up": SignedUp,
    "slot_given_up": SlotGivenUp,
    "order_drawn": OrderDrawn,
    "slot_moved": SlotMoved,
    "slot_missed": SlotMissed,
    "slot_forfeited": SlotForfeited,
    "presenters_named": PresentersNamed,
    "slot_started": PartBegun,
    "part_begun": PartBegun,
    "clock_paused": ClockTurned,
    "clock_resumed": ClockTurned,
    "time_added": TimeAdded,
    "warned": Warned,
    "part_ended": PartEnded,
    "slot_ended": SlotEnded,
}
