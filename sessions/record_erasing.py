"""How a record forgets: what was withdrawn or erased in its session, and all of it when it is withdrawn itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sessions.messages import Event
from sessions.record import Record, is_structure, parted
from sessions.record_shapes import Origin, record_event


def withdraws(decision: Iterable[Event]) -> bool:
    """Whether these events withdraw the record: then nothing stays of what anybody wrote in it."""
    return any(e.kind == "status_changed" and e.body["status"] == "withdrawn" for e in decision)


def written_in(events: Iterable[Event]) -> list[int]:
    """The seqs of the events that hold texts of the record. Reasons for its steps are none, and stay."""
    return [event.seq for event in events if event.body.get("texts") is not None]


OF_CARDS = frozenset(
    {
        *("identity.title", "provenance.absorbed", "provenance.feedback"),
        *("provenance.origin_ideas", "provenance.origin_needs"),
    }
)
"""Fields beside the need's in which words of cards stand."""


def forgetting(
    record: Record, origin: Origin, facts: Mapping[str, Any], seqs: Collection[int], whole: bool
) -> list[Event]:
    """The events by which a record forgets what a session had said before an erasure, in its own events ``seqs``, and
    keeps what still holds. ``facts`` is the whole record as the session has it after the erasure, at ``origin``.
    ``whole``: all of it was withdrawn, and nothing that anybody wrote is left."""
    if not seqs:
        return []
    lost = [name for name, change in record.since.items() if change.seq in seqs and not is_structure(name)]
    held = {} if whole else {name: _still(record, facts, name) for name in lost}
    if not record.approved:
        held |= {name: value for name, value in facts.items() if record.values.get(name) != value}
    gone = sorted(name for name in record.values if name in lost and name not in held)
    since = max(origin["seq"], record.heard.get(origin["session"], 0))
    heard: Origin = {"session": origin["session"], "seq": since}
    told = {name: value for name, value in held.items() if value is not None}
    erased = record_event("erased", seqs=sorted(seqs), why="withdrawn")
    followed = record_event("record_followed", origin=heard, gone=gone, **parted(told))
    return [erased, followed, *_proposed_again(record, heard, facts, told)]


def _still(record: Record, facts: Mapping[str, Any], name: str) -> Any:
    """What a field says after an erasure: of a record that decides for itself what it has taken over, unless that was
    of a card."""
    of_card = name in OF_CARDS or name.startswith("need.")
    if of_card or not record.approved or name not in record.proposed:
        return facts.get(name)  # where nothing is proposed, the session had said the same before the erasure
    return record.values[name]


def _proposed_again(
    record: Record, origin: Origin, facts: Mapping[str, Any], told: Mapping[str, Any]
) -> list[Event]:
    """What the session still proposes, as far as it says it now."""
    still = {name: facts[name] for name in record.proposed if name in facts and name not in told}
    gone = sorted(name for name in record.proposed if name not in still)
    if not record.proposed:
        return []
    return [record_event("record_proposed", origin=origin, gone=gone, **parted(still))]
