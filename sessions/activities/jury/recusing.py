"""Conflicts of interest: a juror steps aside from an entry, and the chair or staff let one judge after all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.jury.changes import sheet_changed
from sessions.activities.jury.events import RecusalUndone, Recused
from sessions.activities.jury.panel import MAX_REASON, SIGNERS
from sessions.activity import Change, too_long
from sessions.audience import ACTORS, STARTED, Right
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.jury import Jury
    from sessions.people import Member

RIGHTS = {"recuse": Right(ACTORS, STARTED), "undo_recusal": Right(SIGNERS, STARTED)}


def recuse(jury: Jury, command: Command, sender: Member, now: float) -> Decision:
    """Step aside from an ``entry``, with a ``reason``. A sheet already written does not count any more."""
    entry, reason = jury.entry_in(command), command.text("reason")
    if isinstance(entry, Refused):
        return entry
    if not reason:
        return refuse("reason_missing", "Say in a few words what the conflict is.")
    if jury.away(sender.id, entry) == "declared":
        return []
    recused = jury.event("recused", entry=entry.id, number=entry.number, reason=reason)
    return jury.refuse_signed() or too_long(reason, MAX_REASON) or [recused]


def recused(jury: Jury, event: Event) -> Iterator[Change]:
    body: Recused = event.body
    jury.recusals.declare(event.actor, body["entry"], body["reason"] or "")
    yield from sheet_changed(jury, event.actor, body["entry"])


def undo_recusal(jury: Jury, command: Command, sender: Member, now: float) -> Decision:
    """The chair or staff lets a ``juror`` judge an ``entry`` after all, with a ``reason``."""
    entry, juror, reason = jury.entry_in(command), command.text("juror"), command.text("reason")
    if isinstance(entry, Refused):
        return entry
    if not jury.away(juror, entry):
        return refuse("not_recused", "This juror is not recused from that entry.")
    if juror == sender.id:
        return refuse("own_conflict", "Your own conflict has to be lifted by somebody else.")
    if not reason:
        return refuse("reason_missing", "Say why: the reason goes into the log of decisions.")
    body = {"juror": juror, "entry": entry.id, "number": entry.number, "reason": reason}
    return jury.refuse_signed() or too_long(reason, MAX_REASON) or [jury.event("recusal_undone", **body)]


def recusal_undone(jury: Jury, event: Event) -> Iterator[Change]:
    body: RecusalUndone = event.body
    jury.recusals.lift(body["juror"], body["entry"])
    yield from sheet_changed(jury, body["juror"], body["entry"])
