"""What a live session holds, and what it can be asked. Activities and templates read it as ``session``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessions import organisations, passes
from sessions.activity import EVERY_PANE, Deadline, FragmentId, Withdrawn
from sessions.agenda import CLOSED, Agenda, Phase
from sessions.audience import (
    CLOCK,
    DOOR,
    EVERYBODY,
    STAFF,
    acting,
    pass_scope,
    person_scope,
    role_scope,
    scope_of,
    scope_type,
    team_scope,
)
from sessions.command_ids import CommandIds
from sessions.entry import Entry
from sessions.format import Format
from sessions.format_checks import is_link
from sessions.linked import Linked
from sessions.outcome import Card, Fact, Inputs, Outcome, Team
from sessions.people import Member, organisation_key
from sessions.shared_texts import SharedTexts
from sessions.undo import Undoable

if TYPE_CHECKING:
    from sessions.viewers import Own

ANNOUNCED_MINUTES = 15
"""For how long an announcement holds unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Words from the facilitator to everybody. ``at`` and ``until`` (when they hold no more) are wall times."""

    id: str
    text: str
    at: float
    until: float
    kept_from: frozenset[str] = frozenset()
    """The format's roles whose pass was not good when it was made: it was not for them."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A line in the log of decisions: an English sentence with braces for ``params``."""

    seq: int
    at: float
    actor: str
    phase: str
    text: str
    params: Mapping[str, Any]


