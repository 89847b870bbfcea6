"""A jury: sheets, conflicts of interest, who sees what, ties, and what the chair signs."""

from __future__ import annotations

from typing import Any, cast

import pytest

from sessions import facts
from sessions.activities.jury import Jury, handed_on, letters
from sessions.activities.jury.recusals import Recusals
from sessions.activities.jury.score_sheets import ScoreSheet, ScoreSheets
from sessions.arithmetic import ARITHMETICS, EXACT
from sessions.audience import EVERYBODY, person_scope, role_scope, team_scope
from sessions.entry import Entry
from sessions.outcome import Fact
from sessions.session import Session
from sessions.viewers import viewer_of
from tests.support.stage import Stage, phase

TIES = ["need", "feasibility", "head_to_head", "chair"]
JURY = {"rubric": "default5", "min_jurors": 3, "ties": TIES, "award": "jury"}
CRITERIA = ("need", "novelty", "market", "feasibility", "team")
SCORE = {
    "method": "score",
    "criteria": [{"id": "fit", "title": {"en": "Fits", "sv": "Passar", "fi": "Sopii"}}],
    "electorate": "own_team",
    "keep": "1 per team",
    "begins_entries": True,
}


def jury_of(chair: bool = True, organisation: str = "", **rules: Any) -> Stage:
    """Three entries e1 to e3 of teams with Ada, Bo and Cy; jurors Jan, Kai and Lea, chair Mia; the jury J is open."""
    rows = (
        phase("team", "T", rules={"min_size": 1, "max_size": 9}),
        phase("collect", "I", inputs=["T"], who=["teams"], rules={"fields": ["text"], "main": "text"}),
        phase("vote", "V", inputs=["I"], who=["teams"], rules=SCORE),
        phase("jury", "J", who=["jury"], rules={**JURY, **rules}),
    )
    stage = Stage(*rows, bo="participant", cy="participant", eve="expert")
    stage.join("ada", organisation=organisation)
    for juror in ("jan", "kai", "lea"):
        stage.join(juror, "juror", organisation=organisation if juror == "jan" else "")
    if chair:
        stage.join("mia", "jury_chair")
    stage.open("T")
    for person in ("ada", "bo", "cy"):
        stage.ok("start_team", "kim", "T", person=[person], reason="a test")
    stage.ok("confirm_teams", "kim", "T", reason="a test")
    stage.open("I")
    for person in ("ada", "bo", "cy"):
        stage.ok("add_card", person, "I", text=f"idea of {person}")
    for phase_id in ("V", "J"):
        stage.open(phase_id)
    return stage


def jury(stage: Stage | Session) -> Jury:
    session = stage.session if isinstance(stage, Stage) else stage
    return cast(Jury, session.agenda.phases["J"].activity)


def fields(*scores: int, **more: str) -> dict[str, str]:
    """Scores for need, novelty, market, feasibility and team, as many as given."""
    return {**{f"score-{c}": str(s) for c, s in zip(CRITERIA, scores, strict=False)}, **more}


def final(stage: Stage, juror: str, entry: str, *scores: int, comment: str = "") -> None:
    """A final sheet; one score stands for all five."""
    five = scores * 5 if len(scores) == 1 else scores
    stage.ok("score_entry", juror, "J", entry=entry, **fields(*five, comment=comment, final="yes"))


def everybody_scores(stage: Stage, **means: int) -> None:
    """Jan, Kai and Lea give every entry the same score throughout."""
    for juror in ("jan", "kai", "lea"):
        for entry, score in means.items():
            final(stage, juror, entry, score)


def entry(stage: Stage, name: str) -> Entry:
    return stage.session.entries[name]


def data(stage: Stage, view: str, scope: str = EVERYBODY, part: str = "", key: str = "") -> Any:
    """What a fragment shows; None where there is nothing."""
    shown = jury(stage).show(view, scope, part, key)
    return None if shown is None else shown.data


def standing(stage: Stage) -> list[tuple[str, int, float]]:
    return [(row.option, row.place, row.points) for row in jury(stage).outcome().ranking]


# ---- sheets


