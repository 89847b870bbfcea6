"""Backups: taken while a server runs, and restored without bringing back what was erased since."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.archive.public_keys import ACTIVE, RETIRED, REVOKED
from app.archive.signing_keys import SigningKeys
from app.cli.backup import backup, restore
from app.cli.trouble import Trouble
from app.database import open_database
from app.database.key_folder import KeyFolder
from app.people.store import Link, People
from app.settings import Settings
from app.streams.heads import Head
from app.streams.journal import open_journal
from app.streams.ledger import Erased, Ledger, erasures
from sessions.messages import Command, Event
from tests.support.house import House, house
from tests.support.stage import phase, words

NAME, CARD = "Marker-Aino-7f31", "marker card 55c0"
FORM = {
    "key": "backup",
    "title": words("Backup"),
    "phase": [phase("collect", "N", rules={"fields": ["text"], "main": "text", "columns": ["need"]})],
}


@asynccontextmanager
async def erased_since(data: Path, copy: Path, keys: bool = False) -> AsyncIterator[House]:
    """A session in which a backup was taken, and then a person and the words of a card were erased."""
    async with house(data, FORM) as home:
        kim, desk = await home.staff(), await home.desk()
        assert "ack" in await kim.say("open_phase", "N")
        aino = await home.guest(NAME)
        assert "ack" in await aino.say("add_card", "N", text=CARD, column="need")
        await asyncio.to_thread(backup, data, copy, keys)
        (card,) = [e.seq for e in await desk.journal.read(home.code) if e.kind == "card_added"]
        await desk.journal.erase(home.code, [card], "withdrawn", desk.session.driver, desk.now())
        await desk.catch_up()
        (person,) = [m.id for m in desk.session.people.values() if m.role == "participant"]
        erase = Command("erase_person", "e", "", {"sure": "yes"})
        assert isinstance(await desk.submit(erase, person), int)
        yield home


def lose(data: Path) -> None:
    """The machine is gone, all but its folder of keys."""
    shutil.rmtree(data)


def lies_in(folder: Path) -> set[str]:
    found = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {text for text in (NAME, CARD) if text.encode() in found}


async def after(data: Path, code: str) -> tuple[Head | None, list[Event], str]:
    """The head, the log, and the name of whoever wrote the card."""
    database = open_database(data)
    journal = open_journal(database)
    events = await journal.read(code)
    (writer,) = {event.actor for event in events if event.kind == "card_added"}
    name = (await People(database).directory(code)).name(writer)
    head = await journal.head(code)
    await database.close()
    return head, events, name


async def test_an_older_backup_brings_back_neither_people_nor_words_that_were_erased_since(
    tmp_path: Path,
) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with erased_since(data, copy) as home:
        code, epoch = home.code, (await home.desk()).hall.epoch
    assert lies_in(copy) == {NAME, CARD}
    assert lies_in(data) == set()
    lose(data)
    await asyncio.to_thread(restore, copy, data)
    assert lies_in(data) == set()
    head, events, name = await after(data, code)
    assert head is not None
    assert (name, head.epoch != epoch) == ("", True)
    assert [event.body.get("text") for event in events if event.kind == "card_added"] == [None]
    assert [event.kind for event in events[-2:]] == ["erased", "person_erased"]
    async with house(data, FORM) as again:
        again.code = code
        person = next(m for m in (await again.desk()).session.people.values() if m.role == "participant")
        assert person.erased


async def test_an_older_backup_does_not_bring_back_what_the_link_of_somebody_erased_was_for(
    tmp_path: Path,
) -> None:
    data, copy, label = tmp_path / "data", tmp_path / "copy", f"For {NAME}"
    async with house(data, FORM) as home:
        desk, people, code = await home.desk(), home.inside.people, home.code
        person = await people.create_person(code, NAME)
        await people.redeem_link(await people.make_link(Link("juror", code), label), person)
        await asyncio.to_thread(backup, data, copy)
        await people.turn_away(code, [person], desk.journal.erasing([person]))
        assert label not in {link.label for link in await people.links(code)}
    assert lies_in(copy) == {NAME}
    lose(data)
    await asyncio.to_thread(restore, copy, data)
    assert lies_in(data) == set()


async def test_without_the_ledger_a_restore_asks_first(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with erased_since(data, copy) as home:
        code = home.code
    lose(data)
    shutil.rmtree(Settings(data=data).key_folder)
    with pytest.raises(Trouble, match="no ledger of the erased"):
        await asyncio.to_thread(restore, copy, data)
    assert not (data / "race.sqlite").exists()
    await asyncio.to_thread(restore, copy, data, False, True)
    assert (await after(data, code))[2] == NAME
    async with house(data, FORM) as again:
        assert (await again.desk()).hall.boxes.alerts == []


async def test_a_backup_with_keys_takes_ledger_and_signing_keys_and_never_a_key_of_ballots(
    tmp_path: Path,
) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    keys = KeyFolder(Settings(data=data).key_folder)
    async with house(data, FORM):
        keys.write("signing/aa.pem", b"signing")
        keys.write("ballots/7K3MQX9T/bb", b"b" * 32)
        Ledger(keys).note_people("7K3MQX9T", ["p1"])
        await asyncio.to_thread(backup, data, copy, True)
    taken = KeyFolder(copy / "keys")
    assert taken.read("signing/aa.pem") == b"signing"
    assert [e.person for e in erasures(Ledger(taken).lines())] == ["p1"]
    assert (keys.folders("ballots"), taken.folders("ballots")) == (["7K3MQX9T"], [])
    assert not any(b"b" * 32 in path.read_bytes() for path in copy.rglob("*") if path.is_file())
    with pytest.raises(Trouble, match="there already"):
        await asyncio.to_thread(backup, data, copy, True)


async def test_a_restore_keeps_every_key_that_has_ever_signed_and_revives_none(tmp_path: Path) -> None:
    """The folder of keys was lost after the backup and begun anew: exports of before are still known here."""
    data, copy = tmp_path / "data", tmp_path / "copy"
    folder = KeyFolder(Settings(data=data).key_folder)
    async with erased_since(data, copy, keys=False):
        keys = SigningKeys(folder)
        first = keys.ready()
        second = keys.renew()
        await asyncio.to_thread(backup, data, tmp_path / "with-keys", True)
        keys.give_up(first.fingerprint, REVOKED, "stolen")
    lose(data)
    folder.destroy("signing/keys.json")
    folder.destroy(f"signing/{second.fingerprint.replace('-', '')}.pem")
    third = keys.ready()
    assert [key.key for key in keys.register] == [third.key]
    await asyncio.to_thread(restore, tmp_path / "with-keys", data)
    assert [(key.key, key.state) for key in keys.register] == [
        (first.key, RETIRED),
        (second.key, RETIRED),
        (third.key, ACTIVE),
    ]
    keys.give_up(second.fingerprint, REVOKED, "stolen")
    lose(data)
    await asyncio.to_thread(restore, tmp_path / "with-keys", data)
    assert [key.state for key in keys.register] == [RETIRED, REVOKED, ACTIVE]
    pems = [name for name in folder.names("signing") if name.endswith(".pem")]
    assert pems == [f"signing/{third.fingerprint.replace('-', '')}.pem"]


def test_what_either_register_has_revoked_is_revoked(tmp_path: Path) -> None:
    keys = SigningKeys(KeyFolder(tmp_path / "a"))
    key = keys.ready()
    others = [replace(key, state=REVOKED, reason="stolen")]
    keys.take_in(others)
    assert [each.state for each in keys.register] == [REVOKED]
    assert [name for name in KeyFolder(tmp_path / "a").names("signing") if name.endswith(".pem")] == []


async def test_a_restore_says_which_open_votes_must_be_held_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those whose keys are not there: a folder of keys that was kept has them still."""
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with erased_since(data, copy):
        pass
    lose(data)
    await asyncio.to_thread(restore, copy, data)
    out = " ".join(capsys.readouterr().out.split())
    assert f"whose keys are not in {Settings(data=data).key_folder} must be held again" in out
    assert "have lost their keys" not in out


