"""A session as a fold of its log: commands become events or refusals, and the log gives the session again."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest

from sessions.activity import FragmentId
from sessions.audience import CLOCK, DOOR, EVERYBODY
from sessions.messages import Command, Event, Refused
from sessions.outcome import Team
from sessions.refusals import closed
from sessions.session import DRIVING, OWN_EVENTS, Accepted, Session
from sessions.session_state import Decided
from tests.support.stage import START, Stage, phase

PAUSE = {"rules": {"reason": "meal"}}
TAKEN_IN = ("outcome_taken_in", "card_taken_in")
"""What whoever begins a session puts into it of an earlier one."""


def stage() -> Stage:
    """P1 (30 minutes), a vote-like P2 that the clock closes, with C beside it, and P3."""
    return Stage(
        phase("pause", "P1", **PAUSE),
        phase("pause", "P2", minutes=10, ends="close", **PAUSE),
        phase("pause", "C", beside="P2", channel=True, **PAUSE),
        phase("pause", "P3", **PAUSE),
        aino="participant",
        lo="co_facilitator",
    )


def states(stage: Stage) -> dict[str, str]:
    return {phase.id: phase.state for phase in stage.session.agenda}


# ---- the log


def test_an_event_is_stamped_with_its_place_time_sender_and_command() -> None:
    room = stage()
    before = room.session.seq
    (event,) = room.ok("announce", "kim", text="Soup")
    assert (event.seq, event.at, event.actor) == (before + 1, START, "kim")
    assert room.session.answered[event.command] == event.seq


def test_the_events_of_one_command_share_its_id_and_follow_each_other() -> None:
    room = stage()
    room.open("P1")
    events = room.ok("next_phase", "kim", "P1")
    assert [(e.kind, e.phase) for e in events] == [
        ("phase_closed", "P1"),
        ("phase_opened", "P2"),
        ("phase_opened", "C"),
    ]
    assert len({event.command for event in events}) == 1
    assert [e.seq for e in room.log] == list(range(1, room.session.seq + 1))


def test_deciding_changes_nothing() -> None:
    room = stage()
    before = (room.session.seq, dict(room.session.touched))
    told = room.session.decide(Command("next_phase", "x"), "kim", room.now)
    assert not isinstance(told, Refused)
    assert len(told) == 1
    assert (room.session.seq, room.session.touched) == before


def test_a_refused_command_leaves_no_trace() -> None:
    room = stage()
    before = (room.session.seq, dict(room.session.touched), deepcopy(room.session.answered), states(room))
    assert room.no("announce", "aino", text="Hei") == "not_allowed"
    assert (room.session.seq, room.session.touched, room.session.answered, states(room)) == before


@pytest.mark.parametrize("wrong", [-1, 0, 1, 3])
def test_a_gap_or_a_repeat_in_the_log_is_not_folded(wrong: int) -> None:
    room = stage()
    last = room.session.seq
    with pytest.raises(ValueError, match=f"^event {last + wrong - 1} after {last}: the log has a gap$"):
        room.session.evolve(Event("announced", body={"text": "x"}, seq=last + wrong - 1))
    assert room.session.seq == last


def test_an_event_of_a_phase_that_never_opened_is_not_folded() -> None:
    room = stage()
    event = Event("checked_out", "P3", {"person": "aino"}, seq=room.session.seq + 1)
    with pytest.raises(ValueError, match=r"\(checked_out\) for P3, which has not opened$"):
        room.session.evolve(event)


def test_the_log_gives_the_session_again() -> None:
    room = stage()
    room.open("P2")
    room.ok("check_out", "aino", "P2")
    room.after(30)
    room.ok("announce", "kim", text="Soup")
    again = room.replayed()
    assert (again.seq, again.touched, again.people) == (
        room.session.seq,
        room.session.touched,
        room.session.people,
    )
    assert (again.decided, again.announcements) == (room.session.decided, room.session.announcements)
    assert {phase.id: phase.state for phase in again.agenda} == states(room)


def test_every_event_of_its_own_is_one_that_some_command_can_lead_to() -> None:
    room = stage()
    room.ok("plan_start", "kim", at="2027-12-03 09:00")
    room.open("P1")
    room.ok("extend_phase", "kim", "P1", minutes="5")
    room.close("P1")
    room.ok("reopen_phase", "kim", "P1")
    room.open("P2")
    room.ok("close_phase", "kim", "P2")
    room.ok("open_phase", "kim", "P3")
    room.ok("reopen_phase", "kim", "P2")
    room.ok("skip_phase", "kim", "P3")
    (announced,) = room.ok("announce", "kim", text="x")
    room.ok("clear_announcement", "kim", announcement=f"n{announced.seq}")
    room.ok("show_on_screen", "kim", choice="dark")
    room.ok("set_door", "kim", state="ask")
    room.ok("erase_words", "kim", of=str(announced.seq), why="mistake", reason="A slip", sure="yes")
    room.ok("choose_language", "aino", language="fi")
    room.ok("grant_role", "kim", person="aino", role="expert")
    room.ok("remove_person", "kim", person="aino")
    room.ok("ask_in", "aino")
    room.ok("let_in", "kim", person="aino")
    given = room.ok("give_organisation", "aino", organisation="Norrdata")
    room.ok("give_organisation", "lo", organisation="Norr Data")
    (one,), other = (event.body["organisation"] for event in given), room.session.people["lo"].organisation
    room.ok("unite_organisations", "kim", organisation=other, into=one)
    room.ok("part_organisation", "kim", organisation=other)
    (removed,) = room.ok("remove_person", "kim", person="aino")
    room.ok("undo", "kim", decision=str(removed.seq))
    room.ok("erase_person", "kim", person="aino", sure="yes")
    room.ok("take_over", "lo")
    # The journal notes two: what changed nothing, and words that were erased. A kind's shared texts lead to two more.
    elsewhere = {"nothing_changed", "erased", "text_set_aside", "aside_dropped", *TAKEN_IN}
    assert {event.kind for event in room.log} == OWN_EVENTS - elsewhere


def test_what_has_changed_nothing_is_noted_without_a_trace_on_any_page() -> None:
    room = stage()
    before, touched = room.session.seq, dict(room.session.touched)
    command = Command("take_over", "again", "anything that was sent")
    event = room.session.note_unchanged(command, "kim", room.now)
    assert (event.kind, event.phase) == ("nothing_changed", "")
    assert (event.seq, event.actor, event.command) == (before + 1, "kim", "again")
    assert (room.session.seq, room.session.answered.get("again")) == (before + 1, before + 1)
    assert room.session.touched == touched


# ---- commands to phases


def test_a_command_is_for_a_phase_that_has_opened() -> None:
    room = stage()
    assert room.no("check_out", "aino", "P1") == "not_open"
    room.open("P1")
    room.ok("check_out", "aino", "P1")


@pytest.mark.parametrize("name", ["sing", "show", "prepare", "evolve", "__init__", "", "checked_out"])
def test_a_command_that_the_kind_does_not_list_is_unknown(name: str) -> None:
    room = stage()
    room.open("P1")
    assert room.no(name, "kim", "P1") == "unknown_command"


@pytest.mark.parametrize("foreign", ["", "P9", "P1 ", "p1", "kim"])
def test_a_command_to_a_phase_that_is_not_there_is_refused(foreign: str) -> None:
    room = stage()
    room.open("P1")
    assert room.no("check_out", "aino", foreign) == "not_open"


@pytest.mark.parametrize("foreign", ["", "P9", "P1 ", "p1", "kim"])
@pytest.mark.parametrize("command", sorted(DRIVING - {"next_phase"}))
def test_nobody_drives_a_phase_that_is_not_there(command: str, foreign: str) -> None:
    room = stage()
    room.open("P1")
    assert room.no(command, "kim", foreign, minutes="5") in {"not_open", "not_planned", "not_closed"}


def test_the_role_a_format_lists_may_act_and_another_may_not() -> None:
    room = Stage(
        phase("collect", "P1", who=["experts"], rules={"fields": ["text"], "main": "text"}),
        ex="expert",
        pa="participant",
    )
    room.open("P1")
    room.ok("add_card", "ex", "P1", text="heat")
    assert room.no("add_card", "pa", "P1", text="heat") == "not_allowed"


def test_what_comes_after_the_close_is_refused_with_how_late_it_was() -> None:
    room = Stage(phase("vote", "P1", rules={"method": "dots", "dots": 1}), pa="participant")
    room.open("P1")
    room.close("P1")
    late = {}
    for seconds in (0.2, 90, 600):
        told = closed(room.session.agenda.phases["P1"], room.now + seconds)
        late[seconds] = told.params["late"]
    assert late == {0.2: "1 s", 90: "90 s", 600: "10 min"}
    assert room.no("cast_ballot", "pa", "P1", option="x") == "closed"


def test_what_needs_a_closed_phase_is_refused_while_it_is_open_and_when_it_is_put_back() -> None:
    room = Stage(
        phase("pause", "P1", **PAUSE),
        phase("vote", "P2", rules={"method": "dots", "dots": 1}),
        pa="participant",
    )
    room.open("P1")
    room.open("P2")
    assert room.no("reveal_result", "kim", "P2") == "still_open"
    room.ok("reopen_phase", "kim", "P1")
    assert room.no("reveal_result", "kim", "P2") == "not_open"


# ---- what the server asks


def test_a_person_sees_what_everybody_their_role_their_team_and_they_may_see() -> None:
    room = stage()
    assert room.session.scopes("aino") == (EVERYBODY, "role:participant", "person:aino")
    room.session.people["aino"].team = "t1"
    assert room.session.scopes("aino") == (EVERYBODY, "role:participant", "team:t1", "person:aino")


@pytest.mark.parametrize("person", ["", "nobody", CLOCK, DOOR])
def test_who_is_not_in_the_session_sees_nothing(person: str) -> None:
    assert stage().session.scopes(person) == ()


def test_only_phases_that_end_by_the_clock_have_a_deadline() -> None:
    room = stage()
    room.open("P1")
    assert list(room.session.deadlines()) == []
    room.open("P2")
    assert [(p, d.at - room.now, d.command) for p, d in room.session.deadlines()] == [
        ("P2", 600.0, "close_phase")
    ]


def test_the_projector_shows_no_channel_until_somebody_chooses_it() -> None:
    room = stage()
    room.open("P2")
    shown = {view: [p.id for p in room.session.visible_phases(view)] for view in ("phone", "screen")}
    assert shown == {"phone": ["P2", "C"], "screen": ["P2"]}
    room.ok("show_on_screen", "kim", choice="C")
    assert [p.id for p in room.session.visible_phases("screen")] == ["C"]
    room.ok("show_on_screen", "kim", choice="dark")
    assert room.session.visible_phases("screen") == []


def test_what_has_been_stays_to_be_looked_up() -> None:
    room = stage()
    room.open("P1")
    room.open("P3")
    looked = {view: [p.id for p in room.session.visible_phases(view)] for view in ("phone", "mine", "team")}
    assert looked == {"phone": ["P3"], "mine": ["P1", "P3"], "team": ["P1", "P3"]}


def test_decisions_are_noted_with_who_when_and_about_what() -> None:
    room = stage()
    room.open("P1")
    (last,) = room.session.decided
    title = room.session.agenda.phases["P1"].spec.title
    assert replace(last, params={}) == Decided(room.session.seq, START, "kim", "P1", "Opened: {phase}", {})
    assert last.params == {"phase": title, "ends_at": START + 1800}


def test_what_was_touched_last_stands_last_with_its_seq() -> None:
    room = stage()
    room.ok("announce", "kim", text="a")
    room.ok("announce", "kim", text="b")
    notices = [(ref.key, seq) for ref, seq in room.session.touched.items() if ref.part == "notice"]
    last = room.session.seq
    assert notices == [(f"n{last - 1}", last - 1), (f"n{last}", last)]
    room.ok("clear_announcement", "kim", announcement=f"n{last - 1}")
    assert list(room.session.touched.items())[-1] == (
        FragmentId("", "notice", f"n{last - 1}", EVERYBODY),
        last + 1,
    )


def test_an_accepted_command_without_events_is_no_event() -> None:
    room = stage()
    before = room.session.seq
    told = room.do("take_over", "kim")
    assert (told, room.session.seq) == (Accepted(()), before)


def test_a_new_session_has_seen_nothing() -> None:
    session = Session()
    assert (session.seq, session.people, list(session.deadlines())) == (0, {}, [])


def test_a_phase_that_was_put_back_hears_what_is_learnt_of_people_all_the_same() -> None:
    room = stage()
    for move in ("open_phase P1", "open_phase P2", "reopen_phase P1"):
        command, where = move.split()
        room.ok(command, "kim", where)
    assert states(room)["P2"] == "planned"
    row = FragmentId("P2", "row", "aino", EVERYBODY)
    before = room.session.touched.get(row)
    room.ok("check_out", "aino", "P1")
    assert room.session.touched[row] == room.session.seq != before


def test_whoever_is_taken_out_of_a_team_is_shown_without_it_everywhere() -> None:
    room = stage()
    room.open("P1")
    row, other = FragmentId("P1", "row", "aino", EVERYBODY), room.session.agenda.phases["P2"]
    room.session.take(other, [Team("t1", 1, "Ripa", ("aino",), "aino")])
    room.ok("announce", "kim", text="Soup")
    room.session.take(other, [Team("t1", 1, "Ripa", ())])
    assert (room.session.people["aino"].team, room.session.touched[row]) == ("", room.session.seq)


def test_what_is_corrected_in_a_closed_phase_is_shown_anew_where_others_build_on_it() -> None:
    stage = Stage(
        phase("collect", "P1", rules={"columns": ["need"], "fields": ["text"], "main": "text"}),
        phase("vote", "P2", inputs=["P1"], rules={"method": "dots", "dots": 1, "keep": "1", "ties": "keep"}),
        phase("pause", "P3", rules={"reason": "meal"}),
        ben="participant",
    )
    stage.open("P1")
    stage.ok("add_card", "ben", "P1", text="Rude")
    stage.open("P2")
    before = stage.session.seq
    stage.ok("hide_card", "kim", "P1", card="P1c1")
    assert {ref.phase for ref, seq in stage.session.touched.items() if seq > before} >= {"P1", "P2"}
    assert "P3" not in {ref.phase for ref in stage.session.touched}
