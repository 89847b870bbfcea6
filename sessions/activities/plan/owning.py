"""Owners: exactly one person accepts each entry, hands it over to somebody who accepts, or steps down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from sessions.activities.plan.nextsteps import NextSteps, unknown_entry
from sessions.activities.plan.ownership import Care
from sessions.activity import Alert, Change, Changed, alert, too_long
from sessions.audience import ATTENDING, STAFF, STARTED, Right, team_scope
from sessions.entry import Entry
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact, Outcome, Team

if TYPE_CHECKING:
    from sessions.people import Member

MAX_REASON = 280
REMIND = 10 * 60.0
"""Seconds before the planned end at which entries without an owner need the facilitator."""
FORCE_AFTER = 12
"""Hours after which staff may hand over for an owner who does not answer, unless the rules say otherwise."""
SEEN = frozenset({"kept", "moved_to", "status", "title", "visibility"})
"""What other phases say about an entry that stands here."""
ROOMS = frozenset({"phone", "team"})


class Owning(NextSteps):
    """Rules: ``force_after_hours``, and those of NextSteps."""

    owning_rights: ClassVar[Mapping[str, Right]] = {
        "take_ownership": Right(ATTENDING, STARTED),
        "hand_over": Right(ATTENDING, STARTED),
        "decline_ownership": Right(ATTENDING, STARTED),
        "step_down": Right(ATTENDING, STARTED),
        "force_hand_over": Right(STAFF, STARTED),
        "set_first_step": Right(ATTENDING, STARTED),
        "set_followups": Right(ATTENDING, STARTED),
        "set_visibility": Right(ATTENDING, STARTED),
        "offer_help": Right(ATTENDING, STARTED),
        "withdraw_help": Right(ATTENDING, STARTED),
    }
    owning_parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "care": ROOMS,
        "held": ROOMS,
        "owners": frozenset({"screen", "console"}),
        "board": frozenset({"console"}),
    }
    owning_decisions: ClassVar[Mapping[str, str]] = {
        "ownership_taken": "Project {number} has an owner",
        "ownership_forced": "Project {number} handed to somebody else. {reason}",
    }

    # ---- who carries it

    def take_ownership(self, command: Command, sender: Member, now: float) -> Decision:
        """Accept to own an ``entry``: one's own team's that has no owner, or one that was handed over."""
        entry = self._entry_named(command)
        if entry is None:
            return unknown_entry()
        care = self.care(entry.id)
        if care.owner == sender.id:
            return []
        if care.asked != sender.id and care.owner:
            return refuse("owned", "This project has an owner already. Ask for it to be handed over.")
        if care.asked != sender.id and sender.team != entry.team:
            return refuse("not_asked", "Only the project's own team, or who is asked, can own it.")
        taken = self.event("ownership_taken", entry=entry.id, number=entry.number, person=sender.id)
        return [taken, *self._usual_followups(entry, now)]

    def _usual_followups(self, entry: Entry, now: float) -> list[Event]:
        """Follow-ups after the usual months, unless somebody has set others."""
        return [] if entry.latest("followups") else [self._followups(entry, self._months(), now)]

    def hand_over(self, command: Command, sender: Member, now: float) -> Decision:
        """Ask a ``person`` to own the ``entry``: by its owner or, while it has none, by its team or staff."""
        entry = self._entry_named(command)
        if entry is None:
            return unknown_entry()
        owner = self.care(entry.id).owner
        if owner and owner != sender.id:
            return refuse("not_owner", "Only the owner hands the project over.")
        if not owner and sender.team != entry.team and sender.role not in STAFF:
            return refuse("not_yours", "Only the project's own team decides about it.")
        person = command.text("person")
        offered = self.event("ownership_offered", entry=entry.id, number=entry.number, person=person)
        return self._no_carrier(person, owner) or [offered]

    def _no_carrier(self, person: str, owner: str) -> Refused | None:
        if not self.able(self.session.people.get(person)):
            return refuse("nobody", "Choose somebody who is in this session.")
        if person == owner:
            return refuse("owner_already", "That person owns the project already.")
        return None

    def decline_ownership(self, command: Command, sender: Member, now: float) -> Decision:
        """Say no to an ``entry`` one is asked to own."""
        entry = self._entry_named(command)
        if entry is None or self.care(entry.id).asked != sender.id:
            return []
        return [self.event("ownership_declined", entry=entry.id, number=entry.number, person=sender.id)]

    def step_down(self, command: Command, sender: Member, now: float) -> Decision:
        """Own an ``entry`` no longer, without anybody else having accepted."""
        entry = self._entry_named(command)
        if entry is None or self.care(entry.id).owner != sender.id:
            return []
        return [self.event("owner_stepped_down", entry=entry.id, number=entry.number, person=sender.id)]

    def force_hand_over(self, command: Command, sender: Member, now: float) -> Decision:
        """Staff asks another ``person`` in place of an owner who does not answer; ``reason`` is logged.

        Possible ``force_after_hours`` after the owner accepted or was asked. Authors stay who they are.
        """
        entry = self._entry_named(command)
        if entry is None:
            return unknown_entry()
        care, person, reason = self.care(entry.id), command.text("person"), command.text("reason")
        if not reason:
            return refuse("reason_needed", "Say why in a sentence, then send.")
        no = self._too_early(care, now) or self._no_carrier(person, care.owner)
        body = {"entry": entry.id, "number": entry.number, "person": person, "reason": reason}
        forced = self.event("ownership_forced", before=care.owner or care.asked, **body)
        return no or too_long(reason, MAX_REASON) or [forced]

    def _too_early(self, care: Care, now: float) -> Refused | None:
        begun = care.since if care.owner else care.asked_at
        from_at = begun + self.rules.get("force_after_hours", FORCE_AFTER) * 3600.0
        if not begun or now >= from_at or not self.able(self.session.people.get(care.owner or care.asked)):
            return None
        return refuse(
            "too_early", "Give the owner time to answer. It can be done from {from_at}.", from_at=from_at
        )

    # ---- events

    def ownership_taken(self, event: Event) -> Iterator[Change]:
        care = self.cares.of(event.body["entry"])
        concerned = [care.owner, care.asked]
        care.owner, care.since, care.asked, care.declined = event.body["person"], event.at, "", ()
        yield Fact(event.body["entry"], "owner", {"person": care.owner, "accepted": True})
        yield from self._changed(event.body["entry"], *concerned, care.owner)

    def ownership_offered(self, event: Event) -> Iterator[Change]:
        care = self.cares.of(event.body["entry"])
        before, care.asked = care.asked, event.body["person"]
        care.asked_by, care.asked_at = event.actor, event.at
        if not care.owner:
            yield Fact(event.body["entry"], "owner", {"person": care.asked, "accepted": False})
        yield from self._changed(event.body["entry"], before, care.asked, care.owner)

    def ownership_declined(self, event: Event) -> Iterator[Change]:
        care = self.cares.of(event.body["entry"])
        care.asked, care.declined = "", (*care.declined, event.body["person"])
        if not care.owner:
            yield Fact(event.body["entry"], "owner", None)
        yield from self._changed(event.body["entry"], event.body["person"], care.owner)

    def owner_stepped_down(self, event: Event) -> Iterator[Change]:
        care = self.cares.of(event.body["entry"])
        care.owner, care.since = "", 0.0
        asked = {"person": care.asked, "accepted": False} if care.asked else None
        yield Fact(event.body["entry"], "owner", asked)
        yield from self._changed(event.body["entry"], event.body["person"], care.asked)

    def ownership_forced(self, event: Event) -> Iterator[Change]:
        care = self.cares.of(event.body["entry"])
        before, care.owner, care.since = (care.owner, care.asked), "", 0.0
        care.asked, care.asked_by, care.asked_at = event.body["person"], event.actor, event.at
        yield Fact(event.body["entry"], "owner", {"person": care.asked, "accepted": False})
        yield from self._changed(event.body["entry"], *before, care.asked)

    # ---- the rest

    def owning_alerts(self) -> Iterator[Alert]:
        without, asked = self.ownerless(), [e for e in self.racing() if self.care(e.id).asked]
        if without:
            at = self.phase.ends_at - REMIND
            yield alert("Projects without an owner: {count}", at=at, count=len(without))
        if asked:
            yield alert("Projects whose next owner has not answered: {count}", count=len(asked))

    def owning_noticed(self, change: Fact | Team) -> Iterator[Changed]:
        """Entries that begin, move, leave or change by another phase's word."""
        if isinstance(change, Team):
            yield from (Changed("board"), Changed(scope=team_scope(change.id)))
            theirs = (entry.id for entry in self.racing() if entry.team == change.id)
            yield from (touch for entry in theirs for touch in self._renewed(entry))
        elif change.name in SEEN:
            yield from (Changed(), Changed("owners"), Changed("board"))
            yield from (Changed(scope=team_scope(team)) for team in self.session.teams)
            yield from self._renewed(change.subject) if change.subject in self.session.entries else ()

    def _renewed(self, entry: str) -> Iterator[Changed]:
        """Everybody who sees the entry, its owner, who is asked and who has offered help among them."""
        yield from self._changed(entry, self.care(entry).asked, *self.session.entries[entry].every("help"))

    def owned_outcome(self) -> Outcome:
        owners = {entry.id: self.care(entry.id).owner for entry in self.racing()}
        return Outcome(figures={"owners": {entry: owner for entry, owner in owners.items() if owner}})
