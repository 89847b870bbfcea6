"""An entry with what its team and owner have said about it, as a row; and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.own.next_steps import LEVELS
from sessions.days import noon
from sessions.entry_list import entries_in_race, entry_label

if TYPE_CHECKING:
    from sessions.activities.own import Own
    from sessions.entry import Entry


def owned_by(activity: Own, person: str) -> list[Entry]:
    """The entries in the race that somebody owns."""
    racing = entries_in_race(activity.session)
    return [entry for entry in racing if activity.owners.of(entry.id).owner == person]


def help_offered(activity: Own, person: str) -> list[dict[str, Any]]:
    """What somebody has offered, with their own words."""
    offers = ((entry, entry.every("help").get(person)) for entry in entries_in_race(activity.session))
    return [
        {**entry_label(activity.session, entry), "text": offer["text"]} for entry, offer in offers if offer
    ]


def entry_row(activity: Own, entry: Entry) -> dict[str, Any]:
    """What a template shows of an entry: whose it is, its next step, its follow-ups, who may see it, who helps."""
    step = entry.latest("next_action")
    followups = entry.latest("followups") or {"months": [], "dates": []}
    return {
        "entry": entry_label(activity.session, entry),
        "care": activity.owners.of(entry.id),
        "step": {**step, "at": noon(step["due"])} if step else None,
        "months": followups["months"],
        "dates": [{"day": day, "at": noon(day)} for day in followups["dates"]],
        "level": entry.latest("visibility") or "team",
        "levels": LEVELS,
        "help": list(entry.every("help").values()),
    }
