"""Every command there is was accepted at least once, when every format and every kind's example has been played."""

from __future__ import annotations

from collections import Counter

import pytest

from sessions.activities import activity_class, kinds
from sessions.audience import SESSION_RIGHTS
from tests.support import examples

pytestmark = pytest.mark.timeout(900)
"""Whoever comes first plays the formats for everybody after."""

Command = tuple[str, str]
"""A kind ("" for the session's own) and a command."""


def every_command() -> set[Command]:
    own = {(kind, command) for kind in kinds() for command in activity_class(kind).rights}
    return own | {("", command) for command in SESSION_RIGHTS}


def table(accepted: Counter[Command], wanted: set[Command]) -> str:
    """How often each command was accepted, the missing ones first, for people."""
    rows = sorted(wanted, key=lambda command: (accepted[command] > 0, command))
    return "\n".join(f"{accepted[row]:6}  {row[0] or 'session':10}{row[1]}" for row in rows)


def test_every_command_of_every_kind_is_accepted_at_least_once() -> None:
    accepted: Counter[Command] = Counter()
    for name in examples.names():
        accepted += examples.played(name).accepted
    missing = every_command() - set(accepted)
    told = table(accepted, every_command())
    print(told)
    assert not missing, f"{len(missing)} commands were never accepted\n{told}"


def test_a_command_that_was_never_accepted_is_told_first() -> None:
    wanted = {("vote", "cast_ballot"), ("vote", "void_vote"), ("", "announce")}
    accepted = Counter({("vote", "cast_ballot"): 3, ("", "announce"): 1})
    assert table(accepted, wanted).splitlines()[0].split() == ["0", "vote", "void_vote"]


def test_every_kind_gives_an_example_of_itself_that_has_a_phase_of_the_kind() -> None:
    for kind in kinds():
        assert kind in examples.names()
        assert kind in [row["kind"] for row in examples.example(kind).rows]


def test_the_same_seed_plays_the_same() -> None:
    assert examples.play(examples.example("collect")).log == examples.played("collect").log


def test_what_is_given_once_more_leads_to_the_same() -> None:
    played = examples.played("team")
    assert [event[:3] for event in played.stage().log] == [event[:3] for event in played.log]
