"""Planning: what others brought is answered, one person carries each action, and what comes of it goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sessions.activities.act import Act
from sessions.activities.act.plan import Action
from sessions.activities.act.rules import faults
from sessions.activity import Changed
from sessions.audience import EVERYBODY, person_scope, role_scope
from sessions.format import read_format
from sessions.format_faults import findings
from sessions.handing_on import taken_from
from sessions.messages import Refused
from sessions.outcome import Outcome
from sessions.session import Accepted, Session
from tests.support.stage import Stage, made_up, phase, plain, words

ROLES = [{"key": "region", "title": words("Region"), "acts_like": "business_developer"}]
WHO = ["participant", "host", "region"]
ADVICE = phase(
    "collect", "A", rules={"columns": ["advice"], "fields": ["text"], "main": "text", "per_person": 5}
)
DOTS = phase("vote", "V", inputs=["A"], rules={"method": "dots", "dots": 3, "keep": "2", "blind": False})
ANSWERS: dict[str, Any] = {"answers": ["accept", "try", "not_now"], "answerers": ["host"]}
PLANS: dict[str, Any] = {
    "actions": ["action", "promise", "booking", "measure", "invitation"],
    "support": True,
}
DUE = "2030-01-31"


def staged(*more: dict[str, Any], inputs: tuple[str, ...] = ("A",), **rules: Any) -> Stage:
    """Ada and Bo have given advice; Hal is the host, Rea of the region; P is open."""
    rows = [ADVICE, DOTS, phase("act", "P", who=WHO, inputs=list(inputs), rules=rules), *more]
    people = {"ada": "participant", "bo": "participant", "hal": "host"}
    stage = Stage(form={**made_up(), "role": ROLES, "phase": plain(rows)}, **people)
    stage.join("rea", "business_developer")
    stage.ok("grant_role", "kim", person="rea", role="region")
    stage.open("A")
    for by, text in (("ada", "Buy lamps"), ("bo", "Ask the neighbour"), ("ada", "Wait a year")):
        stage.ok("add_card", by, "A", text=text, column="advice")
    if "V" in inputs:
        stage.open("V")
        stage.ok("cast_ballot", "ada", "V", option=["Ac2", "Ac2", "Ac1"])
    stage.open("P")
    return stage


def act(stage: Stage, name: str = "P") -> Act:
    activity = stage.session.agenda.phases[name].activity
    assert isinstance(activity, Act)
    return activity


def add(stage: Stage, by: str = "ada", sort: str = "action", **more: Any) -> str:
    """Write an action; its id, or the code of the refusal."""
    fields = {"what": "Measure it", "due": DUE, **more}
    told = stage.do("add_action", by, "P", sort=sort, **fields)
    return told.reason if isinstance(told, Refused) else str(told.events[0].body["card"])


def action(stage: Stage, name: str) -> Action:
    return act(stage).plan.actions[name]


def answer(stage: Stage, card: str, choice: str = "accept", by: str = "hal", **more: Any) -> None:
    stage.ok("answer_item", by, "P", **{"card": card, "choice": choice, "answer": "So", "due": DUE, **more})


def data(stage: Stage, view: str, scope: str, part: str = "", key: str = "") -> Any:
    shown = act(stage).show(view, scope, part, key)
    return None if shown is None else shown.data


def numbers(outcome: Outcome) -> dict[str, Any]:
    return dict(outcome.figures)


# ---- answers


def test_the_host_answers_item_by_item_with_a_reason_somebody_who_carries_it_and_a_day() -> None:
    stage = staged(**ANSWERS)
    assert [item["id"] for item in (data(stage, "console", EVERYBODY)["sources"])] == ["Ac1", "Ac2", "Ac3"]
    stage.ok("take_item", "hal", "P", card="Ac1")
    answer(stage, "Ac1")
    answer(stage, "Ac2", "try", person="bo")
    answer(stage, "Ac3", "not_now", due="")
    told = numbers(stage.session.outcome("P"))
    assert told["answers"] == {
        "Ac1": {"choice": "accept", "due": DUE, "action": "Pa1"},
        "Ac2": {"choice": "try", "due": DUE, "action": "Pa2"},
        "Ac3": {"choice": "not_now", "due": ""},
    }
    assert told["actions"] == [
        {"id": "Pa1", "sort": "action", "source": "Ac1", "due": DUE, "responsible": "hal"},
        {"id": "Pa2", "sort": "action", "source": "Ac2", "due": DUE, "asked": "bo"},
    ]


def test_the_facilitator_is_told_near_the_end_what_has_no_answer() -> None:
    stage = staged(**ANSWERS)
    (waiting,) = act(stage).alerts()
    assert (waiting.params, waiting.at) == ({"count": 3}, act(stage).phase.ends_at - 300)
    assert [str(fault) for fault in act(stage).came_short()] == ["3 of 3 stay without an answer"]
    for card in ("Ac1", "Ac2", "Ac3"):
        answer(stage, card)
    assert (list(act(stage).alerts()), list(act(stage).came_short())) == ([], [])


def test_who_comes_later_can_be_asked_too() -> None:
    stage = staged(carriers=["host"], **PLANS)
    stage.join("ivo", "host")
    assert data(stage, "phone", role_scope("participant"))["people"] == ["hal", "ivo"]
    assert Changed(scope=role_scope("participant")) in list(act(stage).arrived(stage.session.people["ivo"]))
    assert list(act(stage).arrived(stage.session.people["ada"])) == []


def test_what_is_accepted_or_tried_needs_a_reason_a_day_and_somebody() -> None:
    stage = staged(carriers=["host"], **ANSWERS)
    told = {"card": "Ac1", "choice": "accept", "answer": "So", "due": DUE}
    for change, reason in (
        ({"choice": "maybe"}, "no_choice"),
        ({"answer": " "}, "no_why"),
        ({"answer": "x" * 501}, "too_long"),
        ({"due": ""}, "no_day"),
        ({"due": "2001-01-01"}, "past_day"),
        ({"person": "bo"}, "no_person"),
        ({"card": "Ac9"}, "no_item"),
    ):
        assert stage.no("answer_item", "hal", "P", **{**told, **change}) == reason
    assert stage.no("answer_item", "bo", "P", **told) == "not_answerer"
    assert stage.no("answer_item", "kim", "P", **told) == "no_person", "staff names who carries it"
    assert stage.no("answer_item", "hal", "P", **{**told, "choice": "not_now", "due": "soon"}) == "no_day"
    answer(stage, "Ac1")


def test_an_answer_can_be_changed_and_what_was_to_come_of_it_goes_with_it() -> None:
    stage = staged(**ANSWERS)
    answer(stage, "Ac1", person="bo")
    assert (
        stage.ok("answer_item", "hal", "P", card="Ac1", choice="accept", answer="So", due=DUE, person="bo")
        == ()
    )
    answer(stage, "Ac1", "try", person="ada", due="2030-02-28")
    assert (action(stage, "Pa1").asked, action(stage, "Pa1").due) == ("ada", "2030-02-28")
    answer(stage, "Ac1", "not_now")
    assert numbers(stage.session.outcome("P"))["actions"] == []
    answer(stage, "Ac1")
    assert [a["id"] for a in numbers(stage.session.outcome("P"))["actions"]] == ["Pa2"]


def test_what_was_voted_for_is_answered_in_its_order_and_what_was_not_kept_is_not() -> None:
    stage = staged(inputs=("A", "V"), **ANSWERS)
    assert [(i.card.id, i.points) for i in act(stage).plan.items.values()] == [("Ac2", 2.0), ("Ac1", 1.0)]


def test_the_next_one_is_taken_with_the_answer_and_the_wall_shows_the_one_being_answered() -> None:
    stage = staged(**ANSWERS)
    stage.ok("take_item", "hal", "P", card="Ac1")
    assert stage.ok("take_item", "hal", "P", card="Ac1") == ()
    answer(stage, "Ac1", next="yes")
    wall = data(stage, "screen", EVERYBODY, "wall")
    assert (wall["live"]["id"], wall["answered"], wall["of"]) == ("Ac2", 1, 3)
    assert [(tile["choice"], tile["live"]) for tile in wall["strip"]] == [
        ("accept", False),
        ("", True),
        ("", False),
    ]


def test_whoever_wrote_an_item_is_told_when_it_is_answered_and_nobody_else_is() -> None:
    stage = staged(**ANSWERS)
    assert data(stage, "phone", person_scope("ada"), "own", "Ac1") is None
    assert data(stage, "mine", person_scope("ada"), "own", "Ac1") is not None
    stage.ok("take_item", "hal", "P", card="Ac1")
    assert data(stage, "phone", person_scope("ada"), "own", "Ac1")["item"]["live"]
    answer(stage, "Ac1", answer="In spring")
    assert data(stage, "phone", person_scope("ada"), "own", "Ac1")["item"]["answer"] == "In spring"
    assert data(stage, "phone", person_scope("bo"), "own", "Ac1") is None


# ---- who carries it


def test_exactly_one_person_is_responsible_once_they_have_said_yes() -> None:
    stage = staged(**PLANS)
    card = add(stage, person="bo")
    assert (action(stage, card).asked, action(stage, card).responsible) == ("bo", "")
    assert stage.no("accept_action", "hal", "P", card=card) == "not_free"
    stage.ok("accept_action", "bo", "P", card=card)
    assert stage.ok("accept_action", "bo", "P", card=card) == ()
    assert (action(stage, card).asked, action(stage, card).responsible) == ("", "bo")
    stage.ok("ask_responsible", "bo", "P", card=card, person="hal")
    assert (action(stage, card).asked, action(stage, card).responsible) == ("hal", "")
    assert stage.no("ask_responsible", "rea", "P", card=card, person="rea") == "not_yours"
    stage.ok("accept_action", "hal", "P", card=card)
    assert stage.no("ask_responsible", "ada", "P", card=card, person="bo") == "not_free", (
        "she wrote it, he carries it"
    )
    stage.ok("ask_responsible", "kim", "P", card=card, person="bo")


def test_who_says_no_may_name_somebody_else_and_what_nobody_carries_anybody_takes_on() -> None:
    stage = staged(**PLANS)
    card = add(stage, person="bo")
    assert stage.no("decline_action", "bo", "P", card=card, instead="bo") == "own_successor"
    stage.ok("decline_action", "bo", "P", card=card, instead="hal")
    assert action(stage, card).asked == "hal"
    assert data(stage, "phone", person_scope("hal"), "held", card)["place"] == "asked"
    stage.ok("decline_action", "hal", "P", card=card)
    assert list(action(stage, card).declined) == ["bo", "hal"]
    assert action(stage, card).is_free
    assert [a.text for a in act(stage).alerts()] == ["Actions that nobody carries: {count}"]
    stage.ok("accept_action", "rea", "P", card=card)
    assert action(stage, card).responsible == "rea"
    assert list(act(stage).alerts()) == []


def test_an_invitation_is_accepted_by_who_was_asked_alone_and_they_are_who_comes() -> None:
    stage = staged(**PLANS)
    card = add(stage, "kim", "invitation", person="bo", what="Judge the race")
    stage.ok("decline_action", "bo", "P", card=card)
    assert stage.no("accept_action", "ada", "P", card=card) == "not_free"
    assert stage.no("add_action", "ada", "P", sort="invitation", what="Me", due=DUE) == "no_person"
    assert add(stage, "ada", "invitation", person="ada") == "own_party"
    stage.ok("ask_responsible", "kim", "P", card=card, person="rea")
    assert stage.session.outcome("P").attendance == ()
    stage.ok("accept_action", "rea", "P", card=card)
    assert stage.session.outcome("P").attendance == ("rea",)


def test_a_promise_is_made_for_oneself() -> None:
    stage = staged(**PLANS)
    card = add(stage, sort="promise", person="bo", whom="The sawmills", how="A talk")
    assert (action(stage, card).responsible, action(stage, card).texts["whom"]) == ("ada", "The sawmills")


def test_others_help_and_do_so_no_more_and_their_own_marks_say_so_to_nobody_else() -> None:
    stage = staged(**PLANS)
    card = add(stage)
    assert stage.no("help_action", "ada", "P", card=card) == "carries_it"
    stage.ok("help_action", "bo", "P", card=card)
    assert stage.ok("help_action", "bo", "P", card=card) == ()
    marks = {p: data(stage, "phone", person_scope(p), "marks") for p in ("ada", "bo")}
    assert {p: [a["id"] for a in m["helped"]] for p, m in marks.items()} == {"ada": [], "bo": [card]}
    stage.ok("stop_helping", "bo", "P", card=card)
    assert list(action(stage, card).helpers) == []


# ---- support


def test_support_is_asked_for_and_answered_yes_partly_or_no_and_a_no_says_why() -> None:
    stage = staged(supporters=["region"], **PLANS)
    card = add(stage)
    assert stage.no("answer_support", "rea", "P", card=card, choice="yes") == "not_asked"
    assert stage.no("ask_support", "bo", "P", card=card, text="Money") == "not_yours"
    stage.ok("ask_support", "ada", "P", card=card, text="Half a salary")
    assert len(list(act(stage).alerts())) == 1
    assert stage.no("answer_support", "hal", "P", card=card, choice="yes") == "not_supporter"
    for choice in ("no", "partly"):
        assert stage.no("answer_support", "rea", "P", card=card, choice=choice) == "no_why"
    assert stage.no("answer_support", "rea", "P", card=card, choice="perhaps") == "no_choice"
    scope = role_scope("business_developer+region")
    assert data(stage, "phone", scope, "request", card)["action"]["support"]["text"] == "Half a salary"
    assert data(stage, "phone", role_scope("host"), "request", card) is None
    stage.ok("answer_support", "rea", "P", card=card, choice="partly", answer="A quarter")
    assert numbers(stage.session.outcome("P"))["actions"][0]["support"] == "partly"
    stage.ok("ask_support", "ada", "P", card=card, text="A quarter, then")
    assert numbers(stage.session.outcome("P"))["actions"][0]["support"] == "asked"


def test_where_nobody_gives_support_none_is_asked_for() -> None:
    stage = staged(actions=["action"])
    assert stage.no("ask_support", "ada", "P", card=add(stage), text="Money") == "no_support"


# ---- meetings and measures


def test_a_meeting_is_booked_on_a_day_at_an_hour_with_a_host_who_accepts() -> None:
    stage = staged(carriers=["host"], contact=True, **PLANS)
    assert add(stage, "ada", "booking", person="hal", hour="25:00") == "bad_hour"
    card = add(
        stage, "ada", "booking", what="", source="Ac1", person="hal", hour="09:30", place="B", contact="yes"
    )
    stage.ok("accept_action", "hal", "P", card=card)
    assert numbers(stage.session.outcome("P"))["actions"] == [
        {
            "id": card,
            "sort": "booking",
            "source": "Ac1",
            "due": DUE,
            "hour": "09:30",
            "contact": True,
            "responsible": "hal",
        }
    ]
    assert data(stage, "screen", EVERYBODY, "wall")["next"]["texts"] == {"place": "B"}
    stage.ok("move_action", "hal", "P", card=card, due="2030-02-01", hour="10:00")
    assert (action(stage, card).due, action(stage, card).hour) == ("2030-02-01", "10:00")
    assert stage.no("move_action", "bo", "P", card=card, due=DUE) == "not_yours"


def test_a_measure_is_in_an_area_and_the_wall_says_who_is_responsible_in_which() -> None:
    stage = staged(
        areas=["advise", "fund"], labels={"advise": words("Advise"), "fund": words("Fund")}, **PLANS
    )
    assert add(stage, sort="measure", area="") == "no_area"
    assert add(stage, sort="measure", area="other") == "no_area"
    assert add(stage, sort="measure", area="fund", starts="2030-03-01") == "late_start"
    card = add(stage, sort="measure", area="fund", starts="2030-01-01", indicator="Ten loans")
    stage.ok("help_action", "bo", "P", card=card)
    wall = data(stage, "screen", EVERYBODY, "wall")
    assert wall["actors"] == [
        {"person": "ada", "cells": [[0, 0], [1, 0]]},
        {"person": "bo", "cells": [[0, 0], [0, 1]]},
    ]


# ---- changing and taking back


def test_who_wrote_an_action_puts_it_in_other_words_and_nobody_else_does() -> None:
    stage = staged(**PLANS)
    card = add(stage)
    assert stage.no("change_action", "kim", "P", card=card, what="Mine") == "not_yours"
    assert stage.ok("change_action", "ada", "P", card=card, what="Measure it") == ()
    stage.ok("change_action", "ada", "P", card=card, what="Measure it twice")
    assert action(stage, card).what == "Measure it twice"
    assert stage.no("change_action", "ada", "P", card=card, what="") == "empty"


def test_an_action_taken_back_is_gone_from_every_page_and_from_what_is_handed_on() -> None:
    stage = staged(supporters=["region"], **PLANS)
    card = add(stage, what="Blow it up", person="bo")
    stage.ok("ask_support", "ada", "P", card=card, text="Blow money")
    places = [
        ("phone", EVERYBODY, "action"),
        ("console", EVERYBODY, "line"),
        ("mine", person_scope("ada"), "held"),
        ("mine", person_scope("bo"), "held"),
        ("phone", role_scope("business_developer+region"), "request"),
        ("screen", EVERYBODY, "wall"),
    ]
    assert all("Blow" in str(data(stage, *place, card)) for place in places), "there is something to hide"
    assert stage.no("withdraw_action", "bo", "P", card=card, sure="yes") == "not_yours"
    assert stage.no("withdraw_action", "ada", "P", card=card) == "not_sure"
    told = stage.do("withdraw_action", "ada", "P", card=card, sure="yes")
    assert not isinstance(told, Refused)
    assert [gone.subject for gone in told.withdrawn] == [f"card:{card}"]
    assert not any("Blow" in str(data(stage, *place, card)) for place in places)
    assert stage.session.outcome("P").cards == ()
    assert stage.no("accept_action", "bo", "P", card=card) == "gone"


def test_advice_taken_back_is_answered_no_more_and_its_words_stand_nowhere() -> None:
    stage = staged(**ANSWERS)
    answer(stage, "Ac1")
    assert "lamps" in str(data(stage, "phone", EVERYBODY, "item", "Ac1"))
    assert "lamps" in str(stage.session.outcome("P"))
    stage.ok("withdraw_card", "ada", "A", card="Ac1", sure="yes")
    assert data(stage, "phone", EVERYBODY, "item", "Ac1") is None
    assert "lamps" not in str(stage.session.outcome("P"))
    assert data(stage, "screen", EVERYBODY, "wall")["of"] == 2
    assert numbers(stage.session.outcome("P"))["answers"] == {}


# ---- no


def test_what_cannot_be_written_is_refused_with_a_reason() -> None:
    stage = staged(per_person=2, **PLANS)
    assert add(stage, what=" \n") == "empty"
    assert add(stage, what="x" * 501) == "too_long"
    assert add(stage, sort="agreement") == "no_sort"
    assert add(stage, source="Ac9") == "no_item"
    assert add(stage, due="") == "no_day"
    assert add(stage, person="nobody") == "no_person"
    assert [add(stage), add(stage), add(stage)] == ["Pa1", "Pa2", "too_many"]
    stage.close("P")
    assert add(stage, "bo") == "closed"
    assert stage.ok("help_action", "bo", "P", card="Pa1"), "it can still be said yes to"


def test_who_writes_and_who_gives_support_is_named_by_role() -> None:
    stage = staged(writers=["host"], sourced=True, **PLANS)
    assert add(stage, "ada") == "not_writer"
    assert add(stage, "hal") == "no_item"
    assert add(stage, "hal", source="Ac2") == "Pa1"


def test_hostile_words_are_kept_as_words_and_nothing_else() -> None:
    stage = staged(**PLANS, **ANSWERS)
    card = add(stage, what="<script>\u202ealert(1)</script>\x00")
    assert action(stage, card).what == "<script>alert(1)</script>"
    for command in act(stage).rights:
        assert isinstance(
            stage.do(command, "kim", "P", card="__class__", source="__class__", sort="x"), Refused
        )


# ---- how far it goes


def test_what_its_author_keeps_to_staff_is_read_by_whom_it_concerns_and_by_nobody_else() -> None:
    stage = staged(**PLANS)
    card = add(stage, what="Keep it", person="bo")
    assert data(stage, "phone", EVERYBODY, "action", card) is not None
    stage.session.people["ada"].facts["consent"] = "team"
    assert list(act(stage).consent_changed(stage.session.people["ada"]))
    assert data(stage, "phone", EVERYBODY, "action", card) is None
    assert data(stage, "phone", EVERYBODY)["actions"] == []
    assert data(stage, "screen", EVERYBODY, "wall")["lines"] == []
    assert data(stage, "phone", person_scope("bo"), "held", card) is not None
    assert data(stage, "console", EVERYBODY, "line", card)["action"]["kept"]


def test_advice_that_not_everybody_may_read_is_named_beside_no_action() -> None:
    stage = staged(**PLANS)
    card = add(stage, "bo", source="Ac1")
    assert "lamps" in str(data(stage, "phone", EVERYBODY, "action", card))
    stage.session.people["ada"].facts["consent"] = "team"
    assert "lamps" not in str(data(stage, "phone", EVERYBODY, "action", card))
    assert "lamps" not in str(data(stage, "phone", role_scope("participant"))["sources"])


# ---- what goes on


def test_what_was_taken_on_goes_on_by_its_own_id_and_actions_say_what_they_come_from() -> None:
    stage = staged(**ANSWERS, **PLANS)
    answer(stage, "Ac2", "try", answer="One line")
    answer(stage, "Ac1")
    answer(stage, "Ac3", "not_now")
    card = add(stage, "bo", source="Ac3", what="Ask again")
    cards = stage.session.outcome("P").cards
    assert [(c.id, c.column, c.link, c.authors) for c in cards] == [
        ("Ac1", "accept", "", ("ada",)),
        ("Ac2", "try", "", ("bo",)),
        (card, "action", "Ac3", ("bo",)),
    ]
    assert cards[1].fields == {"text": "Ask the neighbour", "answer": "One line"}
    assert stage.session.card(card) == cards[2]
    assert json.loads(json.dumps(stage.session.outcome("P").figures)) == numbers(stage.session.outcome("P"))


def test_later_phases_answer_vote_and_plan_on_what_came_of_it() -> None:
    later = phase("act", "L", who=WHO, inputs=["P"], rules={"actions": ["followup"], "sourced": True})
    stage = staged(later, **PLANS)
    card = add(stage)
    stage.open("L")
    stage.ok("add_action", "bo", "L", sort="followup", source=card, due=DUE)
    assert numbers(stage.session.outcome("L"))["actions"][0]["source"] == card
    assert [c.id for c in stage.session.outcome("L").cards] == [card], (
        "in no words of its own, so as that card"
    )


LATER: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "vote": ({"method": "dots", "dots": 1}, "cast_ballot", {}),
    "qa": ({}, "support_question", {}),
    "act": ({"answers": ["not_now"]}, "answer_item", {"choice": "not_now", "answer": "So"}),
}


@pytest.mark.parametrize("kind", LATER)
def test_what_was_taken_on_and_the_actions_are_voted_on_asked_about_and_answered_later(kind: str) -> None:
    rules, command, fields = LATER[kind]
    stage = staged(phase(kind, "L", who=WHO, inputs=["P"], rules=rules), **ANSWERS, **PLANS)
    answer(stage, "Ac1")
    answer(stage, "Ac2", "not_now")
    card = add(stage)
    stage.open("L")
    told = {
        name: stage.do(command, "hal", "L", card=name, option=name, **fields)
        for name in ("Ac1", card, "Ac2", "Ac3")
    }
    assert [isinstance(one, Accepted) for one in told.values()] == [True, True, False, False], told


def test_another_event_takes_in_the_actions_that_the_programme_may_read_and_no_others() -> None:
    stage = staged(**PLANS)
    cards = [add(stage, by) for by in ("ada", "bo", "ada")]
    stage.ok("ask_support", "ada", "P", card=cards[2], text="Money")
    stage.ok("answer_support", "kim", "P", card=cards[2], choice="no", answer="None is left")
    stage.session.people["ada"].facts["consent"] = "programme"
    stage.close("P")
    taken, *rest = taken_from(stage.session, stage.log, "P", "day", "", stage.now)
    assert (taken.body["cards"], taken.body["withheld"]) == (1, 2)
    assert [(event.body["card"], event.body["text"]) for event in rest] == [(f"day.{cards[0]}", "Measure it")]


def test_what_a_round_of_questions_left_to_somebody_is_asked_of_them_and_gone_once_it_is_answered() -> None:
    rows = [
        phase("qa", "Q", who=WHO, rules={"moderated": False}),
        phase("act", "P", who=WHO, inputs=["Q"], rules={"actions": ["action"]}),
    ]
    stage = Stage(form={**made_up(), "role": ROLES, "phase": plain(rows)}, ada="participant", hal="host")
    stage.open("Q")
    stage.ok("ask_question", "ada", "Q", text="How long?")
    stage.ok("follow_up_question", "kim", "Q", card="Qq1", owner="kim", due=DUE)
    stage.open("P")
    assert numbers(stage.session.outcome("P"))["actions"] == [
        {"id": "Pk1", "sort": "action", "source": "Qq1", "due": DUE, "asked": "kim"}
    ]
    assert stage.no("withdraw_action", "kim", "P", card="Pk1", sure="yes") == "began_before"
    stage.ok("decline_action", "kim", "P", card="Pk1", instead="hal")
    stage.ok("accept_action", "hal", "P", card="Pk1")
    assert [c.id for c in stage.session.outcome("P").cards] == ["Qq1"]
    stage.ok("answer_question", "kim", "Q", card="Qq1", answer="A year")
    assert numbers(stage.session.outcome("P"))["actions"] == []


def test_actions_of_a_project_are_its_next_step_and_its_follow_ups_until_they_are_taken_back() -> None:
    rows = [
        phase("collect", "I", rules={"columns": ["idea"], "fields": ["text"], "main": "text"}),
        phase(
            "vote",
            "K",
            inputs=["I"],
            rules={"method": "dots", "dots": 1, "keep": "1", "begins_entries": True},
        ),
        phase("act", "P", who=["teams"], rules={"about": "entries", "actions": ["action", "followup"]}),
    ]
    stage = Stage(
        form={**made_up(), "role": ROLES, "phase": plain(rows)}, ada="participant", bo="participant"
    )
    stage.open("I")
    stage.ok("add_card", "ada", "I", text="A boat", column="idea")
    stage.open("K")
    stage.ok("cast_ballot", "bo", "K", option="Ic1")
    stage.ok("close_phase", "kim", "K")
    stage.ok("reveal_result", "kim", "K")
    stage.open("P")
    entry = next(iter(stage.session.entries.values()))
    assert add(stage, source=entry.id, what="") == "empty"
    later = add(stage, source=entry.id, what="Sail", due="2030-06-01")
    first = add(stage, source=entry.id, what="Build")
    asked = add(stage, sort="followup", source=entry.id, what="Does it float?", due="2030-07-01")
    assert entry.latest("next_action") == {"text": "Build", "due": DUE}
    assert entry.latest("followups") == {"months": [], "dates": ["2030-07-01"]}
    gone = [stage.do("withdraw_action", "ada", "P", card=card, sure="yes") for card in (first, asked)]
    assert [len(told.withdrawn) for told in gone if isinstance(told, Accepted)] == [2, 2], (
        "its record forgets it, too"
    )
    assert entry.latest("next_action") == {"text": "Sail", "due": "2030-06-01"}
    assert entry.latest("followups") is None
    stage.ok("withdraw_action", "ada", "P", card=later, sure="yes")
    assert entry.latest("next_action") is None


def test_a_log_folded_again_gives_the_same_plan() -> None:
    stage = staged(**ANSWERS, **PLANS)
    answer(stage, "Ac1", next="yes")
    card = add(stage, "bo", source="Ac2", person="hal")
    stage.ok("decline_action", "hal", "P", card=card)
    stage.ok("ask_support", "bo", "P", card=card, text="Time")
    stage.ok("withdraw_card", "ada", "A", card="Ac3", sure="yes")
    assert stage.replayed().outcome("P") == stage.session.outcome("P")


def test_what_counts_is_the_same_when_all_words_are_gone() -> None:
    stage = staged(**ANSWERS, **PLANS)
    answer(stage, "Ac1")
    cards = [add(stage, "bo", source="Ac2"), add(stage, "ada", what="", source="Ac3")]
    stage.ok("ask_support", "bo", "P", card=cards[0], text="Time")
    bare = Session()
    for event in stage.log:
        bare.evolve(
            event._replace(
                body={**event.body, **dict.fromkeys(stage.session.words_of(event.kind, event.phase))}
            )
        )
    told, kept = bare.outcome("P"), stage.session.outcome("P")
    assert (told.figures, [card.id for card in told.cards]) == (
        kept.figures,
        [card.id for card in kept.cards],
    )
    assert [card.text for card in told.cards if card.id == cards[0]] == [""]


# ---- formats

ROWS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "B07": (["host", "everyone"], {"answers": ["accept", "try", "not_now"], "answerers": ["host"]}),
    "B15": (["staff", "host"], {"actions": ["booking", "promise"]}),
    "C09": (["everyone"], {"actions": ["promise"], "sourced": True}),
    "D09": (["everyone"], {"actions": ["booking"], "carriers": ["business_developer"], "contact": True}),
    "E09": (["everyone"], {"actions": ["agreement"], "areas": ["thesis"], "due_days": 28}),
    "F08": (["everyone", "region"], {"actions": ["action"], "support": True, "supporters": ["region"]}),
    "F13": (["region"], {"actions": ["measure"], "areas": ["advise"], "sourced": True}),
    "F14": (["region"], {"actions": ["followup", "text"]}),
    "G07": (["staff", "everyone"], {"actions": ["invitation"], "areas": ["juror"]}),
}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_of_the_domain_that_plans_can_be_said(row: str) -> None:
    who, rules = ROWS[row]
    named = {area: words(area) for area in rules.get("areas", ())}
    planning = phase(
        "act", row, who=who, inputs=["A"], rules={**rules, **({"labels": named} if named else {})}
    )
    form = plain({**made_up(), "role": ROLES, "phase": [ADVICE, planning]})
    assert [str(finding) for finding in findings(form)] == []
    assert read_format(form).roles["region"].acts_like == "business_developer"


@pytest.mark.parametrize(
    ("rules", "key"),
    [
        ({}, "actions"),
        ({"actions": ["action"], "carriers": ["wizard"]}, "carriers"),
        ({"actions": ["action"], "supporters": ["host"]}, "supporters"),
        ({"actions": ["measure"], "areas": ["fund"]}, "labels"),
    ],
)
def test_a_format_cannot_say_what_nobody_could_do(rules: dict[str, Any], key: str) -> None:
    assert [fault.key for fault in faults(rules, made_up())] == [key]
