"""What can be voted for, whose it is, and in which order a voter gets it."""

from __future__ import annotations

from sessions import facts
from sessions.activities.vote.slate import (
    SHUFFLED,
    Option,
    Slate,
    cards_slate,
    entries_slate,
    own,
    shuffled,
    stopped,
)
from sessions.outcome import Card, Fact, Inputs, Outcome, Team
from sessions.session import Session
from tests.support.stage import Stage, phase


def room() -> Session:
    """Ada in team t1, Bo in team t2, the entry e1 of Ada's idea and e2 of Bo's."""
    session = Stage(phase("pause", "P"), ada="participant", bo="participant", eve="expert").session
    for number, person in enumerate(("ada", "bo"), 1):
        facts.regroup(session, Team(f"t{number}", number, f"Team {number}", (person,), person))
        kept = {"title": f"Idea of {person}", "team": f"t{number}", "idea": f"c{number}", "need": ""}
        facts.learn(session, "V", Fact(f"c{number}", "kept", kept))
    return session


def cards(*cards: Card) -> Inputs:
    return Inputs((Outcome(cards=cards),))


def ids(slate: Slate) -> list[str]:
    return [option.id for option in slate]


def test_entries_come_in_the_running_order_and_then_the_others() -> None:
    assert ids(entries_slate(room(), Inputs((Outcome(order=("e2", "e9")),)))) == ["e2", "e1"]


def test_an_entry_that_left_the_race_is_not_on_the_slate() -> None:
    session = room()
    facts.learn(session, "W", Fact("e1", "status", "withdrawn"))
    assert ids(entries_slate(session, Inputs())) == ["e2"]


def test_cards_keep_the_order_in_which_they_were_handed_on() -> None:
    handed = cards(Card("c9", "nine", count=3), Card("c2", "two"))
    assert [(option.id, option.text, option.count) for option in cards_slate(room(), handed, False)] == [
        ("c9", "nine", 3),
        ("c2", "two", 1),
    ]


def test_by_team_only_a_teams_cards_are_options() -> None:
    slate = cards_slate(room(), cards(Card("c1", "one", team="t1"), Card("c3", "three")), True)
    assert (ids(slate), slate.of_team) == (["c1"], {"t1": ["c1"]})


def test_the_idea_of_a_team_that_is_no_more_goes_with_its_author() -> None:
    slate = cards_slate(room(), cards(Card("c1", "one", team="gone", authors=("bo",))), True)
    assert slate["c1"].team == "t2"


def test_an_entry_is_own_to_its_team_and_to_experts_who_advised_it() -> None:
    session = room()
    option = Option("e1", "Idea of ada", "Idea of ada", "t1")
    assert [own(session, option, session.people[p]) for p in ("ada", "bo", "eve")] == [True, False, False]
    facts.learn(session, "C", Fact("e1", "verdict", {"verdict": "go", "expert": "eve"}, "r1"))
    assert own(session, option, session.people["eve"])


def test_a_card_is_own_to_its_authors_and_its_team() -> None:
    session = room()
    option = Option("c7", "seven", "seven", "t2", authors=("ada",))
    assert [own(session, option, session.people[p]) for p in ("ada", "bo", "eve")] == [True, True, False]


def test_a_stop_holds_a_card_back_until_it_is_answered_or_taken_back() -> None:
    session = room()
    stop = {"topic": "legal", "verdict": "stop", "response": ""}
    held = []
    for said in (stop, {**stop, "response": "We changed it"}, stop, None):
        facts.learn(session, "C", Fact("c7", "verdict", said, "r1"))
        held.append(stopped(session, "c7"))
    assert held == [True, False, True, False]


def test_a_stop_on_an_idea_holds_its_entry_too() -> None:
    session = room()
    facts.learn(session, "C", Fact("c1", "verdict", {"topic": "legal", "verdict": "stop"}, "r1"))
    assert [stopped(session, option) for option in ("c1", "e1", "e2")] == [True, True, False]


def test_an_order_belongs_to_a_voter_and_a_phase() -> None:
    listed = [f"c{i}" for i in range(20)]
    orders = [
        shuffled(listed, voter, name)
        for voter, name in (("ada", "V"), ("ada", "V"), ("bo", "V"), ("ada", "W"))
    ]
    assert orders[0] == orders[1]
    assert len({tuple(order) for order in orders}) == 3


def test_every_option_of_a_long_list_comes_first_for_somebody() -> None:
    listed = [f"c{i}" for i in range(SHUFFLED * 3)]
    first = {option for number in range(40) for option in shuffled(listed, f"p{number}", "V")}
    assert first == set(listed)
