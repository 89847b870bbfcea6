"""What is kept of a ballot: open, confidential with a receipt, or secret."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from sessions.activities.vote.secrecy import MODES, secrecy_of
from sessions.activity import EVERY_PANE
from sessions.audience import person_scope, role_scope, team_scope
from sessions.ballot_boxes import written
from sessions.ballots import METHODS
from sessions.box_keys import keys_in_use
from sessions.messages import Command, Emptied, Event, Refused, SecretBallot
from sessions.session import Accepted
from tests.activities.test_vote import (
    DOTS,
    WRITE,
    data,
    ideas,
    kept,
    needs,
    put,
    result,
    score,
    touched,
    vote,
)
from tests.support.stage import Stage, phase

VOTERS = ("ada", "bo", "cy", "di")


def secret(**rules: Any) -> Stage:
    return needs(ballots="secret", **rules)


def cast(stage: Stage, by: str, *options: str) -> Accepted:
    told = stage.do("cast_ballot", by, "V", option=list(options))
    assert isinstance(told, Accepted)
    return told


def four(stage: Stage) -> None:
    """Four ballots: two on the second need, one each on the others."""
    for by, option in zip(VOTERS, ("Nc2", "Nc1", "Nc2", "Nc3"), strict=True):
        put(stage, by, option)


def counted(stage: Stage) -> Event:
    return [event for event in stage.log if event.kind == "result_counted"][-1]


def receipt_of(stage: Stage, by: str) -> str:
    return str(data(stage, "phone", person_scope(by))["receipt"])


def became(stage: Stage, code: str) -> list[str]:
    """What a replayed log says about a receipt."""
    again = vote(stage.replayed())
    events = [event for event in stage.log if event.phase == "V"]
    return [again.became(event) for event in events if again.receipt(event) == code]


# ---- which mode


@pytest.mark.parametrize(
    ("rules", "name"),
    [
        ({}, "confidential"),
        ({"blind": True}, "confidential"),
        ({"blind": False}, "open"),
        ({"blind": True, "ballots": "open"}, "open"),
        ({"blind": False, "ballots": "secret"}, "secret"),
    ],
)
def test_ballots_of_a_blind_vote_are_confidential_unless_the_format_says_otherwise(
    rules: dict[str, Any], name: str
) -> None:
    assert secrecy_of(rules).name == name


@pytest.mark.parametrize("mode", MODES)
def test_every_view_of_the_ballot_says_how_it_is_kept(mode: str) -> None:
    stage = needs(ballots=mode)
    put(stage, "ada", "Nc1")
    seen = [data(stage, "phone"), data(stage, "phone", person_scope("ada")), data(stage, "console")]
    assert [shown["secrecy"] for shown in seen] == [mode] * 3


# ---- open


def told(stage: Stage) -> Any:
    return data(stage, "console")["by_voter"]


def test_of_open_ballots_staff_sees_who_marked_what_together_with_the_result_and_not_before() -> None:
    stage = needs(ballots="open")
    put(stage, "ada", "Nc2", "Nc2", "Nc1")
    stage.close("V")
    assert told(stage) == []
    stage.ok("reveal_result", "kim", "V")
    assert told(stage) == [("ada", [("two", 2), ("one", 1)])]


@pytest.mark.parametrize("mode", ["confidential", "secret"])
def test_of_other_ballots_staff_never_sees_who_marked_what(mode: str) -> None:
    stage = needs(ballots=mode)
    four(stage)
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    assert (told(stage), result(stage)[0]) == ([], ("Nc2", 1, 2.0, True))


# ---- confidential


def test_a_voter_of_a_confidential_ballot_has_a_receipt_that_nobody_else_is_shown() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    code = receipt_of(stage, "ada")
    others = [("console", "all"), ("screen", "all"), ("phone", "all"), ("phone", person_scope("bo"))]
    assert len(code) == 14
    assert [where for where in others if code in str(data(stage, *where))] == []


def test_the_receipt_is_still_the_same_after_a_restart() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    before = receipt_of(stage, "ada")
    stage.session = stage.replayed()
    assert receipt_of(stage, "ada") == before


@pytest.mark.parametrize("mode", ["open", "secret"])
def test_other_ballots_have_no_receipt(mode: str) -> None:
    stage = needs(ballots=mode)
    put(stage, "ada", "Nc1")
    assert receipt_of(stage, "ada") == ""
    assert [vote(stage).receipt(event) for event in stage.log if event.phase == "V"] == ["", ""]


def test_a_ballot_from_before_there_were_receipts_has_none_and_counts() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    stage.log[-1] = stage.log[-1]._replace(body={"marks": {"Nc1": 1}})
    stage.session = stage.replayed()
    assert receipt_of(stage, "ada") == ""
    stage.close("V")
    assert kept(stage) == ("Nc1",)


def test_a_receipt_says_with_which_marks_the_ballot_was_counted() -> None:
    stage = needs()
    put(stage, "ada", "Nc1", "Nc1", "Nc2")
    code = receipt_of(stage, "ada")
    assert became(stage, code) == [
        "it is in, and has not been counted yet: 2 for “one” (Nc1); 1 for “two” (Nc2)"
    ]
    stage.ok("hide_card", "kim", "N", card="Nc2")
    stage.close("V")
    assert became(stage, code) == [
        "it was counted: 2 for “one” (Nc1); 1 for Nc2, which was taken off the list"
    ]


def test_a_receipt_of_scores_says_each_of_them() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 4))
    code = receipt_of(stage, "ada")
    stage.close("V")
    assert became(stage, code) == ["it was counted: fit 5, new 4 for “a1” (Ic1)"]


def test_a_receipt_of_a_ballot_that_was_cast_anew_says_so_and_the_new_one_holds() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    old = receipt_of(stage, "ada")
    put(stage, "ada", "Nc2")
    stage.close("V")
    assert became(stage, old) == [
        "it does not count, because a newer ballot of the same voter took its place"
    ]
    assert became(stage, receipt_of(stage, "ada")) == ["it was counted: 1 for “two” (Nc2)"]


def test_a_receipt_of_a_voided_vote_says_why_also_when_people_voted_again() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    code = receipt_of(stage, "ada")
    stage.ok("void_vote", "kim", "V", reason="Wrong list")
    put(stage, "ada", "Nc2")
    assert became(stage, code) == ["it does not count, because the vote was voided: Wrong list"]


def test_a_receipt_of_somebody_who_was_removed_says_that_it_was_not_counted() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    put(stage, "bo", "Nc2")
    code = receipt_of(stage, "ada")
    stage.ok("remove_person", "kim", "", person="ada")
    stage.close("V")
    assert became(stage, code) == ["it was not counted, because its voter was removed from the session"]


def test_a_ballot_that_was_changed_in_the_log_no_longer_has_its_receipt() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    code = receipt_of(stage, "ada")
    assert became(stage, code) != []
    stage.log[-1].body["marks"]["Nc1"] = 2
    assert became(stage, code) == []


def of_teams(*sizes: int) -> Stage:
    """Teams of these sizes with one idea each; everybody votes on their own team's, by confidential ballot."""
    rules = {**DOTS, "electorate": "own_team", "ballots": "confidential", "keep": "1 per team"}
    rows = (
        phase("team", "T", rules={"min_size": 1, "max_size": 9}),
        phase("collect", "I", inputs=["T"], who=["teams"], rules={**WRITE, "visible_to": "team"}),
        phase("vote", "V", inputs=["I"], who=["teams"], rules=rules),
    )
    teams = [[f"p{team}{number}" for number in range(size)] for team, size in enumerate(sizes, 1)]
    roles: dict[str, Any] = {person: "participant" for people in teams for person in people}
    stage = Stage(*rows, **roles)
    stage.open("T")
    for people in teams:
        stage.ok("start_team", "kim", "T", person=people, reason="a test")
    stage.ok("confirm_teams", "kim", "T", reason="a test")
    stage.open("I")
    for first, *_ in teams:
        stage.ok("add_card", first, "I", text=f"idea of {first}")
    stage.open("V")
    for number, people in enumerate(teams, 1):
        for person in people:
            put(stage, person, f"Ic{number}")
    return stage


