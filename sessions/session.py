"""A live session: ``decide`` turns a command into events or a refusal, ``evolve`` folds an event in.

The session is memory and may be dropped at any time: folding the log from the start gives the same one again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sessions import folding, gathering, steering
from sessions.activity import Activity, Deadline, Touch
from sessions.agenda import CLOSED, OPEN, Agenda, Phase
from sessions.audience import (
    ACTORS,
    CLOCK,
    DOOR,
    EVERYBODY,
    SESSION_RIGHTS,
    person_scope,
    role_scope,
    team_scope,
)
from sessions.entry import Entry
from sessions.format import Format
from sessions.members import Accepted, Announcement, Decided, Member, Ref, organisation_key
from sessions.messages import Command, Decision, Event, Personal, Refused, refuse
from sessions.outcome import Card, Fact, Inputs, Outcome, Team

__all__ = [
    "DECISIONS",
    "Accepted",
    "Announcement",
    "Decided",
    "Member",
    "Ref",
    "Session",
    "closed",
    "not_allowed",
]

DRIVING = frozenset({"open_phase", "close_phase", "next_phase", "extend_phase", "skip_phase", "reopen_phase"})
"""Commands that only the facilitator who drives may give."""


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
    """One live session, from its log. ``key_of`` gives the key that stands for an organisation's name in the log."""

    def __init__(self, key_of: Callable[[str], str] = organisation_key) -> None:
        self.key_of = key_of
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
        self.entries_begun = 0
        """Numbers given so far: a number that was taken back is given to no other entry."""
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
        self.steered_at = 0.0
        """Wall time of the last change to the agenda, from which its coming times are foreseen."""

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
        decide: Callable[[Session, Command, Member, float], Decision] = getattr(steering, command.name)
        return decide(self, command, member, now)

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
        return member.role in roles or (roles >= ACTORS and member.role in phase.spec.who)

    # ---- events

    def evolve(self, event: Event) -> None:
        """Fold one event of the log in. Events come in the order of their seq, without gaps."""
        if event.seq != self.seq + 1:
            raise ValueError(f"event {event.seq} after {self.seq}: the log has a gap")
        self.seq, self.at = event.seq, event.at
        if event.command:
            self.answered[event.command] = event.seq
        if event.kind in OWN_EVENTS:
            getattr(folding, event.kind)(self, event)
            self._note_decision(event, DECISIONS)
        else:
            self._evolve_in_phase(event)

    def _evolve_in_phase(self, event: Event) -> None:
        phase = self.agenda.phases[event.phase]
        if phase.activity is None:
            raise ValueError(f"event {event.seq} ({event.kind}) for {event.phase}, which has not opened")
        self.take(phase, phase.activity.evolve(event))
        self._note_decision(event, phase.activity.decisions)
        self._alerts_may_change(phase.activity)

    def take(self, phase: Phase, changes: Iterable[Any]) -> None:
        for change in changes:
            if isinstance(change, Touch):
                self.mark(Ref(phase.id, change.part, change.key, change.scope))
            elif isinstance(change, Fact):
                gathering.learn(self, phase.id, change)
            else:
                gathering.regroup(self, change)
            if not isinstance(change, Touch):
                self._tell_others(phase, change)

    def _tell_others(self, phase: Phase, change: Fact | Team) -> None:
        """The other phases that show entries, people or teams hear of what has changed about them."""
        for other in self.agenda.started:
            if other is phase or other.activity is None:
                continue
            for touch in other.activity.noticed(change, phase.id):
                self.mark(Ref(other.id, touch.part, touch.key, touch.scope))
                self._alerts_may_change(other.activity)

    def _alerts_may_change(self, activity: Activity) -> None:
        if type(activity).alerts is not Activity.alerts:
            self.touch("alerts")

    def mark(self, ref: Ref) -> None:
        self.touched.pop(ref, None)
        self.touched[ref] = self.seq

    def touch(self, *parts: str, scope: str = EVERYBODY) -> None:
        """Mark the session's own fragments (band, agenda, people …) as changed."""
        for part in parts:
            self.mark(Ref("", part, "", scope))
        if "agenda" in parts:
            self._reschedule()

    def _reschedule(self) -> None:
        """The agenda has changed: what speaks of coming times is shown anew."""
        self.steered_at = self.at
        for phase in self.agenda.showing:
            for touch in phase.activity.rescheduled() if phase.activity else ():
                self.mark(Ref(phase.id, touch.part, touch.key, touch.scope))

    def _note_decision(self, event: Event, sentences: Mapping[str, str]) -> None:
        if event.kind not in sentences:
            return
        phase = self.agenda.get(event.phase)
        params = {**event.body, "phase": phase.spec.title if phase else ""}
        self.decided.append(
            Decided(event.seq, event.at, event.actor, event.phase, sentences[event.kind], params)
        )
        self.touch("decisions")

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

    def entries_of(self, team: str) -> list[Entry]:
        """A team's entries that are still in the race."""
        return [e for e in self.entries.values() if e.team == team and e.in_race]

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
        return [*self.agenda.showing, *(self._just_closed() if view == "console" else ())]

    def _just_closed(self) -> list[Phase]:
        """What ran beside the current phase and has closed: its result waits for staff."""
        current = self.agenda.current
        return [p for p in self.agenda.beside(current) if p.state == CLOSED] if current else []

    def _on_screen(self) -> list[Phase]:
        """What the projector shows: what was chosen for it, else the current phase and the tracks beside it."""
        if self.screen_choice:
            chosen = self.agenda.get(self.screen_choice)
            return [chosen] if chosen is not None else []
        return [phase for phase in self.agenda.showing if not phase.spec.channel]

    def present_people(self, roles: frozenset[str]) -> list[Member]:
        return [m for m in self.people.values() if m.role in roles and not m.removed]


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
