"""Voting: ballots, what is refused, the count, what it gives, and that nobody sees it too early."""

from __future__ import annotations

from typing import Any, cast

import pytest
from lxml import html

from sessions import facts
from sessions.activities.vote import Vote
from sessions.activities.vote.slate import SHUFFLED
from sessions.activity import EVERY_PANE, Changed, Fragment, FragmentId, Revealed
from sessions.audience import EVERYBODY, person_scope, role_scope, team_scope
from sessions.entry import Entry
from sessions.outcome import Fact
from sessions.session import Session
from tests.support.look import drawn_by, page
from tests.support.stage import Stage, phase, words

PEOPLE = {
    "ada": "participant",
    "bo": "participant",
    "cy": "participant",
    "di": "participant",
    "eve": "expert",
    "gus": "guest",
}
DOTS = {"method": "dots", "dots": 3, "max_per_option": 2, "keep": "1", "blind": True}
CRITERIA = [{"id": "fit", "title": words("Fits")}, {"id": "new", "title": words("New")}]
SCORE = {
    "method": "score",
    "criteria": CRITERIA,
    "electorate": "own_team",
    "keep": "1-3 per team",
    "threshold": 3.0,
    "ties": "earliest",
    "begins_entries": True,
}
APPROVAL = {
    "method": "approval",
    "about": "entries",
    "own_excluded": True,
    "keep": "1",
    "ties": "shared",
    "award": "audience",
}
WRITE = {"fields": ["text"], "main": "text", "columns": ["idea"], "per_person": 1000}


def needs(*texts: str, **rules: Any) -> Stage:
    """Needs N1, N2 … on the wall and an open vote V on them by dots."""
    rows = (
        phase("collect", "N", rules=WRITE),
        phase("vote", "V", inputs=["N"], who=["everyone"], rules={**DOTS, **rules}),
        phase("pause", "X", rules={"reason": "meal"}),
    )
    stage = Stage(*rows, form=None, **PEOPLE)
    stage.open("N")
    for text in texts or ("one", "two", "three"):
        stage.ok("add_card", "kim", "N", text=text)
    stage.open("V")
    return stage


def ideas(first: str = "a1", **rules: Any) -> Stage:
    """Team 1 (Ada, Bo) with three ideas and team 2 (Cy, Di) with two; V is their own scoring, open; A is on entries."""
    rows = (
        phase("team", "T", rules={"min_size": 1, "max_size": 9}),
        phase("collect", "I", inputs=["T"], who=["teams"], rules={**WRITE, "visible_to": "team"}),
        phase("vote", "V", inputs=["I"], who=["teams"], rules={**SCORE, **rules}),
        phase("vote", "A", who=["audience"], rules=APPROVAL),
        phase("pause", "X", rules={"reason": "meal"}),
    )
    stage = Stage(*rows, form=None, **PEOPLE)
    stage.open("T")
    for team in (["ada", "bo"], ["cy", "di"]):
        stage.ok("start_team", "kim", "T", person=team, reason="a test")
    stage.ok("confirm_teams", "kim", "T", reason="a test")
    stage.open("I")
    for by, text in (("ada", first), ("bo", "a2"), ("ada", "a3"), ("cy", "c1"), ("di", "c2")):
        stage.ok("add_card", by, "I", text=text)
    stage.open("V")
    return stage


def entries() -> Stage:
    """Two entries, e1 of team 1 and e2 of team 2, and an open audience vote A on them."""
    stage = ideas(keep="1 per team")
    stage.open("A")
    return stage


def vote(stage: Stage | Session, name: str = "V") -> Vote:
    session = stage.session if isinstance(stage, Stage) else stage
    return cast(Vote, session.agenda.phases[name].activity)


def put(stage: Stage, by: str, *options: str) -> None:
    stage.ok("cast_ballot", by, "V", option=list(options))


def score(stage: Stage, by: str, **scores: tuple[int, int]) -> None:
    """``Ic1=(5, 4)``: 5 for how it fits, 4 for how new it is."""
    fields = {
        f"score-{idea}-{c}": str(s)
        for idea, both in scores.items()
        for c, s in zip(("fit", "new"), both, strict=True)
    }
    stage.ok("cast_ballot", by, "V", **fields)


def touched(stage: Stage, by: str, *options: str) -> list[Any]:
    """What a ballot changes."""
    before = stage.session.seq
    put(stage, by, *options)
    return [tuple(ref) for ref, seq in stage.session.touched.items() if seq > before]


def result(stage: Stage, name: str = "V") -> list[tuple[str, int, float, bool]]:
    return [(r.option, r.place, r.points, r.kept) for r in vote(stage, name).outcome().ranking]


def kept(stage: Stage, name: str = "V") -> tuple[str, ...]:
    return vote(stage, name).outcome().kept


def data(
    stage: Stage, view: str, scope: str = EVERYBODY, part: str = "", key: str = "", name: str = "V"
) -> Any:
    """What a fragment shows; None where there is nothing."""
    shown = vote(stage, name).show(view, scope, part, key)
    return None if shown is None else shown.data


