"""One event as it stands in an export: a line of JSON with everything that its digest covers."""

from dataclasses import asdict, dataclass

import orjson

from app.streams.proof import Stored
from sessions.messages import Event

OPTIONAL = ("words", "words_salt", "words_digest")
"""What stands in a line only where somebody wrote words."""


@dataclass(frozen=True, slots=True)
class Line:
    """An event with its proof. ``body`` is the text that was hashed: structure, always there. ``words`` is the text of
    what people wrote; it and its salt are None where nobody wrote any, where they were erased, and where they were left
    out of a file for others. Digests and salts are hexadecimal."""

    seq: int
    at: float
    actor: str
    command: str
    kind: str
    phase: str
    body: str | None
    salt: str | None
    body_digest: str
    digest: str
    words: str | None = None
    words_salt: str | None = None
    words_digest: str | None = None

    @property
    def wordless(self) -> bool:
        """Whether somebody wrote words here that are not in the file."""
        return self.words_digest is not None and self.words is None

    @property
    def once_erased(self) -> bool:
        """Whether the whole body was erased by an early release: what is left of it is not proved."""
        return self.stored.once_erased

    @property
    def stored(self) -> Stored:
        """The same as it stands in a database. Raises ValueError where a digest is none."""
        return Stored(
            *(self.seq, self.at, self.actor, self.command, self.kind, self.phase, self.body),
            _bytes(self.salt),
            bytes.fromhex(self.body_digest),
            bytes.fromhex(self.digest),
            self.words,
            _bytes(self.words_salt),
            _bytes(self.words_digest),
        )

    def event(self) -> Event:
        """The event, for folding; words that are missing are None in it."""
        return self.stored.event()

    @property
    def bodiless(self) -> bool:
        """Whether the body was left out, as an export for handing out does with ballots."""
        return self.body is None and self.salt is None

    def faults(self, stream: str, before: bytes, withheld: bool = False) -> list[str]:
        """What does not hold, in words, where ``before`` is the digest of the event before this one. ``withheld``: that
        it has no body is as it should be."""
        try:
            return [f"event {self.seq}: {fault}" for fault in self.stored.faults(stream, before, withheld)]
        except ValueError:
            return [f"event {self.seq}: its digests are none"]


def _bytes(digits: str | None) -> bytes | None:
    return None if digits is None else bytes.fromhex(digits)


def written(line: Line) -> bytes:
    """A line as it stands in the file."""
    fields = asdict(line)
    for name in OPTIONAL:
        if fields[name] is None:
            del fields[name]
    return orjson.dumps(fields) + b"\n"


def read(text: bytes) -> Line:
    """A line again. Raises ValueError or TypeError where it is none."""
    return Line(**orjson.loads(text))
