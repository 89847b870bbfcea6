"""What earlier releases left behind. Never changed: whatever is built, it has to be read like this for ever.

``release-1.jsonl.xz`` holds a log a line, as the rules of release 1 wrote it while their own tests played (every kind
of event in every shape there was), and what that release folded it to; ``release-1-plan.jsonl.xz`` and
``release-1-stages.jsonl.xz`` the same of everything that could happen in plans, pitches, technical checks and awards.
``race-1.zip`` is the export of a race with twelve people, ``race-1.sqlite.xz`` the database it came from.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sessions.messages import Event

FOLDER = Path(__file__).parent
EXPORT = FOLDER / "race-1.zip"
CODE = "Z4D08V8S"
"""The session in the export and in the database."""


def logs() -> Iterator[dict[str, Any]]:
    """Every log of release 1: ``test`` (where it came from), ``log`` (rows) and ``results`` (see support.results)."""
    for name in ("release-1.jsonl.xz", "release-1-plan.jsonl.xz", "release-1-stages.jsonl.xz"):
        with lzma.open(FOLDER / name, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def events(rows: list[list[Any]]) -> Iterator[Event]:
    """The events of a log's rows."""
    for seq, (kind, phase, body, at, actor, command) in enumerate(rows, 1):
        yield Event(kind, phase, body, seq, at, actor, command)


def unpack_database(data: Path) -> None:
    """Put the database of release 1 into a data folder."""
    (data / "race.sqlite").write_bytes(lzma.decompress((FOLDER / "race-1.sqlite.xz").read_bytes()))