@pytest.mark.parametrize(
    ("sizes", "listed"), [((5, 5), 10), ((6, 4), None), ((9, 1), None), ((5,), 5), ((4,), None)]
)
def test_a_count_lists_ballots_only_where_each_team_that_votes_on_its_own_has_five(
    sizes: tuple[int, ...], listed: int | None
) -> None:
    stage = of_teams(*sizes)
    stage.close("V")
    found = counted(stage).body.get("ballots")
    assert (None if found is None else len(found)) == listed
    assert vote(stage.replayed()).verify() == []


def test_a_ballot_is_of_the_team_on_whose_ideas_it_was_cast() -> None:
    stage = of_teams(5, 5)
    stage.ok("reopen_phase", "kim", "T")
    stage.ok("move_person", "kim", "T", person="p10", team="Tt2", reason="a test")
    stage.ok("open_phase", "kim", "V")
    put(stage, "p10", "Ic2")
    stage.close("V")
    assert "ballots" not in counted(stage).body


# ---- secret


def test_a_secret_ballot_leaves_its_marks_in_the_urn_and_in_no_event() -> None:
    told = cast(secret(), "ada", "Nc2", "Nc1", "Nc2")
    assert [(event.kind, event.body, event.actor) for event in told.events] == [("ballot_cast", {}, "ada")]
    assert told.secret_ballots == (SecretBallot("V", {"Nc1": 1, "Nc2": 2}),)
    assert list(told.secret_ballots[0].marks) == ["Nc1", "Nc2"]


