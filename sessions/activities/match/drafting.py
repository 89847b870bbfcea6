"""Staff has a plan drawn, looks at it, has another drawn, and publishes it. From then on it never moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sessions.activities.match import times
from sessions.activities.match.floor import Floor
from sessions.activities.match.planning.problem import Pair, Problem, pair
from sessions.activities.match.planning.search import plan, tries_for
from sessions.activities.match.planning.seating import seat
from sessions.activities.match.planning.trios import trios
from sessions.activities.match.refusals import refuse_part
from sessions.activities.match.rules import MEET, amount
from sessions.messages import Command, Decision, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.activity import Work
    from sessions.people import Member

Drawn = list[tuple[tuple[str, ...], int, str]]
"""People, slot and table of each meeting."""
THREE = 3
MOST_WAIT = 120
"""Minutes until the first round begins, at most."""


def work(match: Match, command: Command) -> Work | None:
    """The whole plan takes half a second for two hundred people: it is drawn in a thread."""
    if refuse_plan(match) is not None:
        return None
    floor = Floor(match, match.at, command.seed)
    group = int(amount(match.rules, "group"))
    return partial(
        draw, floor.problem(), tuple(floor.tables), command.seed, group, tries_for(len(floor.here))
    )


def draw(problem: Problem, tables: Sequence[str], seed: int, group: int, tries: int) -> Drawn:
    """A plan with a table for each meeting, so that nobody walks far. The same problem and seed draw the same."""
    rows = _trios(problem, seed, tries) if group == THREE else []
    taken = {(person, slot) for people, slot in rows for person in people}
    rest = problem if not rows else _beside(problem, rows, taken)
    rows += sorted(plan(rest, seed, tries=tries).slot.items(), key=lambda row: row[::-1])
    last: dict[str, str] = {}
    found: Drawn = []
    for slot in range(problem.slots):
        seats = seat([people for people, at in rows if at == slot], tables, last)
        found += [(people, slot, table) for people, table in seats.items()]
        last |= {person: table for people, table in seats.items() for person in people}
    return found


def _trios(problem: Problem, seed: int, tries: int) -> list[tuple[tuple[str, ...], int]]:
    """Threes in each slot of those who are there; nobody sits with somebody twice."""
    met: set[Pair] = set()
    rows: list[tuple[tuple[str, ...], int]] = []
    for slot in range(problem.slots):
        there = [node for node, room in sorted(problem.room.items()) if room[slot]]

        def value(one: str, other: str) -> float:
            two = pair(one, other)
            return -1 if two in met else problem.wishes.get(two, -1)  # noqa: B023 – used within the turn

        for group in (
            trios(there, value, problem.tables[slot], seed + slot, tries) if len(there) >= THREE else []
        ):
            rows.append((tuple(sorted(group)), slot))
            met |= {pair(one, other) for one in group for other in group if one < other}
    return rows


def _beside(
    problem: Problem, rows: list[tuple[tuple[str, ...], int]], taken: set[tuple[str, int]]
) -> Problem:
    """What is left for two at a table."""
    room = {n: [r * ((n, s) not in taken) for s, r in enumerate(slots)] for n, slots in problem.room.items()}
    tables = [count - sum(slot == s for _, slot in rows) for s, count in enumerate(problem.tables)]
    met = {pair(a, b) for people, _ in rows for a in people for b in people if a < b}
    wishes = {two: value for two, value in problem.wishes.items() if two not in met}
    had = {person for people, _ in rows for person in people}
    return Problem(problem.slots, tables, room, wishes, problem.owed - had, most=problem.most)


def refuse_plan(match: Match) -> Refused | None:
    """Why no plan can be drawn."""
    no = refuse_part(match, MEET)
    if no is not None:
        return no
    if match.state.published:
        return refuse(
            "published", "The meetings are published and stay as they are. Change single ones by hand."
        )
    return None


def plan_meetings(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Draw a plan of all meetings. Only staff sees it, and may have another drawn."""
    no = refuse_plan(match)
    if no is not None:
        return no
    floor = Floor(match, now, command.seed)
    problem = floor.problem()
    drawn: Any = command.prepared
    if drawn is None:
        drawn = draw(problem, floor.tables, command.seed, 2, 0)
    rows = [row for row in drawn if _is_possible(floor, problem, row)]
    if not rows:
        return refuse(
            "nobody_wants", "Nobody has said of anybody that they want to meet them, as they do of them."
        )
    meetings = [
        [f"{match.phase.id}m{n}", list(people), slot, table]
        for n, (people, slot, table) in enumerate(rows, 1)
    ]
    served = {person for people, _, _ in rows for person in people}
    figures = {
        "people": len(floor.here),
        "served": len(served & floor.here),
        "owed": len(problem.owed),
        "owed_served": len(problem.owed & served),
    }
    return [match.event("plan_drafted", meetings=meetings, seed=command.seed, figures=figures)]


def _is_possible(floor: Floor, problem: Problem, row: tuple[tuple[str, ...], int, str]) -> bool:
    """Whether a meeting that was drawn a moment ago can still be: nobody has gone, and nobody has said no."""
    people, slot, table = row
    there = all(problem.room.get(person, [0] * (slot + 1))[slot] for person in people)
    pairs = [pair(one, other) for one in people for other in people if one < other]
    return there and table in floor.tables and all(two in problem.wishes for two in pairs)


def publish_plan(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Show everybody their meetings. The first round begins in so many ``minutes``; what cannot be any more is dropped,
    and others meet instead."""
    if match.state.published:
        return []
    if not match.state.draft:
        return refuse("no_plan", "There is no plan yet. Have one drawn first.")
    minutes = command.whole("minutes")
    wait = times.change(match) if minutes is None else min(MOST_WAIT, max(0, minutes)) * 60.0
    floor = Floor(match, now, command.seed)
    problem, dropped = floor.problem(), list[str]()
    for meeting in match.state.draft:
        if _is_possible(floor, problem, (meeting.people, meeting.slot, meeting.table)):
            floor.live[meeting.id] = replace(meeting)
        else:
            dropped.append(meeting.id)
    floor.made(len(match.state.draft))
    floor.say("plan_published", starts_at=now + wait, dropped=dropped)
    if dropped:
        floor.fill()
    return floor.events
