"""What every activity kind fulfils. A kind is a module or package of ``sessions.activities``; nobody else names it.

It is longer than other modules on purpose: whoever writes a kind finds every hook, with what it promises, in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from sessions.audience import EVERYBODY, Right, scope_of, scope_type
from sessions.format_rules import Declaration, Fault
from sessions.messages import Command, Decision, Event, Item, Refused, Text, refuse
from sessions.outcome import Card, Fact, Inputs, Outcome, Team
from sessions.shapes import NO_WORDS, words_by_kind

if TYPE_CHECKING:
    from sessions.agenda import Phase
    from sessions.format import Spec
    from sessions.people import Member
    from sessions.session_view import SessionView
    from sessions.shared_texts import SharedText
    from sessions.sight import Thing


class Changed(NamedTuple):
    """A fragment that an event has changed.

    ``part`` "" is the phase's pane for ``scope``; otherwise it names a template of the kind, ``key`` one of several.
    Scope "*" means every pane the phase has.
    """

    part: str = ""
    key: str = ""
    scope: str = EVERYBODY


EVERY_PANE = Changed(scope="*")


class FragmentId(NamedTuple):
    """A fragment's address: phase ("" for the session's own), part, key and scope, as in ``Changed``."""

    phase: str
    part: str
    key: str
    scope: str


@dataclass(frozen=True, slots=True)
class Fragment:
    """What one fragment shows: ``data`` for its template, and where it lives.

    ``home`` is the suffix of the list's id (the list is ``<phase>-<home>``), "" for a fragment that stands in place;
    ``order`` is its key in that list, ASCII, compared as a plain string.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    home: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment at which the clock sends ``command`` to the phase. ``at`` is wall time, seconds since 1970 UTC."""

    at: float
    command: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that needs the facilitator from ``at`` on (wall time): an English sentence and its parameters."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    at: float = 0.0


def alert(text: str, at: float = 0.0, **params: Any) -> Alert:
    """An alert; ``text`` is found here by the translators' tool, so it is always a literal."""
    return Alert(text, params, at)


@dataclass(frozen=True, slots=True)
class Pending:
    """What is better done before the phase is left: a command of the phase's or of the session's for it, with the words
    of its button."""

    label: Alert
    command: str
    fields: Mapping[str, str] = field(default_factory=dict)


class Doubt(NamedTuple):
    """Something about an event of a log, in English. ``wrong``: it does not follow from what was before; else there is
    too little to tell. ``by_words``: it was told by words, and if some are missing, so is the proof."""

    text: str
    wrong: bool = True
    by_words: bool = False


class Revealed(NamedTuple):
    """What these phases have said of entries may be known from now on."""

    phases: tuple[str, ...]


class Withdrawn(NamedTuple):
    """Something was taken back for good, ``card:…`` or ``entry:…``: its words are to be erased wherever they are."""

    subject: str


Work = Callable[[], Any]
"""What takes long, apart from the session: a pure function with all that it needs, which runs in a thread."""

Change = Changed | Fact | Team | Revealed | Withdrawn


