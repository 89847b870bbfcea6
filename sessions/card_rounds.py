"""25/10: in each round everybody gets one card to read and mark, never their own, and none twice.

With n people of whom each wrote one card, n from six on, five rounds go out evenly: after r rounds every person and
every card have n - 1 - r partners left that they have not met, and such a graph holds a perfect matching (König).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence

from sessions.mixing import mix

ROUNDS = 5
BEST = 25
"""Points of a card that everybody marks with five."""

Cards = Mapping[str, Collection[str]]
"""Card to whom it must not be dealt: who wrote it, and their team."""
Seen = Mapping[str, Collection[str]]
"""Person to the cards they have had."""


def rounds(people: Collection[str], cards: Cards, wanted: int = ROUNDS) -> int:
    """How many rounds are played: fewer than ``wanted`` where nobody has so many strange cards, more where people wrote
    several cards, so that each is read as often."""
    strange = max((sum(person not in own for own in cards.values()) for person in people), default=0)
    return min(strange, max(wanted, -(-wanted * len(cards) // max(1, len(people)))))


def deal(people: Sequence[str], cards: Cards, seen: Seen, seed: int) -> dict[str, str]:
    """One round: person to card. As many people as can get a card do, those cards first that were read least."""
    got: Counter[str] = Counter(card for had in seen.values() for card in had)
    order = sorted(people, key=lambda person: mix(seed, person))
    may = _may(order, cards, seen)
    holds: dict[str, str] = {}
    for card in sorted(cards, key=lambda card: (got[card], mix(seed, card))):
        _give(card, may, holds)
    for person in order:  # more people than cards: what was read least is read once more
        if person not in holds:
            _once_more(person, may, holds, got, seed)
    return holds


def _may(people: Sequence[str], cards: Cards, seen: Seen) -> dict[str, list[str]]:
    """To whom each card may go. Every card begins at another person, or all would ask the same first."""
    found = {}
    for start, card in enumerate(sorted(cards)):
        turn = start % max(1, len(people))
        ring = (*people[turn:], *people[:turn])
        found[card] = [p for p in ring if p not in cards[card] and card not in seen.get(p, ())]
    return found


def _give(card: str, may: Mapping[str, Sequence[str]], holds: dict[str, str]) -> None:
    """Give a card to somebody, moving others where that makes room (an augmenting path, the shortest)."""
    came: dict[str, str] = {}
    todo = deque([card])
    while todo:
        offered = todo.popleft()
        for person in may[offered]:
            if person in came:
                continue
            came[person] = offered
            if person not in holds:
                _move(person, came, holds)
                return
            todo.append(holds[person])


def _move(person: str, came: Mapping[str, str], holds: dict[str, str]) -> None:
    """Hand cards on along the path that ends at a person without one."""
    holder = {card: other for other, card in holds.items()}
    while True:
        card = came[person]
        holds[person] = card
        if card not in holder:
            return
        person = holder[card]


def _once_more(
    person: str, may: Mapping[str, Sequence[str]], holds: dict[str, str], got: Counter[str], seed: int
) -> None:
    now = Counter(holds.values())
    left = [card for card, people in may.items() if person in people]
    if left:
        holds[person] = min(left, key=lambda card: (got[card] + now[card], mix(seed, person, card)))
