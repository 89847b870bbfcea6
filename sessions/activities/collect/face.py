"""The face of a card: what it shows to whoever may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sessions.activities.collect.card_form import CardForm
    from sessions.activities.collect.wall import Card


def face(form: CardForm, card: Card) -> dict[str, Any]:
    """What a card shows to whoever may see it: never its author."""
    return {
        "id": card.id,
        "number": card.number,
        "text": form.text_of(card),
        "rest": [
            (form.label(name), text) for name, text in card.fields.items() if text and name != form.main
        ],
        "column": form.label(card.column) if len(form.columns) > 1 else None,
        "need": form.need_text(card.link),
        "about": card.about,
        "language": card.language,
        "count": card.count,
    }


def newest_first(card: Card) -> str:
    """A card's key in a list whose newest card stands on top."""
    return f"{10**7 - card.number:07d}"
