"""Who has a page open or waits at the door, as all processes see it together that serve a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set

PRESENCE = "presence"
"""The topic of notices on who is connected; the word is empty."""
NOBODY: frozenset[str] = frozenset()
NOBODY_WAITS: Mapping[str, float] = {}


class Presence:
    """Where this process is the only one: what it sees is all there is."""

    def __init__(self) -> None:
        self.on_change: Callable[[str], None] = lambda code: None
        """Told of each session in which others see somebody come or go, or wait."""

    def tell(self, code: str, people: Set[str], waiting: Mapping[str, float] = NOBODY_WAITS) -> None:
        """Whom this process sees connected to a session, from now on, and who waits at its door since when."""

    def others(self, code: str) -> frozenset[str]:
        """Whom other processes see connected, as far as is known here."""
        return NOBODY

    def waiting(self, code: str) -> Mapping[str, float]:
        """Who waits as other processes know, and since when, as far as that is known here."""
        return NOBODY_WAITS

    def forget(self, code: str) -> None:
        """This process does not serve the session any more."""

    async def look(self) -> None:
        """Exchange news with the others, about once a second."""

    def look_soon(self) -> None:
        """There is news, here or elsewhere."""

    async def close(self) -> None:
        """Nobody is connected through this process any more."""
