"""What phases say about people, entries and teams comes together in the session."""

from __future__ import annotations

from typing import Any

import pytest

from sessions.activity import FragmentId
from sessions.audience import team_scope
from sessions.entry import Entry
from sessions.session import Session
from tests.support.seed import SEED, fact, seeds, tell
from tests.support.stage import Stage

__all__ = ["seeds"]

CARDS = [
    {"id": "n1", "text": "Cold house", "fields": {"who": "Aunt", "situation": "Cold house"}},
    {"id": "c1", "text": "Heat pump", "link": "n1"},
    {"id": "c2", "text": "Blanket"},
]


def stage() -> Stage:
    """Aino, Ben and Cy, a need and two ideas on the table, the seed open."""
    room = Stage(SEED, aino="participant", ben="participant", cy="participant", jo="juror")
    room.open("S")
    tell(room, cards=CARDS)
    return room


def keep(room: Stage, card: str, team: str = "t1", **more: str) -> None:
    fact(room, card, "kept", {"title": card.upper(), "team": team, "idea": card, **more})


def team(room: Stage, name: str, *members: str, leader: str = "") -> None:
    tell(
        room,
        teams=[{"id": name, "number": int(name[1:]), "name": name, "members": members, "leader": leader}],
    )


def places(session: Session) -> dict[str, tuple[str, str]]:
    """Team and role of everybody."""
    return {m.id: (m.team, m.role) for m in session.people.values() if m.id != "kim"}


def entry(room: Stage, name: str = "e1") -> Entry:
    """An entry, which the log gives again."""
    assert room.replayed().entries == room.session.entries
    return room.session.entries[name]


# ---- entries


def test_an_entry_begins_when_its_idea_is_kept() -> None:
    room = stage()
    assert room.session.entries == {}
    keep(room, "c1")
    begun = entry(room)
    assert (begun.id, begun.number, begun.team, begun.title, begun.status) == ("e1", 1, "t1", "C1", "draft")
    assert (begun.begun_at, begun.begun_seq) == (room.now, room.session.seq)


def test_it_knows_its_idea_and_the_need_that_the_idea_answers_to() -> None:
    room = stage()
    keep(room, "c1")
    keep(room, "c2")
    keep(room, "gone", need="n1")
    cards = {
        name: (e.idea and e.idea.text, e.need and e.need.text) for name, e in room.session.entries.items()
    }
    assert cards == {"e1": ("Heat pump", "Cold house"), "e2": ("Blanket", None), "e3": (None, "Cold house")}


def test_an_idea_that_is_kept_twice_is_one_entry() -> None:
    room = stage()
    keep(room, "c1")
    keep(room, "c1", team="t9")
    assert [(e.id, e.team) for e in room.session.entries.values()] == [("e1", "t1")]


def test_an_idea_that_is_not_kept_after_all_is_no_entry_and_its_number_is_not_given_again() -> None:
    room = stage()
    keep(room, "c1")
    fact(room, "c1", "kept", None)
    assert room.session.entries == {}
    keep(room, "c2")
    assert list(room.session.entries) == ["e2"]


def test_taking_back_what_never_was_changes_nothing() -> None:
    room = stage()
    fact(room, "c1", "kept", None)
    assert room.session.entries == {}


def test_what_was_said_about_the_idea_before_and_after_is_said_about_the_entry() -> None:
    room = stage()
    fact(room, "c1", "verdict", {"verdict": "go"}, "r1")
    keep(room, "c1")
    fact(room, "c1", "verdict", {"verdict": "stop"}, "r2")
    fact(room, "e1", "verdict", {"verdict": "change"}, "r3")
    assert [v["verdict"] for v in entry(room).every("verdict").values()] == ["go", "stop", "change"]


def test_what_is_said_again_replaces_and_nothing_takes_it_back() -> None:
    room = stage()
    keep(room, "c1")
    for text in ("one", "two"):
        fact(room, "e1", "field", text, "need.situation")
    assert entry(room).every("field") == {"need.situation": "two"}
    fact(room, "e1", "field", None, "need.situation")
    assert entry(room).every("field") == {}


def test_an_entry_that_was_merged_or_withdrawn_is_out_of_the_race_but_still_there() -> None:
    room = stage()
    keep(room, "c1")
    keep(room, "c2")
    assert [e.id for e in room.session.entries_of("t1")] == ["e1", "e2"]
    fact(room, "e2", "merged_into", "e1")
    fact(room, "e2", "status", "merged")
    assert [e.id for e in room.session.entries_of("t1")] == ["e1"]
    assert entry(room, "e2").latest("merged_into") == "e1"


