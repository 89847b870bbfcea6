"""The way back: the latest decision about people and phases is taken back within seconds, and the log keeps both."""

from __future__ import annotations

import pytest

from sessions.messages import Emptied, SecretBallot
from sessions.undo import ON_THE_WAY, UNDO_SECONDS
from tests.sessions.test_session_commands import current, ends, stage, states
from tests.support.stage import Stage, phase

DOTS = {"method": "dots", "dots": 1, "blind": True, "keep": "1"}


def undo(room: Stage, by: str = "kim") -> tuple[str, ...]:
    assert room.session.undoable is not None
    return tuple(e.kind for e in room.ok("undo", by, decision=str(room.session.undoable.seq)))


def test_going_on_is_taken_back_with_all_that_stood_beside_it_and_the_end_is_the_one_from_before() -> None:
    room = stage()
    room.open("P1")
    room.after(5)
    room.ok("next_phase", "kim", "P1")
    assert states(room) == "P1 closed, P2 open, C open"
    undo(room)
    assert (states(room), current(room), ends(room, "P1")) == ("P1 open", "P1", 25.0)
    assert room.replayed().agenda.current.id == "P1"  # type: ignore[union-attr]  # it is on


def test_the_very_first_step_is_taken_back_to_before_the_start() -> None:
    room = stage()
    room.ok("next_phase", "kim", "")
    assert room.session.anchor > 0
    undo(room)
    assert (states(room), current(room), room.session.anchor) == ("", "", 0.0)
    room.after(3)
    room.ok("next_phase", "kim", "")
    assert room.session.anchor == room.now


def test_a_phase_that_was_skipped_while_it_was_on_is_on_again() -> None:
    room = stage()
    room.open("P1")
    room.ok("skip_phase", "kim", "P1")
    assert states(room) == "P1 skipped, P2 open, C open"
    assert room.session.offered_back.text == "Skipped: {phase}"  # type: ignore[union-attr]  # there is one
    undo(room)
    assert (states(room), current(room)) == ("P1 open", "P1")


def test_a_phase_that_was_skipped_in_the_agenda_is_planned_again() -> None:
    room = stage()
    room.open("P1")
    room.ok("skip_phase", "kim", "P2")
    undo(room)
    assert (states(room), current(room)) == ("P1 open", "P1")


def test_a_phase_that_had_been_skipped_and_was_opened_is_skipped_again() -> None:
    room = stage()
    room.open("P1")
    room.ok("skip_phase", "kim", "P2")
    room.open("P2")
    undo(room)
    assert (states(room), current(room)) == ("P1 open, P2 skipped", "P1")


def test_what_the_clock_closes_is_not_closed_again_at_once_when_leaving_it_is_taken_back() -> None:
    room = stage()
    room.open("P2")
    room.after(9.99)
    room.ok("next_phase", "kim", "P2")
    room.after(0.1)
    undo(room)
    assert ends(room, "P2") == 1.0
    room.after(0.9)
    assert states(room).startswith("P2 open")


def test_somebody_who_was_removed_is_back_as_what_they_were() -> None:
    room = stage()
    room.ok("remove_person", "kim", person="aino")
    assert room.session.scopes("aino") == ()
    assert undo(room) == ("person_let_in", "decision_undone")
    assert "role:participant" in room.session.scopes("aino")


def test_a_role_that_was_given_is_the_one_from_before() -> None:
    room = stage()
    room.ok("grant_role", "kim", person="aino", role="juror")
    undo(room)
    assert room.session.people["aino"].role == "participant"


def test_the_offer_lasts_ten_seconds_and_a_press_that_was_under_way_still_counts() -> None:
    room = stage()
    room.ok("remove_person", "kim", person="aino")
    decided = room.session.undoable
    assert decided is not None
    assert decided.until == room.now + UNDO_SECONDS == room.now + 10
    room.now += UNDO_SECONDS + ON_THE_WAY + 1
    assert room.no("undo", "kim", decision=str(decided.seq)) == "too_late_to_undo"
    room.now -= 1
    undo(room)


