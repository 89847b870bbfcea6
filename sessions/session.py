"""A live session: ``decide`` turns a command into events or a refusal, ``evolve`` folds an event in.

The session is memory and may be dropped at any time: folding the log from the start gives the same one again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sessions.activities import activity_class
from sessions.activity import EVERY_PANE, Activity, Deadline, Touch
from sessions.agenda import CLOSED, OPEN, PLANNED, SKIPPED, Agenda, Phase
from sessions.audience import (
    ACTORS,
    CLOCK,
    DOOR,
    EVERYBODY,
    ROLES,
    SESSION_RIGHTS,
    STAFF,
    person_scope,
    role_scope,
    team_scope,
)
from sessions.entry import Entry
from sessions.format import LANGUAGES, Format, read_format
from sessions.messages import Command, Decision, Event, Personal, Refused, refuse
from sessions.outcome import Card, Fact, Inputs, Outcome, Team

MAX_ANNOUNCEMENT = 280
MAX_EXTENSION = 24 * 60
"""Minutes by which one command may move a phase's end."""
DRIVING = frozenset({"open_phase", "close_phase", "next_phase", "extend_phase", "skip_phase", "reopen_phase"})
"""Commands that only the facilitator who drives may give."""


class Ref(NamedTuple):
    """A fragment's address: phase ("" for the session's own), part, key and scope, as in ``Touch``."""

    phase: str
    part: str
    key: str
    scope: str


@dataclass
class Member:
    """Somebody in the session, by pseudonymous id. ``facts`` come from the check-in (competences, consent …)."""

    id: str
    role: str
    language: str = "en"
    organisation: str = ""
    joined_at: float = 0.0
    team: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    removed: bool = False

    @property
    def competences(self) -> tuple[str, ...]:
        return tuple(self.facts.get("competence", ()))

    @property
    def present(self) -> bool:
        """Whether the person is checked in; everybody is until they check out."""
        return bool(self.facts.get("present", True))


@dataclass(frozen=True, slots=True)
class Announcement:
    """Words from the facilitator to everybody."""

    id: str
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Decided:
    """A line in the log of decisions: an English sentence with braces for ``params``."""

    seq: int
    at: float
    actor: str
    phase: str
    text: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The stamped events of a command that was accepted, and personal data that stays out of the log."""

    events: tuple[Event, ...]
    personal: tuple[Personal, ...] = ()


DECISIONS: Mapping[str, str] = {
    "phase_opened": "Opened: {phase}",
    "phase_closed": "Closed: {phase}",
    "phase_extended": "{phase}: {minutes} minutes, now to {ends_at}",
    "phase_skipped": "Skipped: {phase}",
    "phase_reopened": "Opened again: {phase}",
    "phase_put_back": "Put back in the agenda: {phase}",
    "announced": "Announced: {text}",
    "role_granted": "Role given: {role}",
    "person_removed": "Removed from the session",
    "took_over": "Took over the console",
}
"""The session's own decisions; English source sentences."""

OWN_EVENTS = frozenset(DECISIONS) | {
    "session_created",
    "joined",
    "language_chosen",
    "announcement_cleared",
    "screen_chosen",
}
"""Events that the session folds itself; every other one belongs to the activity of its phase."""


