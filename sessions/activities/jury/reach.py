"""How far it goes what a jury says of the first place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sessions.activities.jury.handed_on import winners
from sessions.messages import Event
from sessions.revealing import is_concealed
from sessions.sight import Thing
from sessions.things import VERDICTS, in_section, stands

if TYPE_CHECKING:
    from sessions.activities.jury import Jury


def things(jury: Jury, event: Event) -> Iterator[Thing]:
    """The reason for an award goes as far as what else was said of an entry, once the award has been shown. What jurors
    write of entries and of themselves is the house's."""
    if event.kind != "result_signed":
        return
    place = (jury.phase.id, "award", jury.award)
    for entry in winners(event.body, jury.award):
        latest = stands(jury.session, entry, event, place)
        for thing in in_section(jury.session, entry, VERDICTS, latest):
            hidden = is_concealed(jury.session, jury.session.entries[entry], *place)
            yield replace(thing, concealed=thing.concealed or hidden)
