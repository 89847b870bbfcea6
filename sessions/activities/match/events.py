"""Shapes of what happens to offers, wishes and meetings. ``card`` is an offer's id: other phases see it as a card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired, TypedDict

from sessions.shapes import WORDS, Words


class OfferPosted(TypedDict):
    """``side`` is offer or need, ``category`` one of the rules' ``kinds`` or "", ``most`` how many meetings it is good
    for (0: any). ``fields`` are those of its kind."""

    card: str
    side: str
    category: str
    most: int
    title: Words
    text: Words
    fields: Annotated[Mapping[str, str] | None, WORDS]
    language: str


class OfferChanged(TypedDict):
    """It says this now."""

    card: str
    most: int
    title: Words
    text: Words
    fields: Annotated[Mapping[str, str] | None, WORDS]


class OfOffer(TypedDict):
    card: str


class InterestSaid(TypedDict):
    """``answers`` is what somebody has said of whom (person to yes, maybe, no, or "" for nothing any more). It stands
    among the words, apart from what is proved for ever, and can be erased."""

    answers: Annotated[Mapping[str, str] | None, WORDS]


class OfPair(TypedDict):
    """Two people, the smaller id first."""

    pair: list[str]


class OfPersonInPair(TypedDict):
    pair: list[str]
    person: str


class FreeSaid(TypedDict):
    """``slots`` in which somebody can meet, ``languages`` that they speak (none: nothing is known), ``third`` whether a
    third may sit down with them."""

    slots: list[int]
    languages: list[str]
    third: bool


class PlanDrafted(TypedDict):
    """``meetings``: id, people, slot, table of each. ``seed`` is what it was drawn by, if anybody asks why."""

    meetings: list[list[Any]]
    seed: int
    figures: Mapping[str, int]


class PlanPublished(TypedDict):
    """The draft stands, but for those ``dropped`` that are not possible any more. The first slot begins ``starts_at``
    (wall time)."""

    starts_at: float
    dropped: list[str]


class MeetingsAdded(TypedDict):
    """``why`` is gap, fill (nobody has said no), or hand."""

    meetings: list[list[Any]]
    why: str


class OfSlot(TypedDict):
    slot: int


class SlotsShifted(TypedDict):
    """From slot ``first`` on everything is later by so many ``seconds``, or earlier."""

    first: int
    seconds: float


class OfMeetingAndPerson(TypedDict):
    meeting: str
    person: str


class MeetingEnded(TypedDict):
    """``state`` is missed (``person`` did not come), cancelled, or released (somebody is gone, or has no table)."""

    meeting: str
    state: str
    person: NotRequired[str]
    reason: NotRequired[Words]


class OfMeetingAndTable(TypedDict):
    meeting: str
    table: str


class OfPerson(TypedDict):
    person: str


class OfTable(TypedDict):
    table: str


class OutcomeSaid(TypedDict):
    """What ``by`` says came of a meeting with ``about``: agree, talk_more, no, did_not_meet."""

    meeting: str
    by: str
    about: str
    answer: str


class AgreementDrafted(TypedDict):
    """``people`` agree on something of a ``category``; ``day`` (year-month-day) is when the first step is taken."""

    agreement: str
    people: list[str]
    category: str
    step: Words
    day: str


class TermsChanged(TypedDict):
    """Whoever changes the terms has confirmed them; everybody else's word was for other ones."""

    agreement: str
    category: str
    step: Words
    day: str


class OfAgreement(TypedDict):
    agreement: str


class TermsConfirmed(TypedDict):
    agreement: str
    revision: int


class BenefitRated(TypedDict):
    """``score`` is 1 to 5, 0 where it is too early to say."""

    agreement: str
    score: int


EVENTS: Mapping[str, type] = {
    "offer_posted": OfferPosted,
    "offer_changed": OfferChanged,
    "offer_withdrawn": OfOffer,
    "interest_said": InterestSaid,
    "mutual_found": OfPair,
    "mutual_ended": OfPair,
    "contact_offered": OfPersonInPair,
    "contact_kept": OfPersonInPair,
    "free_said": FreeSaid,
    "plan_drafted": PlanDrafted,
    "plan_published": PlanPublished,
    "meetings_added": MeetingsAdded,
    "third_added": OfMeetingAndPerson,
    "slot_begun": OfSlot,
    "slots_ended": OfSlot,
    "slots_shifted": SlotsShifted,
    "meeting_ended": MeetingEnded,
    "meeting_left": OfMeetingAndPerson,
    "meeting_restored": OfMeetingAndTable,
    "table_changed": OfMeetingAndTable,
    "person_asked": OfPerson,
    "person_here": OfPerson,
    "person_absent": OfPerson,
    "table_closed": OfTable,
    "table_opened": OfTable,
    "outcome_said": OutcomeSaid,
    "agreement_drafted": AgreementDrafted,
    "terms_changed": TermsChanged,
    "terms_confirmed": TermsConfirmed,
    "terms_declined": OfAgreement,
    "benefit_rated": BenefitRated,
}
