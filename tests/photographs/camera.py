"""A browser that is shown pages without a server, looks them over and photographs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Route, sync_playwright

from app.setup import ROOT, find_chromium
from app.web.assets import put_together
from tests.photographs.checks import AXE

ADDRESS = "http://race.test"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
Size = tuple[int, int]
Scheme = Literal["light", "dark"]


@dataclass
class Camera:
    """One page of a browser. ``problems`` are what was found, with where it was found first."""

    page: Page
    folder: Path | None
    problems: dict[str, str] = field(default_factory=dict)
    taken: int = 0
    html: str = ""
    seen: list[str] = field(default_factory=list)
    """What axe has run on, by its look."""
    errors: list[str] = field(default_factory=list)
    """What the page's own script has stumbled over since it was loaded."""

    def another(self) -> Camera:
        """A camera with a page of its own, in the same browser."""
        browser = self.page.context.browser
        assert browser is not None
        return _set_up(browser, self.folder)

    def load(self, html: str, size: Size, scheme: Scheme = "light") -> None:
        """Show a page as it comes from the server; its script runs, but has no socket."""
        self.html = html
        self.errors.clear()
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.resize(size)
        self.page.goto(ADDRESS)

    def resize(self, size: Size) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.wait_for_timeout(30)  # what fits the wall is fitted anew in the next picture

    def look(self, where: str, checks: Sequence[str]) -> list[str]:
        """Run checks; what they find is kept and given."""
        found = [str(what) for check in checks for what in self.page.evaluate(check)]
        found += [f"the script stops: {error}" for error in self.errors]
        self._note(where, found)
        return found

    def axe(self, where: str, rules: Sequence[str] = ()) -> None:
        """Run axe (all of it, or some rules) on whatever looks like nothing that it has run on."""
        self.page.evaluate(AXE_SCRIPT)
        looks, found = self.page.evaluate(AXE, [self.seen, [*rules]])
        self.seen += looks
        self._note(where, found)

    def _note(self, where: str, found: Sequence[str]) -> None:
        for what in found:
            self.problems.setdefault(what, where)

    def take(self, name: str, whole: bool = False) -> None:
        """A photograph into the folder, if there is one; of the ``whole`` page, however long."""
        self.taken += 1
        if self.folder is not None:
            self.page.screenshot(path=self.folder / f"{name}.png", full_page=whole)

    def print(self, name: str) -> None:
        """The page as it comes out of a printer, on A4."""
        self.taken += 1
        if self.folder is not None:
            self.page.pdf(path=self.folder / f"{name}.pdf", format="A4", print_background=True)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS).partition("?")[0]
        if path in ("", "/"):
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8")
            return
        file = path.removeprefix("/static/")
        made = put_together(ROOT / "static", ROOT / "templates")
        body = made[file] if file in made else _file(file)
        route.fulfill(body=body, content_type=TYPES.get(Path(file).suffix, "text/plain"))


def _file(name: str) -> bytes:
    """A static file; nothing for the scripts that would open a socket."""
    found = ROOT / "static" / name
    return b"" if "vendor" in name or not found.is_file() else found.read_bytes()


def _set_up(browser: Browser, folder: Path | None) -> Camera:
    made = Camera(browser.new_page(), folder)
    made.page.route("**/*", made.answer)
    made.page.on("pageerror", lambda error: made.errors.append(str(error)))
    return made


@contextmanager
def camera(folder: Path | None = None) -> Iterator[Camera]:
    """A camera that puts its photographs into a folder, or only looks."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    chromium = find_chromium()
    assert chromium is not None, "no Chromium"
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=str(chromium), args=FLAGS)
        yield _set_up(browser, folder)
        browser.close()
