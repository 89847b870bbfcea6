"""Who is found on the roll: by person, by audience, and by what an audience hears."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.audience.connection import Audience, Connection, Cursor
from app.audience.connections import Connections
from tests.audience.test_fanout import Wire

EVERYBODY, STAFF = ("all",), ("all", "role:staff")


def outlet(
    person: str, view: str = "phone", language: str = "en", shared: tuple[str, ...] = EVERYBODY
) -> Connection:
    return Connection(view, person, language, (*shared, f"person:{person}"), line=Wire())


def audience(view: str = "phone", language: str = "en", shared: tuple[str, ...] = EVERYBODY) -> Audience:
    return Audience(view, language, shared)


def roll_of(*outlets: Connection) -> Connections:
    roll = Connections()
    for one in outlets:
        roll.add(one)
    return roll


def test_a_roll_that_nobody_is_on_is_empty() -> None:
    roll = Connections()
    assert (len(roll), [*roll.people], roll.outlets, roll.hearing) == (0, [], [], {})
    assert ([*roll.of_person("aino")], roll.audience(audience()).outlets) == ([], [])


def test_somebodys_sockets_are_found_oldest_first() -> None:
    first, other, second = outlet("aino"), outlet("ben"), outlet("aino", "team")
    roll = roll_of(first, other, second)
    assert [*roll.of_person("aino")] == [first, second]
    assert [*roll.people] == ["aino", "ben"]


def test_what_is_a_persons_own_makes_no_audience_of_its_own() -> None:
    aino, ben, console = outlet("aino"), outlet("ben"), outlet("kim", "console", shared=STAFF)
    roll = roll_of(aino, ben, console)
    assert roll.audience(audience()).outlets == [aino, ben]
    assert roll.hearing == {
        ("phone", "en"): {"all": {audience(): None}},
        ("console", "en"): {
            "all": {audience("console", shared=STAFF): None},
            "role:staff": {audience("console", shared=STAFF): None},
        },
    }


def test_a_language_is_an_audience_of_its_own() -> None:
    english, finnish = outlet("aino"), outlet("ben", language="fi")
    roll = roll_of(english, finnish)
    assert roll.audience(audience(language="fi")).outlets == [finnish]
    assert (roll.of_view("phone", "en"), roll.of_view("phone", "fi")) == ([english], [finnish])


def test_several_audiences_of_a_view_hear_of_what_they_share() -> None:
    staff, guest = outlet("kim", shared=STAFF), outlet("aino")
    roll = roll_of(staff, guest)
    hearing = roll.hearing["phone", "en"]
    assert [*hearing["all"]] == [audience(shared=STAFF), audience()]
    assert [*hearing["role:staff"]] == [audience(shared=STAFF)]
    assert roll.of_view("phone", "en") == [staff, guest]


def test_whoever_leaves_leaves_nothing_behind() -> None:
    aino, ben = outlet("aino"), outlet("ben", shared=STAFF)
    roll = roll_of(aino, ben)
    roll.remove(ben)
    assert (ben in roll, aino in roll, roll.outlets, [*roll.people]) == (False, True, [aino], ["aino"])
    assert roll.hearing == roll_of(aino).hearing
    roll.remove(ben)
    roll.remove(aino)
    assert (len(roll), roll.hearing, [*roll.people]) == (0, {}, [])


def test_two_that_look_the_same_are_two() -> None:
    first, second = outlet("aino"), outlet("aino")
    roll = roll_of(first, second, first)
    assert len(roll) == 2
    roll.remove(first)
    assert roll.outlets == [second]


def test_a_new_place_is_another_audience() -> None:
    aino = outlet("aino")
    roll = roll_of(aino, outlet("ben"))
    roll.rename(aino, (*STAFF, "person:aino"))
    assert roll.audience(audience(shared=STAFF)).outlets == [aino]
    assert aino not in roll.audience(audience()).outlets
    assert "role:staff" in roll.hearing["phone", "en"]


def test_a_page_that_is_not_on_the_roll_is_renamed_without_coming_onto_it() -> None:
    page, gone = Cursor("phone", "aino", "en", EVERYBODY), outlet("ben")
    roll = Connections()
    for reader in (page, gone):
        roll.rename(reader, STAFF)
        assert reader.scopes == STAFF
    assert len(roll) == 0


PEOPLE, PLACES = ("aino", "ben", "cecilia"), (EVERYBODY, STAFF, ("all", "team:1"))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("add", "remove", "rename")),
        st.integers(0, 5),
        st.sampled_from(PLACES),
    ),
    max_size=40,
)


@given(STEPS)
def test_however_people_come_and_go_everybody_is_found(steps: list[tuple[str, int, tuple[str, ...]]]) -> None:
    known = [outlet(PEOPLE[n % 3], ("phone", "team")[n % 2], ("en", "fi")[n // 3]) for n in range(6)]
    roll, there = Connections(), set[Connection]()
    for step, number, place in steps:
        one = known[number]
        if step == "add" and one not in there:
            roll.add(one)
            there.add(one)
        elif step == "remove":
            roll.remove(one)
            there.discard(one)
        elif step == "rename":
            roll.rename(one, (*place, f"person:{one.person}"))
        check(roll, known, there)


def check(roll: Connections, known: list[Connection], there: set[Connection]) -> None:
    """Each way to find somebody finds just those who are there."""
    assert (len(roll), set(roll.outlets), {one for one in known if one in roll}) == (len(there), there, there)
    assert {*roll.people} == {one.person for one in there}
    for person in PEOPLE:
        assert {*roll.of_person(person)} == {one for one in there if one.person == person}
    for one in known:
        assert {*roll.audience(one.audience).outlets} == {
            other for other in there if other.audience == one.audience
        }
    heard = {
        (view, language, scope, audience)
        for (view, language), hearing in roll.hearing.items()
        for scope, audiences in hearing.items()
        for audience in audiences
    }
    assert heard == {
        (one.view, one.language, scope, one.audience) for one in there for scope in one.audience.scopes
    }
