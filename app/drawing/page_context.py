"""One live session as it is before people: the session itself, who is connected, and whose names are known."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from sessions.activity import Alert
from sessions.session import Session


class Boxes(Protocol):
    """How it stands with the keys of ballot boxes."""

    @property
    def alerts(self) -> list[Alert]:
        """What the facilitator should know of them."""


class NoBoxes:
    """Nothing is known of any."""

    alerts: ClassVar[list[Alert]] = []


class Names(Protocol):
    """Who people are: names live in rows that can be deleted, never in the session."""

    def shown_name(self, person: str) -> str: ...

    def fields(self, person: str) -> Mapping[str, str]:
        """Everything that is known of somebody, also of a third person."""


@dataclass
class PageContext:
    """What a rendering needs to know of one live session beside the session itself."""

    session: Session
    names: Names
    epoch: str = ""
    join_url: str = ""
    boxes: Boxes = field(default_factory=NoBoxes)
    connected: set[str] = field(default_factory=set)
    """People with an open socket."""
    troubles: Sequence[str] = ()
    """What is wrong with the server, by short names; staff is told."""
    waiting: dict[str, float] = field(default_factory=dict)
    """People at the door whom staff has not let in yet, and since when (wall time), in the order in which they came."""
    is_crowded: bool = False
    """Whether so many have come that the door is strict by itself."""
    word: str = ""
    """The room's word, which the picture on the wall carries."""
    heads: Mapping[int, bytes] = field(default_factory=dict)
    """Digests of the chain at events that results stand in, by seq: as much of it as people can note."""
    presence_version: int = field(default_factory=lambda: int(time.time() * 1000))
    """Counts changes of whatever is shown and not in the log. It starts from the wall clock, so that it goes on growing
    after a restart."""

    @property
    def picture_url(self) -> str:
        """The address that the picture on the wall carries."""
        return f"{self.join_url}?w={self.word}" if self.word else self.join_url
