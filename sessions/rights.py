"""The one table of who may do what: role × command × state of the phase, for the session and for every kind.

It is written in two kinds of places, ``SESSION_RIGHTS`` and each activity's ``rights``, and read by
``Session.decide``; here it can be walked. What it does not list is denied.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sessions.activities import activity_class, kinds
from sessions.agenda import CLOSED, OPEN, PLANNED, SKIPPED, Phase
from sessions.audience import ACTORS, CLOCK, DOOR, ROLES, SESSION_RIGHTS, STARTED, is_among, role_of

SESSION = "session"
"""Stands for the kind where a command is the session's own."""
SENDERS = ROLES | {CLOCK, DOOR}
STATES = (PLANNED, OPEN, CLOSED, SKIPPED)


class Line(NamedTuple):
    """One command of one kind: which roles may send it (``ACTORS`` among them: whomever the format's row lets act), and
    in which states of its phase. A command of the session has no phase, and holds in every state."""

    kind: str
    command: str
    roles: frozenset[str]
    states: frozenset[str]

    def allows(self, role: str, state: str, actors: frozenset[str] = frozenset()) -> bool:
        """Whether a role may, while the phase is in a state; ``actors`` are those whom its row lets act."""
        named = role_of(role) in self.roles or (self.roles >= ACTORS and is_among(role, actors))
        return named and state in self.states


def table() -> Iterator[Line]:
    """Every line there is: the session's own first, then each kind's."""
    for command, roles in SESSION_RIGHTS.items():
        yield Line(SESSION, command, roles, frozenset(STATES))
    for kind in kinds():
        for command, right in activity_class(kind).rights.items():
            yield Line(kind, command, right.roles, right.states & STARTED)


def allows(role: str, command: str, phase: Phase | None) -> bool:
    """Whether the table lists a command for a role where a phase stands now (None: no phase is meant)."""
    if command in SESSION_RIGHTS:
        return role_of(role) in SESSION_RIGHTS[command]
    if phase is None or phase.activity is None or command not in phase.activity.rights:
        return False
    right = phase.activity.rights[command]
    line = Line(phase.kind, command, right.roles, right.states)
    return line.allows(role, phase.state, frozenset(phase.spec.who))
