"""A race in real browsers: what one person does the others see, by push, and nobody loads a page anew."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.room import (
    Room,
    live,
    never_reloaded,
    next_phase,
    pane,
    room_of,
    sees_title,
    state,
    took,
    trimmed,
)
from tests.conftest import Pages
from tests.support.house import Guest, House

NEED = "Utryckningen tar 40 minuter i snöfall"
IDEA = "Drönare lyfter hjärtstartaren"
OTHERS = ("Bea", "Carl", "Dora", "Eero", "Fia", "Gabriel")


async def write_need(phone: Page, who: str, situation: str) -> None:
    """A card on the form of R03, in the person's language: its first field and its main one."""
    form = phone.locator('form[data-draft="R03-add"]')
    await form.locator("[name=who]").fill(who)
    await form.locator("[name=situation]").fill(situation)
    await form.locator(".button.main").click()


async def test_from_a_need_to_its_record(tmp_path: Path, open_page: Pages) -> None:
    form = trimmed("R03", "R04", "R05", "R06", "R09", "R15", "R15F")
    async with room_of(tmp_path, open_page, form) as (home, room):
        console, screen = await room.console("Kim"), await room.screen()
        elsa, aino = await room.phone("Elsa", "sv"), await room.phone("Aino", "fi")
        others = [await home.guest(name, organisation=f"O{n}", live=False) for n, name in enumerate(OTHERS)]
        everybody = (console, screen, elsa, aino)

        await collect(home, console, screen, elsa, aino, others)
        await vote(home, console, screen, elsa, aino, others)
        await never_reloaded(*everybody)
        await form_teams(home, console, elsa, aino)
        await asyncio.gather(
            live(elsa), live(aino)
        )  # who leads a team has got another role, and with it a new page
        await gather_ideas(home, console, screen, elsa, aino, others)
        await keep_ideas(home, console, screen, elsa, aino, others)
        await pitch(home, console, screen, elsa, aino, others)
        await never_reloaded(*everybody)
        await read_record(home, room)


async def collect(
    home: House, console: Page, screen: Page, elsa: Page, aino: Page, others: list[Guest]
) -> None:
    """Cards: silent at first, then on everybody's phone and the wall."""
    await next_phase(console, "Good problems")
    await sees_title("Goda problem", elsa)
    await sees_title("Hyvät ongelmat", aino)
    await sees_title("Good problems", screen)
    await write_need(elsa, "Hemtjänsten", NEED)
    await expect(pane(elsa, "R03").locator(".card").filter(has_text=NEED)).to_contain_text("Skickat")
    await expect(console.locator(".loose")).to_contain_text(NEED)
    await expect(screen.locator("#stage")).to_contain_text("1 card is in")
    for page in (screen, aino):
        assert NEED not in await page.locator("body").inner_text(), (
            "a card is seen before the silence is over"
        )
    await console.get_by_role("button", name="End the silence now").click()
    for page in (screen, aino):
        await expect(page.locator("#stage")).to_contain_text(NEED)
    for number, guest in enumerate(others):
        await took(guest, "add_card", "R03", who="Somebody", situation=f"Another problem, number {number}")
    await write_need(aino, "Poronhoitajat", "Tokka eksyy sumussa")
    for page in (screen, elsa, console):
        await expect(page.locator("#stage")).to_contain_text("Tokka eksyy sumussa")


async def vote(home: House, console: Page, screen: Page, elsa: Page, aino: Page, others: list[Guest]) -> None:
    """Three dots each. Nobody sees how it stands before the result is shown."""
    await next_phase(console, "First priority list")
    await expect(screen.locator(".turnout .huge")).to_have_text("0")
    cards = {card.text: card.id for card in (await state(home)).outcome("R03").cards}
    for phone in (elsa, aino):
        option = pane(phone, "R04").locator(f'.option[data-option="{cards[NEED]}"] .dot')
        await option.nth(0).check()
        await option.nth(1).check()
        await pane(phone, "R04").locator("form .button.main").click()
        await expect(pane(phone, "R04").locator("#R04-receipt")).to_be_visible()
    for guest in others[:4]:
        await took(guest, "cast_ballot", "R04", option=[cards[NEED], cards["Another problem, number 0"]])
    await expect(screen.locator(".turnout .huge")).to_have_text("6")
    await expect(console.locator("#stage dd").first).to_contain_text("6")
    for page in (screen, console):
        assert NEED not in await page.locator("#stage").inner_text(), "the vote is not blind"
    await console.locator("#controls").get_by_role("button", name="Close the vote").click()
    await expect(elsa.locator("#band .timer")).to_contain_text("Stängd")
    await expect(screen.locator("#stage")).to_contain_text("The result comes next")
    assert NEED not in await screen.locator("#stage").inner_text(), (
        "the result is shown before it is revealed"
    )
    assert not await screen.locator(".ranks").count()
    await console.get_by_role("button", name="Show the result", exact=True).click()
    first = screen.locator(".ranks li").first
    await expect(first.locator("h2")).to_have_text(NEED)
    await expect(first.locator(".sum")).to_have_text("8")
    await expect(first.locator("circle")).to_have_count(8)
    await expect(console.locator("#stage table tbody tr").first).to_contain_text(NEED)
    await expect(pane(aino, "R04").locator(".slots li").first).to_contain_text(NEED)


