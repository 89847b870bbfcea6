"""Who takes a question back has its words erased in the log, with what was answered, in every round that had them."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from sqlalchemy import Connection, text

from app.archive.house import ArchiveHouse
from tests.support.house import House, house
from tests.support.stage import made_up, phase, plain

QUESTION, ANSWER, NO = "QUESTIONMARK how loud is it", "ANSWERMARK very loud", "NOMARK too early"
WHO = ["participant"]
ROWS = [phase("qa", "Q", who=WHO), phase("qa", "N", who=WHO, inputs=["Q"])]
SOON = 20.0


async def log_of(running: House) -> str:
    inside = running.inside
    assert isinstance(inside, ArchiveHouse)

    def read(db: Connection) -> str:
        return str(db.execute(text("SELECT * FROM log")).all())

    return await inside.forgetting.database.read(read)


async def test_a_question_taken_back_stands_in_no_log_and_what_the_moderator_wrote_stays(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, {**made_up(), "phase": plain(ROWS)}) as running:
        kim, aino = await running.staff(live=False), await running.guest("Aino", live=False)
        await kim.post("open_phase", "Q")
        await aino.post("ask_question", "Q", text=QUESTION)
        await kim.post("decline_question", "Q", card="Qq1", reason=NO)
        await kim.post("bring_back_question", "Q", card="Qq1")
        await kim.post("publish_question", "Q", card="Qq1")
        await kim.post("open_phase", "N")
        await kim.post("answer_question", "N", card="Qq1", answer=ANSWER)
        found = await log_of(running)
        assert all(mark in found for mark in (QUESTION, ANSWER, NO)), "there is something to erase"
        await aino.post("withdraw_question", "Q", card="Qq1", sure="yes")
        until = time.monotonic() + SOON
        while QUESTION in (found := await log_of(running)) or ANSWER in found:
            assert time.monotonic() < until, "they are still there"
            await asyncio.sleep(0.05)
        assert NO in found
        assert QUESTION not in await kim.page("console")
