"""A proxy swallows acknowledgements; phones send again, on new connections and to servers started anew."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

from tests.faults.finding import SMALL, Finding
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone
from tests.faults.proxy import Pipe, proxy
from tests.faults.venue import CARDS, DOTS, OPTIONS, Venue, begun

CHECKED = "each command leads to one event, and every answer to it names the same seq"
BROKEN = ("forgetful",)

PEOPLE = {SMALL: 8}
COMMANDS = {SMALL: 3}
"""Of each person."""
SWALLOWED = 0.6
"""How many of the acknowledgements never arrive."""
PATIENCE = {SMALL: 0.1}
"""Seconds after which a phone sends again what was not answered."""
KILL_EVERY = 8
"""Rounds of sending again between two kills of the server."""


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding, chance = Finding(), Random(1)
    held = Venue(folder, broken)
    await held.begin()
    try:
        await held.start()
        async with proxy(held.port) as way:
            way.pipe = lambda: Pipe(swallows=lambda frame: b'{"ack"' in frame and chance.random() < SWALLOWED)
            await begun(held)
            phones = await held.people(PEOPLE.get(dose, 100))
            ledger = Ledger(held, phones)
            for phone in phones:
                await phone.load(keep=False)
            held.arm()
            patience = PATIENCE.get(dose, 0.25)
            await talk(held, phones, COMMANDS.get(dose, 50), patience, way.port, chance)
            finding.injected = sum(pipe.swallowed for pipe in way.pipes)
            await asyncio.gather(*(phone.leave() for phone in phones))
        unanswered = sum(len(phone.outbox) for phone in phones)
        finding.check(not unanswered, f"{unanswered} commands were never answered")
        finding.violations += [
            f"{name} was refused as {no}" for phone in phones for name, no in phone.refused.items()
        ]
        finding.violations += ledger.audit()
        finding.violations += doubled(held, ledger)
    finally:
        await held.kill()
    finding.notes.append(f"{ledger.acknowledged} commands, {len(held.started) - 1} kills meanwhile")
    return finding


async def talk(
    held: Venue, phones: list[Phone], commands: int, patience: float, port: int, chance: Random
) -> None:
    """Everybody says something, and says it again until it is answered; some hang up in between."""
    for phone in phones:
        await phone.connect(port)
    for number in range(commands):
        for phone in phones:
            if number % 2:
                phone.give("cast_ballot", DOTS, option=chance.choices(OPTIONS, k=3))
            else:
                phone.give("add_card", CARDS, text=f"Card {phone.person} {number}")
        await insist(held, phones, patience, port, chance)


async def insist(held: Venue, phones: list[Phone], patience: float, port: int, chance: Random) -> None:
    rounds = 0
    while waiting := [phone for phone in phones if phone.outbox]:
        await asyncio.sleep(patience)
        rounds += 1
        if rounds % KILL_EVERY == 0:
            await held.kill()
            await held.start()
        for phone in waiting:
            if chance.random() < 0.5:
                phone.hang_up()
            if phone.connected:
                phone.send_again()
            else:
                await phone.connect_somehow(port)


def doubled(held: Venue, ledger: Ledger) -> list[str]:
    """Commands that have led to more events than there were commands (each here leads to one)."""
    said = sum(len(phone.acked) for phone in ledger.phones)
    people = {phone.person for phone in ledger.phones}
    events = sum(entry.actor in people and entry.kind != "joined" for entry in held.log())
    return [] if events == said else [f"{said} commands led to {events} events"]
