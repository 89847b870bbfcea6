"""P6: a phone's first load in Chromium on a slow 4G link (1.6 Mbit/s down, 750 kbit/s up, 150 ms a request), and how
soon after its commit a push is to be seen.

The server runs from a copy of the checkout without ``static/vendor``, so that pages ask the content network for htmx,
as they do where there is internet; a server of ours with a certificate of its own answers in that network's place.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright

from app import setup
from app.database import open_database
from app.settings import ROOT
from app.streams.journal import open_journal
from tests.bench.figures import Dose, Row, spread
from tests.bench.load import Fell, Load, load, scratch_folder
from tests.bench.machine import Missing
from tests.bench.network import content_network
from tests.bench.room import Room, card, furnish
from tests.bench.serving import ours

MOST_KB, USABLE_SECONDS, SEEN_MS = 60, 1.0, 150
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
LONG_WAY = 562.5
"""Milliseconds a request, where connecting is to be paid for too: what Lighthouse sets for the same link."""
PHONE: Mapping[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "ignore_https_errors": True,
}
APART = 0.3
"""Seconds between two cards: a server that is idle tells at once."""
WATCH = """
window.seen = {};
window.times = {};
const mark = name => { window.times[name] ??= performance.now(); };
document.addEventListener('DOMContentLoaded', () => mark('read'));
document.addEventListener('htmx:ws:after:connection', () => mark('socket'));
new PerformanceObserver(list => list.getEntries().forEach(e => { window.times[e.name] ??= e.startTime; }))
  .observe({ type: 'paint', buffered: true });
