"""Continue, change, merge, park or withdraw: what a team decides about each of its entries, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sessions.activities.plan.choices import KINDS, STATUS
from sessions.activities.plan.decided import Decided
from sessions.activity import Alert, Changed, alert, too_long
from sessions.audience import ACTORS, STAFF, Right, team_scope
from sessions.entry import Entry
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact, Outcome, Team

if TYPE_CHECKING:
    from sessions.people import Member

MAX_REASON, MAX_TITLE, MAX_SUMMARY = 500, 150, 600
REMIND = 5 * 60.0
"""Seconds before the planned end at which what is undecided needs the facilitator."""
SEEN = frozenset({"kept", "moved_to", "status", "title"})
"""What other phases say about an entry that stands here."""
ROOMS = frozenset({"phone", "team"})


class Deciding(Decided):
    """Rules: ``choices`` (some of KINDS) and ``reason_required``."""

    deciding_rights: ClassVar[Mapping[str, Right]] = {
        "decide_entry": Right(ACTORS | STAFF),
        "take_back_decision": Right(ACTORS | STAFF),
        "accept_merge": Right(ACTORS | STAFF),
        "decline_merge": Right(ACTORS | STAFF),
    }
    deciding_parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "choice": ROOMS,
        "offer": ROOMS,
        "tally": frozenset({"screen", "phone", "console"}),
        "board": frozenset({"console"}),
    }
    deciding_decisions: ClassVar[Mapping[str, str]] = {
        "entry_continued": "Project {number} goes on. {reason}",
        "entry_changed": "Project {number} changes course. {reason}",
        "entry_merged": "Project {number} merged into project {into_number}. {reason}",
        "entry_parked": "Project {number} is parked. {reason}",
        "entry_withdrawn": "Project {number} is withdrawn. {reason}",
        "decision_taken_back": "The decision about project {number} was taken back",
        "left_as_is": "Undecided projects that go on as they are: {count}",
    }

    # ---- commands

    def decide_entry(self, command: Command, sender: Member, now: float) -> Decision:
        """``choice`` and ``reason`` for an ``entry``; ``into`` for a merge; ``title``, ``summary`` for a pivot."""
        entry = self._own_entry(command, sender)
        if isinstance(entry, Refused):
            return entry
        no = self._not_now(entry, sender) or self._unfit(command, entry)
        if no:
            return no
        choice, reason = command.text("choice"), command.text("reason")
        led = sender.role in STAFF or self._leads(sender, entry)
        body = {"entry": entry.id, "number": entry.number, "reason": reason, "led": led}
        if choice == "merge":
            return [self._merging(self.session.entries[command.text("into")], entry, body, sender)]
        if choice == "pivot":
            body |= {"title": command.text("title"), "summary": command.text("summary")}
        return [self.event(KINDS[choice], choice=choice, **body)]

    def _own_entry(self, command: Command, sender: Member) -> Entry | Refused:
        entry = self.session.entries.get(command.text("entry"))
        if entry is None or not self.eligible(entry):
            return refuse("unknown_entry", "That project is not in the race. Choose one from the list.")
        if sender.role not in STAFF and sender.team != entry.team:
            return refuse("not_yours", "Only the project's own team decides about it.")
        return entry

    def _leads(self, sender: Member, entry: Entry) -> bool:
        team = self.session.teams.get(entry.team)
        return team is not None and team.leader == sender.id

    def _not_now(self, entry: Entry, sender: Member) -> Refused | None:
        """What the leader has decided, only the leader or staff decides anew."""
        known = self.decided.choices.get(entry.id)
        if known and known.led and sender.role not in STAFF and not self._leads(sender, entry):
            return refuse("leader_decided", "Your process leader has decided already. Talk it over first.")
        return None

    def _unfit(self, command: Command, entry: Entry) -> Refused | None:
        choice, reason = command.text("choice"), command.text("reason")
        if choice not in self.offered:
            return refuse("unknown_choice", "Choose what to do with the project, then send.")
        if not reason and self.rules.get("reason_required", True):
            return refuse("reason_needed", "Say why in a sentence, then send.")
        if choice in STATUS and (guests := self._merged_into(entry)):
            return has_merged(guests[0])
        no = self._bad_target(command.text("into"), entry) if choice == "merge" else None
        no = no or too_long(reason, MAX_REASON) or too_long(command.text("title"), MAX_TITLE)
        return no or too_long(command.text("summary"), MAX_SUMMARY)

    def _merged_into(self, entry: Entry) -> list[Entry]:
        known = self.decided.choices.items()
        return [self.session.entries[e] for e, c in known if c.into == entry.id and e in self.session.entries]

    def _bad_target(self, into: str, entry: Entry) -> Refused | None:
        target = self.session.entries.get(into)
        if target is None or target is entry or not target.in_race:
            return refuse("no_target", "Choose a project in the race that this one merges into.")
        return None

    def _merging(self, target: Entry, entry: Entry, body: Mapping[str, Any], sender: Member) -> Event:
        """At once inside a team and by staff; otherwise the other team's leader is asked."""
        body = {**body, "into": target.id, "into_number": target.number}
        if target.team == entry.team or sender.role in STAFF:
            return self.event("entry_merged", choice="merge", **body)
        return self.event("merge_offered", **body)

    def accept_merge(self, command: Command, sender: Member, now: float) -> Decision:
        """The leader of the team whose entry it merges into (or staff) agrees to the merge of ``entry``."""
        target = self._asked(command, sender)
        if isinstance(target, Refused):
            return target
        entry, offer = self.session.entries[command.text("entry")], self.decided.offers[command.text("entry")]
        if not target.in_race:
            return refuse("target_gone", "The project to merge into is out of the race.")
        body = {"entry": entry.id, "number": entry.number, "into": target.id, "into_number": target.number}
        merged = {"choice": "merge", "reason": offer.reason, "led": True, "by": offer.by}
        return [self.event("entry_merged", **body, **merged)]

    def decline_merge(self, command: Command, sender: Member, now: float) -> Decision:
        target = self._asked(command, sender)
        if isinstance(target, Refused):
            return target
        return [self.event("merge_declined", entry=command.text("entry"), into=target.id)]

    def _asked(self, command: Command, sender: Member) -> Entry | Refused:
        offer = self.decided.offers.get(command.text("entry"))
        target = self.session.entries.get(offer.into) if offer else None
        if target is None:
            return refuse("no_offer", "That proposal to merge is no longer there.")
        team = self.session.teams.get(target.team)
        leaderless = team is not None and not team.leader and sender.team == team.id
        if sender.role not in STAFF and not self._leads(sender, target) and not leaderless:
            return refuse("not_leader", "The process leader of the other team answers this.")
        return target

    def take_back_decision(self, command: Command, sender: Member, now: float) -> Decision:
        """Undo what was decided or proposed about an ``entry``. Who had the idea can always undo a merge."""
        entry = self._own_entry(command, sender)
        if isinstance(entry, Refused):
            return entry
        known = self.decided.choices.get(entry.id)
        if known is None and entry.id not in self.decided.offers:
            return []
        objects = known is not None and bool(known.into) and sender.id in _authors(entry)
        taken = self.event("decision_taken_back", entry=entry.id, number=entry.number)
        return (None if objects else self._not_now(entry, sender)) or [taken]

    def left_undecided(self) -> list[Event]:
        """For the close: what nobody decided about goes on as it is."""
        left = [e for e in self.session.entries.values() if e.in_race and e.id not in self.decided.choices]
        entries = [entry.id for entry in left]
        return [self.event("left_as_is", entries=entries, count=len(left))] if left else []

    # ---- the rest

    def deciding_alerts(self) -> Iterator[Alert]:
        undecided = self._tally()["open"]
        if self.is_open and undecided:
            at = self.phase.ends_at - REMIND
            yield alert("Projects without a decision: {count}", at=at, count=undecided)
        if self.is_open and self.decided.offers:
            yield alert("Merges that wait for the other team: {count}", count=len(self.decided.offers))

    def deciding_noticed(self, change: Fact | Team) -> Iterator[Changed]:
        """Entries that begin, move, leave or change by another phase's word stand in every team's list."""
        if isinstance(change, Team):
            yield from (Changed("board"), Changed(scope=team_scope(change.id)))
            yield from (
                touch
                for e in self.decided.offers
                if self._team_of(e) == change.id
                for touch in self._offered(e)
            )
        elif change.name in SEEN:
            yield from (Changed("tally"), Changed("board"), *self._everywhere())
            yield from (Changed(scope=team_scope(team)) for team in self.session.teams)

    def decided_outcome(self) -> Outcome:
        return Outcome(figures={"decisions": {e: c.choice for e, c in self.decided.choices.items()}})


def _authors(entry: Entry) -> tuple[str, ...]:
    return entry.idea.authors if entry.idea else ()


def has_merged(guest: Entry) -> Refused:
    number = guest.number
    return refuse("has_merged", "Project {number} has merged into this one. Undo that first.", number=number)