async def form_teams(home: House, console: Page, elsa: Page, aino: Page) -> None:
    """Wishes, a proposal, and a confirmation; each phone says which team its person is in."""
    await next_phase(console, "Team formation")
    await pane(elsa, "R05").locator(".option").filter(has_text=NEED).locator("[value]").first.check()
    await pane(elsa, "R05").locator("form .button.main").click()
    await expect(pane(elsa, "R05").locator(".state.ok").first).to_be_visible()
    await console.get_by_role("button", name="Propose teams").click()
    await console.get_by_role("textbox", name="Reason, where rules are not met").fill("We are few")
    await console.get_by_role("button", name="Confirm the teams").click()
    for phone, says in ((elsa, "Lagen är klara"), (aino, "Tiimit ovat valmiit")):
        await expect(pane(phone, "R05").filter(has_text=says)).to_be_visible()
        mine = (await state(home)).people[await person_at(phone)].team
        await expect(pane(phone, "R05").locator(".who").first).to_contain_text(
            (await state(home)).teams[mine].name
        )


async def person_at(page: Page) -> str:
    """The pseudonymous id of whose page it is."""
    return await page.locator("body").get_attribute("data-person") or ""


async def gather_ideas(
    home: House, console: Page, screen: Page, elsa: Page, aino: Page, others: list[Guest]
) -> None:
    """Ideas: the team sees them, other teams do not, the wall shows how many."""
    await next_phase(console, "Idea burst")
    link = pane(elsa, "R06").locator("select[name=link]")
    need = next(card.id for card in (await state(home)).outcome("R03").cards if card.text == NEED)
    await link.select_option(need)
    await pane(elsa, "R06").locator("textarea[name=text]").fill(IDEA)
    await pane(elsa, "R06").locator("form .button.main").first.click()
    await expect(pane(elsa, "R06").locator("ol .card").filter(has_text=IDEA).first).to_be_visible()
    for number, guest in enumerate(others):
        await took(guest, "add_card", "R06", text=f"Idea number {number}")
    await expect(screen.locator(".team-line p").first).to_contain_text("of 20")
    session = await state(home)
    teams = {session.people[await person_at(phone)].team for phone in (elsa, aino)}
    await expect(pane(aino, "R06").filter(has_text=IDEA)).to_have_count(1 if len(teams) == 1 else 0)


async def keep_ideas(
    home: House, console: Page, screen: Page, elsa: Page, aino: Page, others: list[Guest]
) -> None:
    """The second priority list: each team scores its own ideas, and an entry begins for each that is kept."""
    await next_phase(console, "Second priority list")
    session = await state(home)
    ideas = session.outcome("R06").cards
    await expect(pane(elsa, "R09").locator(".mark-row").first).to_be_visible()
    for row in await pane(elsa, "R09").locator(".mark-row").all():
        best = IDEA in (await row.locator(".scale").get_attribute("aria-label") or "")
        await row.locator(f'input[value="{5 if best else 3}"]').check()
    await pane(elsa, "R09").locator("form .button.main").click()
    await expect(pane(elsa, "R09").locator("#R09-receipt")).to_be_visible()
    for guest in others:
        own = await team_of(home, guest)
        scores = {
            f"score-{card.id}-{name}": "4"
            for card in ideas
            if card.team == own and card.text != IDEA
            for name in ("need_fit", "novelty", "feasibility")
        }
        await took(guest, "cast_ballot", "R09", **scores)
    await console.locator("#controls").get_by_role("button", name="Close the vote").click()
    await console.get_by_role("button", name="Show the result", exact=True).click()
    await expect(screen.locator(".team-line").first).to_contain_text("→")
    await expect(pane(elsa, "R09").locator(".slots li").first).to_contain_text(IDEA)
    assert any(entry.title == IDEA for entry in (await state(home)).entries.values())


async def team_of(home: House, guest: Guest) -> str:
    found = await home.inside.people.whose(guest.http.cookies["race"])
    assert found is not None
    return (await state(home)).people[found.person].team