@pytest.mark.parametrize("decision", ["", "x", "3", "999"])
def test_only_the_latest_decision_is_taken_back_and_by_its_name(decision: str) -> None:
    room = stage()
    room.ok("remove_person", "kim", person="aino")
    assert room.no("undo", "kim", decision=decision) == "too_late_to_undo"


def test_what_has_changed_since_is_not_taken_back() -> None:
    room = stage()
    room.open("P1")
    room.ok("next_phase", "kim", "P1")
    seq = str(room.session.undoable.seq)  # type: ignore[union-attr]  # there is one
    room.session.agenda.phases["P2"].state = "closed"  # as the clock may have done
    assert room.no("undo", "kim", decision=seq) == "too_late_to_undo"


def test_what_was_decided_before_a_phase_was_opened_again_is_not_taken_back() -> None:
    room = stage()
    room.open("P1")
    room.open("P2")
    room.ok("grant_role", "kim", person="aino", role="juror")
    seq = str(room.session.undoable.seq)  # type: ignore[union-attr]  # there is one
    room.ok("reopen_phase", "kim", "P1")
    assert room.session.offered_back is None
    assert room.no("undo", "kim", decision=seq) == "too_late_to_undo"
    assert (states(room), current(room)) == ("P1 open", "P1")


def test_a_decision_is_taken_back_once() -> None:
    room = stage()
    room.ok("remove_person", "kim", person="aino")
    seq = str(room.session.undoable.seq)  # type: ignore[union-attr]  # there is one
    room.ok("undo", "kim", decision=seq)
    assert room.no("undo", "kim", decision=seq) == "too_late_to_undo"


def test_who_does_not_drive_takes_no_phase_back_but_may_let_a_removed_person_in_again() -> None:
    room = stage()
    room.open("P1")
    seq = str(room.session.undoable.seq)  # type: ignore[union-attr]  # there is one
    assert room.no("undo", "lo", decision=seq) == "not_driving"
    room.ok("remove_person", "kim", person="aino")
    undo(room, "lo")
    assert not room.session.people["aino"].removed


def test_what_the_clock_or_the_door_has_done_is_offered_to_nobody() -> None:
    room = stage()
    room.open("P2")
    before = room.session.undoable
    room.after(11)
    assert states(room) == "P2 closed, C closed"
    assert room.session.undoable is before


def test_the_log_of_decisions_keeps_both() -> None:
    room = stage()
    room.ok("remove_person", "kim", person="aino")
    undo(room)
    told = [one.text for one in room.session.decided]
    assert told[-3:] == ["Removed from the session", "Let back in", "Taken back: the decision before"]


# ---- what cannot be had back


def secret() -> Stage:
    room = Stage(
        phase("collect", "N", who=["teams"], rules={"visibility": "all"}),
        phase("vote", "V", who=["teams"], inputs=["N"], rules={**DOTS, "ballots": "secret"}),
        phase("pause", "P", rules={"reason": "meal"}),
        ada="participant",
        bo="participant",
        cy="participant",
    )
    room.open("N")
    (added,) = room.ok("add_card", "ada", "N", text="It leaks")
    room.open("V")
    for voter in ("ada", "bo", "cy"):
        room.ok("cast_ballot", voter, "V", option=[added.body["card"]])
    return room


def test_leaving_a_secret_vote_cannot_be_taken_back_since_its_ballots_are_gone() -> None:
    room = secret()
    told = room.do("next_phase", "kim", "V")
    assert any(isinstance(item, Emptied | SecretBallot) for item in told.secret_ballots)  # type: ignore[union-attr]  # accepted
    seq = str(room.session.undoable.seq)  # type: ignore[union-attr]  # there is one
    assert room.session.offered_back is None
    assert room.no("undo", "kim", decision=seq) == "too_late_to_undo"


def test_closing_a_secret_vote_and_opening_it_again_say_what_is_lost() -> None:
    room = secret()
    activity = room.session.agenda.phases["V"].activity
    assert activity is not None
    assert activity.lost_by_reopening() is None
    assert activity.lost_by_closing() is not None
    room.close("V")
    assert activity.lost_by_reopening() is not None
    assert activity.lost_by_closing() is None
