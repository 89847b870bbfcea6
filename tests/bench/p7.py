"""P7: a ballot costs the same in a large event as in a small one.

The same 50 people vote at the same pace in both; in the large one 9,950 more are connected and 5,000 cards lie on the
list. Only the voter's own phone hears of a ballot, so there is one delivery for each in both. Signs of life to 10,000
phones are deliveries too: there are none here. What else the server does while nobody votes is measured just before,
and taken off.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field

from tests.bench.figures import Dose, Row, ratio, spread
from tests.bench.load import Fell, Load, load, scratch_folder
from tests.bench.room import furnish
from tests.bench.serving import Serving, ours

TIMES = 1.2
VOTERS, RATE = 50, 500
CARDS_EACH = 5


@dataclass
class Event:
    """A session with everybody connected, and what its ballots have cost."""

    serving: Serving
    load: Load
    micros: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    """Microseconds of CPU in a second in which nobody votes."""
    deliveries: list[float] = field(default_factory=list)
    """Frames for each ballot beside its acknowledgement and signs of life."""

    def round(self, voters: int, seconds: float) -> None:
        before = self.serving.cpu()
        self.load.ask(f"quiet {int(seconds * 1e3) + 1} {int(seconds * 1e3)}")
        idle = (self.serving.cpu() - before) / seconds
        before, began = self.serving.cpu(), time.monotonic()
        told = self.load.flow(voters, RATE, seconds)
        self.load.ask("quiet 500 500")
        used = self.serving.cpu() - before - idle * (time.monotonic() - began)
        if told["refused"] or told["unanswered"] or told["strays"]:
            raise Fell(f"of {told['cast']} ballots {told['unanswered']} were not answered")
        self.micros.append(used * 1e6 / told["acked"])
        self.idle.append(idle * 1e6)
        self.deliveries.append((told["frames"] - told["acked"] - told["beats"]) / told["acked"])


def measure(dose: Dose) -> Row:
    row = Row("P7", "CPU of a ballot, large event against small", unit="×", beat=f"≤{TIMES}")
    voters = min(VOTERS, dose.phones // 2)
    with ExitStack() as stack:
        large = _event(stack, dose.phones, dose.phones // 2)
        small = _event(stack, voters, voters)
        for event in (large, small):
            event.load.burst(voters)
            event.load.quiet()
        for _ in range(dose.rounds):
            for event in (large, small):
                event.round(voters, dose.seconds)
    times = ratio(large.micros, small.micros)
    row.value = times.median
    row.most(
        f"{dose.phones:,} phones and {dose.phones // 2:,} cards against {voters} and {voters}", times, TIMES
    )
    for name, event in (("large", large), ("small", small)):
        row.note(f"{name}: CPU of a ballot", spread(event.micros).show(1, "µs"))
        row.note("  taken off: CPU of a second without ballots", spread(event.idle).show(0, "µs"))
        row.note("  frames to phones for each ballot", spread(event.deliveries).show(3))
    return row


def _event(stack: ExitStack, people: int, cards: int) -> Event:
    room = furnish(scratch_folder("p7"), people, cards, voting=True)
    serving = stack.enter_context(ours(room.data, {"RACE_BEAT_SECONDS": "3600"}))
    phones = stack.enter_context(load(room.phones(serving.port)))
    phones.connect()
    return Event(serving, phones)
