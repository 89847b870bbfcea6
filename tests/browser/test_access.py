"""Everybody can use it: axe finds nothing on any look of any page, a keyboard is enough, and what moves can be stilled."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, expect

from tests.browser.race import Race, race
from tests.browser.room import CONSOLE, PHONE, SCREEN, next_phase, pane, room_of, took, trimmed
from tests.conftest import Pages
from tests.photographs.checks import COLOURS, EVERYWHERE, LOOK
from tests.support.stage import race48
from tests.support.traits import repeats

STILL: Mapping[str, Any] = {"reduced_motion": "reduce"}
FINNISH: Mapping[str, Any] = {**PHONE, **STILL, "locale": "fi-FI"}
LOOKED_ON: Mapping[str, tuple[Mapping[str, Any], tuple[str, ...]]] = {
    "Aino": (FINNISH, ("", "mine", "team")),
    "Väinö": (FINNISH, ("",)),
    "Eva": ({**PHONE, **STILL, "locale": "en-GB"}, ("",)),
    "Kim": ({**CONSOLE, **STILL, "locale": "en-GB"}, ("console", "people", "log")),
    "screen": ({**SCREEN, **STILL, "locale": "en-GB"}, ("screen",)),
}
"""Whose browsers look on (a participant, the jury's chair, an expert, the facilitator), and the views they keep open."""
AT_EVERY_MOMENT = ("Aino", "screen screen")
"""Looked at whenever something has happened; the others when everybody is done with a phase."""
AT_THE_END = ("Aino", "screen screen", "Kim console")
"""Looked at once more when the facilitator, too, is done with it."""
LISTS = frozenset({"Kim people", "Kim log"})
"""Looked at with the whole pages only."""
WHOLE = frozenset({"R03", "R05", "R08", "R11", "R16", "R23", "R29"})
"""Phases in which whole pages are looked at, in the others what has changed on them."""
BY_NIGHT = ("Aino", "Kim console")
"""Looked at in the dark colours, too, where whole pages are."""
STAGE = "#band, #stage > *"

AXE = (
    f"async ([places, rules]) => {{ {LOOK}"
    + """
  const seen = window.seen ??= new Set(), changed = [];
  for (const part of places ? document.querySelectorAll(places) : []) {
    const looks = around + (part.parentElement.id || part.parentElement.localName) + look(part);
    if (!seen.has(looks)) changed.push(part);
    seen.add(looks);
  }
  const include = places ? { include: changed.filter(part => part.getClientRects().length) } : document;
  if (places && !include.include.length) return [];
  const options = rules.length ? { runOnly: { type: 'rule', values: rules } } : {};
  const { violations } = await axe.run(include, { resultTypes: ['violations'], ...options });
  return violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(' ')} ${node.html.slice(0, 200)} `
    + (node.failureSummary ?? '').replace(/\\s+/g, ' ').slice(0, 240)));
}
"""
)
"""Runs axe on the whole page, or on those of its parts that look like nothing seen on it before. The pages stand still:
reduced motion."""


class Inspection:
    """What axe has found so far, and where first."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    async def look(
        self, where: str, pages: Mapping[str, Page], places: str = "", rules: Sequence[str] = ()
    ) -> None:
        """Run axe (all of it, or some rules) on these pages, or on what has changed in some places; two at a time."""
        hands = asyncio.Semaphore(2)

        async def one(name: str, page: Page) -> None:
            async with hands:
                for violation in await page.evaluate(AXE, [places, rules]):
                    self.found.setdefault(f"{name}: {violation}", where)

        await asyncio.gather(*(one(name, page) for name, page in pages.items()))

    async def look_by_night(self, where: str, pages: Mapping[str, Page]) -> None:
        """The same pages in their dark colours."""
        for page in pages.values():
            await page.emulate_media(color_scheme="dark")
        await self.look(f"{where} by night", pages, rules=COLOURS)
        for page in pages.values():
            await page.emulate_media(color_scheme="light")

    def report(self) -> str:
        return "\n".join(f"{where}: {what}" for what, where in self.found.items())


async def open_all(held: Race) -> dict[str, Page]:
    """Everybody's pages."""
    pages: dict[str, Page] = {}
    for name, (options, views) in LOOKED_ON.items():
        context = await held.browser(name, **options)
        await context.add_init_script(AXE_SCRIPT)
        pages |= {f"{name} {view}".strip(): await held.open(context, view) for view in views}
    return pages


@pytest.mark.timeout(600)
async def test_axe_finds_nothing_on_any_view_in_any_look(tmp_path: Path, open_page: Pages) -> None:
    inspection = Inspection()
    async with race(tmp_path, open_page) as held:
        pages = await open_all(held)
        groups = (AT_EVERY_MOMENT, AT_THE_END, BY_NIGHT, pages.keys() - LISTS)
        often, last, night, most = ({name: pages[name] for name in names} for names in groups)
        await inspection.look("before the start", pages)

        async def look(phase: str, moment: str) -> None:
            await held.shown()
            where = f"{phase} {moment}"
            if moment != "done":
                await inspection.look(where, last if moment == "over" else often, STAGE)
            elif phase not in WHOLE:
                await inspection.look(where, most, EVERYWHERE)
            else:
                await inspection.look(where, pages)
                await inspection.look_by_night(where, night)

        await held.walk(look, repeats(race48()))
        await inspection.look("at the end", pages)
        entry = min(held.desk.session.entries)
        sheet = await open_page.open_in(
            pages["Kim console"].context, f"{held.home.url}/s/{held.home.code}/records/{entry}"
        )
        await inspection.look("the record", {"record": sheet})
        await look_at_narrow_consoles(held, inspection)
    assert not inspection.found, inspection.report()


async def look_at_narrow_consoles(held: Race, inspection: Inspection) -> None:
    """The facilitator's views in a window as narrow as a phone, and phases that are over."""
    context = await held.browser("Kim", **{**CONSOLE, **STILL, "viewport": {"width": 390, "height": 844}})
    await context.add_init_script(AXE_SCRIPT)
    for view in ("console", "people", "log", *(f"console?phase={phase}" for phase in ("R04", "R13", "R26"))):
        page = await held.open(context, view)
        await inspection.look(f"{view} in a narrow window", {"console": page})
        wide = await page.evaluate(
            "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert not wide, f"{view} has to be scrolled sideways in a narrow window"


async def test_axe_finds_nothing_at_the_door(tmp_path: Path, open_page: Pages) -> None:
    """Typing a code, joining, opening a staff link, what is not here; with and without a fault, by day and by night."""
    open_page.expect_error("Failed to load resource")
    inspection = Inspection()
    async with room_of(tmp_path, open_page, trimmed("R01")) as (_, room):
        context = room.contexts["somebody"] = await open_page.new_context(**FINNISH)
        await context.add_init_script(AXE_SCRIPT)
        page = await context.new_page()
        link = f"/enter/{room.tokens['facilitator'][0]}"
        for path in (
            link,
            "/enter/nonsense",
            "/s/00000000",
            f"/s/{room.code}/console",
            f"/s/{room.code}",
            "/",
        ):
            await page.goto(room.url + path)
            await inspection.look(path, {"door": page})
            await inspection.look_by_night(path, {"door": page})
        await page.locator("[name=code]").fill("nonsense")
        await page.locator("form .button.main").click()
        await inspection.look("a wrong code", {"door": page})
        await inspection.look_by_night("a wrong code", {"door": page})
    assert not inspection.found, inspection.report()


# ---- by keyboard


FOCUS = """
() => {
  const here = document.activeElement, shows = el => {
    const look = getComputedStyle(el);
    return (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2) || look.boxShadow.includes('inset');
  };
  const around = here.closest('label, .option');
  return { what: `${here.tagName} ${here.id} ${here.className} ${here.name ?? ''}`, body: here === document.body,
    visible: here.matches(':focus-visible') && (shows(here) || !!around && shows(around)),
    inView: (box => box.bottom > 0 && box.top < innerHeight)(here.getBoundingClientRect()) };
}
"""
"""Where the focus is, whether one sees it, and whether it is on the page that one sees."""
MOST_STOPS = 80


async def tab_to(page: Page, css: str) -> None:
    """Press Tab until the focus is on an element; at each stop it must be seen."""
    for _ in range(MOST_STOPS):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(FOCUS)
        assert stop["body"] or (stop["visible"] and stop["inView"]), stop
        if await page.evaluate("css => document.activeElement.matches(css)", css):
            return
    raise AssertionError(f"no way by keyboard to {css}")


async def test_a_keyboard_is_enough_to_join_write_and_vote(tmp_path: Path, open_page: Pages) -> None:
    form = trimmed("R03", "R04", R03={"silent_minutes": 0})
    async with room_of(tmp_path, open_page, form) as (home, room):
        console = await room.console()
        page = await open_page(room.url, locale="sv-SE", viewport=PHONE["viewport"])
        room.contexts["Elsa"] = page.context
        await tab_to(page, "[name=code]")
        await page.keyboard.type(room.code)
        await page.keyboard.press("Enter")
        await page.wait_for_url(room.door)
        await tab_to(page, "[name=name]")
        await page.keyboard.type("Elsa")
        await tab_to(page, ".button.main")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#band")

        await next_phase(console, "Good problems")
        await expect(page.locator('form[data-draft="R03-add"]')).to_be_visible()
        await tab_to(page, ".skip")
        await expect(page.locator(".skip")).to_be_in_viewport()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        assert await page.evaluate("() => !!document.activeElement.closest('#stage')"), (
            "the skip link leads nowhere"
        )
        await page.evaluate("() => document.activeElement.blur()")
        await tab_to(page, "textarea[name=situation]")
        await page.keyboard.type("Skrivet utan mus")
        await tab_to(page, 'form[data-draft="R03-add"] .button.main')
        await page.keyboard.press("Space")
        await expect(page.locator("#R03-own > .card")).to_contain_text("Skrivet utan mus")
        await took(await home.guest("Bea", live=False), "add_card", "R03", situation="Another problem")

        await next_phase(console, "First priority list")
        await expect(pane(page, "R04").locator(".dot").first).to_be_visible()
        await tab_to(page, ".dot")
        await page.keyboard.press("Space")
        await tab_to(page, ".dot")
        await page.keyboard.press("Space")
        await tab_to(page, "#R04-ballot .button.main")
        await page.keyboard.press("Enter")
        await expect(pane(page, "R04").locator("#R04-receipt")).to_be_visible()


async def test_nothing_moves_for_those_who_ask_for_that(tmp_path: Path, open_page: Pages) -> None:
    counting = """() => {
      const real = Element.prototype.animate;
      window.moves = 0;
      Element.prototype.animate = function (...given) { window.moves++; return real.apply(this, given); };
    }"""
    async with room_of(tmp_path, open_page, trimmed("R03", R03={"silent_minutes": 0})) as (home, room):
        console = await room.console()
        calm = await room.phone("Aino", "fi", reduced_motion="reduce")
        lively = await room.phone("Elsa", "sv", reduced_motion="no-preference")
        for phone in (calm, lively):
            await phone.evaluate(counting)
        await next_phase(console, "Good problems")
        guest = await home.guest("Bea", live=False)
        for number in range(3):
            await took(guest, "add_card", "R03", situation=f"Problem {number}")
        for phone in (calm, lively):
            await expect(phone.locator("#R03-cards > .card")).to_have_count(3)
        await lively.wait_for_function("() => window.moves > 0")
        assert await calm.evaluate("() => window.moves") == 0
        still = "() => [...document.querySelectorAll('*')].every(el => parseFloat(getComputedStyle(el).transitionDuration) === 0)"
        assert await calm.evaluate(still)
