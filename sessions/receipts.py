"""Receipts: a short code by which a voter, and nobody else, finds their ballot among all that were counted.

A receipt is a digest of the ballot and of a number drawn when it was cast. Whoever changes a ballot in the log would
have to find another number that gives the same code; and the code alone tells nobody what the ballot says.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from sessions.ballot_boxes import written

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, as in join codes."""
LENGTH = 12
"""Characters, 60 bits."""
GROUP = 4

_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def receipt(phase: str, nonce: int, marks: Mapping[str, Any]) -> str:
    """The receipt of a ballot, as it is shown: ``7K3M-QX9T-AB2C``. ``nonce`` was drawn when it was cast."""
    digest = blake2b(f"{phase}|{nonce}|{written(marks)}".encode(), digest_size=8).digest()
    number = int.from_bytes(digest)
    return _grouped("".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH)))


def read_receipt(typed: str) -> str:
    """The receipt that somebody meant: small or misread letters, spaces and missing dashes are fine; "" for none."""
    code = "".join(typed.split()).replace("-", "").upper().translate(_MISREAD)
    return _grouped(code) if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def _grouped(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))
