"""How a survey stands: on the projector in lights and counts, on the console with what was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from sessions.activities import planned_scene
from sessions.activities.survey.questions import Question
from sessions.activities.survey.responses import Given
from sessions.agenda import PLANNED, Slot
from sessions.deadlines import Ahead, deadlines_ahead

if TYPE_CHECKING:
    from sessions.activities.survey import Survey

NAMES_SHOWN = 60
"""How many of those who have not answered the console names."""


def board(activity: Survey) -> dict[str, Any]:
    """For the projector: lights without words, what may be counted, and times."""
    counted, teams = activity.counted, activity.session.teams
    light = next((question for question in activity.questions if question.type == "light"), None)
    asked = activity.asked if activity.of_teams else []
    return {
        **_figures(activity, counted),
        "light": light,
        "lights": [(teams[team], _light(counted.get(team), light)) for team in asked],
        "deadline": _next_hard_deadline(activity) if activity.rules.get("countdown") else None,
        "plan": list(_plan(activity)) if activity.rules.get("plan") else [],
        "signed_up": [teams[team] for team in counted] if activity.rules.get("extra") else [],
    }


def desk(activity: Survey) -> dict[str, Any]:
    """For the console: who has answered what, and who has not."""
    counted, asked = activity.counted, activity.asked
    missing = [who for who in asked if who not in counted]
    teams = activity.session.teams
    rows = [{"team": teams[team], "given": counted.get(team)} for team in asked] if activity.of_teams else []
    return {
        **_figures(activity, counted),
        "few": activity.is_few,
        "teams": rows,
        "missing": missing[:NAMES_SHOWN] if activity.is_named else [],
        "more": max(0, len(missing) - NAMES_SHOWN),
        "texts": activity.texts(),
    }


def _figures(activity: Survey, counted: Mapping[str, Given]) -> dict[str, Any]:
    return {
        "questions": activity.questions,
        "n": len(counted),
        "of": len(activity.asked),
        "figures": activity.breakdown(),
        "sealed": activity.anonymous and activity.is_open,
        "destroyed": len(activity.responses.destroyed),
        "lost": activity.responses.is_lost,
    }


def _light(given: Given | None, question: Question | None) -> str:
    return str(given.choices.get(question.id, "")) if given and question else ""


def _next_hard_deadline(activity: Survey) -> Ahead | None:
    ahead = deadlines_ahead(activity.session.agenda, activity.session.steered_at)
    return next((deadline for deadline in ahead if deadline.hard), None)


def _plan(activity: Survey) -> Iterator[Slot]:
    """What comes after this phase, up to the night."""
    forecast = activity.session.agenda.forecast(activity.session.steered_at)
    at = next((i for i, slot in enumerate(forecast) if slot.phase is activity.phase), 0)
    coming = (slot for slot in forecast[at:] if slot.phase.state == PLANNED and not slot.phase.spec.apart)
    return takewhile(lambda slot: not _is_night(slot), coming)


def _is_night(slot: Slot) -> bool:
    return planned_scene(slot.phase.kind, slot.phase.spec.rules) == "night"
