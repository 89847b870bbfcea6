"""What is left of files after the power has failed: what was synced, and of the rest whatever the disk had got to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults.shim import (
    CREATE,
    FOLDER,
    SUFFIX,
    SYNC_BEGINS,
    SYNC_ENDS,
    TRUNCATE,
    UNLINK,
    WRITE,
    Step,
)

SECTOR = 512
"""Bytes that a disk writes whole or not at all."""


@dataclass
class File:
    """One file: its bytes that are certain, and what has been done to it since."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Step] = field(default_factory=list)
    named: bool = True
    """Whether its name in the folder is on disk as well."""


class Disk:
    """The files of one database, step by step."""

    def __init__(self, database: Path) -> None:
        self._name = database.name
        self.files: dict[int, File] = {}
        for kind, suffix in SUFFIX.items():
            path = database.with_name(database.name + suffix)
            if path.exists():
                self.files[kind] = File(bytearray(path.read_bytes()))
        self._syncs: dict[int, tuple[int, int]] = {}
        """Syncs under way: the file, and how much of what was pending they will make certain."""

    def take(self, step: Step) -> None:
        """The server does one more thing."""
        if step.file == FOLDER:
            if step.what == SYNC_ENDS:
                self._name_all()
            return
        file = self.files.get(step.file)
        if step.what == CREATE or file is None:
            file = self.files[step.file] = File(named=False)
        if step.what in (WRITE, TRUNCATE):
            file.pending.append(step)
        elif step.what == UNLINK:
            del self.files[step.file]
        elif step.what == SYNC_BEGINS:
            self._syncs[step.at] = (step.file, len(file.pending))
        elif step.what == SYNC_ENDS:
            self._settle(step.at)

    def _name_all(self) -> None:
        for file in self.files.values():
            file.named = True

    def _settle(self, sync: int) -> None:
        kind, count = self._syncs.pop(sync)
        file = self.files[kind]
        for step in file.pending[:count]:
            apply(file.durable, step)
        del file.pending[:count]
        self._syncs = {n: (k, c - count if k == kind else c) for n, (k, c) in self._syncs.items()}

    def after_power_loss(self, folder: Path, chance: Random) -> Path:
        """Write what could be found afterwards into a folder; the path of the database."""
        keep = chance.choice((0.0, 1.0, chance.random(), chance.random()))
        for kind, suffix in SUFFIX.items():
            path = folder / (self._name + suffix)
            file = self.files.get(kind)
            if file is None or (not file.named and chance.random() < 0.5):
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(_left(file, keep, chance))
        (folder / f"{self._name}-shm").unlink(missing_ok=True)
        return folder / self._name


def _left(file: File, keep: float, chance: Random) -> bytearray:
    """The bytes that are certain, and some of the rest: each write is there, not there, or torn between sectors."""
    left = bytearray(file.durable)
    for step in file.pending:
        if chance.random() < keep:
            apply(left, step, chance if 0 < keep < 1 and chance.random() < 0.5 else None)
    return left


def apply(content: bytearray, step: Step, torn: Random | None = None) -> None:
    """Do to the bytes of a file what was done to it; torn, only some sectors get there."""
    if step.what == TRUNCATE:
        del content[step.at :]
        content.extend(bytes(step.at - len(content)))
        return
    if torn is None:
        _write(content, step.at, step.data)
        return
    at = 0
    while at < len(step.data):
        end = at + SECTOR - (step.at + at) % SECTOR
        if torn.random() < 0.5:
            _write(content, step.at + at, step.data[at:end])
        at = end


def _write(content: bytearray, at: int, data: bytes) -> None:
    content.extend(bytes(max(0, at - len(content))))
    content[at : at + len(data)] = data
