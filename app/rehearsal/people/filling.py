"""How simulated people fill in whatever stands in a form: by the kind of each field, never by the form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from app.rehearsal.browser.forms import Field, Form, Values
from app.rehearsal.people.words import Words

if TYPE_CHECKING:
    from app.rehearsal.people.person import Person

MOST_TICKS = 3
SHORT = 200
"""Up to so many characters a field asks for a phrase, above for sentences."""
FIRST_STEP_DAYS = 7


def fill(me: Person, form: Form, **known: str | list[str]) -> Values:
    """Something for every field; ``known`` says what goes into some of them."""
    values: dict[str, str | list[str]] = dict(known)
    named = sorted(
        (field for field in form.fields if field.name and field.name not in known),
        key=lambda field: field.name,
    )
    for name, fields in groupby(named, key=lambda field: field.name):
        value = _value(me, list(fields))
        if value:
            values[name] = value
    return values


def _value(me: Person, fields: list[Field]) -> str | list[str]:
    first = fields[0]
    if first.kind == "radio":
        return me.chance.choice(fields).value
    if first.kind == "checkbox":
        return first.value if first.required else _some(me, fields)
    if first.kind == "select":
        return me.chance.choice([value for value, _ in first.options if value] or [""])
    if first.kind == "submit":
        return ""
    return write(me, first)


def _some(me: Person, boxes: list[Field]) -> list[str]:
    many = me.chance.randint(1, min(MOST_TICKS, len(boxes)))
    return [box.value for box in me.chance.sample(boxes, many)]


def write(me: Person, field: Field) -> str:
    """Words, a number, a date or an address, whatever a field takes."""
    if field.kind in ("number", "range"):
        low, high = (
            int(float(field.attributes.get(name, other))) for name, other in (("min", 0), ("max", 9))
        )
        return str(me.chance.randint(low, min(high, low + 9)))
    if field.kind == "date":
        return day(me, FIRST_STEP_DAYS)
    if field.kind == "url":
        return f"https://example.org/{me.chance.randint(1, 99999)}"
    return _words(me, field)[: field.limit]


def _words(me: Person, field: Field) -> str:
    """What a field's hint for browsers, its name or its length asks for."""
    hint = field.attributes.get("autocomplete", "")
    if hint in ("name", "nickname"):
        return me.part.name
    if hint == "organization":
        return me.part.organisation or me.words.organisation()
    known = CALLED.get(field.name)
    if known is not None:
        return known(me.words)
    return me.words.remark() if field.limit <= SHORT else me.words.fitting(field.limit)


CALLED: Mapping[str, Callable[[Words], str]] = {
    "contact": Words.address,
    "who": Words.stranger,
    "team_name": Words.team_name,
    "title": Words.title,
    "headline": Words.title,
    "keywords": Words.keywords,
    "situation": Words.situation,
    "need": Words.situation,
    "solution": Words.idea,
}
"""What is written into a field by its name; every other field gets remarks and sentences."""


def day(me: Person, ahead: int = 0) -> str:
    """The date of the race's today, or so many days ahead."""
    return datetime.fromtimestamp(me.company.clock.now() + ahead * 86_400.0, UTC).date().isoformat()


def pick(me: Person, options: Iterable[str], many: int) -> list[str]:
    """So many different ones, or all if there are fewer."""
    known = list(dict.fromkeys(options))
    return me.chance.sample(known, min(many, len(known)))
