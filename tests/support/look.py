"""Pictures of pages without a server: what a stage shows, rendered with the real templates and shot by Chromium.

from tests.support.look import shoot
shoot(stage, Path("/tmp/pictures"), "R03-open", phones=("kim", "aino"))
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from app.drawing.render import PageContext, Renderer
from app.setup import find_chromium
from app.web.assets import put_together
from tests.support.stage import Stage

ROOT = Path(__file__).parents[2]
SIZES = {
    "phone": (390, 844),
    "mine": (390, 844),
    "team": (390, 844),
    "screen": (1920, 1080),
    "console": (1440, 900),
}
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--allow-file-access-from-files",
)


class Ids:
    """Names for a stage's people: their ids with a capital letter."""

    def shown_name(self, person: str) -> str:
        return person.capitalize()

    def fields(self, person: str) -> dict[str, str]:
        return {"who": f"Third {person}", "contact": f"{person}@example.org"}


def hall_of(stage: Stage) -> PageContext:
    """The stage as the renderer needs it."""
    address = f"https://race.example.org/s/{stage.session.code}"
    return PageContext(stage.session, Ids(), epoch="e", join_url=address, presence_version=1)


@cache
def drawn_by() -> Renderer:
    """The renderer of all tests that need no other: reading its catalogues takes as long as a hundred rules' tests."""
    return Renderer(ROOT / "templates")


def page(renderer: Renderer, stage: Stage, view: str, person: str, language: str) -> str:
    """One page as HTML."""
    return renderer.page(hall_of(stage), view, person, language, now=stage.now, rate=1.0, refused="")


def shoot(
    stage: Stage,
    folder: Path,
    name: str,
    pages: Iterable[tuple[str, str]] = (("phone", "kim"), ("console", "kim")),
    languages: Iterable[str] = ("en", "sv", "fi"),
    dark: bool = False,
    height: int = 1600,
) -> list[Path]:
    """A picture for each (view, person) and language; phones are ``height`` pixels long. Returns the files."""
    renderer = Renderer(ROOT / "templates")
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _picture(
            folder,
            f"{name}-{view}-{person}-{language}",
            page(renderer, stage, view, person, language),
            view,
            dark,
            height,
        )
        for view, person in pages
        for language in languages
    ]


def _picture(folder: Path, name: str, html: str, view: str, dark: bool, tall: int) -> Path:
    source, picture = folder / f"{name}.html", folder / f"{name}.png"
    still = re.sub(
        r'<script src="[^"]*(htmx|hx-ws)[^>]*>', "<script>", html
    )  # no socket in a picture, but clocks
    for file, content in put_together(ROOT / "static", ROOT / "templates").items():
        (folder / file).write_bytes(content)
        still = still.replace(f'"/static/{file}', f'"{(folder / file).absolute().as_uri()}')
    local = still.replace('"/static/', f'"file://{ROOT}/static/')
    source.write_text(local, "utf-8")
    width, height = SIZES.get(view, (1440, 900))
    if SIZES.get(view) == SIZES["phone"]:
        height = tall
    chromium = find_chromium()
    assert chromium is not None, "no Chromium"
    scheme = ("--force-dark-mode", "--blink-settings=preferredColorScheme=0") if dark else ()
    where = (f"--window-size={width},{height}", f"--screenshot={picture}", source.as_uri())
    subprocess.run([chromium, *FLAGS, *scheme, *where], check=True, capture_output=True, timeout=60)
    return picture