def test_the_live_session_never_knows_what_a_secret_ballot_says() -> None:
    stage = secret()
    put(stage, "ada", "Nc2")
    assert vote(stage).state.ballots["ada"].marks == {}
    assert data(stage, "phone", person_scope("ada"))["choices"] == []


def test_a_secret_ballot_cannot_be_cast_again_and_its_voter_has_no_form_any_more() -> None:
    stage = secret()
    assert data(stage, "phone", person_scope("ada"))["options"] != []
    put(stage, "ada", "Nc1")
    assert stage.no("cast_ballot", "ada", "V", option="Nc2") == "voted_already"
    assert "options" not in data(stage, "phone", person_scope("ada"))
    assert stage.ballot_boxes == {"V": [{"Nc1": 1}]}


def test_a_refused_secret_ballot_may_be_sent_again() -> None:
    stage = secret()
    assert stage.no("cast_ballot", "ada", "V", option=["Nc1"] * 4) == "too_many_dots"
    put(stage, "ada", "Nc1")


def test_a_secret_ballot_touches_what_any_ballot_touches() -> None:
    assert touched(secret(), "ada", "Nc1") == touched(needs(), "ada", "Nc1")


def test_the_form_of_a_secret_ballot_is_each_persons_own_in_an_order_of_their_own() -> None:
    stage = secret()
    assert "rows" in data(needs(), "phone", role_scope("participant"))
    assert data(stage, "phone", role_scope("participant")) is None
    rows = data(stage, "phone", person_scope("ada"))["options"]
    assert sorted(row["option"].id for row in rows) == ["Nc1", "Nc2", "Nc3"]
    assert [row["option"].id for row in rows] == data(stage, "phone", person_scope("ada"))["order"]


def test_at_the_close_the_ballots_stand_in_the_log_and_the_urn_is_empty() -> None:
    stage = secret()
    four(stage)
    told = stage.do("close_phase", "kim", "V")
    assert isinstance(told, Accepted)
    assert told.secret_ballots == (Emptied("V"),)
    assert sorted(map(str, counted(stage).body["ballots"])) == sorted(
        map(str, [{"Nc1": 1}, {"Nc2": 1}, {"Nc2": 1}, {"Nc3": 1}])
    )
    assert (stage.ballot_boxes, result(stage)[0]) == ({}, ("Nc2", 1, 2.0, True))


