"""Consult: asking, one claim at a time, answers, stops that block, and who sees what."""

from __future__ import annotations

from typing import Any

import pytest

from sessions.activities.consult import Consult
from sessions.activities.consult.handed_on import outcome
from sessions.activities.consult.requests import RESPONSES, Queue, Request
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, person_scope, role_scope, team_scope
from sessions.messages import Refused
from tests.support.seed import SEED, fact, race, seeds
from tests.support.stage import Stage, phase

__all__ = ["seeds"]

RULES = {
    "topics": ["ipr", "market"],
    "verdicts": ["go", "change", "stop"],
    "about": "entries",
    "answer_minutes": 20,
    "open_per_team": 2,
}
ROW = phase("consult", "Q", minutes=180, who=["teams", "experts"], inputs=["S"], rules=RULES)
CARDS = {**ROW, "rules": {**RULES, "about": "cards"}}
AFTER = phase("seed", "Z")


def staged(row: dict[str, Any] = ROW) -> Stage:
    """Aino and Ben are team 1 (e1 from c1), Cai is team 2 (e2 from c2); Eve and Finn are experts, Eve has declared."""
    people: dict[str, Any] = {
        "aino": "participant",
        "ben": "participant",
        "cai": "participant",
        "eve": "expert",
        "finn": "expert",
    }
    stage = Stage(SEED, row, AFTER, **people)
    race(stage, "aino ben", "cai")
    stage.open("Q")
    stage.ok("declare_interest", "eve", "Q", own="none", bound="on")
    return stage


def consult(stage: Stage) -> Consult:
    activity = stage.session.agenda.phases["Q"].activity
    assert isinstance(activity, Consult)
    return activity


def ask(stage: Stage, by: str = "aino", **change: str) -> str:
    """Ask; the id of the request or the code of the refusal."""
    fields: dict[str, Any] = {"topic": "ipr", "text": "Is the control free to use?", **change}
    told = stage.do("ask", by, "Q", **fields)
    if isinstance(told, Refused):
        return told.reason
    return str(told.events[0].body["request"])


def answer(stage: Stage, request: str, verdict: str = "go", by: str = "eve") -> None:
    stage.ok("claim", by, "Q", request=request)
    stage.ok(
        "answer", by, "Q", request=request, verdict=verdict, note="Known technique.", sources="FI 128 441 B"
    )


def shown(stage: Stage, scope: str, part: str = "", key: str = "", view: str = "phone") -> Fragment | None:
    return consult(stage).show(view, scope, part, key)


def data(stage: Stage, scope: str, part: str = "", key: str = "", view: str = "phone") -> Any:
    found = shown(stage, scope, part, key, view)
    assert found is not None
    return found.data


# ---- asking


def test_a_question_waits_in_the_queue_of_its_topic() -> None:
    stage = staged()
    assert ask(stage) == "Qq1"
    ask(stage, by="cai", topic="market")
    ask(stage)
    assert data(stage, role_scope("expert"))["tickets"] == ["Qq1", "Qq3", "Qq2"]


def test_a_team_with_one_project_need_not_name_it() -> None:
    stage = staged()
    ask(stage)
    assert (consult(stage).queue.requests["Qq1"].about, consult(stage).queue.requests["Qq1"].title) == (
        "e1",
        "Project 1",
    )


