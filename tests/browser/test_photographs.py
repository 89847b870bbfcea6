"""A small dose of the walk that photographs the race: the same pages and checks, with fewer people, phases and languages."""

from __future__ import annotations

import pytest

from tests.photographs.album import race, real_ideas
from tests.photographs.camera import camera
from tests.photographs.photographer import Photographer
from tests.photographs.sheets import sheet
from tests.support import examples

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]


def test_nothing_is_found_on_pages_full_of_real_ideas() -> None:
    with camera() as held:
        real_ideas(Photographer(held, ("fi",)).take)
    assert held.taken > 40
    assert held.problems == {}


def test_every_sheet_can_be_drawn_as_it_is_photographed() -> None:
    """A page that gives its template something more gives it here, too."""
    ended = examples.played("decide").stage()
    drawn = [sheet(ended, entry, "fi") for entry in ended.session.entries.values()]
    assert len(drawn) > 1


def test_nothing_is_found_from_before_the_start_until_teams_are_there() -> None:
    with camera() as held:
        race(Photographer(held, ("sv",)).take, 20, frozenset({"R03", "R05"}))
    assert held.taken > 60
    assert held.problems == {}
