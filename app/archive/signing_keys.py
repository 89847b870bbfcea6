"""The keys that an installation signs its exports with, and what it says of them in public.

``signing/<fingerprint>.pem`` holds a private key (Ed25519, PKCS8), ``signing/keys.json`` the register of all there have
been. The register is public: it is what others compare a fingerprint with. A new key is signed by the one before it, so
that whoever trusts one trusts those that follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.archive.public_keys import (
    ACTIVE,
    NEXT_KEY,
    RETIRED,
    REVOKED,
    PublicKey,
    register_in,
    written,
)
from app.database.key_folder import KeyFolder

REGISTER = "signing/keys.json"


class SigningKeys:
    """The keys in a folder of keys."""

    def __init__(self, folder: KeyFolder) -> None:
        self._folder = folder

    @property
    def register(self) -> list[PublicKey]:
        """All keys there have been, the oldest first; none before the first export or start."""
        return register_in(self._folder.read(REGISTER)) if self._folder.has(REGISTER) else []

    def active(self) -> PublicKey | None:
        """The key that signs now."""
        return next((key for key in reversed(self.register) if key.state == ACTIVE), None)

    def ready(self) -> PublicKey:
        """The key that signs now; made where there has never been one. Raises LookupError where all were given up."""
        if not self.register:
            return self.renew()
        key = self.active()
        if key is None:
            raise LookupError("all signing keys were given up; make another one with: key new")
        return key

    def renew(self) -> PublicKey:
        """Make a key, signed by the one before it, which signs nothing from here on."""
        before, private = self.active(), Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw().hex()
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        made, said, signature = _now(), "", ""
        if before is not None:
            said = _canonical({"v": 1, "new": public, "at": made, "key": before.key})
            signature = self.sign(before, NEXT_KEY + said.encode())
        key = PublicKey(public, made, said=said, signature=signature)
        self._folder.write(_file(key), pem)
        self._keep([*(_retired(old) for old in self.register), key])
        return key

    def give_up(self, name: str, state: str, reason: str = "") -> PublicKey:
        """Retire a key (what it has signed holds), or revoke it (nothing does). Raises LookupError for an unknown
        fingerprint, and for a revoked key that is to be anything else. The private half is destroyed."""
        wanted = _plain(name)
        keys = self.register
        known = next((key for key in keys if _plain(key.fingerprint) == wanted), None)
        if known is None:
            raise LookupError(f"there is no key {name}")
        if known.state == REVOKED and state != REVOKED:
            raise LookupError(f"the key {name} was revoked, and stays so")
        given_up = replace(known, state=state, reason=reason)
        self._keep([given_up if key is known else key for key in keys])
        self._folder.destroy(_file(known))
        return given_up

    def take_in(self, others: Sequence[PublicKey]) -> None:
        """Add the keys of another register that are not in this one: before its own, and for signing no more. What
        either of them has revoked is revoked."""
        revoked = {key.key for key in others if key.state == REVOKED}
        known = {key.key for key in self.register}
        before = [_retired(key) for key in others if key.key not in known]
        self._keep([*before, *(_revoked(key) if key.key in revoked else key for key in self.register)])
        for key in self.register:
            if key.state == REVOKED:
                self._folder.destroy(_file(key))

    @property
    def spent(self) -> set[str]:
        """The files of private halves that sign nothing any more."""
        return {_file(key) for key in self.register if key.state != ACTIVE}

    def sign(self, key: PublicKey, text: bytes) -> str:
        """The signature of a key under bytes that begin with their purpose."""
        private = load_pem_private_key(self._folder.read(_file(key)), None)
        assert isinstance(private, Ed25519PrivateKey)
        return private.sign(text).hex()

    def _keep(self, keys: Sequence[PublicKey]) -> None:
        self._folder.write(REGISTER, written(keys))


def _retired(key: PublicKey) -> PublicKey:
    return replace(key, state=RETIRED) if key.state == ACTIVE else key


def _revoked(key: PublicKey) -> PublicKey:
    return replace(key, state=REVOKED)


def _file(key: PublicKey) -> str:
    return f"signing/{_plain(key.fingerprint)}.pem"


def _plain(name: str) -> str:
    return name.replace("-", "").replace(" ", "").lower()


def _canonical(said: Mapping[str, Any]) -> str:
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
