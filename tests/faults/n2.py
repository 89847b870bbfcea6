"""A hundred phones stop reading, and keep their sockets open."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.faults.finding import SMALL, Finding
from tests.faults.hall import Hall
from tests.faults.phone import Phone
from tests.faults.venue import CARDS, Venue, heard
from tests.support.patience import within

CHECKED = (
    "memory stays bounded; the others' pushes come as soon as without them (p99 at most 1.2 times, in the full dose); "
    "whoever reads on, or comes back after being closed with 1013, has the page as it is"
)
BROKEN = ("waits_for_all",)

STALLED = {SMALL: 20}
OTHERS = {SMALL: 40}
PUSHES = {SMALL: 150}
"""Cards in a row; each is pushed to everybody."""
ROUNDS = {SMALL: 1}
"""Each plays once without and once with phones that do not read."""
TEXT = 460
LETTER = "\N{MATHEMATICAL FRAKTUR CAPITAL U}"
"""Four bytes each. A card of so many of them: what nobody reads must be more than the network itself holds."""
PACE = 0.02
"""Seconds between two cards."""
BUFFER = 4096
"""Bytes that a stalled phone's own network holds."""
MEMORY = 0.5
"""Megabytes that a stalled phone may cost the server."""
SLOWER = 1.2
TOO_LATE = 3.0
"""Real seconds after which a push has certainly waited for somebody who does not read."""
PATIENCE = 45.0
"""Real seconds after which the server has closed a socket that nobody reads."""
CLOSES = {1013, 1006}
"""Too slow, or the connection broke before that word came through."""


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding()
    held = Venue(folder, broken)
    await held.begin()
    try:
        await held.start()
        hall = Hall(held, finding)
        await hall.fill(OTHERS.get(dose, 300) + STALLED.get(dose, 100))
        pushes = PUSHES.get(dose, 400)
        before = pushes // 5 if dose == SMALL else pushes  # only the full dose compares
        ratios = [
            await one_round(hall, STALLED.get(dose, 100), before, pushes) for _ in range(ROUNDS.get(dose, 5))
        ]
        if dose != SMALL:
            await given_up(hall, hall.phones[: STALLED.get(dose, 100)])
        await hall.pages_are_right()
        ratio = median(ratios)
        finding.notes.append(f"the others' p99 with them is {ratio:.2f} times the p99 without (median)")
        finding.check(dose == SMALL or ratio <= SLOWER, f"the others' p99 is {ratio:.2f} times what it was")
        await hall.leave()
    finally:
        await held.kill()
    return finding


async def one_round(hall: Hall, stalled: int, pushes_before: int, pushes: int) -> float:
    """How much later the others hear, at the 99th percentile, when some do not read."""
    idle, others = hall.phones[:stalled], hall.phones[stalled:]
    before = await delays(hall, others, pushes_before)
    memory = hall.held.memory()
    await asyncio.gather(*map(stall, idle))
    after = await delays(hall, others, pushes)
    grown = hall.held.memory() - memory
    hall.finding.injected += stalled
    hall.finding.check(grown < 40 + stalled * MEMORY, f"memory grew by {grown:.0f} MB for {stalled} phones")
    hall.finding.check(p99(after) < TOO_LATE, f"with them a push took {p99(after):.1f} s")
    hall.finding.notes.append(
        f"p99 {p99(before) * 1000:.0f} ms without, {p99(after) * 1000:.0f} ms with; {grown:+.1f} MB"
    )
    await wake(hall, idle)
    return p99(after) / max(p99(before), 1e-4)


async def stall(phone: Phone) -> None:
    """The phone comes back with hardly any room for what it is sent, and reads nothing."""
    await phone.leave()
    await phone.connect(room=BUFFER)
    assert phone.line is not None
    phone.line.stop_reading()


async def delays(hall: Hall, others: list[Phone], pushes: int) -> list[float]:
    """Seconds from the sending of each card until each of the others has heard of it, in order of size."""
    began: dict[str, float] = {}
    for phone in others:
        phone.heard_at = []
    for number in range(pushes):
        at = time.monotonic()
        began[hall.console.give("add_card", CARDS, text=f"{number} {at} {LETTER * TEXT}")] = at
        await asyncio.sleep(PACE)
    await heard(hall.console, others)
    seqs = [(hall.console.acked[name], at) for name, at in began.items()]
    return sorted(told for phone in others for told in _delays(phone, seqs))


def _delays(phone: Phone, seqs: list[tuple[int, float]]) -> Iterator[float]:
    """Both are in the order of seq."""
    pushes = iter(phone.heard_at or ())
    seq, came = 0, 0.0
    for wanted, began in seqs:
        while seq < wanted:
            seq, came = next(pushes)
        yield came - began


async def wake(hall: Hall, idle: list[Phone]) -> None:
    """They read on, and catch up."""
    for phone in idle:
        assert phone.line is not None
        phone.line.read_on()
    await heard(hall.console, idle)


async def given_up(hall: Hall, idle: list[Phone]) -> None:
    """They do not read for so long that the server has enough of them; then they come back."""
    await asyncio.gather(*map(stall, idle))
    await delays(hall, hall.phones[len(idle) :], PUSHES[SMALL])
    await asyncio.sleep(PATIENCE)
    for phone in idle:
        assert phone.line is not None
        phone.line.read_on()
        await within(phone.line.closed.wait(), TOO_LATE)
    codes = Counter(phone.codes[-1] for phone in idle)
    hall.finding.injected += len(idle)
    hall.finding.check(set(codes) <= CLOSES, f"who did not read was closed with {dict(codes)}")
    hall.finding.notes.append(f"closed after {PATIENCE:.0f} s of not reading: {dict(codes)}")
    await asyncio.gather(*(phone.connect_somehow() for phone in idle))
    await heard(hall.console, idle)


def p99(sorted_values: list[float]) -> float:
    return sorted_values[round((len(sorted_values) - 1) * 0.99)] if sorted_values else 0.0
