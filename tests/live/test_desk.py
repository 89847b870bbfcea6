"""The only writer: what it acknowledges is on disk, and what fails leaves nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
import time_machine

from app.audience.connection import UNWANTED
from app.database import open_database
from app.live.batch import FAILED, Answer
from app.live.deliveries import TICK
from app.live.desk import Desk
from app.streams.journal import Batch, Decide, Journal, JournalError, open_journal
from sessions.agenda import CLOSED
from sessions.audience import CLOCK
from sessions.messages import Command, Event, Refused
from sessions.session import Accepted, Session
from tests.archive.test_archive import form
from tests.live.test_socket import ROOM
from tests.support.databases import asked
from tests.support.house import House, house
from tests.support.patience import SOON, until, within
from tests.support.stage import phase


async def test_a_burst_becomes_gapless_events_in_order(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff(live=False)
        assert kim is not None
        desk = await home.desk()
        driver, before = desk.session.driver, desk.session.seq
        commands = [Command("announce", f"b{n}", "", {"text": f"word {n}"}) for n in range(100)]
        told = await asyncio.gather(*(desk.submit(command, driver) for command in commands))
        assert len({*told}) == 100
        assert [e.seq for e in await desk.journal.read(home.code, before)] == list(
            range(before + 1, before + 101)
        )


async def test_a_hundred_times_the_same_id_is_one_event(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        same = Command("announce", "same", "", {"text": "once"})
        told = await asyncio.gather(*(desk.submit(same, desk.session.driver) for _ in range(100)))
        assert (len(set(map(str, told))), len(desk.session.announcements)) == (1, 1)


async def test_what_led_to_nothing_is_answered_the_same_way_again(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        driver = desk.session.driver
        soon = f"n{desk.session.seq + 2}"
        idle = Command("clear_announcement", "idle", "", {"announcement": soon})
        first = await desk.submit(idle, driver)
        assert first == desk.session.seq
        await desk.submit(Command("announce", "a", "", {"text": "Soup"}), driver)
        assert list(desk.session.announcements) == [soon]
        assert await desk.submit(idle, driver) == first
        await home.inside.desks.close()  # what only memory knew is gone
        desk = await home.desk()
        assert await desk.submit(idle, driver) == first
        assert list(desk.session.announcements) == [soon]


async def test_a_clock_that_wakes_early_comes_again_and_is_heard(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        await desk.submit(Command("next_phase", "n", ""), desk.session.driver)
        phase = desk.session.agenda.current
        assert phase is not None
        due = Command("close_phase", "due", phase.id)
        before = desk.session.seq
        assert await desk.submit(due, CLOCK) == before
        phase.ends_at = desk.now()
        assert await desk.submit(due, CLOCK) == desk.session.seq > before
        assert phase.state == CLOSED


def _crowd(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    """One who waits is a crowd, and so many commands go together."""
    monkeypatch.setattr("app.live.desk.CROWD", 1)
    monkeypatch.setattr("app.live.desk.MAX_BATCH", batch)


def _announce(desk: Desk, number: int, answer: Answer) -> None:
    """So many who ask at once."""
    for n in range(number):
        desk.put(Command("announce", f"a{n}", "", {"text": f"{n}"}), desk.session.driver, answer)


async def test_a_crowd_is_answered_before_anybody_sees_what_it_led_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _crowd(monkeypatch, 3)
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        # The next delivery is due at once, while half of them are still waiting.
        await asyncio.sleep(2 * TICK)
        shown_when_told: list[tuple[int, int | Refused]] = []
        all_told = asyncio.Event()

        def answer(_: Command, told: int | Refused) -> None:
            shown_when_told.append((desk.fanout.published, told))
            if len(shown_when_told) == 6:
                all_told.set()

        _announce(desk, 6, answer)
        await within(all_told.wait(), SOON)
        assert [told for shown, told in shown_when_told if not isinstance(told, int) or shown >= told] == []


@pytest.mark.parametrize("by_staff", [True, False], ids=["removed", "erased by themselves"])
async def test_who_is_put_out_is_answered_before_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_staff: bool
) -> None:
    _crowd(monkeypatch, 2)
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        await home.guest("Aino")
        desk = await home.desk()
        (connection,) = desk.fanout.connections.all
        await asyncio.sleep(2 * TICK)  # the next delivery is due at once, while others are still waiting
        told: list[tuple[bool, bool]] = []

        def answer(_: Command, told_now: int | Refused) -> None:
            told.append((isinstance(told_now, int), connection.standing is UNWANTED))

        aino, driver = connection.person, desk.session.driver
        if by_staff:
            desk.put(Command("choose_language", "mine", "", {"language": "en"}), aino, answer)
            desk.put(Command("remove_person", "out", "", {"person": aino}), driver, _to_nobody)
        else:
            desk.put(Command("erase_person", "mine", "", {"person": aino, "sure": "yes"}), aino, answer)
        crowd = [
            desk.submit(Command("announce", f"c{n}", "", {"text": "crowd"}), desk.session.driver)
            for n in range(5)
        ]
        await within(asyncio.gather(*crowd), SOON)
        async with asyncio.timeout(SOON):
            while connection.standing is not UNWANTED:
                await asyncio.sleep(0.01)
        assert told == [(True, False)]


def _to_nobody(_: Command, told: int | Refused) -> None:
    """Whoever asked does not wait for the answer."""
    assert isinstance(told, int)


async def test_a_crowds_answers_do_not_wait_for_a_journal_that_is_stuck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _crowd(monkeypatch, 3)
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        stuck = asyncio.Event()
        append, told = desk.journal.append, list[int]()

        async def only_once(*what: Any) -> None:
            monkeypatch.setattr(desk.journal, "append", wait)
            await append(*what)

        async def wait(*what: Any) -> None:
            await stuck.wait()
            await append(*what)

        monkeypatch.setattr(desk.journal, "append", only_once)

        def answer(_: Command, told_now: int | Refused) -> None:
            assert isinstance(told_now, int)
            told.append(told_now)

        _announce(desk, 6, answer)
        async with asyncio.timeout(SOON):
            while len(told) < 3:
                await asyncio.sleep(0.01)
        assert len(told) == 3
        stuck.set()
        async with asyncio.timeout(SOON):
            while len(told) < 6:
                await asyncio.sleep(0.01)


async def test_a_desk_that_closes_answers_what_is_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _crowd(monkeypatch, 3)
    monkeypatch.setattr("app.live.answers.FLUSH_SECONDS", 60.0)
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        before, told = desk.session.seq, list[int | Refused]()
        _announce(desk, 6, lambda _, told_now: told.append(told_now))
        await asyncio.sleep(0)  # the first batch is on its way
        assert await desk.close()
        stored = await desk.journal.read(home.code, before)
        assert told == [event.seq for event in stored]
        assert len(told) == 3


async def test_two_who_press_next_at_once_change_one_phase(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        press = [desk.submit(Command("next_phase", f"n{n}", ""), desk.session.driver) for n in range(2)]
        told = await asyncio.gather(*press)
        assert [t.reason if isinstance(t, Refused) else "yes" for t in told] == ["yes", "moved_on"]


async def test_a_rule_that_breaks_costs_only_its_own_command(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        driver = desk.session.driver
        broken = Command("announce", "bad", "", {"text": 7})  # type: ignore[dict-item]  # a rule that breaks
        commands = [
            Command("announce", "a", "", {"text": "a"}),
            broken,
            Command("announce", "b", "", {"text": "b"}),
        ]
        told = await asyncio.gather(*(desk.submit(command, driver) for command in commands))
        assert [t.reason if isinstance(t, Refused) else "yes" for t in told] == ["yes", "failed", "yes"]
        assert [n.text for n in desk.session.announcements.values()] == ["a", "b"]


async def test_however_often_a_rule_breaks_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What makes a rule break comes again and again, sooner than a long log can be folded."""
    fold, folding = Desk._fold, asyncio.Event()

    async def slowly(self: Desk) -> None:
        folding.set()
        await asyncio.sleep(0.1)  # as a long log takes
        await fold(self)

    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        driver = desk.session.driver
        monkeypatch.setattr(Desk, "_fold", slowly)

        async def harm() -> None:
            for n in count():
                bad = Command("announce", f"bad{n}", "", {"text": 7})  # type: ignore[dict-item]  # as above
                desk.put(bad, driver, lambda command, told: None)
                await asyncio.sleep(0.03)

        harming = asyncio.create_task(harm())
        await within(folding.wait(), SOON)
        told = await within(desk.submit(Command("announce", "well", "", {"text": "Soup"}), driver), SOON)
        harming.cancel()
        assert told == desk.session.seq


