"""Owners: exactly one person accepts each entry, hands it over to somebody who accepts, or steps down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.own.next_steps import entry_named, unknown_entry, usual_followups
from sessions.activity import too_long
from sessions.audience import ATTENDING, STAFF
from sessions.messages import Command, Decision, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.own import Own
    from sessions.activities.own.state import Ownership
    from sessions.people import Member

MAX_REASON = 280
FORCE_AFTER = 12
"""Hours after which staff may hand over for an owner who does not answer, unless the rules say otherwise."""


def able(member: Member | None) -> bool:
    """Whether somebody can be asked to own a project."""
    return member is not None and not member.removed and member.role in ATTENDING


def take_ownership(activity: Own, command: Command, sender: Member, now: float) -> Decision:
    """Accept to own an ``entry``: one's own team's that has no owner, or one that was handed over. With ``named`` (yes)
    everybody may see the name beside it; that says nothing of anything else."""
    entry = entry_named(activity, command)
    if entry is None:
        return unknown_entry()
    known = activity.owners.of(entry.id)
    if known.owner == sender.id:
        return []
    if known.asked != sender.id and known.owner:
        return refuse("owned", "This project has an owner already. Ask for it to be handed over.")
    if known.asked != sender.id and sender.team != entry.team:
        return refuse("not_asked", "Only the project's own team, or who is asked, can own it.")
    named = command.text("named") == "yes"
    taken = activity.event(
        "ownership_taken", entry=entry.id, number=entry.number, person=sender.id, named=named
    )
    return [taken, *usual_followups(activity, entry, now)]


def hand_over(activity: Own, command: Command, sender: Member, now: float) -> Decision:
    """Ask a ``person`` to own the ``entry``: by its owner or, while it has none, by its team or staff."""
    entry, person = entry_named(activity, command), command.text("person")
    if entry is None:
        return unknown_entry()
    owner = activity.owners.of(entry.id).owner
    if owner and owner != sender.id:
        return refuse("not_owner", "Only the owner hands the project over.")
    if not owner and sender.team != entry.team and sender.role not in STAFF:
        return refuse("not_yours", "Only the project's own team decides about it.")
    offered = activity.event("ownership_offered", entry=entry.id, number=entry.number, person=person)
    return _nobody_to_ask(activity, person, owner) or [offered]


def _nobody_to_ask(activity: Own, person: str, owner: str) -> Refused | None:
    if not able(activity.session.people.get(person)):
        return refuse("nobody", "Choose somebody who is in this session.")
    if person == owner:
        return refuse("owner_already", "That person owns the project already.")
    return None


def decline_ownership(activity: Own, command: Command, sender: Member, now: float) -> Decision:
    """Say no to an ``entry`` one is asked to own."""
    entry = entry_named(activity, command)
    if entry is None or activity.owners.of(entry.id).asked != sender.id:
        return []
    return [activity.event("ownership_declined", entry=entry.id, number=entry.number, person=sender.id)]


def step_down(activity: Own, command: Command, sender: Member, now: float) -> Decision:
    """Own an ``entry`` no longer, without anybody else having accepted."""
    entry = entry_named(activity, command)
    if entry is None or activity.owners.of(entry.id).owner != sender.id:
        return []
    return [activity.event("owner_stepped_down", entry=entry.id, number=entry.number, person=sender.id)]


def force_hand_over(activity: Own, command: Command, sender: Member, now: float) -> Decision:
    """Staff asks another ``person`` in place of an owner who does not answer; ``reason`` is logged.

    Possible ``force_after_hours`` after the owner accepted or was asked. Authors stay who they are.
    """
    entry = entry_named(activity, command)
    if entry is None:
        return unknown_entry()
    known, person, reason = activity.owners.of(entry.id), command.text("person"), command.text("reason")
    if not reason:
        return refuse("reason_needed", "Say why in a sentence, then send.")
    no = _too_early(activity, known, now) or _nobody_to_ask(activity, person, known.owner)
    body = {"entry": entry.id, "number": entry.number, "person": person, "reason": reason}
    forced = activity.event("ownership_forced", before=known.owner or known.asked, **body)
    return no or too_long(reason, MAX_REASON) or [forced]


def _too_early(activity: Own, known: Ownership, now: float) -> Refused | None:
    begun = known.since if known.owner else known.asked_at
    from_at = begun + activity.rules.get("force_after_hours", FORCE_AFTER) * 3600.0
    silent = activity.session.people.get(known.owner or known.asked)
    if not begun or now >= from_at or not able(silent):
        return None
    return refuse(
        "too_early", "Give the owner time to answer. It can be done from {from_at}.", from_at=from_at
    )
