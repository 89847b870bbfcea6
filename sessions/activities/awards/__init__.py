"""Awards, shown one at a time: nobody sees one before it is revealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from sessions.activities.awards import views
from sessions.activities.awards.events import EVENTS, AwardRevealed
from sessions.activities.awards.given import Award, award_id, awards_given
from sessions.activities.awards.rules import DECLARED
from sessions.activity import EVERY_PANE, Activity, Alert, Change, Changed, Pending, Revealed, alert
from sessions.audience import ACTORS, STAFF, Right
from sessions.format_rules import Declaration
from sessions.messages import Command, Decision, Event, Text, refuse
from sessions.outcome import Fact, Team
from sessions.stage_entries import is_on_stage

if TYPE_CHECKING:
    from sessions.people import Member


class Awards(Activity):
    """A phase that reveals the awards of the phases in its inputs, last places first, the jury's first place at the
    end. It has no rules."""

    called: ClassVar[Text] = {"en": "Awards", "sv": "Prisutdelning", "fi": "Palkintojen jako"}
    declares: ClassVar[Declaration] = DECLARED
    rights: ClassVar[Mapping[str, Right]] = {"reveal_award": Right(STAFF | ACTORS)}
    events: ClassVar[Mapping[str, type]] = EVENTS

    presents: ClassVar[frozenset[str]] = frozenset({"award", "score"})

    def has_presented(self, phase: str, entry: str, name: str, key: str) -> bool:
        """An award once it is revealed, scores once all of that phase's awards are, and everything at the close."""
        if self.phase.state == "closed":
            return True
        if name == "award":
            return award_id(phase, key, entry) in self.revealed
        return not any(award.id.startswith(f"{phase}.") for award in self.coming)

    def prepare(self) -> None:
        self.revealed: list[str] = []
        """Ids of awards, latest last."""

    def reveal_award(self, command: Command, sender: Member, now: float) -> Decision:
        """Show ``award`` (an id), or the next one after so many ``shown`` (as the sender saw it)."""
        if command.text("shown") not in ("", str(len(self.revealed))):
            return refuse(
                "moved_on", "Another award has been shown meanwhile. Look at what is on the wall now."
            )
        coming = {award.id: award for award in self.coming}
        award = coming.get(command.text("award") or next(iter(coming), ""))
        if award is None:
            return refuse("no_award", "There is no such award left to show.")
        return [self.event("award_revealed", award=award.id, entry=award.entry)]

    def award_revealed(self, event: Event) -> Iterator[Change]:
        body: AwardRevealed = event.body
        self.revealed.append(body["award"])
        yield EVERY_PANE
        yield Revealed(self.phase.spec.inputs)

    @property
    def awards(self) -> list[Award]:
        """Every award, in the order they are shown."""
        return awards_given(self.session.entries.values(), self.phase.spec.inputs)

    @property
    def coming(self) -> list[Award]:
        """The awards that nobody has seen yet, in the order they are shown."""
        return [award for award in self.awards if award.id not in self.revealed]

    def pending(self) -> Pending | None:
        """Every award is shown before the phase is left."""
        if not self.is_open or not self.coming:
            return None
        first = {"award": self.coming[0].id}
        return Pending(alert("Show the next award first"), "reveal_award", first)

    def alerts(self) -> Iterable[Alert]:
        if self.coming and not self.is_open:
            yield alert("Awards that nobody has been shown: {count}", count=len(self.coming))

    show = views.show

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        return (EVERY_PANE,) if is_on_stage(change, views.SHOWN_BESIDES) else ()