def test_secret_ballots_in_the_log_are_in_an_order_that_has_nothing_to_do_with_when_they_came() -> None:
    found = set()
    for voters in (VOTERS, VOTERS[::-1]):
        stage = secret()
        for by, option in zip(voters, ("Nc1", "Nc2", "Nc3", "Nc1"), strict=True):
            put(stage, by, option)
        stage.close("V")
        found.add(json.dumps(counted(stage).body["ballots"]))
    assert len(found) == 1


@pytest.mark.parametrize("steer", ["close_phase", "next_phase", "skip_phase", "the clock"])
def test_however_a_secret_vote_ends_its_urn_is_counted(steer: str) -> None:
    stage = needs(ballots="secret")
    four(stage)
    if steer == "the clock":
        stage.session.agenda.phases["V"].spec = replace(stage.session.agenda.phases["V"].spec, ends="close")
        stage.after(31)
    else:
        stage.ok(steer, "kim", "V")
    assert result(stage)[0] == ("Nc2", 1, 2.0, True)


def test_a_secret_vote_is_counted_after_a_restart_in_its_midst() -> None:
    stage = secret()
    put(stage, "ada", "Nc2")
    put(stage, "bo", "Nc2")
    stage.session = stage.replayed()
    put(stage, "cy", "Nc1")
    assert stage.no("cast_ballot", "ada", "V", option="Nc3") == "voted_already"
    stage.close("V")
    assert (result(stage)[0], vote(stage.replayed()).verify()) == (("Nc2", 1, 2.0, True), [])


def test_where_its_ballot_box_cannot_be_opened_a_secret_vote_does_not_close() -> None:
    stage = secret()
    four(stage)
    stage.keys_there = False
    assert stage.no("close_phase", "kim", "V") == "keys_not_shared"
    stage.keys_there = True
    stage.close("V")
    assert result(stage)[0] == ("Nc2", 1, 2.0, True)


@pytest.mark.parametrize("leaving", ["close_phase", "next_phase", "skip_phase"])
@pytest.mark.parametrize("voided", [False, True])
def test_a_secret_vote_in_whose_box_nothing_lies_can_be_left_without_the_keys(
    leaving: str, *, voided: bool
) -> None:
    stage = secret()
    stage.keys_there = False
    if voided:
        four(stage)
        assert stage.no(leaving, "kim", "V") == "keys_not_shared"
        stage.ok("void_vote", "kim", "V", reason="The keys are lost")
    stage.ok(leaving, "kim", "V")
    assert stage.session.agenda.phases["V"].state != "open"
    assert (counted(stage).body["cast"], counted(stage).body["valid"]) == (0, False)
    assert vote(stage.replayed()).verify() == []


def test_where_no_key_can_be_made_a_secret_vote_does_not_open_and_any_other_phase_does() -> None:
    stage = secret()
    stage.close("V")
    stage.keys_there = False
    assert stage.no("reopen_phase", "kim", "V") == "keys_not_shared"
    stage.ok("reopen_phase", "kim", "N")
    fresh = Stage(phase("vote", "V", rules={"method": "approval", "keep": "1", "ballots": "secret"}))
    fresh.keys_there = False
    assert fresh.no("open_phase", "kim", "V") == "keys_not_shared"


def test_the_key_of_a_ballot_box_stands_in_the_opening_and_is_another_each_time() -> None:
    stage = secret()
    stage.close("V")
    stage.ok("reopen_phase", "kim", "V")
    keys = [e.body["box_key"] for e in stage.log if e.phase == "V" and "box_key" in e.body]
    assert (len(keys), len(set(keys))) == (2, 2)
    assert keys_in_use(stage.session.agenda) == {"V": keys[1]}
    stage.close("V")
    assert keys_in_use(stage.session.agenda) == {}