def entry(stage: Stage, name: str) -> Entry:
    return stage.session.entries[name]


# ---- casting


def test_a_ballot_holds_what_was_put_on_each_option() -> None:
    (event,) = needs(ballots="open").ok("cast_ballot", "ada", "V", option=["Nc1", "Nc1", "Nc2"])
    assert (event.kind, event.body) == ("ballot_cast", {"marks": {"Nc1": 2, "Nc2": 1}})


def test_a_ballot_in_the_log_names_nobody_but_its_pseudonymous_actor() -> None:
    (event,) = needs().ok("cast_ballot", "ada", "V", option="Nc1")
    assert (event.actor, list(event.body)) == ("ada", ["marks", "nonce"])


def test_a_later_ballot_takes_the_place_of_the_earlier_one() -> None:
    stage = needs()
    put(stage, "ada", "Nc1", "Nc1", "Nc2")
    put(stage, "ada", "Nc3")
    stage.close("V")
    assert result(stage) == [("Nc3", 1, 1.0, True), ("Nc1", 2, 0.0, False), ("Nc2", 2, 0.0, False)]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["Nc1", "Nc2", "Nc3", "Nc1"], "too_many_dots"),
        (["Nc1", "Nc1", "Nc1"], "too_many_on_one"),
        ([], "empty_ballot"),
        (["", " "], "empty_ballot"),
        (["Nc9"], "unknown_option"),
    ],
)
def test_a_ballot_that_breaks_the_rules_is_refused(options: list[str], reason: str) -> None:
    assert needs().no("cast_ballot", "ada", "V", option=options) == reason


def test_a_refused_ballot_leaves_the_earlier_one_standing() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    stage.no("cast_ballot", "ada", "V", option=[])
    assert vote(stage).state.ballots["ada"].marks == {"Nc1": 1}


def test_who_the_row_does_not_name_may_not_vote() -> None:
    assert needs().no("cast_ballot", "gus", "V", option="Nc1") == "not_allowed"


def test_a_ballot_after_the_close_is_refused_by_the_clock() -> None:
    stage = needs()
    stage.close("V")
    assert stage.no("cast_ballot", "ada", "V", option="Nc1") == "closed"


def test_a_ballot_changes_the_voters_own_pane_and_the_turnout_and_nothing_else() -> None:
    stage = needs()
    first = touched(stage, "bo", "Nc1")
    assert ("", "controls", "", "all") in first  # from the first ballot on there is something to show
    assert touched(stage, "ada", "Nc1") == [
        ("V", "", "", "person:ada"),
        ("V", "turnout", "", "all"),
        ("", "alerts", "", "all"),
    ]


def test_a_changed_ballot_leaves_the_turnout_alone() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    assert ("V", "turnout", "", "all") not in touched(stage, "ada", "Nc2")


def test_the_turnout_counts_people_once_and_knows_who_may_vote() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    put(stage, "ada", "Nc2")
    put(stage, "bo", "Nc2")
    assert vote(stage).turnout == (2, 5)


def everybody_counts(stage: Stage) -> set[tuple[int, int]]:
    """The turnout as the wall, the console, the result and what is handed on have it, once the vote has closed."""
    shown = [data(stage, view, part="turnout") for view in ("screen", "console")]
    before = {(of["cast"], of["of"]) for of in shown}
    stage.close("V")
    body, figures = data(stage, "console")["result"].body, vote(stage).outcome().figures
    return {*before, *((each["cast"], each["electorate"]) for each in (body, figures))}


def test_when_all_who_have_a_ballot_have_voted_every_view_and_the_result_say_all() -> None:
    stage = needs()
    for person in ("ada", "bo", "cy", "di", "eve"):
        put(stage, person, "Nc1")
    assert everybody_counts(stage) == {(5, 5)}


def test_a_facilitator_counts_as_a_voter_once_they_have_voted() -> None:
    stage = needs()
    put(stage, "kim", "Nc1")
    assert everybody_counts(stage) == {(1, 6)}


def test_where_only_staff_are_asked_they_are_waited_for() -> None:
    rows = (phase("collect", "N", rules=WRITE), phase("vote", "V", inputs=["N"], who=["staff"], rules=DOTS))
    stage = Stage(*rows, form=None, **PEOPLE)
    stage.open("N")
    stage.ok("add_card", "ada", "N", text="one")
    stage.open("V")
    assert vote(stage).turnout == (0, 1)


@pytest.mark.parametrize(
    ("ballots", "turnout"), [("open", (1, 4)), ("confidential", (1, 4)), ("secret", (2, 5))]
)
def test_who_was_removed_is_in_no_count_unless_nobody_can_tell_their_ballot(
    ballots: str, turnout: tuple[int, int]
) -> None:
    stage = needs(ballots=ballots)
    put(stage, "ada", "Nc1")
    put(stage, "bo", "Nc2")
    assert vote(stage).turnout == (2, 5)
    stage.ok("remove_person", "kim", "", person="ada")
    assert everybody_counts(stage) == {turnout}


