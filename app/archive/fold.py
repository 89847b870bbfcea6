"""A log folded for the archive: the session, and its records with the chain's digest at their last event."""

from collections import Counter
from typing import Any

import orjson

from app.archive.facts import plain_record
from app.archive.leaving import Leaving
from app.archive.line import Line
from app.archive.record import SHAPE, people_in, people_named_before
from app.archive.seen import Seen, record_seen, seen_of
from sessions.activity import Doubt
from sessions.audience import EVERYBODY
from sessions.entry import Entry
from sessions.revealing import is_kept_secretly
from sessions.session import Session
from sessions.viewers import OUTSIDE, is_named_beside, viewer_in

DIGEST_BYTES = 32
ALL_OF_IT = Leaving()


class Fold:
    """Takes a log's lines in order."""

    def __init__(self, for_level: bool = False) -> None:
        self.session = Session()
        self.for_level = for_level
        self.untold: Counter[str] = Counter()
        """By kind of event, how many say what cannot be told without the words that are kept back from a level."""
        self._digests = bytearray()
        self._wordless = False

    def doubts(self, line: Line) -> list[Doubt]:
        """What a line says that does not follow from the lines before it, asked before it is taken."""
        self._wordless = self._wordless or line.wordless or line.once_erased
        phase = self.session.agenda.get(line.phase)
        activity = phase.activity if phase is not None else None
        found = list(activity.doubts(line.event(), line.bodiless)) if activity is not None else []
        return [*self._early(line), *self._misplaced(line), *self._without_words(line, found)]

    def _without_words(self, line: Line, found: list[Doubt]) -> list[Doubt]:
        """What was told by words is not told where some are missing; a file for a level promises none."""
        if not self._wordless:
            return found
        by_words = [doubt for doubt in found if doubt.by_words]
        if self.for_level:
            self.untold[line.kind] += len(by_words)
            return [doubt for doubt in found if not doubt.by_words]
        return [doubt._replace(wrong=doubt.wrong and not doubt.by_words) for doubt in found]

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

    def records(self, shape: int = SHAPE, leaving: Leaving = ALL_OF_IT) -> list[dict[str, Any]]:
        """The record of every entry of which the room knows, by number; ``shape`` is the version of their fields. For a
        level, as far as it may be seen there."""
        if leaving.is_level:
            return [record_seen(seen, self.session) for seen in self.seen(leaving)]
        return [self._sealed(plain_record(entry, self.session, shape)) for entry in self._known()]

    def seen(self, leaving: Leaving) -> list[Seen]:
        """The same as their sheets show them: to staff all that is there, and to a level what may be seen there."""
        session = self.session
        viewer = leaving.viewer(session) if leaving.is_level else viewer_in(session, "console", EVERYBODY)
        records = [(self._sealed(plain_record(entry, session)), entry) for entry in self._known()]
        return [seen_of(record, entry, session, viewer, leaving.at) for record, entry in records]

    def _known(self) -> list[Entry]:
        known = [e for e in self.session.entries.values() if not is_kept_secretly(self.session, e)]
        return sorted(known, key=lambda entry: entry.number)

    def _sealed(self, record: dict[str, Any]) -> dict[str, Any]:
        log = record["provenance"]["log_range"]
        end = log["last"] * DIGEST_BYTES
        log["digest"] = self._digests[end - DIGEST_BYTES : end].hex()
        return record

    def named(self, leaving: Leaving = ALL_OF_IT) -> set[str]:
        """Everybody whose name stands beside one of the records for all to see, or for the level: any other export goes
        to whoever gets it."""
        session = self.session
        viewer = leaving.viewer(session) if leaving.is_level else OUTSIDE
        return {
            person
            for entry in session.entries.values()
            for person in people_in(entry, session)
            if is_named_beside(session, viewer, entry, person)
        }

    def named_before(self) -> set[str]:
        """The same as releases saw it that wrote nothing of ``seen_by`` into an export."""
        return {person for record in self.records() for person in people_named_before(record)}
