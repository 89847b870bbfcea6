"""A development-project record as a stream of its own: from an entry in a room to its life after it.

Until its owner has approved it, a record follows its session: each hand-over brings the whole entry as the session had
it at a seq, so late, doubled and unordered ones are harmless. From the approval on the record's own stream decides;
what the session still says is kept beside as a proposal, which somebody takes or dismisses. Fields are flat
(``need.situation``); those in ``STRUCTURE`` hold ids, numbers and choices, all others what people wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sessions.life_cycle import SIDE
from sessions.messages import Event
from sessions.record_shapes import (
    Following,
    Names,
    Origin,
    RecordBegun,
    RecordChanged,
    RecordMerged,
    StatusChanged,
    record_event,
)

STATUS = "identity.status"
STRUCTURE = frozenset(
    {
        "followups",
        "identity.archived_at",
        "identity.number",
        STATUS,
        "identity.visibility",
        "people.contributors",
        "people.owner",
        "provenance.begun_at",
        "provenance.lineage",
        "provenance.log_range",
        "record_id",
        "rights.employer_claims",
        "rights.ip_policy",
        "shape",
    }
)
"""Fields that hold no words of people's: they are never erased."""
AUTHORSHIP = "authorship."
"""Fields that say whose a text is and what it is written in begin with it: structure, all of them."""


class Change(NamedTuple):
    """Who wrote a field last: the event's seq and a pseudonymous id."""

    seq: int
    actor: str


class Review(NamedTuple):
    """Who has read a field and let it stand: the event's seq, a pseudonymous id, and when (wall time)."""

    seq: int
    actor: str
    at: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the life cycle. ``at`` is wall time, seconds since 1970 UTC; ``why`` is "" where nobody said."""

    status: str
    at: float
    actor: str
    why: str


class Record:
    """A record's state: a fold of its stream."""

    def __init__(self) -> None:
        self.id = ""
        self.entry = ""
        self.seq = 0
        self.at = 0.0
        self.approved = False
        self.values: dict[str, Any] = {}
        self.since: dict[str, Change] = {}
        """Who wrote each field last."""
        self.reviews: dict[str, Review] = {}
        """Who has read each field last."""
        self.heard: dict[str, int] = {}
        """Up to which seq each session has been heard."""
        self.proposed: dict[str, Any] = {}
        """What the session has said since the approval and nobody has taken or dismissed."""
        self.steps: list[Step] = []
        self.came_from = ""
        """The last status on the main road."""
        self.merged_into = ""
        self.commands: dict[str, int] = {}
        """The seq of the last event of every command: the same id again gives the same answer."""

    @property
    def sessions(self) -> list[str]:
        """The codes of the sessions that it comes from, the first one first."""
        return list(self.heard)

    @property
    def status(self) -> str:
        return str(self.values.get(STATUS, ""))

    @property
    def texts(self) -> list[str]:
        """The fields in which people wrote something: those of which it is said whose they are."""
        places = (name.removeprefix(AUTHORSHIP) for name in self.values if name.startswith(AUTHORSHIP))
        return [name for name in places if self.values.get(name)]

    def review_of(self, name: str) -> Review | None:
        """The review of a field as it stands; None where nobody has read it, or it was changed since."""
        review, change = self.reviews.get(name), self.since.get(name)
        return review if review and change and change.seq < review.seq else None

    def evolve(self, event: Event) -> None:
        """Fold one event in. Raises ValueError where the stream has a gap."""
        if event.seq != self.seq + 1:
            raise ValueError(f"event {event.seq} after {self.seq}: the record's stream has a gap")
        self.seq, self.at = event.seq, event.at
        self.commands[event.command] = event.seq
        getattr(self, f"_{event.kind}")(event)

    # ---- events

    def _record_begun(self, event: Event) -> None:
        body: RecordBegun = event.body
        self.id, self.entry = body["record"], body["entry"]
        self._follow(body["origin"], event, _values(body))

    def _record_followed(self, event: Event) -> None:
        body: Following = event.body
        self._drop(body["gone"])
        self._follow(body["origin"], event, _values(body))

    def _follow(self, origin: Origin, event: Event, values: Mapping[str, Any]) -> None:
        self.heard[origin["session"]] = origin["seq"]
        self._write(values, event)

    def _record_proposed(self, event: Event) -> None:
        body: Following = event.body
        self.heard[body["origin"]["session"]] = body["origin"]["seq"]
        for name in body["gone"]:
            self.proposed.pop(name, None)
        self.proposed.update(_values(body))

    def _approved(self, event: Event) -> None:
        self.approved = True
        if self.status != "archived":
            self._step("archived", event, event.body["why"])

    def _proposals_taken(self, event: Event) -> None:
        body: Names = event.body
        self._write({name: self.proposed.pop(name) for name in body["names"]}, event)

    def _proposals_dismissed(self, event: Event) -> None:
        body: Names = event.body
        for name in body["names"]:
            del self.proposed[name]

    def _record_changed(self, event: Event) -> None:
        body: RecordChanged = event.body
        self._write(_values(body), event)

    def _status_changed(self, event: Event) -> None:
        body: StatusChanged = event.body
        self._step(body["status"], event, body["why"])

    def _record_merged(self, event: Event) -> None:
        body: RecordMerged = event.body
        self.merged_into = body["into"]
        self._step("merged", event, body["why"])

    def _record_unmerged(self, event: Event) -> None:
        self.merged_into = ""
        self._step(self.came_from, event, event.body["why"])

    def _erased(self, event: Event) -> None:
        """Which words are gone is seen in the events themselves, where they are missing."""

    # ---- what they change

    def forget(self) -> None:
        """Nothing is left of what anybody wrote in it: its words have been erased."""
        self.values = {name: value for name, value in self.values.items() if is_structure(name)}
        self.proposed = {}

    def _write(self, values: Mapping[str, Any], event: Event) -> None:
        if STATUS in values and values[STATUS] != self.status:
            self._step(values[STATUS], event, "")
        for name, value in values.items():
            self.values[name], self.since[name] = value, Change(event.seq, event.actor)
            self.proposed.pop(name, None)

    def _drop(self, names: Iterable[str]) -> None:
        for name in names:
            self.values.pop(name, None)

    def _reviewed(self, event: Event) -> None:
        body: Names = event.body
        review = Review(event.seq, event.actor, event.at)
        self.reviews |= dict.fromkeys(body["names"], review)

    def _step(self, status: str, event: Event, why: str | None) -> None:
        self.values[STATUS], self.since[STATUS] = status, Change(event.seq, event.actor)
        self.steps.append(Step(status, event.at, event.actor, why or ""))
        if status not in SIDE:
            self.came_from = status


