"""A secret ballot on a phone: it goes into the ballot box, and neither page nor browser remembers what was marked."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.room import never_reloaded, next_phase, pane, room_of, took, trimmed
from tests.conftest import Pages

FORM = trimmed("R03", "R04", R03={"silent_minutes": 0}, R04={"ballots": "secret"})


async def remembered(phone: Page) -> str:
    """Everything that the browser keeps for this page."""
    return str(await phone.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))


async def test_a_phone_casts_a_secret_ballot_once_and_forgets_it(tmp_path: Path, open_page: Pages) -> None:
    async with room_of(tmp_path, open_page, FORM) as (home, room):
        console, aino = await room.console(), await room.phone("Aino", "fi")
        await next_phase(console, "Good problems")
        elsa = await home.guest("Elsa")
        for number in range(3):
            await took(elsa, "add_card", "R03", situation=f"Problem {number}", column="need")
        await next_phase(console, "First priority list")
        ballot = pane(aino, "R04").locator("form")
        await expect(ballot).to_contain_text("Problem 2")
        await expect(aino.locator("#R04-all")).to_contain_text("Laskentaan saakka äänesi on lukittuna")
        dots = ballot.locator("input.dot")
        await dots.nth(0).check()
        await dots.nth(2).check()
        await expect(ballot.locator("[data-left]")).to_have_text("1")
        assert "R03c" in await remembered(aino), "there is nothing to forget"
        await ballot.get_by_role("button", name="Aseta pisteet").click()
        await expect(
            pane(aino, "R04").filter(has_text="Se on salainen, joten se pysyy sellaisenaan.")
        ).to_be_visible()
        await expect(ballot).to_have_count(0)
        assert "R03c" not in await remembered(aino)
        await never_reloaded(aino)
        await aino.reload()
        await expect(aino.locator("#R04-person")).to_contain_text("Äänesi on perillä")
        assert "Problem" not in await aino.locator("#stage").inner_text()
