"""What later phases and the record get from here on."""

from __future__ import annotations

from collections.abc import Iterable

from sessions.activities.own.state import Ownership, Ownerships
from sessions.entry import Entry
from sessions.outcome import Fact, Outcome


def owner_of(entry: str, ownership: Ownership) -> Fact:
    """Who carries an entry: the owner, or as long as there is none who is asked."""
    if ownership.owner:
        accepted = {"person": ownership.owner, "accepted": True}
        return Fact(entry, "owner", {**accepted, "named": True} if ownership.named else accepted)
    return Fact(entry, "owner", {"person": ownership.asked, "accepted": False} if ownership.asked else None)


def outcome(owners: Ownerships, racing: Iterable[Entry]) -> Outcome:
    """Figures: ``owners``, the person by entry, for entries that have one."""
    found = {entry.id: owners.of(entry.id).owner for entry in racing}
    return Outcome(figures={"owners": {entry: owner for entry, owner in found.items() if owner}})