def test_a_sheet_is_a_draft_until_it_is_final() -> None:
    stage = jury_of()
    (event,) = stage.ok("score_entry", "jan", "J", entry="e1", **fields(5, 3, comment="Who pays?"))
    assert event.body == {
        "entry": "e1",
        "scores": {"need": 5, "novelty": 3},
        "comment": "Who pays?",
        "final": False,
    }


def test_a_final_sheet_needs_every_criterion_and_the_refusal_names_what_is_missing() -> None:
    stage = jury_of()
    told: Any = stage.do("score_entry", "jan", "J", 7, entry="e1", **fields(5, 3, 3, 4, final="yes"))
    assert (told.reason, [text["en"] for text in told.params["missing"]]) == (
        "incomplete",
        ["Team and next step"],
    )


@pytest.mark.parametrize("value", ["0", "6", "2.5", "good", "³"])
def test_a_score_is_a_whole_number_from_one_to_five(value: str) -> None:
    assert jury_of().no("score_entry", "jan", "J", entry="e1", **{"score-need": value}) == "bad_score"


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"entry": "e9", "score-need": "3"}, "no_entry"),
        ({"entry": "e1"}, "empty_sheet"),
        ({"entry": "e1", "comment": "x" * 501}, "too_long"),
    ],
)
def test_what_is_no_sheet_is_refused(sent: dict[str, str], reason: str) -> None:
    assert jury_of().no("score_entry", "jan", "J", **sent) == reason


@pytest.mark.parametrize("who", ["ada", "eve", "kim"])
def test_only_the_jury_scores(who: str) -> None:
    assert jury_of().no("score_entry", who, "J", entry="e1", **fields(3)) == "not_allowed"


def test_the_chair_scores_too() -> None:
    stage = jury_of()
    final(stage, "mia", "e1", 4)
    assert jury(stage).sheet("mia", "e1") is not None


def test_the_same_sheet_again_is_nothing_new() -> None:
    stage = jury_of()
    stage.ok("score_entry", "jan", "J", entry="e1", **fields(5))
    assert stage.ok("score_entry", "jan", "J", entry="e1", **fields(5)) == ()


def test_a_late_autosave_does_not_make_a_final_sheet_a_draft() -> None:
    stage = jury_of()
    final(stage, "jan", "e1", 4)
    assert stage.ok("score_entry", "jan", "J", entry="e1", **fields(4, 4, 4, 4, 4)) == ()


def test_a_final_sheet_can_be_made_a_draft_again() -> None:
    stage = jury_of()
    final(stage, "jan", "e1", 4)
    stage.ok("score_entry", "jan", "J", entry="e1", **fields(4, 4, 4, 4, 4, final="no"))
    assert jury(stage).ranked() == []


def test_an_entry_that_left_the_race_is_not_judged() -> None:
    stage = jury_of()
    final(stage, "jan", "e1", 5)
    facts.learn(stage.session, "W", Fact("e1", "status", "withdrawn"))
    assert stage.no("score_entry", "kai", "J", entry="e1", **fields(3)) == "no_entry"
    assert jury(stage).ranked() == []


def test_the_entries_come_in_the_running_order() -> None:
    rows = (
        phase("pitch", "R", who=["staff"], rules={"slots": "entries"}),
        phase("jury", "J", who=["jury"], inputs=["R"], rules=JURY),
    )
    stage = Stage(*rows)
    stage.open("R")
    stage.open("J")
    for number in (1, 2, 3):
        stage.session.entries[f"e{number}"] = Entry(
            f"e{number}", number, 0.0, 1, f"t{number}", f"Entry {number}"
        )
    inputs = jury(stage).inputs
    jury(stage).inputs = type(inputs)((type(inputs.outcomes[0])(order=("e3", "e1")),))
    assert list(jury(stage).entries) == ["e3", "e1", "e2"]


# ---- conflicts of interest


def test_a_juror_of_the_same_organisation_is_recused_by_itself() -> None:
    stage = jury_of(organisation="sawmill")
    assert stage.no("score_entry", "jan", "J", entry="e1", **fields(5)) == "recused"
    stage.ok("score_entry", "jan", "J", entry="e2", **fields(5))
    stage.ok("score_entry", "kai", "J", entry="e1", **fields(5))


