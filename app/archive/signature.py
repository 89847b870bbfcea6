"""Who made an export: a signature under its manifest, and with that under every member."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict

import orjson

from app.archive.public_keys import PublicKey, fingerprint, register_in, signed
from app.archive.report import Report
from app.archive.signing_keys import SigningKeys
from app.archive.trust import Trust

SIGNATURE = "signature.json"
"""The member that holds it."""
EXPORT = b"race export v1\0"
MAX_SIGNATURE = 1 << 18
"""Bytes; a register of many keys is some kilobytes."""

Sign = Callable[[bytes], bytes]
"""Makes the signature member from the manifest's bytes."""


def signer(keys: SigningKeys, at: str) -> Sign:
    """Signs in the name of an installation, at a moment (ISO 8601). Raises LookupError where it has no key."""
    key = keys.ready()
    chain = [asdict(each) for each in keys.register]

    def sign(manifest: bytes) -> bytes:
        said = {"v": 1, "manifest": hashlib.sha256(manifest).hexdigest(), "at": at, "key": key.key}
        text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
        member = {"said": text.decode(), "signature": keys.sign(key, EXPORT + text), "keys": chain}
        return orjson.dumps(member, option=orjson.OPT_INDENT_2)

    return sign


def check_signature(member: bytes | None, manifest: bytes, trust: Trust, report: Report) -> None:
    """Note in the report who has signed a file, or that nobody known has."""
    if member is None:
        report.doubt("it is not signed: nothing says who made it")
        return
    told = orjson.loads(member)
    said = orjson.loads(told["said"])
    name = fingerprint(said["key"])
    if not signed(told["said"].encode(), told["signature"], said["key"], EXPORT):
        report.fault("signature.json: the signature is wrong")
    elif said.get("manifest") != hashlib.sha256(manifest).hexdigest():
        report.fault("signature.json: the signature is of another file")
    elif name in trust.revoked:
        report.fault(
            f"signature.json: its key {name} was given up, anybody may have made it: {trust.revoked[name]}"
        )
    else:
        _note_signer(name, said.get("at", ""), _chain(told), trust, report)


def _chain(told: dict[str, object]) -> list[PublicKey]:
    return register_in(orjson.dumps({"keys": told.get("keys", [])}))


def _note_signer(name: str, at: str, chain: list[PublicKey], trust: Trust, report: Report) -> None:
    trust.follow(chain)
    if name in trust.known:
        report.signed = f"{name} ({trust.known[name]}), {at}"
    else:
        report.doubt(
            f"it is signed by a key that is not known here: {name}. Compare it, then name it with --key"
        )
