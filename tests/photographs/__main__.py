"""Photographs the whole race: on phones of 320 and 375 px, consoles and walls of two sizes each, in three languages, by
day and by night, before the start, empty, full and after the time. On the way every page is looked over (axe; nothing
to be scrolled sideways, cut, covered or too small), and what is found is told at the end."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app import setup

setup.ensure("dev")

from tests.browser.engines import ENGINES  # noqa: E402
from tests.photographs import sheets  # noqa: E402
from tests.photographs.album import race, real_ideas  # noqa: E402 – only once the packages are there
from tests.photographs.camera import camera  # noqa: E402
from tests.photographs.other_engines import other_camera  # noqa: E402
from tests.photographs.photographer import Photographer  # noqa: E402


def main() -> int:
    """The number of things found, as the exit status tells: 1 for any."""
    asked = argparse.ArgumentParser(prog="python3 -m tests.photographs", description=__doc__)
    asked.add_argument("--to", type=Path, default=Path("photographs"), help="the folder for the photographs")
    asked.add_argument("--people", type=int, default=53)
    asked.add_argument("--phases", nargs="*", default=(), help="only these phases, such as R03 R25")
    asked.add_argument("--languages", nargs="*", default=("en", "sv", "fi"))
    asked.add_argument("--views", nargs="*", default=(), help="only these views, such as screen phone")
    asked.add_argument("--no-axe", action="store_true", help="look for everything else only")
    asked.add_argument("--engine", choices=sorted(ENGINES), help="the phones alone, in another engine")
    given = asked.parse_args()
    if given.engine:
        return _elsewhere(given)
    with camera(given.to) as held:
        photographer = Photographer(
            held, tuple(given.languages), frozenset(given.views), axe=not given.no_axe
        )
        try:
            real_ideas(photographer.take)
            ended = race(photographer.take, given.people, frozenset(given.phases))
            if ended.session.entries and not given.views:
                sheets.photograph(held, ended, tuple(given.languages))
        finally:  # what was found is told, also of a walk that has stumbled
            for what, where in sorted(held.problems.items(), key=lambda found: found[1]):
                print(f"{where}: {what}")
            print(f"{held.taken} photographs in {given.to}; {len(held.problems)} things found")
    return 1 if held.problems else 0


def _elsewhere(given: argparse.Namespace) -> int:
    """The same on the phones of another engine."""
    setup.ensure_engines()
    with other_camera(given.engine, given.to, tuple(given.languages)) as held:
        race(held.take, given.people, frozenset(given.phases))
        for what, where in sorted(held.problems.items(), key=lambda found: found[1]):
            print(f"{where}: {what}")
        print(f"{held.taken} photographs in {given.to}; {len(held.problems)} things found")
    return 1 if held.problems else 0


if __name__ == "__main__":
    sys.exit(main())
