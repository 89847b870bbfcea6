"""What waits for a server can be read: every button in every light, in numbers, where axe does not look."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.room import next_phase, room_of, trimmed
from tests.conftest import Pages

FORM = trimmed("R03", "R04", R03={"silent_minutes": 0})
LEAST = 4.5
"""Contrast of a text, by WCAG 2.2 (1.4.3)."""

CONTRASTS = """
() => {
  const light = rgb => { const [r, g, b] = rgb.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const behind = el => { const [r, g, b, a = 1] = parts(getComputedStyle(el).backgroundColor); return a === 0 ? behind(el.parentElement) : [r, g, b]; };
  const looks = ['', 'main', 'wide', 'main wide', 'grave', 'bare', 'small', 'wide grave'], stage = document.querySelector('#stage');
  const found = {};
  for (const state of ['', 'waiting']) for (const look of looks) {
    const button = document.createElement('button');
    button.className = `button ${look} ${state}`.trim(); button.textContent = 'Send';
    stage.firstElementChild.append(button);
    const a = light(parts(getComputedStyle(button).color).slice(0, 3)), b = light(behind(button));
    found[button.className] = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    button.remove();
  }
  return found;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_button_can_be_read_also_while_it_waits_for_a_server(
    tmp_path: Path, open_page: Pages, scheme: str
) -> None:
    async with room_of(tmp_path, open_page, FORM) as (_, room):
        console = await room.console()
        aino = await room.phone("Aino", "fi", color_scheme=scheme, reduced_motion="reduce")
        for title in ("Good problems", "First priority list"):
            await next_phase(console, title)
            await aino.wait_for_selector(".pane")
            for scene in ("", "night"):
                await aino.evaluate("scene => { document.documentElement.dataset.scene = scene; }", scene)
                found = await aino.evaluate(CONTRASTS)
                assert len(found) == 16
                low = {look: round(ratio, 2) for look, ratio in found.items() if ratio < LEAST}
                assert not low, (title, scheme, scene, low)
