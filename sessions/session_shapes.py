"""Shapes of the session's own events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired, TypedDict

from sessions.messages import Event
from sessions.shapes import NO_WORDS, WORDS, Words, words_by_kind


class SessionCreated(TypedDict):
    """The first event. ``format`` is the whole format as plain JSON; ``title`` is missing where it is the format's."""

    format: Mapping[str, Any]
    code: str
    language: str
    zone: str
    title: NotRequired[Mapping[str, str]]


class Joined(TypedDict):
    """Somebody came in, or came back. ``organisation`` is a key, never a name."""

    person: str
    role: str
    language: str
    organisation: str


class OfPerson(TypedDict):
    """Something about one person, and nothing else."""

    person: str


class LanguageChosen(TypedDict):
    person: str
    language: str


class DecisionUndone(TypedDict):
    """The decision whose last event has this seq was taken back, by the events of the same command; ``current`` (a
    phase's id or "") and ``anchor`` (wall time or 0) are what the agenda had before it."""

    decision: int
    current: str
    anchor: float


class RoleGranted(TypedDict):
    person: str
    role: str


class Bare(TypedDict):
    """Nothing beside the phase."""


class PhaseEnds(TypedDict):
    """``ends_at`` is wall time, seconds since 1970 UTC. ``box_key`` is the public key (hex digits) to which the secret
    ballots of the phase are sealed; earlier releases did not seal them."""

    ends_at: float
    box_key: NotRequired[str]


class PhaseExtended(TypedDict):
    """``minutes`` may be below 0."""

    minutes: int
    ends_at: float


class Announced(TypedDict):
    """``until`` is when it holds no more (wall time); missing in logs of release 1."""

    text: Words
    until: NotRequired[float]


class AnnouncementCleared(TypedDict):
    announcement: str


class ScreenChosen(TypedDict):
    """A phase's id, ``dark``, or "" to follow the agenda."""

    choice: str


class OrganisationGiven(TypedDict):
    """A ``person`` has said which organisation is theirs: a key, never a name; "" for none."""

    person: str
    organisation: str


class OrganisationsUnited(TypedDict):
    """Two keys stand for one: ``organisation`` is part of the one that it goes ``into``."""

    organisation: str
    into: str


class OrganisationParted(TypedDict):
    """What was taken for another stands for itself again."""

    organisation: str


class DoorSet(TypedDict):
    """``state`` is one of DOORS; ``expected`` are the people who are expected, 0 where nobody has said."""

    state: str
    expected: int


class OutcomeTakenIn(TypedDict):
    """What a phase of an earlier event has handed on: ``link`` is ``name.PHASE``, as inputs write it after an @. The
    ``source`` is the other session's code, the seq up to which its log was read and the digest there (hex digits). So
    many ``cards`` follow as events of their own, and so many were ``withheld``: their authors let nobody outside see
    them."""

    link: str
    source: Mapping[str, Any]
    ranking: list[Mapping[str, Any]]
    cards: int
    withheld: int


class CardTakenIn(TypedDict):
    """A card of it; ``at`` is when it was written (wall time), ``titled`` says that its text is a group's title."""

    link: str
    card: str
    column: str
    count: int
    language: str
    at: float
    titled: bool
    text: Words
    fields: Annotated[Mapping[str, str] | None, WORDS]


class StartPlanned(TypedDict):
    """When the first phase is to open (wall time); 0 where nobody says any more."""

    starts_at: float


class TextSetAside(TypedDict):
    """What ``person`` wrote without having seen what stands there: the ``command`` as it was sent, ids and choices in
    ``fields``, words in ``texts``. ``text`` says which of the phase's shared texts it was for."""

    person: str
    text: list[str]
    command: str
    fields: Mapping[str, Any]
    texts: Annotated[Mapping[str, Any] | None, WORDS]


class AsideDropped(TypedDict):
    """``person`` leaves what stands; ``aside`` is the id of what they had written."""

    person: str
    aside: str


class ErasingAsked(TypedDict):
    """Staff has the words of an event erased (``of``, its seq) for a reason: a code, and words."""

    of: int
    why: str
    reason: Words


class Erased(TypedDict):
    """The words of the events with these seqs are gone; ``why`` is a code, not a text."""

    seqs: list[int]
    why: str


SHAPES: Mapping[str, type] = {
    "session_created": SessionCreated,
    "joined": Joined,
    "language_chosen": LanguageChosen,
    "role_granted": RoleGranted,
    "person_removed": OfPerson,
    "person_let_in": OfPerson,
    "person_asked_in": OfPerson,
    "person_erased": OfPerson,
    "organisation_given": OrganisationGiven,
    "organisations_united": OrganisationsUnited,
    "organisation_parted": OrganisationParted,
    "took_over": OfPerson,
    "decision_undone": DecisionUndone,
    "phase_opened": PhaseEnds,
    "phase_closed": Bare,
    "phase_extended": PhaseExtended,
    "phase_skipped": Bare,
    "phase_reopened": PhaseEnds,
    "phase_put_back": Bare,
    "announced": Announced,
    "announcement_cleared": AnnouncementCleared,
    "screen_chosen": ScreenChosen,
    "door_set": DoorSet,
    "start_planned": StartPlanned,
    "nothing_changed": Bare,
    "outcome_taken_in": OutcomeTakenIn,
    "card_taken_in": CardTakenIn,
    "text_set_aside": TextSetAside,
    "aside_dropped": AsideDropped,
    "erasing_asked": ErasingAsked,
    "erased": Erased,
}
WORDS_OF = words_by_kind(SHAPES)


def own_event(kind: str, phase: str = "", **body: Any) -> Event:
    """An event of the session itself, not yet stamped."""
    return Event(kind, phase, body, words=WORDS_OF.get(kind, NO_WORDS))
