"""The shelf of event formats: one TOML file each, with the forms, documents and rubrics they share."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sessions.activities import activity_class
from sessions.format import read_format

SHELF = Path(__file__).parents[2] / "sessions" / "formats"
SHARED = ("forms", "documents", "rubrics")
"""Files on the shelf that are no format but belong to every one."""


class UnknownFormat(LookupError):
    """There is no such format; ``known`` are those there are."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"There is no format {name!r}. There are: {', '.join(known) or 'none'}.")
        self.known = known


def names(shelf: Path = SHELF) -> list[str]:
    """The formats there are, by name."""
    return sorted(file.stem for file in shelf.glob("*.toml") if file.stem not in SHARED)


def take(name: str, shelf: Path = SHELF) -> dict[str, Any]:
    """A format with all it refers to, as plain data. Raises UnknownFormat, and ValueError for a faulty file."""
    if name not in names(shelf):
        raise UnknownFormat(name, names(shelf))
    data: dict[str, Any] = {}
    for stem in (*SHARED, name):
        data |= _read(shelf / f"{stem}.toml")
    for spec in read_format(data).specs:
        activity_class(spec.kind)
    return data


def _read(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{file.name}: {error}") from error
