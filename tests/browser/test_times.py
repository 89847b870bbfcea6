"""Times as people read them: with the day where it is another, and with the zone where phone and wall differ."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.room import next_phase, room_of, trimmed
from tests.conftest import Pages

FORM = trimmed("R03", "R04", R03={"silent_minutes": 0})
SHOW = """at => {
  const time = document.createElement('time');
  Object.assign(time.dataset, { at, format: 'time' });
  document.querySelector('main, #stage').append(time);
}"""
YESTERDAY = 26 * 3600
"""Seconds."""
DAYS = ("ma", "ti", "ke", "to", "pe", "la", "su")


async def announced(page: Page, where: str = "#notices") -> str:
    """What stands as the time of an announcement, once the script has been over it."""
    await expect(page.locator(f"{where} time").first).not_to_have_text("")
    return await page.locator(f"{where} time").first.inner_text()


async def test_a_phone_abroad_names_its_zone_and_the_wall_keeps_to_the_sessions(
    tmp_path: Path, open_page: Pages
) -> None:
    async with room_of(tmp_path, open_page, FORM) as (home, room):
        zone = (await home.desk()).session.zone
        console = await room.console(timezone_id="Asia/Tokyo")
        near = await room.phone("Aino", "fi", timezone_id=zone)
        far = await room.phone("Yuki", "en", timezone_id="Asia/Tokyo")
        await next_phase(console, "Good problems")
        await console.get_by_label("Announcement").fill("Soup is ready")
        await console.get_by_role("button", name="Announce").click()
        here, there = await announced(near), await announced(far)
        desk = await announced(console, "#decisions")
        assert here.replace(".", ":") == desk, "the console shows the session's time wherever it stands"
        assert there.endswith("GMT+9")
        assert there[:5] != desk


async def test_a_time_of_another_day_says_which(tmp_path: Path, open_page: Pages) -> None:
    async with room_of(tmp_path, open_page, FORM) as (home, room):
        zone = (await home.desk()).session.zone
        aino = await room.phone("Aino", "fi", timezone_id=zone)
        now = await aino.evaluate("() => +document.body.dataset.now") / 1000
        for at in (now, now - YESTERDAY):
            await aino.evaluate(SHOW, at * 1000)
        console = await room.console()
        await next_phase(console, "Good problems")
        times = aino.locator("main > time")
        await expect(times.nth(1)).not_to_have_text("")
        assert len(await times.nth(0).inner_text()) == 5
        assert (await times.nth(1).inner_text())[:2] in DAYS
