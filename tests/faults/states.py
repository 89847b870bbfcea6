"""Somebody who keeps a copy of the data folder after every single ballot, and tries to tell who sent what.

Two copies on either side of a ballot say exactly which sealed slip is whose. Then they look for the texts themselves
in every byte, for a key in any file, and for anything that a slip's length, bytes or place could give away.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from app.streams.ballot_box import about
from app.streams.sealing import KEY_BYTES, BoxOpener, Unsealable
from tests.faults.linker import Attack, chance_ends

DATABASE = "race.sqlite"
SLIPS = "SELECT nonce, slip FROM sealed_slips WHERE phase = ?"
CAST = "SELECT actor FROM log WHERE phase = ? AND kind IN ('ballot_cast', 'answered') ORDER BY seq"

Guess = Mapping[str, bytes]
"""Voter to what they are thought to have sent."""
Slip = tuple[bytes, bytes]


@dataclass(frozen=True)
class State:
    """All files of a data folder at one moment, by name."""

    files: Mapping[str, bytes]

    @classmethod
    def of(cls, data: Path) -> State:
        """A copy of a folder and of the folders in it."""
        found = {path.relative_to(data).as_posix(): path for path in data.rglob("*") if path.is_file()}
        return cls({name: path.read_bytes() for name, path in found.items() if not name.endswith("-shm")})

    @cached_property
    def content(self) -> bytes:
        """Everything, one after the other."""
        return b"\n".join(self.files.values())

    @property
    def keys(self) -> list[bytes]:
        """Whatever might be a private key."""
        return [content for content in self.files.values() if len(content) == KEY_BYTES]

    def read(self, phase: str) -> tuple[list[str], list[Slip]]:
        """Who has sent something in a phase, in order, and the slips of it."""
        with TemporaryDirectory() as folder:
            for name, content in self.files.items():
                if name.startswith(DATABASE):
                    (Path(folder) / name).write_bytes(content)
            with closing(sqlite3.connect(Path(folder) / DATABASE)) as db:
                voters = [actor for (actor,) in db.execute(CAST, (phase,))]
                return voters, list(db.execute(SLIPS, (phase,)))


def attack(states: Sequence[State], code: str, phase: str, truth: Guess) -> Attack:
    """Everything that can be tried with all the copies, held against what is true: each voter sent another text."""
    guesses = dict(_guesses(states, code, phase, sorted(truth.values())))
    right = {way: sum(truth.get(v) == text for v, text in guess.items()) for way, guess in guesses.items()}
    best = max(right, key=lambda way: right[way])
    limit = chance_ends(Counter(frozenset([str(text)]) for text in truth.values()), len(guesses))
    return Attack(best, right[best], len(truth), limit, sum(map(len, guesses.values())))


def _guesses(
    states: Sequence[State], code: str, phase: str, texts: Sequence[bytes]
) -> Iterator[tuple[str, Guess]]:
    seen = [state.read(phase) for state in states]
    yield "texts that are new beside voters who are new", _by_plain_text(states, seen, texts)
    tied = _tied(seen)
    yield "keys that lie in the files", _by_keys(states, code, phase, tied)
    yield "the length of slips", _matched(sorted(tied, key=lambda v: len(tied[v][1])), _by_length(texts))
    yield "the bytes of slips", _matched(sorted(tied, key=lambda v: tied[v][1]), texts)
    yield "the random numbers of slips", _matched(sorted(tied, key=lambda v: tied[v][0]), texts)
    yield "the order of coming", _matched([*tied], texts)
    yield "the order of coming, backwards", _matched([*tied][::-1], texts)


def _by_plain_text(
    states: Sequence[State], seen: Sequence[tuple[list[str], list[Slip]]], texts: Sequence[bytes]
) -> Guess:
    """Before the count, what stands somewhere for the first time together with somebody who has voted since."""
    guess: dict[str, bytes] = {}
    known: set[bytes] = set()
    for state, (voters, _) in zip(states, seen, strict=True):
        fresh = [text for text in texts if text not in known and text in state.content]
        waiting = [voter for voter in voters if voter not in guess]
        guess |= dict(zip(waiting, fresh, strict=False))
        known |= {*fresh}
    return guess


def _tied(seen: Sequence[tuple[list[str], list[Slip]]]) -> dict[str, Slip]:
    """Each voter's own slip: the one that is new where the voter is."""
    tied: dict[str, Slip] = {}
    for voters, slips in seen:
        fresh = [slip for slip in slips if slip not in tied.values()]
        tied |= dict(zip([voter for voter in voters if voter not in tied], fresh, strict=False))
    return tied


def _by_keys(states: Sequence[State], code: str, phase: str, tied: Mapping[str, Slip]) -> Guess:
    guess = {}
    for key in {key for state in states for key in state.keys}:
        opener = BoxOpener(key, about(code, phase))
        for voter, slip in tied.items():
            with suppress(Unsealable):
                guess[voter] = opener.read(*slip)
    return guess


def _by_length(texts: Sequence[bytes]) -> list[bytes]:
    """By length, and those that are equally long in any order."""
    return sorted(Random(1).sample(texts, len(texts)), key=len)


def _matched(voters: Sequence[str], texts: Sequence[bytes]) -> Guess:
    return dict(zip(voters, texts, strict=False))
