"""Words run as their own script does, on every view that shows them."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.room import next_phase, room_of, trimmed
from tests.conftest import Pages

FORM = trimmed("R03", "R04", R03={"silent_minutes": 0})
ARABIC = "الطريق مغلق, GPS 95!"
"""From the right, the exclamation mark comes last, at the left end; laid out from the left it would stand at the right."""

FROM_THE_RIGHT = """
words => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.data.indexOf(words);
    if (at < 0 || !walk.currentNode.parentElement.checkVisibility() || walk.currentNode.parentElement.matches('textarea, .away')) continue;
    const left = index => { const range = document.createRange(); range.setStart(walk.currentNode, index); range.setEnd(walk.currentNode, index + 1); return range.getBoundingClientRect().left; };
    found.push(left(at) > left(at + words.length - 1));
  }
  return found;
}
"""


ALL = f"words => {{ const found = ({FROM_THE_RIGHT.strip()})(words); return found.length && found.every(Boolean) && found.length; }}"


async def from_the_right(page: Page) -> int:
    """In how many places the words stand, once all of them run from the right: a wall is fitted anew after a push."""
    await expect(page.locator("#stage")).to_contain_text(ARABIC)
    found = await page.wait_for_function(ALL, arg=ARABIC)
    return int(await found.json_value())


async def test_arabic_runs_from_the_right_on_phones_wall_console_and_ballot(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, FORM) as (_, room):
        console, screen, aino = await room.console(), await room.screen(), await room.phone("Aino", "fi")
        await next_phase(console, "Good problems")
        field = aino.locator('form[data-draft="R03-add"] [name=situation]')
        await field.fill(ARABIC)
        assert await field.evaluate("field => getComputedStyle(field).direction") == "rtl"
        await aino.locator('form[data-draft="R03-add"] .button.main').click()
        for page in (aino, screen, console):
            assert await from_the_right(page) >= 1, page.url
        await next_phase(console, "First priority list")
        assert await from_the_right(aino) == 1
        await console.get_by_label("Announcement").fill(ARABIC)
        await console.get_by_role("button", name="Announce").click()
        await expect(aino.locator("#notices")).to_contain_text(ARABIC)
        assert await from_the_right(aino) == 2