def test_a_secret_vote_that_an_earlier_release_opened_takes_no_more_ballots_and_is_held_anew() -> None:
    stage = secret()
    four(stage)
    stage.log = [
        e._replace(body={k: v for k, v in e.body.items() if k != "box_key"})
        if e.kind == "phase_opened"
        else e
        for e in stage.log
    ]
    stage.session = stage.replayed()
    stage.join("late", "participant")
    assert stage.no("cast_ballot", "late", "V", option="Nc1") == "not_sealed"
    stage.close("V")
    assert result(stage)[0] == ("Nc2", 1, 2.0, True)
    stage.ok("reopen_phase", "kim", "V")
    put(stage, "late", "Nc1")


def test_a_secret_vote_whose_key_is_gone_decides_nothing_and_says_so() -> None:
    stage = secret()
    four(stage)
    stage.ballot_boxes = {}
    stage.close("V")
    body = counted(stage).body
    assert (body["ballots"], body["cast"], body["valid"], body["lost"]) == ([], 4, False, True)
    assert [alert.text.partition(",")[0] for alert in vote(stage).alerts()][:1] == [
        "The ballots cannot be opened"
    ]
    assert vote(stage.replayed()).verify() == []


def test_a_secret_vote_that_was_put_back_and_is_skipped_is_destroyed_unread_and_held_anew() -> None:
    stage = secret()
    four(stage)
    stage.ok("reopen_phase", "kim", "N")
    told = stage.do("skip_phase", "kim", "V")
    assert isinstance(told, Accepted)
    assert (told.secret_ballots, keys_in_use(stage.session.agenda)) == ((Emptied("V"),), {})
    stage.open("V")
    assert vote(stage).turnout[0] == 0
    for by in VOTERS[:3]:
        put(stage, by, "Nc3")
    stage.close("V")
    assert kept(stage) == ("Nc3",)


@pytest.mark.parametrize("method", ["dots", "approval", "score"])
def test_no_ballot_is_longer_than_its_vote_says(method: str) -> None:
    rules = {"dots": 5, "criteria": [{"id": "fit"}, {"id": "new"}]}
    options = [f"Nc{number}" for number in range(1, 120)]
    largest = len(written(METHODS[method].largest(options, rules)))
    chance = Random(1)
    for _ in range(200):
        some = chance.choices(options, k=5) if method == "dots" else chance.sample(options, 119)
        fields = {f"score-{o}-{c}": "5" for o in some for c in ("fit", "new")} if method == "score" else {}
        marks = METHODS[method].read(Command("cast_ballot", "c", "V", {"option": some, **fields}), rules)
        assert not isinstance(marks, Refused)
        assert len(written(marks)) <= largest


def test_fewer_than_three_secret_ballots_are_never_opened() -> None:
    stage = secret()
    put(stage, "ada", "Nc1")
    put(stage, "bo", "Nc2")
    stage.close("V")
    body = counted(stage).body
    assert (body["ballots"], body["cast"], body["valid"], stage.ballot_boxes) == ([], 2, False, {})
    assert (vote(stage).outcome().ranking, vote(stage).verify()) == ((), [])


def test_an_urn_that_holds_another_number_of_ballots_decides_nothing_and_is_told() -> None:
    stage = secret()
    four(stage)
    stage.ballot_boxes = {"V": [*stage.ballot_boxes["V"], {"Nc3": 3}]}
    stage.close("V")
    assert vote(stage).outcome().ranking == ()
    assert [alert.text for alert in vote(stage).alerts()][:1] == [
        "There are more or fewer ballots in the ballot box than people have voted: {phase}"
    ]
    assert vote(stage.replayed()).verify() == ["V: 4 have voted, and 5 ballots were counted"]


def test_a_secret_ballot_changed_in_the_log_is_found() -> None:
    stage = secret()
    four(stage)
    stage.close("V")
    counted(stage).body["ballots"][0] = {"Nc3": 3}
    assert [fault.split(" is ")[0] for fault in vote(stage.replayed()).verify()] != []


