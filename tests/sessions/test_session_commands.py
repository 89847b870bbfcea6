"""Running the session: who drives, what opens, closes, moves, and what everybody is told."""

from __future__ import annotations

import pytest

from sessions import session_events
from sessions.audience import CLOCK
from sessions.messages import Erasure
from sessions.session import Accepted
from sessions.session_commands import MAX_ANNOUNCEMENT, MAX_EXTENSION
from tests.support.stage import START, Stage, phase

MEAL = {"reason": "meal"}


def stage() -> Stage:
    """P1, then P2 (10 minutes, closed by the clock) with the channel C beside it, then P3, and L weeks later."""
    return Stage(
        phase("pause", "P1", rules=MEAL),
        phase("pause", "P2", minutes=10, ends="close", rules=MEAL),
        phase("pause", "C", beside="P2", channel=True, rules=MEAL),
        phase("pause", "P3", rules=MEAL),
        phase("pause", "L", later=True, rules=MEAL),
        lo="co_facilitator",
        aino="participant",
    )


def states(stage: Stage) -> str:
    """The agenda's states in one line: ``P1 closed, P2 open …`` without what is planned."""
    return ", ".join(f"{p.id} {p.state}" for p in stage.session.agenda if p.state != "planned")


def current(stage: Stage) -> str:
    phase = stage.session.agenda.current
    return phase.id if phase else ""


def ends(stage: Stage, name: str) -> float:
    """Minutes from now to a phase's end."""
    return (stage.session.agenda.phases[name].ends_at - stage.now) / 60


# ---- onwards


def test_the_first_phase_sets_the_anchor_and_no_later_one_moves_it() -> None:
    room = stage()
    room.after(5)
    room.ok("next_phase", "kim", "")
    room.after(5)
    room.ok("next_phase", "kim", "P1")
    assert room.session.anchor == START + 300


def test_next_closes_what_is_on_and_opens_what_follows_with_all_that_stands_beside_it() -> None:
    room = stage()
    room.ok("next_phase", "kim", "")
    assert (states(room), current(room)) == ("P1 open", "P1")
    room.ok("next_phase", "kim", "P1")
    assert (states(room), current(room)) == ("P1 closed, P2 open, C open", "P2")
    room.ok("next_phase", "kim", "P2")
    assert (states(room), current(room)) == ("P1 closed, P2 closed, C closed, P3 open", "P3")


def test_two_who_press_next_at_once_move_one_step() -> None:
    room = stage()
    room.ok("next_phase", "kim", "")
    room.ok("next_phase", "kim", "P1")
    assert room.no("next_phase", "kim", "P1") == "moved_on"
    assert current(room) == "P2"


def test_after_the_last_phase_comes_nothing() -> None:
    room = stage()
    room.open("L")
    assert room.no("next_phase", "kim", "L") == "no_next"


def test_the_facilitator_may_jump_and_what_was_jumped_over_stays_planned() -> None:
    room = stage()
    room.open("P1")
    room.open("P3")
    assert states(room) == "P1 closed, P3 open"
    room.open("P2")
    assert states(room) == "P1 closed, P2 open, C open, P3 closed"


def test_a_phase_that_comes_days_later_closes_nothing_when_the_next_one_opens() -> None:
    room = Stage(phase("pause", "L1", later=True, rules=MEAL), phase("pause", "L2", later=True, rules=MEAL))
    room.open("L1")
    room.open("L2")
    assert states(room) == "L1 open, L2 open"


def test_a_channel_opens_by_itself_and_closes_nothing() -> None:
    room = stage()
    room.open("P1")
    room.open("C")
    assert (states(room), current(room)) == ("P1 open, C open", "P1")


def test_a_channel_that_is_open_already_is_not_opened_again() -> None:
    room = stage()
    room.open("C")
    room.open("P2")
    assert [e.phase for e in room.log if e.kind == "phase_opened"] == ["C", "P2"]


def test_a_channel_that_was_skipped_stays_away() -> None:
    room = stage()
    room.ok("skip_phase", "kim", "C")
    room.open("P2")
    assert states(room) == "P2 open, C skipped"
    room.open("C")
    assert states(room) == "P2 open, C open"


@pytest.mark.parametrize("name", ["P1", "P2"])
def test_what_is_open_or_over_is_not_opened_a_second_time(name: str) -> None:
    room = stage()
    room.open("P1")
    room.open("P2")
    assert room.no("open_phase", "kim", name) == "not_planned"


# ---- closing


