"""One event as it stands in an export: a line of JSON with everything that its digest covers."""

from dataclasses import asdict, dataclass

import orjson

from app.streams.chain import body_digest, link
from sessions.messages import Event


@dataclass(frozen=True, slots=True)
class Line:
    """An event with its proof. ``body`` is the text that was hashed; ``salt`` is None where the body was
    erased, and ``body`` then what may remain of it. Digests and salt are hexadecimal."""

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

    @property
    def erased(self) -> bool:
        return self.salt is None

    def event(self) -> Event:
        """The event, for folding."""
        body = orjson.loads(self.body or "{}")
        return Event(self.kind, self.phase, body, self.seq, self.at, self.actor, self.command)

    def faults(self, session: str, before: bytes) -> list[str]:
        """What does not hold, in words, where ``before`` is the digest of the event before this one."""
        return [*self._body_faults(), *self._link_faults(session, before)]

    def _body_faults(self) -> list[str]:
        if self.salt is None:
            return []
        said = body_digest(bytes.fromhex(self.salt), (self.body or "").encode())
        return (
            []
            if said.hex() == self.body_digest
            else [f"event {self.seq}: this is not the body that was logged"]
        )

    def _link_faults(self, session: str, before: bytes) -> list[str]:
        rest = (session, self.seq, self.at, self.actor, self.command, self.kind, self.phase)
        linked = link(before, bytes.fromhex(self.body_digest), *rest)
        return [] if linked.hex() == self.digest else [f"event {self.seq}: the chain of digests is broken"]


def written(line: Line) -> bytes:
    """A line as it stands in the file."""
    return orjson.dumps(asdict(line)) + b"\n"


def read(text: bytes) -> Line:
    """A line again. Raises ValueError or TypeError where it is none."""
    return Line(**orjson.loads(text))
