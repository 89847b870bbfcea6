"""What items and actions show to whoever may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.act import items, reach
from sessions.days import moment
from sessions.headline import headline

if TYPE_CHECKING:
    from sessions.activities.act import Act
    from sessions.activities.act.items import Source
    from sessions.activities.act.plan import Action


def of_item(act: Act, item: Source, view: str, scope: str) -> dict[str, Any]:
    """An item with its answer, as all see it who share a view and a scope; ``choice`` is "" before there is one."""
    answer, outcome = act.plan.answers.get(item.id), act.plan.outcome_of(item.id)
    told = answer is not None and reach.sees(act, reach.of_answer(act, item.id, answer), view, scope)
    return {
        **items.face(item),
        "live": act.plan.live == item.id,
        "choice": answer.choice if answer else "",
        "answer": answer.text if answer and told else "",
        "answer_language": answer.language if answer else "",
        "by": answer.by if answer else "",
        "due": (outcome.due if outcome else answer.due) if answer else "",
        "action": outcome.id if outcome else "",
        "responsible": outcome.responsible if outcome else "",
        "asked": outcome.asked if outcome else "",
        "helpers": list(outcome.helpers) if outcome else [],
    }


def of_action(act: Act, action: Action, view: str, scope: str) -> dict[str, Any]:
    """An action; ``from`` is what it comes from, "" where that may not be read."""
    item = items.source(act, action.source)
    known = item if item is not None and reach.is_item_seen(act, item, view, scope) else None
    support = action.support
    return {
        "id": action.id,
        "number": action.number,
        "sort": action.sort,
        "texts": action.texts,
        "what": action.what,
        "headline": headline(action.what) or (known.headline if known else ""),
        "language": action.language if action.what or known is None else known.language,
        "source": known.headline if known else "",
        "source_language": known.language if known else "",
        "source_number": known.number if known else 0,
        "worded": action.worded,
        "answers": action.answers,
        "by": action.by,
        "area": action.area,
        "starts": action.starts,
        "due": action.due,
        "hour": action.hour,
        "begins": moment(f"{action.due} {action.hour}", act.session.zone) if action.hour else None,
        "contact": action.contact,
        "responsible": action.responsible,
        "asked": action.asked,
        "asked_by": action.asked_by,
        "declined": list(action.declined),
        "helpers": list(action.helpers),
        "free": action.is_free,
        "kept": reach.is_kept(act, action),
        "support": {"text": support.text, "choice": support.choice, "answer": support.answer}
        if support
        else None,
    }
