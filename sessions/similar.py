"""Texts that say nearly the same, found while one is written: runs of four characters, weighed by how rare they are.

It needs no language and no model, and finds what is worded alike, not what is meant alike. What it finds is a hint:
nothing is counted or decided by it, so plain floats do.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from math import log, sqrt
from typing import NamedTuple

RUN = 4
"""Characters."""
LEAST = 0.40
"""How alike two texts are, at least, to be called so: planted paraphrases are found, and nothing else."""
LEAST_RUNS = 6
"""A text with fewer runs says too little."""
COMMON, COMMON_LEAST = 0.08, 20
"""Runs in more than such a share of the texts, and in so many, find nothing."""
FEWEST = 50
"""Among fewer texts a run counts as if there were so many: the first card of all says nothing of what is rare."""
COMPARED = 40
"""Candidates that are compared in full."""

Runs = Mapping[str, int]


class Hit(NamedTuple):
    """A text by its key, and how alike it is, from 0 to 1."""

    key: str
    alike: float


class Similar:
    """The texts of one language. Putting one in costs the same however many there are."""

    def __init__(self) -> None:
        self._runs: dict[str, Runs] = {}
        self._holding: dict[str, dict[str, int]] = {}
        """Run to the texts that hold it, with how often."""

    def __len__(self) -> int:
        return len(self._runs)

    def put(self, key: str, text: str) -> None:
        """Take a text in, in place of the one with that key."""
        self.drop(key)
        runs = self._runs[key] = runs_of(text)
        for run, often in runs.items():
            self._holding.setdefault(run, {})[key] = often

    def drop(self, key: str) -> None:
        """Forget a text."""
        for run in self._runs.pop(key, ()):
            holding = self._holding[run]
            del holding[key]
            if not holding:
                del self._holding[run]

    def like(
        self, text: str, seen: Callable[[str], bool], least: float = LEAST, most: int = 3, but: str = ""
    ) -> list[Hit]:
        """The texts most like this one, the most alike first: of those that are ``seen`` alone, without ``but``."""
        runs = runs_of(text)
        if len(runs) < LEAST_RUNS:
            return []
        candidates = (key for key in self._candidates(runs) if key != but and seen(key))
        size = self._size(runs)
        hits = [
            Hit(key, self._alike(runs, size, key))
            for key, _ in zip(candidates, range(COMPARED), strict=False)
        ]
        best = sorted((hit for hit in hits if hit.alike >= least), key=lambda hit: (-hit.alike, hit.key))
        return best[:most]

    def _candidates(self, runs: Runs) -> list[str]:
        """Texts that share rare runs, those first that share the most."""
        cut = max(COMMON_LEAST, COMMON * len(self._runs))
        shared: dict[str, float] = {}
        for run in runs:
            holding = self._holding.get(run, {})
            if len(holding) <= cut:
                weight = self._rare(run) ** 2 * _often(runs[run])
                for key, often in holding.items():
                    shared[key] = shared.get(key, 0.0) + weight * _often(often)
        return sorted(shared, key=lambda key: (-shared[key], key))

    def _alike(self, runs: Runs, size: float, key: str) -> float:
        other = self._runs[key]
        both = runs.keys() & other.keys()
        product = sum(_often(runs[run]) * _often(other[run]) * self._rare(run) ** 2 for run in sorted(both))
        return product / (size * self._size(other))

    def _size(self, runs: Runs) -> float:
        return sqrt(sum((_often(often) * self._rare(run)) ** 2 for run, often in runs.items())) or 1.0

    def _rare(self, run: str) -> float:
        return log((1 + max(FEWEST, len(self._runs))) / (1 + len(self._holding.get(run, ())))) + 0.1


def _often(often: int) -> float:
    return 1 + log(often) if often > 1 else 1.0


def runs_of(text: str) -> Runs:
    """The runs of a text's words, without case, accents and soft hyphens; a word's borders are part of it."""
    plain = unicodedata.normalize("NFKD", text.replace("\u00ad", "")).casefold()
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    words = (f" {word} " for word in letters.split())
    return Counter(word[at : at + RUN] for word in words for at in range(max(1, len(word) - RUN + 1)))
