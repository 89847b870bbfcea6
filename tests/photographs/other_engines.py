"""The phones of the race once more in WebKit and Firefox: every page is loaded as a file, looked over, photographed."""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from app.setup import ROOT
from app.web.assets import put_together
from tests.browser.engines import ENGINES, Engine
from tests.photographs.album import Moment, shots
from tests.photographs.checks import BURST, SIDEWAYS
from tests.photographs.photographer import drawn

PHONES = frozenset({"phone", "mine", "team"})
LEGENDS = """
() => [...document.querySelectorAll('fieldset > legend')].filter(el => el.checkVisibility())
  .filter(el => el.getBoundingClientRect().top < el.parentElement.getBoundingClientRect().top - 1)
  .map(el => `words on the border: ${el.textContent.trim().slice(0, 60)}`)
"""
"""Legends that stand out of their box at the top, as WebKit lays those of a grid or a flex box."""
CHECKS = (SIDEWAYS, BURST, LEGENDS)
Value = TypeVar("Value")


def whole(html: str) -> str:
    """A page in one file: its style and its script inside, nothing that would open a socket."""
    made = put_together(ROOT / "static", ROOT / "templates")
    style, script = made["race.css"].decode(), made["race.js"].decode()
    still = re.sub(r"<script\b[^>]*>\s*</script>", "", html)
    styled = re.sub(r'<link rel="stylesheet"[^>]*>', lambda _: f"<style>{style}</style>", still)
    return styled.replace("</body>", f"<script>{script}</script></body>")


@dataclass
class OtherCamera:
    """One page of another engine. ``problems`` are what was found, with where it was found first."""

    engine: Engine
    folder: Path
    loop: asyncio.AbstractEventLoop
    languages: tuple[str, ...]
    problems: dict[str, str] = field(default_factory=dict)
    taken: int = 0

    def take(self, moment: Moment) -> None:
        """Every phone of a moment, in each language."""
        for shot in shots(moment):
            for language in self.languages if shot.view in PHONES else ():
                html = drawn(moment.stage, shot.view, shot.person, language, moment.now)
                self._done(self._photograph(f"{moment.name}-{shot.name}-{language}", html))

    async def _photograph(self, name: str, html: str) -> None:
        page = self.folder / "page.html"
        page.write_text(whole(html), "utf-8")
        await self.engine.go(page.as_uri())
        for check in CHECKS:
            for what in await self.engine.run(f"({check.strip()})()"):
                self.problems.setdefault(what, name)
        (self.folder / f"{name}.png").write_bytes(b64decode(await self.engine.picture()))
        self.taken += 1

    def _done(self, work: Coroutine[Any, Any, Value]) -> Value:
        return self.loop.run_until_complete(work)


@contextmanager
def other_camera(name: str, folder: Path, languages: tuple[str, ...]) -> Iterator[OtherCamera]:
    """A camera in an engine by its name (``webkit``, ``firefox``) that puts its photographs into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    loop = asyncio.new_event_loop()
    started = ENGINES[name](folder.absolute() / "profile")
    try:
        engine = loop.run_until_complete(started.__aenter__())
        yield OtherCamera(engine, folder.absolute(), loop, languages)
        loop.run_until_complete(started.__aexit__(None, None, None))
    finally:
        loop.close()
