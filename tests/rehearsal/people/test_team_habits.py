"""The facilitator gets a request to answer, whatever became of the first one."""

from app.clock import RaceClock
from app.rehearsal.browser.forms import Field, Form
from app.rehearsal.habits import RoleHabits
from app.rehearsal.habits.team import ask_to_move, take_back_request
from app.rehearsal.people.cast import Part
from app.rehearsal.people.company import Company
from app.rehearsal.people.person import Person
from sessions.format import read_format
from tests.support.stage import race48

TEAMS = Field("team", "select", options=[("t1", "1 Bus"), ("t2", "2 Wood")])
ASK = Form({}, "x", {"command": "ask_to_move", "phase": "R05"}, [TEAMS])
TAKE_BACK = Form({}, "x", {"command": "take_back_request", "phase": "R05"}, [Field("", "submit")])


def people() -> list[Person]:
    company = Company(RaceClock(), read_format(race48()))
    made = [Person(Part(n, f"P{n}", "", "en"), company, 1, RoleHabits("participant")) for n in range(3)]
    for person in made:
        person.team = "1"
    return made


def test_the_first_request_that_stands_is_not_taken_back_though_an_earlier_one_was_refused() -> None:
    refused, stands, other = people()
    assert all(ask_to_move(person, ASK) for person in (refused, stands, other))
    assert take_back_request(stands, TAKE_BACK) is None
    assert take_back_request(other, TAKE_BACK) == {}
    assert take_back_request(stands, TAKE_BACK) is None
