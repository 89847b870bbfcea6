"""The facilitator's hand: one press is one step, what was pressed by mistake comes back, and everything fits a laptop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from sessions.messages import Command
from tests.browser.room import SECONDS, next_phase, room_of, state, took, trimmed
from tests.conftest import Pages

FOUR = trimmed("R03", "R05", "R10", "R11")
MOMENT = 700
"""Real milliseconds in which a control that has just changed its meaning takes no press (static/script/6_aim.js)."""


async def opened(page: Page) -> list[str]:
    """The phases that the console shows as over or on."""
    rows = await page.locator(".leg.gone, .leg.current").all()
    return [str(await row.get_attribute("id")).removeprefix("leg-") for row in rows]


async def press_twice(page: Page, control: str, milliseconds: int) -> None:
    """Two clicks of an impatient hand that stays where it is."""
    box = await page.locator(control).bounding_box()
    assert box is not None
    x, y = box["x"] + 24, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.click(x, y)
    await page.wait_for_timeout(milliseconds)
    await page.mouse.click(x, y)


@pytest.mark.parametrize("milliseconds", [120, 250, 450])
async def test_two_clicks_on_the_main_button_are_one_step(
    tmp_path: Path, open_page: Pages, milliseconds: int
) -> None:
    async with room_of(tmp_path, open_page, FOUR) as (home, room):
        console = await room.console("Kim")
        await next_phase(console, "Good problems")
        await console.locator("body:not([data-shifted])").wait_for()
        await press_twice(console, "#controls .button.main", milliseconds)
        await console.wait_for_timeout(MOMENT)
        assert [p.id for p in (await state(home)).agenda if p.started] == ["R03", "R05"]
        await expect(console.locator("#refusals > *")).to_have_count(0)
        await console.locator("body:not([data-shifted]) #controls .button.main").click()
        await expect(console.locator("#leg-R10.current")).to_be_visible()


async def test_two_presses_of_a_key_on_the_main_button_are_one_step(tmp_path: Path, open_page: Pages) -> None:
    async with room_of(tmp_path, open_page, FOUR) as (home, room):
        console = await room.console("Kim")
        await next_phase(console, "Good problems")
        await console.locator("body:not([data-shifted]) #controls .button.main").focus()
        for _ in range(2):
            await console.keyboard.press("Enter")
            await console.wait_for_timeout(200)  # so quickly a finger presses twice
        await console.wait_for_timeout(MOMENT)
        assert [p.id for p in (await state(home)).agenda if p.started] == ["R03", "R05"]


async def test_an_opened_row_of_the_agenda_stays_the_one_of_its_phase(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, FOUR) as (_, room):
        console = await room.console("Kim")
        await console.locator("#plan-R10 > summary").click()
        for title in ("Good problems", "Team formation"):
            await next_phase(console, title)
            rows = await console.locator(".agenda details[open]").all()
            assert [await row.get_attribute("id") for row in rows] == ["plan-R10"]


async def test_somebody_removed_by_mistake_is_back_after_one_press_and_their_phone_with_them(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, FOUR) as (_, room):
        console, aino = await room.console("Kim"), await room.phone("Aino")
        people = await room.open("Kim", "people")
        open_page.expect_error("403 (Forbidden)")
        await people.get_by_role("button", name="Remove Aino").click()
        await expect(aino.locator("h1")).to_have_text("You have been removed from this session")
        await console.locator("#undo").get_by_role("button", name="Undo").click()
        await expect(people.get_by_role("button", name="Remove Aino")).to_be_visible()
        await aino.reload()
        await expect(aino.locator("#band")).to_be_visible()


async def test_the_offer_to_take_back_is_gone_after_ten_seconds(tmp_path: Path, open_page: Pages) -> None:
    async with room_of(tmp_path, open_page, FOUR) as (_, room):
        console = await room.console("Kim")
        await next_phase(console, "Good problems")
        offer = console.locator(".undoing")
        await expect(offer).to_be_visible()
        await expect(offer).to_be_hidden(timeout=20_000)


async def test_closing_a_secret_vote_says_first_that_it_cannot_be_undone(
    tmp_path: Path, open_page: Pages
) -> None:
    secret = trimmed("R03", "R04", "R05", R04={"ballots": "secret"})
    async with room_of(tmp_path, open_page, secret) as (home, room):
        console, elsa = await room.console("Kim"), await home.guest("Elsa", live=False)
        await next_phase(console, "Good problems")
        await took(elsa, "add_card", "R03", situation="It leaks")
        await next_phase(console, "First priority list")
        (card,) = (await state(home)).outcome("R03").cards
        await took(elsa, "cast_ballot", "R04", option=[card.id])
        main = console.locator("body:not([data-shifted]) #controls summary.main")
        await main.click()
        sheet = console.locator("#sure-to-close .sheet")
        await expect(sheet).to_contain_text("this cannot be undone")
        await expect(sheet.get_by_role("button", name="Close the vote")).to_be_in_viewport(ratio=1)
        assert (await state(home)).agenda.phases["R04"].state == "open"
        await sheet.get_by_role("button", name="Close the vote").click()
        await expect(console.locator("#sure-to-close")).to_have_count(0)
        assert (await state(home)).agenda.phases["R04"].state == "closed"
        await expect(console.locator(".undoing")).to_have_count(0)


SIZES = {"1280": {"width": 1280, "height": 800}, "1440": {"width": 1440, "height": 900}}
LONG = "Innovationsrace Västerbotten – hållbara näringslivsutvecklingsprojekt i glesbygden 2027"
OUTSIDE = """() => [...document.querySelectorAll('.topbar > *, .topbar .button, #controls .button, .timeline')]
    .filter(el => el.checkVisibility())
    .map(el => [el.className || el.tagName, el.getBoundingClientRect()])
    .filter(([, box]) => box.left < 0 || box.right > innerWidth + 0.5 || box.top < 0 || box.bottom > innerHeight + 0.5)
    .map(([name, box]) => `${name} ${Math.round(box.left)}–${Math.round(box.right)}`)"""
CARDS = """() => [...document.querySelectorAll('.loose > .home > li')].filter(el => {
    const box = el.getBoundingClientRect(), list = el.parentNode.getBoundingClientRect();
    return box.top >= list.top - 1 && box.bottom <= Math.min(list.bottom, innerHeight) + 1;
}).length"""


def long_titles() -> dict[str, Any]:
    """A whole programme whose name and whose second phase are called something long."""
    form = trimmed(
        "R03", "R04", "R05", "R06", "R09", "R10", "R11", "R12", "R13", "R14", "R15", "R16", "R21", "R24"
    )
    form["title"] = dict.fromkeys(("en", "sv", "fi"), LONG)
    form["phase"][1] = {**form["phase"][1], "title": dict.fromkeys(("en", "sv", "fi"), LONG)}
    return form


@pytest.mark.parametrize("size", SIZES)
async def test_the_console_fits_a_laptop_and_shows_the_cards_and_where_one_is(
    tmp_path: Path, open_page: Pages, size: str
) -> None:
    async with room_of(tmp_path, open_page, long_titles()) as (home, room):
        console = await room.console("Kim", viewport=SIZES[size])
        await next_phase(console, "Good problems")
        guests = [await home.guest(f"Guest {n}", live=False) for n in range(8)]
        for n in range(32):
            text = f"Problem {n}: the way to the next bakery is longer than it was before the road was closed in May"
            await took(guests[n % 8], "add_card", "R03", situation=text)
        await expect(console.locator(".loose > .home > li")).to_have_count(32, timeout=SECONDS * 1000)
        assert await console.evaluate(CARDS) >= 12
        assert await console.evaluate(OUTSIDE) == []
        assert await console.evaluate("document.documentElement.scrollWidth <= innerWidth")
        kim = (await state(home)).driver
        desk = await home.desk()
        await desk.submit(Command("open_phase", "open-R21", "R21", {}), kim)
        await expect(console.locator("#leg-R21.current")).to_be_in_viewport()
        for language in ("sv", "fi"):
            await desk.submit(Command("choose_language", f"in-{language}", "", {"language": language}), kim)
            await expect(console.locator(f"html[lang={language}] #controls .button.main")).to_be_visible()
            assert await console.evaluate(OUTSIDE) == [], language
