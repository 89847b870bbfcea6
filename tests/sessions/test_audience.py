"""Who may do what: everything that is not listed is denied."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from sessions.audience import (
    ATTENDING,
    CLOCK,
    DOOR,
    EVERYBODY,
    GROUPS,
    ROLES,
    SESSION_RIGHTS,
    STAFF,
    person_scope,
    role_scope,
    roles_named,
    scope_of,
    scope_type,
    team_scope,
)
from sessions.messages import Command, Refused
from sessions.session import Session
from tests.support.stage import Stage, phase

SENDERS = sorted(ROLES | {CLOCK, DOOR})


@pytest.fixture(scope="module")
def session() -> Session:
    """A session with one person of every role, called like the role."""
    people: dict[str, Any] = {role: role for role in ROLES}
    return Stage(phase("pause"), **people).session


def is_denied(session: Session, command: str, sender: str) -> bool:
    told = session.decide(Command(command, "x", "P1", {}), sender, 0.0)
    return isinstance(told, Refused) and told.reason == "not_allowed"


@pytest.mark.parametrize(("command", "role"), list(product(SESSION_RIGHTS, SENDERS)))
def test_a_command_of_the_session_is_denied_to_every_role_that_is_not_listed(
    session: Session, command: str, role: str
) -> None:
    assert is_denied(session, command, role) == (role not in SESSION_RIGHTS[command])


def test_every_command_of_the_session_is_open_to_somebody_and_closed_to_somebody() -> None:
    assert [name for name, roles in SESSION_RIGHTS.items() if not roles or roles >= set(SENDERS)] == []


@pytest.mark.parametrize("stranger", ["", "nobody", "clock ", "facilitator:1", "all"])
def test_who_has_not_joined_may_do_nothing(session: Session, stranger: str) -> None:
    told = [session.decide(Command(name, "x"), stranger, 0.0) for name in ("announce", "join", "check_out")]
    assert [no.reason for no in told if isinstance(no, Refused)] == ["not_joined"] * 3


@pytest.mark.parametrize("sender", [CLOCK, DOOR])
def test_nobody_can_join_as_the_clock_or_the_door(sender: str) -> None:
    stage = Stage(phase("pause"))
    assert stage.no("join", DOOR, person="p1", role=sender) == "unknown_role"
    stage.join("p1", "participant")
    assert stage.no("grant_role", "kim", person="p1", role=sender) == "nobody"


def test_groups_stand_for_their_roles_and_a_role_for_itself() -> None:
    assert roles_named(["staff", "host"]) == STAFF | {"host"}
    assert roles_named([]) == frozenset()


@pytest.mark.parametrize("group", list(GROUPS))
def test_a_group_has_only_roles_that_there_are(group: str) -> None:
    assert roles_named([group]) == GROUPS[group] <= ROLES
    assert GROUPS[group] != frozenset()


@pytest.mark.parametrize("name", ["clock", "Staff", "", "screens"])
def test_an_unknown_role_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=f"^unknown role or group of roles: {name}$"):
        roles_named(["staff", name])


def test_guests_and_readers_are_not_everyone() -> None:
    assert {"guest", "screen", "observer"} & ATTENDING == set()


def test_a_scope_tells_its_type_and_whom_it_names() -> None:
    scopes = [EVERYBODY, role_scope("juror"), team_scope("t1"), person_scope("p:1")]
    assert [(scope_type(s), scope_of(s)) for s in scopes] == [
        ("all", ""),
        ("role", "juror"),
        ("team", "t1"),
        ("person", "p:1"),
    ]
