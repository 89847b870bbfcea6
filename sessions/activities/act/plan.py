"""The fold: what is to be answered, how it was answered, and what somebody carries out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sessions.activities.act.sorts import SORTS, WHAT, Sort
from sessions.outcome import Card

ACCEPT, TRY, NOT_NOW = "accept", "try", "not_now"
CHOICES = (ACCEPT, TRY, NOT_NOW)
YES, PARTLY, NO = "yes", "partly", "no"
SUPPORTS = (YES, PARTLY, NO)


@dataclass
class Item:
    """A card of an earlier phase, as it stands there now; ``gone`` once that hands it on no more."""

    number: int
    card: Card
    points: float | None = None
    """What a vote among the inputs gave it."""
    gone: bool = False


@dataclass
class Answer:
    """What became of an item. ``text`` is "" once erased; ``due`` is when to look again at what is not now."""

    choice: str
    text: str
    by: str
    at: float
    seq: int
    language: str = ""
    due: str = ""


@dataclass
class Support:
    """What somebody asked for with an action, and what others said: ``choice`` is "" until they have."""

    text: str
    by: str
    at: float
    seq: int
    choice: str = ""
    answer: str = ""
    answered_by: str = ""
    answered_seq: int = 0


@dataclass
class Action:
    """What somebody carries out. Exactly one is ``responsible``, once they have said yes; till then they are ``asked``.

    Days are written year-month-day, ``hour`` hours:minutes, each "" for none. ``origin`` is the phase in which it
    began, where that is an earlier one.
    """

    id: str
    number: int
    sort: str
    by: str
    at: float
    source: str = ""
    answers: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    language: str = ""
    area: str = ""
    starts: str = ""
    due: str = ""
    hour: str = ""
    contact: bool = False
    origin: str = ""
    worded: bool = False
    """Whether it was written in words of its own, also where they have been erased since."""
    worded_seq: int = 0
    asked: str = ""
    asked_by: str = ""
    responsible: str = ""
    declined: dict[str, None] = field(default_factory=dict)
    helpers: dict[str, None] = field(default_factory=dict)
    support: Support | None = None
    withdrawn: bool = False

    @property
    def what(self) -> str:
        return self.texts.get(WHAT, "")

    @property
    def of_sort(self) -> Sort:
        return SORTS[self.sort]

    @property
    def order(self) -> str:
        """Its place in a list, compared as text: by day and hour, then as they came."""
        return f"{self.due or '9'}-{self.hour}-{self.number:05d}"

    @property
    def is_free(self) -> bool:
        """Whether anybody may take it on."""
        return not (self.withdrawn or self.asked or self.responsible or self.of_sort.personal)

    @property
    def people(self) -> tuple[str, ...]:
        """Whom it concerns: who wrote it, carries it, is asked to, or helps."""
        return tuple(dict.fromkeys(filter(None, (self.by, self.responsible, self.asked, *self.helpers))))

    def ask(self, person: str, by: str) -> None:
        self.asked, self.asked_by, self.responsible = person, by if person else "", ""

    def accept(self, person: str) -> None:
        self.declined.pop(person, None)
        self.helpers.pop(person, None)
        self.responsible, self.asked, self.asked_by = person, "", ""

    def decline(self, person: str, instead: str) -> None:
        self.declined[person] = None
        self.ask(instead, person)


class Plan:
    """Everything by id, in the order in which it came. ``live`` is the item being answered."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.answers: dict[str, Answer] = {}
        self.actions: dict[str, Action] = {}
        self.live = ""
        self.added = 0
        """Actions written here; those from earlier phases are not among them."""

    def standing(self) -> Iterator[Action]:
        """The actions that nobody has withdrawn."""
        yield from (action for action in self.actions.values() if not action.withdrawn)

    def about(self, source: str) -> list[Action]:
        """The actions that come from an item."""
        return [action for action in self.standing() if action.source == source]

    def outcome_of(self, item: str) -> Action | None:
        """The action in which an answer ends."""
        return next((action for action in self.about(item) if action.answers), None)

    def of(self, person: str) -> list[Action]:
        """The actions that somebody wrote, carries or is asked to carry."""
        return [a for a in self.standing() if person in (a.by, a.responsible, a.asked)]

    def due_first(self) -> list[Action]:
        """The actions by day, then as they came."""
        return sorted(self.standing(), key=lambda action: action.order)