async def pitch(
    home: House, console: Page, screen: Page, elsa: Page, aino: Page, others: list[Guest]
) -> None:
    """One after another on a server-side clock that everybody sees; the room gives feedback."""
    await next_phase(console, "Half-time pitch")
    await console.get_by_role("button", name="Draw the order", exact=True).click()
    await console.get_by_role("button", name="Start", exact=True).first.click()
    stage = screen.locator(".pitch")
    await expect(stage).to_be_visible()
    session = await state(home)
    titles = [entry.title for entry in session.entries.values()]
    on = await stage.locator("h2").inner_text()
    assert on in titles
    following = await stage.locator(".upnext").inner_text()
    assert len(titles) == 1 or any(title in following for title in titles if title != on), following
    clock = stage.locator(".clock b")
    first = await clock.inner_text()
    assert re.fullmatch(r"2:\d\d|3:00", first), first
    await expect(clock).not_to_have_text(first)
    await expect(pane(elsa, "R15").locator(".onstage h2")).to_have_text(on)
    entry = next(entry for entry in session.entries.values() if entry.title == IDEA)
    stranger, *_ = [guest for guest in others if await team_of(home, guest) != entry.team]
    await took(stranger, "add_card", "R15F", target=entry.id, column="keep", text="Pitäkää tämä")
    await expect(pane(elsa, "R15F").filter(has_text="Pitäkää tämä")).to_be_visible()
    mine = session.people[await person_at(aino)].team
    await feed_back(aino, next(entry.id for entry in session.entries.values() if entry.team != mine))
    await console.get_by_role("button", name="To the questions").click()
    await expect(stage.locator(".parts .on")).to_contain_text("Questions")
    assert "Pitäkää tämä" not in await screen.locator("body").inner_text()


async def feed_back(phone: Page, entry: str) -> None:
    """A card about another team's project."""
    form = pane(phone, "R15F").locator("form").first
    await form.locator("select[name=target]").select_option(entry)
    await form.locator("input[value=change]").check()
    await form.locator("textarea").fill("Muuttakaa tämä")
    await form.locator(".button.main").click()
    await expect(pane(phone, "R15F").locator(".card .state.ok")).to_be_visible()


async def read_record(home: House, room: Room) -> None:
    """The record says which need it answers and which cards it came from."""
    entry = next(entry for entry in (await state(home)).entries.values() if entry.title == IDEA)
    assert entry.need is not None
    assert entry.idea is not None
    sheet = await room.pages.open_in(room.contexts["Elsa"], f"{room.door}/records/{entry.id}")
    await expect(sheet.locator("h1")).to_have_text(IDEA)
    await expect(sheet.locator(".a4").first).to_contain_text(NEED)
    await expect(sheet.locator(".trace")).to_contain_text(entry.need.id)
    await expect(sheet.locator(".trace")).to_contain_text(entry.idea.id)


async def test_a_hidden_card_is_gone_from_the_screen_within_a_second(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, trimmed("R03", R03={"silent_minutes": 0})) as (home, room):
        console, screen = await room.console(), await room.screen()
        guest = await home.guest("Bea", live=False)
        await next_phase(console, "Good problems")
        rude = [f"Something rude {number}" for number in range(3)]
        for text in (*rude, "Something kind"):
            await took(guest, "add_card", "R03", situation=text)
        for text in (*rude, "Something kind"):
            await expect(screen.locator("#stage")).to_contain_text(text)
        seconds = [await hidden(console, screen, text) for text in rude]
        assert min(seconds) < 1.0, f"hidden after {seconds} s; a machine may be busy, but not each time"
        await expect(screen.locator("#stage")).to_contain_text("Something kind")


async def hidden(console: Page, screen: Page, text: str) -> float:
    """Hide a card; seconds until it is gone from the wall."""
    hide = console.locator(".loose li").filter(has_text=text).get_by_role("button", name="Hide card")
    await hide.scroll_into_view_if_needed()
    began = time.perf_counter()
    await hide.click()
    await screen.wait_for_function("text => !document.body.innerText.includes(text)", arg=text, polling=20)
    return time.perf_counter() - began


SHORT = trimmed("R03", "R04", "R07", R03={"silent_minutes": 0})


async def test_two_facilitators_at_once_change_one_phase_and_either_may_take_over(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, SHORT) as (home, room):
        kim, lo = await room.console("Kim"), await room.console("Lo")
        await expect(lo.locator("#driver")).to_contain_text("Kim drives")
        await next_phase(kim, "Good problems")
        await sees_title("Good problems", lo)
        await asyncio.gather(
            *(
                console.locator("body:not([data-shifted]) #controls .button.main").click()
                for console in (kim, lo)
            )
        )
        await sees_title("First priority list", kim, lo)
        await expect(lo.locator("#refusals .card")).to_contain_text("Somebody else drives this session.")
        opened = [phase.id for phase in (await state(home)).agenda if phase.started]
        assert opened == ["R03", "R04"]
        await lo.locator("#refusals").get_by_role("button", name="Close").click()
        await lo.get_by_role("button", name="Take over").click()
        for console in (kim, lo):
            await expect(console.locator("#driver")).to_contain_text("Lo drives")
        await next_phase(lo, "Dinner")
        await sees_title("Dinner", kim)
        await kim.locator("#controls").get_by_role("button", name="Close", exact=True).click()
        await expect(kim.locator("#refusals .card")).to_contain_text("Take over first")
        await expect(kim.locator(".side")).to_contain_text("Took over the console")