def test_closing_a_phase_closes_what_stands_beside_it() -> None:
    room = stage()
    room.open("P2")
    room.close("P2")
    assert (states(room), current(room)) == ("P2 closed, C closed", "P2")


def test_closing_a_channel_leaves_its_phase_open() -> None:
    room = stage()
    room.open("P2")
    room.close("C")
    assert states(room) == "P2 open, C closed"


@pytest.mark.parametrize("name", ["P1", "P3"])
def test_only_an_open_phase_can_be_closed(name: str) -> None:
    room = stage()
    room.open("P1")
    room.close("P1")
    assert room.no("close_phase", "kim", name) == "not_open"


def test_the_clock_closes_once_and_at_the_right_moment() -> None:
    room = stage()
    room.open("P2")
    room.after(9.9)
    assert states(room) == "P2 open, C open"
    room.after(60)
    closings = [(e.phase, e.at - START, e.actor) for e in room.log if e.kind == "phase_closed"]
    assert closings == [("C", 600.0, CLOCK), ("P2", 600.0, CLOCK)]


def test_the_clock_opens_nothing() -> None:
    room = stage()
    for command in ("open_phase", "next_phase", "extend_phase", "reopen_phase", "skip_phase", "announce"):
        assert room.no(command, CLOCK, "P1") == "not_allowed"


def test_a_clock_that_wakes_early_closes_nothing() -> None:
    room = stage()
    room.open("P2")
    assert room.do("close_phase", CLOCK, "P2") == Accepted(())
    room.now += 600
    assert len(room.ok("close_phase", CLOCK, "P2")) == 2


def test_an_extension_moves_what_the_clock_does() -> None:
    room = stage()
    room.open("P2")
    room.after(5)
    room.ok("extend_phase", "kim", "P2", minutes="20")
    room.after(24)
    assert states(room) == "P2 open, C open"
    room.after(1)
    assert states(room) == "P2 closed, C closed"


def test_a_reopened_phase_has_a_deadline_of_its_own() -> None:
    room = stage()
    room.open("P2")
    room.after(30)
    room.ok("reopen_phase", "kim", "P2", minutes="15")
    room.after(14)
    assert states(room) == "P2 open, C closed"
    room.after(1)
    assert states(room) == "P2 closed, C closed"


# ---- extending


@pytest.mark.parametrize(
    ("minutes", "left"), [("5", 35), ("-5", 25), (str(MAX_EXTENSION), 30 + MAX_EXTENSION)]
)
def test_an_end_moves_by_minutes(minutes: str, left: int) -> None:
    room = stage()
    room.open("P1")
    room.ok("extend_phase", "kim", "P1", minutes=minutes)
    assert ends(room, "P1") == left


def test_what_has_run_over_gets_its_minutes_from_now() -> None:
    room = stage()
    room.open("P1")
    room.after(50)
    room.ok("extend_phase", "kim", "P1", minutes="5")
    assert ends(room, "P1") == 5


@pytest.mark.parametrize("minutes", ["", "0", "x", "1.5", str(MAX_EXTENSION + 1), "-9999", "9" * 5000])
def test_an_extension_is_whole_minutes_within_a_day(minutes: str) -> None:
    room = stage()
    room.open("P1")
    assert room.no("extend_phase", "kim", "P1", minutes=minutes) == "bad_minutes"


def test_an_end_is_not_moved_into_the_past() -> None:
    room = stage()
    room.open("P1")
    room.after(28)
    assert room.no("extend_phase", "kim", "P1", minutes="-5") == "in_the_past"
    room.close("P1")
    assert room.no("extend_phase", "kim", "P1", minutes="5") == "not_open"


# ---- skipping


def test_a_planned_phase_is_left_out() -> None:
    room = stage()
    room.ok("skip_phase", "kim", "P2")
    room.ok("next_phase", "kim", "")
    room.ok("next_phase", "kim", "P1")
    assert states(room) == "P1 closed, P2 skipped, P3 open"


def test_skipping_the_current_phase_goes_on_to_the_next() -> None:
    room = stage()
    room.open("P2")
    room.ok("skip_phase", "kim", "P2")
    assert (states(room), current(room)) == ("P2 skipped, C closed, P3 open", "P3")


def test_what_is_over_cannot_be_skipped_nor_the_last_phase_left_for_nothing() -> None:
    room = stage()
    room.open("P1")
    room.close("P1")
    assert room.no("skip_phase", "kim", "P1") == "not_planned"
    room.open("L")
    assert room.no("skip_phase", "kim", "L") == "no_next"


