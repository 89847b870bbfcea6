"""Through an agenda in no time: the facilitator presses what the console offers, and time passes when nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.rehearsal.browser.forms import Form
from app.rehearsal.dry.player import A_MOMENT, FACILITATOR, Player
from app.rehearsal.dry.scratch import Stuck
from app.rehearsal.facilitator.presses import asked_for, next_presses
from sessions.agenda import Phase
from sessions.session import Session

PRESSES = 80
"""Times that the facilitator presses in one go; there is never so much to press."""
STEPS = 80
"""Times that everybody waits in a phase for something to happen by itself."""
OVERTIME = 3.0
"""Minutes that a phase with a hard end goes on after it, so that somebody can be late."""

Opened = Callable[[Phase], None]
"""Called when a phase has opened, before anybody acts in it."""


class Walk:
    """The facilitator's way through the agenda of those who play."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.at = ""
        """The phase that is on, or about to be opened."""
        self._steps = 0

    @property
    def session(self) -> Session:
        return self.player.session

    def phases(self, opened: Opened | None = None) -> Iterator[Phase]:
        """Through the agenda; each phase of the main track when everything in it is done, before it is left. ``opened``
        is called when one has opened, before anybody acts in it."""
        while (form := self._next()) is not None:
            following = self.session.agenda.following()
            self.at = following.id if following else self.at
            self._go_on(form)
            phase = self.session.agenda.current
            if phase is None:
                raise Stuck("a phase is opened, and none is open")
            if opened is not None:
                opened(phase)
            self._through()
            yield phase

    def _next(self) -> Form | None:
        return next((f for f in self.player.draw(FACILITATOR).forms() if f.command == "next_phase"), None)

    def _go_on(self, form: Form) -> None:
        """Open the next phase, if need be after what stands in its way has been seen to. Raises Stuck."""
        kim = self.player.people[FACILITATOR]
        for _ in range(3):
            sent = kim.give(form, {})
            self.player.send(FACILITATOR)
            if not sent.refused:
                return
            self._through()
        raise Stuck(f"it cannot be left: {sent.refused}")

    def _through(self) -> None:
        """People act and the facilitator presses, until nothing is left to the end of the phase, and a little later."""
        self._steps = 0
        self.player.act()
        self._press_all()
        while self._time_passes():
            self.player.act()
            self._press_all()

    def _press_all(self) -> None:
        for _ in range(PRESSES):
            swift = self._press()
            if swift is None and not self._ask():
                return
            if not swift:
                self.player.act()

    def _press(self) -> bool | None:
        """The facilitator's next buttons: whether they need not wait for the room; None if there are none."""
        kim = self.player.people[FACILITATOR]
        found = next_presses(kim, self.player.draw(FACILITATOR).forms())
        for one in found:
            kim.memory.keep(one.form, one.values)
        self.player.send(FACILITATOR)
        return all(one.press.swift for one in found) if found else None

    def _ask(self) -> bool:
        """Ask aloud for what only others can do; whether there was something."""
        current = self.session.agenda.current
        asked = current is not None and any(
            self.player.company.ask(current.id, command) for command in asked_for(self.player.company)
        )
        if asked:
            self.player.forget_what_was_seen()
        return asked

    def _time_passes(self) -> bool:
        """To the next moment at which the clock does something, a countdown on the console runs out or the current
        phase ends, and a little further; False when all of that has been."""
        current = self.session.agenda.current
        if current is None or current.state != "open" or current.spec.apart:
            return False
        now, end = self.player.scratch.now, current.ends_at + OVERTIME * 60.0
        soon = [at for at in (*self._deadlines(), *self._countdowns(current.id), end) if at > now]
        if not soon or self._steps > STEPS:
            return False
        self._steps += 1
        self.player.wait((min(soon) - now) / 60.0 + A_MOMENT)
        return True

    def _deadlines(self) -> Iterator[float]:
        current = self.session.agenda.current
        for _, deadline in self.session.deadlines():
            if current is not None and deadline.at <= current.ends_at + OVERTIME * 60.0:
                yield deadline.at

    def _countdowns(self, phase: str) -> Iterator[float]:
        """When the countdowns in a phase's pane on the console run out."""
        for mark in self.player.draw(FACILITATOR).inside(f"{phase}-all"):
            if "data-ends" in mark.attributes:
                yield int(mark.attributes["data-ends"]) / 1000
