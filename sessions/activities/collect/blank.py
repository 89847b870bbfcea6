"""The form for a card on phones: its fields, and what can be chosen on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.collect import together
from sessions.activities.collect.card_form import MAX_TEXT
from sessions.audience import is_for

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.activities.collect.card_form import CardForm
    from sessions.messages import Text
    from sessions.people import Member


def form_pane(collect: Collect, scope: str) -> dict[str, Any] | None:
    """What is asked of a role; the form for a new card where all of the role have the same."""
    acts = is_for(scope, collect.phase.spec.who)
    if not acts and not collect.phase.main:
        return None
    shared = collect.is_open and acts and not collect.form.personal
    blank = blank_card(collect.form) if shared else None
    stage = together.shown(collect) if acts else None
    return {"acts": acts, "closed_at": collect.phase.closed_at, "blank": blank, "stage": stage}


def blank_card(form: CardForm, person: Member | None = None) -> dict[str, Any]:
    """The form for a new card; for one ``person`` where not everybody of a role may write the same."""
    return {
        "fields": blank_fields(form),
        "asks_headline": form.asks_headline,
        "columns": choices(form),
        "needs": list(form.needs.values()),
        "linked": form.linked,
        "entries": form.targets_of(person) if person else [],
        "about_entries": form.about_entries,
        "max_text": MAX_TEXT,
    }


def blank_fields(form: CardForm) -> list[dict[str, Any]]:
    """The fields of a card with their labels and hints."""
    return [
        {"name": name, "label": form.label(name), "hint": form.hint(name), "main": name == form.main}
        for name in form.fields
    ]


def choices(form: CardForm) -> list[tuple[str, Text]]:
    """The columns that a card may be put in, with their labels; none where there is only one."""
    columns = form.columns
    return [(column, form.label(column)) for column in columns] if len(columns) > 1 else []
