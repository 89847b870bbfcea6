"""Whoever plays an example in a test: as in a dry run, and what habits do not reach is pressed for them."""

from __future__ import annotations

from typing import Any

from app.rehearsal.browser.forms import Form
from app.rehearsal.dry.player import A_MOMENT, FACILITATOR
from app.rehearsal.dry.player import Player as DryPlayer
from sessions.session import Accepted

__all__ = ["A_MOMENT", "FACILITATOR", "Player"]


class Player(DryPlayer):
    """Presses named buttons, and gives commands for which no button stands there."""

    def find(self, command: str, by: str, view: str = "", **hidden: str) -> Form | None:
        """The first form of a command on one of somebody's pages, with these hidden fields."""
        forms = self.page(view or self.people[by].view, by).forms()
        wanted = hidden.items()
        return next((f for f in forms if f.command == command and wanted <= f.hidden.items()), None)

    def press(self, command: str, by: str = FACILITATOR, view: str = "", **told: Any) -> None:
        """Press a button that stands on somebody's page, or fill in a form with what is told; it must be accepted.
        What is told and not to be filled in chooses among forms of the same command."""
        forms = [f for f in self.page(view or self.people[by].view, by).forms() if f.command == command]
        for form in forms:
            free = {one.name for one in form.fields}
            fixed = {name: value for name, value in told.items() if name not in free}
            if fixed.items() <= form.hidden.items():
                self.give(form, by, **{name: told[name] for name in told if name not in fixed})
                return
        raise AssertionError(f"{by} has no form {command} with {told}: {[f.hidden for f in forms]}")

    def tell(self, command: str, by: str, phase: str = "", **fields: Any) -> None:
        """Give a command that must be accepted, though no form for it stands on a page."""
        kind, before = self._kind_of(phase, command), self.session.seq
        answer = self.scratch.do(command, by, phase, **fields)
        assert isinstance(answer, Accepted), answer
        assert self.session.seq > before, f"{command} has led to nothing"
        self.accepted[kind, command] += 1
        self.watch(self.scratch)
