import random

import pytest

from app.clock import RaceClock
from app.rehearsal.browser.forms import Field, Form
from app.rehearsal.browser.page import Page
from app.rehearsal.people.company import Company
from app.rehearsal.people.memory import MOST_TRIES, Memory
from sessions.format import read_format
from tests.support.stage import race48


def form(command: str = "claim", **hidden: str) -> Form:
    return Form({}, "x", {"command": command, "phase": "R08", **hidden}, [Field("", "submit")])


@pytest.fixture
def company() -> Company:
    return Company(RaceClock(), read_format(race48()))


@pytest.fixture
def memory(company: Company) -> Memory:
    return Memory(company, random.Random(1))


def test_something_is_done_as_often_as_meant_and_each_form_counts_for_itself(memory: Memory) -> None:
    assert [memory.first_time(form()), memory.first_time(form())] == [True, False]
    assert memory.first_time(form(request="q1"))
    assert [memory.times(2, form("ask")) for _ in range(3)] == [True, True, False]
    assert memory.count(form("ask")) == 2


def test_one_of_us_does_it(company: Company, memory: Memory) -> None:
    other = Memory(company, random.Random(2))
    assert [memory.mine_to_do(form()), other.mine_to_do(form()), memory.mine_to_do(form())] == [
        True,
        False,
        False,
    ]


def test_what_is_refused_for_the_moment_is_tried_again_but_not_for_ever(memory: Memory) -> None:
    for _ in range(1 + MOST_TRIES):
        memory.begin()
        assert memory.mine_to_do(form())
        sent = memory.keep(form(), {})
        memory.outbox.refused(sent.id, "taken")
        memory.learn()
    assert not memory.mine_to_do(form())


def test_what_is_refused_for_good_is_left_alone(memory: Memory) -> None:
    assert memory.first_time(form())
    memory.outbox.refused(memory.keep(form(), {}).id, "closed")
    memory.learn()
    assert not memory.first_time(form())


def test_nobody_presses_again_before_the_page_shows_what_came_of_it(memory: Memory) -> None:
    sheet = Page()
    assert memory.knows_what_came_of(form(), sheet)
    sent = memory.keep(form(), {})
    assert not memory.knows_what_came_of(form(), sheet)
    memory.outbox.acked(sent.id, 7)
    assert memory.is_sending("claim", sheet)
    sheet.apply('<hx-partial hx-swap="upsert seq:7"></hx-partial>')
    assert memory.knows_what_came_of(form(), sheet)
    assert not memory.is_sending("claim", sheet)


def test_what_few_do_is_done_by_the_first_who_can_and_then_by_a_share(company: Company) -> None:
    people = [Memory(company, random.Random(n)) for n in range(100)]
    assert [one.seldom(form(), 0.0, at_least=2) for one in people[:4]] == [True, True, False, False]
    assert not people[0].seldom(form(), 1.0), "each decides once"
    assert 20 < sum(one.seldom(form("edit"), 0.5) for one in people) < 80


def test_what_was_decided_stays_until_it_is_forgotten(memory: Memory) -> None:
    assert [memory.decide("fate", lambda: "answer"), memory.decide("fate", lambda: "release")] == [
        "answer"
    ] * 2
    memory.forget("fate")
    assert memory.decide("fate", lambda: "release") == "release"


def test_a_number_is_drawn_once(memory: Memory) -> None:
    drawn = {memory.drawn("x", 1, 1_000_000) for _ in range(10)}
    assert len(drawn) == 1


def test_a_company_is_calm_when_nobody_has_stirred_for_a_while(company: Company) -> None:
    assert company.calm(0)
    company.stir()
    assert not company.calm(0)


def test_a_company_knows_the_programme(company: Company) -> None:
    assert company.phase("R25").rules["stop"] == "hard"
    assert not company.crowded
