"""Who is on when: the order is drawn or changed by hand, who does not come goes to the end, teams say who speaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.pitch.events import (
    OrderDrawn,
    PresentersNamed,
    SlotForfeited,
    SlotMissed,
    SlotMoved,
)
from sessions.activities.pitch.running_order import DIRECTIONS
from sessions.activity import EVERY_PANE, Change
from sessions.audience import STAFF, TEAM_PEOPLE, Right
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact
from sessions.refusals import not_allowed

if TYPE_CHECKING:
    from sessions.activities.pitch import Pitch
    from sessions.entry import Entry
    from sessions.people import Member

CALLS = 2
"""After so many calls without anybody coming, a slot is forfeited."""

RIGHTS = {
    "draw_order": Right(STAFF),
    "move_slot": Right(STAFF),
    "no_show": Right(STAFF),
    "name_presenters": Right(STAFF | TEAM_PEOPLE),
}


def draw_order(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Draw the order of everybody who still waits."""
    return refuse_alone() if pitch.alone else [drawing(pitch, command.seed)]


def drawing(pitch: Pitch, seed: int) -> Event:
    return pitch.event("order_drawn", order=pitch.running_order.drawn_anew(pitch.slots, seed))


def order_drawn(pitch: Pitch, event: Event) -> Iterator[Change]:
    body: OrderDrawn = event.body
    pitch.running_order.order, pitch.running_order.drawn = list(body["order"]), True
    yield EVERY_PANE


def move_slot(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Move ``slot`` in the direction ``to``: up, down or end. To the end also brings a forfeited one back."""
    slot, to, slots = command.text("slot"), command.text("to"), pitch.slots
    no = _refuse_slot(pitch, slot, slots, to)
    return no or [
        pitch.event("slot_moved", slot=slot, to=to, order=pitch.running_order.moved(slots, slot, to))
    ]


def _refuse_slot(pitch: Pitch, slot: str, slots: list[str], to: str = "end") -> Refused | None:
    if pitch.alone:
        return refuse_alone()
    if slot not in slots or to not in DIRECTIONS:
        return unknown_slot()
    if pitch.running_order.turn(slot).started_at:
        return refuse("was_on", "That slot is on or has been. Only waiting slots can be moved.")
    return None


def slot_moved(pitch: Pitch, event: Event) -> Iterator[Change]:
    body: SlotMoved = event.body
    pitch.running_order.order = list(body["order"])
    pitch.running_order.kept_turn(body["slot"]).forfeited = False
    yield EVERY_PANE


def no_show(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """``slot`` was called and nobody came: to the end the first time, out the second."""
    slot, slots = command.text("slot"), pitch.slots
    no = _refuse_slot(pitch, slot, slots)
    if no is not None:
        return no
    number = pitch.numbers[slot]
    if pitch.running_order.turn(slot).calls + 1 >= CALLS:
        return [pitch.event("slot_forfeited", slot=slot, number=number)]
    order = pitch.running_order.moved(slots, slot, "end")
    return [pitch.event("slot_missed", slot=slot, number=number, order=order)]


def slot_missed(pitch: Pitch, event: Event) -> Iterator[Change]:
    body: SlotMissed = event.body
    pitch.running_order.order = list(body["order"])
    pitch.running_order.kept_turn(body["slot"]).calls += 1
    yield EVERY_PANE


def slot_forfeited(pitch: Pitch, event: Event) -> Iterator[Change]:
    body: SlotForfeited = event.body
    turn = pitch.running_order.kept_turn(body["slot"])
    turn.calls, turn.forfeited = turn.calls + 1, True
    yield EVERY_PANE


def name_presenters(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Say who of the team presents ``slot``: ``person``, repeated. A substitute is named the same way."""
    entry = pitch.session.entries.get(command.text("slot"))
    people = list(dict.fromkeys(command.all("person")))
    if entry is None:
        return unknown_slot()
    if sender.role not in STAFF and sender.team != entry.team:
        return not_allowed()
    if not set(_members(pitch, entry)).issuperset(people):
        return refuse("not_in_team", "Choose among the people of the team.")
    return [pitch.event("presenters_named", slot=entry.id, people=people)]


def _members(pitch: Pitch, entry: Entry) -> tuple[str, ...]:
    team = pitch.session.teams.get(entry.team)
    return team.members if team else ()


def presenters_named(pitch: Pitch, event: Event) -> Iterator[Change]:
    body: PresentersNamed = event.body
    yield Fact(body["slot"], "presenters", body["people"])
    yield EVERY_PANE


def refuse_alone() -> Refused:
    return refuse("one_slot", "This phase has one slot and no running order.")


def unknown_slot() -> Refused:
    return refuse("unknown_slot", "That slot is not in the running order. Reload the page.")
