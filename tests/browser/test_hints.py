"""In a real browser: a hint comes while one writes and "mine too" keeps both; votes that ask one thing after another can
be used by everybody, on a narrow phone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, expect

from tests.activities.test_collect_alike import OTHER, RULES, SAME
from tests.browser.test_questions import NARROW, WIDE, faults
from tests.conftest import Pages
from tests.support.house import Guest, House, house
from tests.support.stage import made_up, phase, plain

STATEMENTS = [
    {"id": f"s{n}", "title": dict.fromkeys(("en", "sv", "fi"), f"Statement {n}")} for n in range(1, 5)
]


async def known(open_page: Pages, home: House, guest: Guest, look: Mapping[str, Any]) -> BrowserContext:
    context = await open_page.new_context(**look)
    cookies = guest.http.cookies.items()
    await context.add_cookies([{"name": n, "value": v, "url": home.url} for n, v in cookies])
    return context


async def test_a_hint_comes_while_one_writes_and_mine_too_keeps_both(
    open_page: Pages, tmp_path: Path
) -> None:
    rows = plain([phase("collect", "P1", rules=RULES), phase("pause", "P2")])
    async with house(tmp_path, {**made_up(), "phase": rows}) as home:
        kim = await home.staff(live=False)
        ada, bo = [await home.guest(name, "sv", live=False) for name in ("Ada", "Bo")]
        await kim.post("open_phase", "P1")
        await ada.post("add_card", "P1", text=OTHER)
        context = await known(open_page, home, bo, NARROW)
        page = await open_page.open_in(context, f"{home.url}/s/{home.code}")
        await page.locator("textarea[name=text]").first.type(SAME)
        hint = page.locator("[data-hint]")
        await expect(hint).to_contain_text("Kort 1 liknar ditt")
        assert await faults(page) == []
        await hint.get_by_role("button", name="Det är mitt också").click()
        await expect(page.locator("#P1-own")).to_contain_text("Nummer 1 säger samma sak")
        session = (await home.desk()).session
        (card,) = session.outcome("P1").cards
        assert [behind.text for behind in card.behind] == [OTHER, SAME]
        await expect(page.locator("[data-hint]")).to_have_count(0)
        await context.close()


@pytest.mark.parametrize("method", ["pairwise", "agree", "card25"])
async def test_a_vote_that_asks_one_thing_after_another_can_be_used_on_a_narrow_phone(
    open_page: Pages, tmp_path: Path, method: str
) -> None:
    rules = {"method": method, "options": STATEMENTS, "keep": "1"}
    rows = plain([phase("vote", "V", who=["participant"], rules=rules), phase("pause", "X")])
    async with house(tmp_path, {**made_up(), "phase": rows}) as home:
        kim = await home.staff(live=False)
        ada = await home.guest("Ada", "fi", live=False)
        await home.guest("Bo", "fi", live=False)
        await kim.post("open_phase", "V")
        if method == "card25":
            await kim.post("deal_round", "V")
        context = await known(open_page, home, ada, NARROW)
        page = await open_page.open_in(context, f"{home.url}/s/{home.code}")
        if method == "pairwise":
            await page.get_by_role("button", name="Aloita").click()
        answers = page.locator(
            "form.stance:not(.small) button, form.twin:not(.small) button, form.five button"
        )
        await expect(answers.first).to_be_visible()
        assert await faults(page) == []
        await answers.first.click()
        await expect(page.locator("#V-answers, .state.ok").first).to_be_visible()
        assert await faults(page) == []
        await context.close()
        await kim.post("close_phase", "V")
        await kim.post("reveal_result", "V")
        for view, guest, look in (("", ada, NARROW), ("/console", kim, WIDE)):
            context = await known(open_page, home, guest, look)
            shown = await open_page.open_in(context, f"{home.url}/s/{home.code}{view}")
            await expect(shown.locator(".pane[data-kind=vote]").first).to_be_visible()
            assert await faults(shown) == []
            await context.close()