def test_a_juror_who_advised_the_entry_as_an_expert_is_recused() -> None:
    stage = jury_of()
    facts.learn(stage.session, "C", Fact("e2", "verdict", {"verdict": "go", "expert": "kai"}, "r1"))
    assert stage.no("score_entry", "kai", "J", entry="e2", **fields(5)) == "recused"


def test_a_juror_in_the_team_is_recused() -> None:
    stage = jury_of()
    stage.session.people["jan"].team = entry(stage, "e3").team
    assert jury(stage).away("jan", entry(stage, "e3")) == "team"


def test_two_people_without_an_organisation_have_nothing_in_common() -> None:
    stage = jury_of()
    assert [jury(stage).away("jan", e) for e in stage.session.entries.values()] == ["", "", ""]


def test_a_juror_who_steps_aside_has_no_say_even_with_a_final_sheet() -> None:
    stage = jury_of()
    everybody_scores(stage, e1=3)
    final(stage, "jan", "e1", 5)
    stage.ok("recuse", "jan", "J", entry="e1", reason="My brother works there")
    assert [(row.entry, row.mean, row.jurors) for row in jury(stage).ranked()] == [("e1", 3.0, 2)]


def test_stepping_aside_needs_a_reason() -> None:
    assert jury_of().no("recuse", "jan", "J", entry="e1") == "reason_missing"


def test_the_log_of_decisions_says_that_somebody_stepped_aside_but_not_why() -> None:
    stage = jury_of()
    stage.ok("recuse", "jan", "J", entry="e1", reason="My brother works there")
    assert stage.session.decided[-1].text == "A juror stepped aside from entry {number}: conflict of interest"


def test_the_chair_may_lift_a_conflict_with_a_reason() -> None:
    stage = jury_of(organisation="sawmill")
    assert stage.no("undo_recusal", "mia", "J", juror="jan", entry="e1") == "reason_missing"
    stage.ok("undo_recusal", "mia", "J", juror="jan", entry="e1", reason="Other branch, 600 km away")
    final(stage, "jan", "e1", 4)
    assert jury(stage).sheet("jan", "e1") is not None


def test_a_conflict_declared_after_it_was_lifted_holds() -> None:
    stage = jury_of(organisation="sawmill")
    stage.ok("undo_recusal", "mia", "J", juror="jan", entry="e1", reason="Other branch")
    stage.ok("recuse", "jan", "J", entry="e1", reason="I know them after all")
    assert jury(stage).away("jan", entry(stage, "e1")) == "declared"


def test_nobody_lifts_their_own_conflict() -> None:
    stage = jury_of()
    stage.ok("recuse", "mia", "J", entry="e1", reason="My sister")
    assert (
        stage.no("undo_recusal", "mia", "J", juror="mia", entry="e1", reason="It is fine") == "own_conflict"
    )


def test_only_the_chair_and_staff_lift_conflicts() -> None:
    stage = jury_of(organisation="sawmill")
    assert stage.no("undo_recusal", "kai", "J", juror="jan", entry="e1", reason="x") == "not_allowed"
    assert stage.no("undo_recusal", "mia", "J", juror="kai", entry="e1", reason="x") == "not_recused"


def test_an_entry_with_fewer_than_three_jurors_is_named_while_there_is_time() -> None:
    stage = jury_of(chair=False)
    assert list(jury(stage).alerts()) == []
    stage.ok("recuse", "jan", "J", entry="e2", reason="x")
    assert [alert.params["entries"] for alert in jury(stage).alerts()] == ["2"]


def test_after_the_close_it_is_final_sheets_that_count_as_jurors() -> None:
    stage = jury_of(chair=False)
    everybody_scores(stage, e1=3, e2=4)
    stage.close("J")
    assert [entry.id for entry in jury(stage).thin()] == ["e3"]


