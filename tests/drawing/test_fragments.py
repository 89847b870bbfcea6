"""The test that holds everything: a page that lived from pushes is the page that is loaded now, for every audience."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.audience.connection import RELOAD, Cursor
from app.audience.fanout import Fanout
from app.drawing.render import Renderer
from app.settings import Settings
from sessions.agenda import Phase
from sessions.views import language_of, may_see
from tests.support.crowd import Crowd
from tests.support.dom import Page
from tests.support.look import hall_of, page
from tests.support.stage import Stage, race48

VIEWS = ("phone", "mine", "team", "screen", "console", "people", "log")


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(Settings().templates)


class Viewer:
    """Somebody who loaded a page once and lives from what is pushed to it."""

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


def room() -> Stage:
    """A full room: everybody a race needs, in three languages."""
    staff = {
        "lo": "co_facilitator",
        "cy": "jury_chair",
        "jo": "juror",
        "ju": "juror",
        "sc": "screen",
        "nh": "night_host",
    }
    stage = Stage(form=race48(), **staff)
    for number, language in enumerate(("en", "sv", "fi") * 4):
        stage.join(f"a{number}", "participant", language, f"o{number % 5}")
    for name in ("ex", "ey"):
        stage.join(name, "expert", "sv")
    return stage


def watching(stage: Stage, renderer: Renderer) -> Iterator[Viewer]:
    """One viewer of every view that somebody may open, for people of every role."""
    for person in ("kim", "cy", "jo", "ex", "nh", "sc", "a0", "a1", "a2"):
        for view in VIEWS:
            if may_see(stage.session, person, view):
                yield Viewer(stage, renderer, view, person)


def phases(stage: Stage) -> list[Phase]:
    return list(stage.session.agenda)


@pytest.mark.parametrize("seed", range(2))
def test_a_page_that_lived_from_pushes_is_the_page_loaded_now(renderer: Renderer, seed: int) -> None:
    stage = room()
    crowd = Crowd(stage, renderer, seed)
    viewers = list(watching(stage, renderer))
    for _ in range(len(stage.session.agenda.main_track)):
        for _ in range(12):
            crowd.act()
            for viewer in crowd.chance.sample(viewers, 4):
                viewer.catch_up()
                viewer.check()
        stage.do("take_over", "kim")
        current = stage.session.agenda.current
        stage.do("next_phase", "kim", current.id if current else "")
    for viewer in viewers:
        viewer.catch_up()
        viewer.check()
    replayed = stage.replayed()
    assert replayed.touched == stage.session.touched
