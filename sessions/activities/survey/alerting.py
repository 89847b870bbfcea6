"""What the facilitator is alerted to in a survey of teams."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sessions.activities.survey.responses import Given
from sessions.activity import Alert, alert
from sessions.outcome import Team

if TYPE_CHECKING:
    from sessions.activities.survey import Survey


def alerts(survey: Survey) -> Iterable[Alert]:
    """Teams that show a red light."""
    lights = [q for q in survey.questions if q.type == "light"] if survey.is_open and survey.of_teams else []
    for light in lights:
        for who, given in survey.counted.items():
            if given.choices.get(light.id) == "red":
                yield _red(survey.session.teams[who], given)


def _red(team: Team, given: Given) -> Alert:
    blocker = given.texts.get("blocker", "")
    if not blocker:
        return alert("Team {number} {team} is red", given.at, number=team.number, team=team.name)
    return alert(
        "Team {number} {team} is red: “{blocker}”",
        given.at,
        number=team.number,
        team=team.name,
        blocker=blocker,
    )
