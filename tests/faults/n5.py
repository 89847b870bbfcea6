"""The connection is cut after every single byte that goes up it, and after every single byte that comes down."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from tests.faults.finding import SMALL, Finding
from tests.faults.ledger import Ledger
from tests.faults.line import Shut
from tests.faults.phone import Phone
from tests.faults.proxy import Pipe, Proxy, proxy
from tests.faults.venue import DOTS, OPTIONS, Venue, begun, heard

CHECKED = (
    "wherever it was cut: what was said before it is in the log once, pushes come in the order of their seq, and the "
    "page that comes back is the page that is loaded now"
)
BROKEN = ("skipped_push",)
PROVED = BROKEN

CUTS = {SMALL: 16}
"""Cuts each way; in full one after every byte."""
A_SESSION = 400
"""Cuts after which another session begins."""


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding, many = Finding(broken=broken), CUTS.get(dose, 1 << 30)
    up, down = await measure(folder / "whole")
    cuts = [(n, 0) for n in spread(up, many)] + [(0, n) for n in spread(down, many)]
    finding.notes.append(f"an uncut session: {up} bytes up, {down} bytes down")
    edges = [*range(0, len(cuts), A_SESSION), len(cuts)]
    for begin, end in pairwise(edges):
        held = Venue(folder / f"cut{begin}", broken)
        await held.begin()
        try:
            await held.start()
            async with proxy(held.port) as way:
                await cut_all(held, way, cuts[begin:end], finding)
        finally:
            await held.kill()
    return finding


def spread(size: int, many: int) -> range:
    """So many places from the first byte to the last but one, or all that there are."""
    return range(1, size, max(1, size // many))


async def measure(folder: Path) -> tuple[int, int]:
    """Bytes up and down in a session that is not cut."""
    held = Venue(folder)
    await held.begin()
    try:
        await held.start()
        async with proxy(held.port) as way:
            guest, console, _ = await come(held)
            await one_session(guest, console, way, Pipe())
            await guest.leave()
            await console.leave()
            return way.pipes[-1].passed_up, way.pipes[-1].passed_down
    finally:
        await held.kill()


async def come(held: Venue) -> tuple[Phone, Phone, Ledger]:
    """A guest whose connection will be cut, and the facilitator whose will not."""
    console = await begun(held)
    guest = (await held.people(1))[0]
    await guest.load()
    return guest, console, Ledger(held, [guest, console])


async def cut_all(held: Venue, way: Proxy, cuts: list[tuple[int, int]], finding: Finding) -> None:
    guest, console, ledger = await come(held)
    held.arm()
    for up, down in cuts:
        where = f"cut after {up} bytes up" if up else f"cut after {down} bytes down"
        await one_session(guest, console, way, Pipe(up=up or 1 << 60, down=down or 1 << 60))
        await come_back(guest, console)
        finding.injected += 1
        if difference := await guest.differs():
            finding.violations.append(f"{where}: the page differs: {difference}")
            await guest.load()
        finding.violations += [f"{where}: {fault}" for fault in ledger.audit()]
        if finding.found_out:
            break
    await guest.leave()
    await console.leave()


async def one_session(guest: Phone, console: Phone, way: Proxy, pipe: Pipe) -> None:
    """Open the page's socket, say some things, hear of some things that others say; until it is cut, if it is."""
    way.pipe = lambda: pipe
    with suppress(Shut, OSError):
        await guest.connect(way.port)
    guest.give("cast_ballot", DOTS, option=[OPTIONS[len(guest.acked) % 6]])
    guest.give("cast_ballot", DOTS, option=[OPTIONS[len(guest.acked) % 5]] * 2)
    await console.say("announce", text=f"It is {len(console.acked)}")
    await console.say("cast_ballot", DOTS, option=[OPTIONS[len(guest.acked) % 4]])
    if pipe.up == pipe.down:
        await heard(console, [guest])
        return
    with suppress(TimeoutError):
        await guest.until(lambda: not guest.connected, 0.5)
    guest.hang_up()


async def come_back(guest: Phone, console: Phone) -> None:
    """By the straight way; everything that was not answered is said again."""
    await guest.connect_somehow()
    await guest.until(lambda: not guest.outbox)
    await heard(console, [guest])
    await guest.leave()
