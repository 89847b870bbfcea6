"""The smallest phones, and the largest letters: nothing has to be scrolled sideways, whatever the phase, in long Finnish words."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import BrowserContext, Page

from tests.browser.race import Race, race
from tests.browser.room import PHONE
from tests.conftest import Pages

NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}, "locale": "fi-FI"}
DOUBLED = {"standard": 32, "fixed": 26}
"""The browser's own letters, twice as large as usual, in px."""

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


async def double(context: BrowserContext, page: Page) -> Page:
    """What somebody does in the settings of a phone who cannot read small print."""
    session = await context.new_cdp_session(page)
    await session.send("Page.setFontSizes", {"fontSizes": DOUBLED})
    return page


async def open_phones(held: Race) -> dict[str, Page]:
    """A participant's three places with usual and with doubled letters, and the chair's and the expert's phones."""
    pages = {}
    for name, views in (("Aino", ("", "mine", "team")), ("Väinö", ("",)), ("Eva", ("",))):
        context = await held.browser(name, **NARROW)
        for view in views:
            pages[f"{name} {view}"] = await held.open(context, view)
            pages[f"{name} {view}, doubled"] = await double(context, await held.open(context, view))
    return pages


async def test_no_phone_has_to_be_scrolled_sideways(tmp_path: Path, open_page: Pages) -> None:
    found: dict[str, str] = {}
    async with race(tmp_path, open_page) as held:
        pages = await open_phones(held)

        async def look(phase: str, moment: str) -> None:
            await held.shown()
            for name, page in pages.items():
                for what in await page.evaluate(TOO_WIDE):
                    found.setdefault(f"{name}: {what}", f"{phase} {moment}")

        sizes = await pages["Aino , doubled"].evaluate(
            "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"
        )
        assert sizes == DOUBLED["standard"]
        await held.walk(look)
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
            assert not await page.evaluate(TOO_WIDE), path
            assert not await (await double(context, page)).evaluate(TOO_WIDE), f"{path} doubled"
