"""Takes every shot of a moment: draws the page, loads it, looks it over in each size, and photographs it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.photographs.album import Moment, Shot, shots
from tests.photographs.camera import Camera
from tests.photographs.checks import COLOURS
from tests.support.look import drawn_by, hall_of
from tests.support.stage import Stage


def drawn(stage: Stage, view: str, person: str, language: str, now: float) -> str:
    """A page as the server sends it at a wall time."""
    return drawn_by().page(hall_of(stage), view, person, language, now=now, rate=1.0, refused="")


@dataclass
class Photographer:
    """``languages`` of every page; ``views`` only (all if there are none); ``night``: in dark colours, too."""

    camera: Camera
    languages: tuple[str, ...] = ("en", "sv", "fi")
    views: frozenset[str] = frozenset()
    axe: bool = True
    night: bool = True

    def take(self, moment: Moment) -> None:
        for shot in shots(moment):
            if not self.views or shot.view in self.views:
                for language in self.languages:
                    self._in(moment, shot, language)

    def _in(self, moment: Moment, shot: Shot, language: str) -> None:
        page = drawn(moment.stage, shot.view, shot.person, language, moment.now)
        name = f"{moment.name}-{shot.name}-{language}"
        self.camera.load(page, shot.sizes[0])
        if self.axe and shot.axe:
            self.camera.axe(name)
        for size in shot.sizes:
            self.camera.resize(size)
            self.camera.look(f"{name} {size[0]}", shot.checks)
            self.camera.take(f"{name}-{size[0]}", whole=shot.view in ("phone", "mine", "team"))
        if self.night and language == self.languages[-1]:
            self._by_night(name, shot)

    def _by_night(self, name: str, shot: Shot) -> None:
        self.camera.page.emulate_media(color_scheme="dark")
        if self.axe and shot.axe:
            self.camera.axe(f"{name} by night", COLOURS)
        self.camera.take(f"{name}-dark")
        self.camera.page.emulate_media(color_scheme="light")
