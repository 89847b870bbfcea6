"""The running order of a stage: drawn, handed on or changed by hand; who is missing goes to the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from sessions.activity import EVERY_PANE, Activity, Change
from sessions.audience import STAFF, TEAM_PEOPLE, Right
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact, Inputs
from sessions.refusals import not_allowed

if TYPE_CHECKING:
    from sessions.entry import Entry
    from sessions.people import Member

ALONE = "talk"
"""The id of the slot where there is only one."""
CALLS = 2
"""After so many calls without anybody coming, a slot is forfeited."""

ORDER_RIGHTS = {
    "draw_order": Right(STAFF),
    "move_slot": Right(STAFF),
    "no_show": Right(STAFF),
    "name_presenters": Right(STAFF | TEAM_PEOPLE),
}


@dataclass
class Turn:
    """What has become of one slot. Times are wall times, ``spent`` seconds by part."""

    started_at: float = 0.0
    ended_at: float = 0.0
    calls: int = 0
    forfeited: bool = False
    spent: dict[str, float] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        return not self.started_at and not self.forfeited


class RunningOrder(Activity):
    """Who is on when. A slot's id is its entry's, or ALONE."""

    def prepare(self) -> None:
        self.order = list(self.inputs.order) if self.rules.get("order") == "handed" else []
        self.drawn = self.rules.get("order") != "drawn"
        self.turns: dict[str, Turn] = {}

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        """An order handed on anew counts as long as nobody has been on."""
        if self.rules.get("order") == "handed" and not self.turns:
            self.order = list(inputs.order)
        return super().reopened(inputs)

    @property
    def alone(self) -> bool:
        return self.rules.get("slots") == "one"

    @property
    def running_order(self) -> list[str]:
        """Every slot in its order: entries that left the race are out, new ones come last."""
        if self.alone:
            return [ALONE]
        known = [slot for slot in self.order if self._takes_part(slot)]
        ordered = set(known)
        coming = sorted(self.session.entries.values(), key=lambda entry: entry.number)
        return known + [e.id for e in coming if e.id not in ordered and self._takes_part(e.id)]

    def _takes_part(self, slot: str) -> bool:
        entry = self.session.entries.get(slot)
        return entry is not None and (entry.in_race or bool(self.turn(slot).started_at))

    def turn(self, slot: str) -> Turn:
        return self.turns.get(slot) or Turn()

    def kept_turn(self, slot: str) -> Turn:
        """The turn of a slot, to write something down in it."""
        return self.turns.setdefault(slot, Turn())

    def following(self, order: Iterable[str]) -> str:
        """The slot that comes next in the running order; "" after the last."""
        return next((slot for slot in order if self.turn(slot).waits), "")

    def draw_order(self, command: Command, sender: Member, now: float) -> Decision:
        """Draw the order of everybody who still waits."""
        return refuse_alone() if self.alone else [self.drawing(command.seed)]

    def drawing(self, seed: int) -> Event:
        order = self.running_order
        waiting = [slot for slot in order if self.turn(slot).waits]
        Random(seed).shuffle(waiting)  # noqa: S311 – a lot drawn in the open, not a secret
        return self.event("order_drawn", order=[s for s in order if s not in set(waiting)] + waiting)

    def move_slot(self, command: Command, sender: Member, now: float) -> Decision:
        """Move ``slot`` in the direction ``to``: up, down or end. To the end also brings a forfeited one back."""
        slot, to = command.text("slot"), command.text("to")
        no = self._refuse_slot(slot, to)
        return no or [self.event("slot_moved", slot=slot, to=to, order=self._moved(slot, to))]

    def _refuse_slot(self, slot: str, to: str = "end") -> Refused | None:
        if self.alone:
            return refuse_alone()
        if slot not in self.running_order or to not in ("up", "down", "end"):
            return refuse("unknown_slot", "That slot is not in the running order. Reload the page.")
        if self.turn(slot).started_at:
            return refuse("was_on", "That slot is on or has been. Only waiting slots can be moved.")
        return None

    def _moved(self, slot: str, to: str) -> list[str]:
        order = self.running_order
        at = order.index(slot)
        order.remove(slot)
        if to == "end":
            return [*order, slot]
        others = [i for i, other in enumerate(order) if self.turn(other).waits]
        above = [i for i in others if i < at]
        below = [i for i in others if i >= at]
        place = (above[-1] if above else at) if to == "up" else (below[0] + 1 if below else at)
        order.insert(place, slot)
        return order

    def no_show(self, command: Command, sender: Member, now: float) -> Decision:
        """``slot`` was called and nobody came: to the end the first time, out the second."""
        slot = command.text("slot")
        no = self._refuse_slot(slot)
        if no is not None:
            return no
        number = self.session.entries[slot].number
        if self.turn(slot).calls + 1 >= CALLS:
            return [self.event("slot_forfeited", slot=slot, number=number)]
        return [self.event("slot_missed", slot=slot, number=number, order=self._moved(slot, "end"))]

    def order_drawn(self, event: Event) -> Iterator[Change]:
        self.order, self.drawn = list(event.body["order"]), True
        yield EVERY_PANE

    def slot_moved(self, event: Event) -> Iterator[Change]:
        self.order = list(event.body["order"])
        self.kept_turn(event.body["slot"]).forfeited = False
        yield EVERY_PANE

    def slot_missed(self, event: Event) -> Iterator[Change]:
        self.order = list(event.body["order"])
        self.kept_turn(event.body["slot"]).calls += 1
        yield EVERY_PANE

    def slot_forfeited(self, event: Event) -> Iterator[Change]:
        turn = self.kept_turn(event.body["slot"])
        turn.calls, turn.forfeited = turn.calls + 1, True
        yield EVERY_PANE

    # ---- who speaks

    def name_presenters(self, command: Command, sender: Member, now: float) -> Decision:
        """Say who of the team presents ``slot``: ``person``, repeated. A substitute is named the same way."""
        entry = self.session.entries.get(command.text("slot"))
        people = list(dict.fromkeys(command.all("person")))
        if entry is None:
            return refuse("unknown_slot", "That slot is not in the running order. Reload the page.")
        if sender.role not in STAFF and sender.team != entry.team:
            return not_allowed()
        if not set(self._members(entry)).issuperset(people):
            return refuse("not_in_team", "Choose among the people of the team.")
        return [self.event("presenters_named", slot=entry.id, people=people)]

    def _members(self, entry: Entry) -> tuple[str, ...]:
        team = self.session.teams.get(entry.team)
        return team.members if team else ()

    def presenters_named(self, event: Event) -> Iterator[Change]:
        yield Fact(event.body["slot"], "presenters", event.body["people"])
        yield EVERY_PANE


def refuse_alone() -> Refused:
    return refuse("one_slot", "This phase has one slot and no running order.")
