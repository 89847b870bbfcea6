"""What people see of a survey: the form with what they sent, the task, and the roster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.survey.by_organisation import colleague
from sessions.activities.survey.questions import Answers
from sessions.activities.survey.tally import board, desk
from sessions.activity import Fragment
from sessions.audience import scope_type

if TYPE_CHECKING:
    from sessions.activities.survey import Survey
    from sessions.people import Member


def show(activity: Survey, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows, or None where there is nothing for that scope to see."""
    if part:
        return PARTS[part](activity, key)
    kind = scope_type(scope)
    pane = PANES.get((view, kind)) or PANES.get(("", kind))
    return pane(activity, scope) if pane else None


# ---- panes


def _everybody(activity: Survey, scope: str) -> Fragment:
    return Fragment({**task(activity), "rows": []})


def _roster(activity: Survey, scope: str) -> Fragment:
    return Fragment({**task(activity), "rows": list(activity.counted) if activity.is_named else []})


def _team(activity: Survey, scope: str) -> Fragment | None:
    team = activity.team_in(scope) if activity.of_teams else None
    if team is None:
        return None
    people = activity.session.people
    present = [person for person in team.members if (m := people.get(person)) and m.present]
    usual = {question.id: present for question in activity.questions if question.fact == "present"}
    return Fragment({"own": own(activity, team.id, usual)})


def _person(activity: Survey, scope: str) -> Fragment | None:
    person = None if activity.of_teams else activity.person_in(scope)
    if person is None or not person.is_among(activity.phase.spec.who):
        return None
    shown = own(activity, person.id, _usual(activity, person))
    return Fragment({"own": {**shown, **_of_colleague(activity, person)}})


def _of_colleague(activity: Survey, person: Member) -> dict[str, Any]:
    """Who else has answered for the person's organisation, and when."""
    other = colleague(activity, person) if activity.of_organisations else ""
    given = activity.responses.latest(other) if other else None
    return {"colleague": other, "colleague_at": given.at if given else 0.0}


def _mine(activity: Survey, scope: str) -> Fragment | None:
    person = activity.person_in(scope)
    known = person is not None and activity.responses.given.get(person.id)
    return _person(activity, scope) if activity.late or known else None


def _usual(activity: Survey, person: Member) -> Answers:
    """What a person's form starts with."""
    usual = {"language": person.language, "wish_role": person.came_as}
    return {q.id: usual[name] for q in activity.questions for name in (q.type, q.fact) if name in usual}


def own(activity: Survey, who: str, usual: Answers) -> dict[str, Any]:
    """What a respondent sees of their own: what counts, what is kept, and what the fields start with."""
    given, draft = activity.responses.latest(who), activity.responses.draft(who)
    start = draft or given
    return {
        **task(activity),
        "who": who,
        "questions": activity.asked_of(who),
        "given": given,
        "draft": draft,
        "filled": start.answers if start else usual,
        "people": activity.nameable(who),
        "destroyed": who in activity.responses.destroyed,
        "lost": activity.responses.is_lost,
        "can_answer": (activity.is_open or activity.late) and not (activity.anonymous and given),
    }


def task(activity: Survey) -> dict[str, Any]:
    """What kind of survey it is."""
    return {
        "of_teams": activity.of_teams,
        "of_organisations": activity.of_organisations,
        "anonymous": activity.anonymous,
        "look": activity.look,
    }


# ---- parts


def _board(activity: Survey, key: str) -> Fragment:
    return Fragment({**task(activity), **board(activity)})


def _desk(activity: Survey, key: str) -> Fragment:
    shown = desk(activity)
    teams = [{**row, "own": own(activity, row["team"].id, {})} for row in shown["teams"]]
    return Fragment({**task(activity), **shown, "teams": teams})


def _row(activity: Survey, person: str) -> Fragment | None:
    """A line of the roster. Forms of teams and surveys without names have none."""
    given = activity.responses.latest(person)
    if given is None or not activity.is_named or person not in activity.counted:
        return None
    wishes = (given.choices.get(q.id, "") for q in activity.questions if q.fact == "wish_role")
    data = {
        "person": person,
        "given": given,
        "questions": activity.questions,
        "wish": activity.session.people[person].open_wish(next(wishes, "")),
    }
    return Fragment(data, "rows", f"{activity.responses.first_seq[person]:09d}")


PANES: Mapping[tuple[str, str], Callable[[Survey, str], Fragment | None]] = {
    ("", "all"): _everybody,
    ("console", "all"): _roster,
    ("", "team"): _team,
    ("", "person"): _person,
    ("mine", "person"): _mine,
}
"""Pane by view ("" for any) and type of scope."""
PARTS: Mapping[str, Callable[[Survey, str], Fragment | None]] = {
    "board": _board,
    "desk": _desk,
    "row": _row,
}
