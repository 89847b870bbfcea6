"""People, cookies, staff links, codes and names."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.database import Database
from app.people import store
from app.people.codes import ALPHABET
from app.people.keys import hashed
from app.people.rows import put_personal
from app.people.store import Directory, Link, People, Revoked, Seat, new_code, normalise_code
from app.streams.journal import open_journal
from sessions.messages import Personal
from tests.support.databases import SQLITE_ONLY, Place, asked, new_place
from tests.support.patience import SOON, until
from tests.support.people import erase, new_link

CODE = "7K3MQX9T"


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = place.open()
    await database.migrate()
    await open_journal(database).create(CODE, "race48", "Race")
    yield database
    await database.close()


@pytest.fixture
def people(database: Database) -> People:
    return People(database)


def everything(folder: Path) -> bytes:
    """Every byte of every file in the data folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


# ---- codes


def test_codes_are_eight_characters_that_nobody_takes_for_others() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 8 and set(code) <= set(ALPHABET) for code in codes)
    assert set("".join(codes)) == set(ALPHABET)


def test_every_code_means_itself() -> None:
    assert all(normalise_code(code) == code for code in (new_code() for _ in range(100)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7k3mqx9t", "7K3MQX9T"),
        (" 7K3M-QX9T ", "7K3MQX9T"),
        ("7k3m qx9t\n", "7K3MQX9T"),
        ("o1ILl0Oi", "01111001"),
        ("7K3MQX9", None),
        ("7K3MQX9TT", None),
        ("7K3MQX9U", None),
        ("7K3MQX9Ä", None),
        ("", None),
    ],
)
def test_a_typed_code_is_understood_or_refused(typed: str, meant: str | None) -> None:
    assert normalise_code(typed) == meant


# ---- cookies


@SQLITE_ONLY
async def test_a_cookie_speaks_for_its_person_and_the_database_does_not_know_it(
    people: People, place: Place
) -> None:
    person = await people.create_person(CODE, "Anna", "Volvo", "sv")
    token = await people.issue_cookie(person, CODE)
    assert len(token) >= 43
    assert await people.whose(token) == Seat(person, CODE)
    assert await people.whose(token + "x") is None
    assert await people.whose("") is None
    assert token.encode() not in everything(place.data)
    assert person.encode() in everything(place.data)


async def test_a_known_cookie_is_answered_from_memory(people: People, database: Database) -> None:
    token = await people.issue_cookie("p1", CODE)
    await people.whose(token)
    await database.write(lambda db: db.exec_driver_sql("DELETE FROM cookies").rowcount)
    assert await people.whose(token) == Seat("p1", CODE)
    assert await People(database).whose(token) is None


async def test_memory_of_cookies_is_bounded(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "CACHED_COOKIES", 3)
    tokens = [await people.issue_cookie(f"p{n}", CODE) for n in range(5)]
    for _ in range(2):
        assert [seat and seat.person for seat in [await people.whose(token) for token in tokens]] == [
            f"p{n}" for n in range(5)
        ]
    assert len(people._seats) == 3


async def test_a_revoked_cookie_speaks_for_nobody(people: People) -> None:
    one, other = [await people.issue_cookie("p1", CODE) for _ in range(2)]
    assert await people.whose(one) == await people.whose(other) == Seat("p1", CODE)
    await people.revoke_cookie(one)
    assert await people.whose(one) is None
    assert await people.whose(other) == Seat("p1", CODE)


async def test_erasing_a_person_locks_out_every_browser_of_theirs_and_nobody_elses(
    people: People, database: Database
) -> None:
    own = [await people.issue_cookie("p1", CODE) for _ in range(3)]
    others = await people.issue_cookie("p2", CODE)
    assert [await people.whose(token) for token in own] == [Seat("p1", CODE)] * 3
    await erase(database, people, CODE, "p1")
    assert [await people.whose(token) for token in own] == [None] * 3
    assert await people.whose(others) == Seat("p2", CODE)


