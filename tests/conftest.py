"""Fixtures that tests of several folders share: both databases, a real Chromium, and pages in it that report errors.

Driver and browser start anew for each test (two thirds of a second together). They live on the event loop of
that test, as does the server that it starts in-process; one browser for all tests would need a loop for all.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import uvicorn.server
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Route, async_playwright

from app import setup
from app.drawing.locale import load
from tests.support.databases import KINDS, Place, new_place
from tests.support.side_by_side import (
    HEAVY,
    pytest_xdist_make_scheduler,  # noqa: F401  # a hook, which pytest finds by its name
)
from tests.support.time_limit import (  # noqa: F401  # hooks, which pytest finds by their names
    pytest_runtest_protocol,
    pytest_timeout_set_timer,
)

# What Hypothesis draws is the same in every run, and may take its time on a busy machine: no change is refused for
# what chance or others have brought about.
hypothesis.settings.register_profile("race", derandomize=True, deadline=None)
hypothesis.settings.load_profile("race")

LONG = 180.0
"""Seconds that a heavy test may take on a busy machine."""
VENDOR = setup.ROOT / "static" / "vendor"
CONTENT_NETWORK = "https://cdn.jsdelivr.net/**"
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]


class Pages:
    """Opens pages, each in a browser context of its own, and keeps every error that they report.

    `errors` holds what the consoles showed as errors (refusals by the Content-Security-Policy are among them)
    and uncaught exceptions. A test that brings errors about on purpose names them by `expect_error`.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._expected: list[str] = []
        self.errors: list[str] = []

    async def __call__(self, url: str, **context: Any) -> Page:
        """Open a page as a new person; `context` goes to `Browser.new_context` (locale, viewport, …)."""
        return await self.open_in(await self.new_context(**context), url)

    async def new_context(self, **context: Any) -> BrowserContext:
        """A person's browser: own cookies and storage, and htmx from our folder in place of the internet."""
        opened = await self._browser.new_context(**context)
        await opened.route(CONTENT_NETWORK, _answer_from_vendor)
        opened.on("console", self._note_console)
        opened.on("weberror", lambda failure: self._note(f"uncaught: {failure.error}"))
        return opened

    async def open_in(self, context: BrowserContext, url: str) -> Page:
        """Open one more page for the same person."""
        page = await context.new_page()
        await page.goto(url)
        return page

    def expect_error(self, part: str) -> None:
        """From now on, and looking back, an error that contains `part` is none."""
        self._expected.append(part)
        self.errors[:] = [error for error in self.errors if part not in error]

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"{message.text} ({message.location.get('url', '')})")

    def _note(self, error: str) -> None:
        if not any(part in error for part in self._expected):
            self.errors.append(error)


class Brisk:
    """`asyncio` as uvicorn's server sees it in tests: a tenth of each pause.

    It looks ten times a second whether to stop, and once more before it does; hundreds of servers stop here.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 10)


@pytest.fixture(scope="session", autouse=True)
def brisk_servers() -> Iterator[None]:
    """Servers in the test's own process start and stop without delay, and read their catalogues once for all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uvicorn.server, "asyncio", Brisk())
        patch.setattr("app.drawing.render.load", cache(load))
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--watch-pages` has the kinds' own tests draw pages, too."""
    parser.addoption(
        "--watch-pages", action="store_true", help="compare pages and pushes in tests/activities"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses the browser, so that `-m "not browser"` leaves out just those, and what takes long."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if item.path.parent.name in HEAVY:
            item.add_marker(pytest.mark.timeout(LONG))


def pytest_asyncio_loop_factories(
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """A test marked `every_loop` runs on the loop that `serve` prefers as well, where there is one."""
    factories: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"asyncio": asyncio.new_event_loop}
    if item.get_closest_marker("every_loop"):
        with suppress(ImportError):  # there is none for Windows
            from uvloop import new_event_loop

            factories["uvloop"] = new_event_loop
    return factories


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty database of either kind: a test that asks for it runs on both."""
    return new_place(request.param, tmp_path / "data")


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A headless Chromium. A machine without one fails the test: skipping would look like success."""
    if setup.find_chromium() is None:
        pytest.fail("No Chromium on this machine; `python3 -m tests` tries to install one.", pytrace=False)
    async with launched() as browser:
        yield browser


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A headless Chromium until the block ends; the same for tests and for harnesses that are commands."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=setup.find_chromium(), args=CHROMIUM_ARGUMENTS
        )
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(chromium: Browser) -> AsyncIterator[Pages]:
    """`page = await open_page(url)`. Fails the test if by its end a page reported an unexpected error."""
    pages = Pages(chromium)
    yield pages
    for context in chromium.contexts:
        await context.close()
    if pages.errors:
        pytest.fail("\n".join(["Pages reported errors:", *pages.errors]), pytrace=False)


async def _answer_from_vendor(route: Route) -> None:
    """Answer the content network's address with the same file from `static/vendor/`."""
    path = VENDOR / Path(route.request.url).name
    if not path.is_file():
        await route.abort()
        return
    await route.fulfill(
        path=path, content_type="text/javascript", headers={"access-control-allow-origin": "*"}
    )


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """Reports travel between processes as UTF-8: half a character in what a test has printed must not end the run."""
    return _writable((yield))


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _writable(item) for key, item in value.items()}
    return [_writable(item) for item in value] if isinstance(value, list | tuple) else value
