"""What a session says of an entry, as its record's stream hears it: flat fields such as ``need.situation``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from app.archive.identity import record_id
from app.archive.record import SHAPE, record_of
from app.archive.release_1 import record_of_release_1
from sessions.entry import Entry
from sessions.record import is_structure
from sessions.session import Session

PREFIX = "r-"
"""Names of records' streams begin with it."""


def stream_of(code: str, entry: Entry) -> str:
    """The name of the stream that an entry's record is."""
    return f"{PREFIX}{record_id(code, entry)}"


def facts_of(entry: Entry, session: Session, shape: int = SHAPE) -> dict[str, Any]:
    """The whole record of an entry as the session has it now: plain JSON by flat field. ``shape`` is the version of
    the fields; 1 for those of a record that says none. Of an entry that was withdrawn for good nothing is left that
    anybody wrote."""
    facts = flat(plain_record(entry, session, shape))
    gone = f"entry:{entry.id}" in session.withdrawn
    return {name: value for name, value in facts.items() if is_structure(name)} if gone else facts


def plain_record(entry: Entry, session: Session, shape: int = SHAPE) -> dict[str, Any]:
    """The same in groups."""
    made = record_of_release_1(entry, session) if shape == 1 else record_of(entry, session)
    record: dict[str, Any] = orjson.loads(orjson.dumps(made))
    return record


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record in groups, each by ``group.field``."""
    fields: dict[str, Any] = {}
    for group, value in record.items():
        fields |= (
            {f"{group}.{name}": v for name, v in value.items()} if isinstance(value, dict) else {group: value}
        )
    return fields


def grouped(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Flat fields in their groups again."""
    record: dict[str, Any] = {}
    for name, value in fields.items():
        group, _, field = name.partition(".")
        if field:
            record.setdefault(group, {})[field] = value
        else:
            record[group] = value
    return record