def test_a_voter_whose_role_has_changed_since_is_still_counted() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    stage.ok("grant_role", "kim", "", person="ada", role="guest")
    assert everybody_counts(stage) == {(1, 5)}


def test_the_console_lists_no_ballot_that_does_not_count() -> None:
    stage = needs(ballots="open")
    put(stage, "ada", "Nc1")
    put(stage, "bo", "Nc2")
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    assert [voter for voter, _ in data(stage, "console")["by_voter"]] == ["ada", "bo"]
    stage.ok("remove_person", "kim", "", person="ada")
    assert [voter for voter, _ in data(stage, "console")["by_voter"]] == ["bo"]


def test_the_turnout_of_a_vote_of_teams_follows_who_gets_a_place() -> None:
    stage = ideas()
    stage.join("zoe")
    _, of = vote(stage).turnout
    stage.ok("place_person", "kim", "T", person="zoe", team=next(iter(stage.session.teams)), reason="late")
    assert vote(stage).turnout == (0, of + 1)
    assert stage.session.touched[FragmentId("V", "turnout", "", EVERYBODY)] == stage.session.seq


def test_somebody_who_comes_late_is_in_the_turnout_at_once() -> None:
    stage = needs()
    assert vote(stage).turnout == (0, 5)
    stage.join("zoe")
    assert vote(stage).turnout == (0, 6)


def test_somebody_who_comes_late_may_still_vote() -> None:
    stage = needs()
    stage.join("zoe")
    put(stage, "zoe", "Nc1")
    assert vote(stage).turnout == (1, 6)


# ---- ideas of people who are in no team


def evening(*by: str, **changed: Any) -> Stage:
    """Ideas N1, N2 … of whoever is named, voted on by dots: Ada for the first, Bo and Cy for the second."""
    stage = Stage(
        phase("collect", "N", rules=WRITE),
        phase("vote", "V", inputs=["N"], who=["everyone"], rules={**DOTS, "begins_entries": True, **changed}),
        phase("own", "O"),
        form=None,
        **PEOPLE,
    )
    stage.open("N")
    for number, person in enumerate(by, 1):
        stage.ok("add_card", person, "N", text=f"idea {number}")
    stage.open("V")
    for voter, option in (("ada", "Nc1"), ("bo", "Nc2"), ("cy", "Nc2")):
        put(stage, voter, option)
    return stage


def test_the_authors_of_an_idea_that_is_kept_are_the_team_that_carries_it_on() -> None:
    stage = evening("di", "eve", keep="2")
    stage.close("V")
    teams = stage.session.teams
    assert [(entry.title, teams[entry.team].members) for entry in stage.session.entries.values()] == [
        ("idea 2", ("eve",)),
        ("idea 1", ("di",)),
    ]
    assert [team.number for team in teams.values()] == [1, 2]
    assert stage.session.people["di"].role == "process_leader"
    stage.open("O")
    stage.ok("take_ownership", "di", "O", entry="e2")
    assert stage.session.entries["e2"].latest("owner")["person"] == "di"


def test_who_has_two_ideas_kept_carries_both_in_one_team() -> None:
    stage = evening("di", "di", keep="2")
    stage.close("V")
    assert {entry.team for entry in stage.session.entries.values()} == {stage.session.people["di"].team}
    assert len(stage.session.teams) == 1


def test_an_idea_whose_author_was_removed_goes_on_without_a_team() -> None:
    stage = evening("di", "eve", keep="2")
    stage.ok("remove_person", "kim", "", person="di")
    stage.close("V")
    assert {entry.title: bool(entry.team) for entry in stage.session.entries.values()} == {
        "idea 2": True,
        "idea 1": False,
    }


def test_a_count_of_an_earlier_release_founded_no_teams() -> None:
    stage = evening("di", "eve", keep="2")
    stage.close("V")
    assert len(stage.session.teams) == 2
    before = Session()
    for event in stage.log:
        before.evolve(event._replace(body={k: v for k, v in event.body.items() if k != "teams_of_authors"}))
    assert [entry.title for entry in before.entries.values()] == ["idea 2", "idea 1"]
    assert before.teams == {}


# ---- scores of the own team


def test_a_team_scores_its_own_ideas_only() -> None:
    stage = ideas()
    assert stage.no("cast_ballot", "ada", "V", **{"score-Ic4-fit": "5"}) == "unknown_option"
    score(stage, "cy", Ic4=(5, 5))
    assert vote(stage).state.ballots["cy"].marks == {"Ic4": {"fit": 5, "new": 5}}


@pytest.mark.parametrize("value", ["0", "6", "4.5", "x", "²"])
def test_a_score_is_a_whole_number_from_one_to_five(value: str) -> None:
    assert ideas().no("cast_ballot", "ada", "V", **{"score-Ic1-fit": value}) == "bad_score"


def test_an_unknown_criterion_is_refused() -> None:
    assert ideas().no("cast_ballot", "ada", "V", **{"score-Ic1-beauty": "3"}) == "bad_score"


