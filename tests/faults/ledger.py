"""What people were told, held against what stands on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.faults.phone import Phone
from tests.faults.venue import Entry, Venue


class Ledger:
    """Every acknowledgement that any phone has got; audited as often as one likes, each time only what is new."""

    def __init__(self, held: Venue, phones: Sequence[Phone] = ()) -> None:
        self.held, self.phones = held, list(phones)
        self.seen: list[Entry] = []
        """The log as it was at the last audit: no row of it may ever change or go."""
        self.ends: dict[str, int] = {}
        """The seq of the last event of each command in the log."""
        self._audited: Counter[str] = Counter()
        self.acknowledged = 0

    def audit(self) -> list[str]:
        """What does not hold."""
        log = self.held.log()
        faults = [*self._log_faults(log), *self._acknowledgements()]
        for phone in self.phones:
            faults += [f"{phone.person}: {fault}" for fault in phone.faults]
            phone.faults.clear()
        return faults

    def _log_faults(self, log: list[Entry]) -> Iterator[str]:
        known = len(self.seen)
        if log[:known] != self.seen:
            yield f"of {known} events that were on disk {known - common(log, self.seen)} are gone or changed"
        fresh, self.seen = log[known:], log
        for place, entry in enumerate(fresh, known + 1):
            if entry.seq != place:
                yield f"the log has a gap: event {place} has seq {entry.seq}"
                break
        yield from self._doubled(fresh, log[known - 1].command if known else "")

    def _doubled(self, fresh: list[Entry], before: str) -> Iterator[str]:
        """A command's events lie together; if it turns up again later it has happened twice."""
        for entry in fresh:
            if entry.command != before and entry.command in self.ends:
                yield f"{entry.command} happened twice: at {self.ends[entry.command]} and at {entry.seq}"
            before = entry.command
            self.ends[entry.command] = entry.seq

    def _acknowledgements(self) -> Iterator[str]:
        for phone in self.phones:
            names = list(phone.acked)
            for name in names[self._audited[phone.cookie] :]:
                self.acknowledged += 1
                seq, stands = phone.acked[name], self.ends.get(f"{name}:{phone.person}")
                if stands is None:
                    yield f"{name} was acknowledged as {seq} and is not in the log"
                elif stands != seq:
                    yield f"{name} was acknowledged as {seq} and stands at {stands}"
            self._audited[phone.cookie] = len(names)


def common(one: Sequence[Entry], other: Sequence[Entry]) -> int:
    """How many entries two logs have in common from the beginning."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
