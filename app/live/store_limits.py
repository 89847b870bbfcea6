"""What one person may have taken beside the pace: how much is stored of them in a day, how often their page is drawn
whole, and whether the disk has room at all. Staff is not held up by any of it."""

from __future__ import annotations

from app.telemetry.disk import Disk
from app.token_bucket import TokenBucket
from sessions.audience import STAFF
from sessions.messages import Command, Refused, refuse
from sessions.session import Session

DAY = 24 * 3600.0
BESIDE = 500
"""Bytes that an event costs beside what was sent: digests, salts, ids, its places in the indexes."""
AT_ONCE = 64 * 1024
"""Bytes of one socket that are paid for together."""
REDRAWING = frozenset({"choose_language"})
"""Commands after which a person's page is loaded anew."""
WITHDRAWING = frozenset(
    {
        "withdraw_action",
        "withdraw_card",
        "withdraw_question",
        "withdraw_contact",
        "withdraw_offer",
        "withdraw_help",
        "give_up_slot",
        "take_back_request",
        "cancel_request",
        "drop_aside",
    }
)
"""Commands by which people take back what they wrote."""
ALWAYS = WITHDRAWING | {"erase_person"}
"""Commands that nobody is kept from, whatever is stored of them already: they leave less to be read than there was."""
WITHDRAWALS, WITHDRAWALS_PER_SECOND = 300, 0.1
"""What somebody may take back at once, and then each second. What was taken back already leaves a line in the log each
time."""
REDRAWS, REDRAWS_PER_SECOND = 20, 0.1

STORED_ENOUGH = refuse(
    "stored_enough",
    "You have written as much as one person can in a day. Tell the facilitator; what you wrote stays on your device.",
)
SESSION_FULL = refuse(
    "session_full",
    "This session has stored as much as it can in a day. Tell the facilitator; what you wrote stays on your device.",
)
NO_SPACE = refuse(
    "no_space",
    "The server has no room left to store anything. Tell the facilitator; what you wrote stays on your device.",
)
TOO_OFTEN = refuse("too_often", "That was changed many times just now. Wait a minute and try again.")


class StoreLimits:
    """Of one process, for all its sessions. ``person_bytes`` and ``session_bytes`` are what may be stored at once, and
    then in each day."""

    def __init__(self, disk: Disk, person_bytes: int, session_bytes: int) -> None:
        self.disk = disk
        self.of_person = TokenBucket(person_bytes, person_bytes / DAY)
        self.of_session = TokenBucket(session_bytes, session_bytes / DAY)
        self.withdrawals = TokenBucket(WITHDRAWALS, WITHDRAWALS_PER_SECOND)
        self.redraws = TokenBucket(REDRAWS, REDRAWS_PER_SECOND)

    def refuses(self, session: Session, person: str, command: Command) -> Refused | None:
        """Why a command is not taken whatever the rules say of it; None if it is."""
        if self.disk.is_low and command.name not in ALWAYS and not _is_staff(session, person):
            return NO_SPACE
        if command.name in REDRAWING and not self.redraws.take(person):
            return TOO_OFTEN
        if command.name in WITHDRAWING and not self.withdrawals.take(person):
            return TOO_OFTEN
        return None

    def pay(self, session: Session, person: str, size: int) -> Refused | None:
        """Pay for so many bytes; None once that is done, else why nothing more of them is stored."""
        if _is_staff(session, person):
            return None
        if not self.of_person.take(person, size):
            return STORED_ENOUGH
        return None if self.of_session.take(session.code, size) else SESSION_FULL


class Account:
    """What one socket has sent and not paid for yet: a look into a purse for each ballot would cost more than this."""

    __slots__ = ("_credit", "_limits", "_unpaid")

    def __init__(self, limits: StoreLimits) -> None:
        self._limits, self._unpaid = limits, 0
        self._credit = 0
        """Bytes that need not be paid for at once: none before the first payment, else each socket would bring some."""

    def refuses(self, session: Session, person: str, command: Command, size: int) -> Refused | None:
        """Why a command of so many bytes is not taken; None if it is."""
        if (no := self._limits.refuses(session, person, command)) is not None:
            return no
        if command.name in ALWAYS:
            return None
        self._unpaid += size + BESIDE
        if self._unpaid < self._credit or (no := self._settle(session, person)) is None:
            return None
        self._unpaid -= size + BESIDE
        return no

    def _settle(self, session: Session, person: str) -> Refused | None:
        no = self._limits.pay(session, person, self._unpaid)
        if no is None:
            self._unpaid, self._credit = 0, AT_ONCE
        return no

    def close(self, session: Session, person: str) -> None:
        """The socket is gone: what was taken of it is owed."""
        if not _is_staff(session, person):
            self._limits.of_person.owe(person, self._unpaid)
            self._limits.of_session.owe(session.code, self._unpaid)


def _is_staff(session: Session, person: str) -> bool:
    member = session.people.get(person)
    return member is not None and member.role in STAFF
