"""Surveys: who answers for whom, what is refused, what the answers say together, and who sees what."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from sessions import facts
from sessions.activities.survey import Survey
from sessions.activities.survey.questions import Question
from sessions.activity import FragmentId
from sessions.audience import CLOCK, EVERYBODY, person_scope, team_scope
from sessions.ballot_boxes import written
from sessions.messages import Command, Event, Personal
from sessions.outcome import Fact, Team
from sessions.people import organisation_key
from sessions.session import Accepted, Session
from tests.support.stage import Stage, phase

CHECKIN: dict[str, Any] = {"consent": "session", "terms": "yes"}
EXIT = {"form": "exit", "anonymous": True}
PULSE = {"form": "pulse", "respondent": "team"}
SIGN_UP = {**PULSE, "fields": ["light"], "extra": "techcheck"}


def survey_of(session: Session) -> Survey:
    return cast(Survey, session.agenda.phases["P1"].activity)


def stage_with(rules: dict[str, Any], *crowd: str) -> Stage:
    """A survey P1 with Ada, Bo and Cy (participants), Nils (night host) and a crowd; a pause P2 comes after it."""
    first = phase("survey", "P1", who=["audience"], rules=rules)
    people: dict[str, Any] = dict.fromkeys(("ada", "bo", "cy", *crowd), "participant")
    stage = Stage(first, phase("pause", "P2"), **people, nils="night_host")
    stage.open("P1")
    return stage


def checkin() -> Stage:
    return stage_with({"form": "checkin"})


def furnish(session: Session) -> None:
    """Ada (leads) and Bo are team t1, Cy is team t2; team t1 has an entry e1."""
    facts.regroup(session, Team("t1", 1, "Ripa", ("ada", "bo"), "ada"))
    facts.regroup(session, Team("t2", 2, "Järv", ("cy",), "cy"))
    facts.learn(session, "P0", Fact("c1", "kept", {"title": "Heat", "team": "t1", "idea": "c1", "need": ""}))


def pulse(rules: dict[str, Any] | None = None) -> Stage:
    stage = stage_with({**PULSE, **(rules or {})})
    furnish(stage.session)
    return stage


def facts_of(stage: Stage, person: str) -> dict[str, Any]:
    return stage.session.people[person].facts


def data(stage: Stage, view: str, scope: str = EVERYBODY, part: str = "", key: str = "") -> Any:
    """What a fragment shows; None where there is nothing."""
    shown = survey_of(stage.session).show(view, scope, part, key)
    return None if shown is None else shown.data


def own(stage: Stage, person: str, view: str = "phone") -> Any:
    shown = data(stage, view, person_scope(person))
    return None if shown is None else shown["own"]


def questions(stage: Stage) -> Any:
    return stage.session.outcome("P1").figures["questions"]


# ---- checking in


def test_checking_in_says_what_rules_need_to_know() -> None:
    stage = checkin()
    stage.ok(
        "answer", "ada", "P1", **CHECKIN, competence=["market", "design"], role="expert", employer_claim="no"
    )
    said = {
        name: facts_of(stage, "ada")[name]
        for name in ("consent", "terms", "competence", "wish_role", "employer_claim")
    }
    assert said == {
        "consent": "session",
        "terms": True,
        "competence": ["market", "design"],
        "wish_role": "expert",
        "employer_claim": "no",
    }


@pytest.mark.parametrize("missing", ["consent", "terms"])
def test_consent_and_terms_have_to_be_given(missing: str) -> None:
    stage = checkin()
    fields = {name: value for name, value in CHECKIN.items() if name != missing}
    assert stage.no("answer", "ada", "P1", **fields) == "missing"


def test_who_has_not_accepted_the_terms_has_no_such_fact() -> None:
    stage = checkin()
    stage.ok("answer", "bo", "P1", **CHECKIN)
    assert [facts_of(stage, person).get("terms") for person in ("ada", "bo")] == [None, True]


def test_at_most_three_competences() -> None:
    stage = checkin()
    many = ["market", "design", "law", "user"]
    assert stage.no("answer", "ada", "P1", **CHECKIN, competence=many) == "too_many"


def test_a_competence_counts_once() -> None:
    stage = checkin()
    stage.ok("answer", "ada", "P1", **CHECKIN, competence=["market", "market"])
    assert facts_of(stage, "ada")["competence"] == ["market"]


@pytest.mark.parametrize(
    ("field", "value"), [("consent", "nobody"), ("role", "king"), ("competence", "magic")]
)
def test_an_answer_that_is_not_offered_is_refused(field: str, value: str) -> None:
    stage = checkin()
    assert stage.no("answer", "ada", "P1", **{**CHECKIN, field: value}) == "unknown_option"


def test_a_long_name_is_refused_with_both_numbers() -> None:
    stage = checkin()
    assert stage.no("answer", "ada", "P1", **CHECKIN, alias="a" * 61) == "too_long"


def test_names_go_to_the_persons_own_row_and_not_into_the_log() -> None:
    stage = checkin()
    told = stage.do(
        "answer", "ada", "P1", **CHECKIN, alias="Ada L.", organisation="Norrsågen AB", contact="a@b.se"
    )
    assert isinstance(told, Accepted)
    row = Personal("ada", {"name": "Ada L.", "organisation": "Norrsågen AB", "contact": "a@b.se"})
    log = json.dumps([event[:7] for event in stage.log[-1:]], ensure_ascii=False)
    assert (told.personal, "Norrsågen" in log, "Ada L." in log, "a@b.se" in log) == (
        (row,),
        False,
        False,
        False,
    )


def test_an_empty_name_keeps_the_one_there_is() -> None:
    stage = checkin()
    told = stage.do("answer", "ada", "P1", **CHECKIN, alias="  ")
    assert isinstance(told, Accepted)
    assert told.personal == ()


def test_two_spellings_of_one_organisation_have_one_key() -> None:
    stage = checkin()
    stage.ok("answer", "ada", "P1", **CHECKIN, organisation="Norrsågen AB")
    stage.ok("answer", "bo", "P1", **CHECKIN, organisation=" norrsågen  ab ")
    keys = {stage.session.people[person].organisation for person in ("ada", "bo")}
    assert keys == {organisation_key("Norrsågen AB")}


def test_an_organisation_left_empty_later_stays() -> None:
    stage = checkin()
    stage.ok("answer", "ada", "P1", **CHECKIN, organisation="Norrsågen AB")
    stage.ok("answer", "ada", "P1", **CHECKIN)
    assert stage.session.people["ada"].organisation == organisation_key("Norrsågen AB")


def test_the_server_may_give_the_session_a_key_of_its_own() -> None:
    stage = checkin()
    stage.session.key_of = str.swapcase
    stage.ok("answer", "ada", "P1", **CHECKIN, organisation="Norrsågen AB")
    assert stage.replayed().people["ada"].organisation == "nORRSÅGEN ab"


def test_no_organisation_has_no_key() -> None:
    assert organisation_key("  ") == ""


def test_the_language_chosen_is_the_persons_language() -> None:
    stage = checkin()
    stage.ok("answer", "ada", "P1", **CHECKIN, language="fi")
    assert stage.session.people["ada"].language == "fi"


def test_what_is_no_longer_ticked_is_no_longer_so() -> None:
    stage = checkin()
    stage.ok("answer", "ada", "P1", **CHECKIN, contact_optin="yes", competence="law")
    stage.ok("answer", "ada", "P1", consent="team", terms="yes")
    now = [facts_of(stage, "ada")[name] for name in ("contact_optin", "competence", "consent")]
    assert now == [False, [], "team"]


def test_a_late_joiner_checks_in_after_the_close() -> None:
    stage = checkin()
    stage.open("P2")
    stage.join("zoe")
    stage.ok("answer", "zoe", "P1", **CHECKIN)
    assert stage.session.outcome("P1").attendance == ("zoe",)


def test_a_late_joiner_finds_the_form_among_their_own() -> None:
    stage = checkin()
    stage.open("P2")
    stage.join("zoe")
    assert own(stage, "zoe", "mine")["can_answer"] is True


def test_what_was_said_at_the_door_is_not_asked_again() -> None:
    stage = checkin()
    stage.join("dag", organisation="o1")
    asked = {person: {q.type for q in own(stage, person)["questions"]} for person in ("ada", "dag")}
    assert {"name", "language"} <= {q.type for q in survey_of(stage.session).questions}
    assert not asked["ada"] & {"name", "language"}
    assert "organisation" in asked["ada"], "who said none at the door may say one"
    assert "organisation" not in asked["dag"]


def test_the_rules_that_one_accepts_can_be_read_in_every_language() -> None:
    (terms,) = [q for q in survey_of(checkin().session).questions if q.fact == "terms"]
    assert terms.details is not None
    assert {language: len(text.split()) > 40 for language, text in terms.details.items()} == dict.fromkeys(
        ("en", "sv", "fi"), True
    )


def test_the_form_starts_with_what_is_known() -> None:
    stage = checkin()
    assert own(stage, "ada")["filled"] == {"language": "en", "role": "participant"}


def test_the_form_starts_the_same_for_who_leads_a_team_meanwhile() -> None:
    stage = checkin()
    before = own(stage, "ada")["filled"]
    furnish(stage.session)
    assert stage.session.people["ada"].role == "process_leader"
    assert own(stage, "ada")["filled"] == before


def test_only_the_console_learns_of_a_wish_for_another_role() -> None:
    stage = checkin()
    stage.ok("answer", "ada", "P1", **CHECKIN, role="expert")
    stage.ok("answer", "bo", "P1", **CHECKIN, role="participant")
    assert [data(stage, "console", part="row", key=person)["wish"] for person in ("ada", "bo")] == [
        "expert",
        "",
    ]


def test_the_roster_says_who_leads_a_team_now_and_who_does_no_more() -> None:
    stage = checkin()
    for person in ("ada", "bo", "cy"):
        stage.ok("answer", person, "P1", **CHECKIN, role="participant")

    def shown_anew(leader: str) -> list[str]:
        (said,) = stage.ok("announce", "kim", text="Now.")
        team = Team("t1", 1, "Ripa", ("ada", "bo"), leader)
        stage.session.take(stage.session.agenda.phases["P2"], [team])
        touched = stage.session.touched_since(EVERYBODY, said.seq - 1)
        return sorted(ref.key for ref, _ in touched if ref.part == "row")

    assert shown_anew("ada") == ["ada"]
    assert shown_anew("bo") == ["ada", "bo"]
    assert shown_anew("bo") == []


def test_the_roster_keeps_the_order_of_arrival_when_somebody_answers_again() -> None:
    stage = checkin()
    for person in ("bo", "ada", "bo"):
        stage.ok("answer", person, "P1", **CHECKIN)
    orders = [survey_of(stage.session).show("console", EVERYBODY, "row", p) for p in ("bo", "ada")]
    assert (data(stage, "console")["rows"], orders[0].order < orders[1].order) == (["bo", "ada"], True)  # type: ignore[union-attr]


def test_a_removed_person_is_counted_no_more() -> None:
    stage = checkin()
    stage.ok("answer", "ada", "P1", **CHECKIN)
    assert data(stage, "console", part="desk")["n"] == 1
    stage.ok("remove_person", "kim", person="ada")
    assert (data(stage, "console", part="desk")["n"], data(stage, "console", part="row", key="ada")) == (
        0,
        None,
    )


def test_the_lobby_is_lit_while_people_check_in() -> None:
    stage = checkin()
    assert survey_of(stage.session).scene == "lobby"
    stage.close("P1")
    assert survey_of(stage.session).scene == ""


def test_somebody_who_joins_is_seen_in_the_lobby() -> None:
    stage = checkin()
    before = data(stage, "screen", part="board")["of"]
    stage.join("zoe")
    assert data(stage, "screen", part="board")["of"] == before + 1
    assert stage.session.touched[FragmentId("P1", "board", "", EVERYBODY)] == stage.session.seq


def test_an_answer_redraws_no_phone_but_the_senders() -> None:
    stage = checkin()
    stage.ok("answer", "ada", "P1", **CHECKIN)
    touched = {
        (ref.part, ref.key, ref.scope)
        for ref, seq in stage.session.touched.items()
        if seq == stage.session.seq
    }
    assert {t for t in touched if t[0] == ""} == {("", "", person_scope("ada"))}


# ---- few and many


def test_below_five_people_there_is_no_breakdown() -> None:
    stage = stage_with({"form": "checkin"}, "dan", "eli")
    for person in ("ada", "bo", "cy", "dan"):
        stage.ok("answer", person, "P1", **CHECKIN, competence="law")
    assert questions(stage) == {}
    stage.ok("answer", "eli", "P1", **CHECKIN, competence="law")
    assert questions(stage)["competence"]["counts"]["law"] == 5


def test_who_leads_a_team_is_still_asked_as_the_participant_they_came_as() -> None:
    stage = checkin()
    before = own(stage, "ada")["filled"]
    furnish(stage.session)
    assert stage.session.people["ada"].role == "process_leader"
    assert own(stage, "ada")["filled"] == before == {"language": "en", "role": "participant"}


# ---- without names


def answers_of(many: int) -> Stage:
    """An anonymous survey that so many people have answered; it is open."""
    crowd = ("ada", "bo", "cy", *(f"x{n}" for n in range(4, many + 1)))[:many]
    stage = stage_with(EXIT, *crowd[3:])
    for n, person in enumerate(crowd, 1):
        stage.ok("answer", person, "P1", x1=str(n), x2=f"lesson {n}", x3="2", x4="yes")
    return stage


def test_an_anonymous_answer_stands_in_no_event_as_long_as_the_survey_is_open() -> None:
    stage = answers_of(5)
    assert [(event.kind, event.body) for event in stage.log[-5:]] == [("answered", {"final": True})] * 5
    assert len(stage.ballot_boxes["P1"]) == 5
    assert "lesson" not in json.dumps([dict(event.body) for event in stage.log[2:]])


def test_the_urn_is_turned_out_at_the_close_in_an_order_that_tells_nothing() -> None:
    orders = []
    for seed in range(20):
        stage = answers_of(5)
        told = stage.do("close_phase", "kim", "P1", seed)
        assert isinstance(told, Accepted)
        (opened,) = (event for event in told.events if event.kind == "answers_opened")
        orders.append([said["x1"] for said in opened.body["answers"]])
        assert sorted(orders[-1]) == [1, 2, 3, 4, 5]
        assert stage.ballot_boxes == {}
    assert len({tuple(order) for order in orders}) > 10


def test_an_anonymous_survey_hands_on_figures_after_its_close_and_no_people() -> None:
    stage = answers_of(5)
    assert stage.session.outcome("P1").figures == {"n": 5, "of": 6, "questions": {}}
    stage.close("P1")
    for session in (stage.session, stage.replayed()):
        outcome = session.outcome("P1")
        figures = {q: outcome.figures["questions"][q] for q in ("x1", "x3", "x2")}
        assert (outcome.attendance, figures) == (
            (),
            {"x1": {"n": 5, "mean": 3.0}, "x3": {"n": 5, "mean": 2.0}, "x2": {"n": 5}},
        )


def test_the_console_of_an_anonymous_survey_has_texts_but_no_lines_about_people() -> None:
    stage = answers_of(5)
    assert (data(stage, "console", part="desk")["sealed"], data(stage, "console", part="desk")["texts"]) == (
        True,
        {},
    )
    stage.close("P1")
    desk = data(stage, "console", part="desk")
    assert desk["texts"]["x2"] == [f"lesson {n}" for n in range(1, 6)]
    assert (
        desk["missing"],
        data(stage, "console")["rows"],
        data(stage, "console", part="row", key="ada"),
    ) == ([], [], None)


def test_what_few_people_wrote_without_names_is_destroyed_unread() -> None:
    stage = answers_of(4)
    stage.close("P1")
    assert [(e.kind, e.body) for e in stage.log if e.kind.startswith("answers_")] == [
        ("answers_destroyed", {"answers": 4})
    ]
    assert stage.ballot_boxes == {}
    for session in (stage.session, stage.replayed()):
        stage.session = session
        desk = data(stage, "console", part="desk")
        assert (desk["texts"], desk["n"], desk["destroyed"], desk["lost"]) == ({}, 0, 4, False)
        assert own(stage, "ada")["destroyed"] is True


def test_whoever_answered_when_there_were_too_few_answers_anew_if_it_opens_again() -> None:
    stage = answers_of(4)
    stage.close("P1")
    stage.ok("reopen_phase", "kim", "P1")
    assert (own(stage, "ada")["can_answer"], own(stage, "ada")["destroyed"]) == (True, True)
    stage.join("late", "participant")
    for n, person in enumerate(("ada", "bo", "cy", "x4", "late"), 1):
        stage.ok("answer", person, "P1", x1=str(n))
    assert own(stage, "ada")["destroyed"] is False
    stage.close("P1")
    assert questions(stage)["x1"] == {"n": 5, "mean": 3.0}


def test_answers_whose_key_is_gone_are_lost_and_said_to_be() -> None:
    stage = answers_of(5)
    stage.ballot_boxes = {}
    stage.close("P1")
    assert stage.log[-2].body == {"answers": 5, "lost": True}
    assert data(stage, "console", part="desk")["lost"] is True


def test_answers_that_an_earlier_release_left_unopened_are_gone_when_it_opens_again() -> None:
    stage = answers_of(4)
    stage.log = [
        e._replace(body={k: v for k, v in e.body.items() if k != "box_key"})
        if e.kind == "phase_opened"
        else e
        for e in stage.log
    ]
    stage.session = stage.replayed()
    assert stage.no("answer", "cy", "P1", x1="1") == "answered_already"
    stage.join("late", "participant")
    assert stage.no("answer", "late", "P1", x1="1") == "not_sealed"
    closed = Event("phase_closed", "P1", {}, stage.session.seq + 1, stage.now, CLOCK, "old")
    stage.log.append(closed)  # earlier releases left few answers where they were
    stage.session.evolve(closed)
    stage.ok("reopen_phase", "kim", "P1")
    assert own(stage, "ada")["can_answer"] is True


def test_no_anonymous_answer_is_longer_than_its_survey_says() -> None:
    stage = stage_with(EXIT)
    survey = stage.session.agenda.phases["P1"].activity
    assert isinstance(survey, Survey)
    whole = {
        q.id: "🧩" * q.limit if q.is_text else [o.id for o in q.options] or q.high or "yes"
        for q in survey.questions
    }
    assert 500 < len(written(whole).encode()) <= survey.ballot_bytes
    assert all(q.limit for q in survey.questions if q.is_text)


@pytest.mark.parametrize(("final", "reason"), [("yes", "answered_already"), ("no", "answered_already")])
def test_anonymous_answers_are_sent_once(final: str, reason: str) -> None:
    stage = answers_of(1)
    assert stage.no("answer", "ada", "P1", x1="5", final=final) == reason
    mine = own(stage, "ada")
    assert (mine["given"].answers, mine["can_answer"]) == ({}, False)
    assert own(stage, "bo")["given"] is None


def test_anonymous_answers_are_not_kept_as_a_draft() -> None:
    stage = stage_with(EXIT)
    assert stage.no("answer", "ada", "P1", x2="half a th", final="no") == "no_draft"


# ---- with names


def five_answers() -> Stage:
    stage = stage_with({"form": "exit"}, "dan", "eli")
    for n, person in enumerate(("ada", "bo", "cy", "dan", "eli"), 1):
        stage.ok("answer", person, "P1", x1=str(n), x2=f"lesson of {person}", x3="2", x4="yes")
    return stage


def test_an_answer_replaces_the_one_before() -> None:
    stage = five_answers()
    stage.ok("answer", "ada", "P1", x1="5")
    assert questions(stage)["x1"] == {"n": 5, "mean": 3.8}


@pytest.mark.parametrize("number", ["0", "6", "four", "³", "9" * 5000])
def test_a_scale_takes_its_own_numbers(number: str) -> None:
    stage = stage_with(EXIT)
    assert stage.no("answer", "ada", "P1", x1=number) == "bad_number"


def test_a_draft_counts_nowhere_and_may_leave_questions_open() -> None:
    stage = stage_with({"form": "exit"})
    stage.ok("answer", "ada", "P1", x2="half a th", final="no")
    mine = own(stage, "ada")
    assert (mine["given"], mine["draft"].answers, mine["filled"]) == (
        None,
        {"x2": "half a th"},
        {"x2": "half a th"},
    )
    assert stage.session.outcome("P1").figures["n"] == 0


def test_a_closed_survey_refuses() -> None:
    stage = stage_with(EXIT)
    stage.open("P2")
    assert stage.no("answer", "ada", "P1", x1="5") == "closed"


# ---- teams


def test_one_answer_for_each_team_and_the_one_before_is_kept() -> None:
    stage = pulse()
    stage.ok("answer", "ada", "P1", light="green")
    stage.ok("answer", "bo", "P1", light="yellow")
    survey = survey_of(stage.session)
    assert [(g.by, g.answers["light"]) for g in survey.responses.given["t1"]] == [
        ("ada", "green"),
        ("bo", "yellow"),
    ]
    assert stage.session.outcome("P1").figures["n"] == 1


def test_a_team_needs_a_light() -> None:
    stage = pulse()
    assert stage.no("answer", "ada", "P1", blocker="no pump") == "missing"


def test_who_is_in_no_team_cannot_answer_for_one() -> None:
    stage = pulse()
    stage.join("zoe")
    assert stage.no("answer", "zoe", "P1", light="green") == "no_team"


def test_the_night_host_answers_for_a_team_and_the_log_says_so() -> None:
    stage = pulse()
    event = stage.ok("answer", "nils", "P1", light="red", for_team="t2")[0]
    assert (event.actor, event.body["respondent"]) == ("nils", "t2")


def test_a_participant_does_not_answer_for_another_team() -> None:
    stage = pulse()
    assert stage.no("answer", "ada", "P1", light="red", for_team="t2") == "not_allowed"


def test_a_team_names_its_own_people_only() -> None:
    stage = pulse()
    assert stage.no("answer", "ada", "P1", light="green", overnight=["ada", "cy"]) == "unknown_option"


def test_who_is_ticked_as_here_is_here_and_who_is_not_is_not() -> None:
    stage = pulse()
    stage.ok("answer", "ada", "P1", light="green", present=["ada"])
    assert [stage.session.people[person].present for person in ("ada", "bo", "cy")] == [True, False, True]


def test_the_form_ticks_who_is_here() -> None:
    stage = pulse()
    facts.learn(stage.session, "P0", Fact("person:bo", "present", False))
    shown = data(stage, "phone", team_scope("t1"))
    assert shown["own"]["filled"] == {"present": ["ada"]}


def test_the_form_is_drawn_anew_when_somebody_of_the_team_leaves() -> None:
    first = phase("survey", "P1", who=["audience"], rules=PULSE)
    night = phase("pause", "P2", beside="P1", who=["everyone"], rules={"reason": "night"})
    stage = Stage(first, night, ada="participant", bo="participant")
    stage.open("P1")
    facts.regroup(stage.session, Team("t1", 1, "Ripa", ("ada", "bo"), "ada"))
    stage.ok("check_out", "bo", "P2")
    assert stage.session.touched[FragmentId("P1", "", "", team_scope("t1"))] == stage.session.seq


def test_who_stays_overnight_is_handed_on() -> None:
    stage = pulse({"fields": ["light", "overnight"]})
    stage.ok("answer", "ada", "P1", light="green", overnight=["bo"])
    stage.ok("answer", "cy", "P1", light="green", overnight=["cy"])
    outcome = stage.session.outcome("P1")
    assert (outcome.attendance, questions(stage)["overnight"]["people"]) == (("bo", "cy"), ["bo", "cy"])


def test_a_question_the_phase_does_not_ask_is_not_taken_in() -> None:
    stage = pulse({"fields": ["light"]})
    event = stage.ok("answer", "ada", "P1", light="green", blocker="no pump")[0]
    assert event.body["answers"] == {"light": "green"}


def test_the_projector_has_the_lights_and_none_of_the_words() -> None:
    stage = pulse()
    stage.ok("answer", "ada", "P1", light="red", blocker="Nobody answers at the pump company")
    board = data(stage, "screen", part="board")
    assert [(team.id, light) for team, light in board["lights"]] == [("t1", "red"), ("t2", "")]
    assert "pump company" in str(data(stage, "console", part="desk"))
    assert "pump company" not in str(board)


def test_a_red_light_needs_the_facilitator_until_it_changes() -> None:
    stage = pulse()
    stage.ok("answer", "ada", "P1", light="red", blocker="no pump")
    survey = survey_of(stage.session)
    assert [alert.params["blocker"] for alert in survey.alerts()] == ["no pump"]
    stage.ok("answer", "ada", "P1", light="green")
    assert list(survey.alerts()) == []


def test_a_red_light_without_words_is_an_alert_too() -> None:
    stage = pulse()
    stage.ok("answer", "ada", "P1", light="red")
    assert [alert.text for alert in survey_of(stage.session).alerts()] == ["Team {number} {team} is red"]


def test_a_closed_pulse_alerts_no_more() -> None:
    stage = pulse()
    stage.ok("answer", "ada", "P1", light="red")
    stage.close("P1")
    assert list(survey_of(stage.session).alerts()) == []


def test_another_team_does_not_see_what_a_team_answered() -> None:
    stage = pulse()
    stage.ok("answer", "ada", "P1", light="red", blocker="no pump")
    assert data(stage, "phone", team_scope("t1"))["own"]["given"].answers["blocker"] == "no pump"
    assert data(stage, "phone", team_scope("t2"))["own"]["given"] is None
    assert data(stage, "phone", person_scope("cy")) is None


def test_a_team_that_is_gone_is_counted_no_more() -> None:
    stage = pulse()
    stage.ok("answer", "cy", "P1", light="green")
    facts.regroup(stage.session, Team("t2", 2, "Järv", ()))
    assert stage.session.outcome("P1").figures["n"] == 0


# ---- signing up for the tech check


def test_entries_are_signed_up_in_the_order_of_their_teams_first_answers() -> None:
    stage = pulse(SIGN_UP)
    facts.learn(
        stage.session, "P0", Fact("c2", "kept", {"title": "Cold", "team": "t2", "idea": "c2", "need": ""})
    )
    stage.ok("answer", "cy", "P1", light="green", pitchers="cy")
    stage.ok("answer", "ada", "P1", light="green", pitchers=["bo"], equipment="HDMI")
    stage.ok("answer", "cy", "P1", light="green", pitchers="cy")
    assert stage.session.outcome("P1").order == ("e2", "e1")


def test_who_pitches_and_what_they_need_is_said_about_the_entry() -> None:
    stage = pulse(SIGN_UP)
    stage.ok("answer", "ada", "P1", light="green", pitchers=["bo"], equipment="HDMI")
    entry = stage.session.entries["e1"]
    assert (entry.latest("presenters"), entry.latest("equipment")) == (["bo"], "HDMI")


def test_a_survey_without_sign_up_hands_on_no_order() -> None:
    stage = pulse()
    stage.ok("answer", "ada", "P1", light="green")
    assert stage.session.outcome("P1").order == ()


# ---- words


def without_words(stage: Stage) -> Session:
    """The session again, with everything gone that people wrote in the survey."""
    session = Session()
    for event in stage.log:
        words = Survey.words.get(event.kind, frozenset()) if event.phase == "P1" else frozenset()
        session.evolve(event._replace(body={**event.body, **dict.fromkeys(words & event.body.keys())}))
    return session


def as_once(event: Event) -> Event:
    """An event as earlier releases wrote it: texts among the answers of whoever wrote them."""
    body = {name: value for name, value in event.body.items() if name not in ("texts", "wrote")}
    if event.kind == "answered" and "texts" in event.body:
        body["answers"] = {**body["answers"], **event.body["texts"]}
    if event.kind == "answers_opened":
        texts = [
            dict(zip(event.body["texts"], row, strict=True))
            for row in zip(*event.body["texts"].values(), strict=True)
        ]
        body["answers"] = [{**answers, **row} for answers, row in zip(body["answers"], texts, strict=True)]
    return event._replace(body=body)


def folded(log: list[Event]) -> Session:
    session = Session()
    for event in log:
        session.evolve(event)
    return session


def test_what_people_write_stands_apart_from_what_they_choose() -> None:
    stage = pulse()
    event = stage.ok("answer", "ada", "P1", light="red", blocker="no pump", help=["design"])[0]
    assert event.words == {"texts"}
    assert event.body["texts"] == {"blocker": "no pump"}
    assert event.body["answers"] == {"light": "red", "help": ["design"]}
    assert event.body["wrote"] == ["blocker"]


def test_what_is_written_without_a_name_stands_apart_from_what_the_same_person_chose() -> None:
    stage = answers_of(5)
    events = stage.ok("close_phase", "kim", "P1")
    (opened,) = (event for event in events if event.kind == "answers_opened")
    assert opened.words == {"texts"}
    assert opened.body["texts"] == {"x2": [f"lesson {n}" for n in range(1, 6)]}
    assert opened.body["wrote"] == {"x2": 5}
    assert {frozenset(answers) for answers in opened.body["answers"]} == {frozenset({"x1", "x3", "x4"})}


def test_an_anonymous_survey_that_nobody_has_answered_can_be_left_without_the_keys() -> None:
    stage = answers_of(0)
    stage.keys_there = False
    stage.close("P1")
    assert stage.session.agenda.phases["P1"].state == "closed"
    answered = answers_of(1)
    answered.keys_there = False
    assert answered.no("close_phase", "kim", "P1") == "keys_not_shared"


@pytest.mark.parametrize("anonymous", [False, True])
def test_figures_stay_when_all_words_are_gone(*, anonymous: bool) -> None:
    stage = answers_of(5) if anonymous else five_answers()
    stage.close("P1")
    erased = without_words(stage)
    assert questions(stage)["x2"] == {"n": 5}
    assert erased.outcome("P1") == stage.session.outcome("P1")
    read = [str([survey.texts(), survey.counted]) for survey in map(survey_of, (stage.session, erased))]
    assert ["lesson" in text for text in read] == [True, False]


def test_an_erased_text_is_no_longer_shown_and_its_light_is_still_red() -> None:
    stage = pulse()
    stage.ok("answer", "ada", "P1", light="red", blocker="no pump")
    erased = without_words(stage)
    furnish(erased)
    shown = survey_of(erased).show("phone", team_scope("t1"))
    assert shown is not None
    assert shown.data["own"]["given"].answers == {"light": "red"}
    assert [alert.text for alert in survey_of(erased).alerts()] == ["Team {number} {team} is red"]


def test_what_is_said_about_people_is_never_what_somebody_wrote() -> None:
    question = Question("q", "text", {"en": "What can you do?"}, fact="competence", limit=200)
    stage = checkin()
    survey = survey_of(stage.session)
    survey.questions = (*survey.questions, question)
    survey.responses.text_ids = frozenset({"q"})
    stage.ok("answer", "ada", "P1", **CHECKIN, competence=["law"], q="I can weld")
    assert survey.counted["ada"].answers["q"] == "I can weld"
    assert facts_of(stage, "ada")["competence"] == ["law"]


def test_what_earlier_releases_wrote_is_read_the_same() -> None:
    for stage in (five_answers(), answers_of(5)):
        stage.close("P1")
        once = [as_once(event) for event in stage.log]
        assert [event.body for event in once] != [event.body for event in stage.log]
        before, now = survey_of(folded(once)), survey_of(stage.replayed())
        assert before.outcome() == now.outcome()
        assert before.texts() == now.texts()
        assert before.responses.given == now.responses.given


# ---- the log


def test_the_survey_folds_again_from_its_log() -> None:
    stage = checkin()
    stage.ok("answer", "ada", "P1", **CHECKIN, organisation="Norrsågen AB", competence=["law"])
    stage.ok("answer", "bo", "P1", **CHECKIN, final="no")
    stage.ok("answer", "ada", "P1", **CHECKIN, language="sv")
    again = stage.replayed()
    assert survey_of(again).responses.given == survey_of(stage.session).responses.given
    assert again.people["ada"].facts == facts_of(stage, "ada")


def test_the_same_answers_lead_to_the_same_events() -> None:
    stage = checkin()
    command = Command("answer", "once", "P1", CHECKIN)
    first, second = (stage.session.decide(command, "ada", stage.now) for _ in range(2))
    assert (
        first
        == second
        == [
            Event(
                "answered",
                "P1",
                {"answers": {"consent": "session", "terms": True}, "final": True, "respondent": "ada"},
                words=Survey.words["answered"],
            )
        ]
    )
