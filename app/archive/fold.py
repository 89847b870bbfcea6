"""A log folded for the archive: the session, and its records with the chain's digest at their last event."""

from typing import Any

import orjson

from app.archive.facts import plain_record
from app.archive.line import Line
from app.archive.record import SHAPE, people_in, people_named_before
from sessions.activity import Doubt
from sessions.revealing import is_kept_secretly
from sessions.session import Session
from sessions.viewers import OUTSIDE, is_named_beside

DIGEST_BYTES = 32


class Fold:
    """Takes a log's lines in order."""

    def __init__(self) -> None:
        self.session = Session()
        self._digests = bytearray()
        self._wordless = False

    def doubts(self, line: Line) -> list[Doubt]:
        """What a line says that does not follow from the lines before it, asked before it is taken."""
        self._wordless = self._wordless or line.wordless or line.once_erased
        phase = self.session.agenda.get(line.phase)
        activity = phase.activity if phase is not None else None
        found = list(activity.doubts(line.event(), line.bodiless)) if activity is not None else []
        found = [
            doubt._replace(wrong=doubt.wrong and not (doubt.by_words and self._wordless)) for doubt in found
        ]
        return [*self._early(line), *self._misplaced(line), *found]

    def _early(self, line: Line) -> list[Doubt]:
        gone = "an early release erased all of it, so what rests on it is not proved"
        return [Doubt(gone, wrong=False)] if line.once_erased else []

    def _misplaced(self, line: Line) -> list[Doubt]:
        """Words are what the kind of event declares, and the body holds their places alone: what counts is never in
        them, where it could be erased."""
        if line.words is None:
            return []
        words, body = orjson.loads(line.words), orjson.loads(line.body or "{}")
        strangers = words.keys() - self.session.words_of(line.kind, line.phase)
        doubled = {name for name in words if body.get(name) is not None}
        return [Doubt(f"{name} does not stand among words") for name in sorted(strangers | doubled)]

    def take(self, line: Line) -> None:
        """Fold one event. Raises whatever the rules raise for an event that they cannot have made."""
        self.session.evolve(line.event())
        self._digests += bytes.fromhex(line.digest)

    def records(self, shape: int = SHAPE) -> list[dict[str, Any]]:
        """The record of every entry of which the room knows, by number; ``shape`` is the version of their fields."""
        known = [e for e in self.session.entries.values() if not is_kept_secretly(self.session, e)]
        entries = sorted(known, key=lambda entry: entry.number)
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
