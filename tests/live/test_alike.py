"""Hints and groups over HTTP, on a real server: each gets what they may see."""

from __future__ import annotations

from pathlib import Path

from tests.activities.test_collect_alike import OTHER, RULES, SAME
from tests.support.house import house
from tests.support.stage import made_up, phase, plain


async def test_a_hint_is_told_to_whoever_may_see_the_card_and_groups_to_staff(tmp_path: Path) -> None:
    rows = [phase("collect", "P1", rules=RULES), phase("pause", "P2")]
    async with house(tmp_path, plain({**made_up(), "phase": rows})) as home:
        kim = await home.staff()
        ada, bo = await home.guest("Ada", "sv", live=False), await home.guest("Bo", "sv", live=False)
        await kim.say("open_phase", "P1")
        address = f"/s/{home.code}/alike"
        assert (await ada.post("add_card", "P1", text=OTHER)).status_code == 303
        asked = {"phase": "P1", "text": SAME}
        (hint,) = (await bo.http.post(address, data=asked)).json()
        assert (hint["number"], hint["headline"]) == (1, OTHER)
        assert (await ada.http.post(address, data=asked)).json() == []
        assert (await bo.http.post(address, data={"phase": "P9", "text": SAME})).json() == []
        assert (await bo.post("add_card", "P1", text=SAME)).status_code == 303
        assert (await bo.http.get(f"{address}?phase=P1")).status_code == 403
        groups = await kim.http.get(f"{address}?phase=P1")
        assert (OTHER in groups.text, SAME in groups.text) == (True, True)
        await kim.say("hide_card", "P1", card="P1c1")
        assert (await bo.http.post(address, data=asked)).json() == []
