"""Somebody who loaded a page once and lives from what is pushed to it, to compare with the page loaded now."""

from __future__ import annotations

from collections.abc import Iterator

from app.audience.connection import RELOAD, Cursor
from app.audience.fanout import Fanout
from app.drawing.render import Renderer
from sessions.views import language_of, may_see
from tests.support.dom import Page
from tests.support.look import hall_of, page
from tests.support.stage import Stage

VIEWS = ("phone", "mine", "team", "screen", "console", "people", "log")


def audiences(stage: Stage) -> Iterator[tuple[str, str]]:
    """A view and a person for each sort of audience: every view that a role may open, with a team and without, in each
    language."""
    sorts = set()
    for member in stage.session.people.values():
        for view in VIEWS:
            sort = (view, member.role, bool(member.team), member.language)
            if sort not in sorts and may_see(stage.session, member.id, view):
                sorts.add(sort)
                yield view, member.id


class Viewer:
    """A page of a ``view`` that ``person`` has had open since now."""

    def __init__(self, stage: Stage, renderer: Renderer, view: str, person: str) -> None:
        self.stage, self.renderer, self.view, self.person = stage, renderer, view, person
        self.fanout = Fanout(hall_of(stage), renderer)
        self.fanout.context.presence_version = 1
        self.gone = False
        """Whether the page was closed on somebody who was removed."""
        self.load()

    def load(self) -> None:
        session = self.stage.session
        self.page = Page(self.fresh())
        scopes = session.scopes(self.person) if self.view != "screen" else ("all",)
        language = language_of(session, self.person, self.view)
        self.reader = Cursor(self.view, self.person, language, scopes, session.seq)

    def fresh(self) -> str:
        language = language_of(self.stage.session, self.person, self.view)
        return page(self.renderer, self.stage, self.view, self.person, language)

    def catch_up(self) -> None:
        """Take what is pushed; where the server asks for a new page, load one."""
        frame = self.fanout.missed.take(self.reader)
        if frame is RELOAD:
            self.gone = not self.stage.session.scopes(self.person)
            if not self.gone:
                self.load()
        elif frame is not None:
            self.page.apply(frame.text)

    def check(self) -> None:
        """The page that lived is the page that is loaded now. Raises AssertionError that shows where they part."""
        if self.gone:
            return
        lived, loaded = self.page.text(), Page(self.fresh()).text()
        assert lived == loaded, difference(lived, loaded, f"{self.view} of {self.person}")


def difference(lived: str, loaded: str, who: str) -> str:
    """Where two pages part."""
    at = next(
        (i for i, (a, b) in enumerate(zip(lived, loaded, strict=False)) if a != b),
        min(len(lived), len(loaded)),
    )
    return f"{who}\nlived:  …{lived[max(0, at - 300) : at + 300]}\nloaded: …{loaded[max(0, at - 300) : at + 300]}"
