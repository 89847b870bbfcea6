"""Commands on their way to a decision, in the order in which they came; except that whoever runs the session does not
stand behind a crowd."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from app.live.batch import Waiting

SOONER = 200
"""Commands that came before a command of the staff and are decided before it: a ballot that was sent in time counts
also when a hall votes at once. Those behind wait for one batch."""
STAFF_MOST = 2_000
"""Commands of the staff that may wait."""


class CommandQueue:
    """Of one session. ``is_staff`` says whether somebody runs it."""

    def __init__(self, is_staff: Callable[[str], bool]) -> None:
        self._is_staff = is_staff
        self._staff: deque[Waiting] = deque()
        self._others: deque[Waiting] = deque()

    def __len__(self) -> int:
        return len(self._others) + len(self._staff)

    def put(self, waiting: Waiting, most: int) -> bool:
        """Whether there was room for it, if so many may wait who are not staff."""
        if self._is_staff(waiting[1]):
            if len(self._staff) < STAFF_MOST:
                self._staff.append(waiting)
                return True
        elif len(self._others) < most:
            self._others.append(waiting)
            return True
        return False

    def take(self, most: int) -> list[Waiting]:
        """The next batch, of so many commands at the most."""
        if not self._staff:
            return _first(self._others, most)
        sooner = _first(self._others, min(SOONER, max(0, most - 1)))
        return sooner + _first(self._staff, most - len(sooner))

    def put_back(self, undecided: Sequence[Waiting]) -> None:
        """These come next again, in their order."""
        for waiting in reversed(undecided):
            (self._staff if self._is_staff(waiting[1]) else self._others).appendleft(waiting)


def _first(queue: deque[Waiting], most: int) -> list[Waiting]:
    return [queue.popleft() for _ in range(min(len(queue), most))]
