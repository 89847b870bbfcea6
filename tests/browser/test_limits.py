"""Limits as a person meets them: they are told what to do, and nothing that they wrote is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from app.live import desk
from tests.browser.room import live, next_phase, room_of, trimmed
from tests.browser.test_interruptions import cards, expect_cuts, send, situation
from tests.conftest import Pages

SILENT_MS = 11_000
"""By the page's clock: after so long without a word it asks and sends by plain requests."""
COLLECT = trimmed("R03", "R04", R03={"silent_minutes": 0})


async def test_what_the_server_has_no_room_for_stays_and_goes_by_itself_later(
    tmp_path: Path, open_page: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room_of(tmp_path, open_page, COLLECT) as (_, room):
        console, aino = await room.console(), await room.phone("Aino", "fi")
        await next_phase(console, "Good problems")
        with monkeypatch.context() as full:
            full.setattr(desk, "MAX_QUEUE", 0)
            await situation(aino).fill("Tie aurataan myöhään")
            await send(aino)
            await expect(aino.locator("#refusals .card")).to_contain_text("Palvelin on kiireinen.")
            await expect(aino.locator('[data-outbox] [data-state="waiting"]')).to_contain_text(
                "Tie aurataan myöhään"
            )
            await aino.reload()
            await live(aino)
            await expect(aino.locator('[data-outbox] [data-state="waiting"]')).to_contain_text(
                "Tie aurataan myöhään"
            )
        await expect(cards(aino, "Tie aurataan myöhään")).to_have_count(1)
        await expect(aino.locator("#refusals .card")).to_have_count(0)
        await expect(aino.locator('[data-outbox] [data-state="waiting"]')).to_have_count(0)


async def test_the_oldest_of_four_pages_says_why_it_stopped_and_still_sends(
    tmp_path: Path, open_page: Pages
) -> None:
    expect_cuts(open_page)
    async with room_of(tmp_path, open_page, COLLECT) as (_, room):
        console, aino = await room.console(), await room.phone("Aino", "sv")
        await aino.clock.install()
        await aino.reload()
        await live(aino)
        await next_phase(console, "Good problems")
        others = [await room.open("Aino") for _ in range(3)]
        await expect(aino.locator("#refusals .card")).to_contain_text("Du har fler än tre sidor öppna.")
        await expect(aino.locator("#offline")).to_be_visible()
        await situation(aino).fill("Bussen kommer inte")
        await send(aino)
        await aino.clock.fast_forward(SILENT_MS)
        for page in (others[-1], others[0], aino):
            await expect(cards(page, "Bussen kommer inte")).to_have_count(1)
        for page in others:
            await expect(page.locator("#offline")).to_be_hidden()
