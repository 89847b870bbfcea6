"""Is an event what was logged? Answered from its row and the digest of the event before it.

Whatever reads a log to fold it goes through here: no body and no words are believed that their salted digests do not
prove, and no event that does not link to the one before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson

from app.database.writer import WriteError
from app.streams.chain import GENESIS, link, with_words
from sessions.messages import Event
from sessions.once_erased import ONCE_ERASABLE, remains

COLUMNS = (
    *("seq", "at", "actor", "command", "kind", "phase", "body", "salt"),
    *("body_digest", "digest", "words", "words_salt", "words_digest"),
)
READ = f"SELECT {', '.join(COLUMNS)} FROM log"  # noqa: S608 - our own names
"""What an event is proved and folded from. Whoever reads what follows an event reads that one too: see ``proved``."""


class Unproved(WriteError):
    """The log of ``stream`` does not hold at ``seq``: nothing from there on is ever folded."""

    def __init__(self, stream: str, seq: int, what: str) -> None:
        super().__init__(f"{stream}: {what}")
        self.stream, self.seq, self.what = stream, seq, what


class Stored(NamedTuple):
    """An event as it is kept: in the order of COLUMNS, salts and digests as bytes."""

    seq: int
    at: float
    actor: str
    command: str
    kind: str
    phase: str
    body: str | None
    salt: bytes | None
    body_digest: bytes
    digest: bytes
    words: str | None = None
    words_salt: bytes | None = None
    words_digest: bytes | None = None

    @property
    def once_erased(self) -> bool:
        """Whether the whole body was erased by an early release, which could do that to a few kinds of events."""
        return self.salt is None and self.words_digest is None and self.kind in ONCE_ERASABLE

    def event(self) -> Event:
        """The event, for folding; words that are missing are None in it."""
        body = with_words(orjson.loads(self.body or "{}"), self.words)
        event = Event(self.kind, self.phase, body, self.seq, self.at, self.actor, self.command)
        return remains(event) if self.once_erased else event

    def holds(self, stream: str, before: bytes) -> bool:
        """Whether nothing is wrong with it, where ``before`` is the digest of the event before this one."""
        return self._body_holds() and self._words_hold() and self._digest(stream, before) == self.digest

    def faults(self, stream: str, before: bytes, withheld: bool = False) -> Iterator[str]:
        """What is wrong with it, in words. ``withheld``: that it has no body is as it should be."""
        if not withheld and not self._body_holds():
            missing = self.salt is None or self.body is None
            yield "its body is not proved" if missing else "this is not the body that was logged"
        if not self._words_hold():
            missing = None in (self.words, self.words_salt, self.words_digest)
            yield "its words are not proved" if missing else "these are not the words that were written"
        if self._digest(stream, before) != self.digest:
            yield "the chain of digests is broken"

    def _body_holds(self) -> bool:
        return _proves(self.salt, self.body, self.body_digest) or self.once_erased

    def _words_hold(self) -> bool:
        if self.words is None and self.words_salt is None:
            return True
        return _proves(self.words_salt, self.words, self.words_digest)

    def _digest(self, stream: str, before: bytes) -> bytes:
        rest = (stream, self.seq, self.at, self.actor, self.command, self.kind, self.phase)
        words = () if self.words_digest is None else (self.words_digest.hex(),)
        return link(before, self.body_digest, *rest, *words)


def _proves(salt: bytes | None, text: str | None, digest: bytes | None) -> bool:
    if salt is None or text is None or digest is None:
        return False
    return hashlib.sha256(salt + text.encode()).digest() == digest


def proved(stream: str, rows: Iterable[Any], after: int) -> list[Event]:
    """The events of a log after seq ``after``. ``rows`` are those of READ, in order, from ``after`` itself on: the next
    one links to it. Raises Unproved at the first that does not hold or is not there."""
    kept = (Stored(*row) for row in rows)
    before = GENESIS
    if after:
        anchor = next(kept, None)
        if anchor is None:
            return []
        _check_place(stream, anchor, after)
        before = anchor.digest
    return [line.event() for line in following(stream, kept, after, before)]


def following(stream: str, lines: Iterable[Stored], after: int, before: bytes) -> Iterator[Stored]:
    """Lines of a log after seq ``after``, which has the digest ``before``, as long as they hold. Raises Unproved at the
    first that does not."""
    for seq, line in enumerate(lines, after + 1):
        _check_place(stream, line, seq)
        if not line.holds(stream, before):
            raise Unproved(stream, seq, f"event {seq} ({line.kind}): {next(line.faults(stream, before))}")
        before = line.digest
        yield line


def _check_place(stream: str, line: Stored, seq: int) -> None:
    if line.seq != seq:
        raise Unproved(stream, seq, f"event {seq} is not there")
