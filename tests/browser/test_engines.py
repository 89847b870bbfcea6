"""One short story in the engines of the other phones: join, write while others are heard, vote, and a server that goes."""

from __future__ import annotations

import asyncio
import time
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import pytest

from app.database import open_database
from app.planning.create_session import Plan, create_session
from app.rehearsal.venue.server import Server
from tests.browser.engines import ENGINES, Engine, sees
from tests.browser.room import trimmed
from tests.support.house import http_client

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

FORM = trimmed("R03", "R04", "R05", R03={"silent_minutes": 0})
FIELD = "document.querySelector('form[data-draft=R03-add] [name=situation]')"
LEGENDS = """
[...document.querySelectorAll('.option')].map(el => {
  const box = el.getBoundingClientRect(), words = el.querySelector('p').getBoundingClientRect();
  return words.top >= box.top + 4 && words.bottom <= box.bottom;
})
"""
"""Whether the words of each option lie inside of its box."""


@dataclass
class Others:
    """A facilitator and somebody else, without browsers."""

    url: str
    code: str
    kim: httpx.AsyncClient
    bea: httpx.AsyncClient

    async def press(self, command: str, **fields: str) -> None:
        await self._tell(self.kim, "console", command=command, **fields)

    async def write(self, situation: str) -> None:
        await self._tell(self.bea, "phone", command="add_card", phase="R03", situation=situation)

    async def _tell(self, who: httpx.AsyncClient, view: str, **fields: str) -> None:
        answer = await who.post(f"/s/{self.code}/do?view={view}", data=fields)
        assert answer.status_code == 303, answer.text


@asynccontextmanager
async def event(data: Path) -> AsyncIterator[tuple[Server, Others]]:
    """A server in a process of its own, with a session and the two others in it."""
    server = Server(data, 1.0)
    await server.start()
    url = f"http://127.0.0.1:{server.port}"
    database = open_database(data)
    founded = await create_session(database, Plan(FORM, time.time()), ("facilitator",))
    await database.close()
    async with http_client(url) as kim, http_client(url) as bea:
        await kim.post(f"/enter/{founded.tokens[0]}", data={"name": "Kim"})
        await bea.post(f"/s/{founded.code}/join", data={"name": "Bea", "language": "en"})
        try:
            yield server, Others(url, founded.code, kim, bea)
        finally:
            await server.stop()


async def photograph(page: Engine, file: Path) -> None:
    """For people to look at."""
    picture = b64decode(await page.picture())
    await asyncio.to_thread(file.write_bytes, picture)


async def join(page: Engine, others: Others) -> None:
    await page.go(f"{others.url}/s/{others.code}?lang=en")
    await page.run("document.querySelector('[name=name]').focus()")
    await page.press("Aino")
    await page.run("document.querySelector('form .button.main').click()")
    await sees(
        page, "document.body?.dataset.seq && window.htmx && document.querySelector('#band h1')?.textContent"
    )
    await sees(page, "document.querySelector('#offline') && document.querySelector('#offline').hidden")


async def write_while_others_are_heard(page: Engine, others: Others) -> None:
    """What is pushed while somebody types moves neither words nor caret."""
    await others.press("open_phase", phase="R03")
    await sees(page, f"!!{FIELD}")
    await page.run(f"{FIELD}.focus()")
    await page.press("The bus ")
    await others.write("Snow lies on the road")
    await sees(page, "document.querySelector('#R03-cards')?.textContent.includes('Snow lies')")
    await page.press("is late")
    assert await page.run(f"[{FIELD}.value, document.activeElement === {FIELD}]") == ["The bus is late", True]
    await page.run("document.querySelector('form[data-draft=R03-add] .button.main').click()")
    await sees(page, "document.querySelector('#R03-own')?.textContent.includes('The bus is late')")
    assert await page.run(f"{FIELD}.value") == ""


async def write_while_the_server_is_gone(page: Engine, server: Server) -> None:
    """It waits on the device, and goes by itself when the server is back."""
    await server.kill()
    await sees(page, "!document.querySelector('#offline').hidden")
    await page.run(f"{FIELD}.focus()")
    await page.press("Written alone")
    await page.run("document.querySelector('form[data-draft=R03-add] .button.main').click()")
    await sees(page, "document.querySelector('[data-outbox]')?.textContent.includes('Written alone')")
    await server.start()
    await sees(page, "document.querySelector('#R03-own').textContent.includes('Written alone')")
    assert await page.run("document.querySelectorAll('#R03-own > .card').length") == 2
    await sees(page, "document.querySelector('#offline').hidden")


async def vote(page: Engine, others: Others) -> None:
    await others.press("open_phase", phase="R04")
    await sees(page, "document.querySelectorAll('#R04-ballot .option').length === 3")
    assert await page.run(LEGENDS) == [True, True, True], "words lie on the border of their box"
    await page.run("document.querySelector('#R04-ballot .dot').click()")
    await page.run("document.querySelector('#R04-ballot .button.main').click()")
    await sees(
        page,
        "document.querySelector('#R04-ballot [data-in]:not([hidden])')?.textContent.includes('ballot is in')",
    )
    assert "ballot is in" in await page.run("document.querySelector('#heard').textContent")


async def wish(page: Engine, others: Others) -> None:
    await others.press("open_phase", phase="R05")
    await sees(page, "document.querySelectorAll('#R05-wish .option').length")
    assert all(await page.run(LEGENDS)), "words lie on the border of their box"


@pytest.mark.parametrize("name", ENGINES)
async def test_an_event_in_the_engine_of_other_phones(tmp_path: Path, name: str) -> None:
    async with event(tmp_path / "data") as (server, others), ENGINES[name](tmp_path / name) as page:
        await join(page, others)
        await photograph(page, tmp_path / "joined.png")
        await write_while_others_are_heard(page, others)
        await write_while_the_server_is_gone(page, server)
        await photograph(page, tmp_path / "written.png")
        await vote(page, others)
        await photograph(page, tmp_path / "voted.png")
        await wish(page, others)
        await photograph(page, tmp_path / "wished.png")
