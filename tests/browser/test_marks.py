"""Marks of one's own in a list that everybody gets alike: each sees their own, and takes them back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.conftest import Pages
from tests.support.house import Guest, House, house
from tests.support.stage import made_up, phase, plain

OPEN = {"moderated": False}
FORM = {**made_up(), "phase": plain([phase("qa", "Q", who=["participant"], rules=OPEN)])}


@asynccontextmanager
async def asked(data: Path) -> AsyncIterator[tuple[House, Guest, Guest, Guest]]:
    """Aino has asked; Ben and a guest, who may ask and wonder about nothing, are there."""
    async with house(data, FORM) as running:
        kim = await running.staff(live=False)
        aino, ben = await running.guest("Aino", live=False), await running.guest("Ben", live=False)
        visitor = await running.guest("Vera", live=False)
        people = list((await running.desk()).session.people)
        await kim.post("grant_role", person=people[-1], role="guest")
        await kim.post("open_phase", "Q")
        await aino.post("ask_question", "Q", text="How long does a camera last?")
        yield running, aino, ben, visitor


async def phone(open_page: Pages, running: House, guest: Guest, **options: Any) -> Page:
    context = await open_page.new_context(viewport={"width": 390, "height": 1200}, **options)
    await context.add_cookies(
        [{"name": n, "value": v, "url": running.url} for n, v in guest.http.cookies.items()]
    )
    return await open_page.open_in(context, f"{running.url}/s/{running.code}")


def wonder(page: Page) -> Locator:
    return page.locator("#Q-question-Qq1 .me-too")


async def test_a_press_marks_and_the_next_takes_the_mark_back_and_all_see_the_count(
    open_page: Pages, tmp_path: Path
) -> None:
    async with asked(tmp_path) as (running, aino, ben, _):
        his, hers = await phone(open_page, running, ben), await phone(open_page, running, aino)
        await expect(wonder(his)).to_have_attribute("aria-pressed", "false")
        await wonder(his).click()
        await expect(wonder(his)).to_have_attribute("aria-pressed", "true")
        await expect(wonder(his).locator("b")).to_have_text("1")
        await expect(hers.locator("#Q-question-Qq1 .me-too b")).to_have_text("1")
        await his.reload()
        await expect(wonder(his)).to_have_attribute("aria-pressed", "true")
        await wonder(his).click()
        await expect(wonder(his)).to_have_attribute("aria-pressed", "false")
        await expect(wonder(his).locator("b")).to_have_text("0")
        for page in (his, hers):
            await page.context.close()


async def test_what_is_ones_own_says_so_and_has_no_button_and_others_see_neither(
    open_page: Pages, tmp_path: Path
) -> None:
    async with asked(tmp_path) as (running, aino, ben, _):
        his, hers = await phone(open_page, running, ben), await phone(open_page, running, aino)
        tag = "#Q-question-Qq1 [data-mark=written]"
        await expect(hers.locator(tag)).to_be_visible()
        await expect(wonder(hers)).to_be_hidden()
        await expect(his.locator(tag)).to_be_hidden()
        await expect(wonder(his)).to_be_visible()
        for page in (his, hers):
            await page.context.close()


async def test_who_may_mark_nothing_has_no_buttons(open_page: Pages, tmp_path: Path) -> None:
    async with asked(tmp_path) as (running, _, ben, visitor):
        theirs = await phone(open_page, running, visitor)
        await expect(theirs.locator("#Q-question-Qq1")).to_contain_text("How long")
        await expect(wonder(theirs)).to_be_hidden()
        plain_page = await phone(open_page, running, visitor, java_script_enabled=False)
        await expect(wonder(plain_page)).to_be_hidden()
        his = await phone(open_page, running, ben, java_script_enabled=False)
        await expect(wonder(his)).to_be_visible()
        for page in (theirs, plain_page, his):
            await page.context.close()


async def test_without_a_script_a_press_marks_and_ones_own_list_takes_it_back(
    open_page: Pages, tmp_path: Path
) -> None:
    async with asked(tmp_path) as (running, _, ben, _visitor):
        page = await phone(open_page, running, ben, java_script_enabled=False)
        await wonder(page).click()
        await expect(wonder(page).locator("b")).to_have_text("1")
        await wonder(page).click()
        await expect(wonder(page).locator("b")).to_have_text("1")
        await page.locator("#Q-marks summary").click()
        await page.locator("#Q-marks li button").click()
        await expect(wonder(page).locator("b")).to_have_text("0")
        await page.context.close()
