"""The private keys of ballot boxes, in the folder of keys: made before a phase opens, destroyed once it is counted.

A key is a file named by its public half, ``ballots/CODE/PUBLIC``: two processes that open the same phase at once make
one each, and only the one that the event names is ever sealed to.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, select, text

from app.database import Database
from app.database.key_folder import ID, KeyFolder
from app.database.tables import table
from app.streams.ballot_box import SEALS

Result = TypeVar("Result")

log = logging.getLogger(__name__)

FOLDER = "ballots"
PAIRED = "keys"
"""The secret of the database that says which folder of keys belongs to it."""
UNUSED_SECONDS = 3600.0
"""Real seconds after which a key that no phase has opened with is nobody's who is just about to."""

_secrets = table("secrets")
_PAIR = text("INSERT INTO secrets (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")


class BoxKeys:
    """Of one folder. ``belongs`` says whether it is the one that belongs to the database: else no key of it is used,
    made or destroyed. ``alone`` says that no other process uses it."""

    def __init__(self, folder: KeyFolder, belongs: bool = True, alone: bool = True) -> None:
        self._folder, self.belongs, self._alone = folder, belongs, alone

    async def apart(self, work: Callable[..., Result], *about: Any) -> Result:
        """What ``work(*about)`` returns, without holding up anybody while the disk is busy."""
        return await asyncio.to_thread(work, *about)

    def make(self, code: str, phases: Iterable[str]) -> dict[str, str]:
        """A new key for each phase, on the disk when this returns; the public halves as hex digits."""
        made = {}
        for phase in phases:
            key = X25519PrivateKey.generate()
            made[phase] = key.public_key().public_bytes_raw().hex()
            self._folder.write(_name(code, made[phase]), key.private_bytes_raw())
        return made

    def private(self, code: str, box_key: str) -> bytes | None:
        """The private half; None where it is gone."""
        try:
            return self._folder.read(_name(code, box_key))
        except FileNotFoundError:
            return None

    def has(self, code: str, box_key: str) -> bool:
        """Whether the private half is there."""
        return self._folder.has(_name(code, box_key))

    def destroy(self, code: str, box_keys: Iterable[str]) -> None:
        """Destroy keys, and forget what this process has sealed with them."""
        SEALS.forget([*box_keys])
        for key in box_keys:
            self._folder.destroy(_name(code, key))

    def tidy(self, code: str, in_use: Collection[str], over: Collection[str] = ()) -> None:
        """Destroy all keys of a session but those that are in use: those whose box is counted, which are ``over``, and
        those that no phase has opened with."""
        if not self.belongs:
            return
        left = [
            key for key in self.of(code) if key not in in_use and (key in over or self._is_left(code, key))
        ]
        self.destroy(code, left)

    def _is_left(self, code: str, key: str) -> bool:
        """Whether nobody is about to open a phase with a key that is not in use."""
        return self._alone or time.time() - self._folder.changed_at(_name(code, key)) > UNUSED_SECONDS

    def of(self, code: str) -> list[str]:
        """All keys of a session that are there."""
        return [name.rpartition("/")[2] for name in self._folder.names(f"{FOLDER}/{code}")]

    def codes(self) -> list[str]:
        """The sessions that there are keys of."""
        return self._folder.folders(FOLDER) if self.belongs else []


def _name(code: str, box_key: str) -> str:
    return f"{FOLDER}/{code}/{box_key}"


def take_along(source: KeyFolder, target: KeyFolder, code: str) -> None:
    """Copy the keys of a session's ballot boxes into another folder."""
    for name in source.names(f"{FOLDER}/{code}"):
        if not target.has(name):
            target.write(name, source.read(name))


async def box_keys(database: Database, folder: KeyFolder) -> BoxKeys:
    """The keys of ballot boxes of a database; it takes a folder for its own if it has none yet."""
    known = await database.read(paired_with)
    if known is None:
        known = await database.write(lambda db: pair(db, folder))
    belongs = folder.has(ID) and folder.id == known
    if not belongs:
        log.error("the folder of keys %s is not the one that belongs to the data", folder.path)
    return BoxKeys(folder, belongs, not database.shared)


def paired_with(db: Connection) -> str | None:
    """The id of the folder of keys that belongs to the database; None as long as none does."""
    known = db.execute(select(_secrets.c.value).where(_secrets.c.name == PAIRED)).scalar_one_or_none()
    return None if known is None else bytes(known).decode()


def pair(db: Connection, folder: KeyFolder) -> str:
    """Let a folder belong to the database, unless one does already; the id of the one that does."""
    db.execute(_PAIR, {"name": PAIRED, "value": folder.id.encode()})
    return paired_with(db) or ""
