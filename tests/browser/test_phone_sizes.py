"""The smallest phones, and the largest letters: nothing has to be scrolled sideways, in any look, in long Finnish words."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, CDPSession, Page

from tests.browser.race import Race, race
from tests.browser.room import PHONE
from tests.conftest import Pages
from tests.support.stage import race48
from tests.support.traits import repeats

NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}, "locale": "fi-FI"}
USUAL, DOUBLED = {"standard": 16, "fixed": 13}, {"standard": 32, "fixed": 26}
"""The browser's own letters, in px."""

TOO_WIDE = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const wide = [...document.querySelectorAll('body *')].filter(el => el.checkVisibility() && el.getBoundingClientRect().right > width + 1);
  return wide.filter(el => !wide.some(other => other !== el && el.contains(other))).map(
    el => `${el.localName}.${el.getAttribute('class')} in ${el.closest('[id]')?.id}: ${(el.textContent ?? '').trim().slice(0, 60)}`);
}
"""
"""The innermost things that stand out at the right, where the page as a whole has to be scrolled sideways."""


BORDERED = """
() => [...document.querySelectorAll('fieldset')].filter(el => el.querySelector(':scope > legend'))
  .filter(el => /flex|grid/.test(getComputedStyle(el).display)).map(el => `words on the border in Safari: ${el.textContent.trim().slice(0, 60)}`)
"""
"""Sets of fields whose legend lies on their border in WebKit: those that are a grid or a flex box."""


class Eyes:
    """A page, and the settings of its phone: usual letters, or doubled ones for who cannot read small print."""

    def __init__(self, page: Page, settings: CDPSession) -> None:
        self.page, self.settings = page, settings

    async def look(self) -> list[str]:
        """What is too wide with usual letters, and with doubled ones."""
        usual = [*await self.page.evaluate(TOO_WIDE), *await self.page.evaluate(BORDERED)]
        await self.settings.send("Page.setFontSizes", {"fontSizes": DOUBLED})
        size = await self.page.evaluate("() => getComputedStyle(document.documentElement).fontSize")
        assert size == f"{DOUBLED['standard']}px"
        doubled = [f"doubled: {what}" for what in await self.page.evaluate(TOO_WIDE)]
        await self.settings.send("Page.setFontSizes", {"fontSizes": USUAL})
        return usual + doubled


async def eyes(context: BrowserContext, page: Page) -> Eyes:
    return Eyes(page, await context.new_cdp_session(page))


async def open_phones(held: Race) -> dict[str, Eyes]:
    """A participant's three places, and the chair's and the expert's phones."""
    pages = {}
    for name, views in (("Aino", ("", "mine", "team")), ("Väinö", ("",)), ("Eva", ("",))):
        context = await held.browser(name, **NARROW)
        for view in views:
            pages[f"{name} {view}".strip()] = await eyes(context, await held.open(context, view))
    return pages


@pytest.mark.timeout(400)
async def test_no_phone_has_to_be_scrolled_sideways(tmp_path: Path, open_page: Pages) -> None:
    found: dict[str, str] = {}
    async with race(tmp_path, open_page) as held:
        pages = await open_phones(held)

        async def look(phase: str, moment: str) -> None:
            await held.shown()
            for name, phone in pages.items() if moment == "done" else [("Aino", pages["Aino"])]:
                for what in await phone.look():
                    found.setdefault(f"{name}: {what}", f"{phase} {moment}")

        await held.walk(look, repeats(race48()))
    assert not found, "\n".join(f"{where}: {what}" for what, where in found.items())


async def test_the_door_fits_the_smallest_phone(tmp_path: Path, open_page: Pages) -> None:
    async with race(tmp_path, open_page) as held:
        context = await open_page.new_context(**NARROW)
        held.contexts.append(context)
        for path in (
            "/",
            f"/s/{held.home.code}",
            f"/enter/{held.home.tokens['facilitator'][0]}",
            "/enter/nonsense",
        ):
            open_page.expect_error("Failed to load resource")
            page = await open_page.open_in(context, held.home.url + path)
            assert not await (await eyes(context, page)).look(), path
