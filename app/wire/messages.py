"""The frames of the wire contract: what is said to a browser, and how what it says is read."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from sessions.messages import Command

MAX_FRAME = 64 * 1024
"""Bytes of one frame from a browser; the server closes the socket on a longer one."""
MAX_NAME = 64
MAX_FIELDS = 400
MAX_DIGITS = 15
TEXTS = {str}
SEEDS = 512
"""Seeds drawn at a time."""

_seeds: list[int] = []


class Malformed(ValueError):
    """A frame or form that is not a command. The text says what is wrong with it."""


def new_seed() -> int:
    """The randomness of one command; it is drawn out here, so that the rules stay pure."""
    if not _seeds:  # asked for one by one the kernel takes more time than the rest of reading a command
        _seeds.extend(memoryview(secrets.token_bytes(SEEDS * 8)).cast("Q"))
    return _seeds.pop() >> 16


def new_id() -> str:
    """An id for a command whose sender gave none, made as browsers make theirs: milliseconds since 1970 and 80 random
    bits, as 32 hexadecimal digits."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def ack(command_id: str, seq: int) -> bytes:
    return orjson.dumps({"ack": command_id, "seq": seq})


def refused(command_id: str, reason: str, message: str, times: Sequence[tuple[str, int]] = ()) -> bytes:
    """``times`` are those in the message: as they stand there, and in milliseconds since 1970 UTC."""
    answer = {"refused": command_id, "reason": reason, "message": message}
    return orjson.dumps({**answer, "times": times} if times else answer)


def beat(number: int, now: float) -> str:
    """A sign of life; ``now`` is race time in seconds, sent as milliseconds."""
    return orjson.dumps({"beat": number, "now": int(now * 1000)}).decode()


RELOAD = orjson.dumps({"reload": True}).decode()


def frame(fragments: Iterable[str], seq: int | None) -> str:
    """Fragments as one partial; ``seq`` only on the last frame of a delivery, so that a cut in between is caught up."""
    swap = "upsert" if seq is None else f"upsert seq:{seq}"
    return f'<hx-partial hx-target="body" hx-swap="{swap}">{"".join(fragments)}</hx-partial>'


def parse(text: str | bytes) -> dict[str, Any]:
    """A frame from a browser as a flat mapping. Raises Malformed."""
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Malformed("not JSON") from error
    if not isinstance(data, dict):
        raise Malformed("not an object")
    return data


def seq_from(value: Any) -> int | None:
    """The seq at which a page says it stands; None for what is no count at all."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else None


def command_from(data: Mapping[str, Any], seed: int) -> Command:
    """A command from a parsed frame or form: flat, strings or lists of strings. Raises Malformed."""
    fields = {name: value if type(value) is str else _value(name, value) for name, value in data.items()}
    if len(fields) > MAX_FIELDS:
        raise Malformed("too many fields")
    name = _one(fields.pop("command", ""), "command")
    command_id = _one(fields.pop("id", ""), "id")
    phase = _one(fields.pop("phase", ""), "phase")
    if not name.isidentifier() or name.startswith("_") or not name.isascii():
        raise Malformed("no such command")
    if not command_id:
        raise Malformed("a command needs an id")
    return Command(name, command_id, phase, fields, seed)


def _value(name: str, value: Any) -> str | list[str]:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, list) and set(map(type, value)) <= TEXTS:
        return value
    raise Malformed(f"the field {name[:MAX_NAME]} is neither text nor a list of texts")


def _one(value: str | list[str], key: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_NAME or not value.isprintable():
        raise Malformed(f"{key} is not a short text")
    return value
