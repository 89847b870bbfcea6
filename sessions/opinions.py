"""Groups of people who agree and disagree about the same things, and what is common to all of them (after Polis).

A division is believed only where no shuffling of the votes (each statement's votes dealt anew among those who voted on
it) divides the room as clearly: without that, votes cast at random look like camps. Whole numbers only, in a fixed
number of steps. Nothing here knows whose votes these are: people are numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import mul

from sessions.mixing import Mixer, mix

LEAST_VOTES = 12
"""Who has voted on fewer statements is in no group, and fewer statements make none."""
LEAST_PEOPLE = 5
"""A group has so many people, and so many of it have voted where anything is said of it."""
MOST_GROUPS = 5
TRIED = 120
"""By the votes of so many a division is found and tried; where there are more, every second or third of them."""
SHUFFLES = 39
"""One division in forty is as clear by chance alone."""
STEADY = 75
"""So many of a hundred people land in the same group by either half of the statements, or the groups do not hold."""
HALVINGS = 5
TURNS, POLISHING = 14, 20
SCALE = 1000

Votes = Mapping[str, int]
"""Statement to 1 (agrees), 0 (passes) or -1 (disagrees)."""
Row = list[int]
Group = list[int]
"""People by number."""
FEW, NONE, UNCLEAR, FOUND = "few", "none", "unclear", ""


def groups(votes: Sequence[Votes], statements: Sequence[str]) -> tuple[list[Group], str]:
    """The groups, the largest first, and why there are none: ``few`` votes, ``none`` (people differ, but not in camps)
    or ``unclear`` (camps that do not hold). ``votes`` stand in an order that follows from what they say."""
    people = [n for n, given in enumerate(votes) if sum(s in given for s in statements) >= LEAST_VOTES]
    if len(statements) < LEAST_VOTES or len(people) < 2 * LEAST_PEOPLE:
        return [], FEW
    rows = {n: [votes[n].get(statement) for statement in statements] for n in people}
    found = _divided(people, rows)
    if len(found) < 2:
        return [], NONE
    placed = dict(zip(people, centred([rows[n] for n in people]), strict=True))
    found = sorted(_polished(found, placed), key=lambda group: (-len(group), group))
    holds = min(map(len, found)) >= LEAST_PEOPLE and _steady(placed, found, statements) >= STEADY
    return (found, FOUND) if holds and len(found) > 1 else ([], UNCLEAR)


def _divided(people: Group, rows: Mapping[int, Sequence[int | None]]) -> list[Group]:
    """Divide the room, and each half again, as long as a division is believed."""
    done: list[Group] = []
    todo = [people]
    while todo and len(done) + len(todo) <= MOST_GROUPS:
        group = todo.pop(0)
        halves = _halves(group, rows, len(done))
        if halves:
            todo += halves
        else:
            done.append(group)
    return done + todo


def _halves(group: Group, rows: Mapping[int, Sequence[int | None]], turn: int) -> list[Group]:
    """Two groups of one; nothing where no division is believed."""
    if len(group) < 2 * LEAST_PEOPLE:
        return []
    own = [rows[n] for n in group]
    line = _division(own[:: -(-len(own) // TRIED)], turn)
    if line is None:
        return []
    placed = dict(zip(group, centred(own), strict=True))
    ahead = [n for n, row in placed.items() if sum(map(mul, row, line)) > 0]
    if len(ahead) in (0, len(group)):
        return []
    halves = _polished([ahead, [n for n in group if n not in ahead]], placed)
    return halves if len(halves) == 2 and min(map(len, halves)) >= LEAST_PEOPLE else []


def _division(rows: Sequence[Sequence[int | None]], turn: int) -> Row | None:
    """The line on which people differ most; None where a shuffling divides them as clearly."""
    much, line = _axis(centred(rows))
    for shuffling in range(SHUFFLES):
        dealt = _shuffled(rows, Mixer(turn, len(rows), shuffling))
        if _axis(centred(dealt))[0] >= much:
            return None
    return line


def _shuffled(rows: Sequence[Sequence[int | None]], mixer: Mixer) -> list[list[int | None]]:
    """Each statement's votes dealt anew among those who voted on it."""
    dealt = [list(row) for row in rows]
    for statement in range(len(rows[0])):
        who = [n for n, row in enumerate(rows) if row[statement] is not None]
        votes = [vote for row in rows if (vote := row[statement]) is not None]
        mixer.shuffle(votes)
        for n, vote in zip(who, votes, strict=True):
            dealt[n][statement] = vote
    return dealt


