"""Everybody can use it: axe finds nothing on any page in any phase, a keyboard is enough, and what moves can be stilled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

from tests.browser.race import Race, race
from tests.browser.room import CONSOLE, PHONE, SCREEN
from tests.conftest import Pages

LOOKED_ON: Mapping[str, tuple[str, Mapping[str, Any], tuple[str, ...]]] = {
    "phone": ("Aino", {**PHONE, "locale": "fi-FI"}, ("", "mine", "team")),
    "dark phone": ("Elsa", {**PHONE, "locale": "sv-SE", "color_scheme": "dark"}, ("", "mine", "team")),
    "jury": ("Väinö", {**PHONE, "locale": "fi-FI"}, ("",)),
    "expert": ("Eva", {**PHONE, "locale": "en-GB"}, ("",)),
    "console": ("Kim", {**CONSOLE, "locale": "en-GB"}, ("console", "people", "log")),
    "dark console": ("Kim", {**CONSOLE, "locale": "en-GB", "color_scheme": "dark"}, ("console",)),
    "screen": ("screen", {**SCREEN, "locale": "en-GB"}, ("screen",)),
}
"""Whose browsers look on, and which views they keep open."""
RARELY = frozenset({"mine", "team", "people", "log"})
"""Views that are looked at once in each phase, when everybody is done."""
AXE = """async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.flatMap(rule => rule.nodes.map(
  node => `${rule.id}: ${node.target.join(' ')} ${node.html.slice(0, 160)} | ${(node.failureSummary ?? '').replace(/\\s+/g, ' ').slice(0, 220)}`))"""
LOOKS = "() => document.body.innerHTML.replace(/[0-9]+/g, '0') + document.documentElement.dataset.scene"


class Inspection:
    """Open pages, and what axe has found on them so far."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.known: set[tuple[str, int]] = set()
        self.found: dict[str, str] = {}
        self.runs = 0

    async def take_in(self, name: str, page: Page) -> None:
        self.pages[name] = page

    async def look(self, where: str, *names: str) -> None:
        """Run axe on these pages, or all; a page that looks as it did before is left out."""
        for name in names or self.pages:
            page = self.pages[name]
            looks = (name, hash(await page.evaluate(LOOKS)))
            if looks in self.known:
                continue
            self.known.add(looks)
            self.runs += 1
            for violation in await page.evaluate(AXE):
                self.found.setdefault(f"{name}: {violation}", where)


async def look_on(held: Race) -> Inspection:
    """Open everybody's pages."""
    inspection = Inspection()
    for name, (who, options, views) in LOOKED_ON.items():
        context = await held.browser(who, **options)
        await context.add_init_script(AXE_SCRIPT)
        for view in views:
            await inspection.take_in(f"{name} {view}".strip(), await held.open(context, view))
    return inspection


async def test_axe_finds_nothing_on_any_view_in_any_phase(tmp_path: Path, open_page: Pages) -> None:
    async with race(tmp_path, open_page) as held:
        inspection = await look_on(held)
        often = [name for name in inspection.pages if name.rpartition(" ")[2] not in RARELY]
        await inspection.look("before the start")

        async def look(phase: str, moment: str) -> None:
            await held.shown()
            await inspection.look(f"{phase} {moment}", *([] if moment == "done" else often))

        await held.walk(look)
        print(inspection.runs, "runs of axe")
    assert not inspection.found, "\n".join(f"{where}: {what}" for what, where in inspection.found.items())