def test_where_ideas_are_asked_about_their_own_cards_are_offered() -> None:
    stage = staged(CARDS)
    assert data(stage, team_scope("t1"))["subjects"] == {"c1": "Idea 1"}
    assert ask(stage, about="c1") == "Qq1"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"about": "e2"}, "no_subject"),
        ({"topic": "cooking"}, "no_topic"),
        ({"text": " "}, "empty"),
        ({"text": "x" * 1001}, "too_long"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(change: dict[str, str], reason: str) -> None:
    assert ask(staged(), **change) == reason


def test_somebody_without_a_team_cannot_ask() -> None:
    stage = staged()
    stage.join("dan")
    assert ask(stage, by="dan") == "no_team"


def test_experts_do_not_ask() -> None:
    assert ask(staged(), by="eve") == "not_allowed"


def test_a_team_has_only_so_many_questions_open() -> None:
    stage = staged()
    ask(stage)
    ask(stage, by="ben")
    assert ask(stage) == "too_many"


def test_an_answer_makes_room_for_the_next_question() -> None:
    stage = staged()
    first = ask(stage)
    ask(stage)
    answer(stage, first)
    assert ask(stage) == "Qq3"


def test_a_question_can_be_withdrawn_and_makes_room() -> None:
    stage = staged()
    ask(stage)
    ask(stage)
    stage.ok("cancel_request", "ben", "Q", request="Qq1")
    assert consult(stage).queue.requests["Qq1"].state == "cancelled"
    assert ask(stage) == "Qq3"


def test_an_answered_question_is_not_withdrawn() -> None:
    stage = staged()
    answer(stage, ask(stage))
    assert stage.no("cancel_request", "aino", "Q", request="Qq1") == "not_open_request"


def test_another_team_withdraws_nothing() -> None:
    stage = staged()
    ask(stage)
    assert stage.no("cancel_request", "cai", "Q", request="Qq1") == "not_yours"


def test_urgent_questions_come_first_then_the_oldest() -> None:
    stage = staged()
    ask(stage)
    stage.after(1)
    ask(stage, by="cai")
    stage.after(1)
    ask(stage, urgency="urgent")
    queue = data(stage, role_scope("expert"))["tickets"]
    assert queue == ["Qq3", "Qq1", "Qq2"]
    orders = [getattr(shown(stage, role_scope("expert"), "ticket", r), "order", "") for r in queue]
    assert orders == sorted(orders)


# ---- claiming


def test_an_expert_says_first_whether_there_is_an_interest_of_their_own() -> None:
    stage = staged()
    ask(stage)
    assert stage.no("claim", "finn", "Q", request="Qq1") == "declare_first"
    assert stage.no("declare_interest", "finn", "Q", own="none") == "not_bound"
    assert stage.no("declare_interest", "finn", "Q", bound="on") == "no_interest_said"
    stage.ok("declare_interest", "finn", "Q", bound="on", own="own", note="I own shares in Saw Ltd")
    stage.ok("claim", "finn", "Q", request="Qq1")


def test_what_was_declared_holds_in_later_phases() -> None:
    stage = staged()
    assert stage.session.people["eve"].facts["interest"] == {"own": False, "note": ""}


def test_a_question_is_taken_once() -> None:
    stage = staged()
    stage.ok("declare_interest", "finn", "Q", own="none", bound="on")
    ask(stage)
    stage.ok("claim", "eve", "Q", request="Qq1")
    assert stage.no("claim", "finn", "Q", request="Qq1") == "taken"


def test_claiming_twice_is_no_second_event() -> None:
    stage = staged()
    ask(stage)
    stage.ok("claim", "eve", "Q", request="Qq1")
    assert stage.ok("claim", "eve", "Q", request="Qq1") == ()


def test_an_expert_has_one_question_at_a_time() -> None:
    stage = staged()
    ask(stage)
    ask(stage)
    stage.ok("claim", "eve", "Q", request="Qq1")
    assert stage.no("claim", "eve", "Q", request="Qq2") == "one_at_a_time"


def test_a_question_given_back_waits_again() -> None:
    stage = staged()
    ask(stage)
    stage.ok("claim", "eve", "Q", request="Qq1")
    stage.ok("release", "eve", "Q", request="Qq1")
    assert consult(stage).queue.requests["Qq1"].state == "waiting"


def test_the_facilitator_gives_back_what_an_expert_has_left() -> None:
    stage = staged()
    ask(stage)
    stage.ok("claim", "eve", "Q", request="Qq1")
    assert stage.no("release", "finn", "Q", request="Qq1") == "not_yours"
    stage.ok("release", "kim", "Q", request="Qq1")
    assert consult(stage).queue.claims == {}


def test_an_expert_who_checks_out_gives_the_question_back() -> None:
    stage = staged()
    ask(stage)
    stage.ok("claim", "eve", "Q", request="Qq1")
    fact(stage, "person:eve", "present", False)
    assert consult(stage).queue.requests["Qq1"].state == "waiting"


def test_a_question_withdrawn_while_claimed_frees_its_expert() -> None:
    stage = staged()
    ask(stage)
    ask(stage)
    stage.ok("claim", "eve", "Q", request="Qq1")
    assert stage.no("claim", "eve", "Q", request="Qq2") == "one_at_a_time"
    stage.ok("cancel_request", "aino", "Q", request="Qq1")
    stage.ok("claim", "eve", "Q", request="Qq2")
    assert consult(stage).queue.requests["Qq2"].state == "claimed"


def test_a_question_is_sent_on_to_another_topic_and_keeps_its_time() -> None:
    stage = staged()
    ask(stage)
    stage.after(5)
    stage.ok("claim", "eve", "Q", request="Qq1")
    stage.ok("forward", "eve", "Q", request="Qq1", topic="market")
    request = consult(stage).queue.requests["Qq1"]
    assert (request.topic, request.state, request.asked_at) == ("market", "waiting", stage.now - 300)


@pytest.mark.parametrize("topic", ["ipr", "cooking"])
def test_a_question_is_sent_on_only_to_another_known_topic(topic: str) -> None:
    stage = staged()
    ask(stage)
    assert stage.no("forward", "eve", "Q", request="Qq1", topic=topic) == "no_topic"


# ---- answering


def test_an_answer_is_a_verdict_on_the_entry() -> None:
    stage = staged()
    answer(stage, ask(stage), "change")
    assert stage.session.entries["e1"].every("verdict")["Qq1"] == {
        "topic": "ipr",
        "verdict": "change",
        "note": "Known technique.",
        "sources": "FI 128 441 B",
        "expert": "eve",
        "response": "",
        "responded_by": "",
    }


def test_a_verdict_on_an_idea_follows_it_into_its_entry() -> None:
    stage = staged(CARDS)
    answer(stage, ask(stage))
    assert stage.session.entries["e1"].every("verdict")["Qq1"]["verdict"] == "go"


def test_only_who_has_taken_a_question_answers_it() -> None:
    stage = staged()
    ask(stage)
    assert stage.no("answer", "eve", "Q", request="Qq1", verdict="go", note="Yes") == "not_claimed"


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"verdict": "maybe"}, "no_verdict"), ({"note": ""}, "no_note"), ({"note": "x" * 2001}, "too_long")],
)
def test_an_answer_needs_a_verdict_and_a_note(change: dict[str, str], reason: str) -> None:
    stage = staged()
    ask(stage)
    stage.ok("claim", "eve", "Q", request="Qq1")
    said: dict[str, Any] = {"request": "Qq1", "verdict": "go", "note": "Yes", **change}
    assert stage.no("answer", "eve", "Q", **said) == reason


