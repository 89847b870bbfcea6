"""Who may meet whom, and what that is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.match.planning.problem import FILL, MUTUAL, YES, Pair, pair, worth
from sessions.activities.match.rules import sides
from sessions.activities.match.state import Free

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.people import Member


class Whom:
    """As it stands when it is made, for one decision."""

    def __init__(self, match: Match) -> None:
        form = match.session.format
        self.people = {member.id: member for member in match.people}
        self.said = match.said
        self.barred = match.state.barred
        self.free = match.state.free
        self._sides = sides(match.rules, form.roles if form else {})

    def fit(self, one: str, other: str) -> bool:
        """Whether two may meet at all: they are of different organisations, and one of each side."""
        a, b = self.people.get(one), self.people.get(other)
        if a is None or b is None or one == other or (a.organisation and a.organisation == b.organisation):
            return False
        return self._on_both_sides(a, b)

    def value(self, one: str, other: str) -> int:
        """What a meeting of two is worth; 0 where the plan may not make it."""
        if pair(one, other) in self.barred or not self.fit(one, other) or not self._understand(one, other):
            return 0
        return worth(self.said.get((one, other)) or None, self.said.get((other, one)) or None)

    def wishes(self, met: set[Pair]) -> dict[Pair, int]:
        """What each pair is worth of which both have said something, but for those who have ``met``."""
        found = {}
        for (one, other), answer in self.said.items():
            if answer and one < other and self.said.get((other, one)) and (one, other) not in met:
                value = self.value(one, other)
                if value > FILL:
                    found[one, other] = value
        return found

    def spoken(self, person: str) -> Free:
        return self.free.get(person) or Free()

    def _on_both_sides(self, a: Member, b: Member) -> bool:
        if self._sides is None:
            return True
        one, other = self._sides
        return (a.is_among(one) and b.is_among(other)) or (b.is_among(one) and a.is_among(other))

    def _understand(self, one: str, other: str) -> bool:
        mine, theirs = self.spoken(one).languages, self.spoken(other).languages
        return not mine or not theirs or not mine.isdisjoint(theirs)


def owed(wishes: dict[Pair, int]) -> frozenset[str]:
    """Who has two mutual wishes or more."""
    count: dict[str, int] = {}
    for meeting, value in wishes.items():
        for person in meeting if value >= MUTUAL else ():
            count[person] = count.get(person, 0) + 1
    return frozenset(person for person, wanted in count.items() if wanted >= 2)


def is_mutual(said: dict[Pair, str], one: str, other: str) -> bool:
    return said.get((one, other)) == said.get((other, one)) == YES
