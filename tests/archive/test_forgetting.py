"""What was withdrawn is gone: from the log, from what was made of it, and from records that had heard it already."""

from __future__ import annotations

import asyncio
import time
import zipfile
import zlib
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from app.archive.export import export
from app.archive.facts import stream_of
from app.archive.forgetting import QUESTION, SUBJECTS, asked_in, withdrawn_in, worded
from app.archive.handover import HANDOVER, HandingOver, stamped
from app.archive.house import ArchiveHouse
from app.archive.verify import verify
from app.database import open_database
from app.database.key_folder import KeyFolder
from app.projections import PROJECTIONS
from app.streams.journal import open_journal
from app.streams.log import Batch
from app.streams.snapshots import Snapshots
from app.streams.tasks import Task
from sessions.activities import activity_class, kinds
from sessions.entry import Entry
from sessions.messages import Command, Event
from sessions.record import Record, changed, is_structure
from sessions.record_commands import Sender
from sessions.session_shapes import SHAPES
from sessions.shapes import fields_of, words_in
from tests.archive.test_archive import form
from tests.support.batches import batch_of
from tests.support.databases import Place
from tests.support.house import Guest, House, house
from tests.support.stage import Stage, phase

NEED, IDEA, OTHER = "NEEDMARK waiting rooms are loud", "IDEAMARK quiet corners", "OTHERMARK headphones"
SOON = 20.0


@dataclass
class Race:
    """Anna had a need, Bo and Cilla an idea for it; both were kept, and their records have heard all of it."""

    home: House
    anna: Guest
    bo: Guest
    cilla: Guest
    kim: Guest

    @property
    def inside(self) -> ArchiveHouse:
        assert isinstance(self.home.inside, ArchiveHouse)
        return self.home.inside

    async def entries(self) -> list[Entry]:
        return list((await self.home.desk()).session.entries.values())

    async def record(self, number: int) -> Record:
        stream = stream_of(self.home.code, (await self.entries())[number])
        return await self.inside.records.read(stream)

    async def hand_over(self) -> None:
        session, records = (await self.home.desk()).session, self.inside.records
        handing = HandingOver(records.journal, self.inside.desks.get, records.now, PROJECTIONS)
        for entry in list(session.entries):
            name = f"{HANDOVER}/{session.code}/{entry}"
            await handing(Task(name, HANDOVER, session.code, session.seq, 0.0, {"entry": entry}))

    async def tables(self) -> str:
        """Everything that stands in the tables of logs, records and snapshots, these unpacked."""

        def read(db: Connection) -> str:
            rows = [db.execute(text(f"SELECT * FROM {name}")).all() for name in ("log", "records")]
            return str((rows, _snapshots(db)))

        return await self.inside.forgetting.database.read(read)

    async def gone(self, *marks: str) -> str:
        """The tables, as soon as none of these marks stands in them any more."""
        until = time.monotonic() + SOON
        found = await self.tables()
        while any(mark in found for mark in marks):
            assert time.monotonic() < until, "they are still there"
            await asyncio.sleep(0.05)
            found = await self.tables()
        return found

    async def take_snapshot(self) -> None:
        inside, session = self.inside, (await self.home.desk()).session
        folder = KeyFolder(inside.settings.key_folder)
        await Snapshots(inside.database, inside.people.organisation_key, folder).save(self.home.code, session)


def _snapshots(db: Connection) -> list[bytes]:
    return [zlib.decompress(body) for body in db.execute(text("SELECT body FROM snapshots")).scalars()]


async def ok(guest: Guest, command: str, phase: str, **fields: str | list[str]) -> None:
    answer = await guest.post(command, phase, **fields)
    assert answer.status_code == 303, answer.text


