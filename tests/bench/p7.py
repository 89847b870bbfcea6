"""P7: a ballot costs the same in a large event as in a small one.

The same 50 people vote in both, each again as soon as the last ballot is acknowledged; in the large one 9,950 more are
connected and 5,000 cards lie on the list. Deliveries are set aside by not having any: who votes has an open socket and
gets acknowledgements, but has not said where its page stands, so nothing is pushed to it; what a ballot changes for
everybody is on no phone, and signs of life are switched off. What the server does while nobody votes is measured just
before, and taken off. Beside it stands the same with pushes, at a slow pace: a receipt to each of 50 other voters.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from tests.bench.figures import Dose, Row, ratio, spread
from tests.bench.load import Fell, Load, load, scratch_folder
from tests.bench.room import furnish
from tests.bench.serving import Serving, ours

TIMES = 1.2
VOTERS, TURNS = 50, 80
"""Ballots of each voter in a round: what one person may say at once, and has earned again by the next round."""
RATE = 150
"""Ballots a second with pushes: so few that no two receipts of one voter become one push."""


SETTLE_SECONDS = 3.0
"""After which nobody is told any more who has just come."""


@dataclass
class Event:
    """A session with everybody connected, and what its ballots have cost: alone, and with pushes."""

    serving: Serving
    voters: dict[str, Load]
    micros: dict[str, list[float]] = field(default_factory=dict)
    idle: list[float] = field(default_factory=list)
    """Microseconds of CPU in a second in which nobody votes."""
    pushed: dict[str, list[float]] = field(default_factory=dict)
    """Frames for each ballot beside its acknowledgement."""

    def round(self, name: str, seconds: float) -> None:
        phones, people = self.voters[name], len(self.voters[name].phones)
        before, began = self.serving.cpu(), time.monotonic()
        phones.ask(f"quiet {int(seconds * 1e3) + 1} {int(seconds * 1e3)}")
        idle = (self.serving.cpu() - before) / (time.monotonic() - began)
        before, began = self.serving.cpu(), time.monotonic()
        told = phones.burst(people, TURNS, 60_000) if name == ALONE else phones.flow(people, RATE, seconds)
        phones.ask("quiet 500 500")
        used = self.serving.cpu() - before - idle * (time.monotonic() - began)
        if told["refused"] or told["unanswered"] or told["strays"]:
            raise Fell(
                f"of {told['cast']} ballots {told['unanswered']} were not answered, {told['refused']} refused"
            )
        self.micros.setdefault(name, []).append(used * 1e6 / told["acked"])
        self.pushed.setdefault(name, []).append((told["frames"] - told["acked"]) / told["acked"])
        self.idle.append(idle * 1e6)


ALONE, WITH_PUSHES = "alone", "with its receipt pushed"


def measure(dose: Dose) -> Row:
    row = Row("P7", "CPU of a ballot, large event against small", unit="×", beat=f"≤{TIMES}")
    voters = min(VOTERS, dose.phones // 4)
    with ExitStack() as stack:
        large = _event(stack, dose.phones, dose.phones // 2, voters)
        small = _event(stack, 2 * voters, voters, voters)
        time.sleep(SETTLE_SECONDS)
        for _ in range(dose.rounds):
            for name in (ALONE, WITH_PUSHES):
                for event in (large, small):
                    event.round(name, dose.seconds)
    _judge(
        row,
        large,
        small,
        f"{dose.phones:,} phones and {dose.phones // 2:,} cards against {voters} and {voters}",
    )
    return row


def _judge(row: Row, large: Event, small: Event, what: str) -> None:
    times = ratio(large.micros[ALONE], small.micros[ALONE])
    row.value = times.median
    row.most(what, times, TIMES)
    for size, event in (("large", large), ("small", small)):
        row.note(f"  {size}: CPU of a ballot", spread(event.micros[ALONE]).show(1, "µs"))
        row.note("    pushes for each", spread(event.pushed[ALONE]).show(3))
        row.note("    taken off: CPU of a second without ballots", spread(event.idle).show(0, "µs"))
    row.note(WITH_PUSHES, ratio(large.micros[WITH_PUSHES], small.micros[WITH_PUSHES]).show(2))
    for size, event in (("large", large), ("small", small)):
        row.note(f"  {size}: CPU of a ballot", spread(event.micros[WITH_PUSHES]).show(1, "µs"))
        row.note("    pushes for each", spread(event.pushed[WITH_PUSHES]).show(3))


def _event(stack: ExitStack, people: int, cards: int, voters: int) -> Event:
    room = furnish(scratch_folder("p7"), people, cards, voting=True)
    serving = stack.enter_context(ours(room.data, {"RACE_BEAT_SECONDS": "3600"}))
    phones = room.phones(serving.port)
    silent = [replace(phone, first="") for phone in phones[:voters]]
    kinds = {ALONE: silent, WITH_PUSHES: phones[voters : 2 * voters]}
    loads = {name: stack.enter_context(load(some)) for name, some in kinds.items()}
    others = stack.enter_context(load(phones[2 * voters :]))
    for clients in (*loads.values(), others):
        clients.connect()
    return Event(serving, loads)
