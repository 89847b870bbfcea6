"""How far the reasons of decisions go, and the new words that come with a change of course."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.decide.handed_on import SUMMARY
from sessions.activities.decide.state import CHOICES
from sessions.messages import Event
from sessions.sight import Thing
from sessions.things import VERDICTS, in_section, is_latest, stands

if TYPE_CHECKING:
    from sessions.activities.decide import Decide


def things(activity: Decide, event: Event) -> Iterator[Thing]:
    """What a decision that stands says: words that were written are None here. What one team asks of another stays
    between them."""
    if event.kind not in CHOICES.values():
        return
    session, entry, phase = activity.session, event.body["entry"], activity.phase.id
    yield from in_section(session, entry, VERDICTS, stands(session, entry, event, (phase, "decision", phase)))
    if event.body.get("title", "") is None:
        yield from in_section(session, entry, "title", is_latest(session, entry, event, "title"))
    if event.body.get("summary", "") is None:
        yield from in_section(session, entry, "summary", is_latest(session, entry, event, "field", SUMMARY))
