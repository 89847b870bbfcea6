"""One page that is kept up to date: what it shows, how far it has been told, and the line it hears by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from app.audience.in_step import InStep
from app.wire import messages
from app.wire.frame import Frame
from app.wire.transport import Transport

RELOAD = Frame(messages.RELOAD)


class Audience(NamedTuple):
    """Everybody who is told the same: a view, a language, and the scopes that are not a person's own."""

    view: str
    language: str
    scopes: tuple[str, ...]


@dataclass(eq=False, slots=True)
class Cursor:
    """A page and where it stands. ``cursor`` is the seq up to which it knows everything, ``shared`` that up to which it
    knows what it shares with its audience; ``cursor`` is None until the page has said where it stands."""

    view: str
    person: str
    language: str
    scopes: tuple[str, ...]
    cursor: int | None = None
    shared: int = 0

    @property
    def audience(self) -> Audience:
        return Audience(self.view, self.language, self.scopes_shared)

    @property
    def scopes_shared(self) -> tuple[str, ...]:
        return tuple(scope for scope in self.scopes if not scope.startswith("person:"))

    @property
    def scopes_own(self) -> tuple[str, ...]:
        return tuple(scope for scope in self.scopes if scope.startswith("person:"))

    def stands_at(self, seq: int) -> None:
        """It knows everything up to ``seq`` (and nothing that it knew is taken back)."""
        self.cursor, self.shared = max(seq, self.cursor or 0), max(seq, self.shared)


@dataclass(eq=False, slots=True)
class Connection(Cursor):
    """A reader with an open socket."""

    line: Transport = field(kw_only=True)
    behind: bool = False
    """It has to be caught up by itself before its seq may move on."""
    full_since: float = 0.0
    """When it fell behind with a full line, by the loop's clock."""
    unwanted: bool = False
    rank: InStep | None = None
    """Where it stands with others; as long as it does, the rank's seq counts, and not its own."""
    descriptor: int = -1
    """By which the rank writes to it."""
    cookie: bytes = b""
    """The hash of the cookie that it was opened with."""

    def step_out(self) -> None:
        """From now on it stands by itself, where its rank stands now."""
        if self.rank is not None:
            rank, self.rank = self.rank, None
            self.cursor = self.shared = rank.seq
            rank.leave(self.descriptor)

    def put_out(self, code: int, word: Frame = RELOAD) -> None:
        """Nothing more goes to this socket but a last word: to load the page anew, which says why, or another."""
        if not self.unwanted:
            self.step_out()
            self.unwanted, self.cursor = True, None
            self.line.push(word)
            self.line.close(code)
