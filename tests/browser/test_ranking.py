"""Options are put in order by pressing, with the keyboard too, and the rows stand in that order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.test_writing import phone
from tests.conftest import Pages
from tests.support.house import House, house
from tests.support.stage import made_up, phase, plain

WRITE = {"columns": ["need"], "fields": ["text"], "main": "text", "visible_to": "all"}
FORMAT = plain(
    {
        **made_up(),
        "phase": [
            phase("collect", "N", rules=WRITE),
            phase("vote", "V", inputs=["N"], rules={"method": "rank", "keep": "1"}),
        ],
    }
)
TEXTS = ("Snow", "Ice", "Frost")


@asynccontextmanager
async def voting(data: Path, open_page: Pages) -> AsyncIterator[tuple[House, Page]]:
    """A phone in front of a ballot that puts three options in order."""
    async with house(data, FORMAT) as home:
        kim, aino = await home.staff(live=False), await home.guest("Aino", live=False)
        await kim.post("open_phase", "N")
        for text in TEXTS:
            await aino.post("add_card", "N", text=text)
        await kim.post("open_phase", "V")
        page = await phone(open_page, home, aino)
        yield home, page
        await page.context.close()


async def order(page: Page) -> list[str]:
    """The options in the order in which they stand, those that have a place with it."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll('.ranked')].map(row =>
        (row.querySelector('input').value + ' ' + row.querySelector('.what').textContent.trim()).trim())"""
    )
    return found


async def test_options_are_put_in_order_moved_and_sent(tmp_path: Path, open_page: Pages) -> None:
    async with voting(tmp_path, open_page) as (home, page):
        for text in ("Ice", "Snow", "Frost"):
            await page.get_by_role("button", name=f"Put in order: {text}").click()
        assert await order(page) == ["1 Ice", "2 Snow", "3 Frost"]
        await page.get_by_role("button", name="Higher: Frost").press("Enter")
        assert await order(page) == ["1 Ice", "2 Frost", "3 Snow"]
        await expect(page.get_by_role("button", name="Higher: Frost")).to_be_focused()
        await page.get_by_role("button", name="Lower: Snow").click()
        assert await order(page) == ["1 Ice", "2 Frost", "Snow"]
        await page.get_by_role("button", name="Save the order").click()
        await expect(page.locator("[id=V-receipt]")).to_be_visible()
        vote = (await home.desk()).session.agenda.phases["V"].activity
        (ballot,) = vote.state.ballots.values()  # type: ignore[union-attr]  # it is open
        texts = {option.id: option.text for option in vote.slate}  # type: ignore[union-attr]  # it is open
        assert {texts[option]: place for option, place in ballot.marks.items()} == {"Ice": 1, "Frost": 2}
        await page.reload()
        assert await order(page) == ["1 Ice", "2 Frost", "Snow"]