async def test_asking_while_a_cookie_is_revoked_does_not_bring_it_back(people: People) -> None:
    for _ in range(20):
        token = await people.issue_cookie("p1", CODE)
        await asyncio.gather(*(people.whose(token) for _ in range(5)), people.revoke_cookie(token))
        assert await people.whose(token) is None


async def test_rotating_gives_a_new_token_until_one_is_brought(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "GRACE_SECONDS", 0.0)
    old = await people.issue_cookie("p1", CODE)
    assert await people.whose(old) == Seat("p1", CODE)
    lost = await people.rotate_cookie(old)
    fresh = await people.rotate_cookie(old)
    assert fresh is not None
    assert lost not in (None, fresh)
    assert await people.whose(old) is not None, "nobody has brought another yet"
    seat = await people.whose(fresh)
    assert seat is not None
    assert seat[:2] == ("p1", CODE)
    assert await people.whose(old) is None
    assert await people.rotate_cookie(old) is None


async def over(people: People, token: str) -> None:
    """Wait until a token speaks for nobody; much sooner than the longest that any is left to live."""
    async with asyncio.timeout(SOON):
        while await people.whose(token) is not None:
            await asyncio.sleep(0.01)


async def test_a_rotated_token_lives_on_until_the_new_one_is_brought_and_for_a_while_and_then_no_longer(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "GRACE_SECONDS", 0.2)
    told: list[Revoked] = []
    people.on_revoked.append(told.append)
    old = await people.issue_cookie("p1", CODE, "participant")
    assert await people.whose(old) == Seat("p1", CODE, "participant")
    fresh = await people.rotate_cookie(old, "facilitator")
    assert fresh is not None
    await asyncio.sleep(0.3)  # nothing tells of what does not happen
    late = await people.whose(old)
    assert (late and late[:4], late and late.late, told) == (("p1", CODE, "participant", None), True, [])
    grown = await people.whose(fresh)
    assert grown is not None
    assert grown[:3] == ("p1", CODE, "facilitator")
    dying = await people.whose(old)
    assert (dying and dying[:3], told) == (("p1", CODE, "participant"), [])
    assert await people.rotate_cookie(old) is None, "the new one has been brought"
    await over(people, old)
    await until(lambda: told)
    assert (await people.whose(old), told) == (None, [Revoked("p1", CODE, hashed(old))])
    assert await people.whose(fresh) is not None


