"""Where a request comes from: this machine itself, a proxy on it, a browser that speaks https."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.web import nearness
from tests.faults.proxy import proxy
from tests.live.test_socket import ROOM
from tests.support.house import House, house, http_client


async def metrics(home: House, url: str = "", **headers: str) -> int:
    """How the question for the metrics is answered, by way of ``url``."""
    async with http_client(url or home.url) as asker:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return (await asker.get("/metrics", headers=told)).status_code


async def test_a_proxy_that_adds_no_header_does_not_open_the_metrics(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, proxy(int(home.url.rpartition(":")[2])) as between:
        assert await metrics(home) == 200
        assert await metrics(home, f"http://127.0.0.1:{between.port}") == 404
        assert await metrics(home, host="race.example.org") == 404
        home.inside.settings.base_url = "https://race.example.org"
        assert await metrics(home) == 404, "people come by another address: whoever is near may be a proxy"


async def test_whoever_runs_as_another_user_is_taken_for_a_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, ROOM) as home:
        assert await metrics(home) == 200
        monkeypatch.setattr(nearness, "ROOT_USER", -1)
        monkeypatch.setattr("app.web.nearness.os.geteuid", lambda: os.getuid() + 1)
        assert await metrics(home) == 404


def test_addresses_are_written_as_the_kernel_lists_them() -> None:
    assert nearness._as_listed("127.0.0.1", 8000) == "0100007F:1F40"
    assert nearness._as_listed("::1", 8000) == "00000000000000000000000001000000:1F40"


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
async def test_cookies_are_secure_where_a_trusted_proxy_speaks_https(
    tmp_path: Path, scheme: str, secure: bool
) -> None:
    proxied = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": "203.0.113.7"}
    async with house(tmp_path, ROOM) as home, http_client(home.url, headers=proxied) as aino:
        front = await aino.get("/")
        joined = await aino.post(f"/s/{home.code}/join", data={"name": "Aino"})
        given = [answer.headers["set-cookie"] for answer in (front, joined)]
        assert [cookie.startswith("__Host-race") for cookie in given] == [secure, secure]
        assert ["; Secure" in cookie for cookie in given] == [secure, secure]
        brought = {"Cookie": "; ".join(cookie.partition(";")[0] for cookie in given)}
        assert "data-person" in (await aino.get(f"/s/{home.code}", headers=brought)).text
