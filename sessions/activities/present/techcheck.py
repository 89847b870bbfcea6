"""The technical check before pitches: who is checked first chooses a slot first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions.activity import EVERY_PANE, Activity, Change
from sessions.audience import STAFF, TEAM_PEOPLE, Right
from sessions.messages import Command, Decision, Event, refuse
from sessions.outcome import Inputs
from sessions.refusals import not_allowed

if TYPE_CHECKING:
    from sessions.people import Member

CHECK_RIGHTS = {
    "mark_checked": Right(STAFF),
    "choose_slot": Right(STAFF | TEAM_PEOPLE),
}


@dataclass(frozen=True, slots=True)
class Check:
    """How an entry's check went, and when (wall time)."""

    ok: bool
    at: float


class TechChecks(Activity):
    """Checks and chosen positions; both are kept by entry."""

    def prepare(self) -> None:
        self.checks: dict[str, Check] = {}
        """Latest last: the order of the checks that went well is the order of choosing."""
        self.chosen: dict[str, int] = {}
        """Positions from 1."""
        self.settled: tuple[str, ...] = ()

    def mark_checked(self, command: Command, sender: Member, now: float) -> Decision:
        """``entry`` was checked: ``result`` ok or not_ok."""
        entry, result = command.text("entry"), command.text("result")
        if entry not in self.queue or result not in ("ok", "not_ok"):
            return refuse("unknown_slot", "That entry is not in the race. Reload the page.")
        known = self.checks.get(entry)
        return [] if known and known.ok == (result == "ok") else [self._marking(entry, result == "ok")]

    def _marking(self, entry: str, ok: bool) -> Event:
        return self.event("checked", entry=entry, ok=ok)

    def choose_slot(self, command: Command, sender: Member, now: float) -> Decision:
        """The team (or staff for it) takes a free ``position`` for a checked ``entry``."""
        entry = self.session.entries.get(command.text("entry"))
        position = command.text("position")
        if entry is None or entry.id not in self.queue:
            return refuse("unknown_slot", "That entry is not in the race. Reload the page.")
        if sender.role not in STAFF and sender.team != entry.team:
            return not_allowed()
        if not self.is_checked(entry.id):
            return refuse("not_checked", "The tech check comes first. Then you choose your slot.")
        if position not in map(str, self.free_for(entry.id)):
            return refuse("taken", "Slot {position} is not free. Choose another one.", position=position)
        return [self.event("slot_chosen", entry=entry.id, position=int(position))]

    def checked(self, event: Event) -> Iterator[Change]:
        entry = event.body["entry"]
        self.checks.pop(entry, None)
        self.checks[entry] = Check(event.body["ok"], event.at)
        if not event.body["ok"]:
            self.chosen.pop(entry, None)
        yield EVERY_PANE

    def slot_chosen(self, event: Event) -> Iterator[Change]:
        self.chosen[event.body["entry"]] = event.body["position"]
        yield EVERY_PANE

    def order_settled(self, event: Event) -> Iterator[Change]:
        self.settled = tuple(event.body["order"])
        yield EVERY_PANE

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self.settled = ()
        return super().reopened(inputs)

    def closing(self, now: float, command: Command) -> list[Event]:
        return [self.event("order_settled", order=list(self.arrangement()))]

    # ---- questions

    def is_checked(self, entry: str) -> bool:
        return entry in self.checks and self.checks[entry].ok

    @property
    def queue(self) -> list[str]:
        """Every entry in the race: by sign-up, the others after that by number."""
        racing = sorted((e for e in self.session.entries.values() if e.in_race), key=lambda e: e.number)
        ids = {entry.id: None for entry in racing}
        return list({entry: None for entry in self.inputs.order if entry in ids} | ids)

    def free_in(self, queue: Collection[str]) -> list[int]:
        """The positions that nobody has."""
        taken = {place for entry, place in self.chosen.items() if entry in queue}
        return [place for place in range(1, len(queue) + 1) if place not in taken]

    def free_for(self, entry: str, free: Iterable[int] | None = None) -> list[int]:
        """The positions an entry may take: the ``free`` ones and its own."""
        known = self.free_in(set(self.queue)) if free is None else free
        return sorted({*known, *([self.chosen[entry]] if entry in self.chosen else [])})

    def arrangement(self) -> tuple[str, ...]:
        """The running order as it stands: chosen positions; then who was checked, in that order; then the rest."""
        if self.settled:
            return tuple(entry for entry in self.settled if entry in self.session.entries)
        queue = self.queue
        here = set(queue)
        places = {place: entry for entry, place in self.chosen.items() if entry in here}
        checked = [e for e in self.checks if self.is_checked(e) and e in here and e not in self.chosen]
        rest = [e for e in queue if not self.is_checked(e)]
        filled = {**places, **dict(zip(self.free_in(here), [*checked, *rest], strict=False))}
        return tuple(filled[place] for place in sorted(filled))


def in_ranges(places: Iterable[int]) -> str:
    """Ascending numbers in few words: 1–3, 7, 9–12."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1][1:] = [place]
        else:
            runs.append([place])
    return ", ".join("–".join(map(str, run)) for run in runs)
