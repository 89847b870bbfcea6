"""Pause: a meal, a break or a night. People say when they leave and when they are back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sessions.activities.pause import views
from sessions.activities.pause.events import EVENTS, OfPerson
from sessions.activities.pause.rules import DECLARED
from sessions.activities.pause.state import Absences
from sessions.activity import Activity, Change, Changed
from sessions.audience import ACTORS, STAFF, STARTED, Right, person_scope
from sessions.format_rules import Declaration
from sessions.messages import Command, Decision, Event, Refused, Text, refuse
from sessions.outcome import Fact, Outcome, Team
from sessions.refusals import not_allowed

if TYPE_CHECKING:
    from sessions.people import Member

KEEPERS = STAFF | {"night_host"}
"""Who may check somebody else in and out."""


class Pause(Activity):
    """Rules: ``reason`` (meal, break or night), ``quiet``, ``work_allowed``, ``emergency`` (a number to call)."""

    called: ClassVar[Text] = {"en": "Pause", "sv": "Paus", "fi": "Tauko"}
    declares: ClassVar[Declaration] = DECLARED
    events: ClassVar[Mapping[str, type]] = EVENTS
    rights: ClassVar[Mapping[str, Right]] = {
        "check_out": Right(ACTORS | KEEPERS, STARTED),
        "check_in": Right(ACTORS | KEEPERS, STARTED),
    }
    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "here": frozenset({"phone", "screen", "console"}),
        "row": frozenset({"console"}),
    }

    def prepare(self) -> None:
        self.absences = Absences()

    # ---- commands

    def check_out(self, command: Command, sender: Member, now: float) -> Decision:
        """Leave. ``person`` names somebody else, for those who keep the list."""
        return self._moving(command, sender, "checked_out", present=False)

    def check_in(self, command: Command, sender: Member, now: float) -> Decision:
        """Be back. ``person`` as above."""
        return self._moving(command, sender, "checked_in", present=True)

    def _moving(self, command: Command, sender: Member, event: str, present: bool) -> Decision:
        person = self._person(command, sender)
        if isinstance(person, Refused):
            return person
        return [] if person.present == present else [self.event(event, person=person.id)]

    def _person(self, command: Command, sender: Member) -> Member | Refused:
        person = self.session.people.get(command.text("person") or sender.id)
        if person is None or person.removed:
            return refuse("nobody", "That person or role is not in this session.")
        return person if person.id == sender.id or sender.role in KEEPERS else not_allowed()

    # ---- events

    def checked_out(self, event: Event) -> Iterator[Change]:
        body: OfPerson = event.body
        self.absences.leave(body["person"], event.at)
        yield Fact(person_scope(body["person"]), "present", False)
        yield from self._shown(body["person"])

    def checked_in(self, event: Event) -> Iterator[Change]:
        body: OfPerson = event.body
        self.absences.come_back(body["person"], event.at)
        yield Fact(person_scope(body["person"]), "present", True)
        yield from self._shown(body["person"])

    # ---- which fragments show it

    show = views.show

    def _shown(self, person: str) -> tuple[Changed, ...]:
        return Changed("here"), Changed("row", person), Changed(scope=person_scope(person))

    def arrived(self, member: Member) -> Iterable[Change]:
        return self._shown(member.id)

    def rescheduled(self) -> Iterable[Changed]:
        return (Changed(),)

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        """The list shows who is here and stays, and in which team."""
        if not isinstance(change, Fact) or not change.subject.startswith("person:"):
            return ()
        person = change.subject.removeprefix("person:")
        if change.name == "team":
            return (Changed("row", person),)
        return self._shown(person) if change.name in ("present", "overnight") else ()

    # ---- the rest

    def outcome(self) -> Outcome:
        """Who is here, and the absences in seconds since 1970 UTC by person."""
        attendance = tuple(member.id for member in self.crowd if member.present)
        return Outcome(attendance=attendance, figures={"absences": self.absences.plain()})

    @property
    def crowd(self) -> list[Member]:
        """Everybody whom the pause is for."""
        return self.session.present_people(self.phase.spec.who, self.phase.id)

    @property
    def is_night(self) -> bool:
        return self.planned_scene(self.rules) == "night"

    @property
    def scene(self) -> str:
        """``night`` while a night is open."""
        return self.planned_scene(self.rules) if self.is_open else ""

    @classmethod
    def planned_scene(cls, rules: Mapping[str, Any]) -> str:
        return "night" if rules.get("reason") == "night" else ""
