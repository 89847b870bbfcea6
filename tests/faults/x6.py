"""Codes are guessed, with cookies and without, while a hall of people joins from the same address."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from app.people.codes import ALPHABET, LENGTH
from app.web.join_limits import ALL_WRONG_CODES, FEW, STRANGERS, WRONG_CODES
from tests.faults.finding import SMALL, Finding
from tests.faults.venue import Venue, venue
from tests.faults.web import Answer, Web

CHECKED = (
    "everybody in the hall joins, also those who mistype, and nobody of them is told to wait; each device that guesses "
    "is stopped after its few tries, whatever it guesses; those without cookies share one purse"
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
MISTYPE = 0.1
"""Share of the people who type the code, wrong first."""


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding()
    async with venue(folder, broken) as held:
        held.arm()
        night = Night(held, finding, Random(1))
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

    def __init__(self, held: Venue, finding: Finding, chance: Random) -> None:
        self.held, self.finding, self.chance = held, finding, chance
        self.over = False
        self.began = time.monotonic()
        self.joined = self.mistyped = 0
        self.seconds: list[float] = []
        self.bare: Counter[int] = Counter()
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

    async def guess_with_cookie(self, tries: int) -> None:
        """A device that keeps its cookie, and guesses by every way there is; and then the right code."""
        async with Web(self.held.port) as web:
            cookie, began = (await web.get("/")).cookies, time.monotonic()
            told = Counter[int]()
            for number in range(tries):
                told[(await self._try(web, next(self.codes), cookie, number)).status] += 1
            right = await self._try(web, self.held.code, cookie, 0)
        minutes = (time.monotonic() - began) / 60
        self.finding.check(
            told[404] <= WRONG_CODES + minutes + 0.5, f"a device had {told[404]} codes looked up"
        )
        self.finding.check(told[404] >= FEW, f"a device had only {told[404]} tries: {told}")
        self.finding.check(set(told) <= {404, 429}, f"a guess was answered with {told}")
        self.finding.check(
            right.status == 429 or minutes > 0.4, f"a device that is stopped got in: {right.status}"
        )

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
            async with Web(self.held.port) as web:
                for number in waiting:
                    await self._comes_in(web, number)

        await asyncio.gather(*(queue() for _ in range(min(AT_ONCE, people))))

    async def _comes_in(self, web: Web, number: int) -> None:
        """By the picture on the wall, or by typing the code, and then with a name."""
        began, cookie = time.monotonic(), ""
        if number % 2:
            cookie = await self._types(web, number)
        door = await web.get(f"/s/{self.held.code}", cookie)
        if door.status == 303:  # a browser keeps the cookie and follows by itself
            cookie = cookie or door.cookies
            door = await web.get(dict(door.headers)["location"], cookie)
        cookie = cookie or door.cookies
        told = await web.post(
            f"/s/{self.held.code}/join", {"name": f"Guest {number}", "language": "fi"}, cookie
        )
        page = await web.get(f"/s/{self.held.code}", f"{cookie}; {told.cookies}")
        fine = (door.status, told.status, page.status) == (200, 303, 200) and "data-person" in page.text
        self.finding.check(fine, f"guest {number} was answered {door.status}, {told.status}, {page.status}")
        self.joined += fine
        self.seconds.append(time.monotonic() - began)

    async def _types(self, web: Web, number: int) -> str:
        cookie = (await web.get("/")).cookies
        if self.chance.random() < 2 * MISTYPE:
            self.mistyped += 1
            wrong = await web.post("/join", {"code": f"{self.held.code[:-1]}{ALPHABET[number % 32]}"}, cookie)
            self.finding.check(
                wrong.status in (303, 404), f"guest {number} mistyped and was told {wrong.status}"
            )
        typed = await web.post("/join", {"code": self.held.code.lower()}, cookie)
        self.finding.check(typed.status == 303, f"guest {number} typed the code and was told {typed.status}")
        return cookie

    # ---- what came of it

    def judge(self, people: int) -> None:
        seconds, purse = time.monotonic() - self.began, STRANGERS
        looked_up = self.bare[404]
        self.finding.check(self.joined == people, f"{self.joined} of {people} came in")
        self.finding.check(
            looked_up <= purse + seconds * 0.5 + 1,
            f"{looked_up} codes were looked up for nobody in particular",
        )
        self.finding.check(set(self.bare) <= {303, 404, 429}, f"a guess was answered with {self.bare}")
        waited = sorted(self.seconds)
        self.finding.notes += [
            f"{self.joined:,} of {people:,} came in within {seconds:.0f} s, {self.mistyped} of them mistyped",
            f"one needs {waited[len(waited) // 2]:.2f} s (median), {waited[-1]:.2f} s at the most, for all the pages",
            f"without cookies {looked_up} codes were looked up and {self.bare[303] + self.bare[429]:,} were not",
            f"the house's budget is {ALL_WRONG_CODES} wrong codes",
        ]
