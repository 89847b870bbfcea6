"""The other team's answer to a merge that is proposed to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.decide.deciding import leads
from sessions.audience import STAFF
from sessions.messages import Command, Decision, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.decide import Decide
    from sessions.entry import Entry
    from sessions.people import Member


def accept_merge(activity: Decide, command: Command, sender: Member, now: float) -> Decision:
    """The leader of the team whose entry it merges into (or staff) agrees to the merge of ``entry``."""
    target = _asked(activity, command, sender)
    if isinstance(target, Refused):
        return target
    entry = activity.session.entries[command.text("entry")]
    offer = activity.decided.offers[entry.id]
    if not target.in_race:
        return refuse("target_gone", "The project to merge into is out of the race.")
    body = {"entry": entry.id, "number": entry.number, "into": target.id, "into_number": target.number}
    merged = {"choice": "merge", "reason": offer.reason, "led": True, "by": offer.by}
    return [activity.event("entry_merged", **body, **merged)]


def decline_merge(activity: Decide, command: Command, sender: Member, now: float) -> Decision:
    """The same people say no to the merge of ``entry``."""
    target = _asked(activity, command, sender)
    if isinstance(target, Refused):
        return target
    return [activity.event("merge_declined", entry=command.text("entry"), into=target.id)]


def _asked(activity: Decide, command: Command, sender: Member) -> Entry | Refused:
    """The entry that is to be merged into, if the sender answers for it."""
    offer = activity.decided.offers.get(command.text("entry"))
    target = activity.session.entries.get(offer.into) if offer else None
    if target is None:
        return refuse("no_offer", "That proposal to merge is no longer there.")
    team = activity.session.teams.get(target.team)
    leaderless = team is not None and not team.leader and sender.team == team.id
    if sender.role not in STAFF and not leads(activity, sender, target) and not leaderless:
        return refuse("not_leader", "The process leader of the other team answers this.")
    return target
