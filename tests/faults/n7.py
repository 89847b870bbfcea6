"""Phones sleep for eight hours of the race, through phases that open and close without them."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from tests.faults.finding import SMALL, Finding
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.venue import CARDS, Venue, heard
from tests.support.stage import phase, race48, words

CHECKED = (
    "a phone that wakes gets what it missed (or is told to load itself anew) and then shows what a phone shows that "
    "never slept; what waited in it is answered"
)

PHONES = {SMALL: 10}
NIGHTS = {SMALL: 1}
HOURS = 8.0
RATE = 14_400.0
"""Race seconds in a real second: eight hours take two."""
TALK = 25
"""Things that happen while the phones sleep."""


async def run(dose: str, folder: Path) -> Finding:
    finding = Finding()
    began = time.time()
    held = Venue(folder, RACE_CLOCK_ORIGIN=repr(began), RACE_CLOCK_RATE=repr(RATE))
    await held.begin(long_race(), began)
    try:
        await held.start()
        console = await held.staff()
        await console.load(keep=False)
        await console.connect()
        assert isinstance(await console.say("open_phase", "H0"), int)
        phones = await held.people(PHONES.get(dose, 100))
        awake = (await held.people(1))[0]
        for phone in (*phones, awake):
            await phone.load()
            await phone.connect()
        ledger = Ledger(held, [*phones, awake, console])
        for _ in range(NIGHTS.get(dose, 5)):
            await night(phones, awake, console, finding)
        finding.violations += ledger.audit()
        for phone in (*phones, awake, console):
            await phone.leave()
    finally:
        await held.kill()
    return finding


def long_race() -> dict[str, Any]:
    """Phases of an hour each with cards without end, so many that nobody comes to the last; the clock leads through."""
    shelves = {key: value for key, value in race48().items() if key not in ("phase", "key", "title")}
    rows = [
        phase("collect", f"H{n}", minutes=60, who=["everyone"], ends="close", rules={"per_person": 10**6})
        for n in range(200)
    ]
    always = phase(
        "collect", CARDS, minutes=60 * 2000, who=["everyone"], beside="H0", rules={"per_person": 10**6}
    )
    return {**shelves, "key": "long", "title": words("Long"), "phase": [*rows, always]}


async def night(phones: list[Phone], awake: Phone, console: Phone, finding: Finding) -> None:
    """Some fall asleep with words of theirs still on the way."""
    for number, phone in enumerate(phones):
        phone.hang_up()
        if number % 2:
            phone.give(
                "announce" if number % 5 == 0 else "add_card",
                CARDS,
                text=f"Written in bed {number} {phone.seq}",
            )
    step = HOURS * 3600 / RATE / TALK
    for number in range(TALK):
        await console.say("add_card", CARDS, text=f"At night {number} {console.seq}")
        if number % 5 == 0:
            await console.say("next_phase", "")
        await asyncio.sleep(step)
    await asyncio.gather(*(phone.connect_somehow() for phone in phones))
    finding.injected += len(phones)
    for phone in phones:
        await phone.until(lambda p=phone: not p.outbox)
    await heard(console, [p for p in phones if not p.reloads] + [awake])
    for phone in (*phones, awake):
        if phone.reloads:
            continue
        if difference := await phone.differs():
            finding.violations.append(f"the page of {phone.person} differs: {difference}")
    finding.notes.append(
        f"{sum(bool(phone.reloads) for phone in phones)} of {len(phones)} had to load themselves anew"
    )