def test_with_one_criterion_its_name_may_be_left_out() -> None:
    stage = ideas(criteria=CRITERIA[:1])
    stage.ok("cast_ballot", "ada", "V", **{"score-Ic1": "4"})
    assert vote(stage).state.ballots["ada"].marks == {"Ic1": {"fit": 4}}


def test_who_has_no_team_has_no_ballot_there() -> None:
    stage = ideas()
    stage.join("zoe")
    assert stage.no("cast_ballot", "zoe", "V", **{"score-Ic1-fit": "5"}) == "no_team"


def test_a_half_scored_idea_waits_until_every_criterion_has_a_score() -> None:
    stage = ideas()
    stage.ok("cast_ballot", "ada", "V", **{"score-Ic1-fit": "5", "score-Ic2-fit": "4", "score-Ic2-new": "4"})
    stage.close("V")
    assert [(o, p) for o, _, p, _ in result(stage) if o in ("Ic1", "Ic2")] == [("Ic2", 4.0), ("Ic1", 0.0)]


def test_a_team_keeps_what_it_scored_three_or_more() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 5), Ic2=(3, 3), Ic3=(2, 2))
    score(stage, "cy", Ic4=(2, 1), Ic5=(1, 1))
    stage.close("V")
    assert sorted(kept(stage)) == ["Ic1", "Ic2", "Ic4"]


def test_a_team_that_did_not_vote_keeps_its_first_idea_and_the_facilitator_hears_of_it() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 5))
    stage.close("V")
    assert kept(stage) == ("Ic1", "Ic4")
    told = [alert.params["team"] for alert in vote(stage).alerts() if "team" in alert.params]
    assert told == [stage.session.teams["Tt2"].name]


def test_each_idea_kept_begins_an_entry_of_its_team() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 5), Ic3=(4, 4))
    stage.close("V")
    assert [(e.id, e.team, e.title) for e in stage.session.entries.values()] == [
        ("e1", "Tt1", "a1"),
        ("e2", "Tt2", "c1"),
        ("e3", "Tt1", "a3"),
    ]


def test_a_long_idea_gives_the_entry_a_title_that_ends_at_a_word() -> None:
    stage = ideas("heat from the sawmill " * 10)
    score(stage, "ada", Ic1=(5, 5))
    stage.close("V")
    assert (
        entry(stage, "e1").title
        == "heat from the sawmill heat from the sawmill heat from the sawmill heat from the sawmill…"
    )


def test_an_idea_that_the_back_office_stopped_is_not_kept() -> None:
    stage = ideas()
    stopped = Fact("Ic1", "verdict", {"topic": "legal", "verdict": "stop"}, "r1")
    stage.session.card_facts["Ic1"] = [("C", stopped, 1)]
    assert data(stage, "phone", team_scope("Tt1"), "option", "Ic1-fit")["stopped"]
    score(stage, "ada", Ic1=(5, 5), Ic2=(4, 4))
    stage.close("V")
    assert sorted(kept(stage)) == ["Ic2", "Ic4"]


def test_a_stop_that_was_answered_holds_nothing_back() -> None:
    stage = ideas()
    verdict = {"topic": "legal", "verdict": "stop"}
    facts = [
        Fact("Ic1", "verdict", verdict, "r1"),
        Fact("Ic1", "verdict", {**verdict, "response": "we changed it"}, "r1"),
    ]
    stage.session.card_facts["Ic1"] = [("C", fact, 1) for fact in facts]
    score(stage, "ada", Ic1=(5, 5))
    stage.close("V")
    assert "Ic1" in kept(stage)


# ---- entries and awards


def test_nobody_votes_for_their_own_entry() -> None:
    stage = entries()
    assert stage.no("cast_ballot", "ada", "A", option="e1") == "own_option"
    stage.ok("cast_ballot", "ada", "A", option="e2")


def test_an_expert_does_not_vote_for_an_entry_they_advised() -> None:
    stage = entries()
    stage.ok("cast_ballot", "eve", "A", option="e1")
    facts.learn(stage.session, "C", Fact("e1", "verdict", {"verdict": "go", "expert": "eve"}, "r1"))
    assert stage.no("cast_ballot", "eve", "A", option="e1") == "own_option"


def test_a_guest_may_vote_where_the_row_says_audience() -> None:
    stage = entries()
    stage.ok("cast_ballot", "gus", "A", option=["e1", "e2"])
    assert vote(stage, "A").turnout == (1, 6)


def test_the_most_supported_entry_has_the_award() -> None:
    stage = entries()
    for by in ("gus", "eve", "cy"):
        stage.ok("cast_ballot", by, "A", option="e1")
    stage.ok("cast_ballot", "ada", "A", option="e2")
    stage.close("A")
    assert entry(stage, "e1").every("award")["audience"]["reason"] == {
        "en": "3 of 4 voters would support it",
        "sv": "3 av 4 röstande skulle stödja det",
        "fi": "3/4 äänestäjästä tukisi sitä",
    }
    assert entry(stage, "e2").every("award") == {}