@pytest.fixture
async def race(tmp_path: Path) -> AsyncIterator[Race]:
    async with house(tmp_path, form()) as home:
        people = anna, bo, cilla = [await home.guest(name, live=False) for name in ("Anna", "Bo", "Cilla")]
        race = Race(home, anna, bo, cilla, await home.staff(live=False))
        await ok(race.kim, "open_phase", "P2")
        await ok(race.anna, "add_card", "P2", text=NEED, column="need")
        await ok(race.kim, "open_phase", "P3")
        await ok(race.bo, "add_card", "P3", text=IDEA, column="idea", link="P2c1")
        await ok(race.cilla, "add_card", "P3", text=OTHER, column="idea", link="P2c1")
        await ok(race.kim, "open_phase", "P4")
        for guest in people:
            await ok(guest, "cast_ballot", "P4", option=["P3c1", "P3c2"])
        await ok(race.kim, "close_phase", "P4")
        await ok(race.kim, "reveal_result", "P4")
        await race.hand_over()
        await race.take_snapshot()
        (snapshot,) = await race.inside.database.read(_snapshots)
        assert all(mark.encode() in snapshot for mark in (NEED, IDEA, OTHER))
        found = await race.tables()
        assert all(mark in found for mark in (NEED, IDEA, OTHER))
        yield race


async def sheets(race: Race) -> str:
    addresses = [f"/s/{race.home.code}/records/{entry.id}" for entry in await race.entries()]
    return "".join([(await race.kim.http.get(address)).text for address in addresses])


async def test_an_idea_is_withdrawn_after_its_phase_and_its_words_are_nowhere(race: Race) -> None:
    assert IDEA in await sheets(race)
    await ok(race.bo, "withdraw_card", "P3", card="P3c1", sure="yes")
    found = await race.gone(IDEA)
    assert NEED in found
    assert OTHER in found
    assert IDEA not in await sheets(race)
    assert IDEA not in await race.bo.page()


async def test_its_record_keeps_the_rest_and_says_what_the_session_says(race: Race) -> None:
    await ok(race.bo, "withdraw_card", "P3", card="P3c1", sure="yes")
    await race.gone(IDEA)
    one, other = await race.record(0), await race.record(1)
    assert one.values["need.situation"] == NEED
    assert OTHER in str(other.values["provenance.origin_ideas"])
    assert (one.entry, one.values["identity.number"]) == ("e1", 1)


async def test_an_export_of_what_was_withdrawn_is_proved_and_holds_nothing_of_it(
    race: Race, tmp_path: Path
) -> None:
    await ok(race.anna, "withdraw_card", "P2", card="P2c1", sure="yes")
    await race.gone(NEED)
    database = open_database(race.home.data, race.home.inside.settings.database_url)
    await asyncio.to_thread(export, database, race.home.code, tmp_path / "race.zip")
    await database.close()
    with zipfile.ZipFile(tmp_path / "race.zip") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert NEED.encode() not in content
    assert OTHER.encode() in content
    assert verify(tmp_path / "race.zip").problems == []