class SessionState:
    """A session's state. ``key_of`` gives the key that stands for an organisation's name in the log."""

    def __init__(self, key_of: Callable[[str], str] = organisation_key) -> None:
        self.key_of = key_of
        self.seq = 0
        self.actor = ""
        """Who has brought the last event about."""
        self.code = ""
        self.language = "en"
        self.zone = "UTC"
        self.title: Mapping[str, str] = {}
        self.format: Format | None = None
        self.agenda = Agenda(())
        self.anchor = 0.0
        """Wall time of T+0, when the first phase opened; 0 before."""
        self.people: dict[str, Member] = {}
        self.united: dict[str, str] = {}
        """By the key of an organisation, that of the one which it was found to be."""
        self.alike: dict[str, list[str]] = {}
        """By the scope of a role, those of the format's own roles that act like it: they see what it sees."""
        self.teams: dict[str, Team] = {}
        self.teams_known: dict[str, Team] = {}
        """Every team that there has been, as it was when somebody was in it last."""
        self.entries: dict[str, Entry] = {}
        self.entries_begun = 0
        """Numbers given so far: a number that was taken back is given to no other entry."""
        self.changed_entries: dict[str, Entry] = {}
        """By id, the entries that changed since anybody took them: those that were given up are among them."""
        self.entry_of_card: dict[str, str] = {}
        self.linked: dict[str, Linked] = {}
        """What earlier events have handed on, by ``name.PHASE``."""
        self.card_facts: dict[str, list[tuple[str, Fact, int]]] = {}
        self.announcements: dict[str, Announcement] = {}
        self.decided: list[Decided] = []
        self.texts = SharedTexts()
        self.driver = ""
        self.undoable: Undoable | None = None
        """The latest decision that can be taken back."""
        self.screen_choice = ""
        """What the projector shows instead of following the agenda: a phase id, ``dark``, or "" to follow."""
        self.door, self.expected = "open", 0
        """Who comes in, one of DOORS, and how many people are expected (0: nobody has said)."""
        self.answered = CommandIds()
        self.touched: dict[FragmentId, int] = {}
        """Every fragment that ever changed with the seq of its last change, latest last."""
        self.touched_in: dict[str, dict[FragmentId, int]] = {}
        """The same for each scope by itself: what one person has to hear is found without looking at the others'."""
        self.placed: dict[str, int] = {}
        """Who came to another role, team or language, or out of the session, with the seq of it, latest last."""
        self.erased_seq = 0
        """The seq of the last erasure: what was folded or handed over before it may still hold those words."""
        self.withdrawn: dict[str, int] = {}
        """What was taken back for good (``card:…``, ``entry:…``), each with the seq at which it was."""
        self.newly_withdrawn: list[Withdrawn] = []
        """What was since anybody took it."""
        self.tells_all = False
        """Whether what waits to be revealed is told already: exports of releases that knew no waiting hold it."""
        self.own: Mapping[str, Own] = {}
        """By entry, what its record says once that decides for itself; set where a file for a level is made."""
        self.revealed_seq = 0
        """The seq at which something was last revealed that entries had been given before."""
        self.at = 0.0
        """Wall time of the last event."""
        self.steered_at = 0.0
        """Wall time of the last change to the agenda, from which its coming times are foreseen."""

    def __getstate__(self) -> dict[str, Any]:
        """The state without the server's key: whoever makes a session of it again puts one in. What changed last is
        no part of it either."""
        kept = {name: value for name, value in vars(self).items() if name != "key_of"}
        return {**kept, "changed_entries": {}, "newly_withdrawn": []}

    # ---- who

    def member(self, sender: str) -> Member | None:
        """Who sends: a person who joined, or the clock or the door."""
        if sender in (CLOCK, DOOR):
            return Member(sender, sender)
        return self.people.get(sender)

    def knows_role(self, name: str) -> bool:
        """Whether somebody may be called so here."""
        return self.format is not None and self.format.knows_role(name)

    def acts_like(self, name: str) -> tuple[str, str]:
        """The role whose rights somebody has who is called so here, and what the format calls them (see Format)."""
        assert self.format is not None
        return self.format.acts_like(name)

    @property
    def organisations(self) -> dict[str, list[Member]]:
        """Everybody here by their organisation."""
        return organisations.of_everybody(self)

    def organisation_of(self, key: str) -> str:
        """The organisation that a key stands for."""
        return organisations.named(self, key)

    # ---- guests with a pass

    def pass_of(self, part: str) -> frozenset[str] | None:
        """The phases for which those are let in whom the format calls so; None for all."""
        own = self.format.roles.get(part) if self.format else None
        return own.guest_pass if own else None

    def pass_in(self, scope: str) -> frozenset[str] | None:
        """The phases of which a scope may see anything; None for all."""
        name = scope_of(scope)
        if scope_type(scope) == "person":
            member = self.people.get(name)
            return self.pass_of(member.part) if member else None
        return None if scope_type(scope) == "team" else self.pass_of(name.rpartition("+")[2])

    def check_passes(self) -> None:
        """The event has come to another phase, or somebody to another role: whose pass begins or ends with it."""
        passes.check(self)

    # ---- which fragments have changed

    def mark(self, ref: FragmentId) -> None:
        for touched in (self.touched, self.touched_in.setdefault(ref.scope, {})):
            touched.pop(ref, None)
            touched[ref] = self.seq
        for scope in self.alike.get(ref.scope, ()):
            self.mark(ref._replace(scope=scope))

    def touched_since(self, scope: str, seq: int) -> Iterator[tuple[FragmentId, int]]:
        """What has changed in one scope after ``seq``, latest first."""
        for ref, at in reversed(self.touched_in.get(scope, {}).items()):
            if at <= seq:
                return
            yield ref, at

    def place(self, member: Member) -> None:
        """Somebody's role, team or language has changed, or they have gone: their pages show another place."""
        member.placed_seq = self.seq
        self.placed.pop(member.id, None)
        self.placed[member.id] = self.seq

    def touch(self, *parts: str, scope: str = EVERYBODY) -> None:
        """Mark the session's own fragments (band, agenda, people …) as changed."""
        for part in parts:
            self.mark(FragmentId("", part, "", scope))
        if "agenda" in parts:
            self._reschedule()
            self.check_passes()

    def touch_all_panes(self) -> None:
        """Any pane may speak of who takes part in it, or of what has changed elsewhere."""
        for phase in self.agenda.begun:
            self.mark(FragmentId(phase.id, EVERY_PANE.part, EVERY_PANE.key, EVERY_PANE.scope))

    def _reschedule(self) -> None:
        """The agenda has changed: what speaks of coming times is shown anew."""
        self.steered_at = self.at
        for phase in self.agenda.showing:
            for touch in phase.activity.rescheduled() if phase.activity else ():
                self.mark(FragmentId(phase.id, touch.part, touch.key, touch.scope))

    # ---- what phases hand on

    def inputs(self, phase: Phase) -> Inputs:
        """The outcomes of the phases this one builds on, as they are now."""
        return Inputs(tuple(self.outcome(name) for name in phase.spec.inputs))

    def outcome(self, phase_id: str) -> Outcome:
        """What a phase hands on, also one of an earlier event (``@name.PHASE``)."""
        if is_link(phase_id):
            return self.linked.get(phase_id[1:], Linked()).outcome
        phase = self.agenda.get(phase_id)
        return phase.activity.outcome() if phase and phase.activity else Outcome()

    def card(self, card_id: str) -> Card | None:
        """Any card that any phase has handed on, by id."""
        here = (phase.activity.handed_on(card_id) for phase in self.agenda.started if phase.activity)
        before = (linked.cards.get(card_id) for linked in self.linked.values())
        return next(filter(None, (*here, *before)), None)

    def entries_of(self, team: str) -> list[Entry]:
        """A team's entries that are still in the race."""
        return [e for e in self.entries.values() if e.team == team and e.in_race]

    def take_changed_entries(self) -> tuple[Entry, ...]:
        """The entries that changed since this was last called."""
        changed = tuple(self.changed_entries.values())
        self.changed_entries.clear()
        return changed

    def take_back(self, subject: str) -> None:
        """Something is taken back for good: ``card:…``, ``entry:…``, or the words of one ``event:…``."""
        self.withdrawn[subject] = self.seq
        self.newly_withdrawn.append(Withdrawn(subject))

    def take_withdrawn(self) -> tuple[Withdrawn, ...]:
        """What was taken back for good since this was last called."""
        withdrawn = tuple(self.newly_withdrawn)
        self.newly_withdrawn.clear()
        return withdrawn

    # ---- questions the server asks

    def scopes(self, person: str) -> tuple[str, ...]:
        """What a person may see, widest first. Empty for who is not (or no longer) in the session."""
        member = self.people.get(person)
        if member is None or member.removed or member.outside:
            return ()
        # What a team has said outside of a pass is not for guests with one: they form no teams.
        team = (team_scope(member.team),) if member.team and member.guest_pass is None else ()
        # Who leads a team sees what participants see: becoming the leader takes no page away from anybody.
        role = "participant" if member.role == "process_leader" else member.role
        everybody = EVERYBODY if member.guest_pass is None else pass_scope(member.part)
        return (everybody, role_scope(acting(role, member.part)), *team, person_scope(person))

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

    def present_people(self, roles: frozenset[str], phase: str = "") -> list[Member]:
        there = (m for m in self.people.values() if m.is_among(roles) and not m.removed and not m.outside)
        return [member for member in there if not phase or member.is_let_into(phase)]

    def awaited_people(self, roles: frozenset[str], phase: str = "") -> list[Member]:
        return self.present_people(roles - STAFF or roles, phase)
