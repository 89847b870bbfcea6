"""Tasks: what must happen later or elsewhere. A task is a row, written with the events that it comes from.

One column, ``next``, is when a task is due, how long whoever took it may keep it, and the pause before the next try.
Whoever dies while doing one needs nobody to tidy up: its time comes again. So a task may be done twice, and each has to
be harmless then: what it appends has a command id of its own, what it sends bears the task's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, text

from app.clock import RaceClock
from app.streams.log import Write

TASKS = "tasks"
"""The topic of notices on tasks; the word is when the earliest of them is due."""
FRESH = 5
"""Tasks that are taken together the first time. Later each goes alone: if one of them ends the process, the others are
not to pay for it."""
MOST_TRIES = 6
"""How often a task is taken before it is given up."""
LEASE_SECONDS = 30.0
"""Real seconds that whoever took a task has for it before another may."""
LONGEST_PAUSE = 6 * 3600.0
"""Real seconds between two tries at the most."""

# What another has taken meanwhile, or what was put in its place, is not this one any more.
_MINE = "id = :id AND seq = :seq AND tries = :tries"
_PUT = text("""
    INSERT INTO tasks (id, kind, stream, seq, body, next) VALUES (:id, :kind, :stream, :seq, :body, :next)
    ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, body = excluded.body, next = excluded.next, tries = 0, error = ''
    WHERE excluded.seq > tasks.seq
""")
_DROP = text("DELETE FROM tasks WHERE id = :id AND seq < :seq")
_FRESH = "SELECT id FROM tasks WHERE next <= :now AND kind IN :kinds AND tries = 0 ORDER BY next LIMIT :most"
_TRIED = "SELECT id FROM tasks WHERE next <= :now AND kind IN :kinds AND tries > 0 ORDER BY next LIMIT :most"
_TAKE = """
    WITH due AS {materialized} ({due}) UPDATE tasks SET next = :until, tries = tries + 1
    WHERE id IN (SELECT id FROM due) RETURNING id, kind, stream, seq, body, tries
"""
_END = text(f"DELETE FROM tasks WHERE {_MINE}")  # noqa: S608 - our own words
_SET_NEXT = text(f"UPDATE tasks SET next = :next, error = :error WHERE {_MINE}")  # noqa: S608 - our own words
_PUT_OFF = text(f"UPDATE tasks SET next = :next, tries = 0, error = '' WHERE {_MINE}")  # noqa: S608 - our own words
_GIVE_UP = text(
    "UPDATE tasks SET next = NULL, error = CASE error WHEN '' THEN :error ELSE error END"  # noqa: S608 - our own words
    f" WHERE {_MINE}"
)
_EARLIEST = text(
    "SELECT next FROM tasks WHERE next IS NOT NULL AND kind IN :kinds ORDER BY next LIMIT 1"
).bindparams(bindparam("kinds", expanding=True))
_GIVEN_UP = text("SELECT kind, count(*) FROM tasks WHERE next IS NULL GROUP BY kind")
_NOW = text("SELECT extract(epoch FROM clock_timestamp())::float8")


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done because of the event ``seq`` of a stream. ``next`` is when it is due: seconds since 1970 UTC
    by the product's clock. ``body`` holds ids and numbers, never words of people. ``tries`` counts how often it was
    taken, this time included.

    An id that is used again and again (``wake/RACE``) stands for the newest: what was put with a lower seq is replaced.
    """

    id: str
    kind: str
    stream: str
    seq: int
    next: float = 0.0
    body: Mapping[str, Any] = field(default_factory=dict)
    tries: int = 0

    @property
    def _mine(self) -> dict[str, Any]:
        """The row while nobody else has taken it, and nothing newer was put in its place."""
        return {"id": self.id, "seq": self.seq, "tries": self.tries}


# ---- with the events that a task comes from


def put(db: Connection, tasks: Iterable[Task]) -> None:
    """Write tasks, in the transaction of their events."""
    for task in tasks:
        row = {"id": task.id, "kind": task.kind, "stream": task.stream, "seq": task.seq, "next": task.next}
        db.execute(_PUT, {**row, "body": orjson.dumps(task.body).decode()})


def drop(db: Connection, task_id: str, seq: int) -> None:
    """There is nothing more to be done under this id, as of the event ``seq`` of its stream."""
    db.execute(_DROP, {"id": task_id, "seq": seq})


def ended(task: Task) -> Write:
    """The end of a task, to be written beside the events that doing it has led to."""
    return lambda db, stream: end(db, task)


# ---- while it is being done


def now_in(db: Connection, clock: RaceClock) -> float:
    """The product's time. Processes on several machines share a database, so theirs is its time."""
    if db.dialect.name != "postgresql":
        return clock.now()
    return clock.at(db.execute(_NOW).scalar_one())


def take(db: Connection, clock: RaceClock, kinds: Iterable[str]) -> list[Task]:
    """Tasks of these kinds that are due, which nobody else gets before their lease has ended: some that are taken for
    the first time, or else a single one that was tried before."""
    now = now_in(db, clock)
    asked = {"now": now, "until": now + LEASE_SECONDS * clock.rate, "kinds": list(kinds)}
    return _take(db, _FRESH, {**asked, "most": FRESH}) or _take(db, _TRIED, {**asked, "most": 1})


def _take(db: Connection, due: str, asked: Mapping[str, Any]) -> list[Task]:
    postgres = db.dialect.name == "postgresql"
    due, materialized = (f"{due} FOR UPDATE SKIP LOCKED", "MATERIALIZED") if postgres else (due, "")
    statement = text(_TAKE.format(due=due, materialized=materialized))
    rows = db.execute(statement.bindparams(bindparam("kinds", expanding=True)), asked)
    return [_task(*row) for row in rows]


def _task(task_id: str, kind: str, stream: str, seq: int, body: str, tries: int) -> Task:
    return Task(task_id, kind, stream, seq, body=orjson.loads(body), tries=tries)


def end(db: Connection, task: Task) -> None:
    """It is done. What has been put under its id meanwhile stays."""
    db.execute(_END, task._mine)


def put_off(db: Connection, task: Task, until: float) -> None:
    """It was taken too early: it is due at ``until``, as if it had never been taken."""
    db.execute(_PUT_OFF, {**task._mine, "next": until})


def fail(db: Connection, task: Task, clock: RaceClock, error: str, chance: Random) -> None:
    """It could not be done: it is tried again, each time after a longer pause, or given up."""
    if task.tries >= MOST_TRIES:
        db.execute(_SET_NEXT, {**task._mine, "next": None, "error": error})
        return
    pause = min(LEASE_SECONDS * 2**task.tries, LONGEST_PAUSE) * chance.uniform(0.75, 1.25)
    db.execute(_SET_NEXT, {**task._mine, "next": now_in(db, clock) + pause * clock.rate, "error": error})


def give_up(db: Connection, task: Task) -> None:
    """It was taken once too often, and nobody came back to say why."""
    db.execute(_GIVE_UP, {**task._mine, "error": "the process ended each time"})


# ---- for those who look


def earliest(db: Connection, kinds: Iterable[str]) -> float | None:
    """When the next task of these kinds is due; None if none ever is."""
    at: float | None = db.execute(_EARLIEST, {"kinds": list(kinds)}).scalar_one_or_none()
    return at


def given_up(db: Connection) -> dict[str, int]:
    """How many tasks of each kind were given up and wait for somebody to look."""
    return {row.kind: row[1] for row in db.execute(_GIVEN_UP)}