async def test_a_rule_that_breaks_costs_no_record_of_what_was_decided_before_it(tmp_path: Path) -> None:
    async with house(tmp_path, race_to_a_project()) as home:
        await home.staff(live=False)
        await home.guest("Aino", live=False)
        desk = await home.desk()
        (aino,) = [m.id for m in desk.session.people.values() if m.role == "participant"]
        idea = "P1c1"
        for sender, name, where, fields in (
            ("", "open_phase", "P1", {}),
            (aino, "add_card", "P1", {"text": "Quiet corners"}),
            ("", "open_phase", "P2", {}),
            (aino, "cast_ballot", "P2", {"option": [idea]}),
            ("", "open_phase", "P3", {}),
        ):
            command = Command(name, f"{where}{name}", where, cast(Any, fields))
            told = await desk.submit(command, sender or desk.session.driver)
            assert isinstance(told, int), told
        (entry,) = desk.session.entries
        parked = Command("decide_entry", "a", "P3", {"entry": entry, "choice": "park", "reason": "Later"})
        commands = [parked, Command("announce", "b", "", {"text": 7})]  # type: ignore[dict-item]  # as above
        told, failed = await asyncio.gather(*(desk.submit(one, desk.session.driver) for one in commands))
        assert (told, failed) == (desk.session.seq, FAILED)
        database = open_database(tmp_path)
        due = await asked(database, "SELECT id, seq FROM tasks WHERE kind = 'handover'")
        await database.close()
        assert due == [{"id": f"handover/{home.code}/{entry}", "seq": told}]


