"""Somebody who has taken everything that is on disk, and tries to tell who voted what.

They know of every voter where in the log they voted, and look for the ballots: in the tables, in the bytes of the
database and of its write-ahead log, in the export. They try every order in which either can be put, and whether the
options of a ballot stand in the order that the voter's own form had.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARKS = re.compile(rb'\{"Nc\d+":1(?:,"Nc\d+":1)*\}')
"""A ballot as it is written anywhere."""
WAL_HEADER, FRAME_HEADER = 32, 24
ONCE_IN = 1_000_000
"""More right guesses than chance gives once in so many whole attacks count as a success."""

Ballot = frozenset[str]
"""The options of a ballot."""
Forms = Mapping[str, Sequence[str]]
"""Voter to the order in which their page listed the options."""
Raw = Mapping[str, Sequence[bytes]]
"""A place to the ballots that were found in it, as they are written there."""


@dataclass(frozen=True, slots=True)
class Loot:
    """What was taken: the database's files, and an export if there is one."""

    database: Path
    export: Path | None = None

    @property
    def wal(self) -> bytes:
        path = self.database.with_name(f"{self.database.name}-wal")
        return path.read_bytes() if path.exists() else b""

    @property
    def log(self) -> list[dict[str, Any]]:
        """The log's rows, from the table."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as db:
            db.row_factory = sqlite3.Row
            found = [dict(row) for row in db.execute("SELECT * FROM log ORDER BY seq")]
        db.close()
        return found

    def rows(self) -> bytes:
        """The table of secret ballots, as it lies there."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as db:
            tables = [
                name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE name LIKE '%slips'")
            ]
            found = [value for name in tables for row in db.execute(f"SELECT * FROM {name}") for value in row]
        db.close()
        return "\n".join(str(value) for value in found).encode()


@dataclass(frozen=True, slots=True)
class Attack:
    """The best of all guesses: how many voters were linked rightly, of how many, and where chance ends."""

    way: str
    right: int
    voters: int
    limit: int
    guesses: int

    @property
    def succeeded(self) -> bool:
        return self.right > self.limit

    def __str__(self) -> str:
        return f"{self.right} of {self.voters} linked (chance ends at {self.limit}), by {self.way}"


def attack(loot: Loot, phase: str, truth: Mapping[str, Ballot], forms: Forms) -> Attack:
    """Everything that can be tried, held against what is true."""
    raw = _raw(loot, set(truth.values()))  # which ballots there are stands in the count
    guesses = dict(_guesses(loot, raw, phase, forms))
    right = {way: sum(truth.get(v) == b for v, b in guess.items()) for way, guess in guesses.items()}
    best = max(right, key=lambda way: right[way])
    limit = chance_ends(Counter(truth.values()), len(guesses))
    return Attack(best, right[best], len(truth), limit, sum(map(len, guesses.values())))


def chance_ends(ballots: Counter[Ballot], ways: int) -> int:
    """Right guesses that mere chance exceeds less than once in ONCE_IN attacks of so many ways.

    A random matching of n voters to n ballots is right as often as a Poisson variable with mean Σ count²/n, nearly.
    """
    mean = sum(count * count for count in ballots.values()) / ballots.total()
    beyond, limit, term = 1.0, -1, math.exp(-mean)
    while beyond * ways > 1 / ONCE_IN:
        limit += 1
        beyond -= term
        term *= mean / (limit + 1)
    return limit


def _guesses(loot: Loot, raw: Raw, phase: str, forms: Forms) -> Iterator[tuple[str, dict[str, Ballot]]]:
    sightings = dict(_sightings(raw))
    for how, voters in _voters(loot, phase).items():
        for where, ballots in sightings.items():
            yield f"{how} and {where}", dict(zip(voters, ballots, strict=False))
            yield f"{how} and {where} backwards", dict(zip(voters, reversed(ballots), strict=False))
    yield "what came in the same commit", _by_commit(loot.wal, _cast(loot, phase))
    for where, texts in raw.items():
        yield f"the order of the form and {where}", _by_form(texts, forms)


# ---- the voters


def _voters(loot: Loot, phase: str) -> dict[str, list[str]]:
    """Who has voted, in every order that the log offers."""
    cast = _cast(loot, phase)
    orders = ("seq", "at", "actor", "command", "salt", "body_digest", "digest", "body")
    return {
        f"voters by {name}": [row["actor"] for row in sorted(cast, key=lambda r: r[name])] for name in orders
    }


def _cast(loot: Loot, phase: str) -> list[dict[str, Any]]:
    return [row for row in loot.log if row["phase"] == phase and row["kind"] == "ballot_cast"]


# ---- the ballots


def _raw(loot: Loot, ballots: set[Ballot]) -> Raw:
    """These ballots as they are written in each place, in the order in which they lie there."""
    places = {
        "the bytes of the database": loot.database.read_bytes(),
        "the bytes of the write-ahead log": loot.wal,
        "the rows of the table": loot.rows(),
        "the log": "\n".join(str(row["body"]) for row in loot.log).encode(),
    }
    if loot.export is not None:
        with zipfile.ZipFile(loot.export) as archive:
            lines = archive.read("log.jsonl").splitlines()
            places["the export"] = "\n".join(str(json.loads(line)["body"]) for line in lines).encode()
    return {
        where: [text for text in MARKS.findall(told) if _options(text) in ballots]
        for where, told in places.items()
    }


def _sightings(raw: Raw) -> Iterator[tuple[str, list[Ballot]]]:
    for where, texts in raw.items():
        seen = [_options(text) for text in texts]
        yield where, seen
        yield f"{where}, first sights", list(dict.fromkeys(seen))
        yield f"{where}, last sights", list(dict.fromkeys(reversed(seen)))


def _commits(wal: bytes) -> Iterator[bytes]:
    """The pages that each commit wrote, from the frames of a write-ahead log."""
    size = struct.unpack(">I", wal[8:12])[0] if len(wal) > WAL_HEADER else 1
    pages = b""
    for start in range(WAL_HEADER, len(wal) - size - FRAME_HEADER + 1, size + FRAME_HEADER):
        pages += wal[start + FRAME_HEADER : start + FRAME_HEADER + size]
        if struct.unpack(">I", wal[start + 4 : start + 8])[0]:
            yield pages
            pages = b""


def _by_commit(wal: bytes, cast: Sequence[Mapping[str, Any]]) -> dict[str, Ballot]:
    """Who and what is seen for the first time in the same commit."""
    commands = {row["command"].encode(): row["actor"] for row in cast}
    known: set[Ballot] = set()
    guess: dict[str, Ballot] = {}
    for pages in _commits(wal):
        voters = [commands.pop(command) for command in [c for c in commands if c in pages]]
        ballots = [ballot for ballot in map(_options, MARKS.findall(pages)) if ballot not in known]
        guess |= dict(zip(voters, ballots, strict=False))
        known |= set(ballots)
    return guess


def _options(text: bytes) -> Ballot:
    return frozenset(json.loads(text))


def _by_form(texts: Sequence[bytes], forms: Forms) -> dict[str, Ballot]:
    """For each voter a ballot whose options stand in the order of that voter's form."""
    ballots = [list(json.loads(text)) for text in texts]
    guess: dict[str, Ballot] = {}
    for voter, form in forms.items():
        place = {option: number for number, option in enumerate(form)}
        fits = [b for b in ballots if all(o in place for o in b) and b == sorted(b, key=lambda o: place[o])]
        if fits:
            guess[voter] = frozenset(fits[0])
    return guess
