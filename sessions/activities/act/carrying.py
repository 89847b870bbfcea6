"""What an earlier round of questions left to be answered by somebody until a day is an action here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.act.plan import Action

if TYPE_CHECKING:
    from sessions.activities.act import Act


def take_in(act: Act) -> None:
    """Take in who answers what until when, as the inputs say now; they are asked here whether they do. What is no
    longer open there is none here."""
    promised = {card: row for card, row in _promised(act) if card in act.plan.items}
    known = {action.source: action for action in act.plan.actions.values() if action.origin}
    for card, row in promised.items():
        action = known.get(card) or _begin(act, card)
        action.withdrawn = False
        if not action.responsible and not action.declined:
            action.ask(str(row.get("owner", "")), "")
            action.due = str(row.get("due", ""))
    for card, action in known.items():
        action.withdrawn = card not in promised


def _promised(act: Act) -> list[tuple[str, Mapping[str, Any]]]:
    rows = [row for outcome in act.inputs.outcomes for row in outcome.figures.get("actions", ())]
    return [(str(row["question"]), row) for row in rows if "question" in row]


def _begin(act: Act, card: str) -> Action:
    plan, item = act.plan, act.plan.items[card]
    carried = sum(bool(action.origin) for action in plan.actions.values()) + 1
    action = Action(
        id=f"{act.phase.id}k{carried}",
        number=len(plan.actions) + 1,
        sort="action",
        by="",
        at=item.card.at,
        source=card,
        origin=act.phase.spec.inputs[0],
    )
    plan.actions[action.id] = action
    return action