def race_to_a_project() -> dict[str, Any]:
    """An idea, a vote that makes a project of it, and what becomes of that."""
    phases = (
        phase("collect", "P1", rules={"columns": ["idea"], "fields": ["text"], "main": "text"}),
        phase("vote", "P2", inputs=["P1"], rules={"method": "dots", "dots": 1, "begins_entries": True}),
        phase("decide", "P3", inputs=["P2"], who=["everyone"], rules={"choices": ["go", "park"]}),
    )
    return {**form(), "phase": list(phases)}


async def test_what_cannot_be_stored_is_not_acknowledged_and_the_desk_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        driver = desk.session.driver
        with lost_table(desk):
            told = await desk.submit(Command("announce", "x", "", {"text": "x"}), driver)
            assert isinstance(told, Refused)
        assert isinstance(await desk.submit(Command("announce", "x", "", {"text": "x"}), driver), int)


async def test_a_burst_that_cannot_be_stored_is_stored_once_when_it_comes_again(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        before = desk.session.seq
        commands = [Command("announce", f"b{n}", "", {"text": f"word {n}"}) for n in range(20)]
        with full_disk(desk):
            told = await asyncio.gather(*(desk.submit(command, desk.session.driver) for command in commands))
            assert {answer.reason if isinstance(answer, Refused) else "yes" for answer in told} == {
                "not_stored"
            }
            async with desk.settled:
                assert (desk.session.seq, len(desk.session.announcements)) == (before, 0)
        again = await asyncio.gather(*(desk.submit(command, desk.session.driver) for command in commands * 2))
        assert set(again) == set(range(before + 1, before + 21))
        assert len(await desk.journal.read(home.code, before)) == 20


async def test_what_was_not_even_looked_at_is_not_acknowledged_and_the_desk_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        journal = desk.journal
        desk.storage.journal = Shut(journal)  # a log that cannot be taken for writing
        told = await desk.submit(Command("announce", "x", "", {"text": "x"}), desk.session.driver)
        assert isinstance(told, Refused)
        assert told.reason == "not_stored"
        desk.storage.journal = journal
        told = await desk.submit(Command("announce", "x", "", {"text": "x"}), desk.session.driver)
        assert told == desk.session.seq


async def test_answers_come_after_the_commit_and_before_anybody_is_told(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        happened: list[str] = []
        publish, journal = desk.fanout.publish, Watched(desk.journal, happened)

        def noted_publish() -> Iterator[None]:
            happened.append("published")
            return publish()

        desk.storage.journal, desk.fanout.publish = journal, noted_publish  # type: ignore[method-assign]
        for number in range(3):
            command = Command("announce", f"a{number}", "", {"text": "x"})
            desk.put(command, desk.session.driver, lambda command, told: happened.append(f"answered {told}"))
        await until(lambda: "published" in happened)
        seq = desk.session.seq
        answers = [f"answered {n}" for n in range(seq - 2, seq + 1)]
        assert happened == ["decided", "committed", *answers, "published"]


async def test_whoever_cannot_be_answered_costs_nobody_else_an_answer(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()

        def breaks(command: Command, told: int | Refused) -> None:
            raise ValueError("gone")

        desk.put(Command("announce", "a", "", {"text": "a"}), desk.session.driver, breaks)
        told = await desk.submit(Command("announce", "b", "", {"text": "b"}), desk.session.driver)
        assert told == desk.session.seq
        assert [n.text for n in desk.session.announcements.values()] == ["a", "b"]


async def test_what_was_written_behind_its_back_is_folded_and_told(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk, aino = await home.desk(), await home.guest("Aino")
        desk.heard(await write_elsewhere(tmp_path, desk, "From another house"))
        assert "From another house" in await aino.hears("From another house")
        async with desk.settled:
            assert desk.session.seq == len(await desk.journal.read(home.code))
        told = await desk.submit(Command("announce", "b", "", {"text": "b"}), desk.session.driver)
        assert told == desk.session.seq


async def test_what_was_written_behind_its_back_unheard_costs_a_second_try(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        await write_elsewhere(tmp_path, desk, "From another house")
        command = Command("announce", "b", "", {"text": "b"})
        told = await desk.submit(command, desk.session.driver)
        assert isinstance(told, Refused)
        assert told.reason == "not_stored"
        assert await desk.submit(command, desk.session.driver) == desk.session.seq
        assert [n.text for n in desk.session.announcements.values()] == ["From another house", "b"]


async def test_a_rumour_is_looked_into_once(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        happened: list[str] = []
        desk.storage.journal = Watched(desk.journal, happened)
        desk.heard(desk.session.seq + 7)
        await until(lambda: happened != [])
        told = await desk.submit(Command("announce", "b", "", {"text": "b"}), desk.session.driver)
        assert told == desk.session.seq
        assert happened == ["decided", "committed"] * 2


async def test_a_desk_whose_disk_does_not_come_back_can_be_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.desk.CLOSE_SECONDS", 0.1)
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        with lost_table(desk):
            assert isinstance(
                await desk.submit(Command("announce", "x", "", {"text": "x"}), desk.session.driver), Refused
            )
            assert await within(desk.close(), SOON) is False


async def test_a_restart_gives_the_same_session(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff()
        await kim.say("next_phase", phase="")
        await kim.say("announce", text="Still here")
        code, before = home.code, (await home.desk()).session
    async with house(tmp_path, ROOM) as again:
        again.code = code
        after = (await again.desk()).session
        assert (after.seq, after.touched, after.announcements) == (
            before.seq,
            before.touched,
            before.announcements,
        )


async def test_a_deadline_is_kept_even_if_somebody_sets_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.deadlines.WAKE_SECONDS", 0.05)
    async with house(tmp_path, CLOSING) as home:
        desk = await open_first(home)
        with time_machine.travel(desk.session.agenda.phases["P1"].ends_at + 1):
            await until(lambda: desk.session.agenda.phases["P1"].state == "closed")
        async with desk.settled:
            closings = [e for e in await desk.journal.read(home.code) if e.kind == "phase_closed"]
        assert [(e.phase, e.actor) for e in closings] == [("P1", "clock")]


async def test_a_deadline_that_could_not_be_stored_is_kept_when_the_disk_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.deadlines.WAKE_SECONDS", 0.05)
    async with house(tmp_path, CLOSING) as home:
        desk = await open_first(home)
        with time_machine.travel(desk.session.agenda.phases["P1"].ends_at + 1):
            with full_disk(desk):
                told = await desk.submit(Command("announce", "x", "", {"text": "x"}), desk.session.driver)
                assert isinstance(told, Refused)
            await until(lambda: desk.session.agenda.phases["P1"].state == "closed")


async def test_whatever_breaks_after_a_commit_the_desk_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.staff(live=False)
        desk = await home.desk()
        driver, renderer = desk.session.driver, desk.fanout.renderer
        aino = await home.guest("Aino")
        desk.fanout.drawn.renderer = cast(Any, None)  # what nobody had thought of
        assert isinstance(await desk.submit(Command("announce", "a", "", {"text": "a"}), driver), int)
        await until(lambda: not desk.settled.locked())
        desk.fanout.drawn.renderer = renderer
        assert isinstance(await desk.submit(Command("announce", "b", "", {"text": "b"}), driver), int)
        assert [n.text for n in desk.session.announcements.values()] == ["a", "b"]
        assert f"notice-n{desk.session.seq}" in await aino.hears("notice-n")


CLOSING = {**ROOM, "phase": [phase("pause", "P1", minutes=10, ends="close", rules={"reason": "meal"})]}


async def open_first(home: House) -> Desk:
    """The session's desk with its first phase open."""
    await home.staff(live=False)
    desk = await home.desk()
    await desk.submit(Command("next_phase", "n", ""), desk.session.driver)
    return desk


@contextmanager
def full_disk(desk: Desk) -> Iterator[None]:
    """Nothing can be added to the log until the block ends."""
    full = "CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(FAIL, 'disk full'); END"
    with broken(desk, full, "DROP TRIGGER full"):
        yield


@contextmanager
def lost_table(desk: Desk) -> Iterator[None]:
    """The log can neither be read nor written until the block ends."""
    with broken(desk, "ALTER TABLE log RENAME TO lost", "ALTER TABLE lost RENAME TO log"):
        yield


@contextmanager
def broken(desk: Desk, breaking: str, mending: str) -> Iterator[None]:
    def run(statement: str) -> None:
        with desk.journal._database.writing.connect() as db:  # type: ignore[attr-defined]  # as nobody else may
            db.exec_driver_sql(statement)
            db.commit()

    run(breaking)
    try:
        yield
    finally:
        run(mending)


async def write_elsewhere(data: Path, desk: Desk, text: str) -> int:
    """Another process announces something in the session; the seq of that."""
    database = open_database(data)
    journal = open_journal(database)
    elsewhere = Session()
    for event in await journal.read(desk.code):
        elsewhere.evolve(event)
    told = elsewhere.act(Command("announce", "e", "", {"text": text}), elsewhere.driver, desk.now())
    assert isinstance(told, Accepted)
    await journal.append(desk.code, elsewhere.seq, lambda tail: Batch(told.events))
    await journal.close()
    await database.close()
    return elsewhere.seq


class Watched:
    """A desk's journal that notes what is done with it."""

    def __init__(self, journal: Journal, happened: list[str]) -> None:
        self._journal, self._happened = journal, happened

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    async def append(self, session: str, known: int, decide: Decide, look: Any = None) -> None:
        def noted(tail: Sequence[Event]) -> Batch:
            self._happened.append("decided")
            return decide(tail)

        await self._journal.append(session, known, noted, look)
        self._happened.append("committed")


class Shut:
    """A desk's journal that can be read, and not be taken for writing."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    async def append(self, session: str, known: int, decide: Decide, look: Any = None) -> None:
        raise JournalError("somebody else holds the log")
