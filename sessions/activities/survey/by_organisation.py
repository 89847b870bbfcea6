"""Surveys in which each organisation answers once: the answers of whoever of it sent last are the ones that count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from sessions.activities.survey.questions import Answers
from sessions.activity import Changed
from sessions.audience import person_scope
from sessions.messages import Command, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.survey import Survey
    from sessions.activities.survey.responses import Given
    from sessions.people import Member


def one_each(activity: Survey, counted: Mapping[str, Given]) -> dict[str, Given]:
    """Of the responses by person, the latest of each organisation; of somebody who belongs to none, their own."""
    latest: dict[str, str] = {}
    for who, _ in sorted(counted.items(), key=lambda came: came[1].at):
        latest[activity.session.people[who].organisation or who] = who
    kept = set(latest.values())
    return {who: given for who, given in counted.items() if who in kept}


def asked_once(activity: Survey, people: Iterable[str]) -> list[str]:
    """Whoever has answered for an organisation, else the first of it who is asked."""
    found: dict[str, str] = {}
    for who in (*activity.counted, *people):
        found.setdefault(activity.session.people[who].organisation or who, who)
    return list(found.values())


def colleague(activity: Survey, member: Member) -> str:
    """Who else has answered for somebody's organisation, where those answers count; "" for nobody."""
    return _answered_for(activity, member.organisation, member.id)


def _answered_for(activity: Survey, organisation: str, but: str) -> str:
    people = activity.session.people
    theirs = (who for who in activity.counted if organisation and people[who].organisation == organisation)
    return next((who for who in theirs if who != but), "")


def refuse_second(activity: Survey, command: Command, sender: Member, answers: Answers) -> Refused | None:
    """Why somebody cannot answer for their organisation now: they have none, or it has answered, and they do not say
    that theirs are ``instead``."""
    said = (answers[q.id] for q in activity.questions if q.type == "organisation" and answers.get(q.id))
    organisation = activity.session.organisation_of(next(said, "")) or sender.organisation
    if not organisation:
        return refuse(
            "no_organisation", "Each organisation answers once here. Say first under Mine which is yours."
        )
    if command.text("instead") or not _answered_for(activity, organisation, sender.id):
        return None
    return refuse(
        "organisation_answered",
        "Somebody has answered for your organisation already. If yours are to count instead, tick that and send again.",
    )


def told(activity: Survey, who: str) -> Iterator[Changed]:
    """Everybody of an organisation sees who answered for it; what was counted of theirs before may count no more."""
    organisation = activity.session.people[who].organisation
    for member in activity.session.people.values():
        if organisation and member.organisation == organisation and member.id != who:
            yield Changed(scope=person_scope(member.id))
            if member.id in activity.responses.first_seq:
                yield Changed("row", member.id)
