"""The chain of digests that proves a log: nothing was changed, dropped or slipped in.

``digest = H(previous digest, H(salt, body), rest)`` with SHA-256. An event has two halves. ``body`` is structure (ids,
numbers, choices): always there, always proved. ``words`` are what people wrote: they have a salted digest of their own,
which is the last member of ``rest`` where there are words, so that erased words leave the chain whole and cannot be
guessed from what is left.
"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import orjson

GENESIS = bytes(32)
"""What stands before the first event."""
SALT_BYTES = 16
NOTHING_WRITTEN: tuple[Any, ...] = (None, "", [], {})
"""Values of a field of words that say nothing: there is nothing to erase, and they stay in the body."""


def body_bytes(body: Mapping[str, Any]) -> bytes:
    """The bytes of a body that are hashed and kept, names in the order they have: a rule may rely on it (a ranking on
    the order of its options), and a log that is read again must say the same. Raises TypeError for what JSON cannot
    say."""
    return orjson.dumps(body, default=_plain)


def parts(body: Mapping[str, Any], words: Collection[str]) -> tuple[bytes, bytes | None]:
    """The bytes of an event's two halves; None where there are no words. ``words`` names the fields that hold some: the
    body keeps their names, with null, so that an erased text is empty and is not taken for one that never was.
    Raises TypeError for what JSON cannot say."""
    written = {name: body[name] for name in sorted(words) if body.get(name) not in NOTHING_WRITTEN}
    if not written:
        return body_bytes(body), None
    return body_bytes({**body, **dict.fromkeys(written)}), body_bytes(written)


def with_words(body: dict[str, Any], words: str | None) -> dict[str, Any]:
    """A body with its words in place again."""
    return {**body, **orjson.loads(words)} if words else body


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} does not belong in a log")


def body_digest(salt: bytes, body: bytes) -> bytes:
    return hashlib.sha256(salt + body).digest()


def link(before: bytes, body: bytes, *rest: str | int | float) -> bytes:
    """The digest of an event from the one before it, its body's digest, and stream, seq, at, actor, command, kind,
    phase and (where there are words) the digest of its words in hexadecimal, in that order."""
    return hashlib.sha256(before + body + orjson.dumps(rest)).digest()