async def test_it_is_done_only_by_its_author_who_is_sure(race: Race) -> None:
    answers = [
        await race.bo.post("withdraw_card", "P3", card="P3c1"),
        await race.cilla.post("withdraw_card", "P3", card="P3c1", sure="yes"),
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert IDEA in await race.tables()


async def test_what_quotes_it_is_listed_to_staff(race: Race) -> None:
    await ok(race.bo, "withdraw_card", "P3", card="P3c1", sure="yes")
    page = await race.kim.page("log")
    assert "Its words also stand in these projects: 1" in page


async def test_what_stands_in_an_archived_record_is_its_owners_to_withdraw(race: Race) -> None:
    session = (await race.home.desk()).session
    session.entries["e1"].facts["P9", "status", ""] = "archived"
    session.entries["e1"].status = "archived"
    answer = await race.bo.post("withdraw_card", "P3", card="P3c1", sure="yes")
    assert answer.status_code == 422
    assert "archived" in answer.text


async def test_a_withdrawal_that_nobody_came_to_is_done_by_the_next_task(race: Race) -> None:
    """The words go by a task: doing it twice, or after a restart, changes nothing more."""
    await ok(race.bo, "withdraw_card", "P3", card="P3c1", sure="yes")
    await race.gone(IDEA)
    seq = (await race.home.desk()).session.seq
    again = Task(f"forget/{race.home.code}", "forget", race.home.code, seq, 0.0)
    await race.inside.forgetting.forget(again)
    for entry in ("e1", "e2"):
        name = f"forget_record/{race.home.code}/{entry}"
        await race.inside.forgetting.forget_in_record(
            Task(name, "forget_record", race.home.code, seq, 0.0, {"entry": entry})
        )
    assert (await race.home.desk()).session.seq == seq
    assert OTHER in await race.tables()


# ---- staff, on request


async def test_staff_erases_the_words_of_an_event_and_says_why(race: Race) -> None:
    address = f"/s/{race.home.code}/words"
    shown = (await race.kim.http.get(address)).text
    assert all(mark in shown for mark in (NEED, IDEA, OTHER))
    seq = await seq_of(race, IDEA)
    answer = await race.kim.post("erase_words", of=str(seq), why="personal", reason="It names a nurse")
    assert answer.status_code == 422
    await ok(race.kim, "erase_words", "", of=str(seq), why="personal", reason="It names a nurse", sure="yes")
    await race.gone(IDEA)
    assert "It names a nurse" in await race.kim.page("log")
    assert IDEA not in (await race.kim.http.get(address)).text


async def test_nobody_but_staff_sees_the_page_with_all_words_or_erases_any(race: Race) -> None:
    assert (await race.bo.http.get(f"/s/{race.home.code}/words")).status_code == 403
    seq = await seq_of(race, OTHER)
    answer = await race.bo.post("erase_words", of=str(seq), why="request", reason="No", sure="yes")
    assert answer.status_code == 422
    assert OTHER in await race.tables()


async def seq_of(race: Race, mark: str) -> int:
    def read(db: Connection) -> Collection[int]:
        found = text("SELECT seq FROM log WHERE stream = :code AND words LIKE :mark")
        return [row.seq for row in db.execute(found, {"code": race.home.code, "mark": f"%{mark}%"})]

    return next(iter(await race.inside.forgetting.database.read(read)))


# ---- whose words they are


def asked_and_decided() -> Stage:
    """Ada and Bo are one team with one idea: experts answered about it and about its project, a stop was responded to,
    and Ada decided without having seen what Bo had, who withdrew the project."""
    topics = {"topics": ["ipr"], "verdicts": ["go", "change", "stop"]}
    kept = {
        "method": "dots",
        "dots": 1,
        "electorate": "own_team",
        "keep": "1 per team",
        "begins_entries": True,
    }
    stage = Stage(
        phase("team", "T", rules={"min_size": 1, "max_size": 9}),
        phase("collect", "I", inputs=["T"], who=["teams"], rules={"fields": ["text"], "main": "text"}),
        phase("consult", "C", inputs=["I"], who=["teams", "experts"], rules={**topics, "about": "cards"}),
        phase("vote", "V", inputs=["I"], who=["teams"], rules=kept),
        phase("consult", "Q", who=["teams", "experts"], rules={**topics, "about": "entries"}),
        phase("decide", "D", who=["teams"], rules={"choices": ["go", "withdraw"], "reason_required": True}),
        ada="participant",
        bo="participant",
        cy="participant",
        eve="expert",
    )
    stage.open("T")
    for people in (["ada", "bo"], ["cy"]):
        stage.ok("start_team", "kim", "T", person=people, reason="a test")
    stage.ok("confirm_teams", "kim", "T", reason="a test")
    stage.open("I")
    for person in ("ada", "cy"):
        stage.ok("add_card", person, "I", text=f"{person}-idea")
    _asked_about(stage, "C", ada="Ic1", cy="Ic2")
    stage.open("V")
    _asked_about(stage, "Q", ada="e1", cy="e2")
    stage.open("D")
    stage.ok("decide_entry", "bo", "D", entry="e1", choice="withdraw", reason="bo-reason", base="0")
    (aside,) = stage.ok("decide_entry", "ada", "D", entry="e1", choice="go", reason="ada-aside", base="0")
    assert aside.kind == "text_set_aside"
    stage.close("D")
    return stage


def _asked_about(stage: Stage, phase_id: str, **subjects: str) -> None:
    stage.open(phase_id)
    stage.ok("declare_interest", "eve", phase_id, own="none", bound="on")
    for number, (person, about) in enumerate(subjects.items(), 1):
        named = {"request": f"{phase_id}q{number}"}
        stage.ok("ask", person, phase_id, topic="ipr", about=about, text=f"{person}-question")
        stage.ok("claim", "eve", phase_id, **named)
        given = {"verdict": "stop", "note": f"{person}-note", "sources": f"{person}-source"}
        stage.ok("answer", "eve", phase_id, **named, **given)
        stage.ok("respond_to_stop", person, phase_id, **named, text=f"{person}-response")


@pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)
async def test_with_a_project_go_questions_answers_responses_and_what_was_set_aside(place: Place) -> None:
    database, stage = place.open(), asked_and_decided()
    await database.migrate()
    journal, code = open_journal(database), stage.session.code
    await journal.create(code, "test", "Test")
    await journal.append(code, 0, lambda _: batch_of(stage.log))
    for _ in range(2):  # what a question was about is known also once its words are gone
        rows, asked = await database.read(lambda db: (worded(db, code), asked_in(db, code)))
        seqs = withdrawn_in(rows, asked, stage.session, stage.session.withdrawn)
        asking = [seq for seq in seqs if stage.log[seq - 1].kind == "asked"] or seqs
        await journal.erase(code, asking, "withdrawn", "forgetting", stage.now)
    left = str([event.body for event in await journal.read(code)])
    await database.close()
    for word in ("idea", "question", "note", "source", "response"):
        assert f"ada-{word}" not in left, word
        assert f"cy-{word}" in left, word
    assert "ada-aside" not in left
    assert "bo-reason" in left