def test_what_was_skipped_can_be_opened_after_all() -> None:
    room = stage()
    room.ok("skip_phase", "kim", "P1")
    room.open("P1")
    assert states(room) == "P1 open"


# ---- back


def test_stepping_back_puts_the_current_phase_into_the_agenda_again() -> None:
    room = stage()
    room.open("P1")
    room.open("P2")
    events = room.ok("reopen_phase", "kim", "P1")
    assert [(e.kind, e.phase) for e in events] == [
        ("phase_put_back", "C"),
        ("phase_put_back", "P2"),
        ("phase_reopened", "P1"),
    ]
    assert (states(room), current(room)) == ("P1 open", "P1")
    room.ok("next_phase", "kim", "P1")
    assert (states(room), current(room)) == ("P1 closed, P2 open, C open", "P2")


def test_what_was_put_back_keeps_what_was_done_in_it() -> None:
    room = stage()
    room.open("P1")
    room.open("P2")
    before = room.session.agenda.phases["P2"].activity
    room.ok("reopen_phase", "kim", "P1")
    room.ok("next_phase", "kim", "P1")
    after = room.session.agenda.phases["P2"]
    assert (after.activity is before, after.revision) == (True, 2)


def test_a_channel_opened_again_moves_nothing_else() -> None:
    room = stage()
    room.open("P2")
    room.open("P3")
    room.ok("reopen_phase", "kim", "C")
    assert (states(room), current(room)) == ("P2 closed, C open, P3 open", "P3")


@pytest.mark.parametrize(
    ("minutes", "left"), [("", 10), ("x", 10), ("25", 25), ("-3", 1), ("0", 10), ("9" * 30, MAX_EXTENSION)]
)
def test_a_reopened_phase_gets_some_minutes_and_at_most_a_day(minutes: str, left: int) -> None:
    room = stage()
    room.open("P1")
    room.close("P1")
    room.ok("reopen_phase", "kim", "P1", minutes=minutes)
    assert ends(room, "P1") == left


@pytest.mark.parametrize("name", ["P1", "P2"])
def test_only_a_closed_phase_opens_again(name: str) -> None:
    room = stage()
    room.open("P1")
    assert room.no("reopen_phase", "kim", name) == "not_closed"


def test_what_builds_on_a_reopened_phase_is_marked_until_it_opens_again_itself() -> None:
    room = Stage(
        phase("collect", "P1", rules={"fields": ["text"], "main": "text"}),
        phase("pause", "P2", inputs=["P1"], rules=MEAL),
        phase("pause", "P3", rules=MEAL),
    )
    for name in ("P1", "P2", "P3"):
        room.open(name)
    room.ok("reopen_phase", "kim", "P1")
    assert [p.id for p in room.session.agenda if p.stale] == ["P2"]
    assert [p.id for p in room.replayed().agenda if p.stale] == ["P2"]


# ---- who drives


def test_the_first_facilitator_drives_and_a_second_takes_over_first() -> None:
    room = stage()
    assert room.session.driver == "kim"
    assert room.no("next_phase", "lo", "") == "not_driving"
    room.ok("take_over", "lo")
    assert room.session.driver == "lo"
    assert room.no("next_phase", "kim", "") == "not_driving"
    room.ok("next_phase", "lo", "")


def test_who_does_not_drive_may_still_speak_to_everybody() -> None:
    room = stage()
    assert room.session.driver == "kim"
    room.ok("announce", "lo", text="Soup")
    room.ok("show_on_screen", "lo", choice="dark")
    assert [announcement.text for announcement in room.session.announcements.values()] == ["Soup"]
    assert room.session.screen_choice == "dark"


def test_the_clock_needs_not_drive() -> None:
    room = stage()
    room.open("P2")
    room.ok("take_over", "lo")
    room.after(60)
    assert states(room) == "P2 closed, C closed"


# ---- people


def test_who_joins_is_let_in_once() -> None:
    room = stage()
    before = room.session.seq
    room.join("aino", "participant", "fi", "o9")
    assert (room.session.seq, room.session.people["aino"].language) == (before, "en")


def test_nobody_but_the_door_lets_people_in() -> None:
    room = stage()
    for sender in ("kim", "aino", CLOCK):
        assert room.no("join", sender, person="eve", role="facilitator") == "not_allowed"
    assert "eve" not in room.session.people


def test_a_language_that_we_do_not_speak_is_the_sessions_own() -> None:
    room = stage()
    room.join("eve", "participant", "de")
    assert room.session.people["eve"].language == "en"
    room.ok("choose_language", "eve", language="sv")
    room.ok("choose_language", "eve", language="klingon")
    assert room.session.people["eve"].language == "sv"


