"""Shapes of what happens while owners are found. ``entry`` is an entry's id, ``person`` a pseudonymous id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from sessions.shapes import Words


class OwnershipChanged(TypedDict):
    """``person`` has accepted, is asked, has said no or has stepped down."""

    entry: str
    number: int
    person: str


class OwnershipTaken(OwnershipChanged):
    """``person`` has accepted. ``named`` says whether everybody may see the name beside this entry; nobody had been
    asked that where it is missing."""

    named: NotRequired[bool]


class OwnershipForced(OwnershipChanged):
    """Staff asks ``person`` in place of ``before``, who owned it or was asked to."""

    before: str
    reason: Words


class FirstStepSet(TypedDict):
    """What is done first, and by when (``due``, an ISO date)."""

    entry: str
    number: int
    text: Words
    due: str


class FollowupsSet(TypedDict):
    """When to ask again: in how many ``months``, and on which ``dates`` (ISO)."""

    entry: str
    months: list[int]
    dates: list[str]


class VisibilitySet(TypedDict):
    entry: str
    level: str


class HelpOffered(TypedDict):
    entry: str
    person: str
    text: Words


class HelpWithdrawn(TypedDict):
    entry: str
    person: str


EVENTS: Mapping[str, type] = {
    "ownership_taken": OwnershipTaken,
    "ownership_offered": OwnershipChanged,
    "ownership_declined": OwnershipChanged,
    "owner_stepped_down": OwnershipChanged,
    "ownership_forced": OwnershipForced,
    "first_step_set": FirstStepSet,
    "followups_set": FollowupsSet,
    "visibility_set": VisibilitySet,
    "help_offered": HelpOffered,
    "help_withdrawn": HelpWithdrawn,
}
