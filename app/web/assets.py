"""Style, script and pictures: packed once, not for every phone anew, and kept by browsers for as long as they like.

Style and script are written in parts and travel as one file each, so that a phone far away asks once.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

KEPT = "public, max-age=31536000, immutable"
"""For an address that names a version (``?v=…``): what stands there never changes."""
ASKED_AGAIN = "public, max-age=300"
PACKED = (".css", ".js", ".svg")
NOTES = re.compile(rb"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)
"""Comments on lines of their own, for those who write style and script: an eighth of what a phone would fetch."""


def style(static: Path, templates: Path) -> bytes:
    """The style sheet: what all views share, then what each kind adds, by the names of the files and of the kinds."""
    shared, kinds = static.glob("style/*.css"), templates.glob("activities/*/style.css")
    return NOTES.sub(b"", b"\n".join(file.read_bytes() for file in (*sorted(shared), *sorted(kinds))))


def script(static: Path) -> bytes:
    """The script: its parts by their names, in one strict function, so that no name of theirs is seen by others."""
    parts = b"\n".join(file.read_bytes() for file in sorted(static.glob("script/*.js")))
    return NOTES.sub(b"", b"(() => {\n'use strict';\n" + parts + b"})();\n")


def put_together(static: Path, templates: Path) -> dict[str, bytes]:
    """What is served under its name though no file of that name exists."""
    return {"race.css": style(static, templates), "race.js": script(static)}


def version_of(made: Mapping[str, bytes]) -> str:
    """Changes whenever any part of our style or script does, so that browsers may keep them for long."""
    return hashlib.sha256(b"".join(made.values())).hexdigest()[:12]


@dataclass(frozen=True)
class Made:
    """A file without a file: what it holds, the same packed, and its tag."""

    plain: bytes
    packed: bytes
    tag: str

    @classmethod
    def of(cls, content: bytes) -> Made:
        return cls(
            content, gzip.compress(content, 9, mtime=0), f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        )


class Assets(StaticFiles):
    """A folder of files that a page needs, and what was ``made`` when the server started, by its name there."""

    def __init__(self, directory: Path, made: Mapping[str, bytes]) -> None:
        super().__init__(directory=directory)
        self.made = {name: Made.of(content) for name, content in made.items()}

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path not in self.made or scope["method"] not in ("GET", "HEAD"):
            return await super().get_response(path, scope)
        return _may_be_kept(self._made_response(path, scope), Path(path), scope)

    def _made_response(self, name: str, scope: Scope) -> Response:
        request, made = Headers(scope=scope), self.made[name]
        plain = Response(made.plain, media_type=guess_type(name)[0], headers={"etag": made.tag})
        if self.is_not_modified(plain.headers, request):
            return NotModifiedResponse(plain.headers)
        return _packed(plain, made.packed) if _takes_gzip(request) else plain

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        path = Path(full_path)
        response = super().file_response(full_path, stat_result, scope, status_code)
        if response.status_code == 200 and path.suffix in PACKED and _takes_gzip(Headers(scope=scope)):
            response = _packed(response, _gzip(path, stat_result.st_mtime_ns))
        return _may_be_kept(response, path, scope)


def _takes_gzip(request: Headers) -> bool:
    return "gzip" in request.get("accept-encoding", "")


def _may_be_kept(response: Response, path: Path, scope: Scope) -> Response:
    response.headers["cache-control"] = KEPT if b"v=" in scope["query_string"] else ASKED_AGAIN
    if path.suffix in PACKED:
        response.headers.add_vary_header("accept-encoding")
    return response


def _packed(plain: Response, content: bytes) -> Response:
    response = Response(content, plain.status_code, media_type=plain.media_type)
    headers = MutableHeaders(raw=response.raw_headers)
    for name in ("last-modified", "etag"):
        if name in plain.headers:
            headers[name] = plain.headers[name]
    headers["content-encoding"] = "gzip"
    return response


@lru_cache(maxsize=64)
def _gzip(path: Path, changed: int) -> bytes:
    """A file as it was at its last change."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)
