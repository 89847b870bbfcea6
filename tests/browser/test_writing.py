"""Several people write in one document: what another writes comes in, what I am writing stays mine."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from tests.conftest import Pages
from tests.support.house import Guest, House, house
from tests.support.seed import SEED, seeds
from tests.support.stage import phase, shelf, words

__all__ = ["seeds"]

NEED = "#W-f-e1\\.record\\.situation"
WHERE = "#W-f-e1\\.record\\.geography"
SUMMARY = "#W-field-e1\\.record\\.situation summary"


def format_data() -> dict[str, Any]:
    work = phase("work", "W", who=["teams"], rules={"documents": ["record"], "parts": ["need", "market"]})
    shelves = {**shelf("forms"), **shelf("documents"), **shelf("rubrics")}
    return {**shelves, "key": "test", "title": words("Test"), "phase": [SEED, work]}


async def team(running: House) -> tuple[Guest, Guest]:
    """Aino and Ben are one team with one project; the work phase is open."""
    kim = await running.staff(live=False)
    aino, ben = await running.guest("Aino", live=False), await running.guest("Ben", live=False)
    people = [p for p, m in (await running.desk()).session.people.items() if m.role == "participant"]
    await kim.post("open_phase", "S")
    row = {"id": "t1", "number": 1, "name": "Ren", "members": people}
    kept = {"title": "Sawmill heat", "team": "t1", "idea": "c1"}
    facts = [{"subject": "c1", "name": "kept", "value": kept}]
    await kim.post("tell", "S", what=json.dumps({"teams": [row], "facts": facts}))
    await kim.post("open_phase", "W")
    return aino, ben


@asynccontextmanager
async def two_phones(open_page: Pages, data: Path) -> AsyncIterator[tuple[Page, Page]]:
    """Aino's and Ben's phones in real browsers, with every part of the document open."""
    async with house(data, format_data()) as running:
        aino, ben = [await phone(open_page, running, guest) for guest in await team(running)]
        yield aino, ben
        for page in (aino, ben):
            await page.context.close()


async def phone(open_page: Pages, running: House, guest: Guest) -> Page:
    context = await open_page.new_context(viewport={"width": 390, "height": 1600})
    await context.add_cookies(
        [{"name": n, "value": v, "url": running.url} for n, v in guest.http.cookies.items()]
    )
    page = await open_page.open_in(context, f"{running.url}/s/{running.code}")
    await page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    return page


async def test_what_another_writes_comes_in_and_says_who_writes(open_page: Pages, tmp_path: Path) -> None:
    async with two_phones(open_page, tmp_path) as (aino, ben):
        await aino.locator(NEED).press_sequentially("Oil is burnt")
        await expect(ben.locator(NEED)).to_have_value("Oil is burnt")
        await expect(ben.locator(SUMMARY)).to_contain_text("Aino is writing")
        await expect(aino.locator(NEED)).to_be_focused()


async def test_what_i_am_writing_is_not_overwritten_by_what_another_writes(
    open_page: Pages, tmp_path: Path
) -> None:
    async with two_phones(open_page, tmp_path) as (aino, ben):
        await aino.locator(NEED).press_sequentially("Oil")
        await expect(ben.locator(NEED)).to_have_value("Oil")
        await ben.locator(NEED).press_sequentially(" and gas")
        await expect(ben.locator("#refusals")).to_contain_text("is writing in this field")
        before = await ben.evaluate("() => +document.body.dataset.seq")
        await aino.locator(NEED).press_sequentially(" is burnt")
        await ben.wait_for_function("before => +document.body.dataset.seq > before", arg=before)
        assert await ben.locator(NEED).input_value() == "Oil and gas"


async def test_a_choice_that_another_makes_is_chosen_here_too_even_after_i_chose(
    open_page: Pages, tmp_path: Path
) -> None:
    async with two_phones(open_page, tmp_path) as (aino, ben):
        await aino.locator(WHERE).select_option("local")
        await expect(ben.locator(WHERE)).to_have_value("local")
        await aino.locator(NEED).press_sequentially("Oil")
        await expect(ben.locator(NEED)).to_have_value("Oil")
        for choice in ("national", "local"):
            await ben.locator(WHERE).select_option(choice)
            await expect(aino.locator(WHERE)).to_have_value(choice)


async def test_who_writes_over_what_they_have_not_seen_is_shown_both_texts_and_chooses(
    open_page: Pages, tmp_path: Path
) -> None:
    """Ben had begun when Aino's sentences came, and sends when she is done."""
    sentences = "Oil is burnt. It costs. It smells."
    async with two_phones(open_page, tmp_path) as (aino, ben):
        await ben.context.set_offline(True)
        await ben.locator(NEED).fill("Wood is burnt.")
        await aino.locator(NEED).fill(sentences)
        await expect(aino.locator(SUMMARY)).to_contain_text("Aino")
        await aino.get_by_role("button", name="Done").click()
        await ben.context.set_offline(False)
        aside = ben.locator("#asides > li")
        await expect(aside).to_contain_text("Both texts are kept")
        await expect(aside.locator(".words")).to_have_text(sentences)
        await expect(aside.locator("textarea")).to_have_value("Wood is burnt.")
        await expect(ben.locator("#heard")).to_contain_text("Both texts are kept")
        await expect(ben.locator(NEED)).to_have_value(sentences)
        await expect(aino.locator(NEED)).to_have_value(sentences)
        await aside.locator("textarea").fill(f"{sentences} So is wood.")
        await aside.get_by_role("button", name="Put this in its place").click()
        await expect(aino.locator(NEED)).to_have_value(f"{sentences} So is wood.")
        await expect(aside).to_have_count(0)


