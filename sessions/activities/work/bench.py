"""The bench of a work phase: its documents for every entry, its sub-deadlines, and what they freeze."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.work.document import Field, digest, read_sheets
from sessions.activities.work.paper import Lack, Paper
from sessions.activities.work.stops import freezes_at, over_at, pending, read_stops
from sessions.activity import EVERY_PANE, Activity, Change, Changed, Deadline, too_long
from sessions.audience import team_scope
from sessions.entry import Entry
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact, Inputs

if TYPE_CHECKING:
    from sessions.people import Member

MAX_REASON = 280
CONSOLE = (Changed("table"), Changed("late"), Changed("lacking"))


class Bench(Activity):
    """What every part of team work stands on."""

    def prepare(self) -> None:
        form = self.session.format
        assert form is not None
        self.sheets = read_sheets(
            form, tuple(self.rules.get("documents", ())), tuple(self.rules.get("parts", ()))
        )
        self.fields: dict[str, Field] = {field.key: field for sheet in self.sheets for field in sheet.fields}
        self.papers: dict[str, Paper] = {}
        self.holding: dict[str, tuple[str, str]] = {}
        """The one field that each person holds: entry and field."""
        self.last_contact = 0
        self._set_stops()
        self.take_up_entries()

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        if self.phase.opened_at != self.started_at:
            self._set_stops()
        self.take_up_entries()
        return super().reopened(inputs)

    def _set_stops(self) -> None:
        """Sub-deadlines count from the phase's start; one that was put back in the agenda starts anew."""
        self.started_at = self.phase.opened_at
        self.stops = read_stops(self.rules.get("deadlines", ()), self.started_at)

    def take_up_entries(self) -> None:
        """Every entry gets its documents; those of an entry that is taken back go with it."""
        for gone in [entry for entry in self.papers if entry not in self.session.entries]:
            del self.papers[gone]
        self.holding = {person: place for person, place in self.holding.items() if place[0] in self.papers}
        for entry in self.session.entries.values():
            self.carry(entry, self.fields.values())

    def carry(self, entry: Entry, fields: Iterable[Field]) -> list[str]:
        """What the record says already stands in the fields; the keys of those that changed."""
        paper = self.papers.setdefault(entry.id, Paper(entry.id, self.fields))
        return [field.key for field in fields if paper.carry(field.key, record_says(entry, field))]

    def running(self) -> list[tuple[Entry, Paper]]:
        """The entries in the race with their documents."""
        return [
            (e, self.papers[e.id]) for e in self.session.entries.values() if e.in_race and e.id in self.papers
        ]

    # ---- time

    @property
    def grace(self) -> float:
        """Elapsed seconds."""
        return float(self.rules.get("grace_minutes", 0)) * 60.0

    @property
    def frozen(self) -> bool:
        """Whether the documents are only for reading."""
        return not self.is_open or any(stop.hard and stop.reached for stop in self.stops)

    def late_by(self, now: float) -> float:
        """Seconds by which something that comes now is late; 0 while it is on time."""
        closed_at = 0.0 if self.is_open else self.phase.closed_at
        return max(0.0, now - over_at(self.stops, self.grace, closed_at))

    def refuse_late(self, now: float) -> Refused | None:
        if not self.late_by(now):
            return None
        return refuse("frozen", "The documents are frozen. Ask the facilitator to move the deadline.")

    def deadlines(self) -> Iterable[Deadline]:
        for stop in pending(self.stops):
            at = freezes_at(stop, self.grace)
            yield Deadline(at, "freeze", f"{stop.number}-{at:.0f}")

    def freeze(self, command: Command, sender: Member, now: float) -> Decision:
        """The clock: what is due is frozen."""
        return self._reach(now, freezes_at)

    def closing(self, now: float, command: Command) -> list[Event]:
        """A phase that closes early freezes what its deadlines would have frozen."""
        return self._reach(now, lambda stop, grace: 0.0)

    def _reach(self, now: float, due_at: Any) -> list[Event]:
        due = [stop for stop in pending(self.stops) if due_at(stop, self.grace) <= now]
        reached = [
            self.event("stop_reached", stop=stop.number, lacks=self._lacking(stop.number)) for stop in due
        ]
        frozen = [self.snapshot(entry, due[-1].name) for entry, _ in self.running()] if due else []
        return [*reached, *frozen]

    def _lacking(self, stop: int) -> dict[str, dict[str, Any]]:
        lacks = {entry.id: self._lack(paper, stop) for entry, paper in self.running()}
        return {entry: lack for entry, lack in lacks.items() if any(lack.values())}

    def _lack(self, paper: Paper, stop: int) -> dict[str, Any]:
        if self.rules.get("submits") and self.stops[stop].hard:
            return {"unsubmitted": not paper.submitted_at}
        return {
            "fields": len(paper.empty),
            "contacts": max(0, self.stops[stop].contacts - len(paper.contacts)),
        }

    def stop_reached(self, event: Event) -> Iterator[Change]:
        stop = self.stops[event.body["stop"]]
        stop.reached = True
        for entry, lack in event.body["lacks"].items():
            self.papers[entry].lacks[stop.number] = Lack(**lack)
        yield EVERY_PANE

    def move_stop(self, command: Command, sender: Member, now: float) -> Decision:
        """Staff move one deadline (``stop``) by ``minutes`` from where it stands, or from now if it has passed. A
        change of the phase's own end moves none."""
        stop = next((s for s in self.stops if str(s.number) == command.text("stop")), None)
        minutes = command.whole("minutes")
        if stop is None or not minutes:
            return refuse("bad_minutes", "Give whole minutes other than 0, such as 15 or -5.")
        at = (max(stop.at, now) if stop.reached else stop.at) + minutes * 60.0
        if at <= now:
            return refuse("in_the_past", "That moment has passed already. Give a later one.")
        return [self.event("stop_moved", stop=stop.number, moved_at=at, title=dict(stop.title))]

    def stop_moved(self, event: Event) -> Iterator[Change]:
        stop = self.stops[event.body["stop"]]
        stop.at, stop.reached = event.body["moved_at"], False
        yield EVERY_PANE

    # ---- frozen versions

    def snapshot(self, entry: Entry, name: str, texts: Mapping[str, str] | None = None) -> Event:
        """The event that freezes an entry with ``texts`` laid over it: it proves what the fold keeps."""
        over = texts or {}
        titles = [text for key, text in over.items() if text and self.fields[key].record == "title"]
        content = self.papers[entry.id].content(titles[0] if titles else entry.title, over)
        number = 1 + len(entry.every("snapshot"))
        return self.event("snapshot_taken", entry=entry.id, number=number, sha256=digest(content), name=name)

    def snapshot_taken(self, event: Event) -> Iterator[Change]:
        body = event.body
        entry = self.session.entries[body["entry"]]
        self.papers[entry.id].freeze(body["number"], body["name"], event.at, entry.title)
        value = {"number": body["number"], "sha256": body["sha256"], "at": event.at, "name": body["name"]}
        yield Fact(entry.id, "snapshot", value, key=f"{self.phase.id}.{body['number']}")
        yield from self.changed(entry)

    # ---- who may, and what shows it

    def own(self, command: Command, sender: Member) -> tuple[Entry, Paper] | Refused:
        """The sender's own entry in the race that a command names."""
        entry = self.session.entries.get(command.text("entry"))
        if entry is None or entry.id not in self.papers:
            return refuse("no_entry", "There is no such record here. Reload the page.")
        if not sender.team or entry.team != sender.team:
            return not_your_team()
        if not entry.in_race:
            return out_of_race()
        return entry, self.papers[entry.id]

    def field_touch(self, entry: str, key: str) -> Changed:
        found = self.session.entries.get(entry)
        return Changed("field", f"{entry}.{key}", team_scope(found.team if found else ""))

    def entry_touch(self, entry: Entry) -> Changed:
        return Changed("entry", entry.id, team_scope(entry.team))

    def changed(self, entry: Entry) -> tuple[Changed, ...]:
        """What an entry's progress shows in: the team's own summary, the projector, the console."""
        return self.entry_touch(entry), Changed("line", entry.team), Changed("tally"), *CONSOLE


def record_says(entry: Entry, field: Field) -> str | None:
    """What the record holds at a field's place: None for nothing, "" where there were words that are erased."""
    if field.record == "title":
        return entry.title
    group, _, name = field.record.partition(".")
    return entry.fields.get(group, {}).get(name)


def not_your_team() -> Refused:
    return refuse("not_your_team", "This record belongs to another team. Only that team writes in it.")


def out_of_race() -> Refused:
    return refuse("not_in_race", "This record is no longer in the race. What was written is kept.")


def owner_of(entry: Entry) -> str:
    """The person who has accepted to own an entry; "" while nobody has."""
    owner = entry.latest("owner") or {}
    return str(owner["person"]) if owner.get("accepted") else ""


def refuse_reason(reason: str) -> Refused | None:
    if not reason:
        return refuse("no_reason", "Say why in a few words; it goes into the log of decisions.")
    return too_long(reason, MAX_REASON)
