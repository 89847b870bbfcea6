"""What phones show: the forms, what everybody reads, and what concerns somebody themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.act import desk, items, reach
from sessions.activities.act.face import of_action, of_item
from sessions.activities.act.sorts import SORTS
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, is_for, scope_of

if TYPE_CHECKING:
    from sessions.activities.act import Act
    from sessions.activities.act.items import Source
    from sessions.activities.act.plan import Action

# ---- everybody


def everybody_pane(act: Act, view: str, scope: str) -> dict[str, Any]:
    """What is answered, in its order, and the actions that come from no answer."""
    every = items.sources(act).values() if act.choices else ()
    alone = (action for action in act.plan.due_first() if not action.answers)
    shown = [action.id for action in alone if reach.is_action_seen(act, action, view, scope)]
    return {
        "items": [item.id for item in every if reach.is_item_seen(act, item, view, scope)],
        "actions": shown,
        "answering": bool(act.choices),
        "acting": bool(act.sorts or shown),
    }


def item(act: Act, view: str, scope: str, key: str) -> Fragment | None:
    """An item with its answer as everybody sees it, with the button for whoever helps."""
    found = items.source(act, key)
    if scope != EVERYBODY or found is None or not act.choices:
        return None
    if not reach.is_item_seen(act, found, view, scope):
        return None
    data = {"item": of_item(act, found, view, scope)}
    return Fragment(data, home="items", order=f"{found.number:05d}")


def action(act: Act, view: str, scope: str, key: str) -> Fragment | None:
    """An action as everybody sees it: by its day."""
    found = act.plan.actions.get(key)
    if scope != EVERYBODY or found is None or found.answers:
        return None
    if not reach.is_action_seen(act, found, view, scope):
        return None
    data = {"action": of_action(act, found, view, scope)}
    return Fragment(data, home="actions", order=found.order)


def tally(act: Act, view: str, scope: str, key: str) -> Fragment:
    """How many are answered, and how many actions somebody carries."""
    return Fragment(desk.tally(act))


# ---- a role


def role_pane(act: Act, view: str, scope: str) -> dict[str, Any] | None:
    """The desk for whoever answers, the forms for whoever writes, requests for whoever gives support."""
    acts = is_for(scope, act.phase.spec.who)
    answers, writes = is_for(scope, act.answerers), is_for(scope, act.writers)
    supports = is_for(scope, act.supporters) and bool(act.rules.get("support"))
    if not acts and not answers and not supports and not act.phase.main:
        return None
    wanted = [action for action in act.plan.standing() if action.support]
    return {
        "acts": acts,
        "answers": answers and bool(act.choices),
        "writes": writes and bool(act.sorts),
        "supports": supports,
        "requests": [a.id for a in sorted(wanted, key=_request_order)] if supports else [],
        "closed_at": act.phase.closed_at,
        "carries": is_for(scope, act.carriers),
        **(desk.blanks(act, view, scope) if writes and act.sorts and act.is_open else {}),
    }


def request(act: Act, view: str, scope: str, key: str) -> Fragment | None:
    """What somebody has asked for with an action, for whoever may give it; what waits comes first."""
    found = act.plan.actions.get(key)
    if found is None or found.withdrawn or found.support is None or not is_for(scope, act.supporters):
        return None
    if not reach.is_action_seen(act, found, view, scope):
        return None
    data = {"action": of_action(act, found, view, scope), **desk.limits(act)}
    return Fragment(data, home="requests", order=_request_order(found))


def _request_order(action: Action) -> str:
    return f"{int(bool(action.support and action.support.choice))}-{action.number:05d}"


# ---- a person


def person_pane(act: Act, view: str, scope: str) -> dict[str, Any] | None:
    """What somebody is asked to carry or carries, what they wrote, and how it was answered."""
    person = act.person_in(scope)
    if person is None:
        return None
    every = items.sources(act).values() if act.choices else ()
    mine = [item for item in every if not item.entry and person.id in item.authors]
    own = [item.id for item in sorted(mine, key=lambda item: _own_order(act, item))]
    held = sorted(act.plan.of(person.id), key=lambda action: _held_order(action, person.id))
    asked = [action.id for action in held if action.asked == person.id]
    acts = person.is_among(act.phase.spec.who)
    if not acts and not own and not held:
        return None
    carried = [action.id for action in held if action.id not in asked]
    return {"own": own, "asked": asked, "held": carried, "acts": acts}


def own(act: Act, view: str, scope: str, key: str) -> Fragment | None:
    """What became of an item, as who wrote it sees it. The phone shows what has an answer or gets one now, Mine all."""
    found = items.source(act, key)
    if found is None or found.entry or scope_of(scope) not in found.authors or not act.choices:
        return None
    if view == "phone" and key != act.plan.live and key not in act.plan.answers:
        return None
    data = {"item": of_item(act, found, view, scope)}
    return Fragment(data, home="own", order=_own_order(act, found))


def _own_order(act: Act, item: Source) -> str:
    return f"{int(item.id != act.plan.live)}-{item.number:05d}"


def held(act: Act, view: str, scope: str, key: str) -> Fragment | None:
    """An action as whom it concerns sees it: first what they are asked, then what they carry, then what they wrote."""
    found, person = act.plan.actions.get(key), scope_of(scope)
    if found is None or found.withdrawn or person not in (found.by, found.responsible, found.asked):
        return None
    place = _place(found, person)
    data = {
        "action": of_action(act, found, view, scope),
        "place": place,
        "wrote": found.by == person and not found.answers,
        "may_change": found.by == person and not found.answers and act.is_open,
        "fields": SORTS[found.sort].fields,
        "timed": SORTS[found.sort].timed,
        "areas": list(act.areas),
        "may_ask_support": bool(act.rules.get("support")),
        "began_in": found.origin or act.phase.id,
        **desk.limits(act),
    }
    home = "asked" if place == ASKED else "held"
    return Fragment(data, home=home, order=_held_order(found, person))


ASKED, CARRIES, WROTE = "asked", "carries", "wrote"
PLACES = (ASKED, CARRIES, WROTE)


def _held_order(action: Action, person: str) -> str:
    return f"{PLACES.index(_place(action, person))}-{action.order}"


def _place(action: Action, person: str) -> str:
    if action.asked == person:
        return ASKED
    return CARRIES if action.responsible == person else WROTE


def marks(act: Act, view: str, scope: str, key: str) -> Fragment | None:
    """What somebody helps with, what they carry, and what is theirs in the lists that are the same for everybody."""
    person = act.person_in(scope)
    if person is None or not person.is_among(act.phase.spec.who):
        return None
    standing = list(act.plan.standing())
    helped = [action for action in standing if person.id in action.helpers]
    return Fragment(
        {
            "helped": [of_action(act, action, view, scope) for action in helped],
            "carried": [a.id for a in standing if person.id in (a.responsible, a.asked)],
            "carries": act.carries(person),
            "written": [item.id for item in items.sources(act).values() if person.id in item.authors]
            + [a.id for a in standing if a.by == person.id],
        }
    )
