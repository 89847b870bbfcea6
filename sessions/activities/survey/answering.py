"""Answering a survey: what may be sent, what it leads to, and what it says about people and entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sessions.activities.survey.by_organisation import refuse_second, told
from sessions.activities.survey.questions import EMPTY, Answers, Question, divided
from sessions.activities.survey.reading import own_row, read_answers
from sessions.activities.survey.responses import Given
from sessions.activity import Change, Changed
from sessions.audience import STAFF, person_scope, team_scope
from sessions.ballot_boxes import secret_ballot
from sessions.messages import Command, Decision, Event, Item, Personal, Refused, refuse
from sessions.outcome import Fact
from sessions.refusals import closed, not_allowed, not_sealed
from sessions.session_shapes import own_event

if TYPE_CHECKING:
    from sessions.activities.survey import Survey
    from sessions.activities.survey.events import Answered
    from sessions.people import Member

ENTERERS = STAFF | {"night_host"}
"""Who may enter what a team told them."""


def answer(activity: Survey, command: Command, sender: Member, now: float) -> Decision:
    """Answer by question id; again replaces, unless it is anonymous. ``final`` "no" only keeps a draft. In a form
    of teams the sender's team answers, or the one that staff name in ``for_team``."""
    if not activity.is_open and not activity.late:
        return closed(activity.phase, now)
    respondent, final = _respondent(activity, command, sender), command.text("final") != "no"
    if isinstance(respondent, Refused):
        return respondent
    no = _refuse_trace(activity, sender, final)
    if no is not None:
        return no
    members, key_of = activity.nameable(respondent), activity.session.key_of
    asked = activity.asked_of(respondent)
    questions = (q if q in asked else replace(q, required=False) for q in activity.questions)
    answers = read_answers(questions, command, members, final, key_of)
    if isinstance(answers, Refused):
        return answers
    if activity.of_organisations and final:
        no = refuse_second(activity, command, sender, answers)
        if no is not None:
            return no
    beside = _beside(activity, command, sender, answers)
    return [*_answering(activity, respondent, answers, final), *beside]


def _refuse_trace(activity: Survey, sender: Member, final: bool) -> Refused | None:
    """Answers that nobody can find again are sent once, and whole."""
    if not activity.anonymous:
        return None
    if sender.id in activity.responses.given:
        return refuse(
            "answered_already",
            "Your answers are in already. They are anonymous, so they can neither be found nor changed.",
        )
    if not activity.box_key:
        return not_sealed()
    if final:
        return None
    return refuse("no_draft", "Anonymous answers are not kept half done. Send them whole.")


def _respondent(activity: Survey, command: Command, sender: Member) -> str | Refused:
    if not activity.of_teams:
        return sender.id
    team = command.text("for_team") or sender.team
    if team not in activity.session.teams:
        return refuse("no_team", "You are in no team. Ask the facilitator to put you into one.")
    return team if team == sender.team or sender.role in ENTERERS else not_allowed()


def _answering(activity: Survey, respondent: str, answers: Answers, final: bool) -> list[Item]:
    if activity.anonymous:
        return [activity.event("answered", final=True), secret_ballot(activity.phase.id, answers)]
    whole = {**_kept(activity, respondent), **answers}
    choices, texts = divided(whole, activity.responses.text_ids)
    written = {"texts": texts, "wrote": list(texts)} if texts else {}
    return [activity.event("answered", answers=choices, final=final, respondent=respondent, **written)]


def _kept(activity: Survey, respondent: str) -> Answers:
    """What stays as it was when it is left empty, because the form cannot show it again."""
    before = activity.responses.latest(respondent)
    kept = [q.id for q in activity.questions if q.type == "organisation"]
    return {q: before.choices[q] for q in kept if before and q in before.choices}


def _beside(
    activity: Survey, command: Command, sender: Member, answers: Answers
) -> Iterator[Event | Personal]:
    """What else comes with the answers: the sender's own row, another language."""
    row = own_row(activity.questions, command)
    if row:
        yield Personal(sender.id, row)
    chosen = (answers[q.id] for q in activity.questions if q.type == "language" and q.id in answers)
    if (language := next(chosen, sender.language)) != sender.language:
        yield own_event("language_chosen", person=sender.id, language=language)


def answered(activity: Survey, event: Event) -> Iterator[Change]:
    body: Answered = event.body
    who = body.get("respondent", event.actor)
    given = activity.responses.read(body, event.actor, event.at)
    activity.responses.add(who, given, event.seq)
    if activity.anonymous:
        activity.responses.sealed.add(who)
    yield Changed(scope=team_scope(who) if activity.of_teams else person_scope(who))
    if given.final:
        yield from (Changed("board"), Changed("desk"))
        yield from (Changed("row", who),) if activity.is_named else ()
        yield from _facts(activity, who, given) if not activity.anonymous else ()
        yield from told(activity, who) if activity.of_organisations else ()


def _facts(activity: Survey, who: str, given: Given) -> Iterator[Fact]:
    """About people only what was chosen; about a team's entries also what was written."""
    answers = {**given.choices, **given.texts}
    for question in activity.questions:
        value = answers.get(question.id, EMPTY.get(question.type))
        if _tells_of_people(question, value):
            yield from _about_people(activity, question, who, value)
        if question.entry_fact:
            entries = activity.session.entries_of(who)
            yield from (Fact(entry.id, question.entry_fact, value) for entry in entries)


def _tells_of_people(question: Question, value: Any) -> bool:
    """An organisation that was left empty says nothing."""
    if not question.fact or question.is_text:
        return False
    return question.type != "organisation" or value is not None


def _about_people(activity: Survey, question: Question, who: str, value: Any) -> Iterator[Fact]:
    if not activity.of_teams:
        yield Fact(person_scope(who), question.fact, value)
        return
    for member in activity.nameable(who):
        yield Fact(person_scope(member), question.fact, member in value)
