"""What needs the facilitator is never left out of the list, and each item says where it can be seen to."""

from __future__ import annotations

from sessions.activity import FragmentId
from sessions.audience import EVERYBODY
from tests.support.stage import Stage, phase

MEAL = {"reason": "meal"}
DOTS = {"method": "dots", "dots": 1, "blind": True, "keep": "1"}


def room() -> Stage:
    """Cards, a vote about them, what builds on that, and what builds on this."""
    return Stage(
        phase("collect", "N", who=["teams"], rules={"visibility": "all"}),
        phase("vote", "V", who=["teams"], inputs=["N"], rules=DOTS),
        phase("pause", "P", inputs=["V"], rules=MEAL),
        phase("pause", "Q", inputs=["P"], rules=MEAL),
        ada="participant",
    )


def voted() -> Stage:
    stage = room()
    stage.open("N")
    (added,) = stage.ok("add_card", "ada", "N", text="It leaks")
    stage.open("V")
    stage.ok("cast_ballot", "ada", "V", option=[added.body["card"]])
    return stage


def now(stage: Stage) -> list[tuple[str, str]]:
    """What waits at this moment: where, and its first words."""
    due = (one for one in stage.session.needed if one.alert.at <= stage.now)
    return [(one.phase, " ".join(one.alert.text.split()[:4])) for one in due]


def test_a_vote_that_was_left_without_showing_its_result_waits_until_it_is_shown() -> None:
    stage = voted()
    assert now(stage) == []
    stage.ok("next_phase", "kim", "V")
    assert now(stage) == [("V", "The result has not")]
    stage.ok("reveal_result", "kim", "V")
    assert now(stage) == []


def test_the_main_button_offers_to_close_the_vote_and_then_to_show_its_result() -> None:
    stage = voted()
    vote = stage.session.agenda.phases["V"].activity
    assert vote is not None

    def offered() -> str:
        pending = vote.pending()
        return pending.command if pending else ""

    assert offered() == "close_phase"
    stage.close("V")
    assert offered() == "reveal_result"
    stage.ok("reveal_result", "kim", "V")
    assert offered() == ""


def test_a_vote_in_which_nobody_has_voted_holds_nobody_up() -> None:
    stage = room()
    stage.open("V")
    vote = stage.session.agenda.phases["V"].activity
    assert vote is not None
    assert vote.pending() is None
    stage.open("P")
    assert now(stage) == []


def test_what_builds_on_something_opened_again_waits_through_any_number_of_phases() -> None:
    stage = voted()
    for name in ("P", "Q"):
        stage.open(name)
    stage.ok("reveal_result", "kim", "V")
    assert now(stage) == []
    stage.ok("reopen_phase", "kim", "N")
    assert [where for where, _ in now(stage)] == ["V", "P"]
    stage.ok("next_phase", "kim", "N")
    assert [where for where, _ in now(stage)] == ["V", "P"]


def test_a_phase_whose_time_is_up_waits_and_one_that_comes_weeks_later_does_not() -> None:
    stage = Stage(phase("pause", "P", rules=MEAL), phase("pause", "L", later=True, rules=MEAL))
    stage.open("P")
    assert now(stage) == []
    stage.after(31)
    assert now(stage) == [("P", "Its time is up:")]
    stage.open("L")
    stage.after(60)
    assert now(stage) == []


def test_nobody_who_drives_is_told() -> None:
    stage = Stage(phase("pause", "P", rules=MEAL), lo="co_facilitator")
    stage.ok("remove_person", "lo", person="kim")
    assert now(stage) == [("", "Nobody drives. Press “Take")]
    stage.ok("take_over", "lo")
    assert now(stage) == []


def test_whenever_it_changes_who_is_here_as_what_the_list_is_shown_anew() -> None:
    stage = Stage(phase("pause", "P", rules=MEAL), lo="co_facilitator", aino="participant")

    def shown_anew(command: str, by: str, **fields: str) -> set[str]:
        stage.ok(command, by, **fields)
        touched, seq = stage.session.touched, stage.session.seq
        return {
            part for part in ("alerts", "driver") if touched.get(FragmentId("", part, "", EVERYBODY)) == seq
        }

    assert shown_anew("grant_role", "lo", person="kim", role="participant") == {"alerts", "driver"}
    assert now(stage) == [("", "Nobody drives. Press “Take")]
    assert shown_anew("grant_role", "lo", person="kim", role="facilitator") == {"alerts", "driver"}
    assert now(stage) == []
    assert shown_anew("grant_role", "lo", person="aino", role="juror") == {"alerts"}
    assert shown_anew("remove_person", "lo", person="kim") == {"alerts", "driver"}
    assert shown_anew("let_in", "lo", person="kim") == {"alerts", "driver"}
    assert shown_anew("take_over", "lo") == {"alerts", "driver"}
    assert shown_anew("erase_person", "lo", person="kim", sure="yes") == {"alerts"}


def test_every_item_is_about_a_phase_there_is_or_about_people() -> None:
    stage = voted()
    stage.ok("next_phase", "kim", "V")
    found = list(stage.session.needed)
    assert found
    assert all(not one.phase or stage.session.agenda.get(one.phase) for one in found)
