"""The server is killed while people type in a real Chromium, and what others do is pushed into their pages then."""

from __future__ import annotations

import asyncio
import string
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, expect

from tests.browser.room import Room, pane, trimmed
from tests.browser.test_interruptions import caret, expect_cuts, put_caret, send, situation, texts_in_log
from tests.conftest import Pages, launched
from tests.faults.finding import SMALL, Finding
from tests.faults.phone import Phone
from tests.faults.venue import Venue

CHECKED = (
    "every letter that was typed stands where it was typed, focus and caret stay, no page is loaded anew, pages catch "
    "up; and what was sent is in the log once"
)
BROKEN = ("reload_all",)
BROWSER = True

WRITERS = {SMALL: ("sv", "fi")}
"""The languages of those who type."""
KILLS = {SMALL: 2}
PHASE = "R03"
LETTERS = 14
"""Typed without a pause, a new letter each so many milliseconds; the kill falls somewhere in between."""
BETWEEN = 50
TOLD = 20.0
"""Real seconds in which a page has caught up."""


@dataclass
class Writer:
    """Somebody at a field, and what should be in it."""

    page: Page
    text: str = ""

    async def type(self, chance: Random) -> None:
        """Go on at some place in the text."""
        at = chance.randint(0, len(self.text))
        word = "".join(chance.choices(string.ascii_lowercase, k=LETTERS))
        await situation(self.page).focus()
        await put_caret(situation(self.page), at)
        await self.page.keyboard.type(word, delay=BETWEEN)
        self.text = self.text[:at] + word + self.text[at:]
        self.caret = at + len(word)

    async def differs(self) -> str:
        """What is not as it was left; "" if all is."""
        value = await situation(self.page).input_value()
        where = await caret(situation(self.page))
        if value != self.text:
            return f"the field holds {value!r}, typed was {self.text!r}"
        if where != (True, self.caret):
            return f"focus and caret are {where}, and should be at {self.caret}"
        stayed = await self.page.evaluate("() => window.loadedOnce === true")
        return "" if stayed else "the page was loaded anew"


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding()
    held = Venue(folder, broken)
    await held.begin(trimmed(PHASE, "R04", R03={"silent_minutes": 0, "per_person": 10**6}))
    async with launched() as browser:
        pages = Pages(browser)
        expect_cuts(pages)
        room = Room(f"http://127.0.0.1:{held.port}", held.code, held.tokens, pages)
        try:
            await held.start()
            console, writers = await come_in(held, room, WRITERS.get(dose, ("sv", "fi", "en", "sv")))
            held.arm()
            await play(held, console, writers, KILLS.get(dose, 30), finding)
            finding.violations += pages.errors
        finally:
            await room.leave()
            await held.kill()
    return finding


async def come_in(held: Venue, room: Room, languages: Sequence[str]) -> tuple[Phone, list[Writer]]:
    """The facilitator, who opens the phase, and those who will type."""
    console = await held.staff()
    await console.load(keep=False)
    await console.connect()
    assert isinstance(await console.say("open_phase", PHASE), int)
    return console, [Writer(await room.phone(f"Writer {n}", said)) for n, said in enumerate(languages)]


async def play(held: Venue, console: Phone, writers: list[Writer], kills: int, finding: Finding) -> None:
    """Kill after kill, until something is wrong; after each one of them sends what they have written."""
    chance, sent = Random(1), list[str]()
    for number in range(kills):
        await kill_while_they_type(held, console, writers, chance)
        finding.injected += len(writers)
        for writer in writers:
            if wrong := await settled(writer, console):
                finding.violations.append(f"after kill {number + 1}: {wrong}")
                return
        sent.append(await hand_in(writers[number % len(writers)]))
    stands = [text for text in await texts_in_log(held.folder, held.code) if text in sent]
    finding.check(sorted(stands) == sorted(sent), f"of {sent} the log holds {stands}")


async def kill_while_they_type(held: Venue, console: Phone, writers: list[Writer], chance: Random) -> None:
    """In the middle of a word; another server starts while they type on, and others go on as well."""
    typing = asyncio.gather(*(writer.type(chance) for writer in writers))
    await asyncio.sleep(chance.uniform(0.0, LETTERS * BETWEEN / 1000.0))
    await held.kill()
    await held.start()
    await console.connect_somehow()
    for _ in range(3):
        await console.say("add_card", PHASE, situation=f"A problem {chance.random()}")
    await typing


async def settled(writer: Writer, console: Phone) -> str:
    """Wait until a page has heard what was said after the kill; what is wrong with it then."""
    word = f"Do you hear {console.seq}?"
    await console.say("announce", text=word)
    try:
        await expect(writer.page.locator("#notices")).to_contain_text(word, timeout=TOLD * 1000)
        return await writer.differs()
    except AssertionError:
        return f"the page has not caught up after {TOLD:.0f} s"
    except PlaywrightError as error:
        return f"the page is not there to be looked at: {error}"


async def hand_in(writer: Writer) -> str:
    """Send what was written, and go on with an empty field; the words that were sent."""
    words, writer.text = writer.text, ""
    await send(writer.page)
    own = pane(writer.page, PHASE).locator("#R03-own > .card").filter(has_text=words)
    await expect(own).to_have_count(1)
    await expect(situation(writer.page)).to_have_value("")
    return words
