"""Looks on while other tests play, and compares pages whenever a command does something for the first time."""

from __future__ import annotations

from collections.abc import Iterator

from app.drawing.render import Renderer
from sessions.messages import Command, Event, Refused
from sessions.session import Accepted
from sessions.views import may_see
from tests.support.stage import Stage
from tests.support.viewers import VIEWS, Viewer

Doing = tuple[str, str, str]
"""An activity kind ("" for the session itself), a command, and an event that it led to."""


class PageWitness:
    """For every command and every event of every kind: page before + pushes = page after, in every view and role."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer
        self.seen: set[Doing] = set()

    def __call__(self, stage: Stage, command: Command, by: str) -> Accepted | Refused:
        """Give the command; compare the pages if it does what has not been seen yet."""
        doings = set(_doings(stage, command, by))
        viewers = list(self._viewers(stage)) if doings - self.seen else []
        told = stage.session.act(command, by, stage.now)
        for viewer in viewers:
            self.compare(viewer)
        self.seen |= doings
        return told

    def compare(self, viewer: Viewer) -> None:
        """The page that lives from pushes is the page that is loaded now. Raises AssertionError."""
        viewer.catch_up()
        viewer.check()

    def _viewers(self, stage: Stage) -> Iterator[Viewer]:
        """One of each sort: a view, a role, with a team or without, the sender's or another."""
        sorts = set()
        for member in stage.session.people.values():
            for view in VIEWS:
                sort = (view, member.role, member.team)
                if sort not in sorts and may_see(stage.session, member.id, view):
                    sorts.add(sort)
                    yield Viewer(stage, self.renderer, view, member.id)
        if "kim" in stage.session.people and not stage.session.people["kim"].removed:
            yield Viewer(stage, self.renderer, "screen", "kim")


def _doings(stage: Stage, command: Command, by: str) -> Iterator[Doing]:
    """What the command will lead to: deciding changes nothing, so it can be asked beforehand."""
    decision = stage.session.decide(command, by, stage.now)
    for event in () if isinstance(decision, Refused) else decision:
        if isinstance(event, Event):
            phase = stage.session.agenda.get(event.phase)
            yield phase.kind if phase else "", command.name, event.kind
