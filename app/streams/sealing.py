"""Sealing what goes into a ballot box: who has the public key of a box can put something in, and not read it again.

X25519 with ChaCha20-Poly1305. A process uses one key of its own for all that it puts into a box, and forgets it when
the box is counted: making one takes forty times as long as sealing a ballot with it.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES, NONCE_BYTES, LENGTH_BYTES = 32, 12, 4
NONCES = 256
LEAST_BYTES = 512
"""What is sealed is padded to this size at least, and beyond it to the next power of two."""
PURPOSE = b"race ballot v1"


class Unsealable(Exception):
    """What lies in a box was not sealed to its key, or is broken."""


def padded_size(longest: int) -> int:
    """The one size in bytes that all texts up to so many bytes are padded to."""
    return max(LEAST_BYTES, 1 << (longest + LENGTH_BYTES - 1).bit_length())


class Seal:
    """Closes texts for one box. ``about`` says which box that is: nothing of it can be moved to another."""

    def __init__(self, box_key: str, about: bytes) -> None:
        box, own = bytes.fromhex(box_key), X25519PrivateKey.generate()
        self._own, self._about = own.public_key().public_bytes_raw(), about
        shared = own.exchange(X25519PublicKey.from_public_bytes(box))
        self._cipher = _cipher(shared, self._own, box)
        self._nonces: Iterator[bytes] = iter(())

    def close(self, text: bytes, size: int) -> tuple[bytes, bytes]:
        """A random number that is used once, and the sealed text, padded to a size. Raises ValueError for a text that
        is longer."""
        if len(text) + LENGTH_BYTES > size:
            raise ValueError(f"{len(text)} bytes are more than any ballot of this box can have")
        nonce = self._nonce()
        padded = (len(text).to_bytes(LENGTH_BYTES, "big") + text).ljust(size, b"\0")
        return nonce, self._own + self._cipher.encrypt(nonce, padded, self._about)

    def _nonce(self) -> bytes:
        """A random number; many are drawn at once, because each draw asks the kernel."""
        nonce = next(self._nonces, b"")
        if not nonce:
            drawn = os.urandom(NONCE_BYTES * NONCES)
            self._nonces = iter([drawn[at : at + NONCE_BYTES] for at in range(0, len(drawn), NONCE_BYTES)])
            nonce = next(self._nonces)
        return nonce


class BoxOpener:
    """Reads what lies in one box, with its private key."""

    def __init__(self, private: bytes, about: bytes) -> None:
        self._key, self._about = X25519PrivateKey.from_private_bytes(private), about
        self._ciphers: dict[bytes, ChaCha20Poly1305] = {}

    @cached_property
    def _box(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def read(self, nonce: bytes, sealed: bytes) -> bytes:
        """The text. Raises Unsealable."""
        own, closed = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
        try:
            padded = self._cipher_of(own).decrypt(nonce, closed, self._about)
        except (InvalidTag, ValueError) as error:
            raise Unsealable("a ballot was not sealed to the key of its box") from error
        length = int.from_bytes(padded[:LENGTH_BYTES], "big")
        return padded[LENGTH_BYTES : LENGTH_BYTES + length]

    def _cipher_of(self, own: bytes) -> ChaCha20Poly1305:
        if own not in self._ciphers:
            shared = self._key.exchange(X25519PublicKey.from_public_bytes(own))
            self._ciphers[own] = _cipher(shared, own, self._box)
        return self._ciphers[own]


def _cipher(shared: bytes, own: bytes, box: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), KEY_BYTES, None, PURPOSE + own + box).derive(shared))


class Seals:
    """Those that this process uses, by the key of the box."""

    def __init__(self) -> None:
        self._seals: dict[str, Seal] = {}

    def of(self, box_key: str, about: bytes) -> Seal:
        """The one for a box, made when it is first needed."""
        seal = self._seals.get(box_key)
        if seal is None:
            seal = self._seals[box_key] = Seal(box_key, about)
        return seal

    def forget(self, box_keys: Collection[str]) -> None:
        """These boxes are counted: what this process has put in cannot be read again with anything that it holds."""
        for key in box_keys:
            self._seals.pop(key, None)
