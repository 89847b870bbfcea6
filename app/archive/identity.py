"""A record's id: a UUID of version 7 that follows from the log: the same however often it is made."""

import hashlib
from uuid import UUID

from sessions.entry import Entry

VERSION_7 = 0x7 << 76
VARIANT = 0x2 << 62


def record_id(session: str, entry: Entry) -> UUID:
    """The milliseconds at which the entry began, then 74 bits from session, entry and seq (RFC 9562)."""
    seed = f"{session}/{entry.id}/{entry.begun_seq}".encode()
    drawn = int.from_bytes(hashlib.sha256(seed).digest()[:10])
    milliseconds = int(entry.begun_at * 1000) & (1 << 48) - 1
    random_a, random_b = drawn >> 68, drawn & (1 << 62) - 1
    return UUID(int=milliseconds << 80 | VERSION_7 | random_a << 64 | VARIANT | random_b)
