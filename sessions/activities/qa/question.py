"""A question as it stands now, and the board of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

PENDING, PUBLISHED, LIVE = "pending", "published", "live"
ANSWERED, DECLINED, FOLLOW_UP, WITHDRAWN = "answered", "declined", "follow_up", "withdrawn"
OPEN = frozenset({PENDING, PUBLISHED, LIVE})
"""States in which a question waits for something."""
READ = frozenset({PUBLISHED, LIVE, ANSWERED, FOLLOW_UP})
"""States in which everybody reads it, once it was published."""
PLACES = {LIVE: 0, PUBLISHED: 1, FOLLOW_UP: 2, ANSWERED: 3}
MOST = 99_999


@dataclass
class Question:
    """One question. Times are wall time in seconds since 1970 UTC, 0 for what has not happened. Erased words are "".

    ``origin`` is the phase in which it was asked where that is an earlier one, ``counted`` the support that it brought
    from where nobody knows whose it was. ``kept`` says that its author lets only staff read it.
    """

    id: str
    number: int
    author: str
    at: float
    text: str
    language: str = ""
    anonymous: bool = False
    origin: str = ""
    state: str = PENDING
    choice: str = ""
    chosen_seq: int = 0
    kept: bool = False
    published_at: float = 0.0
    settled_at: float = 0.0
    """When it was answered, declined, put off to later or withdrawn."""
    reason: str = ""
    """The moderator's words to its author."""
    answer: str = ""
    owner: str = ""
    due: str = ""
    counted: int = 0
    supporters: dict[str, None] = field(default_factory=dict)

    @property
    def support(self) -> int:
        """How many wonder too."""
        return self.counted + len(self.supporters)

    @property
    def by(self) -> str:
        """Whose name may stand beside it; "" where nobody's may."""
        return "" if self.anonymous else self.author

    @property
    def shown(self) -> bool:
        """Whether everybody who is let in for the phase reads it."""
        return self.published_at > 0 and self.state in READ and not self.kept

    @property
    def order(self) -> str:
        """Its place in a list, compared as text: the one that is answered now, then by support, then by time; what is
        settled follows, the latest first."""
        if self.state in (FOLLOW_UP, ANSWERED, DECLINED):
            return f"{PLACES.get(self.state, 4)}-{10**11 - self.settled_at:015.2f}-{self.number:05d}"
        return f"{PLACES.get(self.state, 1)}-{MOST - self.support:05d}-{self.at:014.2f}-{self.number:05d}"

    def settle(self, state: str, at: float) -> None:
        self.state, self.settled_at = state, at

    def open_again(self, state: str) -> None:
        """What was decided about it is as if it had not been."""
        self.state, self.settled_at, self.reason, self.answer = state, 0.0, "", ""
        self.owner = self.due = ""
        if state == PENDING:
            self.published_at = 0.0


class Board:
    """The fold: every question by id, in the order in which they came; ``live`` is the one being answered."""

    def __init__(self) -> None:
        self.questions: dict[str, Question] = {}
        self.live = ""
        self.taken_at = 0.0
        """When the one that is answered now was taken; wall time."""
        self.asked = 0
        """Questions asked here; those from earlier phases are not among them."""
        self.supported: dict[str, dict[str, None]] = {}
        """By person, what they wonder about too."""
        self.owed: dict[str, dict[str, None]] = {}
        """By person, what they answer later."""

    def add(self, question: Question) -> None:
        self.questions[question.id] = question
        for person in question.supporters:
            self.supported.setdefault(person, {})[question.id] = None

    @property
    def on_air(self) -> Question | None:
        """The question being answered now."""
        return self.questions.get(self.live)

    def of(self, person: str) -> list[Question]:
        """Somebody's own, the newest first."""
        return [q for q in reversed(self.questions.values()) if person and q.author == person]

    def in_state(self, *states: str) -> list[Question]:
        """Those in these states, in the order of their list."""
        return sorted((q for q in self.questions.values() if q.state in states), key=lambda q: q.order)

    def waiting(self) -> Iterator[Question]:
        """Those that everybody reads and nobody has answered, the most wondered about first."""
        yield from (q for q in self.in_state(PUBLISHED) if q.shown)

    def support(self, question: Question, person: str) -> None:
        question.supporters[person] = None
        self.supported.setdefault(person, {})[question.id] = None

    def take_back(self, question: Question, person: str) -> None:
        question.supporters.pop(person, None)
        self.supported.get(person, {}).pop(question.id, None)

    def take(self, question: Question, at: float) -> None:
        """It is answered from here on; whatever was goes back among the published."""
        self.put_back()
        question.state, self.live, self.taken_at = LIVE, question.id, at

    def put_back(self) -> Question | None:
        """Nothing is being answered; gives what was."""
        was = self.on_air
        if was is not None and was.state == LIVE:
            was.state = PUBLISHED
        self.live, self.taken_at = "", 0.0
        return was

    def owe(self, question: Question, person: str, due: str) -> None:
        """Somebody answers it later, instead of whoever was to."""
        self.owed.get(question.owner, {}).pop(question.id, None)
        question.owner, question.due = person, due
        if person:
            self.owed.setdefault(person, {})[question.id] = None
