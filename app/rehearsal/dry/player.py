"""A whole event in no time: people play any format through all its phases, without a server and without real time.

Everybody reads their own rendered page and fills in its forms by the habits of the kinds, as in a rehearsal; what they
send goes into a scratch session. The same seed plays the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile
from random import Random
from typing import Any

from app.audience.connection import RELOAD, Cursor
from app.audience.fanout import Fanout
from app.drawing.render import Renderer
from app.rehearsal.browser.forms import Form
from app.rehearsal.browser.page import Page
from app.rehearsal.dry.pages import hall_of
from app.rehearsal.dry.pages import page as drawn
from app.rehearsal.dry.scratch import Scratch, Stuck
from app.rehearsal.habits import RoleHabits
from app.rehearsal.people.cast import Part
from app.rehearsal.people.company import Company
from app.rehearsal.people.person import Person
from app.wire.messages import command_from
from sessions.format import read_format
from sessions.messages import Refused
from sessions.session import Session

FACILITATOR = "kim"
ROUNDS = 12
"""Times that everybody looks at their page in one go; nobody has so much to do."""
A_MOMENT = 0.05
"""Minutes that pass whenever everybody has looked at their page."""
Watcher = Callable[[Scratch], None]
"""Looks on after each command that was accepted and changed something."""


@dataclass(frozen=True, slots=True)
class ScratchClock:
    """The scratch session's time as people see it."""

    scratch: Scratch
    rate: float = 1.0

    def now(self) -> float:
        return self.scratch.now

    def real_seconds(self, race_seconds: float) -> float:
        return race_seconds


@dataclass
class Player:
    """Everybody who takes part in ``scratch``, and the facilitator. ``parts`` are theirs, the facilitator's first."""

    scratch: Scratch
    renderer: Renderer
    parts: list[Part]
    seed: int = 1
    watch: Watcher = lambda scratch: None
    people: dict[str, Person] = field(default_factory=dict)
    accepted: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Commands that led to something, by the kind of their phase ("" for the session's own)."""
    taken: set[tuple[str, str]] = field(default_factory=set)
    """Phases ("" for none), and commands that led to something in them."""
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Commands and the reasons why they were refused."""

    def __post_init__(self) -> None:
        self.chance = Random(f"player {self.seed}")  # noqa: S311 - it is to be repeatable
        self.company = Company(ScratchClock(self.scratch), read_format(self.scratch.log[0].body["format"]))
        self._seen: dict[str, int] = {}
        self._fanout = Fanout(hall_of(self.scratch), self.renderer)
        self._cursors: dict[str, Cursor] = {}
        for part in self.parts:
            self._let_in(part)
        self._grant_roles()

    @property
    def session(self) -> Session:
        return self.scratch.session

    # ---- people

    def _let_in(self, part: Part) -> None:
        name = FACILITATOR if part.role == "facilitator" else f"p{part.number}"
        if name not in self.session.people:
            self.scratch.join(name, "participant", part.language, part.organisation)
            self.accepted["", "join"] += 1
        person = Person(part, self.company, self.seed, RoleHabits(self.company.acts_like(part.role)))
        self.people[name] = person
        self.company.people.append(person)

    def _grant_roles(self) -> None:
        wanted = {n: p.part.role for n, p in self.people.items() if p.part.role != "participant"}
        for form in self.page("people", FACILITATOR).forms():
            if form.command == "grant_role" and form.hidden["person"] in wanted:
                self.give(form, FACILITATOR, role=wanted[form.hidden["person"]])

    def named(self, role: str) -> list[str]:
        """The people of a role, in the order in which they came in."""
        return [m.id for m in self.session.people.values() if m.role == role and not m.removed]

    # ---- pages and commands

    def page(self, view: str, person: str) -> Page:
        """A page of somebody's as it is now (``console/R05``: the console with a phase to look at)."""
        page = Page()
        page.load(self._html(view, person))
        return page

    def _html(self, view: str, person: str) -> str:
        return drawn(self.renderer, self.scratch, view, person, self.session.people[person].language)

    def give(self, form: Form, by: str, **values: Any) -> None:
        """Send a form that must be accepted. Raises Stuck."""
        refused = self.refused.copy()
        self.people[by].give(form, values)
        self.send(by)
        if self.refused != refused:
            raise Stuck(f"{form.command} of {by}: {+(self.refused - refused)}")

    def send(self, name: str) -> None:
        """Whatever somebody has put into the outbox."""
        outbox = self.people[name].memory.outbox
        for sent in list(outbox.waiting.values()):
            before = self.session.seq
            command = command_from({**sent.fields, "id": sent.id}, seed=self.chance.getrandbits(48))
            kind = self._kind_of(command.phase, command.name)
            told = self.scratch.give(command, name)
            if isinstance(told, Refused):
                self.refused[sent.name, told.reason] += 1
                outbox.refused(sent.id, told.reason)
                continue
            outbox.acked(sent.id, self.session.seq)
            if self.session.seq > before:
                self.accepted[kind, sent.name] += 1
                self.taken.add((command.phase, sent.name))
                self.watch(self.scratch)

    def _kind_of(self, phase: str, command: str) -> str:
        known = self.session.agenda.get(phase)
        activity = known.activity if known else None
        return known.kind if known and activity and command in activity.rights else ""

    def wait(self, minutes: float) -> None:
        """Time passes, and the clock does what it has to do on the way."""
        before = len(self.scratch.given)
        self.scratch.after(minutes)
        for given in self.scratch.given[before:]:
            command = given.command
            self.accepted[self._kind_of(command.phase, command.name), command.name] += 1
            self.taken.add((command.phase, command.name))
            self.watch(self.scratch)

    # ---- looking at the page

    def forget_what_was_seen(self) -> None:
        """Everybody looks at their page anew, whether anything on it has changed or not."""
        self._seen.clear()

    def draw(self, name: str) -> Page:
        """Somebody's page as it is now, before them: loaded once, then kept up by what is pushed to it."""
        person, room = self.people[name], self.session
        cursor = self._cursors.get(name)
        frame = RELOAD if cursor is None else self._fanout.missed.take(cursor)
        if frame is RELOAD:
            person.page.load(self._html(person.view, name))
            language, scopes = room.people[name].language, room.scopes(name)
            self._cursors[name] = Cursor(person.view, name, language, scopes, room.seq)
        elif frame is not None:
            person.page.apply(frame.text)
        person.page.seq = room.seq
        team = room.teams.get(room.people[name].team)
        person.team = str(team.number) if team else ""
        self._seen[name] = room.seq
        return person.page

    def _concerns(self, name: str) -> bool:
        """Whether a pane that somebody may see has changed since they looked (nothing is for somebody who has left, or
        whose pass is not good now: their page is closed, and loaded anew when they come in)."""
        allowed = self.session.scopes(name)
        if not allowed:
            self._cursors.pop(name, None)
            self._seen.pop(name, None)
            return False
        seen = self._seen.get(name, -1)
        scopes = ("*", *allowed)
        news = takewhile(lambda item: item[1] > seen, reversed(self.session.touched.items()))
        return any(ref.phase and ref.scope in scopes for ref, _ in news)

    def act(self) -> None:
        """Everybody does what there is to do, until nobody has anything left."""
        for _ in range(ROUNDS):
            before = self.session.seq
            for name, person in self.people.items():
                if name != FACILITATOR and self._concerns(name):
                    forms = self.draw(name).forms()
                    person.memory.learn()
                    person.look(forms, most=len(forms))
                    self.send(name)
            if self.session.seq == before:
                return
            self.wait(A_MOMENT)
