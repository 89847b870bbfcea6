"""How the process is doing, and who may know."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from app.web import health
from tests.live.test_socket import ROOM
from tests.support.house import house


async def test_a_server_that_reads_and_writes_is_well(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        guest = await home.guest("Aino", live=False)
        answer = await guest.http.get("/healthz")
        assert (answer.status_code, answer.json()) == (200, {"ok": True, "faults": []})


async def test_a_server_that_cannot_write_says_so_and_heals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "HEALTH_SECONDS", 0.3)
    async with house(tmp_path, ROOM) as home:
        guest = await home.guest("Aino", live=False)
        other = sqlite3.connect(tmp_path / "race.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answers = await asyncio.gather(*(guest.http.get("/healthz") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {503}
        assert answers[0].json() == {"ok": False, "faults": ["writing"]}
        other.execute("ROLLBACK")
        other.close()
        async with asyncio.timeout(10):
            while (await guest.http.get("/healthz")).status_code != 200:
                await asyncio.sleep(0.1)


async def test_however_many_ask_one_look_is_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, ROOM) as home:
        checks, looks = home.inside.health, 0
        look = checks._look_now

        async def counted() -> list[str]:
            nonlocal looks
            looks += 1
            return await look()

        monkeypatch.setattr(checks, "_look_now", counted)
        assert await asyncio.gather(*(checks.faults() for _ in range(100))) == [[]] * 100
        assert looks == 1


async def test_this_machine_may_read_the_metrics_and_a_proxy_on_it_may_not(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino")
        answer = await aino.http.get("/metrics")
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/plain")
        assert 'race_sockets{view="phone"} 1.0' in answer.text
        for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
            assert (await aino.http.get("/metrics", headers={header: "127.0.0.1"})).status_code == 404


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("", 404),
        ("Bearer", 404),
        ("Bearer wrong", 404),
        ("Basic sesame", 404),
        ("Bearer sesamé", 404),
        ("Bearer sesame", 200),
    ],
)
async def test_with_a_token_only_who_brings_it_may(tmp_path: Path, header: str, status: int) -> None:
    async with house(tmp_path, ROOM, metrics_token="sesame") as home:
        aino = await home.guest("Aino", live=False)
        headers = {"Authorization": header.encode("latin-1"), "X-Forwarded-For": "203.0.113.5"}
        answer = await aino.http.get("/metrics", headers=headers)  # type: ignore[arg-type]  # bytes: not only ASCII
        assert answer.status_code == status


async def test_the_metrics_name_nobody(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino Virtanen", organisation="Hemliga AB")
        await aino.say("announce", text="no")
        told = (await aino.http.get("/metrics")).text
        assert [word for word in ("Aino", "Hemliga", home.code) if word in told] == []
