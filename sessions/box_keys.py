"""Keys of ballot boxes: a phase with secret ballots opens with the public half of a key of its own.

The private half lies apart from the database, and is destroyed once the box is counted. Where no key can be made the
phase does not open: a secret ballot is never kept unsealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sessions.activities import activity_class, kinds
from sessions.agenda import OPEN, Phase
from sessions.messages import Command, Emptied, PublicKeys, Refused
from sessions.refusals import keys_not_shared


class NewBox(NamedTuple):
    """What opening a phase leads to: more fields of the event, and what is done away with before."""

    fields: Mapping[str, str] = {}
    items: Sequence[Emptied] = ()


def has_box(phase: Phase) -> bool:
    """Whether a phase keeps secret ballots in a box. An old log may hold a kind that is gone."""
    return phase.kind in kinds() and activity_class(phase.kind).has_ballot_box(phase.spec.rules)


def without_key(phases: Iterable[Phase]) -> list[str]:
    """The phases that would need a new key if they opened now."""
    return [phase.id for phase in phases if phase.state != OPEN and not phase.box_key and has_box(phase)]


def keys_in_use(phases: Iterable[Phase]) -> PublicKeys:
    """The keys of boxes that are still to be counted."""
    return {phase.id: phase.box_key for phase in phases if phase.box_key}


def opened_with(phase: Phase, command: Command) -> NewBox | Refused:
    """The box with which a command opens a phase: the one that it has, if it was put back uncounted, else a new one.
    What still lies in an earlier one is destroyed."""
    if not has_box(phase):
        return NewBox()
    if phase.box_key:
        return NewBox({"box_key": phase.box_key})
    key = (command.box_keys or {}).get(phase.id)
    if not key:
        return keys_not_shared()
    return NewBox({"box_key": key}, [Emptied(phase.id)] if phase.activity else ())


def closed_unopened(phase: Phase) -> list[Emptied]:
    """What becomes of the box of a phase that was put back and is not held after all: it is destroyed unread."""
    return [Emptied(phase.id)] if phase.box_key else []
