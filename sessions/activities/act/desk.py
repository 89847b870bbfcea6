"""What whoever answers works with, on the console and on a phone; and the console's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.act import items, reach
from sessions.activities.act.answering import MOST_ANSWER
from sessions.activities.act.carrying_out import MOST_SUPPORT
from sessions.activities.act.face import of_action, of_item
from sessions.activities.act.sorts import SORTS
from sessions.activities.act.writing import MOST_LETTERS
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, is_for
from sessions.days import last_day

if TYPE_CHECKING:
    from sessions.activities.act import Act
    from sessions.activities.act.plan import Action

USUAL_DAYS = 14
"""Days until something is due where the rules say nothing."""


def limits(act: Act) -> dict[str, Any]:
    """What every form needs: who can carry something, from which day on, and what is usual."""
    days = int(act.rules.get("due_days", USUAL_DAYS))
    return {
        "choices": act.choices,
        "people": [member.id for member in act.able],
        "today": last_day(act.at, 0, act.session.zone).isoformat(),
        "usual_day": last_day(act.at, days, act.session.zone).isoformat(),
        "most": MOST_LETTERS,
        "most_answer": MOST_ANSWER,
        "most_support": MOST_SUPPORT,
    }


def blanks(act: Act, view: str, scope: str) -> dict[str, Any]:
    """What the forms for new actions need: the sorts, the areas, and what an action may come from."""
    seen = [item for item in items.sources(act).values() if reach.is_item_seen(act, item, view, scope)]
    return {
        "sorts": {name: SORTS[name] for name in act.sorts},
        "areas": list(act.areas),
        "sourced": bool(act.rules.get("sourced")),
        "asks_contact": bool(act.rules.get("contact")),
        "sources": [items.face(item) for item in seen],
        **limits(act),
    }


def pane(act: Act, view: str, scope: str) -> dict[str, Any]:
    """The console's: every item and every action, and the forms for staff."""
    lists = {
        "items": list(items.sources(act)) if act.choices else [],
        "lines": [a.id for a in act.plan.standing() if is_line(a)],
    }
    return {**lists, **blanks(act, view, scope)}


def row(act: Act, view: str, scope: str, key: str) -> Fragment | None:
    """An item in the console's table."""
    item = items.source(act, key)
    if item is None or not act.choices:
        return None
    return Fragment({"item": of_item(act, item, view, scope)}, home="rows", order=f"{item.number:05d}")


def line(act: Act, view: str, scope: str, key: str) -> Fragment | None:
    """An action in the console's table, with what staff can do about it."""
    action = act.plan.actions.get(key)
    if action is None or action.withdrawn or not is_line(action):
        return None
    data = {"action": of_action(act, action, view, scope), **limits(act)}
    return Fragment(data, home="lines", order=f"{action.number:05d}")


def is_line(action: Action) -> bool:
    """Whether an action stands by itself: what comes of an answer stands beside that, unless it asks for support."""
    return not action.answers or action.support is not None


def counts(act: Act, view: str, scope: str, key: str) -> Fragment:
    """How far it all is."""
    return Fragment(tally(act))


def tally(act: Act) -> dict[str, int]:
    """How many items and actions there are, and how many of them are settled."""
    standing = list(act.plan.standing())
    every = items.sources(act) if act.choices else {}
    return {
        "of": len(every),
        "answered": sum(name in act.plan.answers for name in every),
        "count": len(standing),
        "responsible": sum(bool(action.responsible) for action in standing),
    }


def desk(act: Act, view: str, scope: str, key: str) -> Fragment | None:
    """The item being answered, with the form for its answer; what can be taken next."""
    if not act.choices or not _answers(act, view, scope):
        return None
    left = [item for item in items.unanswered(act) if reach.is_item_seen(act, item, view, scope)]
    live = items.source(act, act.plan.live)
    shown = live if live is not None and reach.is_item_seen(act, live, view, scope) else None
    following = next((item for item in left if shown is None or item.id != shown.id), None)
    data = {
        "item": of_item(act, shown, view, scope) if shown else None,
        "following": items.face(following) if following else None,
        "left": len(left),
        **limits(act),
    }
    return Fragment(data)


def _answers(act: Act, view: str, scope: str) -> bool:
    return (view == "console" and scope == EVERYBODY) or is_for(scope, act.answerers)
