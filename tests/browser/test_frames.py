"""What is pushed makes the same page in a browser, by static/script, as in tests/support/dom.py, by which all else is
compared: recorded frames are played through both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from difflib import unified_diff
from itertools import chain
from mimetypes import guess_type
from random import Random
from typing import Any

import pytest
from lxml import html
from playwright.async_api import BrowserContext, Page, Route, WebSocketRoute

from app.settings import ROOT
from app.web.assets import put_together
from app.wire.messages import frame
from tests.conftest import Pages
from tests.support import dom
from tests.support.look import drawn_by
from tests.support.room import room
from tests.support.stage import Stage
from tests.support.viewers import Viewer

ADDRESS = "http://race.test"
TOGETHER = 4
"""Frames after which both pages are compared."""
LAST = 1_000_000
"""Higher than any seq: what says so comes after all else and changes nothing."""

LOOK = """
given => {
  const theirs = given === null ? document : new DOMParser().parseFromString(given, 'text/html');
  const lines = [], scripted = 'time[data-at], [data-ends], [data-elapsed-from], [data-left], [data-saved], [data-limit], .outbox, #refusals, #presence, #trouble, #waiting, #way_in, #heard, [data-counts], [data-words], title';
  const attribute = ({ name, value }) => name + '=' + value.trim().split(/\\s+/).filter(word => word !== 'late' && word !== 'spent').join(' ');
  const walk = (node, depth) => {
    if (node.nodeType === 3 && node.data.trim()) lines.push(' '.repeat(depth) + node.data.replace(/\\s+/g, ' ').trim());
    if (node.nodeType !== 1 || /^(script|template)$/.test(node.localName)) return;
    const timed = node.matches('[data-due], [data-until], #offline, #fullscreen, [data-spare], [data-pages] > .page, [data-if-waiting]');
    const marked = node.matches('[data-mark]');
    const kept = [...node.attributes].filter(({ name }) => !(marked && /^(hidden|aria-pressed)$/.test(name)) && !(timed && name === 'hidden') && !/^(data-hx|data-htmx|hx-ws|data-near)/.test(name) && !(node.dataset.fit && name === 'style'));
    lines.push(' '.repeat(depth) + node.localName + ' ' + kept.map(attribute).filter(one => one !== 'class=').sort().join(' '));
    if (node.matches(scripted)) return;
    const children = [...node.childNodes];
    if (node.id.endsWith('-options')) children.sort((a, b) => (a.dataset?.k ?? '') < (b.dataset?.k ?? '') ? -1 : 1);
    children.forEach(child => walk(child, depth + 1));
  };
  theirs.body.normalize();
  for (const child of theirs.body.children) walk(child, 0);
  return lines;
}
"""
"""A document line by line, without what the script itself writes: clocks, counts, sizes fitted to a wall, what is
read aloud, drafts, the outbox,
what somebody has marked, and the order of options that somebody's own marks give them."""


