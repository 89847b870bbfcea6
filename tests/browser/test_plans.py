"""Plans in real browsers: advice is answered on phones and on the screen, and everybody can use every page of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.test_questions import NARROW, WIDE, faults
from tests.conftest import Pages
from tests.support.house import Guest, House, house
from tests.support.stage import made_up, phase, plain, words

DUE = "2100-01-31"
ADVICE = {"columns": ["advice"], "fields": ["text"], "main": "text"}
PLANS: Mapping[str, Any] = {
    "answers": ["accept", "try", "not_now"],
    "actions": ["booking", "measure"],
    "answerers": ["host"],
    "supporters": ["host"],
    "areas": ["advise", "fund"],
    "labels": {"advise": words("Advise"), "fund": words("Finance")},
    "support": True,
    "contact": True,
}
FORM = {
    **made_up(),
    "phase": plain(
        [phase("collect", "A", rules=ADVICE), phase("act", "P", who=["everyone"], inputs=["A"], rules=PLANS)]
    ),
}
LANGUAGES = {"aino": "fi", "ben": "sv", "hal": "fi", "kim": "fi"}


@asynccontextmanager
async def advised(data: Path) -> AsyncIterator[tuple[House, Mapping[str, Guest], list[str]]]:
    """Aino has written two pieces of advice, Ben one; Hal is the host, and answers now."""
    async with house(data, FORM) as running:
        kim = await running.staff(live=False)
        aino, ben, hal = [await running.guest(name, live=False) for name in ("Aino", "Ben", "Hal")]
        people = list((await running.desk()).session.people)[-3:]
        guests = {"aino": aino, "ben": ben, "hal": hal, "kim": kim}
        await kim.post("grant_role", person=people[2], role="host")
        for name, language in LANGUAGES.items():
            await guests[name].post("choose_language", language=language)
        await kim.post("open_phase", "A")
        for guest, text in ((aino, "Buy lamps"), (ben, "Ask the neighbour"), (aino, "Wait a year")):
            await guest.post("add_card", "A", text=text, column="advice")
        await kim.post("open_phase", "P")
        yield running, guests, people


async def opened(open_page: Pages, running: House, guest: Guest, view: str = "", **looks: Any) -> Page:
    context = await open_page.new_context(**looks)
    await context.add_cookies(
        [{"name": n, "value": v, "url": running.url} for n, v in guest.http.cookies.items()]
    )
    page = await open_page.open_in(context, f"{running.url}/s/{running.code}{view}")
    await expect(page.locator(".pane[data-kind=act]:visible").first).to_be_visible()
    return page


async def test_advice_is_answered_before_its_author_and_whoever_is_asked_says_yes_in_their_own_language(
    open_page: Pages, tmp_path: Path
) -> None:
    async with advised(tmp_path) as (running, guests, people):
        hers, his, host = [
            await opened(open_page, running, guests[name], **NARROW) for name in ("aino", "ben", "hal")
        ]
        await host.get_by_role("button", name="Vastaa nyt: Buy lamps").click()
        await expect(hers.locator("#P-own-Ac1")).to_contain_text("Sinun, vastataan nyt")
        await host.get_by_role("radio", name="Kokeillaan").check()
        await host.get_by_label("Miksi, näkyy kaikille").fill("One line first")
        await host.get_by_label("Vain yksi vastuuhenkilö").first.select_option(people[1])
        await host.get_by_role("button", name="Tallenna vastaus").click()
        await expect(hers.locator("#P-own-Ac1 .answer")).to_contain_text("One line first")
        await expect(hers.locator("#P-own-Ac1 .answer")).to_contain_text("Pyydetty: Ben")
        await his.get_by_role("button", name="Ja, jag tar ansvar").click()
        await expect(hers.locator("#P-own-Ac1 .answer")).to_contain_text("Vastuuhenkilö: Ben")
        await expect(his.locator("#P-item-Ac1")).to_contain_text("Prova")
        await hers.locator("#P-item-Ac1").get_by_role("button", name="Autan tässä").click()
        await expect(his.locator("#P-item-Ac1 .me-too b")).to_have_text("1")
        for page in (hers, his, host):
            await page.context.close()


async def test_axe_finds_nothing_on_any_page_of_a_plan_and_nothing_is_wider_than_a_narrow_phone(
    open_page: Pages, tmp_path: Path
) -> None:
    async with advised(tmp_path) as (running, guests, people):
        aino, ben, hal = guests["aino"], guests["ben"], guests["hal"]
        made = {"due": DUE, "area": "fund"}
        await hal.post("answer_item", "P", card="Ac1", choice="accept", answer="So", due=DUE)
        await hal.post("answer_item", "P", card="Ac2", choice="not_now", answer="Later")
        await hal.post("take_item", "P", card="Ac3")
        await hal.post("answer_item", "P", card="Ac3", choice="try", answer="One", due=DUE, person=people[0])
        await aino.post(
            "add_action", "P", sort="booking", what="Begin", hour="09:30", person=people[1], **made
        )
        await ben.post("add_action", "P", sort="measure", what="Fund it", indicator="Ten", open="yes", **made)
        await ben.post("help_action", "P", card="Pa1")
        await aino.post("ask_support", "P", card="Pa3", text="Money")
        await ben.post("ask_support", "P", card="Pa4", text="Time")
        await hal.post("answer_support", "P", card="Pa4", choice="partly", answer="An hour")
        found: list[str] = []
        for name, view, looks in (
            ("aino", "", NARROW),
            ("aino", "/mine", NARROW),
            ("hal", "", NARROW),
            ("kim", "/console", WIDE),
        ):
            page = await opened(open_page, running, guests[name], view, **looks)
            await expect(page.locator("html")).to_have_attribute("lang", LANGUAGES[name])
            found += [f"{name}{view}: {fault}" for fault in await faults(page)]
            await page.context.close()
        assert found == []