def test_equals_share_the_award() -> None:
    stage = entries()
    stage.ok("cast_ballot", "gus", "A", option=["e1", "e2"])
    stage.close("A")
    assert [list(e.every("award")) for e in stage.session.entries.values()] == [["audience"], ["audience"]]


def test_an_entry_that_leaves_the_race_frees_its_votes() -> None:
    stage = entries()
    for by in ("gus", "eve"):
        stage.ok("cast_ballot", by, "A", option="e1")
    stage.ok("cast_ballot", "kim", "A", option="e2")
    facts.learn(stage.session, "W", Fact("e1", "status", "withdrawn"))
    stage.close("A")
    assert result(stage, "A") == [("e2", 1, 1.0, True)]


def test_an_award_is_told_on_no_phone_and_no_screen_even_when_the_result_is_shown_to_staff() -> None:
    stage = entries()
    stage.ok("cast_ballot", "gus", "A", option="e1")
    stage.close("A")
    stage.ok("reveal_result", "kim", "A")
    assert [line["option"] for line in data(stage, "console", name="A")["lines"]] == ["e1", "e2"]
    assert data(stage, "screen", name="A")["lines"] == data(stage, "phone", name="A")["lines"] == []


# ---- the result


def test_before_teams_are_formed_two_needs_for_each_team_to_be_go_on() -> None:
    stage = needs(*(f"n{i}" for i in range(9)), keep="2*teams")
    for number, by in enumerate(("ada", "bo", "cy", "di", "eve", "kim")):
        put(stage, by, f"Nc{number + 1}")
    stage.close("V")
    assert vote(stage).state.result.body["keep"] == [4, 4, False]  # type: ignore[union-attr]  # it is closed


def test_all_that_are_equal_at_the_cut_go_on() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    put(stage, "bo", "Nc3")
    stage.close("V")
    assert kept(stage) == ("Nc1", "Nc3")


def test_what_was_hidden_since_the_vote_opened_is_not_counted() -> None:
    stage = needs()
    put(stage, "ada", "Nc1", "Nc2")
    put(stage, "bo", "Nc1")
    stage.ok("hide_card", "kim", "N", card="Nc1")
    stage.close("V")
    assert [option for option, *_ in result(stage)] == ["Nc2", "Nc3"]


def test_the_ballot_of_somebody_who_was_removed_does_not_count() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    put(stage, "bo", "Nc2")
    stage.ok("remove_person", "kim", "", person="ada")
    stage.close("V")
    assert kept(stage) == ("Nc2",)


def test_when_nobody_votes_nothing_is_decided_and_everything_goes_on() -> None:
    stage = needs()
    stage.close("V")
    assert vote(stage).outcome().ranking == ()
    assert [alert.text for alert in vote(stage).alerts()] == [
        "Too few ballots, so nothing is decided: {phase}"
    ]


def test_below_the_quorum_nothing_is_decided() -> None:
    stage = needs(quorum=2)
    put(stage, "ada", "Nc1")
    stage.close("V")
    assert vote(stage).outcome().ranking == ()
    assert data(stage, "console")["result"].body["cast"] == 1


def test_the_clock_closes_the_vote_and_counts() -> None:
    rows = (phase("collect", "N", rules=WRITE), phase("vote", "V", inputs=["N"], ends="close", rules=DOTS))
    stage = Stage(*rows, form=None, **PEOPLE)
    stage.open("N")
    stage.ok("add_card", "ada", "N", text="one")
    stage.open("V")
    put(stage, "ada", "Nc1")
    stage.after(31)
    assert kept(stage) == ("Nc1",)


def test_who_voted_is_handed_on_as_numbers() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    stage.close("V")
    assert vote(stage).outcome().figures == {"cast": 1, "electorate": 5}


def test_a_result_counted_again_from_the_log_is_the_same() -> None:
    stage = needs()
    put(stage, "ada", "Nc1", "Nc2")
    put(stage, "bo", "Nc2", "Nc2", "Nc3")
    stage.close("V")
    assert vote(stage.replayed()).verify() == []


def test_a_result_that_was_tampered_with_is_found() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    stage.close("V")
    counted = next(event for event in stage.log if event.kind == "result_counted")
    counted.body["ranking"][0]["points"] = 9.0
    (difference,) = vote(stage.replayed()).verify()
    assert difference.startswith("V: Nc1 is ")


def test_a_scored_result_counted_again_is_the_same() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 4), Ic2=(3, 3))
    score(stage, "bo", Ic1=(2, 4), Ic2=(3, 4))
    stage.close("V")
    assert vote(stage.replayed()).verify() == []


def test_nothing_is_verified_before_there_is_a_result() -> None:
    assert vote(needs()).verify() == []


# ---- showing


def standing_in(shown: Fragment | None) -> list[Any]:
    return list(shown.data.get("lines", ())) if shown else []


def test_the_console_sees_the_turnout_but_no_standing_while_the_vote_is_blind() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    assert data(stage, "console", part="turnout")["cast"] == 1
    assert data(stage, "console")["lines"] == []
    stage.close("V")
    assert data(stage, "console")["lines"] == []
    stage.ok("reveal_result", "kim", "V")
    assert [line["headline"] for line in data(stage, "console")["lines"]] == ["one", "two", "three"]


