"""Two servers serve one session, and PostgreSQL takes its time over some commits and not over others."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg

from tests.faults.finding import SMALL, Finding
from tests.faults.pair import Pair, pair

CHECKED = (
    "people at either server, and people who change over with something unanswered: every acknowledged command is in "
    "the log exactly once, seq has no gap, nobody skips an event, and pages that lived show what either server draws"
)
BROKEN = ("skipped_tail",)
PROVED = BROKEN

PEOPLE = {SMALL: 12}
SECONDS = {SMALL: 2.0}
"""Real seconds of load with each delay."""
DELAYS = {SMALL: (0.1,)}
"""Seconds that a commit is delayed at the most."""
PAUSE = {SMALL: 0.15}

DAWDLE = """
    CREATE SEQUENCE IF NOT EXISTS dawdled;
    CREATE OR REPLACE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF random() < 0.5 THEN
            PERFORM nextval('dawdled');
            PERFORM pg_sleep(random() * {seconds});
        END IF;
        RETURN NULL;
    END $$;
    DROP TRIGGER IF EXISTS dawdle ON heads;
    CREATE CONSTRAINT TRIGGER dawdle AFTER UPDATE ON heads
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();
"""
"""Half of the transactions sleep after their last statement, inside of their COMMIT."""


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding(broken=broken)
    async with pair(folder, finding, PEOPLE.get(dose, 100), broken) as room:
        for delay in DELAYS.get(dose, (0.01, 0.1, 0.5)):
            await told(room, DAWDLE.format(seconds=delay))
            async with room.under_load(PAUSE.get(dose, 0.5)):
                await asyncio.sleep(SECONDS.get(dose, 20.0))
            await room.settle()
            await room.audit()
            if finding.found_out:
                break
        finding.injected = int(await told(room, "SELECT last_value FROM dawdled"))
        finding.notes.append(
            f"{room.ledger.acknowledged:,} commands acknowledged; people changed over {room.moves} times"
        )
    return finding


async def told(room: Pair, statement: str) -> int:
    """Say something to PostgreSQL; the first value of what it answers, 0 if that is nothing."""
    connection = await asyncpg.connect(room.postgres.url())
    try:
        if statement.lstrip().startswith("SELECT"):
            return int(await connection.fetchval(statement))
        await connection.execute(statement)
        return 0
    finally:
        await connection.close()
