"""The awards that earlier phases have given, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sessions.entry import Entry
from sessions.messages import Text


@dataclass(frozen=True, slots=True)
class Award:
    """An award that an earlier phase has given. ``place`` counts from 1; ``name`` is a key or a text."""

    id: str
    entry: str
    name: Text | str
    reason: str
    place: int


def awards_given(entries: Iterable[Entry], phases: Sequence[str]) -> list[Award]:
    """The awards of some phases: last places first, and among equal places those of the first phase at the end."""
    given = [found for entry in entries for found in _awards_of(entry, phases)]
    return [award for _, award in sorted(given, key=lambda item: (-item[1].place, -item[0], item[1].id))]


def award_id(phase: str, key: str, entry: str) -> str:
    """The id of an award of a phase: by its key, and whose it is."""
    return f"{phase}.{key}.{entry}"


def _awards_of(entry: Entry, phases: Sequence[str]) -> Iterator[tuple[int, Award]]:
    """An entry's awards, each with the place of its phase among the phases."""
    for (phase, name, key), value in entry.facts.items():
        if name == "award" and phase in phases:
            award, place = award_id(phase, key, entry.id), int(value.get("place") or 1)
            reason = value.get("reason") or ""
            yield phases.index(phase), Award(award, entry.id, value["award"], reason, place)
