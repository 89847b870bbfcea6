"""The room while something is decided about it: each step changes it, and becomes an event.

Repairs are made here: whatever stands is no room any more, so nothing that was confirmed can move even by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

from sessions.activities.match import times
from sessions.activities.match.planning.gaps import strangers, third
from sessions.activities.match.planning.problem import Pair, Problem, pair
from sessions.activities.match.planning.search import REPAIR_TRIES, plan
from sessions.activities.match.planning.seating import seat
from sessions.activities.match.rules import slots_of
from sessions.activities.match.state import RELEASED, Meeting
from sessions.activities.match.whom import Whom, owed

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.messages import Event

Row = tuple[tuple[str, ...], int]
"""People who meet, and in which slot."""


class Floor:
    """``events`` are what has been decided so far; ``live`` the meetings that stand after them."""

    def __init__(self, match: Match, now: float, seed: int) -> None:
        self.match, self.seed = match, seed
        self.events: list[Event] = []
        state = match.state
        self.whom = Whom(match)
        self.here = {p for p, m in self.whom.people.items() if m.present and p not in state.absent}
        self.tables = [table for table in match.tables if table not in state.closed_tables]
        self.live = {m.id: replace(m) for m in state.meetings.values() if m.stands}
        self.slots = slots_of(match.rules)
        self.first = times.first_open(match, now)
        self.running = state.slot if self.first == state.slot else -1
        self.current = times.current(match, now)
        self._made = state.made
        self._sat = _sat(state.meetings.values())

    def say(self, kind: str, **body: object) -> None:
        self.events.append(self.match.event(kind, **body))

    def made(self, meetings: int) -> None:
        """So many ids are taken."""
        self._made = max(self._made, meetings)

    # ---- what is so

    def at(self, person: str, slot: int) -> Meeting | None:
        """What somebody has in a slot."""
        return next((m for m in self.live.values() if m.slot == slot and person in m.people), None)

    def coming(self, person: str) -> list[Meeting]:
        """Somebody's meetings that have not begun, or are on."""
        return [m for m in self.live.values() if person in m.people and m.slot >= self.current]

    def met(self) -> set[Pair]:
        """The pairs that have met or will. Two of whom one did not come may meet later."""
        return {pair(*two) for m in self.live.values() for two in combinations(m.people, 2)}

    def free_tables(self, slot: int) -> list[str]:
        taken = {m.table for m in self.live.values() if m.slot == slot}
        return [table for table in self.tables if table not in taken]

    def is_free(self, person: str, slot: int) -> bool:
        """Whether somebody could have a meeting in a slot."""
        free = self.whom.spoken(person).slots
        return person in self.here and (free is None or slot in free) and self.at(person, slot) is None

    # ---- steps

    def end(self, meeting: str, state: str, person: str = "", **more: str) -> None:
        """A meeting does not come about."""
        self.live.pop(meeting)
        self.say(
            "meeting_ended", meeting=meeting, state=state, **({"person": person} if person else {}), **more
        )

    def leave(self, meeting: str, person: str, state: str) -> None:
        """One of three leaves and two go on; one of two, and the meeting ends."""
        found = self.live[meeting]
        if len(found.people) < 3:
            self.end(meeting, state, person)
            return
        found.people = tuple(p for p in found.people if p != person)
        self.say("meeting_left", meeting=meeting, person=person)

    def gone(self, person: str) -> None:
        """Somebody is not there: their meetings end that have not been held."""
        self.say("person_absent", person=person)
        self.here.discard(person)
        for meeting in self.coming(person):
            self.leave(meeting.id, person, RELEASED)

    def add(self, rows: Sequence[Row], why: str) -> None:
        """Meetings, each at the free table that is nearest to where its people sat."""
        found: list[list[object]] = []
        for slot in sorted({slot for _, slot in rows}):
            groups = [people for people, at in rows if at == slot]
            seats = seat(groups, self.free_tables(slot), self._sat)
            found += [self._new(people, slot, seats[people], why) for people in groups]
        if found:
            self.say("meetings_added", meetings=found, why=why)

    def _new(self, people: tuple[str, ...], slot: int, table: str, why: str) -> list[object]:
        self._made += 1
        meeting = Meeting(f"{self.match.phase.id}m{self._made}", people, slot, table, why)
        self.live[meeting.id] = meeting
        return [meeting.id, list(people), slot, table]

    # ---- filling

    def problem(self, among: Iterable[str] = ()) -> Problem:
        """What is left to be planned beside everything that stands; for ``among`` alone, if any are named."""
        met, slots, only = self.met(), range(self.slots), set(among)
        busy = {(p, m.slot) for m in self.live.values() for p in m.people}
        room = {
            p: [int(s >= self.first and (p, s) not in busy and self._can(p, s)) for s in slots]
            for p in self.whom.people
        }
        tables = [len(self.free_tables(s)) if s >= self.first else 0 for s in slots]
        wishes = self.whom.wishes(met)
        had = {p for m in self.live.values() for p in m.people}
        due = owed(wishes) - had
        able = {p for p, each in room.items() if any(each)}
        wishes = {two: value for two, value in wishes.items() if able.issuperset(two)}
        if only:
            wishes = {two: value for two, value in wishes.items() if only.intersection(two)}
        return Problem(self.slots, tables, room, wishes, due, most=self.match.limits(self.live.values()))

    def _can(self, person: str, slot: int) -> bool:
        free = self.whom.spoken(person).slots
        return person in self.here and (free is None or slot in free)

    def fill(self, bell: bool = False) -> None:
        """Fill gaps by wishes; with ``bell``, or in the slot that runs, also with those who have not said no."""
        self.fill_by_wishes()
        slot = self.first if bell else self.running
        if 0 <= slot < self.slots:
            self._fill_with_strangers(slot)

    def fill_by_wishes(self, among: Iterable[str] = ()) -> None:
        """Fill gaps with people who want to meet; only of ``among``, if any are named."""
        made = plan(self.problem(among), self.seed, tries=REPAIR_TRIES)
        self.add([(two, slot) for two, slot in sorted(made.slot.items(), key=lambda row: row[::-1])], "gap")

    def _fill_with_strangers(self, slot: int) -> None:
        """Worth least and made last, so that gaps stay open for newcomers with wishes."""
        met, limits = self.met(), self.match.limits(self.live.values())
        idle = [p for p in self.whom.people if self.is_free(p, slot) and limits.get(p, 1) > 0]
        count = dict.fromkeys(self.whom.people, 0)
        for meeting in self.live.values():
            for p in meeting.people:
                count[p] = count.get(p, 0) + 1

        def may(one: str, other: str) -> bool:
            return pair(one, other) not in met and self.whom.value(one, other) > 0

        rng = Random(self.seed)  # noqa: S311 – the order of equals is drawn, and a replay draws the same
        found, alone = strangers(idle, count.__getitem__, may, len(self.free_tables(slot)), rng)
        self.add([(two, slot) for two in found], "fill")
        for person in alone:
            self._join(person, slot)

    def _join(self, person: str, slot: int) -> None:
        """Who is left over sits down with two, where that is fine with everybody."""
        met = self.met()

        def may(one: str, other: str) -> bool:
            fine = self.whom.spoken(one).third and self.whom.spoken(other).third
            return fine and pair(one, other) not in met and self.whom.value(one, other) > 0

        tables = [(m.id, m.people) for m in self.live.values() if m.slot == slot]
        meeting = third(person, tables, may)
        if meeting:
            self.live[meeting].people += (person,)
            self.say("third_added", meeting=meeting, person=person)


def _sat(meetings: Iterable[Meeting]) -> dict[str, str]:
    """Where everybody sat last."""
    return {p: m.table for m in sorted(meetings, key=lambda m: m.slot) for p in m.people}
