"""What stands before every request: only our own pages may send commands, and every page gets its security headers."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.telemetry.metrics import tally

CDN = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/"
"""Where a page without ``static/vendor/`` gets its two files of htmx; nothing else that lies there may run."""
SCRIPTS = f"'self' {CDN}htmx.min.js {CDN}ext/hx-ws.min.js"
CSP = (
    f"default-src 'self'; script-src {SCRIPTS}; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
}
DEFAULTS = {**HEADERS, "cache-control": "private, no-store"}
"""What somebody may see is theirs alone: an answer that may be kept says so itself."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_BODY = 256 * 1024
"""Bytes of a form: the longest command as a plain POST."""


class Guard:
    """ASGI middleware. A WebSocket or a changing request from another site is refused before anything else sees it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not from_here(Headers(scope=scope)):
            tally.turned_away["origin"] += 1
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http" and scope["method"] not in SAFE and not from_here(Headers(scope=scope)):
            tally.turned_away["origin"] += 1
            await _refuse(_with_headers(send), 403, b"This request came from another site.\n")
            return
        if scope["type"] == "http" and too_big(Headers(scope=scope)):
            tally.turned_away["too_large"] += 1
            await _refuse(_with_headers(send), 413, b"This is more than a form can hold.\n")
            return
        await self.app(scope, receive, _with_headers(send) if scope["type"] == "http" else send)


def from_here(headers: Headers) -> bool:
    """Sec-Fetch-Site where the browser sends it, else Origin equal to Host; a header that comes twice is believed in
    neither.

    A client that sends neither is no browser: every browser sends an Origin with a socket and with a form. Nor would
    it have anything to steal, as our cookies are SameSite=Lax and go with nothing that another site sends.
    """
    if any(site not in ("same-origin", "none") for site in headers.getlist("sec-fetch-site")):
        return False
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    return not origins or [origin.partition("://")[2] for origin in origins] == hosts[:1] != [""]


def too_big(headers: Headers) -> bool:
    """A body over MAX_BODY, or one that does not say how long it is."""
    length = headers.get("content-length", "0")
    return "transfer-encoding" in headers or not length.isdecimal() or int(length) > MAX_BODY


async def _refuse(send: Send, status: int, words: bytes) -> None:
    await send(
        {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]}
    )
    await send({"type": "http.response.body", "body": words})


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in DEFAULTS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
