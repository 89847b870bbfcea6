"""A million malformed frames: no JSON, no command, no text, no WebSocket."""

from __future__ import annotations

import asyncio
import json
import struct
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.faults.finding import SMALL, Finding
from tests.faults.line import TEXT, Line, handshake, masked
from tests.faults.phone import Phone
from tests.faults.venue import CARDS, Venue, begun, venue
from tests.support.patience import stopped, within

CHECKED = (
    "the server neither falls nor writes down an accident; its memory stays bounded; whoever talks sense meanwhile is "
    "answered; nothing of it reaches the log; every socket that is closed says why (1002, 1007, 1008 or 1009)"
)
BROKEN = ("naive",)
PROVED = BROKEN

FRAMES = {SMALL: 4_000}
IN_A_BLAST = 40
"""Frames of one connection: twice as many as the server listens to before it hangs up."""
PEOPLE = {SMALL: 20}
AT_ONCE = 16
"""Connections that are open at the same time, of as many people."""
LATE = 5.0
MORE_MEMORY = 80.0
"""Megabytes by which the server may grow."""
GOODBYES = {1002, 1006, 1007, 1008, 1009}
"""1006: the connection was cut, which is what a server does to what is no WebSocket at all."""
BINARY, PING = 2, 9


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding, frames = Finding(), FRAMES.get(dose, 1_000_000)
    async with venue(folder, broken) as held:
        await begun(held)
        people = await held.people(PEOPLE.get(dose, 500))
        (sane,) = await held.people(1)
        await sane.load(keep=False)
        await sane.connect()
        held.arm()
        before, seq = held.memory(), held.log()[-1].seq
        storm = Storm(held, finding, people, Random(1))
        talking = asyncio.create_task(talk_sense(sane, finding))
        await storm.rage(frames)
        finding.violations += [f"whoever talks sense fell: {error!r}" for error in await stopped(talking)]
        strangers = {e.actor for e in held.log(seq)} - {sane.person, "clock"}
        finding.check(not strangers, f"{len(strangers)} people got something into the log")
        grown = held.memory() - before
        finding.check(grown < MORE_MEMORY, f"the server grew by {grown:.0f} MB")
        finding.check(held.process is not None and held.process.poll() is None, "the server has ended")
        finding.violations += accidents(held)
        finding.notes += [
            f"{storm.connections:,} connections; {storm.answered:,} frames were answered; closed with {storm.codes}",
            f"the server grew by {grown:.0f} MB; whoever talked sense waited {storm_wait(sane):.2f} s at the most",
        ]
    return finding


def storm_wait(sane: Phone) -> float:
    return max(WAITS.pop(sane.person, [0.0]))


WAITS: dict[str, list[float]] = {}


async def talk_sense(phone: Phone, finding: Finding) -> None:
    """Somebody writes a card now and then."""
    waits = WAITS.setdefault(phone.person, [])
    while True:
        began = time.monotonic()
        try:
            told = await within(phone.say("add_card", CARDS, text=f"Sense {began}"), 2 * LATE)
        except TimeoutError:
            told = "nothing"
        waits.append(time.monotonic() - began)
        finding.check(isinstance(told, int), f"whoever talks sense was answered {told}")
        finding.check(waits[-1] < LATE, f"whoever talks sense waited {waits[-1]:.1f} s")
        await asyncio.sleep(0.2)


def accidents(held: Venue) -> Iterator[str]:
    """What the server has written down that it had not thought of."""
    for line in (held.folder / "server.log").read_text("utf-8", "replace").splitlines():
        with suppress(json.JSONDecodeError):
            told = json.loads(line)
            if told.get("level") in ("error", "critical") or "exception" in told:
                yield f"the server wrote: {told.get('event')} {str(told.get('exception', ''))[-200:]}"