async def test_a_wrong_code_is_told_in_the_visitors_language_and_kept(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, SHORT) as (_, room):
        open_page.expect_error("404")
        page = await open_page(room.url, locale="fi-FI")
        room.contexts["somebody"] = page.context
        wrong = "0000000Z" if room.code != "0000000Z" else "0000000Y"
        for typed, says in (
            (wrong, "Tällä koodilla ei ole tilaisuutta"),
            ("kala", "kahdeksan kirjainta ja numeroa"),
        ):
            await page.get_by_label("Liittymiskoodi, kahdeksan merkkiä").fill(typed)
            await page.get_by_role("button", name="Jatka").click()
            await expect(page.get_by_role("alert")).to_contain_text(says)
            await expect(page.get_by_label("Liittymiskoodi, kahdeksan merkkiä")).to_have_value(typed)
        await page.get_by_label("Liittymiskoodi, kahdeksan merkkiä").fill(
            f"{room.code[:4]} {room.code[4:]}".lower()
        )
        await page.get_by_role("button", name="Jatka").click()
        await expect(page.get_by_label("Nimesi sellaisena kuin muut sen näkevät")).to_be_visible()
        assert page.url == room.door


async def test_a_phone_changes_its_language_and_keeps_what_is_being_written(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, SHORT) as (_, room):
        console, aino = await room.console(), await room.phone("Aino", "fi")
        await next_phase(console, "Good problems")
        await sees_title("Hyvät ongelmat", aino)
        await pane(aino, "R03").locator("textarea").first.press_sequentially("Puoliksi kirj")
        mine = await room.open("Aino", "mine")
        await mine.get_by_role("button", name="Svenska").click()
        for page in (aino, mine):
            await sees_title("Goda problem", page)
            await expect(page.locator("html")).to_have_attribute("lang", "sv")
        await expect(pane(aino, "R03").locator("textarea").first).to_have_value("Puoliksi kirj")
        await expect(aino.get_by_role("button", name="Skicka kort")).to_be_visible()


async def test_two_tabs_of_one_person_show_the_same_and_send_once(tmp_path: Path, open_page: Pages) -> None:
    async with room_of(tmp_path, open_page, SHORT) as (home, room):
        console, first = await room.console(), await room.phone("Elsa", "sv")
        second = await room.open("Elsa")
        await next_phase(console, "Good problems")
        await write_need(first, "Sjuksköterskan", "Skriven i den första fliken")
        for tab in (first, second):
            own = tab.locator("#R03-own > .card")
            await expect(own).to_have_count(1)
            await expect(own).to_contain_text("Skriven i den första fliken")
            await expect(tab.locator("[data-outbox] .card")).to_have_count(0)
        await write_need(second, "Sjuksköterskan", "Och i den andra")
        for tab in (first, second):
            await expect(tab.locator("#R03-own > .card")).to_have_count(2)
        assert len((await state(home)).outcome("R03").cards) == 2
        await next_phase(console, "First priority list")
        await pane(first, "R04").locator(".dot").first.check()
        await pane(first, "R04").locator("form .button.main").click()
        await expect(pane(second, "R04").locator(".dot:checked")).to_have_count(1)
        await never_reloaded(first, second)


async def test_the_console_looks_at_a_closed_phase_while_the_next_one_runs(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, SHORT) as (home, room):
        console, elsa = await room.console(), await room.phone("Elsa", "sv")
        await next_phase(console, "Good problems")
        await took(await home.guest("Bea", live=False), "add_card", "R03", situation="Something rude")
        await next_phase(console, "First priority list")
        await expect(pane(elsa, "R04").filter(has_text="Something rude")).to_be_visible()
        await console.locator(".agenda .leg").filter(has_text="Good problems").locator("summary").click()
        await console.get_by_role("link", name="Look at it").click()
        await live(console)
        await expect(pane(console, "R03")).to_contain_text("Something rude")
        await console.get_by_role("button", name="Hide card 1").click()
        await expect(console.get_by_role("button", name="Show card 1 again")).to_be_visible()
        await expect(pane(elsa, "R04").filter(has_text="Something rude")).to_have_count(0)
        await never_reloaded(console, elsa)
