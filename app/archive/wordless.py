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
WHY = {
    "house": "for the house alone",
    "jury": "jurors' comments may stand among them",
    "withdrawn": "withdrawn, or something else was written in their place",
    "erased": "erased",
    "rejected": "rejected by moderation",
    "held": "they came late",
    "hidden": "hidden by the facilitator",
    "not_yet": "not revealed yet",
    "not_before": "a no-disclosure date is still to come, or may be",
    "own": "for their authors and staff",
    "team": "for their own team",
    "session": "for the session",
    "programme": "for the programme",
}
"""Why words are kept back from a level, by sight's word for it."""


@dataclass
class Wordless:
    """Takes a log's lines in order. Words may be missing only where a later event says that they were erased, and only
    of a kind of event that declares words: a ballot has none, so no result can lose its ground; or where they are kept
    back from the level that a file is for."""

    missing: dict[int, Line] = field(default_factory=dict)
    withheld: Counter[str] = field(default_factory=Counter)
    apart: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    kept: dict[int, str] = field(default_factory=dict)
    """Why words are kept back, by seq."""

    def take(self, line: Line, proved: bool, withheld: bool = False) -> None:
        """Note a line; what an unproved one says of others does not count. One that was withheld has no words either,
        and whether they were erased is not told."""
        if withheld:
            self.withheld[line.kind] += 1
            self.apart.add(line.seq)
        elif line.wordless:
            self.missing[line.seq] = line
        if proved and line.kind == ERASED:
            seqs = orjson.loads(line.body or "{}").get("seqs", ())
            self.named |= {seq for seq in seqs if seq < line.seq}

    def keep_back(self, seq: int, why: str) -> None:
        """The words of an event that are missing are not for the level. Those that were erased are for nobody."""
        if seq in self.missing and seq not in self.named:
            self.kept[seq] = why

    def faults(self, words_of: WordsOf | None) -> list[str]:
        """What is wrong with what is missing. ``words_of`` says which fields of a kind of event of a phase hold words;
        None where nobody knows, because the log could not be folded."""
        unnamed = self.missing.keys() - self.named - self.kept.keys()
        return [
            *(f"event {seq}: {MISSING}" for seq in sorted(unnamed)),
            *(f"event {seq}: {STILL_THERE}" for seq in sorted(self.named - self.missing.keys() - self.apart)),
            *self._never_erasable(words_of),
        ]

    def _never_erasable(self, words_of: WordsOf | None) -> Iterator[str]:
        for seq, line in self.missing.items():
            if words_of is not None and not words_of(line.kind, line.phase):
                yield f"event {seq} ({line.kind}): what it says cannot be erased"

    def counted(self) -> Counter[str]:
        """What is missing in words, by kind of event, each with how often."""
        erased = [line.kind for seq, line in self.missing.items() if seq not in self.kept]
        kept = sorted((self.missing[seq].kind, why) for seq, why in self.kept.items())
        return Counter(
            [
                *(f"{kind}: the words were erased" for kind in erased),
                *(f"{kind}: what it says stays in the house" for kind in self.withheld.elements()),
                *(f"{kind}: the words are kept back ({why_not(why)})" for kind, why in kept),
            ]
        )


def why_not(why: str) -> str:
    """Why words are kept back, in words."""
    return WHY.get(why, why)
