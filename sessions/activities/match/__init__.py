"""Match: people post what they offer and need, say whom they want to meet, which nobody sees, and meet at tables.

What happens in a phase stands in its rule ``does``: board, interest, meet, outcome. The state is in ``state``; rules by
topic in ``offering``, ``wishing``, ``drafting``, ``running``, ``attending``, ``moving``, ``outcomes`` and ``agreeing``;
``carrying`` has what goes on from earlier phases, ``whom`` who may meet whom, ``floor`` is the room while something is
decided, ``planning`` the planner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from sessions.activities.match import (
    agreeing,
    alerting,
    attending,
    carrying,
    changes,
    drafting,
    folds,
    handed_on,
    meeting_folds,
    moving,
    offering,
    outcomes,
    reach,
    running,
    views,
    wishing,
)
from sessions.activities.match.events import EVENTS, FreeSaid
from sessions.activities.match.planning.problem import Pair
from sessions.activities.match.rules import DECLARED, amount
from sessions.activities.match.state import Free, Meeting, Offer, State
from sessions.activity import EVERY_PANE, Activity, Change, Changed, Work
from sessions.audience import ACTORS, CLOCK, STAFF, STARTED, Right
from sessions.format_rules import Declaration
from sessions.messages import Command, Text
from sessions.outcome import Card, Fact, Inputs, Outcome, Team
from sessions.people import Member

ANYBODY = Right(STAFF | ACTORS)
AFTERWARDS = Right(ACTORS, STARTED)
FACILITATING = Right(STAFF)
BY_CLOCK = Right(frozenset({CLOCK}))


class Match(Activity):
    """Rules: ``does``; of the board ``kinds``, ``labels``, ``per_person``; of wishes ``parties``, ``most_yes``; of
    meetings ``slots``, ``slot_minutes``, ``change_minutes``, ``tables``, ``group``."""

    called: ClassVar[Text] = {"en": "Match", "sv": "Matcha", "fi": "Kohtauta"}
    declares: ClassVar[Declaration] = DECLARED
    events: ClassVar[Mapping[str, type]] = EVENTS
    prepares: ClassVar[frozenset[str]] = frozenset({"plan_meetings"})
    unread: ClassVar[frozenset[str]] = frozenset({"interest_said"})
    rights: ClassVar[Mapping[str, Right]] = {
        **dict.fromkeys(("post_offer", "say_interest", "take_back_interest", "say_free"), Right(ACTORS)),
        **dict.fromkeys(("i_am_here", "leave_meetings", "say_outcome"), Right(ACTORS)),
        **dict.fromkeys(("change_offer", "withdraw_offer", "share_contact", "keep_contact"), AFTERWARDS),
        **dict.fromkeys(("draft_agreement", "change_terms", "confirm_terms"), AFTERWARDS),
        **dict.fromkeys(("decline_terms", "rate_benefit"), AFTERWARDS),
        **dict.fromkeys(("report_absent", "they_came", "cancel_meeting"), ANYBODY),
        **dict.fromkeys(("plan_meetings", "publish_plan", "shift_slots", "pair_people"), FACILITATING),
        **dict.fromkeys(("mark_here", "mark_absent", "close_table", "open_table"), FACILITATING),
        **dict.fromkeys(("begin_slot", "end_slots", "release_person"), BY_CLOCK),
    }
    parts: ClassVar[Mapping[str, frozenset[str]]] = views.SHOWN_IN
    decisions: ClassVar[Mapping[str, str]] = {
        "plan_published": "The meetings were published",
        "slots_shifted": "The coming rounds were shifted by {seconds} seconds",
        "table_closed": "Table {table} was closed",
        "table_opened": "Table {table} was opened",
    }
    corrections: ClassVar[frozenset[str]] = frozenset(
        {
            *(
                "offer_posted",
                "offer_changed",
                "offer_withdrawn",
                "interest_said",
                "mutual_found",
                "mutual_ended",
            ),
            *("contact_offered", "contact_kept", "meeting_ended", "meeting_restored", "meetings_added"),
            *("agreement_drafted", "terms_changed", "terms_confirmed", "terms_declined"),
        }
    )

    def prepare(self) -> None:
        self.state = State()

    def corrected(self, inputs: Inputs) -> Iterator[Change]:
        self.inputs = inputs
        yield EVERY_PANE

    # ---- the rules

    @property
    def does(self) -> frozenset[str]:
        return frozenset(self.rules.get("does", ()))

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table by its number, those that are closed among them."""
        return tuple(str(number) for number in range(1, int(amount(self.rules, "tables")) + 1))

    @property
    def kinds(self) -> Mapping[str, Mapping[str, Any]]:
        """The kinds of offers by id, as the rules have them."""
        return {row["id"]: row for row in self.rules.get("kinds", ())}

    def fields_of(self, kind: str) -> tuple[str, ...]:
        return tuple(self.kinds.get(kind, {}).get("fields", ()))

    # ---- what is so

    @property
    def people(self) -> list[Member]:
        """Everybody who can be met: whoever acts here and is in the session."""
        return self.session.awaited_people(self.phase.spec.who, self.phase.id)

    @property
    def meeting_now(self) -> bool:
        """Whether the plan is published and its slots are not over."""
        return self.is_open and self.state.published and not self.state.over

    @property
    def gone(self) -> list[str]:
        """Who has left the event though somebody is still to meet them."""
        there = {member.id for member in self.people if member.present}
        slot = max(self.state.slot, 0)
        waited = {p for m in self.state.meetings.values() if m.stands and m.slot >= slot for p in m.people}
        return sorted(waited - there - self.state.absent.keys())

    @property
    def earlier(self) -> list[Match]:
        """The phases of this kind, in the same session, that this one goes on from; the first of them first."""
        found: list[Match] = []
        for name in self.phase.spec.inputs:
            phase = self.session.agenda.get(name)
            if phase is not None and isinstance(phase.activity, Match):
                found += [*phase.activity.earlier, phase.activity]
        return list(dict.fromkeys(found))

    def merged(self, part: Callable[[State], Mapping[Any, Any]]) -> dict[Any, Any]:
        """What stands here and in the phases that this one goes on from; what was said later goes before."""
        merged: dict[Any, Any] = {}
        for activity in (*self.earlier, self):
            merged |= part(activity.state)
        return merged

    @property
    def said(self) -> dict[tuple[str, str], str]:
        """Who has said what about whom. Nobody is shown it."""
        return self.merged(lambda state: state.said)

    @property
    def mutual(self) -> dict[Pair, float]:
        """Since when two both want to meet (wall time), 0 where that has ended."""
        return self.merged(lambda state: state.mutual)

    @property
    def all_meetings(self) -> dict[str, Meeting]:
        return self.merged(lambda state: state.meetings)

    @property
    def all_offers(self) -> dict[str, Offer]:
        return self.merged(lambda state: state.offers)

    offers_contact, shares_contact = carrying.offers_contact, carrying.shares_contact
    held, outcome_of = carrying.held, carrying.outcome_of
    party_of, side_in, limits = carrying.party_of, carrying.side_in, carrying.limits

    @staticmethod
    def free_of(body: FreeSaid | Mapping[str, Any]) -> Free:
        return Free(tuple(body["slots"]), frozenset(body["languages"]), bool(body["third"]))

    # ---- commands and their events

    post_offer, change_offer, withdraw_offer = (
        offering.post_offer,
        offering.change_offer,
        offering.withdraw_offer,
    )
    say_interest, take_back_interest = wishing.say_interest, wishing.take_back_interest
    share_contact, keep_contact, say_free = wishing.share_contact, wishing.keep_contact, wishing.say_free
    plan_meetings, publish_plan = drafting.plan_meetings, drafting.publish_plan
    begin_slot, end_slots, shift_slots = running.begin_slot, running.end_slots, running.shift_slots
    release_person, report_absent = running.release_person, attending.report_absent
    they_came, i_am_here, leave_meetings = attending.they_came, attending.i_am_here, attending.leave_meetings
    mark_here, mark_absent = attending.mark_here, attending.mark_absent
    cancel_meeting, pair_people = moving.cancel_meeting, moving.pair_people
    close_table, open_table = moving.close_table, moving.open_table
    say_outcome = outcomes.say_outcome
    draft_agreement, change_terms = agreeing.draft_agreement, agreeing.change_terms
    confirm_terms, decline_terms = agreeing.confirm_terms, agreeing.decline_terms
    rate_benefit = agreeing.rate_benefit

    offer_posted, offer_changed, offer_withdrawn = (
        folds.offer_posted,
        folds.offer_changed,
        folds.offer_withdrawn,
    )
    interest_said, mutual_found, mutual_ended = folds.interest_said, folds.mutual_found, folds.mutual_ended
    contact_offered, contact_kept, free_said = folds.contact_offered, folds.contact_kept, folds.free_said
    outcome_said, agreement_drafted = folds.outcome_said, folds.agreement_drafted
    terms_changed, terms_confirmed = folds.terms_changed, folds.terms_confirmed
    terms_declined, benefit_rated = folds.terms_declined, folds.benefit_rated
    plan_drafted, plan_published = meeting_folds.plan_drafted, meeting_folds.plan_published
    meetings_added, third_added = meeting_folds.meetings_added, meeting_folds.third_added
    slot_begun, slots_ended = meeting_folds.slot_begun, meeting_folds.slots_ended
    slots_shifted, meeting_ended = meeting_folds.slots_shifted, meeting_folds.meeting_ended
    meeting_left, meeting_restored = meeting_folds.meeting_left, meeting_folds.meeting_restored
    table_changed, person_asked = meeting_folds.table_changed, meeting_folds.person_asked
    person_here, person_absent = meeting_folds.person_here, meeting_folds.person_absent
    table_closed, table_opened = meeting_folds.table_closed, meeting_folds.table_opened

    # ---- what happens by itself

    def work(self, command: Command) -> Work | None:
        return drafting.work(self, command)

    closing, deadlines = running.closing, running.deadlines
    alerts, came_short = alerting.alerts, alerting.came_short

    def closed(self) -> Iterable[Change]:
        self.state.over = self.state.published
        return ()

    def arrived(self, member: Member) -> Iterator[Change]:
        """Somebody new can be met, and may fill a gap at the next bell."""
        yield from changes.of_place(self, member.id)

    def noticed(self, change: Fact | Team, phase: str) -> Iterator[Changed]:
        if isinstance(change, Fact) and change.subject.startswith("person:"):
            person = change.subject.partition(":")[2]
            if change.name == "contact_optin":
                yield from changes.own({person, *(p for two in self.mutual if person in two for p in two)})
            if change.name == "present":
                yield from (Changed("party", person), Changed("floor"), *changes.own([person]))
            if change.name == "organisation":  # whoever was of their house may meet them now
                yield from changes.of_place(self, person)
                yield from (changes.marks(other.id) for other in self.people)

    def consent_changed(self, member: Member) -> Iterator[Change]:
        """Somebody lets more or fewer people see what they write, and their name."""
        for offer in self.state.offers.values():
            if offer.owner == member.id:
                yield from changes.of_offer(self, offer)
        yield Changed("party", member.id)

    # ---- who sees what, and what is handed on

    show = views.show
    things, withholds = reach.things, reach.withholds

    def outcome(self) -> Outcome:
        return handed_on.outcome(self)

    def handed_on(self, card: str) -> Card | None:
        return handed_on.handed_on(self, card)
