"""The customers whom a team has talked to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sessions.activities.work.changes import entry_changed
from sessions.activities.work.fields import is_date, not_a_date
from sessions.activities.work.freezing import refuse_late
from sessions.activities.work.lookup import own_record
from sessions.activities.work.written import Contact
from sessions.activity import Change, Withdrawn, too_long
from sessions.messages import Command, Decision, Erasure, Event, Personal, Refused, refuse
from sessions.outcome import Fact

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.activities.work.documents import Documents
    from sessions.activities.work.events import ContactAdded, ContactWithdrawn
    from sessions.people import Member

MAX_SAID = 1000
MAX_WHO = 120
MAX_CONTACTS = 50


def add_contact(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """A customer was asked: ``who`` (role and organisation, no name), ``reach`` (how to get hold of them), ``date``,
    ``said``. The first two go to a row that can be deleted, and never into the log."""
    found = own_record(work, command, sender)
    if isinstance(found, Refused):
        return found
    entry, documents = found
    given = {name: command.text(name) for name in ("who", "reach", "date", "said")}
    no = refuse_late(work, now) or _unfit(documents, given)
    if no is not None:
        return no
    contact = f"{work.phase.id}k{work.state.last_contact + 1}"
    added = {"contact": contact, "date": given["date"], "said": given["said"]}
    row = Personal(contact, {"who": given["who"], "reach": given["reach"]})
    return [work.event("contact_added", entry=entry.id, **added), row]


def _unfit(documents: Documents, given: Mapping[str, str]) -> Refused | None:
    if not given["who"]:
        return refuse("no_contact", "Say whom you talked to: role and organisation, no name.")
    if not is_date(given["date"]):
        return not_a_date()
    if len(documents.contacts) >= MAX_CONTACTS:
        return refuse(
            "too_many", "A record keeps {limit} contacts, and that is the most.", limit=MAX_CONTACTS
        )
    limits = {"who": MAX_WHO, "reach": MAX_WHO, "said": MAX_SAID}
    return next(filter(None, (too_long(given[name], limit) for name, limit in limits.items())), None)


def contact_added(work: Work, event: Event) -> Iterator[Change]:
    work.state.last_contact += 1
    body: ContactAdded = event.body
    value = {"who": body.get("who") or "", "date": body["date"], "said": body["said"] or ""}
    contact = Contact(body["contact"], by=event.actor, seq=event.seq, **value)
    work.state.documents[body["entry"]].contacts[contact.id] = contact
    yield from _changed(work, event, value)


def withdraw_contact(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """A ``contact`` that was entered by mistake, or that does not want to be kept: who it was is erased."""
    found = own_record(work, command, sender)
    if isinstance(found, Refused):
        return found
    entry, documents = found
    contact = command.text("contact")
    no = refuse_late(work, now)
    if no is not None or contact not in documents.contacts:
        return no or []
    return [work.event("contact_withdrawn", entry=entry.id, contact=contact), Erasure(contact)]


def contact_withdrawn(work: Work, event: Event) -> Iterator[Change]:
    body: ContactWithdrawn = event.body
    gone = work.state.documents[body["entry"]].contacts.pop(body["contact"])
    yield Withdrawn(f"event:{gone.seq}")
    yield from _changed(work, event, None)


def _changed(work: Work, event: Event, value: Mapping[str, str] | None) -> Iterator[Change]:
    body: ContactWithdrawn = event.body
    work.state.documents[body["entry"]].changed_at = event.at
    yield Fact(body["entry"], "contact", value, key=body["contact"])
    yield from entry_changed(work.session.entries[body["entry"]])
