"""Handing in at the end of work: submitting a record, what came too late, what may be shown, and the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from sessions.activities.work.bench import not_your_team, out_of_race, owner_of, refuse_reason
from sessions.activities.work.writing import Writing
from sessions.activity import Change, Changed
from sessions.audience import STAFF, person_scope
from sessions.entry import PARTS, Entry
from sessions.format import LANGUAGES
from sessions.messages import Command, Decision, Event, Refused, Text, refuse
from sessions.outcome import Fact

if TYPE_CHECKING:
    from sessions.people import Member

DISCLOSURES = ("ok", "summary", "closed")
VISIBILITIES = ("team", "session", "programme", "public")


class Handing(Writing):
    """Commands about a whole record, which each names as ``entry``."""

    def submit_record(self, command: Command, sender: Member, now: float) -> Decision:
        """Hand a record in, as often as one likes until the deadline; later it waits for the facilitator."""
        found = self.own(command, sender)
        if isinstance(found, Refused):
            return found
        entry, paper = found
        no = self._refuse_submission(entry)
        if no is not None:
            return no
        late = self.late_by(now)
        if late:
            return [self.event("record_came_late", entry=entry.id, late=late)]
        events = self._submission(entry)
        last = next((s.sha256 for s in reversed(paper.snapshots) if s.name == "submitted"), "")
        return [] if last == events[-1].body["sha256"] else events

    def _refuse_submission(self, entry: Entry) -> Refused | None:
        if not self.rules.get("submits"):
            return refuse(
                "not_here", "Records are not submitted in this phase. Go on writing; nothing is lost."
            )
        lacks = entry.missing("submitted")
        if not lacks:
            return None
        return refuse(
            "incomplete", "Before it can be submitted this is missing: {missing}.", missing=in_words(lacks)
        )

    def _submission(self, entry: Entry, texts: Mapping[str, str] | None = None) -> list[Event]:
        return [self.event("record_submitted", entry=entry.id), self.snapshot(entry, "submitted", texts)]

    def record_submitted(self, event: Event) -> Iterator[Change]:
        self.papers[event.body["entry"]].submitted_at = event.at
        yield Fact(event.body["entry"], "status", "submitted")

    def record_came_late(self, event: Event) -> Iterator[Change]:
        paper = self.papers[event.body["entry"]]
        self.late_work(paper, event).submitted = True
        yield self.entry_touch(self.session.entries[paper.entry])
        yield from (Changed("late"), Changed("table"))

    # ---- what came late

    def accept_late(self, command: Command, sender: Member, now: float) -> Decision:
        """Staff let late work in (``entry`` may be repeated, after an outage), for a ``reason``."""
        reason = command.text("reason")
        no = refuse_reason(reason)
        if no is not None:
            return no
        entries = [
            self.session.entries[e] for e in command.all("entry") if e in self.papers and self.papers[e].late
        ]
        if not entries:
            return refuse("nothing_late", "Nothing late is waiting there. Reload the page.")
        return [event for entry in entries for event in self._accepting(entry, reason)]

    def _accepting(self, entry: Entry, reason: str) -> Iterator[Event]:
        late = self.papers[entry.id].late
        assert late is not None
        texts = {key: written.text for key, written in late.texts.items()}
        yield self.event("late_accepted", entry=entry.id, record=entry.number, reason=reason)
        yield from self._submission(entry, texts) if late.submitted else [self.snapshot(entry, "late", texts)]

    def late_accepted(self, event: Event) -> Iterator[Change]:
        paper = self.papers[event.body["entry"]]
        late, paper.late = paper.late, None
        assert late is not None
        for key, written in late.texts.items():
            paper.write(key, written.text, written.by, event.at)
            yield from self.recorded(paper, self.fields[key])

    def waive(self, command: Command, sender: Member, now: float) -> Decision:
        """Staff let a record pass the deadline ``stop`` as it is, for a ``reason``."""
        entry, stop = self.session.entries.get(command.text("entry")), command.whole("stop")
        paper = self.papers.get(entry.id) if entry else None
        if entry is None or paper is None or stop not in paper.lacks:
            return refuse("nothing_late", "Nothing late is waiting there. Reload the page.")
        reason = command.text("reason")
        waived = self.event("lack_waived", entry=entry.id, record=entry.number, stop=stop, reason=reason)
        return refuse_reason(reason) or [waived]

    def lack_waived(self, event: Event) -> Iterable[Change]:
        self.papers[event.body["entry"]].lacks[event.body["stop"]].waived = event.body["reason"]
        return self.changed(self.session.entries[event.body["entry"]])

    # ---- what may be shown

    def set_disclosure(self, command: Command, sender: Member, now: float) -> Decision:
        """What may be shown when the doors open: ``level`` ok, summary or closed."""
        entry = self.session.entries.get(command.text("entry"))
        if entry is None or (entry.team != sender.team and sender.role not in STAFF):
            return not_your_team()
        return self._set("disclosure", entry, command.text("level"), DISCLOSURES)

    def set_visibility(self, command: Command, sender: Member, now: float) -> Decision:
        """Who may see the archived record: ``level`` team, session, programme or public. The owner decides; while
        there is none, the team."""
        entry = self.session.entries.get(command.text("entry"))
        if entry is None or not self._may_decide(entry, sender):
            return _not_owner()
        return self._set("visibility", entry, command.text("level"), VISIBILITIES)

    def _set(self, name: str, entry: Entry, level: str, levels: tuple[str, ...]) -> Decision:
        if level not in levels:
            return refuse("not_an_option", "That answer is not among the options. Choose one of them.")
        change = self.event(f"{name}_set", entry=entry.id, record=entry.number, level=level)
        return [] if entry.latest(name) == level else [change]

    def _may_decide(self, entry: Entry, sender: Member) -> bool:
        mine = bool(sender.team) and entry.team == sender.team
        return owner_of(entry) == sender.id or sender.role in STAFF or (mine and not owner_of(entry))

    def disclosure_set(self, event: Event) -> Iterator[Change]:
        yield Fact(event.body["entry"], "disclosure", event.body["level"])
        yield from self.changed_for_owner(self.session.entries[event.body["entry"]])

    def visibility_set(self, event: Event) -> Iterator[Change]:
        yield Fact(event.body["entry"], "visibility", event.body["level"])
        yield from self.changed_for_owner(self.session.entries[event.body["entry"]])

    def changed_for_owner(self, entry: Entry) -> tuple[Changed, ...]:
        owner = owner_of(entry)
        return (*self.changed(entry), *((Changed(scope=person_scope(owner)),) if owner else ()))

    # ---- the archive

    def approve_record(self, command: Command, sender: Member, now: float) -> Decision:
        """The owner approves a record for the archive; staff may on the owner's behalf, for a ``reason``."""
        entry = self.session.entries.get(command.text("entry"))
        if entry is None or entry.id not in self.papers or not self.rules.get("archives"):
            return refuse("no_entry", "There is no such record here. Reload the page.")
        reason = command.text("reason")
        no = self._refuse_approval(entry, sender, reason)
        if no is not None or entry.status == "archived":
            return no or []
        return [
            self.event("record_approved", entry=entry.id, record=entry.number, reason=reason),
            self.snapshot(entry, "approved"),
        ]

    def _refuse_approval(self, entry: Entry, sender: Member, reason: str) -> Refused | None:
        owner, staff = owner_of(entry), sender.role in STAFF
        if not entry.in_race:
            return out_of_race()
        if sender.id != owner and not staff and (owner or sender.team != entry.team):
            return _not_owner()
        lacks = entry.missing("archived")
        if not lacks:
            return refuse_reason(reason) if staff and sender.id != owner else None
        return refuse(
            "incomplete", "Before it can be archived this is missing: {missing}.", missing=in_words(lacks)
        )

    def record_approved(self, event: Event) -> Iterator[Change]:
        entry = self.session.entries[event.body["entry"]]
        yield Fact(entry.id, "status", "archived")
        yield from self.changed_for_owner(entry)
        for key in self.fields:
            yield self.field_touch(entry.id, key)


def in_words(parts: Iterable[str]) -> Text:
    """Parts of a record, listed in every language."""
    return {language: ", ".join(PARTS[part][language] for part in parts) for language in LANGUAGES}


def _not_owner() -> Refused:
    return refuse("not_owner", "Only the owner of this record does that, or the facilitator.")
