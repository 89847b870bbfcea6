"""The measuring itself: its arithmetic, its honesty and that what it measures is the real thing. No times here."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import select
from websockets.utils import apply_mask

from app.database import open_database
from app.database.tables import table
from app.wire.deflate import LARGEST_WINDOW, inflate
from app.wire.frame import DEFLATED_TEXT, TEXT
from tests.bench import __main__ as command
from tests.bench.figures import TINY, Line, Row, ratio, spread
from tests.bench.load import Phone, load
from tests.bench.machine import cpu_seconds, missing_to_compile
from tests.bench.p1 import OURS, Runner
from tests.bench.rivals import FLOOR, rival, running
from tests.bench.room import furnish
from tests.bench.serving import ours
from tests.bench.table import BEGIN, END, put_into, show, write
from tests.wire.test_protocol import CHROMIUM

compiles = pytest.mark.skipif(missing_to_compile() != "", reason=missing_to_compile())


def test_rounds_are_compared_with_their_own_round() -> None:
    assert ratio([2.0, 30.0, 8.0], [1.0, 10.0, 4.0]).values == (2.0, 3.0, 2.0)
    assert spread([3.0, 1.0, 2.0]).show(1, "s") == "2.0 s (1.0–3.0)"


def test_a_row_holds_if_every_promise_does_and_something_was_promised() -> None:
    row = Row("P0", "Nothing yet")
    assert not row.held
    row.most("slow", spread([1.0, 2.0, 9.0]), 2.0)
    row.note("by the way", "so-so")
    assert row.held
    row.least("fast", spread([1.0]), 2.0)
    assert [line.held for line in row.lines] == [True, None, False]
    assert not row.held


def test_a_row_without_a_figure_does_not_hold() -> None:
    row = Row("P0", "It fell", failed="no gcc")
    row.true("one thing was seen", True, "yes")
    assert not row.held
    assert row.told["failed"] == "no gcc"


def test_table_and_file_say_the_same(tmp_path: Path) -> None:
    row = Row("P0", "Speed", value=2.0, unit="s", beat="≤3 s")
    row.most("all of it", spread([2.0]), 3.0, 1, "s")
    console = Console(file=StringIO(), width=120)
    show([row], "a machine", console)
    write([row], tmp_path / "figures.json")
    told = json.loads((tmp_path / "figures.json").read_text())["P0"]
    assert {name: told[name] for name in ("value", "unit", "beat", "held")} == {
        "value": 2.0, "unit": "s", "beat": "≤3 s", "held": True,
    }  # fmt: skip
    assert "| | all of it | 2.0 s (2.0–2.0) | ≤3 s | held |" in put_into(f"{BEGIN}\n{END}", [row])
    assert "2.0 s (2.0–2.0)" in console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO


def test_a_table_keeps_the_rows_that_were_not_measured() -> None:
    first, second = (Row(name, "t", lines=[Line("all of it", name, "", True)]) for name in ("P1", "P2"))
    text = put_into(f"before {BEGIN}\n{END} after", [first, second])
    again = put_into(text, [Row("P1", "t", lines=[Line("all of it", "new", "", False)])])
    assert again.startswith("before ")
    assert again.endswith(" after")
    assert ("| new |" in again, "| P2 |" in again, "| | all of it | P1 |" in again) == (True, True, False)


def test_a_row_that_falls_over_leaves_the_others_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "import_module", lambda name: 1 / 0)
    row = command._measured("P1", TINY, Console(file=StringIO()))
    assert "ZeroDivisionError" in row.failed
    assert not row.held


def test_a_row_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["P1", "P11"])
    assert "no row P11" in capsys.readouterr().err


@compiles
def test_the_generator_finds_what_was_left_out_and_what_came_twice() -> None:
    with running(FLOOR, "10", "25") as serving, load(rival(FLOOR).phones(serving.port, 50)) as phones:
        phones.connect()
        told = phones.push("card-1. to all", "card-1.", ms=300)
    # Of 50 every 10th is left out and every 25th made once more: that makes one 25th twice, and the 50th good.
    assert (told["reached"], told["missed"], told["twice"]) == (46, 4, 1)


@compiles
def test_a_round_tells_the_cpu_of_the_server_and_of_nobody_else() -> None:
    with running(FLOOR) as serving, load(rival(FLOOR).phones(serving.port, 20)) as phones:
        phones.connect()
        runner = Runner(FLOOR, serving, phones, rival(FLOOR))
        before = cpu_seconds(serving.pid)
        runner.round(TINY.pushes, 300)
        assert 0 < runner.micros[0] <= (cpu_seconds(serving.pid) - before) * 1e6 / (20 * TINY.pushes)
    assert runner.size == 304
    assert runner.name != OURS


@compiles
def test_ballots_go_to_the_real_server_and_stand_in_its_log(tmp_path: Path) -> None:
    room = furnish(tmp_path / "data", people=6, cards=6, voting=True)
    with ours(room.data) as serving, load(room.phones(serving.port)) as phones:
        phones.connect()
        told = phones.burst(voters=6, turns=2)
        answers = phones.answers()
    assert (told["acked"], told["refused"], told["unanswered"], told["strays"]) == (12, 0, 0, 0)
    log = table("log")
    ballots = select(log.c.command, log.c.seq).where(log.c.kind == "ballot_cast")
    rows = open_database(room.data).read_now(lambda db: db.execute(ballots).all())
    assert {(row.command, row.seq) for row in rows} == {
        (f"{command}:{room.guests[phone].id}", seq) for phone, command, seq in answers
    }


@compiles
@pytest.mark.parametrize("agrees", [True, False])
async def test_the_load_generators_phones_deflate_where_the_server_agrees(agrees: bool) -> None:
    first: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
    gone = asyncio.Event()
    terms = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert CHROMIUM in head
        answer = "HTTP/1.1 101 Switching Protocols\r\n"
        answer += f"Sec-WebSocket-Extensions: {terms}\r\n" if agrees else ""
        writer.write(f"{answer}\r\n".encode())
        start = await reader.readexactly(6)
        first.set_result((start[0], apply_mask(await reader.readexactly(start[1] & 0x7F), start[2:])))
        with suppress(OSError):
            await reader.read()
        writer.close()
        gone.set()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        phone = Phone(server.sockets[0].getsockname()[1], first="Värme from @", seq=7)
        with load([phone]) as running_load:
            await asyncio.to_thread(running_load.connect)
            opcode, payload = await first
        await gone.wait()
    text = inflate(payload, LARGEST_WINDOW, 100) if agrees else payload
    assert (opcode, text) == (DEFLATED_TEXT if agrees else TEXT, "Värme from 7".encode())
