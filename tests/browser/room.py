"""A room with real browsers in it: the facilitator's console, phones, the projector, on one running session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page, expect

from sessions.session import Session
from tests.conftest import Pages
from tests.support.house import Guest, House, house
from tests.support.stage import race48

SECONDS = 20.0
"""How long something may take on a busy machine before a story has failed."""
PHONE: Mapping[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LOCALES = {"en": "en-GB", "sv": "sv-SE", "fi": "fi-FI"}
SCREEN: Mapping[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
CONSOLE: Mapping[str, Any] = {"viewport": {"width": 1440, "height": 900}}
NAME = {
    "en": "Your name, as others shall see it",
    "sv": "Ditt namn, så som andra ska se det",
    "fi": "Nimesi sellaisena kuin muut sen näkevät",
}
JOIN = {"en": "Join", "sv": "Anslut", "fi": "Liity"}

expect.set_options(timeout=SECONDS * 1000)


def trimmed(*wanted: str, **rules: Mapping[str, Any]) -> dict[str, Any]:
    """race48 with these phases only; ``R03={...}`` adds to the rules of one. What is left out is asked for nowhere:
    inputs, and the terms that the check-in has people accept."""
    form = race48()
    unasked = {} if "R01" in wanted else {"terms": False}
    rows = {row["id"]: row for row in form["phase"] if row["id"] in wanted}
    phases = [
        {
            **rows[name],
            "inputs": [source for source in rows[name].get("inputs", ()) if source in rows],
            "rules": {**rows[name].get("rules", {}), **unasked, **rules.get(name, {})},
        }
        for name in wanted
    ]
    return {**form, "phase": phases}


@dataclass
class Room:
    """Where a session is, and the links that open its staff's views."""

    url: str
    code: str
    tokens: dict[str, list[str]]
    pages: Pages
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    """Browsers by their person's name."""

    @property
    def door(self) -> str:
        return f"{self.url}/s/{self.code}"

    async def console(self, name: str = "Kim", **options: Any) -> Page:
        """A facilitator opens the one-time link."""
        page = await self.pages(
            f"{self.url}/enter/{self.tokens['facilitator'].pop()}",
            **{**CONSOLE, "locale": "en-GB", **options},
        )
        self.contexts[name] = page.context
        await page.get_by_label(NAME["en"]).fill(name)
        await page.get_by_role("button", name="Open", exact=True).click()
        await page.wait_for_url(f"{self.door}/console")
        return await live(page)

    async def screen(self, **options: Any) -> Page:
        """The projector's machine opens its link."""
        page = await self.pages(
            f"{self.url}/enter/{self.tokens['screen'].pop()}", **{**SCREEN, "locale": "en-GB", **options}
        )
        self.contexts["screen"] = page.context
        await page.get_by_role("button", name="Open", exact=True).click()
        await page.wait_for_url(f"{self.door}/screen")
        return await live(page)

    async def phone(self, name: str, language: str = "en", url: str = "", **options: Any) -> Page:
        """Somebody joins by the form, in the language of their phone. ``url`` is another way to the server."""
        page = await self.pages(
            f"{url or self.url}/s/{self.code}", **{**PHONE, "locale": LOCALES[language], **options}
        )
        self.contexts[name] = page.context
        await page.get_by_label(NAME[language]).fill(name)
        await page.get_by_role("button", name=JOIN[language], exact=True).click()
        return await live(page)

    async def open(self, name: str, view: str = "") -> Page:
        """One more page of somebody who is in."""
        page = await self.pages.open_in(self.contexts[name], self.door + (f"/{view}" if view else ""))
        return await live(page)

    async def leave(self) -> None:
        """Everybody closes their browser (before the server stops, so that no page complains)."""
        for context in self.contexts.values():
            await context.close()


async def live(page: Page) -> Page:
    """The page once its socket is open and its script at work; it is marked, so that a reload would be noticed."""
    await page.wait_for_selector("body[data-seq]")
    await page.wait_for_function("() => window.htmx && !document.querySelector('#offline:not([hidden])')")
    await page.evaluate("() => { window.loadedOnce = true; }")
    return page


async def never_reloaded(*pages: Page) -> None:
    for page in pages:
        assert await page.evaluate("() => window.loadedOnce === true"), f"{page.url} was loaded anew"


def pane(page: Page, phase: str) -> Locator:
    """What a page shows of a phase."""
    return page.locator(f'.pane[id^="{phase}-"]')


async def next_phase(console: Page, title: str) -> None:
    """The facilitator presses the main button, and the console follows."""
    await console.locator("body:not([data-shifted]) #controls .button.main").click()
    await expect(console.locator("#band h1")).to_have_text(title)


async def sees_title(title: str, *pages: Page) -> None:
    for page in pages:
        await expect(page.locator("#band h1")).to_have_text(title)


@asynccontextmanager
async def room_of(data: Path, pages: Pages, form: dict[str, Any]) -> AsyncIterator[tuple[House, Room]]:
    """A server in this process with a session of a format, and the room in front of it."""
    async with house(data, form) as home:
        room = Room(home.url, home.code, home.tokens, pages)
        try:
            yield home, room
        finally:
            await room.leave()


async def state(home: House) -> Session:
    return (await home.desk()).session


async def took(guest: Guest, command: str, phase: str, **fields: Any) -> None:
    """Somebody without a browser gives a command that is accepted."""
    answer = await guest.post(command, phase, **fields)
    assert answer.status_code == 303, answer.text


class Wire:
    """A way to a server that can be cut and mended: a phone that opens pages through it loses its Wi-Fi."""

    def __init__(self, port: int) -> None:
        self.port, self.whole = port, True
        self.url = ""
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()

    async def lay(self) -> None:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """Every connection breaks, and new ones are not answered."""
        self.whole = False
        for end in list(self._ends):
            end.transport.abort()

    def mend(self) -> None:
        self.whole = True

    async def take_up(self) -> None:
        self.cut()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.whole:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        self._ends |= {writer, back}
        try:
            await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))
        finally:
            self._ends -= {writer, back}


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    with suppress(OSError):
        sink.close()


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[Wire]:
    """A wire to the server at a url."""
    laid = Wire(int(url.rpartition(":")[2]))
    await laid.lay()
    try:
        yield laid
    finally:
        await laid.take_up()
