"""What the process writes about itself: one line for each thing, whatever is in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog

from app.live import pages
from app.telemetry import logs
from tests.live.test_socket import ROOM
from tests.support.house import house

HOSTILE = [
    "one\ntwo",
    "one\r\n2026-01-01 error forged",
    "red \x1b[31m and a title \x1b]0;owned\x07",
    "c1 \x9b31m \x85 next line",
    "\u2028 and \u2029",
    "turned \u202e round",
    "nul \x00 del \x7f backspace \x08",
    '", "level": "critical", "x": "',
    "\ud800 alone",
]
CONTROLS = {chr(n) for n in (*range(32), 127, *range(128, 160), 0x2028, 0x2029, 0x202E)}


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


Writing = Callable[[StringIO], StringIO]


@pytest.fixture
def writing() -> Iterator[Writing]:
    """Have every logger write to a stream, until the test is over."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)

    def to(stream: StringIO) -> StringIO:
        logs.configure(stream)
        return stream

    yield to
    root.handlers[:], root.level = before[0], before[1]
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def objects(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_object_with_its_fields(writing: Writing) -> None:
    stream = writing(StringIO())
    structlog.get_logger("app.live.desk").warning("batch failed", session="7K3MQX9T", commands=3)
    (told,) = objects(stream)
    assert told.pop("at").endswith("Z")
    assert told == {
        "level": "warning",
        "logger": "app.live.desk",
        "event": "batch failed",
        "session": "7K3MQX9T",
        "commands": 3,
    }


@pytest.mark.parametrize("name", ["app.live.socket", "uvicorn.error", "websockets.server", "asyncio"])
def test_every_library_s_lines_take_the_same_road(writing: Writing, name: str) -> None:
    stream = writing(StringIO())
    logging.getLogger(name).error("%s of %s failed", "a socket", "7K3MQX9T")
    (told,) = objects(stream)
    assert (told["logger"], told["level"], told["event"]) == (name, "error", "a socket of 7K3MQX9T failed")


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_in_a_field_begins_a_line_or_speaks_to_the_terminal(writing: Writing, words: str) -> None:
    stream = writing(StringIO())
    logging.getLogger("uvicorn.error").error("invalid: %s", words)
    structlog.get_logger("x").error(words, said=words, several=[words], by={words: words})
    written = stream.getvalue()
    assert written.isascii()
    assert set(written) & CONTROLS == {"\n"}
    first, second = objects(stream)
    assert first["event"] == f"invalid: {words}"
    assert (second["event"], second["said"], second["level"]) == (words, words, "error")


@pytest.mark.parametrize("words", HOSTILE)
def test_the_same_holds_at_a_terminal(writing: Writing, words: str) -> None:
    stream = writing(Terminal())
    structlog.get_logger("x").error(f"says {words}", said=words, several=[words])
    (line,) = stream.getvalue().rstrip("\n").split("\n")
    assert set(line) & CONTROLS == set()
    assert line.split(" ")[1] == "error"


def test_letters_of_any_language_can_be_read_at_a_terminal(writing: Writing) -> None:
    stream = writing(Terminal())
    structlog.get_logger("x").info("Tjäna, Åbo")
    assert "Tjäna, Åbo" in stream.getvalue()


@pytest.mark.parametrize("stream_type", [StringIO, Terminal])
def test_no_line_of_a_traceback_passes_for_one_of_ours(writing: Writing, stream_type: type[StringIO]) -> None:
    stream = writing(stream_type())
    try:
        raise ValueError("bad\n2026-01-01T00:00:00Z error forged\x1b[2J")
    except ValueError:
        structlog.get_logger("x").exception("it failed")
    written = stream.getvalue()
    lines = written.splitlines()
    assert "\x1b" not in written
    if stream_type is StringIO:
        assert len(lines) == 1
        assert "ValueError: bad" in objects(stream)[0]["exception"]
    else:
        assert [line for line in lines[1:] if not line.startswith("    ")] == []
        assert any("error forged" in line for line in lines[1:])


def test_rows_that_a_database_quotes_are_left_out_of_tracebacks() -> None:
    told = "Traceback:\nNotNull: null in column\nDETAIL:  Failing row contains (p1, Aino\n\nVirtanen)."
    told += (
        "\n\nThe above exception was the direct cause\n\nTraceback:\nWriteError: null\nDETAIL:  (p1, Aino)"
    )
    assert logs.discreet(told) == (
        "Traceback:\nNotNull: null in column\n\nThe above exception was the direct cause\n\n"
        "Traceback:\nWriteError: null"
    )
    assert logs.discreet("Traceback:\nValueError: no") == "Traceback:\nValueError: no"


def test_a_thousand_lines_alike_are_a_few(writing: Writing) -> None:
    stream = writing(StringIO())
    for number in range(1000):
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
        if number % 500 == 0:
            structlog.get_logger("x").error("something else", number=number)
    events = [told["event"] for told in objects(stream)]
    assert events.count("Invalid HTTP request received.") <= 25
    assert events.count("something else") == 2


async def test_what_fails_in_a_request_says_whose_it_was_and_no_name(
    writing: Writing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("broken on purpose")

    async with house(tmp_path, ROOM) as home:
        stream = writing(StringIO())
        aino = await home.guest("Aino Virtanen", organisation="Hemliga AB", live=False)
        seat = await home.inside.people.whose(aino.http.cookies["race"])
        assert seat is not None
        monkeypatch.setattr(pages, "_render", broken)
        answer = await aino.http.get(f"/s/{home.code}")
        assert (answer.status_code, "stays on your device" in answer.text) == (500, True)
    (told,) = [told for told in objects(stream) if told["level"] == "error"]
    assert (told["session"], told["person"]) == (home.code, seat.person)
    assert "broken on purpose" in told["exception"]
    for secret in ("Aino", "Hemliga", aino.http.cookies["race"]):
        assert secret not in stream.getvalue()
