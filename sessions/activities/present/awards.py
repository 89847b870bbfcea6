"""Awards, shown one at a time: nobody sees one before it is revealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions.activity import EVERY_PANE, Activity, Change
from sessions.audience import ACTORS, STAFF, Right
from sessions.messages import Command, Decision, Event, Text, refuse

if TYPE_CHECKING:
    from sessions.people import Member

AWARD_RIGHTS = {"reveal_award": Right(STAFF | ACTORS)}


@dataclass(frozen=True, slots=True)
class Award:
    """An award that an earlier phase has given. ``place`` counts from 1; ``name`` is a key or a text."""

    id: str
    entry: str
    name: Text | str
    reason: str
    place: int


class Awards(Activity):
    """The awards of the phases in the inputs, last places first, the jury's first place at the end."""

    def prepare(self) -> None:
        self.revealed: list[str] = []

    def reveal_award(self, command: Command, sender: Member, now: float) -> Decision:
        """Show ``award`` (an id), or the next one."""
        waiting = [award for award in self.awards if award.id not in self.revealed]
        wanted = command.text("award") or (waiting[0].id if waiting else "")
        found = next((award for award in waiting if award.id == wanted), None)
        if found is None:
            return refuse("no_award", "There is no such award left to show.")
        return [self.event("award_revealed", award=found.id, entry=found.entry)]

    def award_revealed(self, event: Event) -> Iterator[Change]:
        self.revealed.append(event.body["award"])
        yield EVERY_PANE

    @property
    def awards(self) -> list[Award]:
        """In the order they are shown."""
        given = list(self._given())
        return [award for _, award in sorted(given, key=lambda item: (-item[1].place, -item[0], item[1].id))]

    def _given(self) -> Iterator[tuple[int, Award]]:
        """Each award with the place of its phase among the inputs."""
        order = {phase: i for i, phase in enumerate(self.phase.spec.inputs)}
        for entry in self.session.entries.values():
            for (phase, name, key), value in entry.facts.items():
                if name == "award" and phase in order:
                    place = int(value.get("place") or 1)
                    award = f"{phase}.{key}.{entry.id}"
                    yield order[phase], Award(award, entry.id, value["award"], value.get("reason", ""), place)
