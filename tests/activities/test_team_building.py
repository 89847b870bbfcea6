"""Drafting teams: sizes, mixing rules, wishes, leaders, and what is said where a rule cannot be met."""

import random
import time

import pytest

from sessions.activities.team.building import Draft, choose_needs, propose, team_count
from sessions.activities.team.mix import Breach, Candidate, Rules, best_leader, breaches, coverage
from sessions.activities.team.names import NAMES, team_name

NEEDS = [f"n{i}" for i in range(24)]
AREAS = ["technology", "market", "law", "finance", "design", "production", "research"]
RULES = Rules()


def crowd(people: int, organisations: int, seed: int = 1) -> list[Candidate]:
    """A made-up room: each from one of the organisations, with one to three areas and two wishes."""
    chance = random.Random(seed)
    return [
        Candidate(
            f"p{i:04d}",
            f"o{chance.randrange(organisations)}",
            frozenset(chance.sample(AREAS, chance.randint(1, 3))),
            chance.random() < 0.25,
            tuple(chance.sample(NEEDS, 2)),
        )
        for i in range(people)
    ]


def broken(people: list[Candidate], drafts: list[Draft]) -> list[Breach]:
    by_id = {person.id: person for person in people}
    return [b for draft in drafts for b in breaches([by_id[p] for p in draft.members], draft.leader, RULES)]


@pytest.mark.parametrize(
    ("people", "teams"), [(1, 1), (2, 1), (3, 1), (7, 1), (8, 2), (12, 2), (53, 11), (200, 40), (1000, 200)]
)
def test_there_is_about_one_team_for_every_five_people(people: int, teams: int) -> None:
    assert team_count(people, RULES) == teams


def test_the_limits_of_size_win_over_the_target() -> None:
    assert team_count(20, Rules(min_size=6, max_size=8)) == 3
    assert team_count(20, Rules(min_size=2, max_size=3)) == 7


def test_everybody_gets_exactly_one_place() -> None:
    people = crowd(53, 20)
    placed = [person for draft in propose(people, NEEDS, RULES, 3) for person in draft.members]
    assert sorted(placed) == [person.id for person in people]


def test_sizes_differ_by_one_at_most() -> None:
    sizes = {len(draft.members) for draft in propose(crowd(53, 20), NEEDS, RULES, 3)}
    assert sizes == {4, 5}


@pytest.mark.parametrize("organisations", [8, 27])
def test_the_rules_on_mixing_are_met_where_they_can_be(organisations: int) -> None:
    people = crowd(53, organisations)
    assert broken(people, propose(people, NEEDS, RULES, 3)) == []


def test_the_same_seed_draws_the_same_teams_in_whatever_order_people_come() -> None:
    people = crowd(53, 20)
    assert propose(people, NEEDS, RULES, 3) == propose(reversed(people), NEEDS, RULES, 3)


def test_another_seed_draws_other_teams() -> None:
    people = crowd(53, 20)
    assert propose(people, NEEDS, RULES, 3) != propose(people, NEEDS, RULES, 4)


def test_every_team_is_led_by_somebody_who_wishes_to_when_there_are_enough() -> None:
    people = [Candidate(f"p{i:02d}", leads=i < 4, areas=frozenset(AREAS[:3])) for i in range(20)]
    leaders = {draft.leader for draft in propose(people, NEEDS, RULES, 3)}
    assert leaders == {"p00", "p01", "p02", "p03"}


def test_without_volunteers_who_knows_most_leads() -> None:
    narrow, broad = (
        Candidate("a", areas=frozenset({"law"})),
        Candidate("b", areas=frozenset({"law", "design"})),
    )
    assert best_leader([narrow, broad]) == "b"
    assert best_leader([narrow, broad, Candidate("c", leads=True)]) == "c"


def test_most_people_work_on_a_need_they_wished_for() -> None:
    people = [Candidate(f"p{i:02d}", areas=frozenset(AREAS[:3]), wishes=(f"n{i % 4}",)) for i in range(20)]
    by_id = {person.id: person for person in people}
    drafts = propose(people, NEEDS, RULES, 3)
    assert all(by_id[person].wishes == (draft.need,) for draft in drafts for person in draft.members)


def test_the_needs_most_wished_for_get_a_team() -> None:
    people = [
        Candidate("a", wishes=("n5", "n2")),
        Candidate("b", wishes=("n5",)),
        Candidate("c", wishes=("n9",)),
    ]
    assert choose_needs(people, NEEDS, 2) == ["n5", "n9"]


def test_a_need_gets_a_second_team_only_when_every_need_has_one() -> None:
    people = [Candidate("a", wishes=("n1",)), Candidate("b", wishes=("n1",))]
    assert choose_needs(people, ["n0", "n1"], 3) == ["n0", "n1", "n1"]


def test_teams_can_be_drawn_without_needs() -> None:
    assert {draft.need for draft in propose(crowd(12, 6), [], RULES, 3)} == {""}


def test_nobody_gives_no_teams() -> None:
    assert propose([], NEEDS, RULES, 3) == []


def test_a_rule_that_cannot_be_met_is_named_with_its_numbers() -> None:
    same = [Candidate(f"p{i}", "sawmill", frozenset({"market"})) for i in range(5)]
    (draft,) = propose(same, NEEDS, RULES, 3)
    assert breaches(same, draft.leader, RULES) == [Breach("organisation", 5, 2), Breach("areas", 1, 3)]


def test_size_and_leader_are_rules_too() -> None:
    many = [Candidate(f"p{i}", areas=frozenset(AREAS[:3])) for i in range(9)]
    assert breaches(many[:2], "p0", RULES) == [Breach("too_few", 2, 3)]
    assert breaches(many, "p0", RULES) == [Breach("too_many", 9, 8)]
    assert breaches(many[:3], "p8", RULES) == [Breach("leader", 0, 1)]


def test_people_without_an_organisation_are_not_from_the_same_one() -> None:
    strangers = [Candidate(f"p{i}", areas=frozenset(AREAS[:3])) for i in range(4)]
    assert breaches(strangers, "p0", RULES) == []


def test_coverage_names_the_areas_of_most_people_first() -> None:
    people = [Candidate("a", areas=frozenset({"law"})), Candidate("b", areas=frozenset({"law", "design"}))]
    assert coverage(people) == ["law", "design"]


def test_a_thousand_people_take_less_than_a_second_of_the_processor() -> None:
    people = crowd(1000, 30)
    before = time.process_time()
    drafts = propose(people, NEEDS, RULES, 3)
    assert time.process_time() - before < 1.0
    assert len(drafts) == 200


def test_team_names_do_not_repeat() -> None:
    names = [team_name(number) for number in range(1, 201)]
    assert len(set(names)) == 200
    assert (names[0], names[len(NAMES)]) == ("Ripa", "Ripa 2")
