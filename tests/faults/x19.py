"""A door is stormed by fakes with fresh cookies while a hall of people comes in by the picture on its wall."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from app.database import open_database
from app.people.store import People
from app.web.join_limits import CROWD, CROWD_PER_SECOND
from app.web.room_word import RoomWords
from tests.faults.finding import SMALL, Finding
from tests.faults.venue import Venue, begun, venue
from tests.faults.web import Web

CHECKED = (
    "everybody who has seen the wall comes in; of the fakes no more than twice as many as are expected and a few; the "
    "others wait, and nothing of them is in the log"
)
BROKEN = ("wide_door",)
PROVED = BROKEN

EXPECTED = {SMALL: 10}
FAKES = {SMALL: 150}
STORMERS = 4
"""Fakes that come at the same time."""


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding(broken=broken)
    async with venue(folder, broken) as held:
        storm = Storm(held, finding, EXPECTED.get(dose, 53))
        await storm.set_up()
        held.arm()
        fakes = iter(range(FAKES.get(dose, 20_000)))
        await asyncio.gather(storm.hall(), *(storm.come(fakes) for _ in range(STORMERS)))
        storm.judge()
    return finding


class Storm:
    """At the door of one session."""

    def __init__(self, held: Venue, finding: Finding, expected: int) -> None:
        self.held, self.finding, self.expected = held, finding, expected
        self.words = RoomWords(People(open_database(held.folder)).sign)
        self.told: Counter[str] = Counter()
        self.began = time.monotonic()

    async def set_up(self) -> None:
        console = await begun(self.held)
        told = await console.say("set_door", state="open", expected=str(self.expected))
        assert isinstance(told, int), told
        await console.leave()
        self.before = self._joined()

    def _joined(self) -> int:
        return sum(entry.kind == "joined" for entry in self.held.log())

    async def come(self, fakes: Iterator[int]) -> None:
        """Fakes, each with a cookie that it has just been given."""
        for number in fakes:
            async with Web(self.held.port) as web:
                door = await web.get(f"/s/{self.held.code}")
                name = {"name": f"Fake {number}"}
                answer = await web.post(f"/s/{self.held.code}/join", name, door.cookies)
                page = await web.get(f"/s/{self.held.code}", f"{door.cookies}; {answer.cookies}")
            self.finding.injected += 1
            self.told["in" if "data-person" in page.text else "out"] += 1

    async def hall(self) -> None:
        """As many honest people as are expected."""
        for number in range(self.expected):
            path, seen = f"/s/{self.held.code}", f"?w={self.words.word(self.held.code)}"
            async with Web(self.held.port) as web:
                door = await web.get(f"{path}{seen}")
                answer = await web.post(f"{path}/join{seen}", {"name": f"Guest {number}"}, door.cookies)
                page = await web.get(path, f"{door.cookies}; {answer.cookies}")
            self.finding.check("data-person" in page.text, f"guest {number} was told {answer.status}")

    def judge(self) -> None:
        seconds = time.monotonic() - self.began
        most = 2 * self.expected + CROWD + seconds * CROWD_PER_SECOND + 1
        self.finding.check(self.told["in"] <= most, f"{self.told['in']} fakes came in")
        joined = self._joined() - self.before
        self.finding.check(
            joined == self.told["in"] + self.expected, f"{joined} joined, and {self.told} fakes"
        )
        self.finding.notes.append(f"of the fakes {dict(self.told)}, of {self.expected} honest people all")
