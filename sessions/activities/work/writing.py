"""Writing in a work phase: one field, one editor; and the customers a team has talked to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sessions.activities.work.bench import Bench
from sessions.activities.work.document import Field, is_date, not_a_date, refuse_text
from sessions.activities.work.paper import HOLD_SECONDS, Contact, Hold, Late, Paper, Written
from sessions.activity import Change, Changed, too_long
from sessions.audience import person_scope
from sessions.entry import Entry
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact

if TYPE_CHECKING:
    from sessions.people import Member

MAX_SAID = 1000
MAX_WHO = 120
MAX_CONTACTS = 50

Place = tuple[Entry, Paper, Field]


class Writing(Bench):
    """Commands of a team about its documents. Each names ``entry``, and a field by ``document`` and ``field``."""

    def write_field(self, command: Command, sender: Member, now: float) -> Decision:
        """Put ``text`` into a field and hold it. What comes after a hard deadline waits for the facilitator."""
        place = self._place(command, sender)
        if isinstance(place, Refused):
            return place
        _, paper, field = place
        text, late = command.text("text"), self.late_by(now)
        no = refuse_text(field, text) or self._refuse_writing(place, sender, now)
        if no is not None:
            return no
        if late:
            return [self._about("field_came_late", place, text=text, late=late)]
        return [self._about("field_written", place, text=text)] if text != paper.text(field.key) else []

    def _place(self, command: Command, sender: Member) -> Place | Refused:
        found = self.own(command, sender)
        if isinstance(found, Refused):
            return found
        field = self.fields.get(f"{command.text('document')}.{command.text('field')}")
        if field is None:
            return refuse(
                "no_field", "This phase has no such field. Reload the page; your text stays on your device."
            )
        return (*found, field)

    def _about(self, kind: str, place: Place, **body: object) -> Event:
        entry, _, field = place
        return self.event(kind, entry=entry.id, document=field.document, field=field.name, **body)

    def _refuse_writing(self, place: Place, sender: Member, now: float) -> Refused | None:
        entry, paper, field = place
        hold = self.holder(paper, field.key, now)
        if hold is not None and hold.by != sender.id:
            return refuse(
                "held",
                "Somebody else in your team is writing in this field, until {free_at} at most. Your text is kept here.",
                free_at=hold.until,
            )
        if self.rules.get("archives") and entry.status == "archived":
            return refuse("approved", "The owner has approved this record, so it is not changed any more.")
        return None

    def holder(self, paper: Paper, key: str, now: float) -> Hold | None:
        """Who has a field now: nobody when the time is over, or when that person has gone."""
        hold = paper.holds.get(key)
        if hold is None or hold.until <= now:
            return None
        person = self.session.people.get(hold.by)
        return hold if person is not None and person.present and not person.removed else None

    def _addressed(self, event: Event) -> tuple[Paper, Field]:
        return self.papers[event.body["entry"]], self.fields[
            f"{event.body['document']}.{event.body['field']}"
        ]

    def field_written(self, event: Event) -> Iterator[Change]:
        paper, field = self._addressed(event)
        news = paper.write(field.key, event.body["text"], event.actor, event.at)
        yield from self._hold(paper, field.key, event)
        yield from self.recorded(paper, field)
        if news or field.record == "title":
            yield from self.changed(self.session.entries[paper.entry])

    def recorded(self, paper: Paper, field: Field) -> Iterator[Change]:
        """A field has changed: its fragment, and what the record says."""
        text = paper.text(field.key)
        yield self.field_touch(paper.entry, field.key)
        if field.record != "title":
            yield Fact(paper.entry, "field", text, key=field.record)
        elif text:
            yield Fact(paper.entry, "title", text)

    def field_came_late(self, event: Event) -> Iterator[Change]:
        paper, field = self._addressed(event)
        self.late_work(paper, event).texts[field.key] = Written(event.body["text"], event.actor, event.at)
        yield self.field_touch(paper.entry, field.key)
        yield self.entry_touch(self.session.entries[paper.entry])
        yield from (Changed("late"), Changed("table"))

    def late_work(self, paper: Paper, event: Event) -> Late:
        """What waits for the facilitator, with this event's lateness."""
        paper.late = paper.late or Late()
        paper.late.seconds, paper.late.at = event.body["late"], event.at
        return paper.late

    def restore_field(self, command: Command, sender: Member, now: float) -> Decision:
        """What stood in a field before somebody sat down to it comes back."""
        place = self._place(command, sender)
        if isinstance(place, Refused):
            return place
        no = self._refuse_writing(place, sender, now) or self.refuse_late(now)
        if no is not None:
            return no
        if not place[1].can_restore(place[2].key):
            return refuse("nothing_before", "There is no earlier text in this field.")
        return [self._about("field_restored", place)]

    def field_restored(self, event: Event) -> Iterator[Change]:
        paper, field = self._addressed(event)
        paper.restore(field.key, event.actor, event.at)
        yield from self.recorded(paper, field)
        yield from self.changed(self.session.entries[paper.entry])

    # ---- one field, one editor

    def hold_field(self, command: Command, sender: Member, now: float) -> Decision:
        """Keep a field for me: for two minutes, and longer while I write."""
        place = self._place(command, sender)
        if isinstance(place, Refused):
            return place
        no = self._refuse_writing(place, sender, now) or self.refuse_late(now)
        return no or [self._about("field_held", place)]

    def field_held(self, event: Event) -> Iterator[Change]:
        paper, field = self._addressed(event)
        yield from self._hold(paper, field.key, event)
        yield self.field_touch(paper.entry, field.key)

    def _hold(self, paper: Paper, key: str, event: Event) -> Iterator[Changed]:
        """A person holds one field at a time: taking the next lets go of the last."""
        last = paper.holds.get(key)
        if last is not None and last.by != event.actor:
            yield from self.let_go(last.by)
        if self.holding.get(event.actor, (paper.entry, key)) != (paper.entry, key):
            yield from self.let_go(event.actor)
        self.holding[event.actor] = (paper.entry, key)
        paper.holds[key] = Hold(event.actor, event.at + HOLD_SECONDS)
        yield Changed(scope=person_scope(event.actor))

    def let_go(self, person: str) -> Iterator[Changed]:
        entry, key = self.holding.pop(person)
        self.papers[entry].holds.pop(key, None)
        yield self.field_touch(entry, key)
        yield Changed(scope=person_scope(person))

    def release_field(self, command: Command, sender: Member, now: float) -> Decision:
        """I am done with a field, so that others may write in it at once."""
        place = (command.text("entry"), f"{command.text('document')}.{command.text('field')}")
        return [self.event("field_released")] if self.holding.get(sender.id) == place else []

    def field_released(self, event: Event) -> Iterator[Change]:
        yield from self.let_go(event.actor)

    # ---- customer contacts

    def add_contact(self, command: Command, sender: Member, now: float) -> Decision:
        """A customer was asked: ``who`` (role and organisation, no name), ``date``, ``said``."""
        found = self.own(command, sender)
        if isinstance(found, Refused):
            return found
        entry, paper = found
        told = {name: command.text(name) for name in ("who", "date", "said")}
        no = self.refuse_late(now) or _refuse_contact(paper, told)
        if no is not None:
            return no
        contact = f"{self.phase.id}k{self.last_contact + 1}"
        return [self.event("contact_added", entry=entry.id, contact=contact, **told)]

    def contact_added(self, event: Event) -> Iterator[Change]:
        self.last_contact += 1
        body = event.body
        told = {name: body[name] for name in ("who", "date", "said")}
        self.papers[body["entry"]].contacts[body["contact"]] = Contact(
            body["contact"], by=event.actor, **told
        )
        yield from self._contact(event, told)

    def _contact(self, event: Event, told: Mapping[str, str] | None) -> Iterator[Change]:
        self.papers[event.body["entry"]].changed_at = event.at
        yield Fact(event.body["entry"], "contact", told, key=event.body["contact"])
        yield from self.changed(self.session.entries[event.body["entry"]])

    def withdraw_contact(self, command: Command, sender: Member, now: float) -> Decision:
        """A ``contact`` that was entered by mistake."""
        found = self.own(command, sender)
        if isinstance(found, Refused):
            return found
        entry, paper = found
        contact = command.text("contact")
        gone = (
            [self.event("contact_withdrawn", entry=entry.id, contact=contact)]
            if contact in paper.contacts
            else []
        )
        return self.refuse_late(now) or gone

    def contact_withdrawn(self, event: Event) -> Iterator[Change]:
        del self.papers[event.body["entry"]].contacts[event.body["contact"]]
        yield from self._contact(event, None)


def _refuse_contact(paper: Paper, told: Mapping[str, str]) -> Refused | None:
    if not told["who"]:
        return refuse("no_contact", "Say whom you talked to: role and organisation, no name.")
    if not is_date(told["date"]):
        return not_a_date()
    if len(paper.contacts) >= MAX_CONTACTS:
        return refuse(
            "too_many", "A record keeps {limit} contacts, and that is the most.", limit=MAX_CONTACTS
        )
    return too_long(told["who"], MAX_WHO) or too_long(told["said"], MAX_SAID)
