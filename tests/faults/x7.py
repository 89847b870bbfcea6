"""One person floods the server, over three sockets and by forms, while others vote and write."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

from app.settings import Settings
from tests.faults.finding import SMALL, Finding
from tests.faults.line import TEXT, masked
from tests.faults.phone import Phone
from tests.faults.venue import CARDS, DOTS, OPTIONS, Venue, begun, venue
from tests.faults.web import Web
from tests.support.patience import stopped, within

CHECKED = (
    "of the flooder no more is taken than the pace of one person; of the others every command is acknowledged, none is "
    "refused or late; the server's memory stays bounded; the flooder's own commands are in order, none lost"
)
BROKEN = ("no_pace",)
PROVED = BROKEN

PACE = Settings()
"""What one person may say, as the product has it."""
PEOPLE = {SMALL: 8}
SECONDS = {SMALL: 1.5}
"""How long each half lasts: first without the flooder, then with."""
SOCKETS = 3
CHUNK = 200
"""Commands that the flooder writes at a time."""
BREATH = 0.02
"""Seconds between two of these, so that the generator itself holds up nobody."""
PAUSE = {SMALL: 0.5}
"""Seconds between two commands of one honest person, at the most."""
LATE = {SMALL: 10.0}
"""Seconds after which an honest answer is late; a machine that is busy with other tests gets more."""
TOO_LATE = 3.0
"""The same in full, and for a server that was broken on purpose."""
MORE_MEMORY = 60.0
"""Megabytes by which the server may grow."""


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding, seconds = Finding(), SECONDS.get(dose, 45.0)
    async with venue(folder, broken, RACE_MESSAGES_BURST=str(PACE.messages_burst)) as held:
        await begun(held)
        hall = Hall(held, finding, await held.people(PEOPLE.get(dose, 100)), PAUSE.get(dose, 2.0))
        hall.late = TOO_LATE if broken else LATE.get(dose, TOO_LATE)
        await hall.open()
        quiet = await hall.work(seconds)
        held.arm()
        before, flooder = held.memory(), Flooder(held, finding)
        await flooder.open()
        flood = asyncio.create_task(flooder.flood())
        busy = await hall.work(seconds)
        await stopped(flood)
        flooder.judge()
        grown = held.memory() - before
        finding.check(grown < MORE_MEMORY, f"the server grew by {grown:.0f} MB")
        finding.notes += [
            f"others wait {median(quiet):.0f} ms without the flooder and {median(busy):.0f} ms with (median); "
            f"{worst(quiet):.0f} and {worst(busy):.0f} ms for one in a hundred",
            f"the server grew by {grown:.0f} MB",
        ]
        await hall.close()
    return finding


def median(waits: list[float]) -> float:
    return 1000 * sorted(waits)[len(waits) // 2]


def worst(waits: list[float]) -> float:
    return 1000 * sorted(waits)[int(len(waits) * 0.99)]


class Hall:
    """People at their own pace."""

    def __init__(self, held: Venue, finding: Finding, phones: list[Phone], pause: float) -> None:
        self.held, self.finding, self.phones, self.chance = held, finding, phones, Random(1)
        self.pause, self.late = pause, TOO_LATE

    async def open(self) -> None:
        for phone in self.phones:
            await phone.load(keep=False)
            await phone.connect()

    async def work(self, seconds: float) -> list[float]:
        """Everybody votes and writes for a while; how long each answer took."""
        until = time.monotonic() + seconds
        waits = await asyncio.gather(*(self._person(phone, until) for phone in self.phones))
        return [wait for each in waits for wait in each]

    async def _person(self, phone: Phone, until: float) -> list[float]:
        waits = []
        while time.monotonic() < until:
            await asyncio.sleep(self.chance.uniform(0, self.pause))
            began = time.monotonic()
            try:
                told = await within(self._says(phone), 2 * self.late)
            except TimeoutError:
                told = f"nothing in {2 * self.late:.0f} s"
            waits.append(time.monotonic() - began)
            self.finding.check(isinstance(told, int), f"an honest person was answered {told}")
            self.finding.check(waits[-1] < self.late, f"an honest person waited {waits[-1]:.1f} s")
        return waits

    async def _says(self, phone: Phone) -> int | str:
        if self.chance.random() < 0.5:
            return await phone.say("add_card", CARDS, text=f"Card {self.chance.random()}")
        return await phone.say("cast_ballot", DOTS, option=self.chance.choices(OPTIONS, k=3))

    async def close(self) -> None:
        for phone in self.phones:
            self.finding.violations += phone.faults
            self.finding.check(phone.connected, f"an honest person was put out with {phone.codes}")
            await phone.leave()


class Flooder:
    """Somebody's script."""

    def __init__(self, held: Venue, finding: Finding) -> None:
        self.held, self.finding = held, finding
        self.forms: Counter[int] = Counter()
        self.began = self.ended = 0.0

    async def open(self) -> None:
        (first,) = await self.held.people(1)
        await first.load(keep=False)
        self.pages = [first, *(Phone(first.port, first.code, first.cookie) for _ in range(SOCKETS - 1))]
        for page in self.pages:
            page.person, page.seq = first.person, first.seq
            await page.connect()
        self.began, self.person = time.monotonic(), first.person

    async def flood(self) -> None:
        """As fast as the network takes it."""
        try:
            await asyncio.gather(*map(self._flood_socket, range(SOCKETS)), self._flood_forms())
        finally:
            self.ended = time.monotonic()

    async def _flood_socket(self, tab: int) -> None:
        number, page, line = 0, self.pages[tab], self.pages[tab].line
        assert line is not None
        while not page.codes:
            chunk = []
            for _ in range(CHUNK):
                number += 1
                name, text = f"f{tab}-{number}", f"Flood {tab} {number}"
                said = {"command": "add_card", "id": name, "phase": CARDS, "text": text}
                chunk.append(masked(TEXT, json.dumps(said).encode()))
            line.raw(b"".join(chunk))
            self.finding.injected += CHUNK
            await asyncio.sleep(BREATH)
            while line.transport.get_write_buffer_size() and not page.codes:
                await asyncio.sleep(BREATH)

    async def _flood_forms(self) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            async with Web(self.held.port) as web:
                while True:
                    card = {"command": "add_card", "phase": CARDS, "text": f"form {self.finding.injected}"}
                    answer = await web.post(f"/s/{self.held.code}/do?view=phone", card, self.pages[0].cookie)
                    self.forms[answer.status] += 1
                    self.finding.injected += 1

    def judge(self) -> None:
        seconds = self.ended - self.began
        allowed = PACE.messages_burst + PACE.messages_per_second * seconds + 1
        taken = [
            entry for entry in self.held.log() if entry.actor == self.person and entry.kind == "card_added"
        ]
        self.finding.check(len(taken) <= allowed, f"{len(taken):,} commands of the flooder were taken")
        self.finding.check(
            len(taken) >= PACE.messages_burst, f"only {len(taken)} commands of the flooder were taken"
        )
        by_socket = 0
        for tab, page in enumerate(self.pages):
            own = [e.command.rpartition(":")[0] for e in taken if e.command.startswith(f"f{tab}-")]
            numbers = [int(command.rpartition("-")[2]) for command in own]
            by_socket += len(numbers)
            whole = numbers == list(range(1, len(numbers) + 1))
            self.finding.check(whole, f"socket {tab}: lost or out of order among {numbers[:40]}")
            page.hang_up()
        self.finding.check(by_socket > 0, "nothing of what the flooder's sockets said was taken")
        self.finding.check(set(self.forms) <= {303, 429}, f"forms were answered with {self.forms}")
        self.finding.notes.append(
            f"{len(taken):,} of {self.finding.injected:,} commands of the flooder were taken in {seconds:.0f} s; "
            f"of {self.forms.total():,} forms {self.forms[429]:,} were told to wait"
        )
