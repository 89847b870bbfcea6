"""What a vote's events come to, without a stage; and that no result hangs on words."""

from __future__ import annotations

from typing import Any

from sessions.activities.vote.secrecy import Ballot
from sessions.activities.vote.state import BallotState
from sessions.result import Result
from sessions.session import Session
from tests.activities.test_vote import entries, ideas, score, vote
from tests.support.stage import Stage


def ranked(option: str, place: int, kept: bool) -> dict[str, Any]:
    return {"option": option, "place": place, "points": 1.0, "kept": kept, "team": ""}


def body(**changes: Any) -> dict[str, Any]:
    """A counted result of two options, of which one goes on."""
    rows = [ranked("a", 1, True), ranked("b", 2, False)]
    return {"cast": 2, "valid": True, "ranking": rows, "teams": {"a": "", "b": ""}, **changes}


def test_a_later_ballot_takes_the_place_of_an_earlier_one() -> None:
    state = BallotState()
    assert [state.cast("ada", Ballot(1.0, {"a": 1})), state.cast("ada", Ballot(2.0, {"b": 1}))] == [
        True,
        False,
    ]
    assert state.ballots == {"ada": Ballot(2.0, {"b": 1})}


def test_who_votes_again_after_a_vote_was_voided_has_lost_nothing() -> None:
    state = BallotState()
    for voter in ("ada", "bo"):
        state.cast(voter, Ballot(1.0))
    state.void("Wrong list", seq=9)
    state.cast("bo", Ballot(2.0))
    assert [state.lost(voter) for voter in ("ada", "bo", "cy")] == [True, False, False]


def test_only_what_a_valid_result_keeps_goes_on() -> None:
    state = BallotState()
    assert (state.standing, state.kept) == ((), {})
    state.result = Result(body())
    assert list(state.kept) == ["a"]
    state.result = Result(body(valid=False))
    assert (state.standing, state.kept) == ((), {})


def test_a_ballot_box_with_other_numbers_than_voters_is_miscounted() -> None:
    state = BallotState()
    found = []
    for ballots in ([{"a": 1}, {"a": 1}], [{"a": 1}], []):
        state.result = Result(body(ballots=ballots))
        found.append(state.is_miscounted)
    assert found == [False, True, False]


def without_words(stage: Stage) -> Session:
    """The session folded from its log without what people wrote."""
    session = Session()
    for event in stage.log:
        kept = {name: None if name in event.words else value for name, value in event.body.items()}
        session.evolve(event._replace(body=kept))
    return session


def test_a_result_changed_by_hand_stays_changed_when_its_reason_is_erased() -> None:
    stage = entries()
    stage.ok("cast_ballot", "gus", "A", option="e1")
    stage.close("A")
    stage.ok("reveal_result", "kim", "A")
    stage.ok("override_result", "kim", "A", option="e2", kept="yes", reason="A mistake at the desk")
    awards = [stage.session.entries[e].every("award")["audience"]["reason"] for e in ("e1", "e2")]
    assert awards[1] == "A mistake at the desk"
    session = without_words(stage)
    assert [session.entries[e].every("award")["audience"]["reason"] for e in ("e1", "e2")] == [awards[0], ""]
    assert session.outcome("A") == stage.session.outcome("A")
    shown = vote(session, "A").show("console", "all")
    assert shown is not None
    assert [(line["by_hand"], line["changed"]) for line in shown.data["lines"]] == [(False, ""), (True, "")]


def test_a_vote_stays_voided_when_the_reason_is_erased() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 5))
    stage.ok("void_vote", "kim", "V", reason="Wrong list")
    voided = vote(without_words(stage)).state.voided
    assert voided is not None
    assert (voided.reason, voided.people, voided.anew) == ("", frozenset({"ada"}), False)


def test_entries_begin_in_the_same_number_without_their_words() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 5), Ic2=(4, 4))
    stage.close("V")
    session = without_words(stage)
    assert [(e.id, e.team) for e in session.entries.values()] == [
        (e.id, e.team) for e in stage.session.entries.values()
    ]
    assert (stage.session.entries["e1"].title, session.entries["e1"].title) == ("a1", "")
