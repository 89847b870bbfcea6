"""Teams as rows: for the facilitator's board, for their own people, for those who choose one, for the projector."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.team.mix import coverage
from sessions.activities.team.seat_history import Table
from sessions.audience import EVERYBODY
from sessions.messages import Text
from sessions.viewers import named_in

if TYPE_CHECKING:
    from sessions.activities.team import Team

ON_BOARD = 48
"""Characters of a need in the list of those who have no team."""


def board(activity: Team) -> dict[str, Any]:
    """Every team with the rules it breaks and its entries, and whoever has no place."""
    return {
        "rows": [_row(activity, table) for table in activity.seats.tables.values()],
        **without_place(activity),
    }


def _row(activity: Team, table: Table) -> dict[str, Any]:
    entries = activity.session.entries_of(table.id)
    return {**team_card(activity, table), "broken": activity.draft.broken(table), "entries": entries}


def without_place(activity: Team) -> dict[str, Any]:
    """Whoever has no place, and where there is one."""
    unplaced = [
        {
            "member": member,
            "areas": _areas(activity, member.competences),
            "wishes": [shortened(need, ON_BOARD) for need in activity.draft.wished_needs(member.id)],
        }
        for member in activity.unplaced()
    ]
    needs = list(activity.draft.needs.values())
    return {
        "stage": activity.draft.stage,
        "unplaced": unplaced,
        "choices": choices(activity),
        "needs": needs,
    }


def choices(activity: Team) -> list[dict[str, Any]]:
    """The teams, for those who choose one of them."""
    return [
        {
            "id": table.id,
            "number": table.number,
            "name": table.name,
            "need": activity.draft.need_text(table),
            "free": max(0, activity.draft.mix.max_size - len(table.members)),
        }
        for table in activity.seats.tables.values()
    ]


def team_card(activity: Team, table: Table) -> dict[str, Any]:
    """A team with its people, for those who are in it and for the board."""
    members = [_member(activity, table, person) for person in table.members]
    return {"team": table, "need": activity.draft.need_text(table), "people": members}


def _member(activity: Team, table: Table, person: str) -> dict[str, Any]:
    return {
        "id": person,
        "areas": _areas(activity, activity.draft.candidate(person).areas),
        "leads": person == table.leader,
        "gone": not activity.draft.placeable(person),
        "present": activity.session.people[person].present,
    }


def on_screen(activity: Team, table: Table) -> dict[str, Any]:
    """A team on the projector: number, name, need and seats, and those of its people who may be named there."""
    draft, taken = activity.draft, len(table.members)
    areas = coverage([draft.candidate(person) for person in table.members])
    return {
        "number": table.number,
        "name": table.name,
        "need": draft.need_text(table),
        "people": named_in(activity.session, "screen", EVERYBODY, table.members),
        "taken": taken,
        "seats": max(taken, min(draft.mix.target, draft.mix.max_size)),
        "cover": [activity.areas.get(area, area) for area in areas],
        "broken": draft.broken(table),
    }


def _areas(activity: Team, areas: Iterable[str]) -> list[Text | str]:
    return [activity.areas.get(area, area) for area in sorted(areas)]


def area_names(format_data: Mapping[str, Any]) -> Mapping[str, Text]:
    """What areas of competence are called, from the forms that ask for them."""
    fields = (field for form in format_data.get("forms", {}).values() for field in form.get("fields", ()))
    asked = (field for field in fields if "competence" in (field.get("fact"), field.get("id")))
    return {option["id"]: option["label"] for field in asked for option in field.get("options", ())}


def shortened(text: str, limit: int) -> str:
    """The text's first words, at most ``limit`` characters with the mark of leaving out."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rpartition(" ")[0].rstrip(",;:–- ") + " …"
