"""Who takes an action back has its words erased in the log; with advice that is taken back goes what was answered."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.archive.test_question_words import SOON, log_of
from tests.support.house import house
from tests.support.stage import made_up, phase, plain

ADVICE, ANSWER = "ADVICEMARK buy lamps", "ANSWERMARK in spring"
ACTION, SUPPORT, REPLY, OTHER = (
    "ACTIONMARK measure",
    "SUPPORTMARK money",
    "REPLYMARK a little",
    "OTHERMARK call",
)
PLANS = {"answers": ["accept", "not_now"], "actions": ["action"], "support": True}
ROWS = [
    phase("collect", "A", rules={"columns": ["advice"], "fields": ["text"], "main": "text"}),
    phase("act", "P", who=["participant"], inputs=["A"], rules=PLANS),
]
DUE = "2100-01-31"


async def test_what_was_taken_back_stands_in_no_log_and_what_others_wrote_beside_it_stays(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, {**made_up(), "phase": plain(ROWS)}) as running:
        kim, aino = await running.staff(live=False), await running.guest("Aino", live=False)
        await kim.post("open_phase", "A")
        await aino.post("add_card", "A", text=ADVICE, column="advice")
        await kim.post("open_phase", "P")
        await aino.post("answer_item", "P", card="Ac1", choice="not_now", answer=ANSWER)
        await aino.post("add_action", "P", sort="action", what=ACTION, due=DUE)
        await aino.post("add_action", "P", sort="action", what=OTHER, due=DUE, source="Ac1")
        await aino.post("ask_support", "P", card="Pa1", text=SUPPORT)
        await kim.post("answer_support", "P", card="Pa1", choice="no", answer=REPLY)
        gone = (ADVICE, ANSWER, ACTION, SUPPORT, REPLY)
        found = await log_of(running)
        assert all(mark in found for mark in (*gone, OTHER)), "there is something to erase"
        await aino.post("withdraw_action", "P", card="Pa1", sure="yes")
        await aino.post("withdraw_card", "A", card="Ac1", sure="yes")
        until = time.monotonic() + SOON
        while [mark for mark in gone if mark in found]:
            found = await log_of(running)
            assert time.monotonic() < until, "they are still there"
            await asyncio.sleep(0.05)
        assert OTHER in found
        assert ADVICE not in await kim.page("console")
