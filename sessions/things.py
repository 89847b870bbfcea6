"""Words of events about an entry, as sight asks for them: for activities to say what theirs are (see levels.py)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sessions.viewers import own_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessions.entry import Place
    from sessions.messages import Event
    from sessions.session_view import SessionView
    from sessions.sight import Thing

PLACES = {"title": "identity.title", "next_action": "plan.next_action"}
"""Where a text stands in a record that is not called by its place."""
VERDICTS = "verdicts"
"""The section of a record in which stands what others have said of it, and what was decided."""


def in_section(session: SessionView, entry: str, section: str, stands: bool = True) -> Iterator[Thing]:
    """What stands in a section of an entry's record; nothing where there is no such entry. Where it no longer
    ``stands``, because something else was written in its place, it is as good as withdrawn."""
    found = session.entries.get(entry)
    if found is not None:
        thing = own_section(session, found, section)
        yield thing if stands else replace(thing, state="withdrawn")


def stands(session: SessionView, entry: str, event: Event, *places: Place) -> bool:
    """Whether what an event has said of an entry, at these places, is what was said there last."""
    found = session.entries.get(entry)
    return found is not None and all(
        place in found.said and found.said[place].seq == event.seq for place in places
    )


def is_latest(session: SessionView, entry: str, event: Event, name: str, key: str = "") -> bool:
    """Whether an event was the last to say something under a name and key, in whichever phase, and nobody has written
    something else in its place in the record since."""
    found, own = session.entries.get(entry), session.own.get(entry)
    if own is not None and PLACES.get(name, key) in own.rewritten:
        return False
    seqs = [said.seq for (_, n, k), said in found.said.items() if (n, k) == (name, key)] if found else []
    return max(seqs, default=0) == event.seq
