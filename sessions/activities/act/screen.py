"""What the projector shows: the item being answered with its answer, else the actions by day or a table of areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.act import desk, items, reach
from sessions.activities.act.face import of_action, of_item
from sessions.activity import Fragment

if TYPE_CHECKING:
    from sessions.activities.act import Act
    from sessions.activities.act.plan import Action

LISTED = 12
"""As many actions stand on the wall; the others are on phones."""
STRIP = 24
"""Up to so many items stand as numbers under the one being answered."""
ACTORS = 8
"""Rows of the table of areas."""


def pane(act: Act, view: str, scope: str) -> dict[str, Any]:
    return {}


def wall(act: Act, view: str, scope: str, key: str) -> Fragment:
    """``live`` is the item being answered; ``lines`` are actions, ``answers`` items that have an answer."""
    every = list(items.sources(act).values()) if act.choices else []
    shown = [item for item in every if reach.is_item_seen(act, item, view, scope)]
    live = next((item for item in shown if item.id == act.plan.live), None)
    answered = [item for item in shown if item.id in act.plan.answers]
    lines = [a for a in act.plan.due_first() if not a.answers and reach.is_action_seen(act, a, view, scope)]
    return Fragment(
        {
            **desk.tally(act),
            "live": of_item(act, live, view, scope) if live and act.is_open else None,
            "strip": [_tile(act, item.id, item.number) for item in every] if len(every) <= STRIP else [],
            "answers": [of_item(act, item, view, scope) for item in answered[-LISTED:]],
            "more_answers": max(0, len(answered) - LISTED),
            "lines": [of_action(act, action, view, scope) for action in lines[:LISTED]],
            "more": max(0, len(lines) - LISTED),
            "areas": list(act.areas),
            "actors": _actors(act, lines),
            "responsibles": [
                len({a.responsible for a in lines if a.responsible and a.area == area}) for area in act.areas
            ],
            "answering": bool(act.choices),
            "next": of_action(act, lines[0], view, scope) if _is_one_meeting(lines) else None,
        }
    )


def _tile(act: Act, name: str, number: int) -> dict[str, Any]:
    answer = act.plan.answers.get(name)
    return {"number": number, "choice": answer.choice if answer else "", "live": act.plan.live == name}


def _is_one_meeting(lines: list[Action]) -> bool:
    """Whether all that there is is one meeting: it fills the wall."""
    return len(lines) == 1 and lines[0].sort == "booking"


def _actors(act: Act, lines: list[Action]) -> list[dict[str, Any]]:
    """Who is responsible for how much in each area, and where they help; whoever carries most comes first."""
    areas = list(act.areas)
    people: dict[str, list[list[int]]] = {}
    for action in lines:
        if action.area in areas:
            for person, role in ((action.responsible, 0), *((helper, 1) for helper in action.helpers)):
                if person:
                    cells = people.setdefault(person, [[0, 0] for _ in areas])
                    cells[areas.index(action.area)][role] += 1
    rows = [{"person": person, "cells": cells} for person, cells in people.items()]
    return sorted(rows, key=lambda row: -sum(cell[0] for cell in people[str(row["person"])]))[:ACTORS]
