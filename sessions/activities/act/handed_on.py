"""What later phases, other events and records get: what was accepted or is to be tried, and the actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sessions.activities.act import items
from sessions.activities.act.plan import ACCEPT, CHOICES, TRY, Action
from sessions.outcome import Card, Fact, Outcome

if TYPE_CHECKING:
    from sessions.activities.act import Act

TAKEN_ON = (ACCEPT, TRY)
"""The answers with which a card goes on."""


def outcome(act: Act) -> Outcome:
    """Cards: what was accepted, then what is to be tried (``column`` says which, and the field ``answer`` why), then
    the actions in their own words (``column`` is the sort, ``link`` the card that they come from). ``figures`` counts,
    and says of each answer and each action how it stands, by the ids that they come from; who accepted an invitation is
    in ``attendance``."""
    standing = list(act.plan.standing())
    known = items.sources(act)
    answers = {name: answer for name, answer in act.plan.answers.items() if name in known}
    return Outcome(
        cards=tuple(_cards(act)),
        attendance=tuple(a.responsible for a in standing if a.sort == "invitation" and a.responsible),
        figures={
            "items": len(known),
            **{choice: sum(a.choice == choice for a in answers.values()) for choice in CHOICES},
            "added": act.plan.added,
            "responsible": sum(bool(action.responsible) for action in standing),
            "answers": {name: _answer(act, name) for name in answers},
            "actions": [_standing(action) for action in standing],
        },
    )


def _cards(act: Act) -> Iterator[Card]:
    """Every card once: an action without words of its own goes on as the card that it comes from."""
    cards: dict[str, Card] = {}
    for choice in TAKEN_ON:
        answered = (name for name, answer in act.plan.answers.items() if answer.choice == choice)
        cards |= {name: card for name in answered if (card := handed_on(act, name))}
    for action in act.plan.standing():
        card = handed_on(act, action.id) or handed_on(act, action.source)
        if card is not None:
            cards.setdefault(card.id, card)
    yield from cards.values()


def handed_on(act: Act, name: str) -> Card | None:
    """One of the outcome's cards by its id."""
    action = act.plan.actions.get(name)
    if action is not None:
        return None if action.withdrawn or not action.worded else _of_action(action)
    card, answer = items.card_of(act, name), act.plan.answers.get(name)
    if card is None or (answer is None and not act.plan.about(name)):
        return None
    if answer is None:
        return card
    said = {"answer": answer.text} if answer.text else {}
    return replace(card, column=answer.choice, fields={**card.fields, **said})


def _of_action(action: Action) -> Card:
    return Card(
        id=action.id,
        text=next(filter(None, action.texts.values()), ""),
        fields=dict(action.texts),
        authors=(action.by,),
        column=action.sort,
        link=action.source,
        language=action.language,
        at=action.at,
    )


def _answer(act: Act, name: str) -> dict[str, Any]:
    answer, action = act.plan.answers[name], act.plan.outcome_of(name)
    ends = {"action": action.id} if action else {}
    return {"choice": answer.choice, "due": action.due if action else answer.due, **ends}


def _standing(action: Action) -> dict[str, Any]:
    support = action.support
    said = {
        "source": action.source,
        "area": action.area,
        "starts": action.starts,
        "due": action.due,
        "hour": action.hour,
        "contact": action.contact,
        "responsible": action.responsible,
        "asked": action.asked,
        "helpers": list(action.helpers),
        "support": (support.choice or "asked") if support else "",
    }
    known = {name: value for name, value in said.items() if value}
    return {"id": action.id, "sort": action.sort, **known}


# ---- for records


def of_record(act: Act, action: Action) -> Iterator[Fact]:
    """What an action says of the project that it comes from: the action that is due first is its next step, and
    follow-ups are when it is asked how it went."""
    entry = items.entry_of(act, action.source)
    if not entry or action.answers:
        return
    mine = [a for a in act.plan.due_first() if not a.answers and items.entry_of(act, a.source) == entry]
    steps = [a for a in mine if a.sort != "followup"]
    dates = [a.due for a in mine if a.sort == "followup"]
    if action.sort == "followup":
        yield Fact(entry, "followups", {"months": [], "dates": dates} if dates else None)
    elif steps:
        first = steps[0]
        value = {"text": first.what, "due": first.due}
        yield Fact(entry, "next_action", value, by=first.by, language=first.language)
    else:
        yield Fact(entry, "next_action", None)