def test_a_recused_juror_is_not_trusted_with_the_entry_until_the_recusal_is_lifted() -> None:
    stage = jury_of()
    everything = frozenset({"e1", "e2", "e3"})
    assert viewer_of(stage.session, "kai").trusted_with == everything
    stage.ok("recuse", "kai", "J", entry="e2", reason="My brother's")
    assert viewer_of(stage.session, "kai").trusted_with == {"e1", "e3"}
    assert viewer_of(stage.session, "lea").trusted_with == everything
    stage.close("J")
    assert viewer_of(stage.session, "kai").trusted_with == {"e1", "e3"}
    stage.ok("undo_recusal", "mia", "J", juror="kai", entry="e2", reason="Settled")
    assert viewer_of(stage.session, "kai").trusted_with == everything


def test_a_juror_of_the_same_organisation_is_not_trusted_with_that_teams_entry() -> None:
    stage = jury_of(organisation="Hospital")
    assert viewer_of(stage.session, "jan").trusted_with == {"e2", "e3"}


# ---- who sees what


def test_a_juror_sees_an_own_sheet_and_no_other() -> None:
    stage = jury_of()
    final(stage, "jan", "e1", 5, comment="Good")
    assert data(stage, "phone", person_scope("jan"), "sheet", "e1")["sheet"].comment == "Good"
    assert data(stage, "phone", person_scope("kai"), "sheet", "e1")["sheet"] is None


def test_a_recused_juror_sees_nothing_of_the_entrys_scores_not_even_the_own() -> None:
    stage = jury_of()
    final(stage, "jan", "e1", 5)
    assert data(stage, "phone", person_scope("jan"), "sheet", "e1")["mean"] == 5.0
    stage.ok("recuse", "jan", "J", entry="e1", reason="x")
    sheet = data(stage, "phone", person_scope("jan"), "sheet", "e1")
    assert (sheet["away"], sheet["sheet"], sheet["mean"]) == ("declared", None, None)


@pytest.mark.parametrize("who", ["mia", "kim"])
def test_the_standing_is_for_the_chair_and_staff(who: str) -> None:
    stage = jury_of()
    everybody_scores(stage, e1=3, e2=5)
    scope = role_scope("facilitator") if who == "kim" else person_scope(who)
    view = "console" if who == "kim" else "phone"
    assert [row.entry for row in data(stage, view, scope, "standings")["rows"]] == ["e2", "e1"]


@pytest.mark.parametrize(
    "scope",
    [
        EVERYBODY,
        person_scope("jan"),
        person_scope("ada"),
        role_scope("juror"),
        role_scope("night_host"),
        team_scope("Tt1"),
    ],
)
def test_nobody_else_sees_the_standing(scope: str) -> None:
    stage = jury_of()
    everybody_scores(stage, e1=3)
    assert [data(stage, view, scope, "standings") for view in ("phone", "console", "screen")] == [
        None,
        None,
        None,
    ]


def test_a_recused_chair_does_not_see_how_that_entry_stands() -> None:
    stage = jury_of()
    everybody_scores(stage, e1=3, e2=5)
    stage.ok("recuse", "mia", "J", entry="e2", reason="x")
    assert data(stage, "phone", person_scope("mia"), "standings")["unseen"] == {"e2"}


def test_who_is_no_juror_has_no_sheets() -> None:
    stage = jury_of()
    assert data(stage, "phone", person_scope("jan"))["entries"] == ["e1", "e2", "e3"]
    assert data(stage, "phone", person_scope("ada")) is None
    assert data(stage, "phone", person_scope("ada"), "sheet", "e1") is None


def test_the_screen_shows_progress_in_per_cent() -> None:
    stage = jury_of(chair=False)
    everybody_scores(stage, e1=3)
    stage.ok("score_entry", "jan", "J", entry="e2", **fields(3))
    assert data(stage, "screen", part="progress")["percent"] == 33


def test_a_recused_juror_is_not_waited_for() -> None:
    stage = jury_of(chair=False)
    everybody_scores(stage, e1=3, e2=3)
    for juror in ("jan", "kai"):
        stage.ok("recuse", juror, "J", entry="e3", reason="x")
    final(stage, "lea", "e3", 4)
    assert jury(stage).progress() == (7, 7)


