"""What stands before every request: other sites send nothing, and every answer has its security headers."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from app.setup import ROOT
from app.web.origin import CSP, DEFAULTS, HEADERS, MAX_BODY, Guard, from_here
from tests.live.test_socket import ROOM
from tests.support.house import house

HOST = "race.example.org"


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    """A site behind the guard that is glad about everything."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"referrer-policy", b"no-referrer")]}
    )
    await send({"type": "http.response.body", "body": b"hello"})


def ask(method: str = "POST", kind: str = "http", **headers: str) -> list[Message]:
    """What the guard lets out for a request with these headers (underscores for dashes)."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope: dict[str, Any] = {"type": kind, "method": method, "headers": raw}
    asyncio.run(Guard(inner)(scope, receive, send))
    return told


def status(**request: str) -> int:
    return int(ask(**request)[0]["status"])


OURS: dict[str, dict[str, str]] = {
    "the same origin": {"host": HOST, "origin": f"https://{HOST}"},
    "the same, and the browser says so": {
        "host": HOST,
        "origin": f"https://{HOST}",
        "sec_fetch_site": "same-origin",
    },
    "a port of our own": {"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000"},
    "typed into the address bar": {"host": HOST, "sec_fetch_site": "none"},
    "no browser at all": {"host": HOST},
}
OTHERS: dict[str, dict[str, str]] = {
    "evil": {"host": HOST, "origin": "https://evil.example"},
    "evil that hides its origin": {"host": HOST, "sec_fetch_site": "cross-site"},
    "a site beside us": {"host": HOST, "origin": f"https://{HOST}", "sec_fetch_site": "same-site"},
    "null": {"host": HOST, "origin": "null"},
    "null without a host": {"origin": "null"},
    "null with an empty host": {"host": "", "origin": "null"},
    "empty": {"host": HOST, "origin": ""},
    "our name as a prefix": {"host": HOST, "origin": f"https://{HOST}.evil.example"},
    "our name as a suffix": {"host": HOST, "origin": f"https://evil{HOST}"},
    "our name as a user": {"host": HOST, "origin": f"https://{HOST}@evil.example"},
    "a subdomain": {"host": HOST, "origin": f"https://a.{HOST}"},
    "another port": {"host": HOST, "origin": f"https://{HOST}:8443"},
    "no scheme": {"host": HOST, "origin": HOST},
    "no address at all": {"host": HOST, "origin": "https://[evil"},
}


@pytest.mark.parametrize("headers", list(OURS.values()), ids=list(OURS))
def test_our_own_pages_may_send(headers: dict[str, str]) -> None:
    assert status(**headers) == 200
    assert ask(kind="websocket", **headers) == [{"type": "websocket.accept"}]


@pytest.mark.parametrize("headers", list(OTHERS.values()), ids=list(OTHERS))
def test_other_sites_may_neither_send_nor_listen(headers: dict[str, str]) -> None:
    assert status(**headers) == 403
    assert ask(kind="websocket", **headers) == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_anybody_may_link_to_us(method: str) -> None:
    assert status(method=method, host=HOST, origin="https://evil.example", sec_fetch_site="cross-site") == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "BREW"])
def test_whatever_may_change_something_is_guarded(method: str) -> None:
    assert status(method=method, host=HOST, origin="https://evil.example") == 403


def test_an_origin_that_comes_twice_is_believed_in_neither() -> None:
    ours, evil = (b"origin", f"https://{HOST}".encode()), (b"origin", b"https://evil.example")
    host = (b"host", HOST.encode())
    assert from_here(Headers(raw=[host, ours]))
    for raw in ([host, ours, evil], [host, evil, ours], [host, ours, ours], [(b"host", b""), ours]):
        assert not from_here(Headers(raw=raw))
    twice = [host, (b"sec-fetch-site", b"same-origin"), (b"sec-fetch-site", b"cross-site")]
    assert not from_here(Headers(raw=twice))


def test_the_origin_is_read_whatever_the_case_of_the_headers() -> None:
    assert not from_here(Headers({"Host": HOST, "Origin": "https://evil.example"}))
    assert from_here(Headers({"Host": HOST, "Origin": f"https://{HOST}"}))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"content_length": str(MAX_BODY)}, 200),
        ({"content_length": str(MAX_BODY + 1)}, 413),
        ({"content_length": "9" * 19}, 413),
        ({"content_length": "-1"}, 413),
        ({"content_length": "many"}, 413),
        ({"transfer_encoding": "chunked"}, 413),
    ],
)
def test_a_form_is_as_long_as_it_says_and_not_too_long(headers: dict[str, str], expected: int) -> None:
    assert status(host=HOST, **headers) == expected


@pytest.mark.parametrize(
    "headers", [OURS["the same origin"], OTHERS["evil"], {"host": HOST, "content_length": "x"}]
)
def test_every_answer_has_the_headers_and_keeps_those_of_its_own(headers: dict[str, str]) -> None:
    start = ask(**headers)[0]
    sent = dict(Headers(raw=start["headers"]))
    own = {"referrer-policy": "no-referrer"} if start["status"] == 200 else {"content-type": "text/plain"}
    assert sent == {**DEFAULTS, **own}


def test_the_policy_lets_no_inline_script_run_and_nobody_frame_us() -> None:
    rules = dict(rule.split(" ", 1) for rule in CSP.split("; "))
    assert rules["script-src"].startswith("'self' https://cdn.jsdelivr.net/npm/htmx.org@")
    assert [rules[name] for name in ("object-src", "base-uri", "frame-ancestors")] == ["'none'"] * 3
    assert "unsafe" not in CSP


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/healthz",
        "/s/{code}",
        "/s/{code}/console",
        "/s/00000000",
        "/enter/x",
        "/static/race.css",
        "/nowhere",
    ],
)
async def test_every_address_answers_with_the_headers(tmp_path: Path, path: str) -> None:
    async with house(tmp_path, ROOM) as home:
        guest = await home.guest("Aino", live=False)
        answer = await guest.http.get(path.format(code=home.code))
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_only_the_two_files_of_htmx_may_run_from_elsewhere() -> None:
    page = (ROOT / "templates/live/layout.html").read_text("utf-8")
    loaded = set(re.findall(r'src="(https://[^"]+)"', page))
    (allowed,) = re.findall(r"script-src ([^;]+);", CSP)
    assert len(loaded) == 2
    assert set(allowed.split()) == {"'self'", *loaded}


async def test_what_is_somebodys_own_is_kept_nowhere(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino")
        seq = (await home.desk()).session.seq
        path = f"/s/{home.code}"
        addresses = (path, f"{path}/mine", f"{path}/since?seq=1", f"{path}/since?seq={seq}", "/", "/healthz")
        for address in (*addresses, "/metrics", f"{path}/since?seq=999"):
            answer = await aino.http.get(address)
            assert "no-store" in answer.headers["cache-control"], address
        told = await aino.post("choose_language", language="sv")
        assert "no-store" in told.headers["cache-control"]
        style = await aino.http.get("/static/race.css")
        assert "public" in style.headers["cache-control"]
