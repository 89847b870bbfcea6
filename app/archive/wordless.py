"""Events whose words are not there: which are, which should be, and which may be missing at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import orjson

from app.archive.line import Line

WordsOf = Callable[[str, str], frozenset[str]]

ERASED = "erased"
"""The kind of event that names the events whose words are gone."""
MISSING = "its words are missing, and no event says that they were erased"
STILL_THERE = "its words were erased, it is said, and are still there"


@dataclass
class Wordless:
    """Takes a log's lines in order. Words may be missing only where a later event says that they were erased, and only
    of a kind of event that declares words: a ballot has none, so no result can lose its ground."""

    missing: dict[int, Line] = field(default_factory=dict)
    withheld: Counter[str] = field(default_factory=Counter)
    apart: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)

    def take(self, line: Line, proved: bool, withheld: bool = False) -> None:
        """Note a line; what an unproved one says of others does not count. One that was withheld has no words either,
        and whether they were erased is not told."""
        if withheld:
            self.withheld[line.kind] += 1
            self.apart.add(line.seq)
        elif line.wordless:
            self.missing[line.seq] = line
            self.kinds[line.kind] += 1
        if proved and line.kind == ERASED:
            seqs = orjson.loads(line.body or "{}").get("seqs", ())
            self.named |= {seq for seq in seqs if seq < line.seq}

    def faults(self, words_of: WordsOf | None) -> list[str]:
        """What is wrong with what is missing. ``words_of`` says which fields of a kind of event of a phase hold words;
        None where nobody knows, because the log could not be folded."""
        return [
            *(f"event {seq}: {MISSING}" for seq in sorted(self.missing.keys() - self.named)),
            *(f"event {seq}: {STILL_THERE}" for seq in sorted(self.named - self.missing.keys() - self.apart)),
            *self._never_erasable(words_of),
        ]

    def _never_erasable(self, words_of: WordsOf | None) -> Iterator[str]:
        for seq, line in self.missing.items():
            if words_of is not None and not words_of(line.kind, line.phase):
                yield f"event {seq} ({line.kind}): what it says cannot be erased"

    def notes(self) -> list[str]:
        """How many texts and bodies are missing, by kind of event."""
        return [
            *(f"{count} × {kind}: the words were erased" for kind, count in self.kinds.items()),
            *(f"{count} × {kind}: what it says stays in the house" for kind, count in self.withheld.items()),
        ]