@pytest.mark.parametrize("view", ["phone", "screen"])
def test_a_result_is_seen_after_it_was_shown_and_not_before(view: str) -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    stage.close("V")
    assert data(stage, view)["lines"] == []
    stage.ok("reveal_result", "kim", "V")
    assert [(line["place"], line["headline"], line["kept"]) for line in data(stage, view)["lines"][:1]] == [
        (1, "one", True)
    ]


def test_showing_it_changes_every_pane() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    stage.close("V")
    (event,) = stage.ok("reveal_result", "kim", "V")
    assert list(vote(stage).result_revealed(event)) == [EVERY_PANE, Revealed(("V",))]


def test_a_vote_that_is_not_blind_shows_its_result_at_the_close() -> None:
    stage = needs(blind=False)
    put(stage, "ada", "Nc1")
    stage.close("V")
    assert data(stage, "screen")["lines"][0]["headline"] == "one"


@pytest.mark.parametrize("who", ["ada", "eve", "gus"])
def test_only_staff_shows_the_result(who: str) -> None:
    stage = needs()
    stage.close("V")
    assert stage.no("reveal_result", who, "V") == "not_allowed"


def test_an_open_vote_has_no_result_to_show() -> None:
    assert needs().no("reveal_result", "kim", "V") == "still_open"


def test_showing_it_twice_is_once() -> None:
    stage = needs()
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    assert stage.ok("reveal_result", "kim", "V") == ()


def test_the_words_of_a_hidden_card_are_not_in_a_shown_result() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    assert data(stage, "screen")["lines"][0]["headline"] == "one"
    stage.ok("hide_card", "kim", "N", card="Nc1")
    assert data(stage, "screen")["lines"][0]["headline"] is None


def test_the_screen_shows_how_many_ideas_each_team_keeps_and_never_their_words() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 5), Ic3=(4, 4))
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    screen = data(stage, "screen")
    assert [(team.number, number, keeps) for team, number, keeps in screen["teams"]] == [(1, 3, 2), (2, 2, 1)]
    assert screen["lines"] == data(stage, "phone")["lines"] == []


def test_a_team_sees_its_own_result_and_not_the_others() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 5))
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    assert [line["headline"] for line in data(stage, "phone", team_scope("Tt1"))["lines"]] == [
        "a1",
        "a2",
        "a3",
    ]
    assert [line["headline"] for line in data(stage, "phone", team_scope("Tt2"))["lines"]] == ["c1", "c2"]


def test_the_form_for_dots_is_the_same_for_all_of_a_role_that_votes_and_nobody_elses() -> None:
    stage = needs()
    voters = role_scope("participant")
    assert data(stage, "phone", voters)["rows"] == ["Nc1", "Nc2", "Nc3"]
    assert data(stage, "phone", voters, "option", "Nc2")["option"].text == "two"
    for scope in (EVERYBODY, role_scope("guest")):
        assert data(stage, "phone", scope, "option", "Nc2") is None
    assert data(stage, "phone", role_scope("guest")) is None


def test_the_form_for_a_teams_ideas_is_the_teams() -> None:
    stage = ideas()
    assert data(stage, "phone", team_scope("Tt2"))["rows"] == ["Ic4-fit", "Ic4-new", "Ic5-fit", "Ic5-new"]
    assert data(stage, "phone", team_scope("Tt2"), "option", "Ic4-new")["option"].text == "c1"
    assert data(stage, "phone", team_scope("Tt1"), "option", "Ic4-new") is None
    assert data(stage, "phone", EVERYBODY, "option", "Ic4-new") is None


def test_where_the_own_is_excluded_the_form_is_each_persons_and_says_what_is_own() -> None:
    stage = entries()
    listed = data(stage, "phone", person_scope("ada"), name="A")["options"]
    assert {row["option"].id: bool(row["rows"]) for row in listed} == {"e1": False, "e2": True}
    assert data(stage, "phone", role_scope("participant"), name="A") is None


def phone(stage: Stage, person: str) -> Any:
    """A person's phone page as a tree."""
    return html.document_fromstring(page(drawn_by(), stage, "phone", person, "en"))


def test_whose_own_is_all_there_is_gets_no_ballot_to_fill_in_but_a_sentence() -> None:
    stage, form = entries(), "count(//form[@id='A-ballot'])"
    assert [phone(stage, by).xpath(form) for by in ("ada", "cy")] == [1, 1]
    facts.learn(stage.session, "I", Fact("e2", "status", "withdrawn"))
    assert [phone(stage, by).xpath(form) for by in ("ada", "cy")] == [0, 1]
    assert "Everything on the list is your own" in phone(stage, "ada").xpath("string(//*[@id='A-person'])")


def test_a_team_without_ideas_is_told_so() -> None:
    stage = ideas()
    stage.ok("hide_card", "kim", "I", card="Ic4")
    stage.ok("hide_card", "kim", "I", card="Ic5")
    assert data(stage, "phone", team_scope("Tt2"))["rows"] == []