class Heard(dom.Page):
    """A page that remembers how it was loaded, each frame that was pushed to it, and what it became."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.source = source
        self.steps: list[tuple[str, str]] = []
        self.fragments: list[html.HtmlElement] = []

    def apply(self, frame: str) -> None:
        """The frame, and now and then one that was there before: late, it changes nothing."""
        late = self.steps[len(self.steps) // 2][0] if len(self.steps) % 3 == 2 else ""
        for each in filter(None, (frame, late)):
            super().apply(each)
            self.steps.append((each, html.tostring(self.root, encoding="unicode")))
            self.fragments += chain.from_iterable(html.fragments_fromstring(each))


class Recorder(Viewer):
    """Somebody whose pages are kept, one for each time that it had to be loaded."""

    def __init__(self, stage: Stage, view: str, person: str) -> None:
        self.pages: list[Heard] = []
        super().__init__(stage, drawn_by(), view, person)

    def load(self) -> None:
        super().load()
        self.page = Heard(self.fresh())
        self.pages.append(self.page)


def play(stage: Stage, chance: Random) -> Iterator[None]:
    """What happens on a wall and in a vote, pausing after each command: cards come, change, move and go, and are chosen."""
    stage.open("R03")
    yield
    cards: list[str] = []
    for number in range(9):
        words = {
            "situation": f"Problem {chance.random()}",
            "who": f"Number {number} <b> & co",
            "column": "need",
        }
        (added,) = stage.ok("add_card", f"a{number % 4}", "R03", **words)
        cards.append(added.body["card"])
        yield
        if number == 3:
            stage.ok("reveal_cards", "kim", "R03")
            yield
    happenings: list[tuple[str, str, str, dict[str, Any]]] = [
        ("announce", "kim", "", {"text": "Soup & bread"}),
        ("hide_card", "kim", "R03", {"card": cards[1]}),
        (
            "edit_card",
            "a0",
            "R03",
            {"card": cards[0], "situation": "Another", "who": "Somebody", "column": "need"},
        ),
        ("group_cards", "kim", "R03", {"card": [cards[2], cards[4]], "title": "Both"}),
        ("merge_cards", "kim", "R03", {"card": [cards[5], cards[7]], "into": cards[5]}),
        ("withdraw_card", "a2", "R03", {"card": cards[6]}),
        ("show_card", "kim", "R03", {"card": cards[1]}),
        ("ungroup", "kim", "R03", {"card": [cards[2]]}),
        ("open_phase", "kim", "R04", {}),
        *(("cast_ballot", f"a{n}", "R04", {"option": cards[n : n + 2]}) for n in range(3)),
        ("close_phase", "kim", "R04", {}),
        ("reveal_result", "kim", "R04", {}),
        ("clear_announcement", "kim", "", {"announcement": ""}),
        ("open_phase", "kim", "R05", {}),
    ]
    for name, by, phase, fields in happenings:
        if name == "clear_announcement":
            fields = {"announcement": next(iter(stage.session.announcements))}
        stage.ok(name, by, phase, **fields)
        yield


def recorded(view: str, person: str) -> list[Heard]:
    """The pages of somebody who looked on while all of that happened, and was told everything."""
    stage = room()
    recorder = Recorder(stage, view, person)
    for _ in play(stage, Random(1)):
        recorder.catch_up()
    return recorder.pages


class Player:
    """A browser's page without a server: what it loads and hears comes from here."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.source = ""
        self.socket: WebSocketRoute | None = None
        self.last = LAST
        self.made = put_together(ROOT / "static", ROOT / "templates")

    async def open(self, source: str) -> Page:
        """The page as it was loaded, with its socket open."""
        self.source, self.socket = source, None
        page = await self.context.new_page()
        await page.route_web_socket(f"{ADDRESS.replace('http', 'ws')}/**", self._connected)
        await page.goto(f"{ADDRESS}/page")
        await page.wait_for_function("() => window.htmx && !document.querySelector('#offline:not([hidden])')")
        return page

    async def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS).partition("?")[0]
        if path == "/page":
            await route.fulfill(body=self.source, content_type="text/html; charset=utf-8")
        else:
            made = self.made.get(path.removeprefix("/static/"))
            body = made if made is not None else (ROOT / path.removeprefix("/")).read_bytes()
            await route.fulfill(body=body, content_type=guess_type(path)[0])

    def _connected(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        socket.on_message(lambda said: None)

    async def feed(self, page: Page, frames: list[str]) -> None:
        """Push these, and return when the page has applied them."""
        assert self.socket is not None
        self.last += 1
        nothing = f'<i id="last" data-home="nowhere" data-v="{self.last}"></i>'
        for each in (*frames, frame([nothing], self.last)):
            self.socket.send(each)
        await page.wait_for_function("seq => +document.body.dataset.seq === seq", arg=self.last)


@asynccontextmanager
async def player(pages: Pages) -> AsyncIterator[Player]:
    """A player, until the block ends."""
    context = await pages.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    played = Player(context)
    await context.route(f"{ADDRESS}/**", played.answer)
    try:
        yield played
    finally:
        await context.close()


def parted(lived: list[str], wanted: list[str]) -> str:
    """Where two documents differ; "" if they are alike."""
    return "\n".join(unified_diff(wanted, lived, "dom.py", "race.js", lineterm="", n=2))


@pytest.mark.parametrize(("view", "person"), [("phone", "a0"), ("console", "kim"), ("screen", "sc")])
async def test_a_browser_and_the_tests_own_page_make_the_same_of_what_is_pushed(
    open_page: Pages, view: str, person: str
) -> None:
    heard = [page for page in recorded(view, person) if page.steps]
    given = [fragment for page in heard for fragment in page.fragments]
    assert {
        "inserted": any(f.get("data-home") for f in given),
        "gone": any("data-gone" in f.attrib for f in given),
    } == {
        "inserted": True,
        "gone": True,
    }
    async with player(open_page) as played:
        for each in heard:
            page = await played.open(each.source)
            assert parted(await page.evaluate(LOOK, None), await page.evaluate(LOOK, each.source)) == ""
            for at in range(0, len(each.steps), TOGETHER):
                together = each.steps[at : at + TOGETHER]
                await played.feed(page, [pushed for pushed, _ in together])
                difference = parted(
                    await page.evaluate(LOOK, None), await page.evaluate(LOOK, together[-1][1])
                )
                assert difference == "", f"after {at + len(together)} frames\n{difference}"
            await page.close()
