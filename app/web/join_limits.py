"""Who may still try at the entrance. A code can be guessed and a door can be stormed; whoever does it is told to wait,
and nobody else notices.

What is counted is counted for a device, which is a signed cookie, and never for an address: five thousand people in a
hall have one address. Who keeps no cookies shares one purse with everybody who keeps none; when that is empty, a
newcomer is given a cookie and sent to the same page again, which a browser does without a word.

A code has 40 bits. That is what protects a session; the budgets here see to it that guessing is slow, visible in the
metrics, and of no use as a way to keep the database busy.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable

from app.telemetry.metrics import tally
from app.token_bucket import TokenBucket

WRONG_CODES = 10
"""Wrong codes that one device may type at once; one more each minute."""
FEW = 3
"""The same while the budget of the whole house is spent."""
ALL_WRONG_CODES = 600
"""Wrong codes of everybody at once, and five more each second: twenty halls full of people who mistype."""
STRANGERS = 60
"""Wrong codes of everybody who keeps no cookie, and one more each two seconds."""
JOINS = 30
"""People who may join from one device at once, and one more each ten seconds: a tablet at the registration desk."""
CROWD = 12_000
"""People who may join a session at once from devices that keep no cookie, and fifty more each second."""
MAX_PEOPLE = 25_000
"""People in one session: more than any hall holds, and few enough for the memory of one machine."""
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
        self.wrong = TokenBucket(WRONG_CODES, 1 / 60)
        self.all_wrong = TokenBucket(ALL_WRONG_CODES, 5.0)
        self.strangers = TokenBucket(STRANGERS, 0.5)
        self.joins = TokenBucket(JOINS, 0.1)
        self.crowd = TokenBucket(CROWD, 50.0)

    # ---- devices

    def device_of(self, cookie: str) -> str:
        """The device that brings this cookie, "" if it is none of ours."""
        name, _, signature = cookie.partition(".")
        return name if name and hmac.compare_digest(signature.encode(), self._sign(name).encode()) else ""

    def new_device(self) -> str:
        """The cookie of a device that we have not seen before."""
        name = secrets.token_hex(8)
        return f"{name}.{self._sign(name)}"

    # ---- codes

    def knock(self, device: str) -> float:
        """Somebody tries a code. Real seconds to wait before it may be looked up; 0 if it may be now.

        It counts as wrong from here on (many who try at once have only so many tries), until ``was_right``.
        """
        purse, name = self._purse(device)
        over = purse.owed(name) - FEW
        if device and over >= 0 and self.all_wrong.wait(ANYBODY):
            return (over + 1) * purse.price
        return 0.0 if purse.take(name) else max(1.0, purse.wait(name))

    def was_right(self, device: str) -> None:
        """The code was right, or whoever asked is in already: it costs nothing."""
        purse, name = self._purse(device)
        purse.give_back(name)

    def was_wrong(self) -> None:
        """The code was wrong."""
        tally.turned_away["wrong_code"] += 1
        self.all_wrong.take(ANYBODY)

    def _purse(self, device: str) -> tuple[TokenBucket, str]:
        return (self.wrong, device) if device else (self.strangers, ANYBODY)

    # ---- joining

    def lets_join(self, device: str, session: str) -> float:
        """Real seconds to wait before joining; 0 if it may be now, which is then counted."""
        purse, name = (self.joins, device) if device else (self.crowd, session)
        return 0.0 if purse.take(name) else max(1.0, purse.wait(name))
