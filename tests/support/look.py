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

from app.drawing.render import Renderer
from app.rehearsal.dry.pages import Ids, hall_of, page
from app.setup import find_chromium
from app.web.assets import put_together
from tests.support.stage import Stage

__all__ = ["Ids", "drawn_by", "hall_of", "page", "shoot"]
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


@cache
def drawn_by() -> Renderer:
    """The renderer of all tests that need no other: reading its catalogues takes as long as a hundred rules' tests."""
    return Renderer(ROOT / "templates")


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
