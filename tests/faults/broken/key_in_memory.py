"""The key of a ballot box lies in the memory of the server that opened the phase, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.streams.box_keys import BoxKeys

_known: dict[str, bytes] = {}


def break_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(BoxKeys, "make", make)
    patch.setattr(BoxKeys, "private", lambda keys, code, box_key: _known.get(box_key))


def make(keys: BoxKeys, code: str, phases: Iterable[str]) -> dict[str, str]:
    made = {}
    for phase in phases:
        key = X25519PrivateKey.generate()
        made[phase] = key.public_key().public_bytes_raw().hex()
        _known[made[phase]] = key.private_bytes_raw()
    return made