def test_an_answer_is_given_once() -> None:
    stage = staged()
    answer(stage, ask(stage))
    assert stage.no("answer", "eve", "Q", request="Qq1", verdict="stop", note="No") == "not_open_request"


def test_an_unknown_question_is_refused() -> None:
    assert staged().no("claim", "eve", "Q", request="Qq9") == "no_request"


def test_what_was_open_at_the_close_can_still_be_answered() -> None:
    stage = staged()
    ask(stage)
    stage.open("Z")
    answer(stage, "Qq1")
    assert consult(stage).queue.requests["Qq1"].state == "answered"
    assert stage.no("ask", "aino", "Q", topic="ipr", text="One more") == "closed"


# ---- a stop blocks the advance


def test_a_stop_without_a_response_blocks_the_close_and_names_the_team() -> None:
    stage = staged()
    answer(stage, ask(stage, by="cai"), "stop")
    told: Any = stage.do("open_phase", "kim", "Z")
    assert (told.reason, told.params["teams"], told.params["requests"]) == ("stops_open", [2], ["Qq1"])


def test_the_team_responds_and_the_race_goes_on() -> None:
    stage = staged()
    answer(stage, ask(stage), "stop")
    stage.ok("respond_to_stop", "ben", "Q", request="Qq1", text="We ask for a licence")
    stage.open("Z")
    assert stage.session.entries["e1"].every("verdict")["Qq1"]["response"] == "We ask for a licence"
    assert stage.session.entries["e1"].open_stops == []


def test_one_of_the_usual_responses_is_kept_in_the_teams_language() -> None:
    stage = staged()
    stage.ok("choose_language", "aino", language="fi")
    answer(stage, ask(stage), "stop")
    stage.ok("respond_to_stop", "aino", "Q", request="Qq1", choice="drop")
    assert consult(stage).queue.requests["Qq1"].response == "Luovumme siitä"


def test_the_facilitator_records_a_response_with_a_reason() -> None:
    stage = staged()
    answer(stage, ask(stage), "stop")
    assert stage.no("respond_to_stop", "kim", "Q", request="Qq1", choice="drop") == "empty"
    stage.ok("respond_to_stop", "kim", "Q", request="Qq1", text="They told me they drop it")
    assert stage.session.entries["e1"].open_stops == []


