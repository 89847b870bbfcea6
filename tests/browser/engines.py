"""The two other engines that people's browsers have: WebKit (every iPhone) as Debian's WebKitGTK, and Firefox.

Both are driven by what they speak themselves, WebDriver over HTTP and WebDriver BiDi over a WebSocket, and by one
command each: to run a script in the page, and to press keys.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import httpx2 as httpx
from websockets.asyncio.client import ClientConnection, connect

from app.address import any_port
from app.setup.engines import find_firefox, find_minibrowser, find_webkit_driver, find_xvfb

SECONDS = 15.0
"""How long a page may take for a step on a busy machine."""
PHONE = (390, 844)
WEBKIT_ENVIRONMENT = {
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # a container has no right to make sandboxes
    "LIBGL_ALWAYS_SOFTWARE": "1",
}


class Engine(Protocol):
    """One page of one browser."""

    async def go(self, url: str) -> None:
        """Open an address and wait until it has loaded."""

    async def run(self, script: str) -> Any:
        """The value of a script, an expression, in the page."""

    async def press(self, keys: str) -> None:
        """Press keys one after the other, where the focus is."""

    async def picture(self) -> str:
        """What the page looks like: a PNG in base 64."""


async def sees(engine: Engine, script: str) -> Any:
    """Wait until a script's value is true, and give it."""
    value: Any = None
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS):
            while not (value := await engine.run(script)):
                await asyncio.sleep(0.05)
    assert value, f"never true: {script}\n{await engine.run('document.body.innerText')}"
    return value


def _typed(keys: str) -> list[dict[str, str]]:
    return [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]


@asynccontextmanager
async def _process(*command: str | Path, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program until the block ends, with what it says on its standard error."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        try:
            async with asyncio.timeout(5):
                await process.wait()
        except TimeoutError:
            os.killpg(process.pid, 9)
            await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # else it closes after the loop, and warns


# ---- Firefox


class Firefox:
    """WebDriver BiDi: commands as JSON over a WebSocket, answered by their numbers."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.numbers, self.context = socket, count(1), ""

    async def ask(self, method: str, **params: Any) -> Any:
        number = next(self.numbers)
        await self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(await self.socket.recv())).get("id") != number:
            pass
        assert answer["type"] == "success", answer
        return answer["result"]

    async def go(self, url: str) -> None:
        await self.ask("browsingContext.navigate", context=self.context, url=url, wait="complete")

    async def run(self, script: str) -> Any:
        told = await self.ask(
            "script.evaluate",
            expression=f"JSON.stringify(({script}) ?? null)",
            target={"context": self.context},
            awaitPromise=False,
        )
        assert told["type"] == "success", told
        return json.loads(told["result"]["value"])

    async def press(self, keys: str) -> None:
        actions = [{"type": "key", "id": "keys", "actions": _typed(keys)}]
        await self.ask("input.performActions", context=self.context, actions=actions)

    async def picture(self) -> str:
        return str((await self.ask("browsingContext.captureScreenshot", context=self.context))["data"])


@asynccontextmanager
async def firefox(profile: Path) -> AsyncIterator[Engine]:
    """A Firefox without a window."""
    program = find_firefox()
    assert program is not None, "No Firefox on this machine; `python3 -m tests` tries to install one."
    profile.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - a folder of the test's own
    arguments = ("--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0")
    async with _process(program, *arguments, HOME=str(profile)) as process:
        address = await _listening(process)
        async with connect(f"{address}/session", max_size=None) as socket:
            page = Firefox(socket)
            await page.ask("session.new", capabilities={})
            (top, *_) = (await page.ask("browsingContext.getTree"))["contexts"]
            page.context = top["context"]
            width, height = PHONE
            viewport = {"width": width, "height": height}
            await page.ask("browsingContext.setViewport", context=page.context, viewport=viewport)
            yield page


async def _listening(process: asyncio.subprocess.Process) -> str:
    """Where Firefox says that it listens."""
    assert process.stderr is not None
    async with asyncio.timeout(2 * SECONDS):
        while line := (await process.stderr.readline()).decode():
            if "BiDi listening on" in line:
                return line.rpartition(" ")[2].strip()
    raise AssertionError("Firefox ended before it listened")


# ---- WebKit


class WebKit:
    """WebDriver: commands as HTTP requests to a driver that has started the browser."""

    def __init__(self, http: httpx.AsyncClient, session: str) -> None:
        self.http, self.session = http, session

    async def ask(self, path: str, **body: Any) -> Any:
        answer = await self.http.post(f"/session/{self.session}/{path}", json=body)
        value = answer.json()["value"]
        assert answer.status_code == 200, value
        return value

    async def go(self, url: str) -> None:
        await self.ask("url", url=url)

    async def run(self, script: str) -> Any:
        return json.loads(
            await self.ask("execute/sync", script=f"return JSON.stringify(({script}) ?? null)", args=[])
        )

    async def press(self, keys: str) -> None:
        await self.ask("actions", actions=[{"type": "key", "id": "keys", "actions": _typed(keys)}])

    async def picture(self) -> str:
        answer = await self.http.get(f"/session/{self.session}/screenshot")
        return str(answer.json()["value"])


@asynccontextmanager
async def webkit(home: Path) -> AsyncIterator[Engine]:
    """A WebKitGTK in a window that nobody sees."""
    driver, browser, screen = find_webkit_driver(), find_minibrowser(), find_xvfb()
    assert driver, "No WebKitGTK on this machine; `python3 -m tests` tries to install one."
    assert browser, "No MiniBrowser on this machine; `python3 -m tests` tries to install one."
    assert screen, "No Xvfb on this machine; `python3 -m tests` tries to install one."
    home.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - a folder of the test's own
    port, display = any_port("127.0.0.1"), f":{any_port('127.0.0.1')}"
    options = {"binary": str(browser), "args": ["--automation"]}
    wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
    private = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "DISPLAY": display, **WEBKIT_ENVIRONMENT}
    async with (
        _process(screen, display, "-screen", "0", "1280x1024x24", "-nolisten", "tcp"),
        _process(driver, f"--port={port}", **private),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=2 * SECONDS) as http,
    ):
        session = await _opened(http, wanted)
        page = WebKit(http, session)
        width, height = PHONE
        await page.ask("window/rect", width=width, height=height, x=0, y=0)
        yield page
        await http.delete(f"/session/{session}")


async def _opened(http: httpx.AsyncClient, wanted: Mapping[str, Any]) -> str:
    """A session of a driver that may still be starting."""
    async with asyncio.timeout(2 * SECONDS):
        while True:
            with suppress(httpx.ConnectError):
                answer = (await http.post("/session", json={"capabilities": wanted})).json()
                assert "sessionId" in answer["value"], answer
                return str(answer["value"]["sessionId"])
            await asyncio.sleep(0.1)


ENGINES = {"webkit": webkit, "firefox": firefox}
