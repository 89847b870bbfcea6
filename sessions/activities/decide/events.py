"""Shapes of what happens while entries are decided about. ``entry`` and ``into`` are entry ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from sessions.shapes import Words


class EntryDecided(TypedDict):
    """Somebody decided. ``led`` says that the team's leader or staff did."""

    entry: str
    number: int
    choice: str
    reason: Words
    led: bool


class EntryChanged(EntryDecided):
    """It changes course. ``title`` and ``summary`` are missing (before: empty) where none was given."""

    title: NotRequired[Words]
    summary: NotRequired[Words]


class EntryMerged(EntryDecided):
    """It becomes part of another. ``by`` proposed it, where that is not who agreed."""

    into: str
    into_number: int
    by: NotRequired[str]


class MergeOffered(TypedDict):
    """Another team is asked whether an entry may merge into one of theirs."""

    entry: str
    number: int
    reason: Words
    led: bool
    into: str
    into_number: int


class MergeDeclined(TypedDict):
    entry: str
    into: str


class DecisionTakenBack(TypedDict):
    entry: str
    number: int


class LeftAsIs(TypedDict):
    """What was undecided at the close."""

    entries: list[str]
    count: int


EVENTS: Mapping[str, type] = {
    "entry_continued": EntryDecided,
    "entry_changed": EntryChanged,
    "entry_merged": EntryMerged,
    "entry_parked": EntryDecided,
    "entry_withdrawn": EntryDecided,
    "merge_offered": MergeOffered,
    "merge_declined": MergeDeclined,
    "decision_taken_back": DecisionTakenBack,
    "left_as_is": LeftAsIs,
}
