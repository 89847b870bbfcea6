"""Tech check: before pitches, staff look whether everything works, and who is checked first chooses a slot first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from sessions.activities.techcheck import views
from sessions.activities.techcheck.checks import Checks
from sessions.activities.techcheck.events import EVENTS, Checked, OrderSettled, SlotChosen
from sessions.activities.techcheck.rules import DECLARED
from sessions.activity import EVERY_PANE, Activity, Change, Changed
from sessions.audience import STAFF, TEAM_PEOPLE, Right
from sessions.format_rules import Declaration
from sessions.messages import Command, Decision, Event, Refused, Text, refuse
from sessions.outcome import Fact, Inputs, Outcome, Team
from sessions.refusals import not_allowed
from sessions.stage_entries import is_on_stage

if TYPE_CHECKING:
    from sessions.entry import Entry
    from sessions.people import Member


class Techcheck(Activity):
    """A phase that hands the running order to the pitches after it. It has no rules."""

    called: ClassVar[Text] = {"en": "Tech check", "sv": "Teknikkontroll", "fi": "Tekniikkatarkistus"}
    declares: ClassVar[Declaration] = DECLARED
    rights: ClassVar[Mapping[str, Right]] = {
        "mark_checked": Right(STAFF),
        "choose_slot": Right(STAFF | TEAM_PEOPLE),
    }
    events: ClassVar[Mapping[str, type]] = EVENTS
    decisions: ClassVar[Mapping[str, str]] = {"order_settled": "Running order settled"}

    def prepare(self) -> None:
        self.checks = Checks()
        self.settled: tuple[str, ...] = ()
        """The running order as the close has settled it; empty before."""

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self.settled = ()
        return super().reopened(inputs)

    # ---- checks

    def mark_checked(self, command: Command, sender: Member, now: float) -> Decision:
        """``entry`` was checked: ``result`` ok or not_ok."""
        entry, result = command.text("entry"), command.text("result")
        if entry not in self.queue or result not in ("ok", "not_ok"):
            return unknown_entry()
        ok, known = result == "ok", self.checks.checks.get(entry)
        return [] if known and known.ok == ok else [self.event("checked", entry=entry, ok=ok)]

    def checked(self, event: Event) -> Iterator[Change]:
        body: Checked = event.body
        self.checks.note(body["entry"], body["ok"], event.at)
        yield EVERY_PANE

    # ---- slots

    def choose_slot(self, command: Command, sender: Member, now: float) -> Decision:
        """The team (or staff for it) takes a free ``position`` for a checked ``entry``."""
        entry, queue = self.session.entries.get(command.text("entry")), self.queue
        if entry is None or entry.id not in queue:
            return unknown_entry()
        no, position = self._refuse_choice(entry, sender), command.text("position")
        if no is not None:
            return no
        if position not in map(str, self.checks.free_for(entry.id, self.checks.free_in(set(queue)))):
            return refuse("taken", "Slot {position} is not free. Choose another one.", position=position)
        return [self.event("slot_chosen", entry=entry.id, position=int(position))]

    def _refuse_choice(self, entry: Entry, sender: Member) -> Refused | None:
        if sender.role not in STAFF and sender.team != entry.team:
            return not_allowed()
        if not self.checks.is_checked(entry.id):
            return refuse("not_checked", "The tech check comes first. Then you choose your slot.")
        return None

    def slot_chosen(self, event: Event) -> Iterator[Change]:
        body: SlotChosen = event.body
        self.checks.chosen[body["entry"]] = body["position"]
        yield EVERY_PANE

    # ---- the running order

    @property
    def queue(self) -> list[str]:
        """Every entry in the race: by sign-up, the others after that by number."""
        racing = sorted((e for e in self.session.entries.values() if e.in_race), key=lambda e: e.number)
        ids = {entry.id: None for entry in racing}
        return list({entry: None for entry in self.inputs.order if entry in ids} | ids)

    @property
    def running_order(self) -> tuple[str, ...]:
        """As the close has settled it; before that, as it stands."""
        if self.settled:
            return tuple(entry for entry in self.settled if entry in self.session.entries)
        return self.checks.arrangement(self.queue)

    def closing(self, now: float, command: Command) -> list[Event]:
        return [self.event("order_settled", order=list(self.running_order))]

    def order_settled(self, event: Event) -> Iterator[Change]:
        body: OrderSettled = event.body
        self.settled = tuple(body["order"])
        yield EVERY_PANE

    # ---- what others see and get

    show = views.show

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        return (EVERY_PANE,) if is_on_stage(change, views.SHOWN_BESIDES) else ()

    def outcome(self) -> Outcome:
        return Outcome(order=self.running_order)


def unknown_entry() -> Refused:
    return refuse("unknown_slot", "That entry is not in the race. Reload the page.")
