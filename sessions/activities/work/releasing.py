"""What may be shown of a record and to whom, and its owner's approval for the archive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.work.changes import field_changed, owned_changed, owner_of
from sessions.activities.work.refusals import (
    in_words,
    no_entry,
    not_owner,
    not_your_team,
    out_of_race,
    unfit_reason,
)
from sessions.activities.work.snapshots import snapshot
from sessions.activity import Change
from sessions.audience import STAFF
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact, ruling

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.activities.work.events import LevelSet, ReasonedRecord
    from sessions.entry import Entry
    from sessions.people import Member

DISCLOSURES = ("ok", "summary", "closed")
VISIBILITIES = ("team", "session", "programme", "public")


def set_disclosure(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """What may be shown when the doors open: ``level`` ok, summary or closed."""
    entry = work.session.entries.get(command.text("entry"))
    if entry is None or (entry.team != sender.team and sender.role not in STAFF):
        return not_your_team()
    return _set(work, "disclosure", entry, command.text("level"), DISCLOSURES)


def set_visibility(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """Who may see the archived record: ``level`` team, session, programme or public. The owner decides; while
    there is none, the team."""
    entry = work.session.entries.get(command.text("entry"))
    if entry is None or not _may_decide(entry, sender):
        return not_owner()
    return _set(work, "visibility", entry, command.text("level"), VISIBILITIES)


def _set(work: Work, name: str, entry: Entry, level: str, levels: tuple[str, ...]) -> Decision:
    if level not in levels:
        return refuse("not_an_option", "That answer is not among the options. Choose one of them.")
    change = work.event(f"{name}_set", entry=entry.id, record=entry.number, level=level)
    return [] if entry.latest(name) == level else [change]


def _may_decide(entry: Entry, sender: Member) -> bool:
    owner, in_team = owner_of(entry), bool(sender.team) and entry.team == sender.team
    return owner == sender.id or sender.role in STAFF or (in_team and not owner)


def disclosure_set(work: Work, event: Event) -> Iterator[Change]:
    yield from _level_set(work, "disclosure", event.body)


def visibility_set(work: Work, event: Event) -> Iterator[Change]:
    yield from _level_set(work, "visibility", event.body)


def _level_set(work: Work, name: str, body: LevelSet) -> Iterator[Change]:
    yield Fact(body["entry"], name, body["level"])
    yield from owned_changed(work.session.entries[body["entry"]])


# ---- the archive


def approve_record(work: Work, command: Command, sender: Member, now: float) -> Decision:
    """The owner approves a record for the archive; staff may on the owner's behalf, for a ``reason``."""
    entry = work.session.entries.get(command.text("entry"))
    if entry is None or entry.id not in work.state.documents or not work.archives:
        return no_entry()
    reason = command.text("reason")
    no = _refuse_approval(entry, sender, reason)
    if no is not None or entry.status == "archived":
        return no or []
    return [
        work.event("record_approved", entry=entry.id, record=entry.number, reason=reason),
        snapshot(work, entry, "approved"),
    ]


def _refuse_approval(entry: Entry, sender: Member, reason: str) -> Refused | None:
    owner, staff = owner_of(entry), sender.role in STAFF
    if not entry.in_race:
        return out_of_race()
    if sender.id != owner and not staff and (owner or sender.team != entry.team):
        return not_owner()
    lacks = entry.missing("archived")
    if not lacks:
        return unfit_reason(reason) if staff and sender.id != owner else None
    return refuse(
        "incomplete", "Before it can be archived this is missing: {missing}.", missing=in_words(lacks)
    )


def record_approved(work: Work, event: Event) -> Iterator[Change]:
    body: ReasonedRecord = event.body
    entry = work.session.entries[body["entry"]]
    yield Fact(entry.id, "status", "archived")
    if body["reason"]:
        yield ruling(entry.id, event, "approved")
    yield from owned_changed(entry)
    for key in work.fields:
        yield field_changed(work, entry.id, key)
