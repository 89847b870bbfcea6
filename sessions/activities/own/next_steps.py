"""What comes next for an entry: the first step, when to ask again, who may see the record, and who offers help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activity import too_long
from sessions.audience import STAFF
from sessions.days import day_at, followup_dates, last_day, read_day
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.own import Own
    from sessions.entry import Entry
    from sessions.people import Member

LEVELS = ("team", "session", "programme", "public")
"""Who may see a record, narrowest first."""
MAX_STEP, MAX_HELP = 280, 500
MAX_FOLLOWUPS, LONGEST = 6, 60
"""How many follow-ups a record may have, and in how many months the last."""


def entry_named(activity: Own, command: Command) -> Entry | None:
    """The ``entry`` of a command, if it is in the race."""
    entry = activity.session.entries.get(command.text("entry"))
    return entry if entry is not None and entry.in_race else None


def unknown_entry() -> Refused:
    return refuse("unknown_entry", "That project is not in the race. Choose one from the list.")


def _own_entry(activity: Own, command: Command, sender: Member) -> Entry | Refused:
    """The entry, if the sender is its owner, in its team or staff."""
    entry = entry_named(activity, command)
    if entry is None:
        return unknown_entry()
    near = sender.team == entry.team or activity.owners.of(entry.id).owner == sender.id
    if not near and sender.role not in STAFF:
        return refuse("not_yours", "Only the project's own team decides about it.")
    return entry


def set_first_step(activity: Own, command: Command, sender: Member, now: float) -> Decision:
    """What is done first (``text``) and by when (``due``, an ISO date, ``first_step_days`` from now at most)."""
    entry = _own_entry(activity, command, sender)
    if isinstance(entry, Refused):
        return entry
    text, due = command.text("text"), command.text("due")
    if not activity.owners.of(entry.id).owner:
        return refuse("no_owner", "Name an owner first: somebody has to carry the first step.")
    if not text:
        return refuse("empty", "There is nothing written yet.")
    step = activity.event("first_step_set", entry=entry.id, number=entry.number, text=text, due=due)
    return too_long(text, MAX_STEP) or _bad_day(activity, due, now) or [step]


def _bad_day(activity: Own, due: str, now: float) -> Refused | None:
    zone, days = activity.session.zone, activity.rules.get("first_step_days", 14)
    day, last = read_day(due), last_day(now, days, zone)
    if day is None:
        return refuse("bad_date", "Choose a day for the first step.")
    if day < day_at(now, zone):
        return refuse("past_day", "That day has passed. Choose today or a later day.")
    if day <= last:
        return None
    return refuse(
        "too_far",
        "The first step comes within {days} days: choose a day no later than {last}.",
        days=days,
        last=last.isoformat(),
    )


def set_followups(activity: Own, command: Command, sender: Member, now: float) -> Decision:
    """When to ask again: ``months`` from today, repeated; the usual ones if none is given."""
    entry = _own_entry(activity, command, sender)
    if isinstance(entry, Refused):
        return entry
    given = command.all("months")
    months = sorted({int(m) for m in given if m.isdecimal() and 1 <= int(m) <= LONGEST})
    if len(months) != len(set(given)) or len(months) > MAX_FOLLOWUPS:
        return refuse("bad_months", "Give at most {limit} whole numbers of months.", limit=MAX_FOLLOWUPS)
    return [_followups(activity, entry, months or _usual_months(activity), now)]


def usual_followups(activity: Own, entry: Entry, now: float) -> list[Event]:
    """Follow-ups after the usual months, unless somebody has set others."""
    if entry.latest("followups"):
        return []
    return [_followups(activity, entry, _usual_months(activity), now)]


def _usual_months(activity: Own) -> list[int]:
    return list(activity.rules.get("followup_months", (3, 6, 12)))


def _followups(activity: Own, entry: Entry, months: list[int], now: float) -> Event:
    dates = followup_dates(day_at(now, activity.session.zone), months)
    return activity.event("followups_set", entry=entry.id, months=months, dates=dates)


def set_visibility(activity: Own, command: Command, sender: Member, now: float) -> Decision:
    """Who may see the record: ``level`` team, session, programme or public."""
    entry = _own_entry(activity, command, sender)
    if isinstance(entry, Refused):
        return entry
    level = command.text("level")
    if level not in LEVELS:
        return refuse("unknown_level", "Choose who may see the record.")
    return [activity.event("visibility_set", entry=entry.id, level=level)]


def offer_help(activity: Own, command: Command, sender: Member, now: float) -> Decision:
    """Anybody offers help to an ``entry``; a second offer by the same person replaces the first."""
    entry, text = entry_named(activity, command), command.text("text")
    if entry is None:
        return unknown_entry()
    if not text:
        return refuse("empty", "There is nothing written yet.")
    offered = activity.event("help_offered", entry=entry.id, person=sender.id, text=text)
    return too_long(text, MAX_HELP) or [offered]


def withdraw_help(activity: Own, command: Command, sender: Member, now: float) -> Decision:
    """Take back one's offer to an ``entry``."""
    entry = activity.session.entries.get(command.text("entry"))
    if entry is None or sender.id not in entry.every("help"):
        return []
    return [activity.event("help_withdrawn", entry=entry.id, person=sender.id)]