def test_a_juror_is_told_how_many_sheets_are_left() -> None:
    stage = jury_of()
    final(stage, "jan", "e1", 5)
    stage.ok("score_entry", "jan", "J", entry="e2", **fields(3))
    assert data(stage, "phone", person_scope("jan"), "tally") == {"final": 1, "drafts": 1, "left": 1, "of": 3}


def test_a_sheet_changes_the_jurors_own_fragments_the_progress_and_the_standing() -> None:
    stage = jury_of()
    before = stage.session.seq
    final(stage, "jan", "e1", 5)
    changed = {
        (ref.part, ref.scope) for ref, seq in stage.session.touched.items() if seq > before and ref.phase
    }
    assert changed == {
        ("", "person:jan"),
        ("sheet", "person:jan"),
        ("tally", "person:jan"),
        ("progress", "all"),
        ("standings", "role:facilitator"),
        ("standings", "role:co_facilitator"),
        ("standings", "person:mia"),
    }


def test_the_screen_and_the_phones_never_name_a_winner() -> None:
    stage = jury_of()
    everybody_scores(stage, e1=3, e2=5)
    stage.ok("sign_result", "mia", "J")
    assert (
        data(stage, "screen")
        == data(stage, "phone")
        == {"stage": "signed", "count": 3, "signed_at": stage.now}
    )


# ---- the ranking


def test_the_mean_is_weighted_by_the_rubric() -> None:
    stage = jury_of()
    final(stage, "jan", "e1", 5, 1, 1, 1, 1)
    assert [row.mean for row in jury(stage).ranked()] == [2.0]


def test_drafts_and_missing_sheets_do_not_count_and_are_named() -> None:
    stage = jury_of(chair=False)
    everybody_scores(stage, e1=3, e2=4)
    final(stage, "jan", "e3", 5)
    stage.ok("score_entry", "kai", "J", entry="e3", **fields(1))
    assert [(row.entry, row.mean) for row in jury(stage).ranked()] == [("e3", 5.0), ("e2", 4.0), ("e1", 3.0)]
    assert jury(stage).unfinished() == [("kai", "e3", True), ("lea", "e3", False)]


def test_final_sheets_of_a_juror_who_left_count() -> None:
    stage = jury_of()
    final(stage, "jan", "e1", 4)
    stage.ok("remove_person", "kim", "", person="jan")
    assert [(row.entry, row.mean, row.jurors) for row in jury(stage).ranked()] == [("e1", 4.0, 1)]


def tied() -> Stage:
    """e1 and e2 are equal by every rule; e3 is behind."""
    stage = jury_of()
    everybody_scores(stage, e1=4, e2=4, e3=2)
    return stage


def test_what_no_rule_parts_shares_the_place_until_the_chair_decides() -> None:
    stage = tied()
    assert data(stage, "phone", person_scope("mia"), "standings")["tied"] == ["e1", "e2"]
    stage.ok("break_tie", "mia", "J", entry="e2", reason="A customer has paid")
    assert [(row.entry, row.place, row.by) for row in jury(stage).ranked()] == [
        ("e2", 1, "chair"),
        ("e1", 2, "chair"),
        ("e3", 3, ""),
    ]


def test_the_chair_may_change_that_decision_before_signing() -> None:
    stage = tied()
    stage.ok("break_tie", "mia", "J", entry="e2", reason="A customer has paid")
    stage.ok("break_tie", "mia", "J", entry="e1", reason="Theirs has paid more")
    assert [row.entry for row in jury(stage).ranked()] == ["e1", "e2", "e3"]


@pytest.mark.parametrize(
    ("by", "sent", "reason"),
    [
        ("mia", {"entry": "e3", "reason": "x"}, "no_tie"),
        ("mia", {"entry": "e1"}, "reason_missing"),
        ("kim", {"entry": "e1", "reason": "x"}, "chair_signs"),
        ("jan", {"entry": "e1", "reason": "x"}, "not_allowed"),
    ],
)
def test_a_tie_is_broken_by_the_chair_for_a_reason(by: str, sent: dict[str, str], reason: str) -> None:
    assert tied().no("break_tie", by, "J", **sent) == reason


