"""P8: several processes of the server on one PostgreSQL: one hot session, fifty ordinary ones, and pushes from one
process to the phones of another. What was acknowledged is looked up in the log afterwards.

Processes, PostgreSQL and the load share the machine's cores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection, select

from app.database import open_database
from app.database.tables import table
from app.rehearsal.venue.postgres import NoPostgres, Postgres
from tests.bench.figures import Dose, Row, spread
from tests.bench.load import Fell, Load, Told, load, scratch_folder, spread_over
from tests.bench.machine import Missing
from tests.bench.room import Room, card, furnish
from tests.bench.serving import ours

PROCESSES = 3
HOT = {1: 20_000, 2: 20_000, 3: 15_000}
"""Ballots a second of one session, by how many processes its phones are spread over."""
SESSIONS, MANY_RATE = 50, 5_000
SEEN_MS = 50
TURNS = 4
MANY_TURNS = 20


@dataclass
class Hot:
    """Sessions that are voted in together, and the phones that do it."""

    rooms: list[Room]
    load: Load
    told: list[Told] = field(default_factory=list)

    def burst(self, turns: int) -> None:
        told = self.load.burst(len(self.load.phones), turns)
        if told["refused"] or told["strays"] or told["unanswered"] or told["lost"]:
            names = ("refused", "strays", "unanswered", "lost")
            raise Fell("ballots: " + ", ".join(f"{told[name]} {name}" for name in names))
        self.told.append(told)
        self.load.quiet()

    @property
    def rates(self) -> list[float]:
        return [float(told["rate"]) for told in self.told]


def measure(dose: Dose) -> Row:
    row = Row("P8", "Several processes on one PostgreSQL", unit="ballots/s", beat=f"≥{HOT[1]:,}")
    with ExitStack() as stack:
        url = stack.enter_context(_postgres())
        ports = [stack.enter_context(_process(url)) for _ in range(PROCESSES)]
        hot = {number: _hot(stack, url, ports[:number], dose.phones // 4) for number in HOT}
        many = _many(stack, url, ports, dose)
        wall = stack.enter_context(load(spread_over(ports, _furnished(url, 300, False).phones(0))))
        wall.connect()
        pushes: list[Told] = []
        for _ in range(dose.rounds):
            for one in hot.values():
                one.burst(TURNS)
            many.burst(MANY_TURNS)
            pushes += [_push(wall, len(pushes) + n) for n in range(dose.pushes)]
        wrong = [words for one in (*hot.values(), many) for words in _audited(url, one)]
    _judge(row, hot, many, pushes, wrong)
    return row


def _judge(row: Row, hot: dict[int, Hot], many: Hot, pushes: list[Told], wrong: list[str]) -> None:
    row.value = spread(hot[1].rates).median
    for number, one in hot.items():
        row.least(f"one session, {number} process(es)", spread(one.rates), HOT[number], 0, "ballots/s")
        row.note("  acknowledged, p99", spread([told["ms"]["p99"] for told in one.told]).show(0, "ms"))
    row.least(
        f"{SESSIONS} sessions over {PROCESSES} processes", spread(many.rates), MANY_RATE, 0, "ballots/s"
    )
    seen = [told["ack_ms"] + told["elsewhere_after_ack"]["p99"] for told in pushes]
    late = sorted(seen)[int(len(seen) * 0.99)]
    row.most(
        "another process's card is on the phones, p99 from when it was sent", spread([late]), SEEN_MS, 1, "ms"
    )
    row.note(
        "  after its acknowledgement",
        spread([told["elsewhere_after_ack"]["p99"] for told in pushes]).show(1, "ms"),
    )
    counted = sum(told["acked"] for one in (*hot.values(), many) for told in one.told)
    row.true(
        "nothing lost, skipped or doubled",
        not wrong,
        f"{counted:,} ballots looked up; " + (wrong or ["all there once"])[0],
    )
    row.detail["wrong"] = wrong


@contextmanager
def _postgres() -> Iterator[str]:
    """A PostgreSQL of the run's own, which waits for its disk. Raises Missing."""
    postgres = Postgres(durable=True, max_connections=200)
    try:
        postgres.start()
        yield postgres.url()
    except NoPostgres as error:
        raise Missing(str(error)) from error
    finally:
        postgres.close()


@contextmanager
def _process(url: str) -> Iterator[int]:
    """The port of one more process of the server."""
    with ours(scratch_folder("p8"), {"DATABASE_URL": url}, free=True) as serving:
        yield serving.port


def _furnished(url: str, people: int, voting: bool) -> Room:
    return furnish(
        scratch_folder("p8"), people, 50 if voting else 5, voting, open_database(scratch_folder("p8"), url)
    )


def _hot(stack: ExitStack, url: str, ports: list[int], people: int) -> Hot:
    room = _furnished(url, people, True)
    return _connected(stack, [room], ports)


def _many(stack: ExitStack, url: str, ports: list[int], dose: Dose) -> Hot:
    sessions = min(SESSIONS, dose.phones // 10)
    return _connected(stack, [_furnished(url, 40, True) for _ in range(sessions)], ports)


def _connected(stack: ExitStack, rooms: list[Room], ports: list[int]) -> Hot:
    phones = [phone for room in rooms for phone in spread_over(ports, room.phones(0))]
    clients = stack.enter_context(load(phones))
    clients.connect()
    return Hot(rooms, clients)


def _push(wall: Load, n: int) -> Told:
    told = wall.push(card(f"card{n}", f"card-{n:04d}."), f"card-{n:04d}.", f"card{n}", by=n)
    if told["missed"] or told["twice"]:
        raise Fell(f"{told['missed']} phones missed a push, {told['twice']} got one twice")
    wall.quiet(150)
    return told


def _audited(url: str, hot: Hot) -> list[str]:
    """What is wrong with the logs: gaps, acknowledged ballots that are not there, ballots that are there twice."""
    guests = [(room.code, guest.id) for room in hot.rooms for guest in room.guests]
    acked: dict[str, dict[str, int]] = {room.code: {} for room in hot.rooms}
    for phone, command, seq in hot.load.answers():
        code, person = guests[phone]
        acked[code][f"{command}:{person}"] = seq
    database = open_database(scratch_folder("p8"), url)
    return [
        words for code, said in acked.items() for words in database.read_now(partial(_faults, code, said))
    ]


def _faults(code: str, acked: dict[str, int], db: Connection) -> list[str]:
    log = table("log")
    rows = db.execute(select(log.c.seq, log.c.command).where(log.c.stream == code).order_by(log.c.seq)).all()
    found = []
    if [row.seq for row in rows] != list(range(1, len(rows) + 1)):
        found.append(f"{code}: the log has a gap")
    at = {row.command: row.seq for row in rows}
    lost = sum(at.get(command) != seq for command, seq in acked.items())
    if lost:
        found.append(f"{code}: {lost} acknowledged ballots are not where they were said to be")
    twice = [
        command
        for command, number in Counter(row.command for row in rows).items()
        if number > 1 and command in acked
    ]
    if twice:
        found.append(f"{code}: {len(twice)} ballots are there twice")
    return found
