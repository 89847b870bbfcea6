"""Shapes of what happens while people plan. ``card`` is what it is about: an item of an earlier phase that is answered,
or an action, which is a card to every other phase. ``source`` is the item that an action comes from ("" for none), and
``entry`` the same where that is a project: its words go when the project is withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, NotRequired, TypedDict

from sessions.shapes import WORDS, Words


class OfCard(TypedDict):
    card: str
    number: int


class ItemAnswered(TypedDict):
    """``choice`` is accept, try or not_now, ``answer`` says why. ``due``: a day (year-month-day) on which to look at it
    again, where it is not now. Again replaces what was answered."""

    card: str
    number: int
    choice: str
    answer: Words
    language: str
    due: str


class ActionAdded(TypedDict):
    """``person`` carries it, and has accepted where they wrote it themselves; "" where nobody does yet. ``contact``:
    who wrote it lets that person have their contact data. ``answers``: it is what comes of an answer to its source.
    ``worded``: it says something in words of its own, ``texts``, by the fields of its sort."""

    card: str
    number: int
    sort: str
    source: str
    entry: NotRequired[str]
    worded: bool
    texts: Annotated[Mapping[str, str] | None, WORDS]
    language: str
    area: str
    starts: str
    due: str
    hour: str
    contact: bool
    person: str
    answers: bool


class ActionChanged(TypedDict):
    """Other words, and another area, in place of those before."""

    card: str
    number: int
    entry: NotRequired[str]
    worded: bool
    texts: Annotated[Mapping[str, str] | None, WORDS]
    language: str
    area: str


class ActionMoved(TypedDict):
    """``due`` is a day (year-month-day), ``hour`` a wall time of it (hours:minutes), "" for none."""

    card: str
    number: int
    due: str
    hour: str


class OfPerson(TypedDict):
    """``person`` is asked to carry it, says yes, helps, or does so no more."""

    card: str
    number: int
    person: str


class ActionDeclined(OfPerson):
    """``instead`` is who is asked in their place, "" for nobody."""

    instead: str


class SupportAsked(TypedDict):
    """What would help with an action. Again replaces; what was answered before is gone with it."""

    card: str
    number: int
    text: Words


class SupportAnswered(TypedDict):
    """``choice`` is yes, partly or no; ``answer`` says how, or why not."""

    card: str
    number: int
    choice: str
    answer: Words


EVENTS: Mapping[str, type] = {
    "item_taken": OfCard,
    "item_answered": ItemAnswered,
    "action_added": ActionAdded,
    "action_changed": ActionChanged,
    "action_moved": ActionMoved,
    "action_withdrawn": OfCard,
    "responsible_asked": OfPerson,
    "action_accepted": OfPerson,
    "action_declined": ActionDeclined,
    "action_helped": OfPerson,
    "help_stopped": OfPerson,
    "support_asked": SupportAsked,
    "support_answered": SupportAnswered,
}
