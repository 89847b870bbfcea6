"""Plan: decide about every entry halfway (mode ``decide``), and name owners and next steps at the end (``own``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from sessions.activities.plan.choices import Decisions
from sessions.activities.plan.deciding import Deciding
from sessions.activities.plan.ownership import Cares
from sessions.activities.plan.owning import Owning
from sessions.activity import Alert, Changed, Fragment
from sessions.audience import Right
from sessions.messages import Command, Decision, Event, Text
from sessions.outcome import Fact, Outcome, Team
from sessions.refusals import unknown_command

if TYPE_CHECKING:
    from sessions.people import Member


class Plan(Deciding, Owning):
    """Rules: ``mode``, and those of Deciding or Owning."""

    called: ClassVar[Text] = {"en": "Plan", "sv": "Planera och lova", "fi": "Suunnittele"}
    rights: ClassVar[Mapping[str, Right]] = {**Deciding.deciding_rights, **Owning.owning_rights}
    parts: ClassVar[Mapping[str, frozenset[str]]] = {**Deciding.deciding_parts, **Owning.owning_parts}
    decisions: ClassVar[Mapping[str, str]] = {**Deciding.deciding_decisions, **Owning.owning_decisions}

    def prepare(self) -> None:
        self.deciding = self.rules.get("mode", "decide") == "decide"
        self.decided = Decisions()
        self.cares = Cares()

    def decide(self, command: Command, sender: Member, now: float) -> Decision:
        mine = self.deciding_rights if self.deciding else self.owning_rights
        if command.name not in mine:
            return unknown_command()
        return super().decide(command, sender, now)

    def closing(self, now: float, command: Command) -> list[Event]:
        return self.left_undecided() if self.deciding else []

    def alerts(self) -> Iterator[Alert]:
        return self.deciding_alerts() if self.deciding else self.owning_alerts()

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        return self.deciding_noticed(change) if self.deciding else self.owning_noticed(change)

    def outcome(self) -> Outcome:
        return self.decided_outcome() if self.deciding else self.owned_outcome()

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        show = self.show_deciding if self.deciding else self.show_owning
        return show(view, scope, part, key)