def fold(events: Iterable[Event]) -> Record:
    """A record from the events of its stream."""
    record = Record()
    for event in events:
        record.evolve(event)
    return record


def _values(body: RecordBegun | Following | RecordChanged) -> dict[str, Any]:
    """Fields and texts together; an erased text is None."""
    texts = body["texts"] or {}
    return {**body["fields"], **{name: texts.get(name) for name in body["written"]}}


def hear(record: Record, entry: str, origin: Origin, facts: Mapping[str, Any]) -> list[Event]:
    """The events that a session's hand-over leads to; none where it brings nothing new.

    ``facts`` is the whole record as the session had it at ``origin``: late and doubled hand-overs change nothing.
    """
    if origin["seq"] <= record.heard.get(origin["session"], 0):
        return []
    if not record.seq:
        begun = record_event(
            "record_begun", record=facts["record_id"], entry=entry, origin=origin, **parted(facts)
        )
        return [begun, *_approval(facts, origin)]
    if record.approved:
        return _proposal(record, origin, facts)
    news = {name: value for name, value in facts.items() if record.values.get(name) != value}
    gone = sorted(name for name in record.values if name not in facts)
    followed = record_event("record_followed", origin=origin, gone=gone, **parted(news))
    return [followed, *_approval(facts, origin)]


def _approval(facts: Mapping[str, Any], origin: Origin) -> list[Event]:
    """A record that its session has archived is approved: that takes an owner who has accepted."""
    archived = facts[STATUS] == "archived"
    return [record_event("approved", session=origin["session"], why="")] if archived else []


def _proposal(record: Record, origin: Origin, facts: Mapping[str, Any]) -> list[Event]:
    differs = {name: value for name, value in facts.items() if record.values.get(name) != value}
    news = {name: value for name, value in differs.items() if record.proposed.get(name) != value}
    gone = sorted(name for name in record.proposed if name in facts and name not in differs)
    return [record_event("record_proposed", origin=origin, gone=gone, **parted(news))]


def parted(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as an event's body has them: structure and words apart."""
    texts = {name: value for name, value in values.items() if not is_structure(name)}
    fields = {name: value for name, value in values.items() if is_structure(name)}
    return {"fields": fields, "written": sorted(texts), "texts": texts or None}


def is_structure(name: str) -> bool:
    """Whether a field holds no words of people's."""
    return name in STRUCTURE or name.startswith(AUTHORSHIP)


def changed(texts: Mapping[str, Any], by: str, language: str) -> Event:
    """The event of somebody's having written these fields, in a language ("" where nobody knows)."""
    whose = {"by": [by], "language": language, "phase": ""}
    return record_event("record_changed", **parted({**texts, **{f"{AUTHORSHIP}{n}": whose for n in texts}}))