def centred(rows: Sequence[Sequence[int | None]]) -> list[Row]:
    """Votes less what their statement gets on the whole, and less how much their voter agrees on the whole: who says
    yes to everything is no camp. What was not voted on is nought."""
    means = [_mean([vote for vote in column if vote is not None]) for column in zip(*rows, strict=True)]
    return [_centred(row, means) for row in rows]


def _mean(votes: Sequence[int]) -> int:
    return SCALE * sum(votes) // len(votes) if votes else 0


def _centred(row: Sequence[int | None], means: Row) -> Row:
    less = [None if vote is None else SCALE * vote - mean for vote, mean in zip(row, means, strict=True)]
    known = [value for value in less if value is not None]
    own = sum(known) // len(known) if known else 0
    return [0 if value is None else value - own for value in less]


def _axis(rows: Sequence[Row]) -> tuple[int, Row]:
    """How much people differ along the line on which they differ most, and that line, a number for each statement (by
    turns of power iteration)."""
    columns = list(zip(*rows, strict=True))
    start = max(range(len(rows)), key=lambda n: (sum(map(mul, rows[n], rows[n])), -n))
    line = list(rows[start])
    for _ in range(TURNS):
        line = _scaled(line)
        at = _scaled([sum(map(mul, row, line)) for row in rows])
        line = [sum(map(mul, column, at)) for column in columns]
    at = [sum(map(mul, row, line)) for row in rows]
    return sum(map(mul, at, at)) // (sum(map(mul, line, line)) or 1), line


def _scaled(values: Row) -> Row:
    top = max(map(abs, values)) or 1
    return [value * SCALE // top for value in values]


def _polished(found: list[Group], placed: Mapping[int, Row]) -> list[Group]:
    """Everybody with the group whose mean is nearest, until nobody moves."""
    for _ in range(POLISHING):
        means = [_middle([placed[n] for n in group]) for group in found]
        moved: list[Group] = [[] for _ in means]
        for n in sorted(placed):
            moved[_nearest(placed[n], means)].append(n)
        moved = [group for group in moved if group]
        if sorted(moved) == sorted(map(sorted, found)):
            break
        found = moved
    return found


def _middle(rows: Sequence[Row]) -> Row:
    return [sum(column) // len(rows) for column in zip(*rows, strict=True)]


def _nearest(row: Row, means: Sequence[Row]) -> int:
    far = [sum((a - b) ** 2 for a, b in zip(row, mean, strict=True)) for mean in means]
    return far.index(min(far))


def _steady(placed: Mapping[int, Row], found: Sequence[Group], statements: Sequence[str]) -> int:
    """How many of a hundred land in the same group by one half of the statements and by the other: the middle one of
    several ways to halve them."""
    got = []
    for way in range(HALVINGS):
        order = sorted(range(len(statements)), key=lambda place: mix("half", way, statements[place]))
        one, other = (_seats(placed, found, half) for half in (order[0::2], order[1::2]))
        got.append(100 * sum(one[n] == other[n] for n in placed) // len(placed))
    return sorted(got)[HALVINGS // 2]


def _seats(placed: Mapping[int, Row], found: Sequence[Group], half: Sequence[int]) -> dict[int, int]:
    """The group of each person by some of the statements."""
    part = {n: [row[place] for place in half] for n, row in placed.items()}
    means = [_middle([part[n] for n in group]) for group in found]
    return {n: _nearest(row, means) for n, row in part.items()}
