"""Nothing that somebody wrote or marked goes without a word: it is shown where its owner finds it, and says what it is."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.browser.room import next_phase, pane, room_of, state, took, trimmed
from tests.conftest import Pages

FORM = trimmed("R03", "R04", "R05", R03={"silent_minutes": 0})
BEGUN = "Tie aurataan vasta kymmeneltä"


def situation(page: Page) -> Locator:
    return page.locator('form[data-draft="R03-add"] [name=situation]')


def drafts(page: Page) -> Locator:
    return page.locator("#drafts > li")


async def test_half_a_card_lies_under_mine_when_the_facilitator_moves_on_and_can_be_sent_late(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, FORM) as (home, room):
        console, aino = await room.console(), await room.phone("Aino", "fi")
        await next_phase(console, "Good problems")
        await situation(aino).fill(BEGUN)
        await expect(aino.locator("[data-if-drafts]")).to_be_hidden()
        await next_phase(console, "First priority list")
        await expect(aino.locator("[data-if-drafts]")).to_be_visible()
        await expect(aino.locator("[data-unsent-count]")).to_have_text("1")
        await aino.get_by_role("link", name="Se on kohdassa Omat.").click()
        await expect(drafts(aino)).to_have_count(1)
        await expect(drafts(aino).locator("textarea")).to_have_value(BEGUN)
        await expect(drafts(aino).locator("h3")).to_have_text("Hyvät ongelmat")
        await drafts(aino).get_by_role("button", name="Lähetä nyt").click()
        await expect(drafts(aino)).to_have_count(0)
        late = (await state(home)).agenda.phases["R03"].activity.state.late  # type: ignore[union-attr]  # a collect
        assert [card.fields["situation"] for card in late.values()] == [BEGUN]


async def test_placed_dots_lie_under_mine_when_the_vote_has_closed_and_a_refusal_leaves_them_there(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, FORM) as (home, room):
        console, aino = await room.console(), await room.phone("Aino", "en")
        await next_phase(console, "Good problems")
        await took(await home.guest("Bea", live=False), "add_card", "R03", situation="The road is late")
        await next_phase(console, "First priority list")
        await pane(aino, "R04").locator(".dot").first.check()
        await next_phase(console, "Team formation")
        await aino.get_by_role("link", name="It lies under Mine.").click()
        await expect(drafts(aino).locator("textarea")).to_have_value("The road is late")
        await drafts(aino).get_by_role("button", name="Send it now").click()
        await expect(drafts(aino).locator("[data-message]")).to_contain_text("losed")
        await expect(drafts(aino).locator("textarea")).to_have_value("The road is late")
        await drafts(aino).get_by_role("button", name="Discard").click()
        await drafts(aino).get_by_role("button", name="Bring it back").click()
        await aino.reload()
        await expect(drafts(aino)).to_have_count(1)


async def test_pasted_text_that_is_too_long_stays_whole_is_counted_and_is_not_sent(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, FORM) as (_home, room):
        console, aino = await room.console(), await room.phone("Aino", "sv")
        await next_phase(console, "Good problems")
        pasted = "väg " * 400
        await situation(aino).fill(pasted)
        limit = int(await situation(aino).get_attribute("data-fits") or 0)
        over = f"{len(pasted.strip()) - limit} tecken för mycket."
        await expect(aino.locator("[data-counting]")).to_contain_text(over)
        await aino.locator('form[data-draft="R03-add"] .button.main').click()
        await expect(aino.locator("[data-fault]")).to_contain_text(over)
        await expect(situation(aino)).to_have_value(pasted)
        await situation(aino).fill("Vägen plogas sent")
        await expect(aino.locator("[data-fault], [data-counting]")).to_have_count(0)
        await aino.locator('form[data-draft="R03-add"] .button.main').click()
        await expect(aino.locator("#R03-own > .card")).to_contain_text("Vägen plogas sent")


async def test_what_is_missing_is_said_in_the_language_of_the_page_and_not_of_the_browser(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, FORM) as (_home, room):
        console, aino = await room.console(), await room.phone("Aino", "fi")
        await next_phase(console, "Good problems")
        await aino.locator('form[data-draft="R03-add"] .button.main').click()
        await expect(aino.locator("[data-fault]")).to_have_text("Tämä puuttuu vielä.")
        assert await aino.evaluate("() => document.activeElement.name") == "situation"


async def test_that_the_ballot_is_in_stands_above_the_foot_of_the_page_until_it_is_changed(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, FORM) as (home, room):
        console, aino = await room.console(), await room.phone("Aino", "fi")
        await next_phase(console, "Good problems")
        for name in ("Bea", "Carl"):
            guest = await home.guest(name, live=False)
            for number in range(3):
                await took(guest, "add_card", "R03", situation=f"A problem of {name}, number {number}")
        await next_phase(console, "First priority list")
        await pane(aino, "R04").locator(".dot").first.check()
        await aino.locator("#R04-ballot .button.main").click()
        in_foot = aino.locator("#R04-ballot .under [data-in]")
        await expect(in_foot).to_contain_text("Äänesi on perillä")
        places = await aino.locator(".places").bounding_box()
        box = await in_foot.bounding_box()
        assert box is not None
        assert places is not None
        assert box["y"] + box["height"] <= places["y"], "it lies under the places"
        await pane(aino, "R04").locator(".dot").nth(2).check()
        await expect(in_foot).to_be_hidden()
