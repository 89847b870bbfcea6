"""The shelf of event formats: one TOML file each, with the forms, documents and rubrics they share."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sessions.format_faults import SHELVES, findings
from sessions.format_findings import Finding

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


class FaultyFormat(ValueError):
    """A format that no session may begin with; ``findings`` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(" ".join(str(finding) for finding in findings))
        self.findings = findings


def take(name: str, shelf: Path = SHELF) -> dict[str, Any]:
    """A format with all it refers to, as plain data: one of the shelf, or a file by its path (``….toml``).

    Raises UnknownFormat; FaultyFormat; and ValueError for a file that is no TOML.
    """
    data = read(name, shelf)
    grave = [finding for finding in findings(data) if finding.grave]
    if grave:
        raise FaultyFormat(grave)
    return data


def read(name: str, shelf: Path = SHELF) -> dict[str, Any]:
    """The same, faulty or not."""
    file = file_of(name, shelf)
    data: dict[str, Any] = {}
    for stem in SHARED:
        data |= _parsed(shelf / f"{stem}.toml")
    for key, value in _parsed(file).items():
        # A format's own forms lie beside the shared ones; one of the same name stands in its place.
        data[key] = {**data.get(key, {}), **value} if key in SHELVES and isinstance(value, dict) else value
    return data


def file_of(name: str, shelf: Path = SHELF) -> Path:
    """Where a format is written. Raises UnknownFormat."""
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return path
    if name not in names(shelf):
        raise UnknownFormat(name, names(shelf))
    return shelf / f"{name}.toml"


def _parsed(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{file.name}: {error}") from error
