"""Who somebody is to a record: whether they see it, and as what they speak to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.archive.facts import stream_of
from app.live.desk import Desk
from sessions import audience
from sessions.entry import Entry
from sessions.record import Record
from sessions.record_commands import MEMBER, OWNER, RIGHTS, STAFF, Sender
from sessions.session import Session
from sessions.viewers import sees_section, viewer_of


@dataclass(frozen=True, slots=True)
class Opened:
    """A record that somebody may see: its entry in the session, the record as its own stream has it, and as whom this
    browser speaks to it (at least one)."""

    desk: Desk
    entry: Entry
    record: Record
    senders: Sequence[Sender]

    @property
    def stream(self) -> str:
        return stream_of(self.desk.code, self.entry)

    def sender_of(self, command: str) -> Sender:
        """Of those for whom one browser speaks, the first who may give this command; the first one if nobody may."""
        allowed = RIGHTS.get(command, frozenset())
        return next((sender for sender in self.senders if sender.parts & allowed), self.senders[0])


def senders_of(people: Sequence[str], session: Session, entry: Entry, record: Record) -> list[Sender]:
    """Those of these people who may see the record, with what they are to it."""
    known = [
        Sender(person, parts_of(person, session, entry, record), _language(person, session))
        for person in people
    ]
    return [sender for sender in known if sender.parts or may_read(session, sender.person, entry)]


def _language(person: str, session: Session) -> str:
    member = session.people.get(person)
    return member.language if member else ""


def parts_of(person: str, session: Session, entry: Entry, record: Record) -> frozenset[str]:
    """What somebody of the session is to a record; nothing once they have been removed. Who has been asked to own it
    and has not accepted is no owner."""
    member = session.people.get(person)
    if member is None or member.removed or member.outside:
        return frozenset()
    owner = record.values.get("people.owner") or {}
    parts = {
        OWNER: owner.get("person") == person and owner.get("accepted"),
        MEMBER: member.team != "" and member.team == entry.team and member.guest_pass is None,
        STAFF: member.role in audience.STAFF,
    }
    return frozenset(part for part, holds in parts.items() if holds)


def may_read(session: Session, person: str, entry: Entry) -> bool:
    """Whether somebody may open the record at all; what they see of it is another question (see seen.py)."""
    return sees_section(session, viewer_of(session, person), entry, "record", session.at).text