def test_my_pane_holds_my_marks_and_when_they_came() -> None:
    stage = needs()
    put(stage, "ada", "Nc2", "Nc2")
    mine = data(stage, "phone", person_scope("ada"))
    assert (mine["ticks"], mine["choices"], mine["ballot"].at) == (["Nc2", "Nc2"], [("two", 2)], stage.now)
    assert data(stage, "phone", person_scope("bo"))["ticks"] == []


def test_a_score_is_as_many_ticks_as_its_value() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(3, 1))
    assert data(stage, "phone", person_scope("ada"))["ticks"] == ["Ic1-fit"] * 3 + ["Ic1-new"]


def test_who_may_not_vote_is_told_so_and_gets_no_form() -> None:
    mine = data(needs(), "phone", person_scope("gus"))
    assert (mine["may_vote"], "order" in mine) == (False, False)


def test_every_voter_gets_an_order_of_their_own_and_always_the_same() -> None:
    stage = needs(*(f"n{i}" for i in range(20)))
    orders = {by: tuple(data(stage, "phone", person_scope(by))["order"]) for by in ("ada", "bo", "cy")}
    assert len(set(orders.values())) == 3
    assert all(sorted(order) == sorted(vote(stage).slate.ids) for order in orders.values())
    assert data(stage, "phone", person_scope("ada"))["order"] == list(orders["ada"])


def test_of_a_long_list_a_page_orders_no_more_than_what_everybody_may_read() -> None:
    stage = needs(*(f"n{i}" for i in range(SHUFFLED + 20)))
    assert len(data(stage, "phone", person_scope("ada"))["order"]) == SHUFFLED


def test_mine_lists_my_ballot_after_the_close() -> None:
    stage = needs()
    put(stage, "ada", "Nc2")
    stage.close("V")
    assert data(stage, "mine", person_scope("ada"))["choices"] == [("two", 1)]
    assert data(stage, "mine", person_scope("bo")) is None


# ---- by hand


def shown() -> Stage:
    stage = needs()
    put(stage, "ada", "Nc1", "Nc1", "Nc2")
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    return stage


def test_staff_may_change_a_result_with_a_reason_and_the_log_of_decisions_has_it() -> None:
    stage = shown()
    stage.ok("override_result", "kim", "V", option="Nc2", kept="yes", reason="Same problem in two towns")
    assert kept(stage) == ("Nc1", "Nc2")
    line = stage.session.decided[-1]
    assert (line.text, line.params["reason"]) == (
        Vote.decisions["result_overridden"],
        "Same problem in two towns",
    )


def test_a_place_may_be_given_by_hand() -> None:
    stage = shown()
    stage.ok("override_result", "kim", "V", option="Nc3", place="1", reason="Counted on paper")
    assert [option for option, *_ in result(stage)][:2] == ["Nc1", "Nc3"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"option": "Nc2", "kept": "yes"}, "reason_missing"),
        ({"option": "Nc2", "kept": "yes", "reason": "x" * 281}, "too_long"),
        ({"option": "Nc9", "kept": "yes", "reason": "x"}, "no_result"),
        ({"option": "Nc2", "reason": "x"}, "nothing_changed"),
        ({"option": "Nc2", "kept": "perhaps", "reason": "x"}, "nothing_changed"),
        ({"option": "Nc2", "place": "first", "reason": "x"}, "nothing_changed"),
    ],
)
def test_a_change_by_hand_that_says_too_little_is_refused(fields: dict[str, str], reason: str) -> None:
    assert shown().no("override_result", "kim", "V", **fields) == reason


def test_a_result_nobody_has_seen_is_not_changed_by_hand() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    stage.close("V")
    assert stage.no("override_result", "kim", "V", option="Nc1", kept="no", reason="x") == "not_shown"


def test_a_change_by_hand_does_not_touch_the_count() -> None:
    stage = shown()
    stage.ok("override_result", "kim", "V", option="Nc1", kept="no", reason="x")
    assert (kept(stage), vote(stage.replayed()).verify()) == ((), [])


def test_an_idea_kept_by_hand_begins_an_entry_and_one_given_up_loses_its_own() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 5))
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    stage.ok("override_result", "kim", "V", option="Ic2", kept="yes", reason="x")
    stage.ok("override_result", "kim", "V", option="Ic1", kept="no", reason="x")
    assert sorted(entry.title for entry in stage.session.entries.values()) == ["a2", "c1"]


def test_an_entry_that_somebody_has_worked_on_is_parked_and_can_come_back() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 5))
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    facts.learn(stage.session, "W", Fact("e1", "field", "done", "need.situation"))
    stage.ok("override_result", "kim", "V", option="Ic1", kept="no", reason="x")
    assert (entry(stage, "e1").status, entry(stage, "e1").in_race) == ("parked", False)
    stage.ok("override_result", "kim", "V", option="Ic1", kept="yes", reason="y")
    assert entry(stage, "e1").in_race


