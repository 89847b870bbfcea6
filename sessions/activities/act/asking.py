"""What several commands ask for: an action that stands, a day that is to come, somebody who can carry it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sessions.audience import STAFF
from sessions.days import day_at, read_day
from sessions.messages import Command, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.act import Act
    from sessions.activities.act.plan import Action
    from sessions.people import Member

HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def action_named(act: Act, command: Command) -> Action | Refused:
    """The action that a command is about."""
    found = act.plan.actions.get(command.text("card"))
    if found is None:
        return refuse("no_action", "There is no such action. Reload the page.")
    if found.withdrawn:
        return refuse("gone", "Whoever wrote this has taken it back.")
    return found


def action_of(act: Act, command: Command, sender: Member) -> Action | Refused:
    """The action of a command, if the sender wrote it, carries it or is staff."""
    found = action_named(act, command)
    if isinstance(found, Refused) or sender.role in STAFF or sender.id in (found.by, found.responsible):
        return found
    return refuse("not_yours", "Only who wrote this or carries it can change it.")


def refuse_day(act: Act, due: str, now: float) -> Refused | None:
    """Why something cannot be due on a day."""
    day = read_day(due)
    if day is None:
        return refuse("no_day", "Choose a day, then send again.")
    if day < day_at(now, act.session.zone):
        return refuse("past_day", "That day is over. Choose today or a later one.")
    return None


def refuse_hour(hour: str) -> Refused | None:
    """Why something cannot begin at an hour; it may be left open."""
    if not hour or HOUR.fullmatch(hour):
        return None
    return refuse("bad_hour", "Write the hour as 09:30, or leave it open.")


def refuse_person(act: Act, person: str) -> Refused | None:
    """Why somebody cannot be asked to carry something."""
    member = act.session.people.get(person)
    if member is not None and not member.removed and act.carries(member):
        return None
    return refuse("no_person", "Choose who carries it, then send again.")
