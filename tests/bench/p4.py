"""P4: the server is killed with 5,000 phones connected, is started again, and everybody comes back at once.

Three cards were sent in the last moment before the kill, and no phone has seen them. A phone is caught up when it has
got them after its ``resume``. Time runs from the kill, so it holds the start of the new process too.
"""

from __future__ import annotations

import asyncio

from app.database import open_database
from app.streams.journal import open_journal
from tests.bench.figures import Dose, Row, spread
from tests.bench.load import Fell, Load, Told, load, scratch_folder
from tests.bench.room import Room, card, copied, furnish
from tests.bench.serving import await_answer, start_ours

SECONDS, BYTES = 5.0, 2_048
LAST_CARDS = 3


def measure(dose: Dose) -> Row:
    phones = dose.phones // 2
    row = Row("P4", f"{phones:,} phones back at once after kill -9", unit="s", beat=f"p99 ≤{SECONDS:g} s")
    room = furnish(scratch_folder("p4"), phones, cards=50)
    told = [_killed(copied(room, "p4")) for _ in range(dose.starts)]
    late = [one["ms"]["p99"] / 1e3 for one in told]
    row.value = spread(late).median
    missing = sum(phones - one["caught_up"] for one in told)
    row.true("all caught up", not missing, f"{missing} of {phones * len(told):,} were not")
    row.most("caught up, p99 from the kill on", spread(late), SECONDS, 2, "s")
    row.note("  p50", spread([one["ms"]["p50"] / 1e3 for one in told]).show(2, "s"))
    row.note("  the last", spread([one["ms"]["max"] / 1e3 for one in told]).show(2, "s"))
    row.note(
        "  the first socket is open again", spread([one["first_live"] / 1e3 for one in told]).show(2, "s")
    )
    row.most(
        f"bytes for each, {LAST_CARDS} cards behind",
        spread([one["bytes_each"]["mean"] for one in told]),
        BYTES,
        0,
    )
    row.note("the generator's share of a core", spread([one["busy"] for one in told]).show(2))
    row.detail["rounds"] = told
    return row


def _killed(room: Room) -> Told:
    serving = start_ours(room.data)
    try:
        await_answer(serving)
        with load(room.phones(serving.port)) as phones:
            phones.connect()
            _unseen(phones)
            phones.tell(f"comeback {_head(room)} 500 60000")
            serving.kill()
            serving = start_ours(room.data, serving.port)
            return phones.hear()
    finally:
        serving.stop()


def _unseen(phones: Load) -> None:
    """Cards that are acknowledged and pushed, and lost on the way to everybody."""
    phones.ask("deaf 1")
    for n in range(LAST_CARDS):
        told = phones.push(card(f"last{n}", f"last-{n}"), f"last-{n}", f"last{n}", by=n)
        if told["missed"]:
            raise Fell(f"{told['missed']} phones missed a push")
    phones.ask("deaf 0")


def _head(room: Room) -> int:
    async def seq() -> int:
        database = open_database(room.data)
        head = await open_journal(database).head(room.code)
        await database.close()
        return head.seq if head else 0

    return asyncio.run(seq())
