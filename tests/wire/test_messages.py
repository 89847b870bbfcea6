"""Frames: what is said to a browser, and what may come from one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.wire.messages import (
    MAX_FIELDS,
    MAX_NAME,
    RELOAD,
    Malformed,
    ack,
    beat,
    command_from,
    frame,
    parse,
    refused,
    seq_from,
)
from sessions.messages import Command

GOOD = {"command": "add_card", "id": "x1", "phase": "R03"}


def test_answers_are_flat_json() -> None:
    assert json.loads(ack("x1", 7)) == {"ack": "x1", "seq": 7}
    said = {"refused": "x1", "reason": "closed", "message": "Stängd ”nu”"}
    assert json.loads(refused("x1", "closed", "Stängd ”nu”")) == said
    assert json.loads(RELOAD) == {"reload": True}


def test_a_beat_tells_race_time_in_whole_milliseconds() -> None:
    assert json.loads(beat(3, 1_790_000_000.1234)) == {"beat": 3, "now": 1_790_000_000_123}


def test_only_the_last_frame_of_a_delivery_carries_its_seq() -> None:
    target = '<hx-partial hx-target="body" hx-swap='
    assert frame(["<p>a</p>", "<p>b</p>"], None) == f'{target}"upsert"><p>a</p><p>b</p></hx-partial>'
    assert frame(["<p>c</p>"], 9) == f'{target}"upsert seq:9"><p>c</p></hx-partial>'


def test_a_frame_becomes_a_command_with_the_fields_that_are_its_own() -> None:
    data = parse(
        '{"command": "add_card", "id": "x1", "phase": "R03", "text": "a", "tags": ["b", "c"], "n": 3}'
    )
    fields: dict[str, str | list[str]] = {"text": "a", "tags": ["b", "c"], "n": "3"}
    assert command_from(data, 5) == Command("add_card", "x1", "R03", fields, 5)


def test_a_command_needs_no_phase() -> None:
    assert command_from({"command": "announce", "id": "x1"}, 5) == Command("announce", "x1", "", {}, 5)


@pytest.mark.parametrize(
    "text", ["", "{", "nope", "[]", "7", '"command"', "null", "[" * 5000, '{"a": NaN}', "\ud800"]
)
def test_what_is_no_json_object_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        parse(text)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"command": ""}, "no such command"),
        ({"command": "add card"}, "no such command"),
        ({"command": "_work"}, "no such command"),
        ({"command": "__init__"}, "no such command"),
        ({"command": "lägg_till"}, "no such command"),
        ({"command": ["add_card", "x"]}, "command is not a short text"),
        ({"command": "x" * (MAX_NAME + 1)}, "command is not a short text"),
        ({"id": ""}, "a command needs an id"),
        ({"id": "x" * (MAX_NAME + 1)}, "id is not a short text"),
        ({"id": "x\ny"}, "id is not a short text"),
        ({"id": "x\x1b[2J"}, "id is not a short text"),
        ({"phase": ["R03", "R04"]}, "phase is not a short text"),
        ({"text": {}}, "the field text is neither text nor a list of texts"),
        ({"text": None}, "the field text is neither text nor a list of texts"),
        ({"text": ["a", 1]}, "the field text is neither text nor a list of texts"),
        ({"x" * 999: None}, f"the field {'x' * MAX_NAME} is neither text nor a list of texts"),
        ({str(n): "" for n in range(MAX_FIELDS)}, "too many fields"),
    ],
)
def test_what_is_no_command_is_malformed_and_says_why(change: dict[str, Any], said: str) -> None:
    assert command_from(GOOD, 5) == Command("add_card", "x1", "R03", {}, 5)
    with pytest.raises(Malformed) as error:
        command_from({**GOOD, **change}, 5)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("value", "seq"),
    [
        ("0", 0),
        ("17", 17),
        (17, 17),
        ("9" * 15, 999_999_999_999_999),
        ("9" * 16, None),
        ("9" * 5000, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("²", None),
        ("x", None),
        (None, None),
        (["1"], None),
        (True, None),
    ],
)
def test_a_page_stands_at_a_whole_number_or_nowhere(value: Any, seq: int | None) -> None:
    assert seq_from(value) == seq
