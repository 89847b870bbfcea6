"""What an installation says in public of the keys it signs with: a register, and which key has signed which."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ACTIVE, RETIRED, REVOKED = "active", "retired", "revoked"
NEXT_KEY = b"race key v1\0"
"""What stands before a statement of a new key when it is signed: no signature is ever taken for one of another kind."""
DIGITS, GROUP = 32, 4


def fingerprint(public: str) -> str:
    """What people compare: 32 hex digits in groups of four, of a public key in hexadecimal."""
    digits = hashlib.sha256(bytes.fromhex(public)).hexdigest()[:DIGITS]
    return "-".join(digits[at : at + GROUP] for at in range(0, DIGITS, GROUP))


def signed(said: bytes, signature: str, public: str, prefix: bytes) -> bool:
    """Whether a key has signed this, for this purpose."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), prefix + said)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key as the register has it. ``key`` and ``signature`` are hexadecimal; ``said`` and ``signature`` are what the
    key before it has signed of it, "" where there was none."""

    key: str
    made: str
    state: str = ACTIVE
    reason: str = ""
    said: str = ""
    signature: str = ""

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.key)

    def follows(self) -> str:
        """The fingerprint of the key that has signed this one; "" if none has."""
        if not self.said:
            return ""
        told = orjson.loads(self.said)
        holds = told.get("new") == self.key and signed(
            self.said.encode(), self.signature, told["key"], NEXT_KEY
        )
        return fingerprint(told["key"]) if holds else ""


def written(keys: Sequence[PublicKey]) -> bytes:
    """A register as others may read it."""
    rows = [{**asdict(key), "fingerprint": key.fingerprint} for key in keys]
    return orjson.dumps({"keys": rows}, option=orjson.OPT_INDENT_2)


def register_in(content: bytes) -> list[PublicKey]:
    """The keys of a register. Raises ValueError, KeyError or TypeError where it is none."""
    return [_key(row) for row in orjson.loads(content)["keys"]]


def _key(row: Mapping[str, Any]) -> PublicKey:
    key = PublicKey(**{name: str(value) for name, value in row.items() if name != "fingerprint"})
    if len(bytes.fromhex(key.key)) != DIGITS:
        raise ValueError("a public key has 32 bytes")
    return key
