"""Which fragments show an item or an action: everything that a change to it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sessions.activities.act import items
from sessions.activity import Changed
from sessions.audience import acting, person_scope, role_scope

if TYPE_CHECKING:
    from sessions.activities.act import Act
    from sessions.activities.act.plan import Action


def of_item(act: Act, name: str) -> Iterator[Changed]:
    """Everything that shows an item, its answer, or how many have one."""
    yield from (Changed("item", name), Changed("row", name))
    yield from of_counts(act)
    item = items.source(act, name)
    for person in item.authors if item else ():
        yield Changed("own", name, person_scope(person))


def of_counts(act: Act) -> Iterator[Changed]:
    """What says how far it all is, and what is answered now."""
    yield from (Changed("tally"), Changed("wall"), Changed("counts"), Changed("desk"))
    yield from (Changed("answering", scope=scope) for scope in scopes(act, act.answerers))


def of_action(act: Act, action: Action, *more: str) -> Iterator[Changed]:
    """Everything that shows an action; ``more`` are people whom it has concerned until now."""
    yield from (Changed("action", action.id), Changed("line", action.id))
    if action.source:
        yield from of_item(act, action.source)
    else:
        yield from of_counts(act)
    for person in dict.fromkeys(filter(None, (*action.people, *more))):
        yield Changed("held", action.id, person_scope(person))
        if _has_no_pane_yet(act, person):
            yield Changed(scope=person_scope(person))
        yield Changed("marks", scope=person_scope(person))
    if action.support is not None:
        yield from (Changed("request", action.id, scope) for scope in scopes(act, act.supporters))


def _has_no_pane_yet(act: Act, person: str) -> bool:
    """Whether somebody does not act here, and so sees nothing of their own until something concerns them."""
    member = act.session.people.get(person)
    return member is not None and not member.is_among(act.phase.spec.who)


def scopes(act: Act, roles: Iterable[str]) -> Iterator[str]:
    """The scopes of those whom roles name."""
    form = act.session.format
    for name in sorted(roles):
        yield role_scope(acting(*form.acts_like(name)) if form else name)
