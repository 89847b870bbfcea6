"""What a habit is, and what a file of habits says about one kind of phase."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from app.rehearsal.browser.forms import Form, Values

if TYPE_CHECKING:
    from app.rehearsal.people.person import Person

Habit = Callable[["Person", Form], Values | None]
"""What somebody fills into a form; None if they leave it alone."""
ByCommand = Mapping[str, Habit]


@dataclass(frozen=True, slots=True)
class Press:
    """How the facilitator presses a button. ``swift``: without waiting for everybody in the room, only for the page.
    ``all_at_once``: all that stand there, one after the other."""

    fill: Habit
    swift: bool = False
    all_at_once: bool = False


Casting = Callable[[Mapping[str, Any], int], Mapping[str, int]]
"""How many of which role a phase with these rules needs, for so many people in all."""


def nobody(rules: Mapping[str, Any], people: int) -> Mapping[str, int]:
    return {}


@dataclass(frozen=True, slots=True)
class KindHabits:
    """What people do with the forms of one kind of phase (or with the session's own).

    ``by_role``: what somebody does of their own accord, by a role or a group of roles as formats name them; what comes
    later goes before. The facilitator does nothing of it: ``presses`` are theirs, in this order, once everybody is
    done. ``asked`` others do only when the facilitator asks for it aloud. A phase in which no command of ``heart`` was
    accepted is one in which nobody took part; a kind without any needs nobody. ``left_alone`` says why simulated
    people rightly never give a command that their pages offer. ``casts``: whom such a phase needs.
    """

    by_role: Mapping[str, ByCommand] = field(default_factory=dict)
    presses: Mapping[str, Press] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    heart: frozenset[str] = frozenset()
    left_alone: Mapping[str, str] = field(default_factory=dict)
    casts: Casting = nobody


class Repertoire(Protocol):
    """What somebody does, found by the kind of a form's phase and the form's command."""

    def find(self, kind: str, command: str) -> Habit | None: ...
