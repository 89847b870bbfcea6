"""A session's state as bytes, and back: a pickle of the rules' own objects, and nothing else ever comes out of one.

Whatever an activity kind keeps is kept; a new kind needs nothing for it. Bytes that other rules made are not read:
whoever keeps them keeps ``rules()`` with them.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
import zlib
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path

import sessions
from sessions.session import Session

PROTOCOL = 5
SQUEEZE = 1
"""zlib's level: a quarter of the bytes for a tenth of the time that the pickle takes."""
PLAIN: dict[tuple[str, str], type] = {
    (kind.__module__, kind.__qualname__): kind
    for kind in (
        *(Counter, OrderedDict, defaultdict, deque),
        *(list, dict, set, frozenset, int, float, str),
        *(date, datetime, time, timedelta, timezone),
    )
}
"""What a state may hold beside the rules' own classes: values, that do nothing."""


class Unreadable(ValueError):
    """These bytes are no session's state: broken, or of somebody who means harm."""


def freeze(session: Session) -> bytes:
    """A session's state. Nobody changes it meanwhile."""
    return zlib.compress(pickle.dumps(session, PROTOCOL), SQUEEZE)


def thaw(frozen: bytes, key_of: Callable[[str], str]) -> Session:
    """The session again, with its key for organisations. Raises Unreadable."""
    try:
        session = _Reader(BytesIO(zlib.decompress(frozen))).load()
    except Exception as error:  # a pickle of anything may fail in any way
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    if type(session) is not Session:
        raise Unreadable(f"a {type(session).__name__} is no session")
    session.key_of = key_of
    return session


class _Reader(pickle.Unpickler):
    """Knows classes of the rules and plain values by name, and nothing that could be called to any other end."""

    def find_class(self, module: str, name: str) -> type:
        found = PLAIN.get((module, name)) or _of_the_rules(module, name)
        if found is None:
            raise pickle.UnpicklingError(f"{module}.{name} does not belong in a session's state")
        return found


def _of_the_rules(module: str, name: str) -> type | None:
    if module.partition(".")[0] != sessions.__name__:
        return None
    found = vars(import_module(module)).get(name)
    return found if isinstance(found, type) and found.__module__ == module else None


@cache
def rules() -> str:
    """A fingerprint of the rules: it changes with any of their source, and with what reads their states."""
    return fingerprint(Path(sessions.__file__).parent)


def fingerprint(folder: Path) -> str:
    """Of all source and formats in a folder, with their names."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {PROTOCOL}".encode())
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".toml")):
        source = path.read_bytes()
        digest.update(f"{path.relative_to(folder)} {len(source)}\n".encode() + source)
    return digest.hexdigest()
