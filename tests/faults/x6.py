"""Codes are guessed, with cookies and without, while a hall of people joins from the same address."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from app.database import open_database
from app.people.codes import ALPHABET, LENGTH
from app.people.store import People
from app.web.join_limits import ALL_WRONG_CODES, STRANGERS
from app.web.room_word import RoomWords
from app.web.slots import SLOT_SECONDS
from tests.faults.finding import SMALL, Finding
from tests.faults.venue import Venue, venue
from tests.faults.web import Answer, Web

CHECKED = (
    "everybody in the hall joins, also those who mistype: whoever has seen the wall is never told to wait, and whoever "
    "types the code waits for a turn and gets it; whoever guesses, with a cookie that was just given or with none, "
    "shares one purse with all the others, and one queue"
)
BROKEN = ("by_address",)
PROVED = BROKEN

HONEST = {SMALL: 60}
DEVICES = {SMALL: 3}
"""Devices that guess, each with its cookie."""
GUESSES = {SMALL: 40}
"""Tries of each."""
BARE = {SMALL: 4}
"""Guessers that keep no cookie; they go on until the hall is in."""
AT_ONCE = 12
"""People who come through the door at the same time."""
TYPED = {SMALL: 15}
"""Of so many people one types the code; the others point their camera at the wall."""
MISTYPE = 0.3
"""Share of the people who type the code, wrong first."""
BREATH = {SMALL: 0.02}
"""Seconds between two guesses of one who keeps no cookie; in full none."""
PATIENCE = {SMALL: 40.0}
"""Real seconds that somebody goes on pressing who has typed the code."""


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding(broken=broken)
    async with venue(folder, broken) as held:
        held.arm()
        night = Night(held, finding, Random(1), dose)
        async with asyncio.TaskGroup() as bare:
            for _ in range(BARE.get(dose, 16)):
                bare.create_task(night.guess_without_cookies())
            await night.purse_is_empty()
            devices = [night.guess_with_cookie(GUESSES.get(dose, 200)) for _ in range(DEVICES.get(dose, 200))]
            await asyncio.gather(night.hall_comes_in(HONEST.get(dose, 5000)), *devices)
            night.over = True
        night.judge(HONEST.get(dose, 5000))
    return finding


class Night:
    """One door, and everybody at it."""

    def __init__(self, held: Venue, finding: Finding, chance: Random, dose: str) -> None:
        self.held, self.finding, self.chance = held, finding, chance
        self.breath = BREATH.get(dose, 0.0)
        self.typed, self.patience = TYPED.get(dose, 100), PATIENCE.get(dose, 300.0)
        self.words = RoomWords(People(open_database(held.folder)).sign)
        self.over = False
        self.began = time.monotonic()
        self.joined = self.mistyped = 0
        self.seconds: list[float] = []
        self.waits: list[float] = []
        self.bare: Counter[int] = Counter()
        self.young: Counter[int] = Counter()
        self.codes: Iterator[str] = iter(self._guessed, None)

    def _guessed(self) -> str:
        self.finding.injected += 1
        return "".join(self.chance.choices(ALPHABET, k=LENGTH))

    # ---- the guilty

    async def purse_is_empty(self) -> None:
        """Wait until those without cookies have used up what there is for all of them."""
        async with asyncio.timeout(60):
            while not self.bare[303] + self.bare[429]:
                await asyncio.sleep(0.01)

    async def guess_without_cookies(self) -> None:
        """Guess after guess, each as if for the first time."""
        async with Web(self.held.port) as web:
            while not self.over:
                answer = await web.get(f"/s/{next(self.codes)}")
                self.bare[answer.status] += 1
                await asyncio.sleep(self.breath)

    async def guess_with_cookie(self, tries: int) -> None:
        """A device that keeps its cookie, and guesses by every way there is; and then the right code."""
        async with Web(self.held.port) as web:
            cookie = (await web.get("/")).cookies
            for number in range(tries):
                self.young[(await self._try(web, next(self.codes), cookie, number)).status] += 1
            await self._try(web, self.held.code, cookie, 0)

    async def _try(self, web: Web, code: str, cookie: str, number: int) -> Answer:
        if number % 3 == 0:
            return await web.post("/join", {"code": code}, cookie)
        if number % 3 == 1:
            return await web.get(f"/s/{code}", cookie)
        return await web.post(f"/s/{code}/join", {"name": "Guesser"}, cookie)

    # ---- the hall

    async def hall_comes_in(self, people: int) -> None:
        waiting = iter(range(people))

        async def queue() -> None:
            for number in waiting:
                await self._comes_in(number)

        await asyncio.gather(*(queue() for _ in range(min(AT_ONCE, people))))

    async def _comes_in(self, number: int) -> None:
        """By the picture on the wall, or by typing the code, and then with a name."""
        began, cookie, path, seen = time.monotonic(), "", f"/s/{self.held.code}", ""
        if number % self.typed:
            seen = f"?w={self.words.word(self.held.code)}"
        else:
            cookie = await self._types(number)
        async with Web(self.held.port) as web:
            door = await web.get(f"{path}{seen}", cookie)
            cookie = cookie or door.cookies
            told = await web.post(f"{path}/join{seen}", {"name": f"Guest {number}", "language": "fi"}, cookie)
            page = await web.get(path, f"{cookie}; {told.cookies}")
        fine = (door.status, told.status, page.status) == (200, 303, 200) and "data-person" in page.text
        self.finding.check(fine, f"guest {number} was answered {door.status}, {told.status}, {page.status}")
        self.joined += fine
        (self.seconds if seen else self.waits).append(time.monotonic() - began)

    async def _types(self, number: int) -> str:
        async with Web(self.held.port) as web:
            cookie = (await web.get("/")).cookies
        if self.chance.random() < MISTYPE:
            self.mistyped += 1
            wrong = f"{self.held.code[:-1]}{ALPHABET[number % 32]}"
            told = await self._pressed(wrong, cookie)
            self.finding.check(told in (303, 404), f"guest {number} mistyped and was told {told}")
        told = await self._pressed(self.held.code.lower(), cookie)
        self.finding.check(told == 303, f"guest {number} typed the code and was told {told}")
        return cookie

    async def _pressed(self, code: str, cookie: str) -> int:
        """What somebody is told who presses again whenever the page says so."""
        until = time.monotonic() + self.patience
        while True:
            async with Web(self.held.port) as web:  # the one before is closed while somebody waits
                answer = await web.post("/join", {"code": code}, cookie)
            if answer.status != 429 or time.monotonic() > until or self.finding.found_out:
                return answer.status
            seconds = float(dict(answer.headers)["retry-after"])
            await asyncio.sleep(min(seconds, max(0.0, until - time.monotonic())))

    # ---- what came of it

    def judge(self, people: int) -> None:
        seconds = time.monotonic() - self.began
        looked_up, most = self.bare[404] + self.young[404], STRANGERS + seconds * (0.5 + 1 / SLOT_SECONDS) + 1
        self.finding.check(self.joined == people, f"{self.joined} of {people} came in")
        self.finding.check(looked_up <= most, f"{looked_up} codes were looked up for nobody in particular")
        strange = set(self.bare | self.young) - {303, 404, 429}
        self.finding.check(not strange, f"a guess was answered with {strange}")
        quick, waited = sorted(self.seconds), sorted(self.waits)
        self.finding.notes += [
            f"{self.joined:,} of {people:,} came in within {seconds:.0f} s, {self.mistyped} of them mistyped",
            f"who has seen the wall needs {quick[len(quick) // 2]:.2f} s (median), {quick[-1]:.2f} s at the most, for "
            f"all the pages; who types the code {waited[len(waited) // 2]:.0f} s, {waited[-1]:.0f} s at the most",
            f"{looked_up} codes were looked up and {sum((self.bare | self.young).values()) - looked_up:,} were not",
            f"the house's budget is {ALL_WRONG_CODES} wrong codes",
        ]