class Session:
    """One live session, from its log."""

    def __init__(self) -> None:
        self.seq = 0
        self.code = ""
        self.language = "en"
        self.zone = "UTC"
        self.title: Mapping[str, str] = {}
        self.format: Format | None = None
        self.agenda = Agenda(())
        self.anchor = 0.0
        """Wall time of T+0, when the first phase opened; 0 before."""
        self.people: dict[str, Member] = {}
        self.teams: dict[str, Team] = {}
        self.entries: dict[str, Entry] = {}
        self.entry_of_card: dict[str, str] = {}
        self.card_facts: dict[str, list[tuple[str, Fact, int]]] = {}
        self.announcements: dict[str, Announcement] = {}
        self.decided: list[Decided] = []
        self.driver = ""
        self.screen_choice = ""
        """What the projector shows instead of following the agenda: a phase id, ``dark``, or "" to follow."""
        self.answered: dict[str, int] = {}
        """Ids of accepted commands and the seq of their last event."""
        self.touched: dict[Ref, int] = {}
        """Every fragment that ever changed with the seq of its last change, latest last."""
        self.at = 0.0
        """Wall time of the last event."""

    # ---- commands

    def act(self, command: Command, sender: str, now: float) -> Accepted | Refused:
        """Decide a command and fold what it leads to. The caller sees to it that the events reach the log."""
        decision = self.decide(command, sender, now)
        if isinstance(decision, Refused):
            return decision
        events = []
        for event in (item for item in decision if isinstance(item, Event)):
            stamped = replace(event, seq=self.seq + 1, at=now, actor=sender, command=command.id)
            self.evolve(stamped)
            events.append(stamped)
        return Accepted(tuple(events), tuple(item for item in decision if isinstance(item, Personal)))

    def decide(self, command: Command, sender: str, now: float) -> Decision:
        """Events or a refusal; changes nothing. ``now`` is wall time, seconds since 1970 UTC."""
        member = self.member(sender)
        if member is None or member.removed:
            return refuse("not_joined", "You are not in this session. Join with the code first.")
        if command.name in SESSION_RIGHTS:
            return self._decide_own(command, member, now)
        return self._decide_in_phase(command, member, now)

    def member(self, sender: str) -> Member | None:
        """Who sends: a person who joined, or the clock or the door."""
        if sender in (CLOCK, DOOR):
            return Member(sender, sender)
        return self.people.get(sender)

    def _decide_own(self, command: Command, member: Member, now: float) -> Decision:
        if member.role not in SESSION_RIGHTS[command.name]:
            return not_allowed()
        if command.name in DRIVING and member.role != CLOCK and self.driver not in ("", member.id):
            return refuse(
                "not_driving", "Somebody else drives this session. Take over first, then press again."
            )
        decide: Callable[[Command, Member, float], Decision] = getattr(self, command.name)
        return decide(command, member, now)

    def _decide_in_phase(self, command: Command, member: Member, now: float) -> Decision:
        phase = self.agenda.get(command.phase)
        if phase is None or phase.activity is None:
            return refuse("not_open", "This phase has not opened yet. What you wrote stays on your device.")
        right = phase.activity.rights.get(command.name)
        if right is None:
            return refuse("unknown_command", "This phase does not know that command. Reload the page.")
        if not self._may(member, right.roles, phase):
            return not_allowed()
        if phase.state not in right.states:
            return closed(phase, now)
        return phase.activity.decide(command, member, now)

    def _may(self, member: Member, roles: frozenset[str], phase: Phase) -> bool:
        return member.role in roles or (ACTORS <= roles and member.role in phase.spec.who)

    def join(self, command: Command, member: Member, now: float) -> Decision:
        """The door lets a person in: fields ``person``, ``role``, ``language``, ``organisation`` (a key, not a name)."""
        person, role = command.text("person"), command.text("role")
        if role not in ROLES:
            return refuse("unknown_role", "There is no role {role}.", role=role)
        known = self.people.get(person)
        if known is not None and not known.removed and known.role == role:
            return []
        language = _known_language(command.text("language"), self.language)
        body = {
            "person": person,
            "role": role,
            "language": language,
            "organisation": command.text("organisation"),
        }
        return [Event("joined", body=body)]

    def choose_language(self, command: Command, member: Member, now: float) -> Decision:
        language = _known_language(command.text("language"), member.language)
        return [Event("language_chosen", body={"person": member.id, "language": language})]

    def grant_role(self, command: Command, member: Member, now: float) -> Decision:
        person, role = command.text("person"), command.text("role")
        if person not in self.people or role not in ROLES:
            return refuse("nobody", "That person or role is not in this session.")
        return [Event("role_granted", body={"person": person, "role": role})]

    def remove_person(self, command: Command, member: Member, now: float) -> Decision:
        person = command.text("person")
        if person not in self.people or person == member.id:
            return refuse("nobody", "That person or role is not in this session.")
        return [Event("person_removed", body={"person": person})]

    def take_over(self, command: Command, member: Member, now: float) -> Decision:
        return [] if self.driver == member.id else [Event("took_over", body={"person": member.id})]

    def open_phase(self, command: Command, member: Member, now: float) -> Decision:
        phase = self.agenda.get(command.phase)
        if phase is None or phase.state not in (PLANNED, SKIPPED):
            return refuse(
                "not_planned", "That phase is open or over already. Use “open again” for a closed one."
            )
        if not phase.main:
            return [self._opening(phase, now)]
        return self._move_on(self._running(), phase, command, now)

    def next_phase(self, command: Command, member: Member, now: float) -> Decision:
        """Close the current phase (the one the sender saw) and open the one after it."""
        current = self.agenda.current
        if command.phase != (current.id if current else ""):
            return refuse("moved_on", "Somebody has moved on already. Look at what is open now.")
        following = self.agenda.following()
        if following is None:
            return refuse("no_next", "This was the last phase.")
        return self._move_on(self._running(), following, command, now)

    def _running(self) -> Phase | None:
        current = self.agenda.current
        return current if current is not None and current.state == OPEN and not current.spec.later else None

    def _move_on(self, leaving: Phase | None, to: Phase, command: Command, now: float) -> Decision:
        left = self._leaving(leaving, command, now) if leaving else []
        if isinstance(left, Refused):
            return left
        return [*left, self._opening(to, now), *(self._opening(p, now) for p in self.agenda.beside(to))]

    def _leaving(self, phase: Phase, command: Command, now: float) -> Decision:
        """Closing a phase and what is open beside it, each with what it has to settle first."""
        events: list[Event | Personal] = []
        for leaving in (*self.agenda.beside(phase), phase):
            if leaving.state != OPEN or leaving.activity is None:
                continue
            no = leaving.activity.refuse_close(now)
            if no is not None:
                return no
            events += [*leaving.activity.closing(now, command.seed), Event("phase_closed", leaving.id)]
        return events

    def _opening(self, phase: Phase, now: float) -> Event:
        return Event("phase_opened", phase.id, {"ends_at": now + phase.spec.minutes * 60.0})

    def close_phase(self, command: Command, member: Member, now: float) -> Decision:
        phase = self.agenda.get(command.phase)
        if phase is None or phase.state != OPEN:
            return refuse("not_open", "This phase has not opened yet. What you wrote stays on your device.")
        if member.role == CLOCK and now < phase.ends_at:
            return []
        return self._leaving(phase, command, now)

    def extend_phase(self, command: Command, member: Member, now: float) -> Decision:
        """Move the end of an open phase by ``minutes`` (may be negative)."""
        phase = self.agenda.get(command.phase)
        minutes = _whole(command.text("minutes"))
        if phase is None or phase.state != OPEN:
            return refuse("not_open", "This phase has not opened yet. What you wrote stays on your device.")
        if minutes is None or not 0 < abs(minutes) <= MAX_EXTENSION:
            return refuse("bad_minutes", "Give whole minutes between 1 and {limit}.", limit=MAX_EXTENSION)
        ends_at = max(phase.ends_at, now if minutes > 0 else 0.0) + minutes * 60.0
        if ends_at <= now:
            return refuse("in_the_past", "That would end the phase in the past. Close it instead.")
        return [Event("phase_extended", phase.id, {"minutes": minutes, "ends_at": ends_at})]

    def skip_phase(self, command: Command, member: Member, now: float) -> Decision:
        phase = self.agenda.get(command.phase)
        if phase is None or phase.state not in (PLANNED, OPEN):
            return refuse(
                "not_planned", "That phase is open or over already. Use “open again” for a closed one."
            )
        if phase.state == PLANNED:
            return [Event("phase_skipped", phase.id)]
        following = self.agenda.following() if phase is self.agenda.current else None
        if following is None:
            return refuse("no_next", "This was the last phase.")
        left = self._leaving(phase, command, now)
        opened = self._move_on(None, following, command, now)
        if isinstance(left, Refused) or isinstance(opened, Refused):
            return left if isinstance(left, Refused) else opened
        return [*left, Event("phase_skipped", phase.id), *opened]

    def reopen_phase(self, command: Command, member: Member, now: float) -> Decision:
        """Step back to a closed phase; the current one of the main track goes back into the agenda."""
        phase = self.agenda.get(command.phase)
        if phase is None or phase.state != CLOSED:
            return refuse("not_closed", "Only a closed phase can be opened again.")
        minutes = _whole(command.text("minutes")) or 10
        events = [Event("phase_reopened", phase.id, {"ends_at": now + max(1, minutes) * 60.0})]
        current = self._running()
        if phase.main and current is not None:
            put_back = [p for p in (*self.agenda.beside(current), current) if p.state == OPEN]
            events = [*(Event("phase_put_back", p.id) for p in put_back), *events]
        return events

    def announce(self, command: Command, member: Member, now: float) -> Decision:
        text = command.text("text")
        if not text:
            return refuse("empty", "There is nothing written yet.")
        if len(text) > MAX_ANNOUNCEMENT:
            return refuse(
                "too_long",
                "The text has {count} characters and {limit} fit. Shorten it and send again.",
                count=len(text),
                limit=MAX_ANNOUNCEMENT,
            )
        return [Event("announced", body={"text": text})]

    def clear_announcement(self, command: Command, member: Member, now: float) -> Decision:
        known = command.text("announcement")
        return (
            [Event("announcement_cleared", body={"announcement": known})]
            if known in self.announcements
            else []
        )

    def show_on_screen(self, command: Command, member: Member, now: float) -> Decision:
        choice = command.text("choice")
        phase = self.agenda.get(choice)
        if choice not in ("", "dark") and (phase is None or not phase.started):
            return refuse("not_open", "This phase has not opened yet. What you wrote stays on your device.")
        return [Event("screen_chosen", body={"choice": choice})]

    # ---- events

    def evolve(self, event: Event) -> None:
        """Fold one event of the log in. Events come in the order of their seq, without gaps."""
        if event.seq != self.seq + 1:
            raise ValueError(f"event {event.seq} after {self.seq}: the log has a gap")
        self.seq, self.at = event.seq, event.at
        if event.command:
            self.answered[event.command] = event.seq
        if event.kind in OWN_EVENTS:
            getattr(self, f"_{event.kind}")(event)
            self._note_decision(event, DECISIONS)
        else:
            self._evolve_in_phase(event)

    def _evolve_in_phase(self, event: Event) -> None:
        phase = self.agenda.phases[event.phase]
        if phase.activity is None:
            raise ValueError(f"event {event.seq} ({event.kind}) for {event.phase}, which has not opened")
        self._take(phase, phase.activity.evolve(event))
        self._note_decision(event, phase.activity.decisions)
        if type(phase.activity).alerts is not Activity.alerts:
            self.touch("alerts")

    def _take(self, phase: Phase, changes: Iterable[Any]) -> None:
        for change in changes:
            if isinstance(change, Touch):
                self._touch(Ref(phase.id, change.part, change.key, change.scope))
            elif isinstance(change, Fact):
                self._learn(phase.id, change)
            else:
                self._regroup(change)
            if not isinstance(change, Touch):
                self._tell_others(phase, change)

    def _tell_others(self, phase: Phase, change: Fact | Team) -> None:
        """The other phases that show entries, people or teams hear of what has changed about them."""
        for other in self.agenda.started:
            if other is not phase and other.activity is not None:
                for touch in other.activity.noticed(change):
                    self._touch(Ref(other.id, touch.part, touch.key, touch.scope))

    def _touch(self, ref: Ref) -> None:
        self.touched.pop(ref, None)
        self.touched[ref] = self.seq

    def touch(self, *parts: str, scope: str = EVERYBODY) -> None:
        """Mark the session's own fragments (band, agenda, people …) as changed."""
        for part in parts:
            self._touch(Ref("", part, "", scope))

    def _note_decision(self, event: Event, sentences: Mapping[str, str]) -> None:
        if event.kind not in sentences:
            return
        phase = self.agenda.get(event.phase)
        params = {**event.body, "phase": phase.spec.title if phase else ""}
        self.decided.append(
            Decided(event.seq, event.at, event.actor, event.phase, sentences[event.kind], params)
        )
        self.touch("decisions")

    def _session_created(self, event: Event) -> None:
        body = event.body
        self.format = read_format(body["format"])
        self.agenda = Agenda(self.format.specs)
        self.code, self.language, self.zone = body["code"], body["language"], body["zone"]
        self.title = body.get("title") or self.format.title
        self.touch("band", "agenda")

    def _joined(self, event: Event) -> None:
        body = event.body
        known = self.people.get(body["person"])
        if known is None:
            self.people[body["person"]] = Member(
                body["person"], body["role"], body["language"], body["organisation"], event.at
            )
        else:
            known.role, known.removed = body["role"], False
        if body["role"] in STAFF and not self.driver:
            self.driver = body["person"]
        self.touch("people", "headcount", "alerts")
        self.touch("me", scope=person_scope(body["person"]))
        for phase in self.agenda.open:
            if phase.activity is not None:
                self._take(phase, phase.activity.arrived(self.people[body["person"]]))

    def _language_chosen(self, event: Event) -> None:
        self.people[event.body["person"]].language = event.body["language"]
        self.touch("me", scope=person_scope(event.body["person"]))

    def _role_granted(self, event: Event) -> None:
        self.people[event.body["person"]].role = event.body["role"]
        self.touch("people", "headcount")
        self.touch("me", scope=person_scope(event.body["person"]))

    def _person_removed(self, event: Event) -> None:
        self.people[event.body["person"]].removed = True
        self.touch("people", "headcount")

    def _took_over(self, event: Event) -> None:
        self.driver = event.body["person"]
        self.touch("driver", "agenda")

    def _phase_opened(self, event: Event) -> None:
        phase = self.agenda.phases[event.phase]
        self.anchor = self.anchor or event.at
        phase.state, phase.opened_at, phase.ends_at = OPEN, event.at, event.body["ends_at"]
        phase.revision, phase.stale = phase.revision + 1, False
        inputs = self.inputs(phase)
        if phase.activity is None:
            phase.activity = activity_class(phase.kind)(phase, self, inputs)
        else:
            self._take(phase, phase.activity.reopened(inputs))
        if phase.main:
            self._replace_current(phase)
        self._phase_changed(phase)

    def _replace_current(self, phase: Phase) -> None:
        if self.agenda.current is not None:
            self._touch(Ref(self.agenda.current.id, EVERY_PANE.part, EVERY_PANE.key, EVERY_PANE.scope))
        self.agenda.current = phase

    def _phase_changed(self, phase: Phase) -> None:
        self._touch(Ref(phase.id, EVERY_PANE.part, EVERY_PANE.key, EVERY_PANE.scope))
        self.touch("band", "agenda", "alerts", "channels", "lobby", "screen")

    def _phase_closed(self, event: Event) -> None:
        phase = self.agenda.phases[event.phase]
        phase.state, phase.closed_at = CLOSED, event.at
        assert phase.activity is not None
        self._take(phase, phase.activity.closed())
        self._phase_changed(phase)

    def _phase_extended(self, event: Event) -> None:
        phase = self.agenda.phases[event.phase]
        phase.ends_at = event.body["ends_at"]
        self.touch("band", "agenda", "alerts")
        self._touch(Ref(phase.id, EVERY_PANE.part, EVERY_PANE.key, EVERY_PANE.scope))

    def _phase_skipped(self, event: Event) -> None:
        phase = self.agenda.phases[event.phase]
        phase.state, phase.closed_at = SKIPPED, event.at
        self._phase_changed(phase)

    def _phase_put_back(self, event: Event) -> None:
        phase = self.agenda.phases[event.phase]
        phase.state = PLANNED
        self._phase_changed(phase)

    def _phase_reopened(self, event: Event) -> None:
        phase = self.agenda.phases[event.phase]
        phase.state, phase.ends_at, phase.revision = OPEN, event.body["ends_at"], phase.revision + 1
        assert phase.activity is not None
        self._take(phase, phase.activity.reopened(self.inputs(phase)))
        for other in self.agenda.started:
            other.stale = other.stale or phase.id in other.spec.inputs
        if phase.main:
            self._replace_current(phase)
        self._phase_changed(phase)

    def _announced(self, event: Event) -> None:
        name = f"n{event.seq}"
        self.announcements[name] = Announcement(name, event.body["text"], event.at)
        self._touch(Ref("", "notice", name, EVERYBODY))

    def _announcement_cleared(self, event: Event) -> None:
        self.announcements.pop(event.body["announcement"], None)
        self._touch(Ref("", "notice", event.body["announcement"], EVERYBODY))

    def _screen_chosen(self, event: Event) -> None:
        before, self.screen_choice = self.screen_choice, event.body["choice"]
        for phase in self.agenda.showing:
            self._touch(Ref(phase.id, EVERY_PANE.part, EVERY_PANE.key, EVERY_PANE.scope))
        for choice in (before, self.screen_choice):
            if choice in self.agenda.phases:
                self._touch(Ref(choice, EVERY_PANE.part, EVERY_PANE.key, EVERY_PANE.scope))
        self.touch("band", "screen", "lobby")

    # ---- what phases hand on

    def inputs(self, phase: Phase) -> Inputs:
        """The outcomes of the phases this one builds on, as they are now."""
        return Inputs(tuple(self.outcome(name) for name in phase.spec.inputs))

    def outcome(self, phase_id: str) -> Outcome:
        phase = self.agenda.get(phase_id)
        return phase.activity.outcome() if phase and phase.activity else Outcome()

    def card(self, card_id: str) -> Card | None:
        """Any card that any phase has handed on, by id."""
        cards = (card for phase in self.agenda.started for card in self.outcome(phase.id).cards)
        return next((card for card in cards if card.id == card_id), None)

    def _learn(self, phase: str, fact: Fact) -> None:
        kind, _, person = fact.subject.partition(":")
        if kind == "person" and person in self.people:
            self._learn_about_person(self.people[person], fact)
            self.touch("people")
            self.touch("me", scope=fact.subject)
        elif fact.name == "kept":
            self._begin(phase, fact)
        else:
            self._learn_about_entry(phase, fact)

    def _learn_about_person(self, member: Member, fact: Fact) -> None:
        member.facts[fact.name] = fact.value
        if fact.name == "organisation":
            member.organisation = fact.value

    def _begin(self, phase: str, fact: Fact) -> None:
        """An idea was kept: its entry begins and takes over what had been said about the card."""
        if fact.value is None:
            gone = self.entry_of_card.pop(fact.subject, "")
            self.entries.pop(gone, None)
            return
        if fact.subject in self.entry_of_card:
            return
        number = 1 + max((entry.number for entry in self.entries.values()), default=0)
        idea, need = self.card(fact.subject), self.card(fact.value.get("need", ""))
        entry = Entry(
            id=f"e{number}",
            number=number,
            begun_at=self.at,
            begun_seq=self.seq,
            team=fact.value["team"],
            title=fact.value["title"],
            idea=idea,
            need=need or (self.card(idea.link) if idea and idea.link else None),
        )
        self.entries[entry.id] = entry
        self.entry_of_card[fact.subject] = entry.id
        for said_in, said, seq in self.card_facts.get(fact.subject, ()):
            entry.learn(said_in, said, seq)
        self._entry_changed(entry)

    def _learn_about_entry(self, phase: str, fact: Fact) -> None:
        entry = self.entries.get(fact.subject) or self.entries.get(self.entry_of_card.get(fact.subject, ""))
        if entry is None:
            self.card_facts.setdefault(fact.subject, []).append((phase, fact, self.seq))
            return
        entry.learn(phase, fact, self.seq)
        self._entry_changed(entry)

    def _entry_changed(self, entry: Entry) -> None:
        entry.changed_seq = self.seq
        self._touch(Ref("", "entries", "", team_scope(entry.team)))
        self.touch("entries")

    def entries_of(self, team: str) -> list[Entry]:
        """A team's entries that are still in the race."""
        return [e for e in self.entries.values() if e.team == team and e.in_race]

    def _regroup(self, team: Team) -> None:
        """A team as it stands now replaces what it was; members who left belong to no team."""
        before = self.teams.get(team.id)
        for person in before.members if before else ():
            self._move(person, "", team.id)
        self.teams[team.id] = team
        for person in team.members:
            self._move(person, team.id)
        if not team.members:
            del self.teams[team.id]
        self.touch("people", "headcount")

    def _move(self, person: str, team: str, only_from: str | None = None) -> None:
        member = self.people.get(person)
        if member is None or (only_from is not None and member.team != only_from):
            return
        member.team = team
        member.role = self._role_in_team(member)
        self.touch("me", scope=person_scope(person))

    def _role_in_team(self, member: Member) -> str:
        """Who leads a team is its process leader; who no longer does is a participant again."""
        if member.role not in ("participant", "process_leader"):
            return member.role
        team = self.teams.get(member.team)
        return "process_leader" if team and team.leader == member.id else "participant"

    # ---- questions the server asks

    def scopes(self, person: str) -> tuple[str, ...]:
        """What a person may see, widest first. Empty for who is not (or no longer) in the session."""
        member = self.people.get(person)
        if member is None or member.removed:
            return ()
        team = (team_scope(member.team),) if member.team else ()
        return (EVERYBODY, role_scope(member.role), *team, person_scope(person))

    def deadlines(self) -> Iterable[tuple[str, Deadline]]:
        """Everything the clock has to do in open phases: (phase, deadline)."""
        for phase in self.agenda.open:
            if phase.spec.ends == "close":
                yield phase.id, Deadline(phase.ends_at, "close_phase", f"{phase.revision}")
            if phase.activity is not None:
                yield from ((phase.id, deadline) for deadline in phase.activity.deadlines())

    def visible_phases(self, view: str) -> list[Phase]:
        """The phases whose panes a view shows."""
        if view in ("mine", "team"):
            return self.agenda.started
        if view == "screen":
            return self._on_screen()
        return self.agenda.showing

    def _on_screen(self) -> list[Phase]:
        """What the projector shows: what was chosen for it, else the current phase and the tracks beside it."""
        if self.screen_choice:
            chosen = self.agenda.get(self.screen_choice)
            return [chosen] if chosen is not None else []
        return [phase for phase in self.agenda.showing if not phase.spec.channel]

    def present_people(self, roles: frozenset[str]) -> list[Member]:
        return [m for m in self.people.values() if m.role in roles and not m.removed]


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _known_language(language: str, otherwise: str) -> str:
    return language if language in LANGUAGES else otherwise


def not_allowed() -> Refused:
    return refuse("not_allowed", "Your role in this session may not do that.")


def closed(phase: Phase, now: float) -> Refused:
    """The refusal for something that came after a phase had closed, with how late it was."""
    if phase.state == OPEN:
        return refuse("still_open", "This phase is still open. Close it first.")
    if phase.state != CLOSED:
        return refuse("not_open", "This phase has not opened yet. What you wrote stays on your device.")
    late = max(1, round(now - phase.closed_at))
    return refuse(
        "closed",
        "Closed {closed_at}. Yours came {late} late and does not count.",
        closed_at=phase.closed_at,
        late_seconds=late,
        late=f"{late} s" if late < 120 else f"{late // 60} min",
    )
