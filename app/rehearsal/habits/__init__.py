"""What simulated people do with the forms on their pages: a module for each kind of phase, called as the kind, and
``session`` for the session's own forms. Each says it in ``HABITS``. What is not said there they leave alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from app.rehearsal.people.company import SESSION
from app.rehearsal.people.habit import ByCommand, Habit, KindHabits
from sessions.audience import roles_named


@cache
def known() -> tuple[str, ...]:
    """The kinds that have habits, and the session; found by looking into this package: nobody keeps a list."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@cache
def habits_of(kind: str) -> KindHabits:
    """What people do with the forms of a kind; nothing where it has no module here."""
    if kind not in known():
        return KindHabits()
    found: KindHabits = import_module(f"{__name__}.{kind}").HABITS
    return found


@cache
def _of_role(kind: str, role: str) -> ByCommand:
    habits: dict[str, Habit] = {}
    for group, by_command in habits_of(kind).by_role.items():
        if role in roles_named((group,)):
            habits |= by_command
    return habits


@dataclass(frozen=True, slots=True)
class RoleHabits:
    """What somebody of a role does. The facilitator only presses, and does nothing of their own accord."""

    role: str

    def find(self, kind: str, command: str) -> Habit | None:
        """The habit for a command in a phase of a kind (the session's own is the same in all of them)."""
        if self.role == "facilitator":
            return None
        return _of_role(kind, self.role).get(command) or _of_role(SESSION, self.role).get(command)
