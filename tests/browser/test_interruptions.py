"""Phones, servers and people that come and go: nothing that was written is lost, and nothing arrives twice."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from app.database import open_database
from app.planning.create_session import Founded, Plan, create_session
from app.rehearsal.venue.server import Server
from app.streams.journal import open_journal
from sessions.activities.vote import Vote
from tests.browser.room import (
    Room,
    live,
    never_reloaded,
    next_phase,
    pane,
    room_of,
    sees_title,
    state,
    took,
    trimmed,
    wire,
)
from tests.conftest import Pages

COLLECT = trimmed("R03", "R04", "R06", "R07", R03={"silent_minutes": 0})


def expect_cuts(pages: Pages) -> None:
    """Chromium itself complains about each try while there is no way to the server."""
    for complaint in ("net::ERR_", "htmx:ws:error", "before receiving a handshake response"):
        pages.expect_error(complaint)


def situation(phone: Page) -> Locator:
    """The field of R03 that a card is about."""
    return pane(phone, "R03").locator("textarea[name=situation]").first


async def send(phone: Page) -> None:
    await pane(phone, "R03").locator("form .button.main").first.click()


def cards(page: Page, text: str) -> Locator:
    """Own cards with these words, as the server has them."""
    return page.locator("#R03-own > .card").filter(has_text=text)


async def caret(field: Locator) -> tuple[bool, int]:
    """Whether the field has focus, and where its caret stands."""
    focused, at = await field.evaluate("field => [document.activeElement === field, field.selectionStart]")
    return bool(focused), int(at)


async def put_caret(field: Locator, at: int) -> None:
    await field.evaluate("(field, at) => field.setSelectionRange(at, at)", at)


async def test_pushes_leave_alone_what_somebody_is_writing(tmp_path: Path, open_page: Pages) -> None:
    async with room_of(tmp_path, open_page, COLLECT) as (home, room):
        console, elsa = await room.console(), await room.phone("Elsa", "sv")
        others = [await home.guest(f"Guest {n}", live=False) for n in range(3)]
        await next_phase(console, "Good problems")
        await situation(elsa).fill("Bussen kommer")
        await put_caret(situation(elsa), 6)
        for number in range(9):
            await took(others[number % 3], "add_card", "R03", situation=f"Problem {number}")
            await elsa.keyboard.type("xyz"[number % 3])
        await console.get_by_role("button", name="+5 minutes").click()
        await console.get_by_label("Announcement").fill("Soppan är klar")
        await console.get_by_role("button", name="Announce").click()
        await expect(elsa.locator("#notices")).to_contain_text("Soppan är klar")
        await expect(pane(elsa, "R03").filter(has_text="Problem 8")).to_be_visible()
        await expect(situation(elsa)).to_have_value("Bussenxyzxyzxyz kommer")
        assert await caret(situation(elsa)) == (True, 15)
        await never_reloaded(elsa)


async def test_a_reload_in_the_middle_of_a_sentence_keeps_the_draft(tmp_path: Path, open_page: Pages) -> None:
    async with room_of(tmp_path, open_page, COLLECT) as (_, room):
        console, aino = await room.console(), await room.phone("Aino", "fi")
        await next_phase(console, "Good problems")
        await situation(aino).press_sequentially("Tie aurataan liian")
        await aino.reload()
        await expect(situation(aino)).to_have_value("Tie aurataan liian")
        await expect(pane(aino, "R03").locator("[data-saved]").first).to_have_text("Luonnos tallessa")
        await situation(aino).focus()
        await aino.keyboard.press("End")
        await aino.keyboard.type(" myöhään")
        await send(aino)
        await expect(cards(aino, "Tie aurataan liian myöhään")).to_have_count(1)
        await expect(situation(aino)).to_have_value("")
        await aino.reload()
        await expect(cards(aino, "Tie aurataan liian myöhään")).to_have_count(1)
        await expect(situation(aino)).to_have_value("")


async def test_a_refusal_says_why_in_the_persons_language_and_keeps_the_text(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, COLLECT) as (_, room):
        console, aino = await room.console(), await room.phone("Aino", "fi")
        await next_phase(console, "Good problems")
        await situation(aino).fill("Sama ongelma")
        await send(aino)
        await expect(cards(aino, "Sama ongelma")).to_have_count(1)
        await situation(aino).fill("Sama ongelma")
        await send(aino)
        refusal = aino.locator("#refusals .card")
        await expect(refusal).to_contain_text("Olet jo lähettänyt tämän kortin.")
        await expect(refusal).to_contain_text("Sama ongelma")
        await expect(situation(aino)).to_have_value("Sama ongelma")
        await refusal.get_by_role("button").click()
        await expect(refusal).to_have_count(0)
        await expect(situation(aino)).to_have_value("Sama ongelma")


# ---- the server dies


@asynccontextmanager
async def house_that_falls(
    data: Path, pages: Pages, form: dict[str, Any]
) -> AsyncIterator[tuple[Server, Room]]:
    """A server in a process of its own, which may be killed and started again, with a session."""
    server = Server(data, 1.0)
    await server.start()
    roles = ("facilitator", "screen")
    founded = await _begin(data, form, roles)
    tokens = {role: [token] for role, token in zip(roles, founded.tokens, strict=True)}
    room = Room(f"http://127.0.0.1:{server.port}", founded.code, tokens, pages)
    try:
        yield server, room
    finally:
        await room.leave()
        await server.stop()


async def _begin(data: Path, form: dict[str, Any], roles: tuple[str, ...]) -> Founded:
    database = open_database(data)
    try:
        return await create_session(database, Plan(form, time.time()), roles)
    finally:
        await database.close()


async def texts_in_log(data: Path, code: str) -> list[str]:
    """The situations of all cards that are on disk."""
    database = open_database(data)
    journal = open_journal(database)
    try:
        events = await journal.read(code)
    finally:
        await journal.close()
        await database.close()
    return [event.body["fields"]["situation"] for event in events if event.kind == "card_added"]


async def test_a_killed_server_loses_and_doubles_nothing(tmp_path: Path, open_page: Pages) -> None:
    expect_cuts(open_page)
    async with house_that_falls(tmp_path, open_page, COLLECT) as (server, room):
        console = await room.console()
        elsa, aino = await room.phone("Elsa", "sv"), await room.phone("Aino", "fi")
        await next_phase(console, "Good problems")
        await sees_title("Goda problem", elsa)
        await sees_title("Hyvät ongelmat", aino)
        await situation(aino).fill("Lähetetty juuri kun palvelin kaatui")
        await situation(elsa).fill("Skriven medan servern är borta")
        await send(aino)
        await server.kill()

        await situation(aino).press_sequentially("Puolikas lau")
        await send(elsa)
        await expect(elsa.locator("#offline")).to_contain_text("Ansluter igen …")
        await expect(aino.locator("#offline")).to_contain_text("Yhdistetään uudelleen …")
        waiting = elsa.locator("[data-outbox] .card")
        await expect(waiting).to_contain_text("Skriven medan servern är borta")
        await expect(waiting).to_contain_text("Ej skickat än")
        await expect(elsa.locator(".places .count")).to_contain_text("1")
        if await aino.locator("[data-outbox] .card").count():
            await expect(aino.locator("[data-outbox] .card")).to_contain_text("Ei vielä lähetetty")
        await situation(elsa).press_sequentially("Ännu en halv men")
        await put_caret(situation(elsa), 4)

        await server.start()
        await expect(cards(elsa, "Skriven medan servern är borta")).to_contain_text("Skickat")
        await expect(cards(aino, "Lähetetty juuri kun palvelin kaatui")).to_contain_text("Lähetetty")
        await expect(pane(aino, "R03").filter(has_text="Skriven medan servern är borta")).to_be_visible()
        await expect(console.locator(".loose")).to_contain_text("Skriven medan servern är borta")
        for phone in (elsa, aino):
            await expect(phone.locator("[data-outbox] .card")).to_have_count(0)
            await expect(phone.locator("#offline")).to_be_hidden()
        await expect(situation(aino)).to_have_value("Puolikas lau")
        await expect(situation(elsa)).to_have_value("Ännu en halv men")
        assert await caret(situation(elsa)) == (True, 4)
        await never_reloaded(elsa, aino, console)
        await expect(cards(elsa, "Skriven")).to_have_count(1)
        await expect(cards(aino, "Lähetetty juuri")).to_have_count(1)
        assert sorted(await texts_in_log(tmp_path, room.code)) == [
            "Lähetetty juuri kun palvelin kaatui",
            "Skriven medan servern är borta",
        ]


# ---- the Wi-Fi is gone


async def test_a_card_that_waited_for_the_network_comes_late_and_says_so(
    tmp_path: Path, open_page: Pages
) -> None:
    expect_cuts(open_page)
    async with room_of(tmp_path, open_page, COLLECT) as (home, room), wire(home.url) as wifi:
        console, elsa = await room.console(), await room.phone("Elsa", "sv", wifi.url)
        await next_phase(console, "Good problems")
        await situation(elsa).fill("Skriven utan nät")
        wifi.cut()
        await send(elsa)
        await expect(elsa.locator("[data-outbox] .card")).to_contain_text("Ej skickat än")
        await next_phase(console, "First priority list")
        wifi.mend()
        await sees_title("Första prioriteringslistan", elsa)
        await expect(elsa.locator("[data-outbox] .card")).to_have_count(0)
        await expect(elsa.locator("#refusals .card")).to_have_count(0)
        mine = await live(await open_page.open_in(room.contexts["Elsa"], f"{wifi.url}/s/{room.code}/mine"))
        await expect(cards(mine, "Skriven utan nät")).to_contain_text("Kom efter stängningen")
        await never_reloaded(elsa)
        await mine.close()


async def test_a_ballot_that_comes_after_the_close_is_refused_with_times(
    tmp_path: Path, open_page: Pages
) -> None:
    expect_cuts(open_page)
    async with room_of(tmp_path, open_page, COLLECT) as (home, room), wire(home.url) as wifi:
        console = await room.console()
        aino = await room.phone("Aino", "fi", wifi.url, timezone_id="Asia/Tokyo")
        bea = await home.guest("Bea", live=False)
        await next_phase(console, "Good problems")
        await took(bea, "add_card", "R03", situation="A problem")
        await next_phase(console, "First priority list")
        await pane(aino, "R04").locator(".dot").first.check()
        wifi.cut()
        await pane(aino, "R04").locator("form .button.main").click()
        await expect(pane(aino, "R04").locator("form .button.main")).to_have_class("button main waiting")
        await console.locator("#controls").get_by_role("button", name="Close", exact=True).click()
        await expect(console.get_by_role("button", name="Show the result", exact=True)).to_be_visible()
        wifi.mend()
        refusal = aino.locator("#refusals .card")
        await expect(refusal).to_contain_text("Sulkeutui")
        await expect(refusal).to_contain_text("myöhässä eikä sitä lasketa")
        await expect(refusal).to_contain_text(re.compile(r"Sulkeutui [a-z]{0,2} ?\d\d\.\d\d (UTC|GMT)\+9"))
        vote = (await state(home)).agenda.phases["R04"].activity
        assert isinstance(vote, Vote)
        assert not vote.state.ballots
        await never_reloaded(aino)


async def test_a_phone_that_slept_through_three_phases_catches_up(tmp_path: Path, open_page: Pages) -> None:
    expect_cuts(open_page)
    async with room_of(tmp_path, open_page, COLLECT) as (home, room), wire(home.url) as wifi:
        console, aino = await room.console(), await room.phone("Aino", "fi", wifi.url)
        stayed = await room.phone("Eero", "fi")
        await next_phase(console, "Good problems")
        await situation(aino).fill("Ennen unta")
        await send(aino)
        await expect(cards(aino, "Ennen unta")).to_contain_text("Lähetetty")
        wifi.cut()
        for title in ("First priority list", "Idea burst", "Dinner"):
            await next_phase(console, title)
        await console.get_by_label("Announcement").fill("Ruoka on pöydässä")
        await console.get_by_role("button", name="Announce").click()
        await sees_title("Illallinen", stayed)
        wifi.mend()
        await sees_title("Illallinen", aino)
        await expect(aino.locator("#notices")).to_contain_text("Ruoka on pöydässä")
        await expect(pane(aino, "R03")).to_have_count(0)
        await never_reloaded(aino)
        for part in ("#band h1", "#band .band-kind", "#notices", "#R07-all"):
            told = await aino.locator(part).inner_text()
            await expect(stayed.locator(part)).to_have_text(told, use_inner_text=True)