async def test_a_token_whose_second_successor_is_brought_stops_no_later(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await people.issue_cookie("p1", CODE)
    fresh = [await people.rotate_cookie(old) for _ in range(2)]
    for grace, token in zip((0.2, 60.0), fresh, strict=True):
        monkeypatch.setattr(store, "GRACE_SECONDS", grace)
        assert await people.whose(token or "") is not None
    assert await people.whose(old) is not None
    await over(people, old)
    assert [await people.whose(token or "") is not None for token in [old, *fresh]] == [False, True, True]


async def test_who_listens_hears_of_everything_that_is_revoked(people: People, database: Database) -> None:
    told: list[Revoked] = []
    others: list[Revoked] = []
    people.on_revoked.append(told.append)
    people.tell_others = others.append
    token = await people.issue_cookie("p1", CODE)
    await people.revoke_cookie("unknown")
    await people.revoke_cookie(token)
    await erase(database, people, CODE, "p2")
    assert told == others == [Revoked("p1", CODE, hashed(token)), Revoked("p2", CODE)]


async def test_what_another_process_has_revoked_is_believed_no_longer(people: People, place: Place) -> None:
    token = await people.issue_cookie("p1", CODE)
    assert await people.whose(token) is not None
    elsewhere = place.open()
    await People(elsewhere).revoke_cookie(token)
    await elsewhere.close()
    others: list[Revoked] = []
    people.tell_others = others.append
    people.hear(Revoked("p1", CODE, hashed(token)))
    assert (await people.whose(token), others) == (None, [])


# ---- staff links


async def test_a_link_opens_once(people: People, database: Database) -> None:
    token = await new_link(database, CODE, "facilitator")
    assert await people.peek_link(token) == Link("facilitator", CODE)
    assert await people.peek_link(token) == Link("facilitator", CODE)
    assert await people.redeem_link(token) == Link("facilitator", CODE)
    assert await people.peek_link(token) is None
    assert await people.redeem_link(token) is None
    assert await people.redeem_link("unknown") is None


async def test_of_many_who_open_a_link_at_once_one_gets_in(
    people: People, database: Database, place: Place
) -> None:
    token = await new_link(database, CODE, "jury_chair")
    elsewhere = place.open()
    doors = [people, People(elsewhere)]
    opened = await asyncio.gather(*(doors[n % 2].redeem_link(token) for n in range(40)))
    assert sorted(map(bool, opened)) == [False] * 39 + [True]
    await elsewhere.close()


# ---- names


async def test_a_directory_knows_everybody_who_came(people: People) -> None:
    anna = await people.create_person(CODE, "Anna", "Volvo", "sv", mail="anna@example.org")
    directory = await people.directory(CODE)
    assert directory.fields(anna) == {
        "name": "Anna",
        "organisation": "Volvo",
        "language": "sv",
        "mail": "anna@example.org",
    }
    assert (directory.shown_name(anna), directory.organisation(anna)) == ("Anna", "Volvo")
    assert (directory.shown_name("nobody"), "nobody" in directory) == ("", False)
    assert (await people.directory("00000000")).fields(anna) == {}


def test_people_of_one_name_are_shown_with_their_organisations() -> None:
    directory = Directory()
    directory.add("p1", "Anna", "Volvo")
    assert directory.shown_name("p1") == "Anna"
    directory.add("p2", "anna", "Scania")
    directory.add("p3", "Anna")
    directory.add("p4", "Anna", "Volvo")
    directory.add("p5", "Anna")
    shown = [directory.shown_name(f"p{n}") for n in range(1, 6)]
    assert shown == ["Anna (Volvo)", "anna (Scania)", "Anna", "Anna (Volvo) 2", "Anna 2"]


def test_an_update_tells_whose_shown_name_it_may_have_changed() -> None:
    directory = Directory()
    assert directory.update(Personal("p1", {"name": "Anna"})) == {"p1"}
    assert directory.update(Personal("p2", {"alias": "Bo"})) == {"p2"}
    assert directory.update(Personal("p2", {"name": "Anna", "organisation": "Volvo"})) == {"p1", "p2"}
    assert directory.update(Personal("p2", {"mail": "a@example.org"})) == {"p1", "p2"}
    assert directory.update(Personal("p2", {"name": "Cilla"})) == {"p1", "p2"}
    assert (directory.shown_name("p1"), directory.shown_name("p2")) == ("Anna", "Cilla")


def test_an_erased_person_has_no_name_and_is_nobodys_namesake() -> None:
    directory = Directory()
    directory.add("p1", "Anna", "Volvo")
    directory.add("p2", "Anna", "Scania")
    assert directory.shown_name("p2") == "Anna (Scania)"
    directory.erase("p1")
    assert (directory.shown_name("p1"), directory.shown_name("p2")) == ("", "Anna")
    assert directory.fields("p1") == {"name": ""}


@SQLITE_ONLY
async def test_an_erased_person_is_nowhere_on_disk(people: People, database: Database, place: Place) -> None:
    person = await people.create_person(CODE, "Ängla Ö", "Hemliga AB", "sv", mail="angla@example.org")
    token = await people.issue_cookie(person, CODE)
    words = ["Ängla Ö".encode(), b"Hemliga AB", b"angla@example.org"]
    assert all(word in everything(place.data) for word in words)
    assert await people.whose(token) == Seat(person, CODE)
    await erase(database, people, CODE, person)
    assert not any(word in everything(place.data) for word in words)
    assert await people.whose(token) is None


async def test_of_an_erased_person_the_rows_keep_the_pseudonymous_id_and_nothing_else(
    people: People, database: Database
) -> None:
    person = await people.create_person(CODE, "Ängla Ö", "Hemliga AB", "sv", mail="angla@example.org")
    token = await people.issue_cookie(person, CODE)
    assert await people.whose(token) == Seat(person, CODE)
    await erase(database, people, CODE, person)
    assert await people.whose(token) is None
    assert await asked(database, "SELECT * FROM cookies") == []
    (row,) = await asked(database, "SELECT * FROM people")
    assert not any(word in str(row) for word in ("Ängla", "Hemliga", "angla"))
    directory = await people.directory(CODE)
    assert directory.fields(person) == {"name": "", "organisation": "", "language": ""}


async def test_what_the_link_of_an_erased_person_was_for_is_erased_too(
    people: People, database: Database, place: Place
) -> None:
    labels = {"anna": "For Anna of Volvo", "bo": "For Bo"}
    for person, label in labels.items():
        token = await people.make_link(Link("juror", CODE), label)
        await people.redeem_link(token, person)
    assert [link.label for link in await people.links(CODE)] == ["For Bo", "For Anna of Volvo"]
    await erase(database, people, CODE, "anna")
    assert [link.label for link in await people.links(CODE)] == ["For Bo", ""]
    if not place.url:
        assert b"Anna of Volvo" not in everything(place.data)


async def test_who_was_erased_stays_erased(people: People, database: Database) -> None:
    person = await people.create_person(CODE, "Anna")
    await erase(database, people, CODE, person)
    late = Personal(person, {"name": "Anna", "mail": "anna@example.org"})
    await database.write(lambda db: put_personal(db, CODE, [late]))
    assert (await people.directory(CODE)).fields(person) == {"name": "", "organisation": "", "language": ""}


async def test_the_same_person_id_in_two_sessions_is_two_people(people: People, database: Database) -> None:
    await open_journal(database).create("AAAAAAAA", "race48", "Race")
    await database.write(lambda db: put_personal(db, CODE, [Personal("kim", {"name": "Kim"})]))
    await database.write(lambda db: put_personal(db, "AAAAAAAA", [Personal("kim", {"name": "Robin"})]))
    await erase(database, people, CODE, "kim")
    assert (await people.directory("AAAAAAAA")).name("kim") == "Robin"


# ---- organisations


def test_an_organisation_has_one_key_that_does_not_tell_its_name(people: People, database: Database) -> None:
    key = people.organisation_key("Volvo  Cars")
    assert key == people.organisation_key(" volvo cars ")
    assert key == People(database).organisation_key("Volvo Cars")
    assert key != people.organisation_key("Scania")
    assert people.organisation_key("  ") == ""
    assert "volvo" not in key


async def test_another_installation_has_other_keys(people: People, place: Place, tmp_path: Path) -> None:
    elsewhere = new_place("postgres" if place.url else "sqlite", tmp_path / "other", migrated=False)
    other = elsewhere.open()
    await other.migrate()
    assert People(other).organisation_key("Volvo") != people.organisation_key("Volvo")
    await other.close()


@SQLITE_ONLY
def test_the_secret_of_the_keys_is_a_file_for_its_owner_alone(people: People, place: Place) -> None:
    people.organisation_key("Volvo")
    assert (place.data / "organisations.key").stat().st_mode & 0o077 == 0


async def test_the_rows_hold_no_token(people: People, database: Database) -> None:
    tokens = [await people.issue_cookie("p1", CODE), await new_link(database, CODE, "screen")]
    told = await asked(database, "SELECT token FROM cookies UNION ALL SELECT token FROM links")
    assert len(told) == 2
    assert not any(token in str(told) for token in tokens)
