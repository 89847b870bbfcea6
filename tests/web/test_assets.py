"""Style, script and pictures, and what the first page of a phone weighs."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from app.settings import ROOT
from app.web.assets import ASKED_AGAIN, KEPT, put_together
from tests.live.test_socket import ROOM
from tests.support.house import house, http_client
from tests.support.stage import race48

STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
MADE = put_together(STATIC, TEMPLATES)
FIRST_LOAD = 60_000
"""Bytes, compressed: P6."""


async def test_a_versioned_address_may_be_kept_for_ever_and_another_is_asked_again(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, http_client(home.url) as browser:
        kept = [await browser.get(f"/static/race.css{query}") for query in ("?v=abc", "")]
        assert [answer.headers["cache-control"] for answer in kept] == [KEPT, ASKED_AGAIN]
        tag = kept[0].headers["etag"]
        again = await browser.get("/static/race.css", headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["race.css", "race.js", "mark.svg"])
async def test_text_is_packed_for_who_can_unpack_it_and_for_nobody_else(tmp_path: Path, name: str) -> None:
    async with house(tmp_path, ROOM) as home, http_client(home.url) as browser:
        async with browser.stream("GET", f"/static/{name}", headers={"Accept-Encoding": "gzip"}) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "accept-encoding")
        assert int(answer.headers["content-length"]) == len(raw)
        content = MADE.get(name) or (STATIC / name).read_bytes()
        assert gzip.decompress(raw) == content
        plain = await browser.get(f"/static/{name}", headers={"Accept-Encoding": "identity"})
        assert plain.content == content
        assert "content-encoding" not in plain.headers
        assert plain.headers["content-type"] == answer.headers["content-type"]


async def test_pictures_stay_as_they_are(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, http_client(home.url) as browser:
        answer = await browser.get("/static/pictures/phone.png")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/static/../app/main.py", "/static/%2e%2e/README.md", "/static/nothing.css"]
)
async def test_nothing_outside_the_folder_is_served(tmp_path: Path, path: str) -> None:
    async with house(tmp_path, ROOM) as home, http_client(home.url) as browser:
        assert (await browser.get(path)).status_code == 404


async def test_the_first_page_of_a_phone_weighs_little(tmp_path: Path) -> None:
    """Page, style and script as they travel, and the two files of htmx as the CDN packs them (gzip at its usual 6)."""
    vendor = [STATIC / "vendor" / name for name in ("htmx.min.js", "hx-ws.min.js")]
    assert [file.name for file in vendor if not file.exists()] == [], "python3 -m tests puts them there"
    async with house(tmp_path, race48()) as home:
        kim, aino = await home.staff(), await home.guest("Aino", live=False)
        await kim.say("next_phase")
        page = (await aino.http.get(f"/s/{home.code}")).text
        addresses = [f"/s/{home.code}", *re.findall(r'(?:src|href)="(/static/(?!vendor)[^"]+)"', page)]
        weights = {}
        for address in addresses:
            async with aino.http.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
                weights[address.partition("?")[0]] = sum([len(part) async for part in answer.aiter_raw()])
        assert {"/static/race.css", "/static/race.js"} < weights.keys()
        weights |= {file.name: len(gzip.compress(file.read_bytes(), 6)) for file in vendor}
        print(weights, sum(weights.values()))
        assert sum(weights.values()) <= FIRST_LOAD, weights
