"""The table of who may do what, walked from end to end against what the session decides."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from sessions.activities import activity_class, kinds
from sessions.agenda import PLANNED, Phase
from sessions.audience import ACTORS, CLOCK, DOOR, ROLES, SESSION_RIGHTS
from sessions.messages import Command, Refused
from sessions.rights import SENDERS, SESSION, STATES, Line, allows, table
from tests.support.examples import example, rows_of
from tests.support.stage import Stage

COMMANDS = sorted({line.command for line in table()} | {"no_such_command", "decide", "evolve", "show"})
DENIED = {"not_allowed", "unknown_command", "not_open", "still_open", "closed"}
"""What the table says no with. A rule may say the last four too, of what the table lets through."""


CASES = [(kind, *row, state) for kind in kinds() for row in rows_of(kind) for state in STATES]


def stages() -> Iterator[tuple[Stage, str, str]]:
    """One person of every role, and a phase of each kind in every state that a phase can be in."""
    people: dict[str, Any] = {role: role for role in ROLES}
    for _, name, row, state in CASES:
        stage = Stage(form=example(name).data, **people)
        _bring(stage, stage.session.agenda.phases[row], state)
        yield stage, row, state


def _bring(stage: Stage, phase: Phase, state: str) -> None:
    """Straight to a state: how a phase gets there is not what is looked at here."""
    if state != PLANNED:
        stage.open(phase.id)
    phase.state = state


STAGES = list(stages())


NAMES = ["-".join(case) for case in CASES]


@pytest.mark.parametrize(("stage", "phase", "state"), STAGES, ids=NAMES)
def test_what_the_table_does_not_list_is_denied_and_what_it_lists_is_not(
    stage: Stage, phase: str, state: str
) -> None:
    session, leaks, shut, listed_here = stage.session, [], [], 0
    before = session.seq
    for role, command in product(sorted(SENDERS), COMMANDS):
        told = session.decide(Command(command, "x", phase, {}, 7), role, stage.now)
        reason = told.reason if isinstance(told, Refused) else ""
        listed = allows(role, command, session.agenda.phases[phase])
        if not listed and reason not in DENIED:
            leaks.append((role, command, told))
        if listed and reason == "not_allowed":
            shut.append((role, command))
        listed_here += listed
    assert (leaks, shut) == ([], [])
    assert listed_here > len(ROLES)
    assert session.seq == before


def test_every_kind_s_command_has_a_line_with_somebody_in_it() -> None:
    lines = {(line.kind, line.command): line for line in table()}
    assert len(lines) == len(list(table()))
    expected = {(SESSION, command) for command in SESSION_RIGHTS}
    expected |= {(kind, command) for kind in kinds() for command in activity_class(kind).rights}
    assert lines.keys() == expected
    for line in lines.values():
        assert line.roles & SENDERS or line.roles >= ACTORS
        assert line.roles - ACTORS <= SENDERS
        assert line.states <= set(STATES)


@pytest.mark.parametrize(
    ("role", "own"), [("screen", ["choose_language"]), ("observer", ["choose_language", "erase_person"])]
)
def test_readers_may_do_nothing_but_choose_their_language_and_people_among_them_have_themselves_erased(
    role: str, own: list[str]
) -> None:
    assert [line.command for line in table() for state in STATES[:1] if line.allows(role, state)] == own
    assert [line.command for line in table() if line.kind != SESSION and role in line.roles] == []


def test_actors_are_whoever_the_phase_lets_act() -> None:
    line = Line("vote", "cast_ballot", ACTORS, frozenset({"open"}))
    assert line.allows("participant", "open", frozenset({"participant"}))
    assert not line.allows("participant", "open")
    assert not line.allows("juror", "open", frozenset({"participant"}))
    assert not line.allows("participant", "closed", frozenset({"participant"}))


@pytest.mark.parametrize("sender", [CLOCK, DOOR])
def test_the_clock_and_the_door_do_only_their_own_work(sender: str) -> None:
    own = {line.command for line in table() if line.kind == SESSION and sender in line.roles}
    assert own == ({"close_phase"} if sender == CLOCK else {"join"})
    if sender == DOOR:
        assert [line for line in table() if line.kind != SESSION and DOOR in line.roles] == []


def test_no_phase_means_no_command_of_a_phase() -> None:
    assert not allows("facilitator", "cast_ballot", None)
    assert allows("facilitator", "announce", None)
