"""Style, script and pictures: packed once, not for every phone anew, and kept by browsers for as long as they like."""

from __future__ import annotations

import gzip
import os
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

KEPT = "public, max-age=31536000, immutable"
"""For an address that names a version (``?v=…``): what stands there never changes."""
ASKED_AGAIN = "public, max-age=300"
PACKED = (".css", ".js", ".svg")


class Assets(StaticFiles):
    """A folder of files that a page needs."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        path = Path(full_path)
        packed = path.suffix in PACKED and "gzip" in Headers(scope=scope).get("accept-encoding", "")
        response = super().file_response(full_path, stat_result, scope, status_code)
        if packed and response.status_code == 200:
            response = _packed(response, path, stat_result.st_mtime_ns)
        response.headers["cache-control"] = KEPT if b"v=" in scope["query_string"] else ASKED_AGAIN
        if path.suffix in PACKED:
            response.headers.add_vary_header("accept-encoding")
        return response


def _packed(plain: Response, path: Path, changed: int) -> Response:
    response = Response(_gzip(path, changed), plain.status_code, media_type=plain.media_type)
    headers = MutableHeaders(raw=response.raw_headers)
    for name in ("last-modified", "etag"):
        headers[name] = plain.headers[name]
    headers["content-encoding"] = "gzip"
    return response


@lru_cache(maxsize=64)
def _gzip(path: Path, changed: int) -> bytes:
    """A file as it was at its last change."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)
