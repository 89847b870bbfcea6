"""Questions in real browsers: everybody can use every page of them, with all that can be unfolded unfolded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, expect

from tests.browser.test_access import AXE
from tests.conftest import Pages
from tests.support.house import Guest, House, house
from tests.support.stage import made_up, phase, plain, words

MODERATOR = {"key": "moderator", "title": words("Moderator"), "acts_like": "participant"}
RULES = {"anonymous": True, "answerers": ["host"], "moderators": ["moderator"]}
ROW = phase("qa", "Q", who=["participant", "host"], rules=RULES)
FORM = {**made_up(), "role": [MODERATOR], "phase": plain([ROW])}
ASKED = ("How long?", "Who pays?", "What then?", "Why now?", "Is it safe?", "Who decides?")
NARROW: Mapping[str, Any] = {"viewport": {"width": 320, "height": 800}, "reduced_motion": "reduce"}
WIDE: Mapping[str, Any] = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
UNFOLD = "document.querySelectorAll('main details').forEach(d => { d.open = true; })"


@asynccontextmanager
async def full(data: Path) -> AsyncIterator[tuple[House, Mapping[str, Guest]]]:
    """Questions in every state: the facilitator, who has asked, who moderates, and who answers one later."""
    async with house(data, FORM) as running:
        kim = await running.staff(live=False)
        aino, mo, hal = [await running.guest(name, live=False) for name in ("Aino", "Mo", "Hal")]
        *_, moderator, host = (await running.desk()).session.people
        await kim.post("grant_role", person=moderator, role="moderator")
        await kim.post("grant_role", person=host, role="host")
        await kim.post("open_phase", "Q")
        for number, text in enumerate(ASKED):
            await aino.post("ask_question", "Q", text=text, anonymous="yes" if number % 2 else "")
        for number in (1, 2, 3, 4):
            await kim.post("publish_question", "Q", card=f"Qq{number}")
        await hal.post("support_question", "Q", card="Qq1")
        await kim.post("take_question", "Q", card="Qq2")
        await kim.post("answer_question", "Q", card="Qq3", answer="So")
        await kim.post("follow_up_question", "Q", card="Qq4", owner=host, due="2100-01-31")
        await kim.post("decline_question", "Q", card="Qq5", reason="Ask me at the coffee")
        yield running, {"kim": kim, "aino": aino, "mo": mo, "hal": hal}


async def faults(page: Page, language: str = "en") -> list[str]:
    """What axe finds, whose rules are the same in any language; and whether anything is wider than the page."""
    await page.evaluate(UNFOLD)
    found: list[str] = []
    if language == "en":
        await page.evaluate(AXE_SCRIPT)
        found = await page.evaluate(AXE, ["", []])
    wide = await page.evaluate(
        "[...document.querySelectorAll('main *')].filter(el => el.getBoundingClientRect().right > innerWidth + 1)"
        ".map(el => el.outerHTML.slice(0, 120))"
    )
    return [*found, *(f"wider than the page: {html}" for html in wide)]


@pytest.mark.parametrize("language", ["en", "sv", "fi"])
async def test_axe_finds_nothing_on_any_page_of_questions_and_nothing_is_wider_than_a_narrow_phone(
    open_page: Pages, tmp_path: Path, language: str
) -> None:
    async with full(tmp_path) as (running, guests):
        found: list[str] = []
        for guest in guests.values():
            await guest.post("choose_language", language=language)
        for name, view, looks in (
            ("aino", "", NARROW),
            ("aino", "/mine", NARROW),
            ("hal", "", NARROW),
            ("mo", "", NARROW),
            ("kim", "/console", WIDE),
        ):
            context = await open_page.new_context(**looks)
            await context.add_cookies(
                [{"name": n, "value": v, "url": running.url} for n, v in guests[name].http.cookies.items()]
            )
            page = await open_page.open_in(context, f"{running.url}/s/{running.code}{view}")
            await expect(page.locator(".pane[data-kind=qa]").first).to_be_visible()
            await expect(page.locator("html")).to_have_attribute("lang", language)
            found += [f"{name}{view}: {fault}" for fault in await faults(page, language)]
            await context.close()
        assert found == []
