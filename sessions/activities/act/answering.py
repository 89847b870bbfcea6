"""Items are answered one by one: accepted, to be tried, or not now, and why. A command names its ``card``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.act import items
from sessions.activities.act.asking import refuse_day, refuse_person
from sessions.activities.act.plan import NOT_NOW, Action
from sessions.activity import too_long
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.act import Act
    from sessions.activities.act.items import Source
    from sessions.people import Member

MOST_ANSWER = 500


def _before_answerer(act: Act, command: Command, sender: Member) -> Source | Refused:
    """The item of a command that only whoever answers may give."""
    if not act.answers(sender):
        return refuse("not_answerer", "Others answer here.")
    item = items.source(act, command.text("card"))
    return item or refuse("no_item", "There is no such card any more. Reload the page.")


def take_item(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """An item is answered now: it stands on the screen, and whoever wrote it is told."""
    item = _before_answerer(act, command, sender)
    if isinstance(item, Refused):
        return item
    return [] if act.plan.live == item.id else [_taken(act, item)]


def _taken(act: Act, item: Source) -> Event:
    return act.event("item_taken", card=item.id, number=item.number)


def answer_item(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """Answer with a ``choice`` and say why (``answer``). What is accepted or tried has somebody who carries it out
    (``person``, whoever sends it where nobody is named) and a day (``due``); of what is not now the day says when to
    look again, and may be left out. With ``next`` (yes) the next one is taken. Again replaces."""
    item = _before_answerer(act, command, sender)
    if isinstance(item, Refused):
        return item
    choice, answer, due = command.text("choice"), command.text("answer"), command.text("due")
    no = _refuse_answer(act, choice, answer) or (
        refuse_day(act, due, now) if due or choice != NOT_NOW else None
    )
    if no is not None:
        return no
    outcome = _outcome(act, item, choice, command.text("person"), due, sender)
    if isinstance(outcome, Refused):
        return outcome
    return [*_said(act, item, choice, answer, due, sender), *outcome, *_following(act, item, command)]


def _refuse_answer(act: Act, choice: str, answer: str) -> Refused | None:
    if choice not in act.choices:
        return refuse("no_choice", "Choose an answer, then send again.")
    if not answer:
        return refuse("no_why", "Say why in a line. Whoever wrote this reads it.")
    return too_long(answer, MOST_ANSWER)


def _said(act: Act, item: Source, choice: str, answer: str, due: str, sender: Member) -> list[Event]:
    again = due if choice == NOT_NOW else ""
    known = act.plan.answers.get(item.id)
    if known is not None and (known.choice, known.text, known.due) == (choice, answer, again):
        return []
    return [
        act.event(
            "item_answered",
            card=item.id,
            number=item.number,
            choice=choice,
            answer=answer,
            language=sender.language,
            due=again,
        )
    ]


def _outcome(
    act: Act, item: Source, choice: str, person: str, due: str, sender: Member
) -> list[Event] | Refused:
    """What becomes of the action in which the answer ends."""
    known = act.plan.outcome_of(item.id)
    if choice == NOT_NOW:
        return [act.event("action_withdrawn", card=known.id, number=known.number)] if known else []
    person = person or (sender.id if act.carries(sender) else "")
    no = refuse_person(act, person)
    if no is not None:
        return no
    return (
        _added(act, item, person, due, sender) if known is None else _changed(act, known, person, due, sender)
    )


def _added(act: Act, item: Source, person: str, due: str, sender: Member) -> list[Event]:
    return [
        act.event(
            "action_added",
            **act.next_action(),
            sort="action",
            source=item.id,
            **({"entry": item.entry} if item.entry else {}),
            worded=False,
            texts={},
            language=sender.language,
            area="",
            starts="",
            due=due,
            hour="",
            contact=False,
            person=person,
            answers=True,
        )
    ]


def _changed(act: Act, known: Action, person: str, due: str, sender: Member) -> list[Event]:
    named = {"card": known.id, "number": known.number}
    moved = [act.event("action_moved", **named, due=due, hour="")] if due != known.due else []
    if person in (known.responsible, known.asked):
        return moved
    kind = "action_accepted" if person == sender.id else "responsible_asked"
    return [*moved, act.event(kind, **named, person=person)]


def _following(act: Act, item: Source, command: Command) -> list[Event]:
    if command.text("next") != "yes":
        return []
    following = next((other for other in items.unanswered(act) if other.id != item.id), None)
    return [_taken(act, following)] if following else []
