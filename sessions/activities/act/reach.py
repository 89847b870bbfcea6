"""How far an item, an answer and an action go: to everybody in the phase, no farther than their authors let them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sessions.activities.act.items import Source, card_of, source
from sessions.messages import Event
from sessions.sight import Author, Circle, Thing, may_see, reach_of
from sessions.viewers import card_reach, viewer_in

if TYPE_CHECKING:
    from sessions.activities.act import Act
    from sessions.activities.act.plan import Action, Answer

ANYBODY = Author(name_reach=Circle.PUBLIC)
"""Whose name stands beside it is asked where it is written; here it is the text alone."""


def floor(act: Act) -> Circle:
    """How far something must reach to stand where everybody reads it: a phase may be held in public."""
    return Circle.PUBLIC if act.phase.spec.public else Circle.SESSION


def consent_of(act: Act, person: str) -> Circle:
    """How far somebody lets what they write go."""
    member = act.session.people.get(person)
    return reach_of(None, member.consent if member else None)


def _thing(act: Act, kind: str, reach: Circle, authors: tuple[str, ...], team: str = "") -> Thing:
    whose = frozenset(authors) - {""}
    return Thing(kind, whose, act.session.code, team, phase=act.phase.id, reach=reach)


def of_item(act: Act, item: Source) -> Thing:
    """An item, as sight asks for it. A card about a project is for that project's team."""
    card = card_of(act, item.id)
    if card is None:
        return _thing(act, "record", Circle.PUBLIC, ())
    target = act.session.entries.get(card.target)
    reach = card_reach(act.session, card)
    reach, team = (min(reach, Circle.TEAM), target.team) if target else (reach, card.team)
    return _thing(act, "card", reach, card.authors, team)


def of_answer(act: Act, name: str, answer: Answer) -> Thing:
    """What was answered: whoever wrote the item reads it in any case."""
    item = source(act, name)
    authors = item.authors if item else ()
    return _thing(act, "answer", consent_of(act, answer.by), (answer.by, *authors))


def of_action(act: Act, action: Action) -> Thing:
    """An action: whom it concerns reads it in any case, and whoever wrote what it comes from."""
    item = source(act, action.source)
    thing = _thing(
        act, "action", consent_of(act, action.by), (*action.people, *(item.authors if item else ()))
    )
    return replace(thing, state="withdrawn") if action.withdrawn else thing


def sees(act: Act, thing: Thing, view: str, scope: str) -> bool:
    """Whether all who share a view and a scope may read it."""
    return may_see(viewer_in(act.session, view, scope), thing, ANYBODY, act.at).text


def is_item_seen(act: Act, item: Source, view: str, scope: str) -> bool:
    return sees(act, of_item(act, item), view, scope)


def is_action_seen(act: Act, action: Action, view: str, scope: str) -> bool:
    return sees(act, of_action(act, action), view, scope)


def is_kept(act: Act, action: Action) -> bool:
    """Whether its author lets only staff, and whom it concerns, read it."""
    return consent_of(act, action.by) < floor(act)


def things(act: Act, event: Event) -> Iterator[Thing]:
    """What the words of an event are; what was replaced since is as good as withdrawn."""
    name = event.body.get("card", "")
    if event.kind == "item_answered":
        answer = act.plan.answers.get(name)
        if answer is not None:
            yield _standing(of_answer(act, name, answer), answer.seq == event.seq)
    elif name in act.plan.actions:
        action = act.plan.actions[name]
        yield _standing(of_action(act, action), _stands(action, event))
        if event.actor != action.by:
            yield _thing(act, "action", consent_of(act, event.actor), (event.actor,))


def _standing(thing: Thing, stands: bool) -> Thing:
    return thing if stands else replace(thing, state="withdrawn")


def _stands(action: Action, event: Event) -> bool:
    """Whether the words of an event are those that stand now."""
    if event.kind in ("action_added", "action_changed"):
        return action.worded_seq == event.seq
    support = action.support
    if support is None:
        return False
    return event.seq in (support.seq, support.answered_seq)
