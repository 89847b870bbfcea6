"""An entry on a stage: what every kind that calls entries up shows of them, and when that is drawn anew."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sessions.audience import EVERYBODY
from sessions.outcome import Fact, Team
from sessions.viewers import named_in

if TYPE_CHECKING:
    from sessions.entry import Entry
    from sessions.session_view import SessionView

SHOWN_FACTS = frozenset({"kept", "title", "status", "moved_to", "merged_into", "presenters"})
"""What other phases say about entries that every stage shows."""


def entry_on_stage(session: SessionView, entry: Entry, view: str) -> dict[str, Any]:
    """The entry with its ``title`` (as far as one line goes), ``team`` and ``presenters``, as far as everybody in that
    view may know them."""
    presenters = entry.latest("presenters") or ()
    return {
        "entry": entry,
        "title": entry.headline,
        "team": session.teams.get(entry.team),
        "presenters": named_in(session, view, EVERYBODY, presenters),
    }


def is_on_stage(change: Fact | Team, also: Collection[str] = ()) -> bool:
    """Whether a stage shows what another phase has said. ``also`` names the facts that only this kind shows."""
    if isinstance(change, Team):
        return True
    if ":" in change.subject:  # a person: whoever takes back the consent leaves the projector at once
        return change.name == "consent"
    return change.name in SHOWN_FACTS or change.name in also
