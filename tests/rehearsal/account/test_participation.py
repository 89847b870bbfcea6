"""A rehearsal notices where nobody took part, and what was offered and never pressed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.archive.line import Line
from app.rehearsal.account.claims import Claim
from app.rehearsal.account.outcome import Outcome
from app.rehearsal.account.participation import done_by_clock, left_alone, participation
from app.rehearsal.browser.outbox import Sent
from app.rehearsal.habits import habits_of, known
from app.rehearsal.people.company import SESSION
from sessions.activities import activity_class, kinds
from sessions.audience import CLOCK, SESSION_RIGHTS
from sessions.format import read_format
from tests.support.stage import phase, words

VOTE = phase("vote", "V", rules={"method": "approval", "ballots": "open", "keep": "1"})
MEAL = phase("pause", "M", rules={"reason": "meal"})
PROGRAMME = read_format({"key": "small", "title": words("Small"), "phase": [VOTE, MEAL]})


def claim(command: str, phase: str, refused: str = "") -> Claim:
    fields = {"command": command, "phase": phase}
    return Claim("p1", Sent(f"{command}{phase}", fields, 1.0, answered_at=2.0, refused=refused))


def test_a_phase_in_which_nobody_did_what_it_is_for_is_told() -> None:
    closing = claim("close_phase", "V")
    assert participation(PROGRAMME, [closing], []).unattended == ["V"]
    assert participation(PROGRAMME, [closing, claim("cast_ballot", "V", "closed")], []).unattended == ["V"]
    assert participation(PROGRAMME, [claim("cast_ballot", "V")], []).unattended == []


def test_what_was_offered_and_never_pressed_is_told_and_a_refusal_is_a_press() -> None:
    offers = [("V", "cast_ballot"), ("V", "override_result"), ("", "announce")]
    told = participation(PROGRAMME, [claim("cast_ballot", "V", "closed")], offers)
    assert told.never_pressed == ["session announce", "vote override_result"]


def test_what_the_clock_was_quicker_to_do_counts_as_pressed() -> None:
    line = Line(
        7, 1.0, CLOCK, "V:close_phase::9.000", "phase_closed", "V", "{}", "00" * 16, "00" * 32, "00" * 32
    )
    by_clock = done_by_clock([line, replace(line, actor="kim")])
    assert by_clock == {("V", "close_phase")}
    offers = [("V", "close_phase"), ("V", "cast_ballot")]
    assert participation(PROGRAMME, [], offers, {("V", "cast_ballot")}).never_pressed == []
    assert participation(PROGRAMME, [], offers, by_clock).never_pressed == ["vote cast_ballot"]


def test_what_is_rightly_left_alone_is_not_told() -> None:
    offers = [("V", "void_vote"), ("M", "reopen_phase")]
    assert participation(PROGRAMME, [], offers).never_pressed == []
    assert left_alone("vote", "void_vote")
    assert not left_alone("vote", "cast_ballot")


def test_a_rehearsal_fails_for_it() -> None:
    outcome = Outcome(12, 1, 1.0, archives=False)
    assert outcome.missing == []
    outcome.participation = participation(PROGRAMME, [], [("V", "cast_ballot")])
    assert outcome.missing == ["nobody took part in V", "offered and never pressed: vote cast_ballot"]
    outcome.archives = True
    assert "no record archived with owner, need and market" in outcome.missing


def test_every_kind_has_habits_and_no_habit_is_of_no_kind() -> None:
    assert set(known()) == {*kinds(), SESSION}


@pytest.mark.parametrize("kind", known())
def test_habits_are_about_commands_that_the_kind_or_the_session_has(kind: str) -> None:
    habits, own = habits_of(kind), set(SESSION_RIGHTS)
    own |= set(activity_class(kind).rights) if kind != SESSION else set()
    told = {command for by_command in habits.by_role.values() for command in by_command}
    assert told | set(habits.presses) | set(habits.asked) | habits.heart | set(habits.left_alone) <= own
    assert all(habits.left_alone.values()), "a reason is given"
    assert not set(habits.left_alone) & (told | set(habits.presses))