class Storm:
    """Connection after connection that talks nonsense."""

    def __init__(self, held: Venue, finding: Finding, people: list[Phone], chance: Random) -> None:
        self.held, self.finding, self.people, self.chance = held, finding, people, chance
        self.connections = self.answered = 0
        self.codes: Counter[int] = Counter()

    async def rage(self, frames: int) -> None:
        turns = iter(range(-(-frames // IN_A_BLAST)))
        await asyncio.gather(*(self._go_on(turns) for _ in range(AT_ONCE)))

    async def _go_on(self, turns: Iterator[int]) -> None:
        for number in turns:
            await self._blast(self.people[number % len(self.people)], KINDS[number % len(KINDS)])

    async def _blast(self, phone: Phone, kind: Callable[[Random], bytes]) -> None:
        line = await self._opened(phone)
        line.raw(b"".join(kind(self.chance) for _ in range(IN_A_BLAST)))
        self.finding.injected += IN_A_BLAST
        try:
            await within(line.closed.wait(), 3 * LATE)
        except TimeoutError:
            self.finding.violations.append(f"{kind.__name__}: the socket is still open")
        self.codes[line.code] += 1
        self.finding.check(line.code in GOODBYES, f"{kind.__name__}: closed with {line.code}")
        line.abort()

    async def _opened(self, phone: Phone) -> Line:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(30):
            _, line = await loop.create_connection(lambda: Line(self._hear), "127.0.0.1", self.held.port)
            line.raw(handshake(f"{phone.path}/live?view=phone", f"127.0.0.1:{phone.port}", phone.cookie))
            await line.opened
        self.connections += 1
        return line

    def _hear(self, frame: str) -> None:
        self.answered += 1


# ---- nonsense


def noise(chance: Random) -> bytes:
    return masked(TEXT, bytes(chance.choices(range(256), k=chance.randint(1, 60))))


def no_object(chance: Random) -> bytes:
    told = [
        "[]",
        "null",
        "1e999",
        '"x"',
        "[" * 500,
        '{"a":' * 300,
        "{",
        "NaN",
        '{"command":}',
        "\ufeff{}",
        "",
        "true",
    ]
    return masked(TEXT, chance.choice(told).encode())


def no_command(chance: Random) -> bytes:
    fields = [
        {"command": "__class__"},
        {"command": "act", "id": "x" * 65},
        {"command": ["add_card"], "id": "x"},
        {"command": "add_card", "id": {"x": 1}},
        {"command": "add_card", "id": "x", "text": {"a": []}},
        {"command": "add_card", "id": "x", "phase": 10**300},
        {"command": "add_card\u0000", "id": "x"},
        {"command": "x", "id": "\u2028"},
        {"command": "resume\n", "seq": []},
        {str(number): "x" for number in range(500)},
        {"command": "add_card", "id": "x", "text": [["x"]]},
        {"command": "ädd", "id": "x"},
        {"command": None, "id": None},
    ]
    return masked(TEXT, json.dumps(chance.choice(fields)).encode())


def no_text(chance: Random) -> bytes:
    return masked(BINARY, bytes(chance.choices(range(256), k=20)))


def no_utf8(chance: Random) -> bytes:
    bad = [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80"]
    return masked(TEXT, b'{"command":"x","id":"' + chance.choice(bad) + b'"}')


def too_long(chance: Random) -> bytes:
    return masked(TEXT, b'{"command":"x","id":"1","text":"' + b"x" * chance.randint(65_500, 70_000) + b'"}')


def longer_than_it_is(chance: Random) -> bytes:
    return struct.pack(">BBQ", 0x81, 0xFF, chance.choice([2**63 - 1, 2**32, 70_000])) + b"\0\0\0\0{}"


def unmasked(chance: Random) -> bytes:
    return b"\x81\x02{}"


def reserved(chance: Random) -> bytes:
    return bytes([0x80 | chance.choice([0x10, 0x20, 0x30]) | TEXT, 0x82]) + b"\0\0\0\0{}"


def no_opcode(chance: Random) -> bytes:
    return masked(chance.choice([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), b"{}")


def long_control(chance: Random) -> bytes:
    return masked(PING, b"x" * chance.randint(126, 400))


def control_in_pieces(chance: Random) -> bytes:
    return bytes([PING, 0x80]) + b"\0\0\0\0"


def rest_of_nothing(chance: Random) -> bytes:
    return bytes([0x80, 0x82]) + b"\0\0\0\0{}"


def never_ending(chance: Random) -> bytes:
    return bytes([chance.choice([0x01, 0x00]), 0x81]) + b"\0\0\0\0{"


def deflated_noise(chance: Random) -> bytes:
    """Compressed, as nobody has agreed to; some of it would be a million spaces."""
    packed = (
        zlib.compress(b" " * 1_000_000) if chance.random() < 0.5 else bytes(chance.choices(range(256), k=50))
    )
    return bytes([0xC1]) + masked(TEXT, packed)[1:]


KINDS = [
    noise,
    no_object,
    no_command,
    no_text,
    no_utf8,
    too_long,
    longer_than_it_is,
    unmasked,
    reserved,
    no_opcode,
    long_control,
    control_in_pieces,
    rest_of_nothing,
    never_ending,
    deflated_noise,
]