async def test_a_text_that_others_change_while_its_field_has_the_focus_is_taken_up_before_one_writes_on(
    open_page: Pages, tmp_path: Path
) -> None:
    async with two_phones(open_page, tmp_path) as (aino, ben):
        await aino.locator(NEED).fill("Oil")
        await expect(ben.locator(NEED)).to_have_value("Oil")
        await aino.get_by_role("button", name="Done").click()
        await ben.locator(NEED).focus()
        await ben.locator(NEED).press("End")
        await ben.locator(NEED).press_sequentially(" and gas")
        await expect(aino.locator(NEED)).to_have_value("Oil and gas")
        await ben.get_by_role("button", name="Done").click()
        await ben.locator(NEED).focus()
        await aino.locator(NEED).fill("Oil and gas and wood")
        await expect(ben.locator(NEED)).to_have_value("Oil and gas and wood")
        assert await ben.evaluate("() => document.activeElement.id") == NEED.removeprefix("#").replace(
            "\\", ""
        )


async def test_a_title_that_another_console_gives_while_i_write_one_is_not_replaced_unseen(
    open_page: Pages, tmp_path: Path
) -> None:
    form = {**format_data(), "phase": [phase("collect", "P", rules={"fields": ["text"]})]}
    async with house(tmp_path, form) as running:
        kim, robin = await running.staff(live=False), await running.staff(live=False)
        ada = await running.guest("Ada", live=False)
        await kim.post("open_phase", "P")
        await ada.post("add_card", "P", text="Night bus")
        await kim.post("group_cards", "P", card="Pc1", title="Buses")
        context = await open_page.new_context(viewport={"width": 1440, "height": 900})
        await context.add_cookies(
            [{"name": n, "value": v, "url": running.url} for n, v in kim.http.cookies.items()]
        )
        page = await open_page.open_in(context, f"{running.url}/s/{running.code}/console")
        await page.locator("#P-into-Pg1").check()
        await page.locator("#P-sort [name=title]").press_sequentially("On the move")
        answer = await robin.post("rename_group", "P", group="Pg1", title="Wheels", **{"base.Pg1": "0"})
        assert answer.status_code == 303
        await expect(page.locator("#P-group-Pg1 h3")).to_have_text("Wheels")
        await page.get_by_role("button", name="Rename group").click()
        aside = page.locator("#asides > li")
        await expect(aside.locator(".words")).to_have_text("Wheels")
        await expect(aside.locator("textarea")).to_have_value("On the move")
        await expect(page.locator("#P-group-Pg1 h3")).to_have_text("Wheels")
        await aside.get_by_role("button", name="Put this in its place").click()
        await expect(page.locator("#P-group-Pg1 h3")).to_have_text("On the move")
        await expect(aside).to_have_count(0)
        await page.locator("#P-into-Pg1").check()
        await page.locator("#P-sort [name=title]").fill("Night buses")
        await page.get_by_role("button", name="Rename group").click()
        await expect(page.locator("#P-group-Pg1 h3")).to_have_text("Night buses")
        await context.close()
