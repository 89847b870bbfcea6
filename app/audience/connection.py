"""One page that is kept up to date: what it shows, how far it has been told, and the transport by which it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from app.audience.in_step import InStepGroup
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


class Standing(Enum):
    """Where a connection stands with its audience."""

    NEW = auto()
    """It has not said where it stands, and hears nothing of the log."""
    IN_STEP = auto()
    """It is told what its audience is told, as it happens."""
    BEHIND = auto()
    """It has to be caught up by itself before its seq may move on, and waits for its turn."""
    FULL = auto()
    """As BEHIND, and there is no room to write to it."""
    UNDRAWN = auto()
    """As BEHIND, and its view could not be drawn."""
    UNWANTED = auto()
    """Nothing more goes to it."""


NEW, IN_STEP, BEHIND, FULL, UNDRAWN, UNWANTED = Standing
SILENT = (NEW, UNWANTED)
"""Who hears nothing of the log."""


@dataclass(eq=False, slots=True)
class Connection(Cursor):
    """A page with an open socket."""

    transport: Transport = field(kw_only=True)
    standing: Standing = NEW
    full_since: float = 0.0
    """When it became FULL, by the loop's clock."""
    group: InStepGroup | None = None
    """Whom it is written to with; as long as it is, the group's seq counts, and not its own."""
    descriptor: int = -1
    """By which the group writes to it."""
    cookie: bytes = b""
    """The hash of the cookie that it was opened with."""

    def leave_group(self) -> None:
        """From now on it is written to by itself. It knows what its group knows now."""
        if self.group is not None:
            group, self.group = self.group, None
            self.cursor = self.shared = group.seq
            group.leave(self.descriptor)

    def disconnect(self, code: int, word: Frame = RELOAD) -> None:
        """Send nothing more but a last word, to load the page anew, which says why, or another; and close."""
        if self.standing is not UNWANTED:
            self.leave_group()
            self.standing, self.cursor = UNWANTED, None
            self.transport.push(word)
            self.transport.close(code)