def test_everybody_chooses_for_themselves_only() -> None:
    room = stage()
    room.ok("choose_language", "aino", language="fi", person="kim")
    assert [room.session.people[p].language for p in ("aino", "kim")] == ["fi", "en"]


def test_a_role_that_was_granted_is_the_one_that_counts() -> None:
    room = stage()
    assert room.no("announce", "aino", text="Hei") == "not_allowed"
    room.ok("grant_role", "kim", person="aino", role="co_facilitator")
    room.ok("announce", "aino", text="Hei")


@pytest.mark.parametrize(
    ("person", "role"), [("nobody", "juror"), ("aino", "wizard"), ("aino", ""), ("", "juror")]
)
def test_roles_are_granted_to_people_who_are_there(person: str, role: str) -> None:
    assert stage().no("grant_role", "kim", person=person, role=role) == "nobody"


def test_who_was_removed_may_do_nothing_until_the_door_lets_them_in_again() -> None:
    room = stage()
    room.open("P1")
    room.ok("check_out", "aino", "P1")
    room.ok("remove_person", "kim", person="aino")
    assert room.no("check_in", "aino", "P1") == "not_joined"
    assert room.session.scopes("aino") == ()
    room.join("aino", "participant")
    room.ok("check_in", "aino", "P1")


@pytest.mark.parametrize(("person", "reason"), [("nobody", "nobody"), ("", "nobody"), ("kim", "yourself")])
def test_nobody_removes_themselves_or_who_is_not_there(person: str, reason: str) -> None:
    assert stage().no("remove_person", "kim", person=person) == reason


def test_whoever_was_removed_is_let_back_in_as_what_they_were_and_sees_the_same_again() -> None:
    room = stage()
    before = room.session.scopes("aino")
    room.ok("remove_person", "kim", person="aino")
    assert room.ok("remove_person", "kim", person="aino") == ()
    room.ok("let_in", "lo", person="aino")
    assert room.session.scopes("aino") == before
    assert room.ok("let_in", "lo", person="aino") == ()
    assert room.no("let_in", "lo", person="nobody") == "nobody"


def test_whoever_was_removed_may_ask_to_come_back_once_and_staff_is_told() -> None:
    room = stage()
    assert room.ok("ask_in", "aino") == ()
    room.ok("remove_person", "kim", person="aino")
    assert waiting(room) == []
    room.ok("ask_in", "aino")
    assert room.ok("ask_in", "aino") == ()
    assert waiting(room) == ["People who ask to be let back in: {count}"]
    room.ok("let_in", "kim", person="aino")
    assert waiting(room) == []


def test_who_was_erased_is_let_in_by_nobody() -> None:
    room = stage()
    room.ok("erase_person", "kim", person="aino", sure="yes")
    assert room.no("let_in", "kim", person="aino") == "nobody"


def waiting(room: Stage) -> list[str]:
    return [one.alert.text for one in room.session.needed]


LAST = {
    "demoted": ("grant_role", {"person": "kim", "role": "guest"}),
    "erased": ("erase_person", {"person": "kim", "sure": "yes"}),
}


@pytest.mark.parametrize(("command", "fields"), LAST.values(), ids=LAST)
def test_somebody_can_always_drive(command: str, fields: dict[str, str]) -> None:
    room = Stage(phase("pause", "P1", rules=MEAL), lo="participant")
    assert room.no(command, "kim", **fields) == "last_one"
    room.ok("grant_role", "kim", person="lo", role="co_facilitator")
    room.ok(command, "kim", **fields)


def test_the_last_who_may_drive_is_removed_by_nobody_and_whoever_is_gone_does_not_count() -> None:
    room = stage()
    room.ok("remove_person", "kim", person="lo")
    assert room.no("grant_role", "kim", person="kim", role="guest") == "last_one"
    room.ok("let_in", "kim", person="lo")
    room.ok("grant_role", "kim", person="kim", role="guest")
    assert room.no("erase_person", "lo", sure="yes") == "last_one"


@pytest.mark.parametrize("command", ["open_phase", "reopen_phase"])
def test_a_press_in_the_agenda_that_was_meant_for_another_moment_is_refused(command: str) -> None:
    room = stage()
    room.open("P1")
    room.ok("next_phase", "kim", "P1")
    meant = {"open_phase": "P3", "reopen_phase": "P1"}[command]
    before = states(room)
    assert room.no(command, "kim", meant, seen="P1") == "moved_on"
    assert states(room) == before
    room.ok(command, "kim", meant, seen="P2")


