"""The chain of digests that proves a log: nothing was changed, dropped or slipped in.

``digest = H(previous digest, H(salt, body), rest)`` with SHA-256. The body stands behind its own salted
digest, so that an erased body leaves the chain verifiable and cannot be guessed from what is left.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

GENESIS = bytes(32)
"""What stands before the first event."""
SALT_BYTES = 16


def body_bytes(body: Mapping[str, Any]) -> bytes:
    """The bytes of a body that are hashed and kept, names in the order they have: a rule may rely on it (a ranking on
    the order of its options), and a log that is read again must say the same. Raises TypeError for what JSON cannot
    say."""
    return orjson.dumps(body, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} does not belong in a log")


def body_digest(salt: bytes, body: bytes) -> bytes:
    return hashlib.sha256(salt + body).digest()


def link(before: bytes, body: bytes, *rest: str | int | float) -> bytes:
    """The digest of an event from the one before it, its body's digest, and session, seq, at, actor, command,
    kind and phase in that order."""
    return hashlib.sha256(before + body + orjson.dumps(rest)).digest()
