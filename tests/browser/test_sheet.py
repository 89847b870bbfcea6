"""The decision sheet on paper and on a phone: every word of the record stands on it, on as many pages as it takes."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright
from pypdf import PdfReader

from app.archive.facts import plain_record
from app.setup import find_chromium
from sessions.outcome import Card
from tests.archive.test_record_page import Room, sheet
from tests.archive.test_record_page import room as room_of_a_record

pytestmark = pytest.mark.browser
room = room_of_a_record

STYLE = Path(__file__).parents[2] / "static" / "style"
LONG = " ".join(f"ord{n}" for n in range(160))
GROUPS = ("summary", "need", "market", "technology", "resources", "funding")
MADE = frozenset(
    {
        "by",
        "language",
        "key",
        "phase",
        "about",
        "person",
        "card",
        "authors",
        "titled_by",
        "team",
        "at",
        "verdict",
        "through",
    }
)
"""Fields of rows that hold ids and choices, and nobody's words."""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = find_chromium()
        assert found is not None, "no Chromium"
        chromium = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        await chromium.close()


async def fill(room: Room) -> None:
    """A record with more words than a page holds."""
    for place in (
        "need.consequence",
        "market.benefit",
        "technology.solution",
        "funding.approach",
        "resources.resource_needs",
    ):
        await room.learn("field", f"{LONG} {place}", place)
    await room.learn("contact", {"who": "Ward nurse", "date": "2026-11-30", "said": f"Said {LONG}"}, "k1")
    await room.learn(
        "question",
        {
            "text": "Is it allowed?",
            "topic": "legal",
            "title": "",
            "team": "t1",
            "state": "asked",
            "urgent": False,
        },
        "q1",
    )
    await room.learn(
        "verdict",
        {"topic": "legal", "verdict": "go", "note": "Nobody forbids it", "sources": "Act 12", "response": ""},
        "q1",
    )
    await room.learn("help", {"person": "", "text": "Two lorries in June"}, "h1")
    entry = (await room.home.desk()).session.entries["e1"]
    one = Card("c7", "The ward is loud at night", {"who": "Nurses"}, ("x",), language="en")
    entry.need = Card("g1", "Quiet wards", dict(one.fields), ("x",), titled_by="x", behind=(one,))
    await room.archive()


async def page_of(room: Room, language: str) -> str:
    """The page as somebody of the team gets it, with its style inside."""
    session = (await room.home.desk()).session
    for member in session.people.values():
        member.language = language
    html = (await sheet(room, room.elsa)).text
    style = "\n".join(file.read_text("utf-8") for file in sorted(STYLE.glob("*.css")))
    return re.sub(r"<script[^>]*></script>", "", html).replace("</head>", f"<style>{style}</style></head>")


def squeezed(text: str) -> str:
    """Letters and digits alone: where a line ends, a word may be parted by a hyphen."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if c.isalnum())


def words_of(thing: Any) -> Iterator[str]:
    """Every word that somebody wrote."""
    if isinstance(thing, str):
        yield from thing.split()
    elif isinstance(thing, dict):
        yield from (word for name, value in thing.items() if name not in MADE for word in words_of(value))
    elif isinstance(thing, list):
        yield from (word for one in thing for word in words_of(one))


@pytest.mark.parametrize("language", ["en", "sv", "fi"])
async def test_every_word_of_the_record_is_printed(room: Room, browser: Browser, language: str) -> None:
    await fill(room)
    session = (await room.home.desk()).session
    record = plain_record(session.entries["e1"], session)
    page = await browser.new_page()
    await page.set_content(await page_of(room, language))
    printed = PdfReader(BytesIO(await page.pdf(prefer_css_page_size=True)))
    text = squeezed(" ".join(one.extract_text() for one in printed.pages))
    wanted = [record[group] for group in GROUPS] + [record["plan"]["next_action"]["text"]]
    origin = record["provenance"]
    wanted += [
        {k: v for k, v in row.items() if k in ("said", "who", "text", "note", "sources", "cards")}
        for name in ("contacts", "questions", "verdicts", "help", "origin_needs", "origin_ideas")
        for row in origin[name]
    ]
    missing = [word for word in words_of(wanted) if squeezed(word) not in text]
    assert len(list(words_of(wanted))) > 800
    assert missing == []
    assert len(printed.pages) > 1
    for one in printed.pages:  # each has its head and its foot
        assert squeezed(record["record_id"]) in squeezed(one.extract_text())
    assert "2026-12-07" not in " ".join(one.extract_text() for one in printed.pages)


@pytest.mark.parametrize("width", [320, 375])
async def test_a_phone_reads_it_without_scrolling_sideways(room: Room, browser: Browser, width: int) -> None:
    await fill(room)
    await room.learn("field", "x" * 300, "market.size")
    page = await browser.new_page(viewport={"width": width, "height": 700})
    await page.set_content(await page_of(room, "sv"))
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await asyncio.sleep(0)


async def test_what_is_decided_about_is_kept_together(room: Room, browser: Browser) -> None:
    await fill(room)
    page = await browser.new_page()
    await page.set_content(await page_of(room, "en"))
    printed = PdfReader(BytesIO(await page.pdf(prefer_css_page_size=True)))
    pages = [squeezed(one.extract_text()) for one in printed.pages]
    asked = [n for n, text in enumerate(pages) if squeezed("Yes, with conditions") in text]
    assert asked == [0]
    assert all(
        squeezed(word) in pages[0] for word in ("Call the hospital", "Owner", "Due", "7 December 2026")
    )