def test_another_team_responds_to_nothing() -> None:
    stage = staged()
    answer(stage, ask(stage), "stop")
    assert stage.no("respond_to_stop", "cai", "Q", request="Qq1", text="We") == "not_yours"


def test_there_is_nothing_to_respond_to_before_an_answer() -> None:
    stage = staged()
    ask(stage)
    assert stage.no("respond_to_stop", "aino", "Q", request="Qq1", text="We") == "not_answered"


def test_change_and_go_block_nothing() -> None:
    stage = staged()
    answer(stage, ask(stage), "change")
    answer(stage, ask(stage, by="cai"), "go")
    stage.open("Z")
    assert [phase.id for phase in stage.session.agenda if phase.state == "open"] == ["Z"]


def test_a_usual_response_stands_in_the_log_as_a_choice_and_in_the_record_in_words() -> None:
    stage = staged()
    stage.ok("choose_language", "aino", "", language="fi")
    answer(stage, ask(stage), "stop")
    stage.ok("respond_to_stop", "aino", "Q", request="Qq1", choice="drop")
    assert stage.log[-1].body == {"request": "Qq1", "number": 1, "text": "", "choice": "drop"}
    assert stage.session.entries["e1"].latest("verdict")["response"] == "Luovumme siitä"
    assert data(stage, team_scope("t1"), "request", "Qq1")["response"] == RESPONSES["drop"]


def test_a_response_in_ones_own_words_goes_before_a_usual_one() -> None:
    stage = staged()
    answer(stage, ask(stage), "stop")
    stage.ok("respond_to_stop", "aino", "Q", request="Qq1", choice="drop", text="We wait")
    assert (stage.log[-1].body["text"], stage.log[-1].body["choice"]) == ("We wait", "")


def test_a_stop_stays_settled_when_the_words_of_the_response_are_erased() -> None:
    stage = staged()
    answer(stage, ask(stage), "stop")
    before = stage.replayed().agenda.phases["Q"].activity
    assert before is not None
    assert before.refuse_close(stage.now) is not None
    stage.ok("respond_to_stop", "aino", "Q", request="Qq1", text="We wait")
    for at, event in enumerate(stage.log):
        gone = dict.fromkeys(Consult.words.get(event.kind, ()))
        stage.log[at] = event._replace(body={**event.body, **gone})
    erased = stage.replayed()
    after = erased.agenda.phases["Q"].activity
    assert after is not None
    assert after.refuse_close(stage.now) is None
    assert erased.entries["e1"].latest("verdict")["note"] == ""
    assert erased.entries["e1"].open_stops == []


# ---- who sees what


def test_only_the_team_sees_its_question() -> None:
    stage = staged()
    ask(stage)
    assert data(stage, team_scope("t1"), "request", "Qq1")["request"].text == "Is the control free to use?"
    assert shown(stage, team_scope("t2"), "request", "Qq1") is None
    assert shown(stage, EVERYBODY, "request", "Qq1") is None


def test_an_expert_reads_the_question_once_it_is_taken_and_no_other_expert_does() -> None:
    stage = staged()
    ask(stage)
    assert data(stage, person_scope("eve"))["request"] is None
    stage.ok("claim", "eve", "Q", request="Qq1")
    assert data(stage, person_scope("eve"))["request"].text == "Is the control free to use?"
    assert data(stage, person_scope("eve"))["idea"] == "Idea 1"
    assert data(stage, person_scope("finn"))["request"] is None


def test_people_who_are_no_experts_have_no_back_office() -> None:
    stage = staged()
    assert shown(stage, role_scope("expert")) is not None
    assert shown(stage, role_scope("participant")) is None
    assert shown(stage, person_scope("aino")) is None


def test_the_screen_shows_numbers_only() -> None:
    stage = staged()
    ask(stage)
    queue = data(stage, EVERYBODY, "topic", "ipr", view="screen")["queue"]
    assert (queue.waiting, queue.claimed, queue.oldest_at) == (1, 0, stage.now)
    panes = [shown(stage, EVERYBODY, view="screen"), shown(stage, EVERYBODY, "topic", "ipr", view="screen")]
    assert [words for words in ("control", "Project 1", "aino") if words in str(panes)] == []


