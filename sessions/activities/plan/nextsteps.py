"""What comes next for an entry: the first step, when to ask again, who may see the record, and who offers help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.plan.ownership import LEVELS, OwnershipViews
from sessions.activity import Change, Changed, too_long
from sessions.audience import STAFF, person_scope, team_scope
from sessions.days import day_at, followup_dates, last_day, read_day
from sessions.entry import Entry
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact

if TYPE_CHECKING:
    from sessions.people import Member

MAX_STEP, MAX_HELP = 280, 500
MAX_FOLLOWUPS, LONGEST = 6, 60
"""How many follow-ups a record may have, and in how many months the last."""


class NextSteps(OwnershipViews):
    """Rules: ``first_step_days`` (at most, from now) and ``followup_months``."""

    def set_first_step(self, command: Command, sender: Member, now: float) -> Decision:
        """What is done first (``text``) and by when (``due``, an ISO date, ``first_step_days`` from now at most)."""
        entry = self._cared_for(command, sender)
        if isinstance(entry, Refused):
            return entry
        text, due = command.text("text"), command.text("due")
        if not self.care(entry.id).owner:
            return refuse("no_owner", "Name an owner first: somebody has to carry the first step.")
        if not text:
            return refuse("empty", "There is nothing written yet.")
        step = self.event("first_step_set", entry=entry.id, number=entry.number, text=text, due=due)
        return too_long(text, MAX_STEP) or self._bad_day(due, now) or [step]

    def _bad_day(self, due: str, now: float) -> Refused | None:
        day, days = read_day(due), self.rules.get("first_step_days", 14)
        last = last_day(now, days, self.session.zone)
        if day is None:
            return refuse("bad_date", "Choose a day for the first step.")
        if day < day_at(now, self.session.zone):
            return refuse("past_day", "That day has passed. Choose today or a later day.")
        if day > last:
            return refuse(
                "too_far",
                "The first step comes within {days} days: choose a day no later than {last}.",
                days=days,
                last=last.isoformat(),
            )
        return None

    def set_followups(self, command: Command, sender: Member, now: float) -> Decision:
        """When to ask again: ``months`` from today, repeated; the usual ones if none is given."""
        entry = self._cared_for(command, sender)
        if isinstance(entry, Refused):
            return entry
        given = command.all("months")
        months = sorted({int(m) for m in given if m.isdecimal() and 1 <= int(m) <= LONGEST})
        if len(months) != len(set(given)) or len(months) > MAX_FOLLOWUPS:
            return refuse("bad_months", "Give at most {limit} whole numbers of months.", limit=MAX_FOLLOWUPS)
        return [self._followups(entry, months or self._months(), now)]

    def _months(self) -> list[int]:
        return list(self.rules.get("followup_months", (3, 6, 12)))

    def _followups(self, entry: Entry, months: list[int], now: float) -> Event:
        dates = followup_dates(day_at(now, self.session.zone), months)
        return self.event("followups_set", entry=entry.id, months=months, dates=dates)

    def set_visibility(self, command: Command, sender: Member, now: float) -> Decision:
        """Who may see the record: ``level`` team, session, programme or public."""
        entry = self._cared_for(command, sender)
        if isinstance(entry, Refused):
            return entry
        level = command.text("level")
        if level not in LEVELS:
            return refuse("unknown_level", "Choose who may see the record.")
        return [self.event("visibility_set", entry=entry.id, level=level)]

    def _cared_for(self, command: Command, sender: Member) -> Entry | Refused:
        """The entry, if the sender is its owner, in its team or staff."""
        entry = self._entry_named(command)
        if entry is None:
            return unknown_entry()
        if sender.role not in STAFF and sender.team != entry.team and self.care(entry.id).owner != sender.id:
            return refuse("not_yours", "Only the project's own team decides about it.")
        return entry

    def offer_help(self, command: Command, sender: Member, now: float) -> Decision:
        """Anybody offers help to an ``entry``; a second offer by the same person replaces the first."""
        entry, text = self._entry_named(command), command.text("text")
        if entry is None:
            return unknown_entry()
        if not text:
            return refuse("empty", "There is nothing written yet.")
        offered = self.event("help_offered", entry=entry.id, person=sender.id, text=text)
        return too_long(text, MAX_HELP) or [offered]

    def withdraw_help(self, command: Command, sender: Member, now: float) -> Decision:
        entry = self.session.entries.get(command.text("entry"))
        if entry is None or sender.id not in entry.every("help"):
            return []
        return [self.event("help_withdrawn", entry=entry.id, person=sender.id)]

    def _entry_named(self, command: Command) -> Entry | None:
        entry = self.session.entries.get(command.text("entry"))
        return entry if entry is not None and entry.in_race else None

    # ---- events

    def first_step_set(self, event: Event) -> Iterator[Change]:
        body = event.body
        yield Fact(body["entry"], "next_action", {"text": body["text"], "due": body["due"]})
        yield from self._changed(body["entry"])

    def followups_set(self, event: Event) -> Iterator[Change]:
        body = event.body
        yield Fact(body["entry"], "followups", {"months": body["months"], "dates": body["dates"]})
        yield from self._changed(body["entry"])

    def visibility_set(self, event: Event) -> Iterator[Change]:
        yield Fact(event.body["entry"], "visibility", event.body["level"])
        yield from self._changed(event.body["entry"])

    def help_offered(self, event: Event) -> Iterator[Change]:
        person, text = event.body["person"], event.body["text"]
        yield Fact(event.body["entry"], "help", {"person": person, "text": text}, person)
        yield from self._changed(event.body["entry"], person)

    def help_withdrawn(self, event: Event) -> Iterator[Change]:
        yield Fact(event.body["entry"], "help", None, event.body["person"])
        yield from self._changed(event.body["entry"], event.body["person"])

    def _changed(self, entry: str, *people: str) -> Iterator[Changed]:
        """The entry in its team's room and with its owner; the panes of those whom it concerns."""
        yield from (Changed("owners"), Changed("board"))
        yield Changed("care", entry, team_scope(self.session.entries[entry].team))
        owner = self.care(entry).owner
        if owner:
            yield Changed("held", entry, person_scope(owner))
            yield Changed(scope=person_scope(owner))
        yield from (Changed(scope=person_scope(person)) for person in people if person and person != owner)


def unknown_entry() -> Refused:
    return refuse("unknown_entry", "That project is not in the race. Choose one from the list.")