def test_an_award_given_by_hand_says_the_reason() -> None:
    stage = entries()
    stage.ok("cast_ballot", "gus", "A", option="e1")
    stage.close("A")
    stage.ok("reveal_result", "kim", "A")
    stage.ok("override_result", "kim", "A", option="e1", kept="no", reason="They withdrew")
    stage.ok("override_result", "kim", "A", option="e2", kept="yes", reason="Next in line")
    assert entry(stage, "e1").every("award") == {}
    assert entry(stage, "e2").every("award")["audience"]["reason"] == "Next in line"


# ---- voided, opened again


def test_a_voided_vote_counts_for_nothing_and_stays_in_the_log() -> None:
    stage = shown()
    stage.ok("void_vote", "kim", "V", reason="Wrong list")
    assert vote(stage).outcome().ranking == ()
    assert [event.kind for event in stage.log if event.phase == "V"][1:] == [
        "ballot_cast",
        "result_counted",
        "phase_closed",
        "result_revealed",
        "vote_voided",
    ]


@pytest.mark.parametrize(("reason", "code"), [("", "reason_missing"), ("x" * 281, "too_long")])
def test_voiding_needs_a_reason(reason: str, code: str) -> None:
    assert shown().no("void_vote", "kim", "V", reason=reason) == code


def test_there_is_nothing_to_void_before_anybody_voted() -> None:
    assert needs().no("void_vote", "kim", "V", reason="x") == "nothing_to_void"


def test_a_voided_vote_has_no_result_to_show() -> None:
    stage = shown()
    stage.ok("void_vote", "kim", "V", reason="Wrong list")
    assert stage.no("reveal_result", "kim", "V") == "no_result"


def test_after_voiding_an_open_vote_everybody_votes_anew_and_is_told() -> None:
    stage = needs()
    put(stage, "ada", "Nc1")
    stage.ok("void_vote", "kim", "V", reason="Wrong list")
    mine = data(stage, "phone", person_scope("ada"))
    assert (mine["lost"], mine["voided"].reason, mine["ballot"]) == (True, "Wrong list", None)
    put(stage, "ada", "Nc2")
    assert (vote(stage).turnout[0], data(stage, "phone", person_scope("ada"))["lost"]) == (1, False)


def test_a_reopened_vote_keeps_its_ballots_and_counts_anew() -> None:
    stage = shown()
    stage.ok("reopen_phase", "kim", "V")
    assert (vote(stage).outcome().ranking, data(stage, "console")["lines"]) == ((), [])
    put(stage, "bo", "Nc2", "Nc2")
    stage.close("V")
    assert result(stage)[0] == ("Nc2", 1, 3.0, True)


def test_a_reopened_award_vote_gives_no_award_until_it_is_counted_again() -> None:
    stage = entries()
    stage.ok("cast_ballot", "gus", "A", option="e1")
    stage.close("A")
    assert list(entry(stage, "e1").every("award")) == ["audience"]
    stage.ok("reopen_phase", "kim", "A")
    assert entry(stage, "e1").every("award") == {}
    stage.close("A")
    assert list(entry(stage, "e1").every("award")) == ["audience"]


def test_entries_stay_while_their_vote_is_open_again() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 5))
    stage.close("V")
    stage.ok("reopen_phase", "kim", "V")
    assert sorted(stage.session.entries) == ["e1", "e2"]


# ---- replay


def test_the_log_folds_to_the_same_vote() -> None:
    stage = ideas()
    score(stage, "ada", Ic1=(5, 5), Ic2=(4, 2))
    score(stage, "cy", Ic4=(1, 1))
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    stage.ok("override_result", "kim", "V", option="Ic3", kept="yes", reason="x")
    again = stage.replayed()
    assert vote(again).outcome() == vote(stage).outcome()
    assert again.entries == stage.session.entries
    assert vote(again).state.ballots == vote(stage).state.ballots


def test_a_ballot_costs_its_touches_only_whatever_the_number_of_options() -> None:
    stage = needs(*(f"n{i}" for i in range(300)))
    put(stage, "bo", "Nc1")
    assert len(touched(stage, "ada", "Nc1")) == 3
    assert Changed("option", "Nc1") not in list(vote(stage).ballot_cast(stage.log[-1]))


def test_staff_still_reaches_a_vote_that_ran_beside_another_phase_and_has_closed() -> None:
    rows = (
        phase("collect", "N", rules=WRITE),
        phase("pause", "X", rules={"reason": "meal"}),
        phase("vote", "V", inputs=["N"], beside="X", rules=DOTS),
    )
    stage = Stage(*rows, form=None, **PEOPLE)
    for phase_id in ("N", "X"):
        stage.open(phase_id)
    stage.close("V")
    seen = {
        view: [p.id for p in stage.session.visible_phases(view)] for view in ("console", "phone", "screen")
    }
    assert seen == {"console": ["X", "V"], "phone": ["X"], "screen": ["X"]}


def test_what_the_facilitator_was_told_about_a_result_goes_when_the_race_moves_on() -> None:
    stage = ideas()
    stage.close("V")
    assert len(list(vote(stage).alerts())) == 2
    stage.open("A")
    assert list(vote(stage).alerts()) == []