OF_NOTHING = {
    "agreement_drafted",
    "announced",
    "answered of survey",
    "answers_opened",
    "cards_grouped",
    "erasing_asked",
    "group_renamed",
    "interest_declared",
    "interest_said",
    "meeting_ended",
    "person_moved",
    "person_placed",
    "person_seated",
    "person_taken_out",
    "place_asked",
    "request_declined",
    "result_overridden",
    "result_signed",
    "team_renamed",
    "team_split",
    "team_started",
    "teams_confirmed",
    "teams_merged",
    "terms_changed",
    "vote_voided",
}
"""Events with words that are about no card and no project: these stay when one is withdrawn."""


def test_all_other_words_are_known_to_be_of_a_card_or_of_a_project() -> None:
    shapes = {**SHAPES}
    for kind in kinds():
        for name, shape in activity_class(kind).events.items():
            shapes[f"{name} of {kind}" if name in shapes else name] = shape
    naming = {*SUBJECTS, QUESTION, "fields"}
    of_nothing = {
        name for name, shape in shapes.items() if words_in(shape) and naming.isdisjoint(fields_of(shape))
    }
    assert of_nothing == OF_NOTHING


# ---- whole records


async def test_a_record_that_its_owner_withdraws_keeps_no_text(race: Race) -> None:
    record = await race.record(0)
    stream = f"r-{record.id}"
    values = {
        "people.owner": {"person": "bo", "accepted": True},
        "market.segment": "Hospitals",
        "plan.next_action": {"text": "Call", "due": "2026-12-07"},
    }
    staff = Sender("kim", frozenset({"staff"}))
    records = race.inside.records
    entry = (await race.home.desk()).session.entries["e1"]
    for name, value in values.items():
        group = name.partition(".")[0]
        fact = {"people": "owner", "plan": "next_action"}.get(group, "field")
        entry.facts["P9", fact, name if fact == "field" else ""] = value
        entry.changed_seq += 1
    facts = {**record.values, **values}
    for name in ("approve", "advance"):
        fields = {"status": "withdrawn", "why": "Sold"} if name == "advance" else {}
        held = await records.read(stream)
        if name == "approve":
            await append(race, stream, changed({key: facts[key] for key in values}, "kim", "en"))
        assert held.seq
        answer = await records.do(stream, Command(name, f"x-{name}", "", fields), staff)
        assert isinstance(answer, int), answer
    await race.gone(IDEA)
    after = await records.read(stream)
    assert after.status == "withdrawn"
    assert [name for name in after.values if not is_structure(name) and after.values[name]] == []
    assert after.steps[-1].why == "Sold"
    assert OTHER in await race.tables()


async def append(race: Race, stream: str, event: Event) -> None:
    record = await race.inside.records.read(stream)
    events = stamped(record, [event], 0.0, "test", "kim")
    await race.inside.records.journal.append_all({stream: record.seq}, lambda held: {stream: Batch(events)})