def test_a_topic_says_how_long_an_answer_takes() -> None:
    stage = staged()
    ask(stage)
    stage.after(14)
    answer(stage, "Qq1")
    queue = data(stage, EVERYBODY, "topic", "ipr", view="screen")["queue"]
    assert (queue.waiting, queue.answered, queue.minutes, queue.oldest_at) == (0, 1, 14, 0.0)


def test_the_team_sees_that_the_expert_has_an_interest_of_their_own() -> None:
    stage = staged()
    stage.ok("declare_interest", "finn", "Q", own="own", bound="on", note="Shares")
    ask(stage)
    answer(stage, "Qq1", by="finn")
    assert data(stage, team_scope("t1"), "request", "Qq1")["request"].own_interest


def test_an_expert_finds_the_answers_given_and_what_is_left_after_the_close() -> None:
    stage = staged()
    answer(stage, ask(stage))
    ask(stage)
    assert shown(stage, role_scope("expert"), view="mine") is None
    stage.open("Z")
    assert data(stage, role_scope("expert"), view="mine")["tickets"] == ["Qq2"]
    assert [told["request"].id for told in data(stage, person_scope("eve"), view="mine")["given"]] == ["Qq1"]


def test_the_console_lists_what_is_open_and_the_stops() -> None:
    stage = staged()
    answer(stage, ask(stage), "stop")
    answer(stage, ask(stage, by="cai"), "go")
    ask(stage)
    table = data(stage, EVERYBODY, "queue", view="console")
    assert [row["request"].id for row in table["rows"]] == ["Qq1", "Qq3"]
    assert (table["waiting"], table["answered"], table["stops"]) == (1, 2, 1)


# ---- alerts, figures, replay


def test_the_facilitator_hears_of_a_question_that_waits_too_long() -> None:
    stage = staged()
    ask(stage)
    (told,) = consult(stage).alerts()
    assert (told.at, told.params["team"], told.params["minutes"]) == (stage.now + 1200, 1, 20)


def test_the_facilitator_hears_of_a_stop_until_there_is_a_response() -> None:
    stage = staged()
    answer(stage, ask(stage), "stop")
    assert [told.text for told in consult(stage).alerts()] == [
        "{topic}: team {team} has got a stop and not responded"
    ]
    stage.ok("respond_to_stop", "aino", "Q", request="Qq1", text="We drop it")
    assert list(consult(stage).alerts()) == []


def test_the_outcome_has_the_figures() -> None:
    stage = staged()
    ask(stage)
    stage.after(6)
    answer(stage, "Qq1")
    ask(stage)
    assert stage.session.outcome("Q").figures == {"asked": 2, "answered": 1, "minutes": 6}


def test_a_replay_gives_the_same_queue() -> None:
    stage = staged()
    answer(stage, ask(stage), "stop")
    stage.ok("respond_to_stop", "aino", "Q", request="Qq1", choice="ask")
    ask(stage)
    stage.ok("forward", "eve", "Q", request="Qq2", topic="market")
    stage.ok("claim", "eve", "Q", request="Qq2")
    again = stage.replayed().agenda.phases["Q"].activity
    assert isinstance(again, Consult)
    assert again.queue == consult(stage).queue


# ---- the queue, without a stage


def question(number: int, asked_at: float = 0.0, answered_at: float = 0.0) -> Request:
    """A question of team t1, answered if a time is given."""
    verdict = "go" if answered_at else ""
    return Request(
        f"q{number}",
        number,
        "t1",
        "ipr",
        "e1",
        "Project 1",
        "Why?",
        False,
        "aino",
        asked_at,
        verdict=verdict,
        answered_at=answered_at,
    )


def test_an_expert_holds_a_question_until_it_is_let_go() -> None:
    queue, request = Queue(), question(1)
    queue.add(request)
    queue.claim(request, "eve", 60.0)
    assert (queue.claims, request.state) == ({"eve": "q1"}, "claimed")
    assert (queue.let_go(request), queue.claims, request.state) == ("eve", {}, "waiting")
    assert queue.let_go(request) == ""


def test_the_mean_time_is_of_what_was_answered_only() -> None:
    requests = [question(1, 0.0, 300.0), question(2, 60.0, 660.0), question(3)]
    assert outcome(requests).figures == {"asked": 3, "answered": 2, "minutes": 8}