def test_a_secret_ballot_slipped_into_the_log_is_found() -> None:
    stage = secret()
    four(stage)
    stage.close("V")
    body = counted(stage).body
    body["ballots"].append({"Nc9": 1})
    body["cast"] += 1  # tampered with
    assert vote(stage.replayed()).verify() == [
        "V: the result is of 5 ballots, and 4 were cast",
        "V: 4 have voted, and 5 ballots were counted",
    ]


def test_the_secret_ballot_of_somebody_who_was_removed_cannot_be_found_and_counts() -> None:
    stage = secret()
    four(stage)
    stage.ok("remove_person", "kim", "", person="ada")
    stage.close("V")
    assert result(stage)[0] == ("Nc2", 1, 2.0, True)
    assert vote(stage.replayed()).verify() == []


def test_a_secret_vote_opened_again_is_held_anew_because_a_second_count_would_tell_the_new_ballots() -> None:
    stage = secret()
    four(stage)
    stage.close("V")
    stage.ok("reopen_phase", "kim", "V")
    mine = data(stage, "phone", person_scope("ada"))
    assert (vote(stage).turnout[0], mine["lost"], mine["voided"].reason) == (0, True, "")
    for by in VOTERS[:3]:
        put(stage, by, "Nc3")
    stage.close("V")
    assert (counted(stage).body["ballots"], kept(stage)) == ([{"Nc3": 1}] * 3, ("Nc3",))
    assert vote(stage.replayed()).verify() == []


def test_a_secret_vote_put_back_uncounted_keeps_its_urn() -> None:
    stage = secret()
    four(stage)
    stage.ok("reopen_phase", "kim", "N")
    stage.ok("open_phase", "kim", "V")
    assert (vote(stage).turnout[0], stage.no("cast_ballot", "ada", "V", option="Nc1")) == (4, "voted_already")
    stage.close("V")
    assert result(stage)[0] == ("Nc2", 1, 2.0, True)


def test_secret_ballots_of_a_voided_vote_are_never_opened_and_people_vote_anew() -> None:
    stage = secret()
    four(stage)
    stage.ok("void_vote", "kim", "V", reason="Wrong list")
    assert (stage.ballot_boxes, stage.log[-1].body) == ({}, {"reason": "Wrong list", "ballots": 4})
    for by in VOTERS[:3]:
        put(stage, by, "Nc1")
    stage.close("V")
    assert (counted(stage).body["cast"], kept(stage)) == (3, ("Nc1",))


def test_a_team_scores_its_own_ideas_in_secret() -> None:
    stage = ideas(ballots="secret")
    assert data(stage, "phone", team_scope("Tt1")) is None
    rows = [
        key["criterion"]
        for row in data(stage, "phone", person_scope("ada"))["options"]
        for key in row["rows"]
    ]
    assert rows == ["fit", "new"] * 3
    score(stage, "ada", Ic1=(5, 5))
    score(stage, "bo", Ic3=(4, 4), Ic1=(3, 3))
    score(stage, "cy", Ic4=(4, 4))
    stage.close("V")
    assert sorted(kept(stage)) == ["Ic1", "Ic3", "Ic4"]
    stage.ok("reveal_result", "kim", "V")
    assert [line["headline"] for line in data(stage, "phone", team_scope("Tt2"))["lines"]] == ["c1", "c2"]


def test_an_approval_in_secret_leaves_out_what_is_the_voters_own() -> None:
    stage = ideas(ballots="secret", method="approval", own_excluded=True, electorate="", keep="1")
    listed = data(stage, "phone", person_scope("ada"))["options"]
    assert {row["option"].id for row in listed if row["rows"]} == {"Ic4", "Ic5"}
    assert stage.no("cast_ballot", "ada", "V", option="Ic1") == "own_option"


def test_closing_a_secret_vote_changes_every_pane() -> None:
    stage = secret()
    four(stage)
    before = stage.session.seq
    stage.close("V")
    refs = [ref for ref, seq in stage.session.touched.items() if seq > before]
    assert ("V", EVERY_PANE.part, EVERY_PANE.key, EVERY_PANE.scope) in refs