async def test_a_restore_never_replaces_a_database(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with erased_since(data, copy):
        pass
    before = (data / "race.sqlite").read_bytes()
    with pytest.raises(Trouble, match="left as it is"):
        await asyncio.to_thread(restore, copy, data)
    assert ((data / "race.sqlite").read_bytes() == before, (data / ".restoring").exists()) == (True, False)


async def test_a_backup_that_was_brought_back_by_other_means_is_set_right_by_a_replay(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with erased_since(data, copy) as home:
        code = home.code
    lose(data)
    shutil.copytree(copy, data)
    assert (await after(data, code))[2] == NAME
    await asyncio.to_thread(restore, None, data, True)
    assert (await after(data, code))[2] == ""
    await asyncio.to_thread(restore, None, data, True)
    assert [event.kind for event in (await after(data, code))[1]].count("person_erased") == 1


async def test_an_erasure_stands_in_the_ledger_even_if_the_database_then_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    async with erased_since(data, copy) as home:
        desk = await home.desk()
        await home.guest("Bo", live=False)
        (bo,) = [m.id for m in desk.session.people.values() if m.role == "participant" and not m.removed]
        ledger = Ledger(KeyFolder(Settings(data=data).key_folder))
        with closing(sqlite3.connect(data / "race.sqlite", isolation_level=None)) as other:
            other.execute("PRAGMA journal_mode")
            noted = {e.person for e in erasures(ledger.lines())}
            monkeypatch.setattr("app.people.rows.empty_person", broken)
            told = await desk.submit(Command("erase_person", "e", "", {"sure": "yes"}), bo)
        assert not isinstance(told, int)
        assert bo not in noted
        assert bo in {e.person for e in erasures(ledger.lines())}


def broken(*_: object) -> None:
    raise sqlite3.OperationalError("the disk is full")


def test_a_line_that_was_cut_off_is_no_line(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    ledger = Ledger(folder)
    ledger.note_people("7K3MQX9T", ["p1"])
    folder.append("erased.jsonl", b'{"v": 1, "str')
    assert [(e.stream, e.person) for e in erasures(ledger.lines())] == [("7K3MQX9T", "p1")]
    with pytest.raises(ValueError, match="cannot read"):
        erasures([Erased("s", "p").line().replace(b'"v": 1', b'"v": 2')])


def test_what_is_noted_after_a_line_that_was_cut_off_is_a_line_of_its_own(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    ledger = Ledger(folder)
    notes: list[Callable[[], None]] = [
        lambda: ledger.note_people("7K3MQX9T", ["p1"]),
        lambda: ledger.note_session("7K3MQX9T"),
        lambda: ledger.take_in([Erased("7K3MQX9T", "p2").line()]),
    ]
    for note in notes:
        folder.append("erased.jsonl", b'{"v": 1, "str')
        note()
    assert [(e.person, e.whole) for e in erasures(ledger.lines())] == [
        ("p1", False),
        ("", True),
        ("p2", False),
    ]