def test_a_chair_who_is_recused_breaks_no_tie_of_that_entry() -> None:
    stage = tied()
    stage.ok("recuse", "mia", "J", entry="e1", reason="x")
    assert stage.no("break_tie", "mia", "J", entry="e2", reason="x") == "own_conflict"


# ---- signing


def test_signing_gives_scores_and_the_award() -> None:
    stage = jury_of()
    for juror, score in (("jan", 5), ("kai", 4), ("lea", 3)):
        final(stage, juror, "e1", score, comment=f"From {juror}" if juror == "jan" else "")
        final(stage, juror, "e2", 2)
    stage.ok("sign_result", "mia", "J", reason="The need is shown")
    assert entry(stage, "e1").every("score") == {
        "J": {
            "mean": 4.0,
            "rank_points": 9.0,
            "place": 1,
            "jurors": 3,
            "spread": 2.0,
            "comments": ["From jan"],
            "languages": ["en"],
        }
    }
    assert entry(stage, "e1").every("award") == {
        "jury": {"award": "jury", "reason": "The need is shown", "place": 1}
    }
    assert entry(stage, "e2").every("award") == {}


def test_a_shared_first_place_is_a_shared_award() -> None:
    stage = tied()
    stage.ok("sign_result", "mia", "J")
    assert [list(e.every("award")) for e in stage.session.entries.values()] == [["jury"], ["jury"], []]


def test_signing_ends_the_scoring_of_an_open_phase() -> None:
    stage = tied()
    stage.ok("sign_result", "mia", "J")
    assert stage.no("score_entry", "jan", "J", entry="e1", **fields(1)) == "signed"
    assert stage.no("recuse", "jan", "J", entry="e1", reason="x") == "signed"
    assert stage.no("sign_result", "mia", "J") == "signed"


def test_what_is_signed_names_what_it_leaves_out() -> None:
    stage = jury_of(chair=False)
    everybody_scores(stage, e1=3, e2=4)
    final(stage, "jan", "e3", 5)
    stage.ok("recuse", "kai", "J", entry="e3", reason="x")
    (event,) = stage.ok("sign_result", "kim", "J")
    assert (event.body["thin"], event.body["unfinished"], event.body["absent"]["e3"]) == (
        ["e3"],
        [["lea", "e3"]],
        ["kai"],
    )


def test_without_a_chair_staff_signs_and_with_one_only_the_chair() -> None:
    with_chair, without = tied(), jury_of(chair=False)
    everybody_scores(without, e1=3)
    assert with_chair.no("sign_result", "kim", "J") == "chair_signs"
    without.ok("sign_result", "kim", "J")


def test_there_is_nothing_to_sign_before_a_sheet_is_final() -> None:
    assert jury_of().no("sign_result", "mia", "J") == "nothing_to_sign"


def test_closing_without_a_signature_gives_nothing_and_the_facilitator_is_told() -> None:
    stage = tied()
    stage.close("J")
    assert standing(stage) == []
    assert [alert.text for alert in jury(stage).alerts()] == [
        "The jury's result is not signed, so there is no award yet"
    ]


def test_the_result_may_be_signed_after_the_close() -> None:
    stage = tied()
    stage.close("J")
    stage.ok("sign_result", "mia", "J")
    assert standing(stage) == [("e1", 1, 4.0), ("e2", 1, 4.0), ("e3", 3, 2.0)]


def test_a_jury_that_meets_again_has_given_nothing_until_it_signs_anew() -> None:
    stage = tied()
    stage.ok("sign_result", "mia", "J")
    stage.close("J")
    assert list(entry(stage, "e1").every("award")) == ["jury"]
    stage.ok("reopen_phase", "kim", "J")
    assert [entry(stage, "e1").every(name) for name in ("award", "score")] == [{}, {}]
    final(stage, "jan", "e1", 5)
    stage.ok("sign_result", "mia", "J")
    assert [row[0] for row in standing(stage)] == ["e1", "e2", "e3"]
    assert entry(stage, "e2").every("award") == {}


