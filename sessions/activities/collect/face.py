"""The face of a card: what it shows to whoever may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.headline import FIELD as HEADLINE
from sessions.headline import MOST as HEADLINE_LETTERS
from sessions.headline import says_more

if TYPE_CHECKING:
    from sessions.activities.collect.card_form import CardForm
    from sessions.activities.collect.wall import Card


def face(form: CardForm, card: Card) -> dict[str, Any]:
    """What a card shows to whoever may see it: never its author. ``more``: not all of it is said by its headline."""
    text, shown = form.text_of(card), form.headline_of(card)
    rest = [
        (form.label(n), value) for n, value in card.fields.items() if value and n not in (form.main, HEADLINE)
    ]
    return {
        "id": card.id,
        "number": card.number,
        "headline": shown,
        "text": text,
        "rest": rest,
        "more": says_more(text, shown) or any(len(value) > HEADLINE_LETTERS for _, value in rest),
        "column": form.label(card.column) if len(form.columns) > 1 else None,
        "need": form.need_headline(card.link),
        "about": card.about,
        "language": card.language,
        "count": card.count,
        "also": len(card.also),
    }


def newest_first(card: Card) -> str:
    """A card's key in a list whose newest card stands on top."""
    return f"{10**7 - card.number:07d}"
