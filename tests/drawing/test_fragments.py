"""The test that holds everything: a page that lived from pushes is the page that is loaded now, for every audience."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from random import Random

import pytest

from sessions.views import language_of
from tests.support import examples
from tests.support.examples import Played
from tests.support.look import drawn_by, hall_of
from tests.support.stage import Stage
from tests.support.viewers import Viewer, audiences

ONE_IN = 6
"""After one in so many commands somebody's page is compared."""
AT_THE_END = 8
"""So many audiences are compared when everything in a phase is done; all of them where a phase looks like none before,
and at the end of everything."""


pytestmark = pytest.mark.timeout(900)
"""Whoever comes first plays the formats for everybody after."""


class Watching:
    """Everybody who looks on while the commands of an example are given once more."""

    def __init__(self, played: Played, seed: int) -> None:
        self.played, self.chance = played, Random(seed)
        self.stage = Stage.empty(played.example.data)
        self.viewers: list[Viewer] = []
        self.compared = 0
        self.ends = set(played.done.values())
        self.new = {played.done[phase] for phase in examples.distinct(played.example.name)}
        """Up to which command those phases were done that look like none before."""

    def watch(self) -> None:
        for number, (command, by, now) in enumerate(self.played.given, 1):
            if command.name == "next_phase" and not self.viewers:
                self._sit_down()
            self.stage.now = now
            self.stage.give(command, by)
            if number in self.ends:
                self._compare(self.viewers if number in self.new else self._some(AT_THE_END))
            elif self.viewers and self.chance.randrange(ONE_IN) == 0:
                self._compare(self._some(1))
        self._compare(self.viewers)

    def _sit_down(self) -> None:
        self.viewers = [Viewer(self.stage, drawn_by(), view, who) for view, who in audiences(self.stage)]

    def _some(self, many: int) -> list[Viewer]:
        return self.chance.sample(self.viewers, min(many, len(self.viewers)))

    def _compare(self, viewers: list[Viewer]) -> None:
        for viewer in viewers:
            viewer.catch_up()
            viewer.check()
            self.compared += 1


@pytest.mark.parametrize("name", examples.names())
def test_a_page_that_lived_from_pushes_is_the_page_loaded_now(name: str) -> None:
    played = examples.played(name)
    watching = Watching(played, seed=1)
    watching.watch()
    assert watching.compared > len(watching.viewers) > 10
    assert [event.kind for event in watching.stage.log] == [event.kind for event in played.log]
    assert watching.stage.replayed().touched == watching.stage.session.touched


@pytest.fixture
def searches_of_what_is_new() -> Iterator[None]:
    """A search for garbage leaves out all that there was before the test."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("searches_of_what_is_new")
@pytest.mark.parametrize("name", ["collect", "survey", "vote"])
def test_what_is_drawn_for_a_crowds_phones_leaves_no_circle_for_a_search_of_all_memory(name: str) -> None:
    stage = examples.played(name).stage()
    hall, drawn = hall_of(stage), 0
    for view, who in audiences(stage):
        for scope in stage.session.scopes(who):
            if view != "phone" or scope.startswith("team"):
                continue
            language = language_of(stage.session, who, view)
            drawn_by().everything(hall, view, scope, language)  # what is kept for the next time is made
            gc.collect()
            gc.disable()
            try:
                drawn += len(drawn_by().everything(hall, view, scope, language))
                assert gc.collect() == 0, (who, scope)
            finally:
                gc.enable()
    assert drawn
