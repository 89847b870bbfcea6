"""Meetings in slots, and the moves that change them. Every move stands in a journal and can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from sessions.activities.match.planning.problem import OWED, Pair, Problem


class Plan:
    """``fixed`` meetings never move; every other may, until the plan is published."""

    def __init__(self, problem: Problem, fixed: Iterable[tuple[Pair, int]] = ()) -> None:
        self.problem = problem
        self.slot: dict[Pair, int] = {}
        slots = range(problem.slots)
        self.at: dict[tuple[str, int], list[Pair]] = {(node, s): [] for node in problem.room for s in slots}
        self.count: dict[str, int] = dict.fromkeys(problem.room, 0)
        self.used = [0] * problem.slots
        self.total = 0
        """What all meetings are worth together."""
        self.journal: list[tuple[Pair, int, bool]] = []
        self.of = _wishes_of(problem)
        """The pairs of each node, dearest first."""
        for meeting, slot in fixed:
            self.put(meeting, slot)
        self.fixed = set(self.slot)

    # ---- what is so

    def takes_table(self, meeting: Pair) -> bool:
        own = self.problem.own_table
        return not (own and (meeting[0] in own or meeting[1] in own))

    def free(self, node: str, slot: int) -> bool:
        return len(self.at[node, slot]) < self.problem.room[node][slot]

    def has_table(self, meeting: Pair, slot: int) -> bool:
        return self.used[slot] < self.problem.tables[slot] or not self.takes_table(meeting)

    def may(self, meeting: Pair) -> bool:
        """Whether neither has as many meetings as they have at most."""
        most = self.problem.most
        return not most or all(self.count[node] < most.get(node, inf) for node in meeting)

    def weight(self, meeting: Pair) -> int:
        """What is lost without it."""
        last = sum(self.count[node] == 1 and node in self.problem.owed for node in meeting)
        return self.problem.wishes.get(meeting, 0) + OWED * last

    # ---- moves

    def put(self, meeting: Pair, slot: int) -> None:
        self._put(meeting, slot)
        self.journal.append((meeting, slot, True))

    def take(self, meeting: Pair) -> None:
        self.journal.append((meeting, self._take(meeting), False))

    def back(self, mark: int) -> None:
        """Undo every move since the journal was so long."""
        while len(self.journal) > mark:
            meeting, slot, was_put = self.journal.pop()
            if was_put:
                self._take(meeting)
            else:
                self._put(meeting, slot)

    def _put(self, meeting: Pair, slot: int) -> None:
        self.slot[meeting] = slot
        self.total += self.problem.wishes.get(meeting, 0)
        for node in meeting:
            self.at[node, slot].append(meeting)
            self.count[node] += 1
            if self.count[node] == 1 and node in self.problem.owed:
                self.total += OWED
        self.used[slot] += self.takes_table(meeting)

    def _take(self, meeting: Pair) -> int:
        slot = self.slot.pop(meeting)
        self.total -= self.problem.wishes.get(meeting, 0)
        for node in meeting:
            self.at[node, slot].remove(meeting)
            self.count[node] -= 1
            if not self.count[node] and node in self.problem.owed:
                self.total -= OWED
        self.used[slot] -= self.takes_table(meeting)
        return slot

    def direct(self, meeting: Pair, slots: Iterable[int]) -> bool:
        """Put it where both are free and most tables are left, the earliest of equals; False if nowhere."""
        if not self.may(meeting):
            return False
        one, other = meeting
        tables = self.problem.tables
        best, left = -1, -inf
        for s in slots:
            fits = self.free(one, s) and self.free(other, s) and self.has_table(meeting, s)
            if fits and tables[s] - self.used[s] > left:
                best, left = s, tables[s] - self.used[s]
        if best >= 0:
            self.put(meeting, best)
        return best >= 0


def _wishes_of(problem: Problem) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = {node: [] for node in problem.room}
    for meeting in sorted(problem.wishes, key=lambda m: (-problem.wishes[m], m)):
        for node in meeting:
            found[node].append(meeting)
    return found