class Activity:
    """One phase's activity while the session lives: a fold of that phase's events.

    A command ``add_card`` that ``rights`` lists is decided by the method ``add_card(command, sender, now)``; an event
    ``card_added`` is folded by the method ``card_added(event)``, which yields what it changed: fragments (``Changed``),
    what it says about entries (``Fact``) and teams (``Team``).
    """

    called: ClassVar[Text] = {}
    """What the kind is called in every language, as a verb: Collect, Samla in, Kerää."""
    declares: ClassVar[Declaration] = Declaration()
    """What a format may say of such a phase, and what the phase does between others."""
    rights: ClassVar[Mapping[str, Right]] = {}
    events: ClassVar[Mapping[str, type]] = {}
    """The shape of each kind of event that happens in such a phase (see shapes.py)."""
    words: ClassVar[Mapping[str, frozenset[str]]] = {}
    """Which fields of which kinds of event hold what people wrote; read from ``events``."""
    unread: ClassVar[frozenset[str]] = frozenset()
    """Kinds of event whose words nobody is shown, staff neither: who they are about is nobody's business."""
    prepares: ClassVar[frozenset[str]] = frozenset()
    """Commands for which something is worked out before they are decided (see ``work``)."""
    parts: ClassVar[Mapping[str, frozenset[str]]] = {}
    """Which views show which part (``{"card": frozenset({"phone", "screen"})}``)."""
    decisions: ClassVar[Mapping[str, str]] = {}
    """Event kind to an English sentence, for events that belong in the log of decisions; braces take body values."""
    shared: ClassVar[Mapping[str, SharedText]] = {}
    """Kinds of event that write a text of several people's (see shared_texts.py)."""
    corrections: ClassVar[frozenset[str]] = frozenset()
    """Kinds of event that change what the phase has handed on when others build on it already (see ``corrected``)."""

    ballot_bytes: int = 0
    """How long a secret ballot of the phase can get, as JSON in UTF-8: all are padded to one length beyond that."""

    presents: ClassVar[frozenset[str]] = frozenset()
    """Names of facts of its inputs that nobody may know before this phase has presented them (see revealing.py)."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.words = words_by_kind(cls.events)

    @classmethod
    def has_ballot_box(cls, rules: Mapping[str, Any]) -> bool:
        """Whether phases with these rules keep secret ballots in a box until they close."""
        return False

    @property
    def box_is_empty(self) -> bool:
        """Whether nothing lies in the ballot box: then the phase can be left also where no box can be opened."""
        return False

    def __init__(self, phase: Phase, session: SessionView, inputs: Inputs) -> None:
        self.phase = phase
        self.box_key = phase.box_key
        """The key to which the ballots so far were sealed."""
        self.session = session
        self.inputs = inputs
        self.rules: Mapping[str, Any] = phase.spec.rules
        self.at = session.at
        """Wall time of this phase's last event; what a pane says about time is reckoned from here."""
        self.prepare()

    def prepare(self) -> None:
        """Set up the fold's fields. Called once, when the phase opens for the first time."""

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        """The phase is open again, perhaps with other inputs; what was sent before stays, except for what lay in a
        ballot box whose key is gone."""
        self.inputs, self.box_key = inputs, self.phase.box_key
        return (EVERY_PANE,)

    def corrected(self, inputs: Inputs) -> Iterable[Change]:
        """What the phase builds on was corrected, and is now as it stands in ``inputs``."""
        return (EVERY_PANE,)

    def decide(self, command: Command, sender: Member, now: float) -> Decision:
        """The events a permitted command leads to, or why not. ``now`` is wall time, seconds since 1970 UTC."""
        decision: Decision = getattr(self, command.name)(command, sender, now)
        return decision

    def work(self, command: Command) -> Work | None:
        """What takes too long to be worked out while everybody waits, for a command of ``prepares``: it is done beside,
        and what it gives comes in as ``command.prepared``. What has become impossible meanwhile, ``decide`` drops;
        where nothing was prepared it does without. None where there is nothing to do."""
        return None

    def evolve(self, event: Event) -> Iterator[Change]:
        """Fold one event in."""
        self.at = event.at
        changes: Iterable[Change] | None = getattr(self, event.kind)(event)
        yield from changes or ()

    def refuse_close(self, now: float) -> Refused | None:
        """Why the phase cannot be closed yet; None if it can."""
        return None

    def pending(self) -> Pending | None:
        """What the main button offers before the phase is left (a result that nobody has seen); None if nothing."""
        return None

    def lost_by_closing(self) -> Alert | None:
        """Why closing the phase now cannot be taken back: it is said before the button; None where it can."""
        return None

    def lost_by_reopening(self) -> Alert | None:
        """What is gone for good if the phase is opened again after it has closed; None where everything comes back."""
        return None

    def closing(self, now: float, command: Command) -> Sequence[Item]:
        """What has to be settled in the log before the phase closes (a result, late documents)."""
        return ()

    def closed(self) -> Iterable[Change]:
        """The phase has just closed. Every pane is shown anew in any case."""
        return ()

    def arrived(self, member: Member) -> Iterable[Change]:
        """Somebody has come into the session since the phase opened for the first time."""
        return ()

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        """Another phase has said something about an entry, a person or a team: which fragments here show it."""
        return ()

    def consent_changed(self, member: Member) -> Iterable[Change]:
        """Somebody lets more or fewer people see what they write: what changes here with that."""
        return ()

    def rescheduled(self) -> Iterable[Changed]:
        """The agenda has changed: which fragments here speak of what is still to come."""
        return ()

    def deadlines(self) -> Iterable[Deadline]:
        """When the clock has something to do here. A deadline disappears with the event its command leads to."""
        return ()

    def alerts(self) -> Iterable[Alert]:
        """What the facilitator should look at."""
        return ()

    def came_short(self) -> Iterable[Fault]:
        """What did not work out in the phase, asked when everybody has done what they could: a format may be why."""
        return ()

    @classmethod
    def foreseen(cls, spec: Spec, session: SessionView) -> Iterable[Alert]:
        """What the facilitator should know of a phase that has not opened yet."""
        return ()

    def outcome(self) -> Outcome:
        """What later phases and the archive get."""
        return Outcome()

    def handed_on(self, card: str) -> Card | None:
        """One of the outcome's cards by its id, for a kind that hands on cards."""
        return None

    def conceals(self, name: str) -> bool:
        """Whether what the phase says of entries under a name is for nobody but staff as yet."""
        return False

    def keeps_from(self, person: str) -> Collection[str]:
        """The entries of which somebody sees no more than their role lets everybody see, though it trusts them with
        all: a juror who is recused."""
        return ()

    def has_presented(self, phase: str, entry: str, name: str, key: str) -> bool:
        """Whether everybody has been shown what a phase of the inputs has said of an entry."""
        return True

    def verify(self) -> list[str]:
        """Where the result that stands differs from what the same log gives when it is counted again."""
        return []

    def result_said(self, event: Event) -> Mapping[str, Any]:
        """What a line in the log of decisions says beside the event's own body: ids, numbers and choices, and under
        ``result`` the places (``Ranked``). What options are called is looked up when the line is shown."""
        return {}

    def doubts(self, event: Event, withheld: bool = False) -> Iterable[Doubt]:
        """What an event says that does not follow from what was so before it: asked just before it is folded in, of a
        log that somebody else has kept. ``withheld``: its body was left out, as ``withholds`` allows."""
        return ()

    def withholds(self, kind: str) -> bool:
        """Whether events of this kind say how somebody has voted: their bodies leave the house in no file."""
        return False

    def things(self, event: Event) -> Iterable[Thing]:
        """What the words of an event are, as sight asks for them (see levels.py): all of it must be seen by whoever is
        to have them. Nothing where only the house may. The words themselves are not there: what was written is None."""
        return ()

    @property
    def proof_seq(self) -> int:
        """The seq of the event whose place in the chain stands beside the phase's result, so that people can note it:
        who changes the log afterwards cannot change their notes. 0 where there is none."""
        return 0

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        """What a fragment shows in a view to a scope, or None where there is nothing for them to see."""
        return Fragment() if part == "" and scope == EVERYBODY else None

    def receipt(self, event: Event) -> str:
        """The code by which whoever brought an event about can ask what became of it; "" where there is none."""
        return ""

    def listed(self, receipt: str) -> str:
        """What a count says of a receipt whose event has no body here: an English sentence, "" if nothing."""
        return ""

    def became(self, event: Event) -> str:
        """What became of an event that has a receipt: an English sentence for whoever holds that."""
        return ""

    @property
    def scene(self) -> str:
        """The light of every page while the phase is open: "" for day, ``night``, ``lobby`` (the welcome)."""
        return ""

    @classmethod
    def planned_scene(cls, rules: Mapping[str, Any]) -> str:
        """The scene that a phase with these rules will bring, as far as the agenda shows it before it opens."""
        return ""

    def words_sent(self, command: Command) -> frozenset[str]:
        """The fields of a command that hold what somebody writes into a shared text."""
        return frozenset(name for shared in self.shared.values() for name in shared.words)

    def standing(self, name: str, *place: str) -> str:
        """What stands in a shared text now, in words; "" where nothing does."""
        return ""

    # ---- for the kinds to use

    @property
    def box_is_new(self) -> bool:
        """Whether the phase has just opened with another ballot box: nobody can open the one before any more."""
        return self.box_key != self.phase.box_key

    @property
    def is_open(self) -> bool:
        return self.phase.state == "open"

    def event(self, kind: str, **body: Any) -> Event:
        """An event of this phase, not yet stamped."""
        return Event(kind, self.phase.id, body, words=self.words.get(kind, NO_WORDS))

    def person_in(self, scope: str) -> Member | None:
        """The member a personal scope belongs to."""
        return self.session.people.get(scope_of(scope)) if scope_type(scope) == "person" else None

    def team_in(self, scope: str) -> Team | None:
        """The team a team scope belongs to."""
        return self.session.teams.get(scope_of(scope)) if scope_type(scope) == "team" else None


def too_long(text: str, limit: int) -> Refused | None:
    """The refusal for a text over ``limit`` characters, with both numbers; None if it fits."""
    if len(text) <= limit:
        return None
    return refuse(
        "too_long",
        "The text has {count} characters and {limit} fit. Shorten it and send again.",
        count=len(text),
        limit=limit,
    )
