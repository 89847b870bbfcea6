"""What happened while people planned, folded in, and which fragments each event changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.act import changes
from sessions.activities.act.handed_on import of_record
from sessions.activities.act.items import entry_of
from sessions.activities.act.plan import Action, Answer, Support
from sessions.activity import Change, Withdrawn
from sessions.messages import Event

if TYPE_CHECKING:
    from sessions.activities.act import Act
    from sessions.activities.act.events import (
        ActionAdded,
        ActionChanged,
        ActionDeclined,
        ActionMoved,
        ItemAnswered,
        OfPerson,
        SupportAnswered,
        SupportAsked,
    )


def _named(act: Act, event: Event) -> Action:
    return act.plan.actions[event.body["card"]]


# ---- items


def item_taken(act: Act, event: Event) -> Iterator[Change]:
    was, act.plan.live = act.plan.live, event.body["card"]
    yield from changes.of_item(act, act.plan.live)
    if was:
        yield from changes.of_item(act, was)


def item_answered(act: Act, event: Event) -> Iterator[Change]:
    body: ItemAnswered = event.body
    act.plan.answers[body["card"]] = Answer(
        choice=body["choice"],
        text=body["answer"] or "",
        by=event.actor,
        at=event.at,
        seq=event.seq,
        language=body["language"],
        due=body["due"],
    )
    yield from changes.of_item(act, body["card"])


# ---- actions


def action_added(act: Act, event: Event) -> Iterator[Change]:
    body: ActionAdded = event.body
    action = Action(
        id=body["card"],
        number=body["number"],
        sort=body["sort"],
        by=event.actor,
        at=event.at,
        source=body["source"],
        answers=body["answers"],
        texts=dict(body["texts"] or {}),
        language=body["language"],
        area=body["area"],
        starts=body["starts"],
        due=body["due"],
        hour=body["hour"],
        contact=body["contact"],
        worded=body["worded"],
        worded_seq=event.seq,
    )
    act.plan.added += 1
    act.plan.actions[action.id] = action
    if body["person"] == event.actor:
        action.accept(event.actor)
    else:
        action.ask(body["person"], event.actor)
    yield from _changed(act, action)


def action_changed(act: Act, event: Event) -> Iterator[Change]:
    body: ActionChanged = event.body
    action = _named(act, event)
    action.texts, action.language = dict(body["texts"] or {}), body["language"]
    action.area, action.worded_seq = body["area"], event.seq
    action.worded = body["worded"]
    yield from _changed(act, action)


def action_moved(act: Act, event: Event) -> Iterator[Change]:
    body: ActionMoved = event.body
    action = _named(act, event)
    action.due, action.hour = body["due"], body["hour"]
    yield from _changed(act, action)


def action_withdrawn(act: Act, event: Event) -> Iterator[Change]:
    action = _named(act, event)
    action.withdrawn, action.texts = True, {}
    if action.support is not None:
        action.support.text = action.support.answer = ""
    yield from _changed(act, action)
    yield Withdrawn(f"card:{action.id}")
    if entry_of(act, action.source):
        yield Withdrawn(f"event:{action.worded_seq}")  # what records have heard of it goes, too


def _changed(act: Act, action: Action, *more: str) -> Iterator[Change]:
    yield from changes.of_action(act, action, *more)
    yield from of_record(act, action)


# ---- who carries it, and who helps


def responsible_asked(act: Act, event: Event) -> Iterator[Change]:
    body: OfPerson = event.body
    action = _named(act, event)
    before = (action.asked, action.responsible)
    action.ask(body["person"], event.actor)
    yield from changes.of_action(act, action, *before)


def action_accepted(act: Act, event: Event) -> Iterator[Change]:
    body: OfPerson = event.body
    action = _named(act, event)
    before = (action.asked, action.responsible)
    action.accept(body["person"])
    yield from changes.of_action(act, action, *before)


def action_declined(act: Act, event: Event) -> Iterator[Change]:
    body: ActionDeclined = event.body
    action = _named(act, event)
    action.decline(body["person"], body["instead"])
    yield from changes.of_action(act, action, body["person"])


def action_helped(act: Act, event: Event) -> Iterator[Change]:
    body: OfPerson = event.body
    action = _named(act, event)
    action.helpers[body["person"]] = None
    yield from changes.of_action(act, action)


def help_stopped(act: Act, event: Event) -> Iterator[Change]:
    body: OfPerson = event.body
    action = _named(act, event)
    action.helpers.pop(body["person"], None)
    yield from changes.of_action(act, action, body["person"])


# ---- support


def support_asked(act: Act, event: Event) -> Iterator[Change]:
    body: SupportAsked = event.body
    action = _named(act, event)
    action.support = Support(body["text"] or "", event.actor, event.at, event.seq)
    yield from changes.of_action(act, action)


def support_answered(act: Act, event: Event) -> Iterator[Change]:
    body: SupportAnswered = event.body
    action = _named(act, event)
    if action.support is not None:
        action.support.choice, action.support.answer = body["choice"], body["answer"] or ""
        action.support.answered_by, action.support.answered_seq = event.actor, event.seq
    yield from changes.of_action(act, action)
