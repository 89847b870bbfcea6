"""Who may still try at the entrance. A code can be guessed and a door can be stormed; whoever does it is told to wait,
and nobody else notices.

What is counted is counted for a device, which is a signed cookie, and never for an address: five thousand people in a
hall have one address. A cookie costs nothing, so who has got theirs just now shares one purse with everybody who has
none: when that is empty, a newcomer is given a cookie and a place in a queue. Who has seen the wall of the room (see
room_word.py) is no guesser, and passes all that.

A code has 40 bits. That is what protects a session; the budgets here see to it that guessing is slow, visible in the
metrics, and of no use as a way to keep the database busy.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable

from app.telemetry.metrics import tally
from app.token_bucket import TokenBucket
from app.web.room_word import RoomWords
from app.web.slots import Slots

WRONG_CODES = 10
"""Wrong codes that one device may type at once; one more each minute."""
FEW = 3
"""The same while the budget of the whole house is spent."""
ALL_WRONG_CODES = 600
"""Wrong codes of everybody at once, and five more each second: twenty halls full of people who mistype."""
STRANGERS = 60
"""Wrong codes of everybody who keeps no cookie or has a young one, and one more each two seconds."""
YOUNG_SECONDS = 60.0
"""Real seconds for which a cookie is young."""
JOINS = 30
"""People who may join from one device at once, and one more each ten seconds: a tablet at the registration desk."""
EXPECTED = 6_000
"""People in a session of whom nobody has said how many are expected."""
CROWD, CROWD_PER_SECOND = 50, 0.2
"""People who may join a session at once beside twice as many as are expected, and then each second: when they are there
the door is strict, by itself."""
MAX_PEOPLE = 25_000
"""People who are in one session at the same time: more than any hall holds, and few enough for the memory of one
machine."""
KNOWING = 50_000
"""Devices of which it is known that they have had a code right."""
ANYBODY = ""


class Shut(Exception):
    """The entrance is shut for whoever asks, for so many real seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"shut for {seconds:.0f} s")
        self.seconds = seconds


class JoinLimits:
    """What has been tried at the door of this process. ``sign`` vouches for cookies of ours."""

    def __init__(self, sign: Callable[[str], str]) -> None:
        self._sign = sign
        self.words = RoomWords(sign)
        self.wrong = TokenBucket(WRONG_CODES, 1 / 60)
        self.all_wrong = TokenBucket(ALL_WRONG_CODES, 5.0)
        self.strangers = TokenBucket(STRANGERS, 0.5)
        self.queue = Slots()
        self.joins = TokenBucket(JOINS, 0.1)
        self._known: dict[str, str] = {}
        """The code that a device has had right last."""
        self._crowds: dict[str, tuple[int, TokenBucket]] = {}
        """By session: for how many expected people, and what is left of that."""

    # ---- devices

    def device_of(self, cookie: str) -> str:
        """The device that brings this cookie, "" if it is none of ours."""
        name, _, signature = cookie.rpartition(".")
        return name if name and hmac.compare_digest(signature.encode(), self._sign(name).encode()) else ""

    def new_device(self) -> str:
        """The cookie of a device that we have not seen before. It says when that was."""
        name = f"{secrets.token_hex(8)}.{int(time.time()):x}"
        return f"{name}.{self._sign(name)}"

    def is_young(self, device: str) -> bool:
        """Whether a device has just been given its name, or has none."""
        birth = device.partition(".")[2]
        return not device or (bool(birth) and time.time() - int(birth, 16) < YOUNG_SECONDS)

    # ---- codes

    def knock(self, device: str) -> float:
        """Somebody tries a code. Real seconds to wait before it may be looked up; 0 if it may be now.

        It counts as wrong from here on (many who try at once have only so many tries), until ``was_right``.
        """
        if self.is_young(device):
            return self._knock_young()
        over = self.wrong.owed(device) - FEW
        if over >= 0 and self.all_wrong.wait(ANYBODY):
            return (over + 1) * self.wrong.price
        return 0.0 if self.wrong.take(device) else max(1.0, self.wrong.wait(device))

    def _knock_young(self) -> float:
        return 0.0 if self.strangers.take(ANYBODY) else max(1.0, self.strangers.wait(ANYBODY))

    def stand_in_line(self, device: str, seconds: float) -> float:
        """Real seconds until somebody may try who knocked in vain and has to wait for so many: a young device gets a
        turn; 0 if it is now."""
        return self.queue.wait(device) if device and self.is_young(device) else seconds

    def was_right(self, device: str, code: str) -> None:
        """The code was right, or whoever asked is in already: it costs nothing, and the device may go on with it."""
        purse, name = self._purse(device)
        purse.give_back(name)
        self.note_known(device, code)

    def note_known(self, device: str, code: str) -> None:
        """The device has the code right, and need not knock for it again."""
        if device:
            self._known[device] = code
            if len(self._known) > KNOWING:
                del self._known[next(iter(self._known))]

    def has_known(self, device: str, code: str) -> bool:
        """Whether the device has lately had this code right."""
        return bool(device) and self._known.get(device) == code

    def was_wrong(self) -> None:
        """The code was wrong."""
        tally.turned_away["wrong_code"] += 1
        self.all_wrong.take(ANYBODY)

    def _purse(self, device: str) -> tuple[TokenBucket, str]:
        return (self.strangers, ANYBODY) if self.is_young(device) else (self.wrong, device)

    # ---- joining

    def lets_join(self, device: str) -> float:
        """Real seconds to wait before one more joins from a device; 0 if they may now, which is then counted."""
        if not device or self.joins.take(device):
            return 0.0
        return max(1.0, self.joins.wait(device))

    def lets_crowd_in(self, session: str, expected: int) -> bool:
        """Whether one more may come in of those who have not seen the wall, which is then counted."""
        return self._crowd(session, expected).take(ANYBODY)

    def is_crowded(self, session: str, expected: int) -> bool:
        """Whether as many have come that the door is strict by itself."""
        return self._crowd(session, expected).wait(ANYBODY) > 0

    def _crowd(self, session: str, expected: int) -> TokenBucket:
        known = self._crowds.get(session)
        if known is None or known[0] != expected:
            known = (expected, TokenBucket(2 * (expected or EXPECTED) + CROWD, CROWD_PER_SECOND))
            self._crowds[session] = known
        return known[1]
