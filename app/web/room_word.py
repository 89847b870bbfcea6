"""The room's word: what the picture on the wall carries beside the address, so that who stands before it comes in while
the door is strict. It changes every five minutes, is made and checked without asking the database, and cannot be
guessed."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable

SLOT_SECONDS = 300
"""Real seconds for which one word stands on the wall."""
VALID = 3
"""Words that are right: the one on the wall, and those before it, as a name is typed in its own time."""
LENGTH = 6
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class RoomWords:
    """The words of all sessions. ``sign`` makes what only this database's processes can make."""

    def __init__(self, sign: Callable[[str], str], clock: Callable[[], float] = time.time) -> None:
        self._sign, self._clock = sign, clock

    def word(self, code: str) -> str:
        """What stands on the wall of a session now."""
        return self._word(code, self._slot)

    def knows(self, code: str, word: str) -> bool:
        """Whether somebody has seen that wall within the last minutes."""
        given, slot = word.encode(), self._slot
        right = [self._word(code, slot - age).encode() for age in range(VALID)]
        return any(hmac.compare_digest(given, known) for known in right)

    @property
    def _slot(self) -> int:
        return int(self._clock() // SLOT_SECONDS)

    def _word(self, code: str, slot: int) -> str:
        number = int(self._sign(f"word:{code}:{slot}"), 16)
        return "".join(LETTERS[number >> 5 * place & 31] for place in range(LENGTH))
