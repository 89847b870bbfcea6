"""An entry on a stage: what every kind that calls entries up shows of them, and when that is drawn anew."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sessions.outcome import Fact, Team

if TYPE_CHECKING:
    from sessions.entry import Entry
    from sessions.session_view import SessionView

SHOWN_FACTS = frozenset({"kept", "title", "status", "moved_to", "merged_into", "presenters"})
"""What other phases say about entries that every stage shows."""


def entry_on_stage(session: SessionView, entry: Entry, view: str) -> dict[str, Any]:
    """The entry with its ``title`` (as far as one line goes), ``team`` and ``presenters``; the projector names only who
    has consented."""
    presenters = entry.latest("presenters") or ()
    return {
        "entry": entry,
        "title": entry.headline,
        "team": session.teams.get(entry.team),
        "presenters": [p for p in presenters if view != "screen" or _may_be_named(session, p)],
    }


def _may_be_named(session: SessionView, person: str) -> bool:
    member = session.people.get(person)
    return member is not None and member.may_be_named


def is_on_stage(change: Fact | Team, also: Collection[str] = ()) -> bool:
    """Whether a stage shows what another phase has said. ``also`` names the facts that only this kind shows."""
    if isinstance(change, Team):
        return True
    if ":" in change.subject:  # a person: whoever takes back the consent leaves the projector at once
        return change.name == "consent"
    return change.name in SHOWN_FACTS or change.name in also
