"""Who may do what, and who gets to see what. Everything that is not listed is denied."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

EVERYBODY = "all"
"""The scope of what everyone who has this view open may see."""


def role_scope(role: str) -> str:
    """The scope of a role; of one that a format has of its own, as ``acting`` writes it."""
    return f"role:{role}"


def acting(role: str, part: str) -> str:
    """A role, and what the format calls those who act like it here: ``participant+startup``; the role alone if it has
    no name of its own for them."""
    return f"{role}+{part}" if part else role


def role_of(acting: str) -> str:
    """The role whose rights somebody has, of what ``acting`` made."""
    return acting.partition("+")[0]


def is_among(acting: str, roles: frozenset[str]) -> bool:
    """Whether ``roles`` name somebody: by the role, or by what the format calls them."""
    return not roles.isdisjoint(acting.split("+"))


def pass_scope(part: str) -> str:
    """The scope of what everyone may see, as far as the pass of those goes who are called so."""
    return f"{EVERYBODY}:{part}"


def team_scope(team: str) -> str:
    return f"team:{team}"


def person_scope(person: str) -> str:
    return f"person:{person}"


def scope_type(scope: str) -> str:
    """``all``, ``role``, ``team`` or ``person``."""
    return scope.partition(":")[0]


def scope_of(scope: str) -> str:
    """The role, team or person that a scope names; "" for everybody."""
    return scope.partition(":")[2]


def is_for(scope: str, roles: frozenset[str]) -> bool:
    """Whether a scope is that of somebody whom ``roles`` name."""
    return scope_type(scope) == "role" and is_among(scope_of(scope), roles)


STAFF = frozenset({"facilitator", "co_facilitator"})
JURY = frozenset({"juror", "jury_chair"})
EXPERTS = frozenset({"expert"})
TEAM_PEOPLE = frozenset({"participant", "process_leader", "problem_owner"})
ATTENDING = STAFF | JURY | TEAM_PEOPLE | {"expert", "night_host", "host", "business_developer"}
GUESTS = frozenset({"guest"})
SCREEN = "screen"
READERS = frozenset({SCREEN, "observer"})
ROLES = ATTENDING | GUESTS | READERS

LINKED_ROLES = (
    *("facilitator", "screen", "juror", "jury_chair", "expert", "co_facilitator", "night_host", "host"),
    *("business_developer", "problem_owner", "participant", "guest"),
)
"""What a link may let somebody in as. Who leads a team is chosen by the team, and an observer has no page."""

CLOCK = "clock"
"""The sender of what a deadline does. Nobody can join as it."""
DOOR = "door"
"""The sender of what the entrance does: letting people in. Nobody can join as it."""

DOORS = ("open", "strict", "ask", "closed")
"""Who comes in: everybody with the code; who has seen the room's wall, the others wait; whom staff lets in; nobody."""

CONSOLE_ROLES = STAFF | {"night_host"}

GROUPS = {
    "everyone": ATTENDING,
    "teams": TEAM_PEOPLE,
    "staff": STAFF,
    "jury": JURY,
    "audience": ATTENDING | GUESTS,
    "leaders": frozenset({"process_leader"}),
    "experts": EXPERTS,
}


ACTABLE = ATTENDING - {"process_leader"} | GUESTS | {"observer"}
"""What a format's own roles may act like. Who leads a team is chosen by the team."""


def roles_named(names: Iterable[str], own: Collection[str] = ()) -> frozenset[str]:
    """The roles behind the words a format uses: a group's name, a role's, or one of the format's ``own``. ValueError
    for an unknown one."""
    roles: frozenset[str] = frozenset()
    for name in names:
        if name not in GROUPS and name not in ROLES and name not in own:
            raise ValueError(f"unknown role or group of roles: {name}")
        roles |= GROUPS.get(name, frozenset({name}))
    return roles


ACTORS = frozenset({"*actors*"})
"""Stands for the roles that the phase's own row in the format lets act."""

OPEN = frozenset({"open"})
CLOSED = frozenset({"closed"})
STARTED = OPEN | CLOSED


class Right(NamedTuple):
    """Which roles may send a command, and in which states of the phase."""

    roles: frozenset[str]
    states: frozenset[str] = OPEN


SESSION_RIGHTS: dict[str, frozenset[str]] = {
    "join": frozenset({DOOR}),
    "choose_language": ATTENDING | GUESTS | READERS,
    "drop_aside": ATTENDING | GUESTS,
    "grant_role": STAFF,
    "remove_person": STAFF,
    "let_in": STAFF,
    "ask_in": ATTENDING | GUESTS,
    "give_organisation": ATTENDING | GUESTS,
    "unite_organisations": STAFF,
    "part_organisation": STAFF,
    "erase_person": ATTENDING | GUESTS | {"observer"},
    "take_over": STAFF,
    "undo": STAFF,
    "open_phase": STAFF,
    "close_phase": STAFF | {CLOCK},
    "next_phase": STAFF,
    "extend_phase": STAFF,
    "skip_phase": STAFF,
    "reopen_phase": STAFF,
    "erase_words": STAFF,
    "announce": STAFF,
    "clear_announcement": STAFF,
    "show_on_screen": STAFF,
    "set_door": STAFF,
    "plan_start": STAFF,
}
"""The session's own commands. An activity's commands are listed in its ``rights``."""