new MutationObserver(changes => {
  for (const change of changes) for (const node of change.addedNodes) {
    const found = /look-\\d{4}\\./.exec(node.textContent ?? '');
    if (found && !window.seen[found[0]]) requestAnimationFrame(() => { window.seen[found[0]] ??= Date.now(); });
  }
}).observe(document, { childList: true, subtree: true });
"""


@dataclass
class Loaded:
    """One first load: bytes over the line (heads and bodies, packed as sent), and seconds from the tap on the link."""

    own: int
    foreign: int
    painted: float
    usable: float
    requests: int

    @property
    def kilobytes(self) -> float:
        return (self.own + self.foreign) / 1024


def measure(dose: Dose) -> Row:
    row = Row(
        "P6",
        "A phone's first load on slow 4G, and how soon a push is seen",
        unit="s",
        beat=f"≤{USABLE_SECONDS:g} s",
    )
    people = 1 + max(20, dose.rounds * dose.pushes)  # each may write a few cards only
    room = furnish(scratch_folder("p6"), people, cards=50)
    with ExitStack() as stack:
        network = stack.enter_context(content_network(ROOT / "static" / "vendor", scratch_folder("network")))
        serving = stack.enter_context(ours(room.data, free=True, cwd=_checkout()))
        senders = stack.enter_context(load(room.phones(serving.port)[1:]))
        senders.connect()
        asyncio.run(_look(row, dose, room, f"http://127.0.0.1:{serving.port}", network, senders))
    return row


def _checkout() -> Path:
    """What a server needs of this checkout, without the htmx that lies beside it."""
    folder = scratch_folder("checkout")
    for name in ("app", "sessions", "templates", "static"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("vendor", "__pycache__"))
    for name in ("pyproject.toml", "requirements.lock", "requirements-server.lock"):
        shutil.copy(ROOT / name, folder)
    return folder


async def _look(row: Row, dose: Dose, room: Room, url: str, network: int, senders: Load) -> None:
    async with _chromium(network) as browser:
        await _first_load(browser, room, url, SLOW_4G)  # Chromium's own first time
        loads = [await _first_load(browser, room, url, SLOW_4G) for _ in range(dose.rounds)]
        far = [
            await _first_load(browser, room, url, {**SLOW_4G, "latency": LONG_WAY})
            for _ in range(dose.rounds)
        ]
        waits = [await _pushes(browser, room, url, senders, n, dose.pushes) for n in range(dose.rounds)]
    _judge(row, loads, far, waits)


def _judge(row: Row, loads: list[Loaded], far: list[Loaded], waits: list[list[float]]) -> None:
    usable = spread([one.usable for one in loads])
    row.value = usable.median
    row.most("page, style and scripts, as sent", spread([one.kilobytes for one in loads]), MOST_KB, 1, "KB")
    row.note("  of it from the content network", spread([one.foreign / 1024 for one in loads]).show(1, "KB"))
    row.note("  requests", spread([one.requests for one in loads]).show(0))
    row.most("socket open, forms at work", usable, USABLE_SECONDS, 2, "s")
    row.note("  first words are painted", spread([one.painted for one in loads]).show(2, "s"))
    row.note("  at work with 562 ms a request", spread([one.usable for one in far]).show(2, "s"))
    row.most(
        "a card is painted after its commit, the slowest",
        spread([max(one) for one in waits]),
        SEEN_MS,
        0,
        "ms",
    )
    row.note("  mean", spread([sum(one) / len(one) for one in waits]).show(0, "ms"))


@asynccontextmanager
async def _chromium(network: int) -> AsyncIterator[Browser]:
    """A headless Chromium for which the content network is a port of this machine."""
    executable = setup.find_chromium()
    if executable is None:
        raise Missing("there is no Chromium here")
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        f"--host-resolver-rules=MAP cdn.jsdelivr.net:443 127.0.0.1:{network}",
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        await browser.close()


async def _guest(browser: Browser, room: Room, url: str) -> BrowserContext:
    """A browser that nothing is kept in but the cookie of somebody who has joined."""
    context = await browser.new_context(**PHONE)
    await context.add_cookies(
        [{"name": "race", "value": room.guests[0].token, "url": f"{url}/s/{room.code}"}]
    )
    await context.add_init_script(WATCH)
    return context


async def _first_load(browser: Browser, room: Room, url: str, link: dict[str, Any]) -> Loaded:
    context = await _guest(browser, room, url)
    page = await context.new_page()
    line = await context.new_cdp_session(page)
    sizes = await _weighing(line, link)
    await page.goto(f"{url}/s/{room.code}")
    times = await _at_work(page)
    await page.wait_for_load_state("networkidle")
    await context.close()
    own = [size for address, size in sizes if address.startswith(url)]
    foreign = [size for address, size in sizes if not address.startswith(url)]
    if not foreign:
        raise Missing("the page asks no content network for htmx")
    usable = max(times["read"], times["socket"], times["first-contentful-paint"]) / 1e3
    return Loaded(sum(own), sum(foreign), times["first-contentful-paint"] / 1e3, usable, len(sizes))


async def _weighing(line: CDPSession, link: dict[str, Any]) -> list[tuple[str, int]]:
    """Address and bytes of whatever is loaded from now on over this link, nothing from a cache."""
    addresses: dict[str, str] = {}
    sizes: list[tuple[str, int]] = []
    line.on(
        "Network.requestWillBeSent",
        lambda told: addresses.update({told["requestId"]: told["request"]["url"]}),
    )
    line.on(
        "Network.loadingFinished",
        lambda told: sizes.append((addresses[told["requestId"]], told["encodedDataLength"])),
    )
    await line.send("Network.enable")
    await line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await line.send("Network.emulateNetworkConditions", link)
    return sizes


async def _at_work(page: Page) -> dict[str, float]:
    """Milliseconds from the start of the navigation to what has to have happened; all of it has."""
    await page.wait_for_function(
        "() => window.htmx && times.read && times.socket && times['first-contentful-paint']"
        " && !document.querySelector('#offline:not([hidden])')"
    )
    times: dict[str, float] = await page.evaluate("() => window.times")
    return times


async def _pushes(
    browser: Browser, room: Room, url: str, senders: Load, start: int, number: int
) -> list[float]:
    """Milliseconds from the time that a card's event bears to its being painted on a phone with a good link."""
    context = await _guest(browser, room, url)
    page = await context.new_page()
    await page.goto(f"{url}/s/{room.code}")
    await _at_work(page)
    markers = [f"look-{start * number + n:04d}." for n in range(number)]
    for n, marker in enumerate(markers):
        told = await asyncio.to_thread(
            senders.push, card(marker[:-1], marker), marker, by=(start * number + n) % len(senders.phones)
        )
        if told["missed"]:
            raise Fell(f"{told['missed']} phones have not got {marker}")
        await asyncio.sleep(APART)
    await page.wait_for_function("markers => markers.every(marker => marker in window.seen)", arg=markers)
    seen: dict[str, float] = await page.evaluate("() => window.seen")
    await context.close()
    said = await _times(room)
    return [seen[marker] - said[marker] for marker in markers]


async def _times(room: Room) -> dict[str, float]:
    """When each card's event was decided, in milliseconds since 1970: just before its commit."""
    database = open_database(room.data)
    events = await open_journal(database).read(room.code)
    await database.close()
    cards = [event for event in events if event.kind == "card_added"]
    return {event.body["fields"]["situation"].split()[0]: event.at * 1e3 for event in cards}
