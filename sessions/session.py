"""A live session: ``decide`` turns a command into events or a refusal, ``evolve`` folds an event in.

The session is memory and may be dropped at any time: folding the log from the start gives the same one again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from sessions import (
    facts,
    organisations,
    people_commands,
    session_commands,
    session_events,
    shared_texts,
    undo,
)
from sessions.activity import Activity, Changed, FragmentId, Revealed, Withdrawn, Work
from sessions.agenda import Phase
from sessions.alerts import Needed, needed
from sessions.audience import ACTORS, CLOCK, SESSION_RIGHTS, person_scope
from sessions.entry import Entry
from sessions.messages import (
    NOTHING,
    Command,
    Decision,
    Emptied,
    Erasure,
    Event,
    Personal,
    Refused,
    SecretBallot,
    refuse,
)
from sessions.outcome import Fact, Team
from sessions.people import Member
from sessions.refusals import closed, not_allowed, not_driving, not_open, unknown_command
from sessions.session_shapes import WORDS_OF
from sessions.session_state import Decided, SessionState
from sessions.shapes import NO_WORDS

COMMANDS = (people_commands, organisations, session_commands)
EVENTS = (session_events, organisations)
"""Where the functions stand that are called what a command or an event of the session is called."""
DRIVING = frozenset({"open_phase", "close_phase", "next_phase", "extend_phase", "skip_phase", "reopen_phase"})
"""Commands that only the facilitator who drives may give."""
ASKING_BACK = frozenset({"ask_in"})
"""What is left to whoever was removed."""
LEFT_TO_OUTSIDE = frozenset({"erase_person", "choose_language"})
"""What is left to guests while their pass is not good."""

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
    "person_let_in": "Let back in",
    "organisations_united": "Two organisations are one",
    "organisation_parted": "An organisation stands for itself again",
    "decision_undone": "Taken back: the decision before",
    "person_erased": "Name and contact data erased",
    "took_over": "Took over the console",
    "outcome_taken_in": "Taken in from an earlier event: {link}, cards: {cards}",
    "erasing_asked": "The words of event {of} are erased. {reason}",
}
"""The session's own decisions; English source sentences."""

OWN_EVENTS = frozenset(DECISIONS) | {
    "session_created",
    "joined",
    "organisation_given",
    "language_chosen",
    "announcement_cleared",
    "screen_chosen",
    "door_set",
    "start_planned",
    "nothing_changed",
    "person_asked_in",
    "text_set_aside",
    "aside_dropped",
    "card_taken_in",
    "erased",
}
"""Events that the session folds itself; every other one belongs to the activity of its phase."""


def _called(name: str, modules: tuple[ModuleType, ...]) -> Any:
    return next(getattr(module, name) for module in modules if hasattr(module, name))


