"""A session moves between databases: the same log and everything beside it, under a new epoch, or nothing at all."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Table, text

from app.archive.export import export
from app.archive.move import CARRIED, CHUNK, LEFT, Immovable, move
from app.database import Database
from app.database.key_folder import KeyFolder
from app.database.tables import METADATA
from app.people.store import People, Seat
from app.projections import PROJECTIONS
from app.streams import heads
from app.streams.ballot_box import SealedSlip, fill_boxes
from app.streams.box_keys import take_along
from app.streams.deletion import UNDO_SECONDS, ask_deletion, deletion_due
from app.streams.heads import Head
from app.streams.journal import Batch, open_journal
from sessions.messages import Emptied, Event, Personal
from tests.archive.test_archive import CODE, played
from tests.streams.test_journal import check_chain
from tests.support.batches import batch_of
from tests.support.databases import KINDS, asked, new_place
from tests.support.handing import hand_over_all
from tests.support.people import new_link
from tests.support.stage import START

LATER = "2B7NQ4XW"


def quiet(done: int, total: int, word: str) -> None:
    """Nobody watches."""


@pytest.fixture(params=[(a, b) for a in KINDS for b in KINDS if a != b], ids="-to-".join)
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Database, Database]]:
    """A database and an empty one of the other kind."""
    places = [new_place(kind, tmp_path / kind, migrated=False) for kind in request.param]
    source, target = (place.open() for place in places)
    for database in (source, target):
        await database.migrate()
    yield source, target
    for database in (source, target):
        await database.close()


@pytest.fixture
async def token(pair: tuple[Database, Database]) -> str:
    """The cookie of Anna, in a session in the first database that has something in every table."""
    stage = played()
    journal, people = open_journal(pair[0]), People(pair[0])
    await journal.create(CODE, "test", "Test")
    told = (Personal("anna", {"name": "Anna Öberg", "mail": "anna@example.org"}),)
    await journal.append(CODE, 0, lambda _: batch_of(stage.log, *told))
    slips = [SealedSlip("P4", bytes(12), bytes(40))]
    await pair[0].write(lambda db: fill_boxes(db, CODE, slips))
    unsealed = {"code": CODE, "slips": '{"option":["a"]}'}
    statement = text("INSERT INTO secret_ballots (session, phase, slips) VALUES (:code, 'P5', :slips)")
    await pair[0].write(lambda db: db.execute(statement, unsealed))
    await new_link(pair[0], CODE, "facilitator")
    await pair[0].write(lambda db: ask_deletion(db, CODE, 1, START))
    await pair[0].write(lambda db: ask_deletion(db, LATER, 1, START))
    await journal.create(LATER, "test", "Another")  # which stays where it is
    return await people.issue_cookie("anna", CODE)


def _stream(table: Table) -> Column[str]:
    return table.c.stream if "stream" in table.c else table.c.session


async def rows(database: Database, name: str) -> list[dict[str, Any]]:
    """The rows of the session in a table, without what means something in one database alone."""
    found = await database.read(
        lambda db: [
            dict(row)
            for row in db.execute(
                METADATA.tables[name].select().where(_stream(METADATA.tables[name]) == CODE)
            ).mappings()
        ]
    )
    for row in found:
        row.pop("told", None)
    return sorted(found, key=str)


async def test_everything_arrives_as_it_was_under_a_new_epoch(
    pair: tuple[Database, Database], token: str, tmp_path: Path
) -> None:
    source, target = pair
    before = await source.read(lambda db: heads.head_of(db, CODE))
    head = await move(source, target, CODE, quiet, PROJECTIONS, True)
    assert isinstance(before, Head)
    assert head[:2] == before[:2]
    assert head.epoch != before.epoch
    assert await target.read(lambda db: heads.head_of(db, CODE)) == head
    for name in ("log", *CARRIED):
        assert await rows(target, name) == await rows(source, name) != [], name
    assert await check_chain(target, CODE) == head.seq
    assert await asked(target, "SELECT code FROM sessions") == [{"code": CODE}]
    files = [tmp_path / "before.zip", tmp_path / "after.zip"]
    for database, file in zip(pair, files, strict=True):
        await asyncio.to_thread(export, database, CODE, file)
    assert files[0].read_bytes() == files[1].read_bytes()


async def test_a_session_that_is_to_be_deleted_is_deleted_where_it_has_gone(
    pair: tuple[Database, Database], token: str
) -> None:
    source, target = pair
    await move(source, target, CODE, quiet, PROJECTIONS, True)
    assert await target.read(lambda db: deletion_due(db, CODE)) == START + UNDO_SECONDS
    assert await target.read(lambda db: deletion_due(db, LATER)) is None


async def test_people_go_on_where_they_were(pair: tuple[Database, Database], token: str) -> None:
    source, target = pair
    here = People(source)
    await move(source, target, CODE, quiet, PROJECTIONS, True)
    there = People(target)
    assert await there.whose(token) == Seat("anna", CODE)
    assert (await there.directory(CODE)).fields("anna")["mail"] == "anna@example.org"
    assert there.organisation_key("Volvo") == here.organisation_key("Volvo")
    await open_journal(target).append(CODE, 0, lambda tail: batch_of((), Personal("anna", {"name": "Ann"})))
    assert (await here.directory(CODE)).name("anna") == "Anna Öberg"


async def test_sealed_ballots_are_not_moved_away_from_their_key(
    pair: tuple[Database, Database], token: str
) -> None:
    source, target = pair
    with pytest.raises(Immovable, match="close it first"):
        await move(source, target, CODE, quiet, PROJECTIONS)
    await source.write(lambda db: fill_boxes(db, CODE, [Emptied("P4")]))
    assert (await move(source, target, CODE, quiet, PROJECTIONS)).seq > 0


def test_keys_that_are_taken_along_replace_none(tmp_path: Path) -> None:
    source, target = KeyFolder(tmp_path / "a"), KeyFolder(tmp_path / "b")
    source.write(f"ballots/{CODE}/one", b"1")
    source.write(f"ballots/{LATER}/other", b"2")
    take_along(source, target, CODE)
    take_along(target, target, CODE)
    assert (target.folders("ballots"), target.read(f"ballots/{CODE}/one")) == ([CODE], b"1")


async def test_there_and_back_again(pair: tuple[Database, Database], token: str, tmp_path: Path) -> None:
    source, target = pair
    home = new_place("sqlite", tmp_path / "home").open()
    await home.migrate()
    await move(source, target, CODE, quiet, PROJECTIONS, True)
    await move(target, home, CODE, quiet, PROJECTIONS, True)
    for name in ("log", *CARRIED):
        assert await rows(home, name) == await rows(source, name)
    assert People(home).organisation_key("Volvo") == People(source).organisation_key("Volvo")
    await home.close()


async def test_a_database_with_sessions_of_its_own_keeps_its_secret(
    pair: tuple[Database, Database], token: str
) -> None:
    source, target = pair
    await open_journal(target).create("AAAAAAAA", "test", "Own")
    before = target.secret
    await move(source, target, CODE, quiet, PROJECTIONS, True)
    assert target.secret == before != source.secret


async def test_a_code_that_is_taken_is_refused(pair: tuple[Database, Database], token: str) -> None:
    source, target = pair
    await open_journal(target).create(CODE, "test", "Here first")
    with pytest.raises(Immovable, match="already"):
        await move(source, target, CODE, quiet, PROJECTIONS, True)
    assert await asked(target, "SELECT title, seq FROM sessions JOIN heads ON code = stream") == [
        {"title": "Here first", "seq": 0}
    ]


async def test_an_unknown_session_is_refused(pair: tuple[Database, Database]) -> None:
    with pytest.raises(Immovable, match="no session"):
        await move(*pair, "00000000", quiet, PROJECTIONS, True)


async def test_a_log_that_does_not_hold_is_not_let_in(pair: tuple[Database, Database], token: str) -> None:
    source, target = pair
    await source.write(lambda db: db.execute(text("UPDATE log SET actor = 'somebody' WHERE seq = 2")))
    with pytest.raises(Immovable, match="does not hold"):
        await move(source, target, CODE, quiet, PROJECTIONS, True)
    assert await asked(target, "SELECT code FROM sessions") == []


async def test_a_log_that_the_rules_cannot_fold_is_not_let_in(
    pair: tuple[Database, Database], token: str
) -> None:
    foreign = Event("made_tea", "P1", {}, 1)
    journal = open_journal(pair[0])
    seq = (await journal.heads([CODE]))[CODE]
    await journal.append(CODE, seq, lambda tail: Batch([foreign._replace(seq=seq + 1, command="tea")]))
    with pytest.raises(Immovable, match="by the rules"):
        await move(*pair, CODE, quiet, PROJECTIONS, True)


async def test_erased_words_stay_erased(pair: tuple[Database, Database], token: str) -> None:
    source, target = pair
    card = next(row for row in await rows(source, "log") if row["kind"] == "card_added")
    await open_journal(source).erase(CODE, [card["seq"]], "withdrawn", "kim", START)
    await move(source, target, CODE, quiet, PROJECTIONS, True)
    (moved,) = await asked(
        target, "SELECT salt, words, words_digest FROM log WHERE seq = :seq", seq=card["seq"]
    )
    assert moved == {**moved, "salt": card["salt"], "words": None, "words_digest": card["words_digest"]}
    assert card["words"] is not None


async def test_a_long_log_arrives_chunk_by_chunk_and_tells_how_far_it_is(
    pair: tuple[Database, Database], token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.archive.move.CHUNK", 7)
    told: list[tuple[int, int, str]] = []
    head = await move(*pair, CODE, lambda *step: told.append(step), PROJECTIONS, True)
    assert await check_chain(pair[1], CODE) == head.seq > 7
    assert [word for _, _, word in told if word == "writing"] == ["writing"] * -(-head.seq // 7)
    assert told == sorted(told)
    assert told[-1] == (3 * head.seq, 3 * head.seq, "writing")
    assert CHUNK > 7


async def test_a_record_with_a_line_as_long_as_its_export_announces_is_moved_too(
    pair: tuple[Database, Database], token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hand_over_all(pair[0], CODE)
    records = await asked(
        pair[0], "SELECT stream, length(words) AS long FROM log WHERE kind = 'record_begun'"
    )
    limit = 100
    assert max(row["long"] for row in records) > limit
    monkeypatch.setattr("app.archive.limits.LINE", limit)
    await move(*pair, CODE, quiet, PROJECTIONS, True)
    for row in records:
        assert await pair[1].read(lambda db, stream=row["stream"]: heads.head_of(db, stream)) is not None  # type: ignore[misc]  # a default


def test_every_table_with_rows_of_sessions_is_carried_or_left_on_purpose() -> None:
    """Also those that call a session by its stream."""
    with_sessions = {
        name for name, table in METADATA.tables.items() if {"session", "stream"} & {*table.c.keys()}
    }
    assert {"people", "tasks"} <= with_sessions
    assert with_sessions <= {*CARRIED, *LEFT}
    assert set(CARRIED) <= with_sessions
