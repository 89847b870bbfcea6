"""One event as it stands in an export: a line of JSON with everything that its digest covers."""

from dataclasses import asdict, dataclass

import orjson

from app.streams.chain import body_digest, link, with_words
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

    def event(self) -> Event:
        """The event, for folding; words that are missing are None in it."""
        body = with_words(orjson.loads(self.body or "{}"), self.words)
        return Event(self.kind, self.phase, body, self.seq, self.at, self.actor, self.command)

    def faults(self, stream: str, before: bytes) -> list[str]:
        """What does not hold, in words, where ``before`` is the digest of the event before this one."""
        return [*self._body_faults(), *self._words_faults(), *self._link_faults(stream, before)]

    def _body_faults(self) -> list[str]:
        if self.salt is None or self.body is None:
            return [f"event {self.seq}: its body is not proved"]
        if _proved(self.salt, self.body, self.body_digest):
            return []
        return [f"event {self.seq}: this is not the body that was logged"]

    def _words_faults(self) -> list[str]:
        if self.words is None and self.words_salt is None:
            return []
        if self.words is None or self.words_salt is None or self.words_digest is None:
            return [f"event {self.seq}: its words are not proved"]
        if _proved(self.words_salt, self.words, self.words_digest):
            return []
        return [f"event {self.seq}: these are not the words that were written"]

    def _link_faults(self, stream: str, before: bytes) -> list[str]:
        rest = (stream, self.seq, self.at, self.actor, self.command, self.kind, self.phase)
        words = () if self.words_digest is None else (self.words_digest,)
        linked = link(before, bytes.fromhex(self.body_digest), *rest, *words)
        return [] if linked.hex() == self.digest else [f"event {self.seq}: the chain of digests is broken"]


def _proved(salt: str, text: str, digest: str) -> bool:
    return body_digest(bytes.fromhex(salt), text.encode()).hex() == digest


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
