"""P3: what an open phone weighs in the server's memory: its own pages (PSS), after everybody has got a push."""

from __future__ import annotations

from tests.bench.figures import Dose, Row, spread
from tests.bench.load import load, scratch_folder
from tests.bench.machine import memory
from tests.bench.room import Room, card, copied, furnish
from tests.bench.serving import answers, ours

EACH_KB, ALL_MB = 40, 500


def measure(dose: Dose) -> Row:
    row = Row("P3", "Memory of a connected phone", unit="KB", beat=f"≤{EACH_KB} KB")
    room = furnish(scratch_folder("p3"), dose.phones, cards=50)
    found = [_weigh(copied(room, "p3")) for _ in range(dose.starts)]
    each = spread([(full - empty) / 1024 / dose.phones for empty, full in found])
    row.value = each.median
    row.most("each phone", each, EACH_KB, 1, "KB")
    row.most(
        f"the server with {dose.phones:,} phones", spread([full / 1e6 for _, full in found]), ALL_MB, 0, "MB"
    )
    row.note("  before the first has come", spread([empty / 1e6 for empty, _ in found]).show(0, "MB"))
    return row


def _weigh(room: Room) -> tuple[int, int]:
    """Bytes of the server with its session open and nobody there, and with everybody there and served."""
    with ours(room.data) as serving, load(room.phones(serving.port)) as phones:
        answers(serving.port, f"/s/{room.code}", f"race={room.guests[0].token}")
        empty = memory(serving.pid)
        phones.connect()
        phones.push(card("weigh", "push-0"), "push-0")
        phones.quiet(1_000)
        return empty, memory(serving.pid)