@pytest.mark.parametrize(("by", "named"), [("aino", ""), ("aino", "aino"), ("kim", "aino")])
def test_somebody_is_erased_by_themselves_or_by_staff_and_then_gone(by: str, named: str) -> None:
    room = stage()
    told = room.do("erase_person", by, person=named, sure="yes")
    assert isinstance(told, Accepted)
    assert [(event.kind, event.body) for event in told.events] == [("person_erased", {"person": "aino"})]
    assert told.personal == (Erasure("aino"),)
    assert (room.session.people["aino"].erased, room.session.scopes("aino")) == (True, ())
    assert room.no("choose_language", "aino", language="fi") == "not_joined"
    assert room.ok("erase_person", "kim", person="aino", sure="yes") == ()
    assert room.replayed().people["aino"].erased


@pytest.mark.parametrize(
    ("by", "fields", "reason"),
    [
        ("aino", {}, "not_sure"),
        ("aino", {"sure": "no"}, "not_sure"),
        ("aino", {"person": "kim", "sure": "yes"}, "not_allowed"),
        ("kim", {"person": "nobody", "sure": "yes"}, "nobody"),
    ],
)
def test_nobody_is_erased_by_mistake_or_by_others(by: str, fields: dict[str, str], reason: str) -> None:
    room = stage()
    assert room.no("erase_person", by, **fields) == reason
    assert not any(member.erased for member in room.session.people.values())


def test_a_new_place_or_language_makes_older_pages_useless() -> None:
    room = stage()
    aino = room.session.people["aino"]
    assert aino.placed_seq == 0
    for command, fields in (
        ("choose_language", {"language": "fi"}),
        ("grant_role", {"person": "aino", "role": "juror"}),
    ):
        room.ok(command, "aino" if command == "choose_language" else "kim", **fields)
        assert aino.placed_seq == room.session.seq


# ---- words to everybody


def test_an_announcement_stands_until_it_is_cleared() -> None:
    room = stage()
    (event,) = room.ok("announce", "kim", text="  Soup is ready ")
    assert [(n.id, n.text, n.at) for n in room.session.announcements.values()] == [
        (f"n{event.seq}", "Soup is ready", START)
    ]
    room.ok("clear_announcement", "kim", announcement=f"n{event.seq}")
    assert room.session.announcements == {}


def test_clearing_what_is_gone_changes_nothing() -> None:
    assert stage().do("clear_announcement", "kim", announcement="n1") == Accepted(())


@pytest.mark.parametrize(
    ("text", "reason"), [("", "empty"), (" \n\x00", "empty"), ("x" * (MAX_ANNOUNCEMENT + 1), "too_long")]
)
def test_an_announcement_has_words_but_not_too_many(text: str, reason: str) -> None:
    room = stage()
    assert room.no("announce", "kim", text=text) == reason
    room.ok("announce", "kim", text="x" * MAX_ANNOUNCEMENT)


# ---- the projector


def test_the_projector_shows_what_was_chosen_or_follows_the_agenda() -> None:
    room = stage()
    room.open("P1")
    room.open("P3")
    for choice in ("P1", "dark", ""):
        room.ok("show_on_screen", "kim", choice=choice)
        assert room.session.screen_choice == choice


@pytest.mark.parametrize("choice", ["P2", "P9", "bright", "P1 P3"])
def test_the_projector_shows_nothing_that_has_not_opened(choice: str) -> None:
    room = stage()
    room.open("P1")
    assert room.no("show_on_screen", "kim", choice=choice) == "not_open"


def test_an_announcement_holds_for_a_quarter_of_an_hour_or_as_long_as_was_said() -> None:
    room = stage()
    room.ok("announce", "kim", text="Soup")
    room.ok("announce", "kim", text="Lift closed", minutes="60")
    assert [said.until - said.at for said in room.session.announcements.values()] == [15 * 60, 60 * 60]


@pytest.mark.parametrize("minutes", ["-1", "1441"])
def test_no_announcement_holds_for_no_time_or_for_ever(minutes: str) -> None:
    assert stage().no("announce", "kim", text="Soup", minutes=minutes) == "bad_minutes"


def test_an_announcement_of_an_older_log_holds_for_a_quarter_of_an_hour() -> None:
    room = stage()
    (event,) = room.ok("announce", "kim", text="Soup")
    del event.body["until"]
    session_events.announced(room.session, event)
    assert [said.until - said.at for said in room.session.announcements.values()] == [15 * 60]