def test_an_entry_that_moves_belongs_to_the_other_team() -> None:
    room = stage()
    keep(room, "c1")
    fact(room, "e1", "moved_to", "t2")
    assert entry(room).team == "t2"
    assert [e.id for e in room.session.entries_of("t2")] == ["e1"]


def test_a_change_of_an_entry_is_shown_to_its_team() -> None:
    room = stage()
    keep(room, "c1")
    fact(room, "e1", "title", "Warmth")
    assert (entry(room).title, entry(room).changed_seq) == ("Warmth", room.session.seq)
    assert room.session.touched[FragmentId("", "entries", "", team_scope("t1"))] == room.session.seq


# ---- people


@pytest.mark.parametrize(
    ("name", "value"), [("competence", ["heat"]), ("consent", "session"), ("present", False)]
)
def test_what_a_phase_says_about_a_person_is_theirs(name: str, value: Any) -> None:
    room = stage()
    fact(room, "person:aino", name, value)
    assert room.session.people["aino"].facts == {name: value}
    assert room.session.people["ben"].facts == {}


def test_competences_and_presence_are_read_from_what_was_said() -> None:
    room = stage()
    aino = room.session.people["aino"]
    assert (aino.competences, aino.present) == ((), True)
    fact(room, "person:aino", "competence", ["heat", "law"])
    fact(room, "person:aino", "present", False)
    assert (aino.competences, aino.present) == (("heat", "law"), False)


def test_an_organisation_that_is_told_later_is_the_persons_own() -> None:
    room = stage()
    fact(room, "person:aino", "organisation", "o7")
    assert room.session.people["aino"].organisation == "o7"


def test_what_is_said_about_a_stranger_makes_nobody() -> None:
    room = stage()
    before = set(room.session.people)
    fact(room, "person:nobody", "consent", "public")
    assert set(room.session.people) == before
    assert room.session.entries == {}


# ---- teams


def test_a_team_has_its_members_and_its_leader_leads() -> None:
    room = stage()
    team(room, "t1", "aino", "ben", leader="aino")
    assert places(room.session) == {
        "aino": ("t1", "process_leader"),
        "ben": ("t1", "participant"),
        "cy": ("", "participant"),
        "jo": ("", "juror"),
    }
    assert places(room.replayed()) == places(room.session)


def test_who_does_not_lead_any_more_is_a_participant_again() -> None:
    room = stage()
    team(room, "t1", "aino", "ben", leader="aino")
    team(room, "t1", "aino", "ben", leader="ben")
    assert places(room.session)["aino"] == ("t1", "participant")
    assert places(room.session)["ben"] == ("t1", "process_leader")


def test_who_leaves_a_team_belongs_to_none_and_leads_none() -> None:
    room = stage()
    team(room, "t1", "aino", "ben", leader="aino")
    team(room, "t1", "ben")
    assert places(room.session)["aino"] == ("", "participant")


@pytest.mark.parametrize("order", [("t1", "t2"), ("t2", "t1")])
def test_who_moves_is_in_the_new_team_whichever_is_told_first(order: tuple[str, str]) -> None:
    room = stage()
    team(room, "t1", "aino", "ben")
    team(room, "t2", "cy")
    members = {"t1": ("ben",), "t2": ("cy", "aino")}
    for name in order:
        team(room, name, *members[name])
    assert {p: t for p, (t, _) in places(room.session).items()} == {
        "aino": "t2",
        "ben": "t1",
        "cy": "t2",
        "jo": "",
    }


def test_a_team_without_people_is_gone() -> None:
    room = stage()
    team(room, "t1", "aino")
    team(room, "t1")
    assert (room.session.teams, places(room.session)["aino"]) == ({}, ("", "participant"))


def test_a_juror_in_a_team_stays_a_juror() -> None:
    room = stage()
    team(room, "t1", "jo", leader="jo")
    assert places(room.session)["jo"] == ("t1", "juror")


def test_a_stranger_in_a_team_is_nobody() -> None:
    room = stage()
    team(room, "t1", "nobody", "aino")
    assert set(places(room.session)) == {"aino", "ben", "cy", "jo"}


def test_only_who_got_another_place_needs_a_new_page() -> None:
    room = stage()
    team(room, "t1", "aino", "ben", leader="aino")
    first = room.session.seq
    team(room, "t1", "aino", "ben", "cy", leader="aino")
    placed = {m.id: m.placed_seq for m in room.session.people.values()}
    assert placed == {"kim": 0, "aino": first, "ben": first, "cy": room.session.seq, "jo": 0}
