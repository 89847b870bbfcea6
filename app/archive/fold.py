"""A log folded for the archive: the session, and its records with the chain's digest at their last event."""

from typing import Any

from app.archive.facts import plain_record
from app.archive.line import Line
from app.archive.record import SHAPE, people_in, people_named_before
from sessions.session import Session
from sessions.viewers import OUTSIDE, is_named_beside

DIGEST_BYTES = 32


class Fold:
    """Takes a log's lines in order."""

    def __init__(self) -> None:
        self.session = Session()
        self._digests = bytearray()

    def take(self, line: Line) -> None:
        """Fold one event. Raises whatever the rules raise for an event that they cannot have made."""
        self.session.evolve(line.event())
        self._digests += bytes.fromhex(line.digest)

    def records(self, shape: int = SHAPE) -> list[dict[str, Any]]:
        """Every entry's record, by number; ``shape`` is the version of the records' fields."""
        entries = sorted(self.session.entries.values(), key=lambda entry: entry.number)
        return [self._sealed(plain_record(entry, self.session, shape)) for entry in entries]

    def _sealed(self, record: dict[str, Any]) -> dict[str, Any]:
        log = record["provenance"]["log_range"]
        end = log["last"] * DIGEST_BYTES
        log["digest"] = self._digests[end - DIGEST_BYTES : end].hex()
        return record

    def named(self) -> set[str]:
        """Everybody whose name stands beside one of the records for all to see: an export goes to whoever gets it."""
        session = self.session
        return {
            person
            for entry in session.entries.values()
            for person in people_in(entry, session)
            if is_named_beside(session, OUTSIDE, entry, person)
        }

    def named_before(self) -> set[str]:
        """The same as releases saw it that wrote nothing of ``seen_by`` into an export."""
        return {person for record in self.records() for person in people_named_before(record)}
