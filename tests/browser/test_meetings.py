"""A company evening in real browsers: two say yes and hear of it, the plan stands on phone and wall, and whoever waits for
somebody who does not come meets somebody else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, expect

from sessions.activities.match import Match
from tests.browser.test_access import AXE
from tests.conftest import Pages
from tests.support.house import Guest, House, house
from tests.support.stage import made_up, phase, plain

RULES = {
    "does": ["board", "interest", "meet"],
    "slots": 1,
    "slot_minutes": 10,
    "change_minutes": 1,
    "tables": 4,
}
ROW = phase("match", "M", who=["everyone"], rules=RULES)
FORM = {**made_up(), "phase": plain([ROW])}
GUESTS = ("Aino", "Bo", "Cecilia", "David")
NARROW: Mapping[str, Any] = {"viewport": {"width": 320, "height": 800}, "reduced_motion": "reduce"}
WIDE: Mapping[str, Any] = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
TWO = re.compile("Cecilia and David|David and Cecilia")
UNFOLD = "document.querySelectorAll('main details').forEach(d => { d.open = true; })"
SPILLS = (
    "[...document.querySelectorAll('main *')].filter(el => el.getBoundingClientRect().right > innerWidth + 1)"
    ".map(el => el.outerHTML.slice(0, 120))"
)


@asynccontextmanager
async def evening(data: Path) -> AsyncIterator[tuple[House, dict[str, Guest], dict[str, str]]]:
    """Four guests of different companies, and the facilitator; the ids of all."""
    async with house(data, FORM) as running:
        guests = {"kim": await running.staff(live=False)}
        for name in GUESTS:
            guests[name] = await running.guest(name, organisation=f"{name} Oy", live=False)
        people = [
            member.id for member in (await running.desk()).session.people.values() if not member.removed
        ]
        await guests["kim"].post("open_phase", "M")
        yield running, guests, dict(zip(("kim", *GUESTS), people, strict=True))


async def opened(open_page: Pages, running: House, guest: Guest, view: str, looks: Mapping[str, Any]) -> Page:
    context = await open_page.new_context(**looks)
    cookies = [{"name": n, "value": v, "url": running.url} for n, v in guest.http.cookies.items()]
    await context.add_cookies(cookies)  # type: ignore[arg-type]  # playwright's own shape, as a plain dict
    page = await open_page.open_in(context, f"{running.url}/s/{running.code}{view}")
    await expect(page.locator(".pane[data-kind=match]").first).to_be_visible()
    return page


async def faults(page: Page, who: str) -> list[str]:
    """What axe finds, and what is wider than the page, with all unfolded."""
    await page.evaluate(UNFOLD)
    await page.evaluate(AXE_SCRIPT)
    found: list[str] = [*await page.evaluate(AXE, ["", []]), *await page.evaluate(SPILLS)]
    return [f"{who}: {fault}" for fault in found]


async def test_a_company_evening_with_somebody_who_does_not_come(open_page: Pages, tmp_path: Path) -> None:
    async with evening(tmp_path) as (running, guests, ids):
        kim = guests["kim"]
        await guests["Bo"].post("post_offer", "M", side="need", title="Somebody who welds thin plates")
        phone = await opened(open_page, running, guests["Aino"], "", NARROW)

        # Nobody sees what she says, until Bo says it too; then she hears of it without loading anything.
        bo = phone.locator(f"#M-party-{ids['Bo']}")
        await expect(bo).to_contain_text("Somebody who welds thin plates")
        await bo.get_by_role("button", name="Yes").click()
        await expect(bo.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")
        console = await kim.page("console")
        assert "1 of 4 have answered" in console
        await expect(phone.get_by_text("Both said yes")).to_have_count(0)
        await guests["Bo"].post("say_interest", "M", party=ids["Aino"], answer="yes")
        await expect(phone.get_by_role("heading", name="Both said yes")).to_be_visible()
        words = await kim.http.get(f"/s/{running.code}/words")
        assert "Somebody who welds thin plates" in words.text, "there is something to read"
        assert ids["Bo"] not in words.text.partition("Somebody who welds")[0]
        assert ">yes<" not in words.text

        # The plan is published, the first bell rings, and the table stands on the phone.
        for one, other in (("Cecilia", "David"), ("David", "Cecilia")):
            await guests[one].post("say_interest", "M", party=ids[other], answer="yes")
        await kim.post("plan_meetings", "M")
        await kim.post("publish_plan", "M", minutes="0")
        await expect(phone.locator(".tabno")).to_be_visible()
        await expect(phone.locator(".now-meet h2")).to_have_text("Bo")
        found = await faults(phone, "Aino meets")

        # Bo does not come: she sits down with the two others, and Bo is asked.
        await phone.get_by_role("button", name="Nobody came").click()
        await expect(phone.locator(".now-meet h2")).to_have_text(TWO)
        await expect(phone.get_by_role("button", name="Undo, they came")).to_be_visible()
        assert "I am here" in await guests["Bo"].page()
        desk = await opened(open_page, running, kim, "/console", WIDE)
        await expect(desk.get_by_role("heading", name="Did not come")).to_be_visible()

        # He was only late: the meeting is held after all, at the same table.
        await desk.get_by_role("button", name="Bo is here").click()
        await phone.get_by_role("button", name="Undo, they came").click()
        await expect(phone.locator(".now-meet h2")).to_have_text("Bo")
        found += [*await faults(phone, "Aino"), *await faults(desk, "kim")]
        assert found == []
        activity = (await running.desk()).session.agenda.phases["M"].activity
        assert isinstance(activity, Match)
        assert {m.people for m in activity.state.meetings.values() if m.stands and m.slot == 0} == {
            tuple(sorted((ids["Aino"], ids["Bo"]))),
            tuple(sorted((ids["Cecilia"], ids["David"]))),
        }


@pytest.mark.parametrize("language", ["sv", "fi"])
async def test_axe_finds_nothing_on_what_is_ones_own_in_other_languages(
    open_page: Pages, tmp_path: Path, language: str
) -> None:
    async with evening(tmp_path) as (running, guests, ids):
        aino = guests["Aino"]
        await aino.post("choose_language", language=language)
        await aino.post("post_offer", "M", side="offer", title="A kiln")
        for one, other in (("Aino", "Bo"), ("Bo", "Aino")):
            await guests[one].post("say_interest", "M", party=ids[other], answer="yes")
            await guests[one].post("share_contact", "M", party=ids[other])
        await guests["kim"].post("plan_meetings", "M")
        await guests["kim"].post("publish_plan", "M", minutes="0")
        found = []
        for view in ("", "/mine"):
            page = await opened(open_page, running, aino, view, NARROW)
            await expect(page.locator("html")).to_have_attribute("lang", language)
            found += await faults(page, f"Aino{view}")
        assert found == []
