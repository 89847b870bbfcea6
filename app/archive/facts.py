"""What a session says of an entry, as its record's stream hears it: flat fields such as ``need.situation``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from app.archive.identity import record_id
from app.archive.record import record_of
from sessions.entry import Entry
from sessions.record import STRUCTURE
from sessions.session import Session

PREFIX = "r-"
"""Names of records' streams begin with it."""


def stream_of(code: str, entry: Entry) -> str:
    """The name of the stream that an entry's record is."""
    return f"{PREFIX}{record_id(code, entry)}"


def facts_of(entry: Entry, session: Session) -> dict[str, Any]:
    """The whole record of an entry as the session has it now: plain JSON by flat field. Of one that was withdrawn for
    good nothing that anybody wrote is left."""
    record: dict[str, Any] = orjson.loads(orjson.dumps(record_of(entry, session)))
    facts = flat(record)
    gone = f"entry:{entry.id}" in session.withdrawn
    return {name: value for name, value in facts.items() if name in STRUCTURE} if gone else facts


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