@dataclass(frozen=True, slots=True)
class Accepted:
    """The stamped events of a command that was accepted; what stays out of the log: personal data, and what goes into
    ballot boxes or is taken out of them, in that order; the entries that it has changed; and what it has taken back for
    good."""

    events: tuple[Event, ...]
    personal: tuple[Personal | Erasure, ...] = ()
    secret_ballots: tuple[SecretBallot | Emptied, ...] = ()
    entries: tuple[Entry, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()


class Session(SessionState):
    """One live session, from its log."""

    # ---- commands

    def act(self, command: Command, sender: str, now: float) -> Accepted | Refused:
        """Decide a command and fold what it leads to. The caller sees to it that the events reach the log."""
        decision = self.decide(command, sender, now)
        if isinstance(decision, Refused):
            return decision
        events: list[Event] = []
        personal: list[Personal | Erasure] = []
        secret: list[SecretBallot | Emptied] = []
        for item in decision:
            if isinstance(item, Event):
                event = item.stamped(self.seq + 1, now, sender, command.id)
                events.append(event)
                self.evolve(event)
            elif isinstance(item, Personal | Erasure):
                personal.append(item)
            else:
                secret.append(item)
        entries = self.take_changed_entries() if self.changed_entries else ()
        withdrawn = self.take_withdrawn() if self.newly_withdrawn else ()
        return Accepted(tuple(events), tuple(personal), tuple(secret), entries, withdrawn)

    def note_unchanged(self, command: Command, sender: str, now: float) -> Event:
        """An event for an accepted command that led to none because it was so already. The log knows its answer then:
        said again later, after its sender has asked for the opposite, it would lead to something."""
        # What is asked of the session itself may name any phase, also one that there is not.
        phase = "" if command.name in SESSION_RIGHTS else command.phase
        event = Event("nothing_changed", phase).stamped(self.seq + 1, now, sender, command.id)
        self.evolve(event)
        return event

    def decide(self, command: Command, sender: str, now: float) -> Decision:
        """Events or a refusal; changes nothing. ``now`` is wall time, seconds since 1970 UTC."""
        member = self.member(sender)
        if member is None or (member.removed and command.name not in ASKING_BACK):
            return refuse("not_joined", "You are not in this session. Join with the code first.")
        if member.outside and not member.removed and command.name not in LEFT_TO_OUTSIDE:
            return refuse(
                "outside_pass", "Your pass is not good for this part of the event. What you sent is kept."
            )
        if command.name in SESSION_RIGHTS:
            return self._decide_own(command, member, now)
        return self._decide_in_phase(command, member, now)

    def _decide_own(self, command: Command, member: Member, now: float) -> Decision:
        if member.role not in SESSION_RIGHTS[command.name]:
            return not_allowed()
        if command.name in DRIVING and member.role != CLOCK and self.driver not in ("", member.id):
            return not_driving()
        decide: Callable[[Session, Command, Member, float], Decision] = _called(command.name, COMMANDS)
        return decide(self, command, member, now)

    def _decide_in_phase(self, command: Command, member: Member, now: float) -> Decision:
        phase = self.agenda.get(command.phase)
        passed = self.pass_of(member.part)
        if phase is None or phase.activity is None or (passed is not None and phase.id not in passed):
            return not_open()
        right = phase.activity.rights.get(command.name)
        if right is None:
            return unknown_command()
        if not self._may(member, right.roles, phase):
            return not_allowed()
        if phase.state not in right.states:
            return closed(phase, now)
        decision = phase.activity.decide(command, member, now)
        return shared_texts.settle(self.texts, phase.activity, command, member, decision)

    def is_prepared_for(self, command: Command) -> bool:
        """Whether something is to be worked out before a command is decided."""
        phase = self.agenda.get(command.phase)
        return phase is not None and phase.activity is not None and command.name in phase.activity.prepares

    def work(self, command: Command, sender: str) -> Work | None:
        """What is to be worked out before a command is decided, if its sender may give it (see ``Activity.work``)."""
        phase, member = self.agenda.get(command.phase), self.member(sender)
        if phase is None or phase.activity is None or member is None or member.removed or member.outside:
            return None
        right = phase.activity.rights.get(command.name)
        if right is None or not self._may(member, right.roles, phase) or phase.state not in right.states:
            return None
        return phase.activity.work(command)

    def _may(self, member: Member, roles: frozenset[str], phase: Phase) -> bool:
        return member.role in roles or (roles >= ACTORS and member.is_among(phase.spec.who))

    @property
    def needed(self) -> Iterator[Needed]:
        """What waits for the facilitator."""
        return needed(self)

    @property
    def offered_back(self) -> Decided | None:
        """The decision that can be taken back now, as the log of decisions has it."""
        if self.undoable is None or self.undoable.final:
            return None
        seq = self.undoable.heaviest.seq
        return next((one for one in reversed(self.decided) if one.seq == seq), None)

    # ---- events

    def evolve(self, event: Event) -> None:
        """Fold one event of the log in. Events come in the order of their seq, without gaps."""
        if event.seq != self.seq + 1:
            raise ValueError(f"event {event.seq} after {self.seq}: the log has a gap")
        self.seq, self.at, self.actor = event.seq, event.at, event.actor
        if event.command:
            self.answered[event.command] = event.seq
        if event.kind in OWN_EVENTS:
            undo.note(self, event)
            _called(event.kind, EVENTS)(self, event)
            self._note_decision(event, DECISIONS)
        else:
            self._evolve_in_phase(event)

    def _evolve_in_phase(self, event: Event) -> None:
        phase = self.agenda.phases[event.phase]
        if phase.activity is None:
            raise ValueError(f"event {event.seq} ({event.kind}) for {event.phase}, which has not opened")
        offered = phase.activity.pending(), phase.activity.lost_by_closing()
        self.take(phase, phase.activity.evolve(event))
        if (phase.activity.pending(), phase.activity.lost_by_closing()) != offered:
            self.touch("controls")
        self._note_written(phase.activity, event)
        if event.kind in phase.activity.corrections:
            self.touch("decisions")  # results there call cards by their words
            self._correct(phase)
        if event.kind in phase.activity.decisions:
            self._note_decision(event, phase.activity.decisions, phase.activity.result_said(event))
        self._alerts_may_change(phase.activity)

    def _note_written(self, activity: Activity, event: Event) -> None:
        """Who has written a shared text; whoever has one of theirs aside sees what it stands against now."""
        key = shared_texts.key_of(activity, event)
        for aside in self.texts.note(key, event) if key else ():
            self.mark(FragmentId("", "aside", aside.id, person_scope(aside.person)))

    def words_of(self, kind: str, phase: str) -> frozenset[str]:
        """The fields of a kind of event of a phase ("" for the session) that hold what people wrote: a closed list."""
        if kind in OWN_EVENTS:
            return WORDS_OF.get(kind, NO_WORDS)
        begun = self.agenda.get(phase)
        return begun.activity.words.get(kind, NO_WORDS) if begun and begun.activity else NO_WORDS

    def take(self, phase: Phase, changes: Iterable[Any]) -> None:
        for change in changes:
            if isinstance(change, Changed):
                self.mark(FragmentId(phase.id, change.part, change.key, change.scope))
            elif isinstance(change, Withdrawn):
                self.take_back(change.subject)
                continue
            elif isinstance(change, Revealed):
                facts.reveal(self, change.phases)
                continue
            elif isinstance(change, Fact):
                facts.learn(self, phase.id, change)
            else:
                for news in facts.regroup(self, change):
                    self._tell_others(phase, news)
            if not isinstance(change, Changed):
                self._tell_others(phase, change)
            if isinstance(change, Fact) and change.name == "consent":
                self._consent_changed(change.subject.partition(":")[2])

    def _consent_changed(self, person: str) -> None:
        """Every phase puts what somebody has written where it belongs now; what builds on it looks again."""
        member = self.people.get(person)
        facts.authors_word_changed(self, person)
        for phase in self.agenda.begun if member is not None else ():
            changes = tuple(phase.activity.consent_changed(member)) if phase.activity and member else ()
            if changes:
                self.take(phase, changes)
                self._correct(phase)

    def _correct(self, phase: Phase) -> None:
        """What a phase has handed on is another now: those that build on it hear of it."""
        for other in self.agenda.begun:
            if phase.id in other.spec.inputs and other.activity is not None:
                self.take(other, other.activity.corrected(self.inputs(other)))

    def _tell_others(self, phase: Phase, change: Fact | Team) -> None:
        """The other phases that show entries, people or teams hear of what has changed about them."""
        for other in self.agenda.begun:
            if other is phase or other.activity is None:
                continue
            for touch in other.activity.noticed(change, phase.id):
                self.mark(FragmentId(other.id, touch.part, touch.key, touch.scope))
                self._alerts_may_change(other.activity)
                if type(other.activity).pending is not Activity.pending:
                    self.touch("controls")

    def _alerts_may_change(self, activity: Activity) -> None:
        if type(activity).alerts is not Activity.alerts:
            self.touch("alerts")

    def _note_decision(
        self, event: Event, sentences: Mapping[str, str], beside: Mapping[str, Any] = NOTHING
    ) -> None:
        if event.kind not in sentences:
            return
        phase = self.agenda.get(event.phase)
        known = {name: "" if value is None else value for name, value in event.body.items()}
        params = {**known, **beside, "phase": phase.spec.title if phase else ""}
        self.decided.append(
            Decided(event.seq, event.at, event.actor, event.phase, sentences[event.kind], params)
        )
        self.touch("decisions")
