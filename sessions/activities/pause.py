"""Pause: a meal, a break or a night. People say when they leave and when they are back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sessions.activity import Activity, Change, Changed, Fragment
from sessions.audience import ACTORS, EVERYBODY, STAFF, STARTED, Right, person_scope, scope_type
from sessions.messages import Command, Decision, Event, Refused, Text, refuse
from sessions.outcome import Fact, Outcome, Team
from sessions.refusals import not_allowed

if TYPE_CHECKING:
    from sessions.people import Member

KEEPERS = STAFF | {"night_host"}
"""Who may check somebody else in and out."""
NIGHT_HOSTS = frozenset({"night_host"})


@dataclass
class Absence:
    """One interval of somebody's being away, in wall time; ``until`` 0 while it lasts."""

    since: float
    until: float = 0.0


class Pause(Activity):
    """Rules: ``reason`` (meal, break or night), ``quiet``, ``work_allowed``, ``emergency`` (a number to call)."""

    called: ClassVar[Text] = {"en": "Pause", "sv": "Paus", "fi": "Tauko"}
    rights: ClassVar[Mapping[str, Right]] = {
        "check_out": Right(ACTORS | KEEPERS, STARTED),
        "check_in": Right(ACTORS | KEEPERS, STARTED),
    }
    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "here": frozenset({"phone", "screen", "console"}),
        "row": frozenset({"console"}),
    }

    def prepare(self) -> None:
        self.absences: dict[str, list[Absence]] = {}
        """By person, latest last."""

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
        person = event.body["person"]
        self.absences.setdefault(person, []).append(Absence(event.at))
        yield Fact(person_scope(person), "present", False)
        yield from self._seen(person)

    def checked_in(self, event: Event) -> Iterator[Change]:
        person = event.body["person"]
        gone = self.absences.get(person)
        if gone and not gone[-1].until:
            gone[-1].until = event.at
        yield Fact(person_scope(person), "present", True)
        yield from self._seen(person)

    def _seen(self, person: str) -> tuple[Changed, ...]:
        return Changed("here"), Changed("row", person), Changed(scope=person_scope(person))

    def arrived(self, member: Member) -> Iterable[Change]:
        return self._seen(member.id)

    def rescheduled(self) -> Iterable[Changed]:
        return (Changed(),)

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        """The list shows who is here and stays, and in which team."""
        if not isinstance(change, Fact) or not change.subject.startswith("person:"):
            return ()
        person = change.subject.removeprefix("person:")
        if change.name == "team":
            return (Changed("row", person),)
        return self._seen(person) if change.name in ("present", "overnight") else ()

    def outcome(self) -> Outcome:
        """Who is here, and the absences in seconds since 1970 UTC by person."""
        away = {person: [[a.since, a.until] for a in gone] for person, gone in self.absences.items()}
        here = tuple(member.id for member in self.crowd if member.present)
        return Outcome(attendance=here, figures={"absences": away})

    @property
    def crowd(self) -> list[Member]:
        """Everybody whom the pause is for."""
        return self.session.present_people(self.phase.spec.who)

    # ---- what is shown

    @property
    def is_night(self) -> bool:
        return self.planned_scene(self.rules) == "night"

    @property
    def scene(self) -> str:
        return self.planned_scene(self.rules) if self.is_open else ""

    @classmethod
    def planned_scene(cls, rules: Mapping[str, Any]) -> str:
        return "night" if rules.get("reason") == "night" else ""

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        if part == "row":
            return self._show_row(key)
        if part == "here":
            crowd = self.crowd
            return Fragment({"here_now": sum(member.present for member in crowd), "of": len(crowd)})
        if scope_type(scope) == "person":
            return self._show_person(self.person_in(scope))
        return Fragment(self._shared(view)) if scope == EVERYBODY else None

    def _shared(self, view: str) -> dict[str, Any]:
        return {
            "night": self.is_night,
            "quiet": bool(self.rules.get("quiet")),
            "work_allowed": bool(self.rules.get("work_allowed")),
            "emergency": str(self.rules.get("emergency", "")),
            "hosts": self._night_hosts(view) if self.is_night else [],
            "following": self.session.agenda.following(),
            "hours": self._hours() if self.is_night else [],
            "people": [member.id for member in sorted(self.crowd, key=self._row_order)],
        }

    def _night_hosts(self, view: str) -> list[str]:
        """Whom to turn to; on the projector by name only with their consent."""
        hosts = self.session.present_people(NIGHT_HOSTS)
        return [h.id for h in hosts if view != "screen" or h.may_be_named]

    def _hours(self) -> list[float]:
        """The full hours of the night, counted back from its end (wall time)."""
        count = int((self.phase.ends_at - self.phase.opened_at) // 3600)
        return [self.phase.ends_at - 3600.0 * left for left in range(count, -1, -1)]

    def _show_person(self, person: Member | None) -> Fragment | None:
        if person is None or person.role not in self.phase.spec.who:
            return None
        return Fragment({"night": self.is_night, "present": person.present, "since": self._since(person)})

    def _since(self, person: Member) -> float:
        """Since when somebody is here or away, as far as this pause knows; wall time."""
        gone = self.absences.get(person.id)
        if not gone:
            return person.joined_at
        return gone[-1].until or gone[-1].since

    def _show_row(self, person: str) -> Fragment | None:
        member = self.session.people.get(person)
        if member is None or member.removed or member.role not in self.phase.spec.who:
            return None
        team = self.session.teams.get(member.team)
        data = {
            "person": member,
            "team": team,
            "since": self._since(member),
            "stays": bool(member.facts.get("overnight")),
        }
        return Fragment(data, "rows", self._row_order(member))

    def _row_order(self, member: Member) -> str:
        team = self.session.teams.get(member.team)
        return f"{team.number if team else 9999:04d}-{member.id}"
