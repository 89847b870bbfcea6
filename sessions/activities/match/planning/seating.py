"""Tables for a slot's meetings, so that everybody walks least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

Place = tuple[float, float]
IN_A_ROW = 10
"""Tables that stand in a row where nobody says otherwise."""
Group = tuple[str, ...]


def seat(meetings: Sequence[Group], tables: Sequence[str], last: Mapping[str, str]) -> dict[Group, str]:
    """A table for each meeting so that all walk least from where they sat (``last``). There are tables enough."""
    at = places(tables)
    cost = [[_walk(at, last, group, table) for table in tables] for group in meetings]
    return {group: tables[column] for group, column in zip(meetings, cheapest(cost), strict=True)}


def places(tables: Sequence[str]) -> dict[str, Place]:
    """Where tables stand: in rows of ten, by their order."""
    return {table: (float(n % IN_A_ROW), float(n // IN_A_ROW)) for n, table in enumerate(tables)}


def _walk(at: Mapping[str, Place], last: Mapping[str, str], group: Group, table: str) -> float:
    """The squared way of everybody of a group to a table."""
    x, y = at[table]
    came = (at[last[person]] for person in group if last.get(person) in at)
    return sum((x - a) ** 2 + (y - b) ** 2 for a, b in came)


def cheapest(cost: Sequence[Sequence[float]]) -> list[int]:
    """The Hungarian method: a column for each row, all different, of the least cost together; rows ≤ columns."""
    rows, columns = len(cost), len(cost[0]) if cost else 0
    by_row, by_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_of = [0] * (columns + 1)
    for row in range(1, rows + 1):
        row_of[0] = row
        _turn(row_of, *_shortest(cost, row_of, by_row, by_column))
    found = [0] * rows
    for column in range(1, columns + 1):
        if row_of[column]:
            found[row_of[column] - 1] = column - 1
    return found


def _shortest(
    cost: Sequence[Sequence[float]], row_of: list[int], by_row: list[float], by_column: list[float]
) -> tuple[list[int], int]:
    """The cheapest way from a row without a column to a column without a row, as the column before each; prices along
    it are brought up to date. It is one loop on purpose: it takes most of the time there is."""
    count = len(by_column)
    least, way, used, at = [inf] * count, [0] * count, [False] * count, 0
    while row_of[at]:
        used[at], row, delta, nearest = True, row_of[at], inf, 0
        line, price = cost[row - 1], by_row[row]
        for column in range(1, count):
            if used[column]:
                continue
            here = line[column - 1] - price - by_column[column]
            if here < least[column]:
                least[column], way[column] = here, at
            if least[column] < delta:
                delta, nearest = least[column], column
        for column in range(count):
            if used[column]:
                by_row[row_of[column]] += delta
                by_column[column] -= delta
            else:
                least[column] -= delta
        at = nearest
    return way, at


def _turn(row_of: list[int], way: Sequence[int], at: int) -> None:
    """Give each column on the way to the row before it."""
    while at:
        row_of[at], at = row_of[way[at]], way[at]