def test_the_signed_result_counted_again_from_the_log_is_the_same() -> None:
    stage = tied()
    stage.ok("recuse", "lea", "J", entry="e3", reason="x")
    stage.ok("break_tie", "mia", "J", entry="e2", reason="A customer has paid")
    stage.ok("sign_result", "mia", "J")
    again = stage.replayed()
    assert (jury(again).verify(), jury(again).outcome()) == ([], jury(stage).outcome())
    assert again.entries == stage.session.entries


def test_a_signed_result_that_was_tampered_with_is_found() -> None:
    stage = tied()
    (event,) = stage.ok("sign_result", "mia", "J")
    stage.log[-1].body["ranking"][0]["mean"] = 4.9
    (difference,) = jury(stage.replayed()).verify()
    assert (event.kind, difference.split(" is ")[0]) == ("result_signed", "J: e1")


def test_scores_ranking_and_award_are_the_same_when_every_word_has_been_erased() -> None:
    stage = tied()
    final(stage, "jan", "e3", 2, comment="Who pays?")
    stage.ok("recuse", "lea", "J", entry="e3", reason="My brother works there")
    stage.ok("break_tie", "mia", "J", entry="e2", reason="A customer has paid")
    stage.ok("sign_result", "mia", "J", reason="The need is shown")
    assert entry(stage, "e3").latest("score")["comments"] == ["Who pays?"]
    again = Session()
    for event in stage.log:
        gone = dict.fromkeys(Jury.words.get(event.kind, ()) if event.phase == "J" else ())
        again.evolve(event._replace(body={**event.body, **gone}))
    assert (jury(again).verify(), jury(again).outcome()) == ([], jury(stage).outcome())
    assert again.entries["e2"].latest("award") == {"award": "jury", "reason": "", "place": 1}
    assert again.entries["e3"].latest("score")["comments"] == []
    assert [jury(again).away("lea", e) for e in again.entries.values()] == ["", "", "declared"]


# ---- without a session


def sheets_of(**means: int) -> ScoreSheets:
    """Final sheets of one juror with one score for both criteria, a draft of another juror beside each."""
    sheets = ScoreSheets()
    for name, score in means.items():
        sheets.put("jan", name, ScoreSheet({"need": score, "team": score}, "", final=True, at=0.0))
        sheets.put("kai", name, ScoreSheet({"need": 5}, "", final=False, at=0.0))
    return sheets


def test_a_ranking_counts_final_sheets_of_those_who_are_not_absent() -> None:
    sheets, weights = sheets_of(e1=3, e2=4), {"need": 50.0, "team": 50.0}
    rows = handed_on.rank(sheets, {"e1": [], "e2": []}, weights, [], set(), ARITHMETICS[EXACT])
    assert [(row.entry, row.mean, row.jurors) for row in rows] == [("e2", 4.0, 1), ("e1", 3.0, 1)]
    rows = handed_on.rank(sheets, {"e1": [], "e2": ["jan"]}, weights, [], set(), ARITHMETICS[EXACT])
    assert [row.entry for row in rows] == ["e1"]


def test_a_conflict_lifted_and_declared_again_is_declared() -> None:
    recusals = Recusals()
    recusals.declare("jan", "e1", "A brother")
    recusals.lift("jan", "e1")
    assert (recusals.declared, recusals.lifted) == ({}, {("jan", "e1")})
    recusals.declare("jan", "e1", "A sister")
    assert (recusals.declared, recusals.lifted) == ({("jan", "e1"): "A sister"}, set())


def sheets_by(*scored: tuple[str, str]) -> ScoreSheets:
    sheets = ScoreSheets()
    for juror, entries in scored:
        for name in entries.split():
            sheets.put(juror, name, ScoreSheet({"need": 3}, "", final=True, at=0.0))
    return sheets


def test_sheets_are_listed_under_letters_where_nobody_stands_out() -> None:
    everybody = [(f"j{n}", "e1 e2") for n in range(6)]
    assert letters.under_letters(sheets_by(*everybody), {"e1": [], "e2": []}, 1)["sheets"].keys() == {
        "e1",
        "e2",
    }
    stepped_aside = [*everybody[:5], ("j5", "e2")]
    assert letters.under_letters(sheets_by(*stepped_aside), {"e1": ["j5"], "e2": []}, 1) == {}
