"""Who is found among those who are connected: by person, by audience, and by what an audience hears."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.audience.connection import Audience, Connection, Cursor
from app.audience.connections import Connections
from tests.audience.test_fanout import Wire

EVERYBODY, STAFF = ("all",), ("all", "role:staff")


def connection(
    person: str, view: str = "phone", language: str = "en", shared: tuple[str, ...] = EVERYBODY
) -> Connection:
    return Connection(view, person, language, (*shared, f"person:{person}"), transport=Wire())


def audience(view: str = "phone", language: str = "en", shared: tuple[str, ...] = EVERYBODY) -> Audience:
    return Audience(view, language, shared)


def all_of(*connections: Connection) -> Connections:
    known = Connections()
    for one in connections:
        known.add(one)
    return known


def test_where_nobody_is_connected_nobody_is_found() -> None:
    known = Connections()
    assert (len(known), [*known.people], known.all, known.hearing) == (0, [], [], {})
    assert ([*known.of_person("aino")], known.audience(audience()).connections) == ([], [])


def test_somebodys_sockets_are_found_oldest_first() -> None:
    first, other, second = connection("aino"), connection("ben"), connection("aino", "team")
    known = all_of(first, other, second)
    assert [*known.of_person("aino")] == [first, second]
    assert [*known.people] == ["aino", "ben"]


def test_what_is_a_persons_own_makes_no_audience_of_its_own() -> None:
    aino, ben, console = connection("aino"), connection("ben"), connection("kim", "console", shared=STAFF)
    known = all_of(aino, ben, console)
    assert known.audience(audience()).connections == [aino, ben]
    assert known.hearing == {
        ("phone", "en"): {"all": {audience(): None}},
        ("console", "en"): {
            "all": {audience("console", shared=STAFF): None},
            "role:staff": {audience("console", shared=STAFF): None},
        },
    }


def test_a_language_is_an_audience_of_its_own() -> None:
    english, finnish = connection("aino"), connection("ben", language="fi")
    known = all_of(english, finnish)
    assert known.audience(audience(language="fi")).connections == [finnish]
    assert (known.of_view("phone", "en"), known.of_view("phone", "fi")) == ([english], [finnish])


def test_several_audiences_of_a_view_hear_of_what_they_share() -> None:
    staff, guest = connection("kim", shared=STAFF), connection("aino")
    known = all_of(staff, guest)
    hearing = known.hearing["phone", "en"]
    assert [*hearing["all"]] == [audience(shared=STAFF), audience()]
    assert [*hearing["role:staff"]] == [audience(shared=STAFF)]
    assert known.of_view("phone", "en") == [staff, guest]


def test_whoever_leaves_leaves_nothing_behind() -> None:
    aino, ben = connection("aino"), connection("ben", shared=STAFF)
    known = all_of(aino, ben)
    known.remove(ben)
    assert (ben in known, aino in known, known.all, [*known.people]) == (False, True, [aino], ["aino"])
    assert known.hearing == all_of(aino).hearing
    known.remove(ben)
    known.remove(aino)
    assert (len(known), known.hearing, [*known.people]) == (0, {}, [])


def test_two_that_look_the_same_are_two() -> None:
    first, second = connection("aino"), connection("aino")
    known = all_of(first, second, first)
    assert len(known) == 2
    known.remove(first)
    assert known.all == [second]


def test_a_new_place_is_another_audience() -> None:
    aino = connection("aino")
    known = all_of(aino, connection("ben"))
    known.rename(aino, (*STAFF, "person:aino"))
    assert known.audience(audience(shared=STAFF)).connections == [aino]
    assert aino not in known.audience(audience()).connections
    assert "role:staff" in known.hearing["phone", "en"]


def test_a_page_that_is_not_connected_is_renamed_without_being_connected() -> None:
    page, gone = Cursor("phone", "aino", "en", EVERYBODY), connection("ben")
    known = Connections()
    for reader in (page, gone):
        known.rename(reader, STAFF)
        assert reader.scopes == STAFF
    assert len(known) == 0


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
    pool = [connection(PEOPLE[n % 3], ("phone", "team")[n % 2], ("en", "fi")[n // 3]) for n in range(6)]
    known, there = Connections(), set[Connection]()
    for step, number, place in steps:
        chosen = pool[number]
        if step == "add" and chosen not in there:
            known.add(chosen)
            there.add(chosen)
        elif step == "remove":
            known.remove(chosen)
            there.discard(chosen)
        elif step == "rename":
            known.rename(chosen, (*place, f"person:{chosen.person}"))
        check(known, pool, there)


def check(known: Connections, pool: list[Connection], there: set[Connection]) -> None:
    """Each way to find somebody finds just those who are there."""
    assert (len(known), set(known.all), {c for c in pool if c in known}) == (len(there), there, there)
    assert {*known.people} == {c.person for c in there}
    for person in PEOPLE:
        assert {*known.of_person(person)} == {c for c in there if c.person == person}
    for chosen in pool:
        assert {*known.audience(chosen.audience).connections} == {
            c for c in there if c.audience == chosen.audience
        }
    heard = {
        (view, language, scope, audience)
        for (view, language), hearing in known.hearing.items()
        for scope, audiences in hearing.items()
        for audience in audiences
    }
    assert heard == {(c.view, c.language, scope, c.audience) for c in there for scope in c.audience.scopes}
