"""What stands between a server and its machine, compiled on the spot from shim.c, and what it has recorded."""

from __future__ import annotations

import asyncio
import re
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

HEAD = struct.Struct("=BBxxIq")
WRITE, TRUNCATE, SYNC_BEGINS, SYNC_ENDS, CREATE, UNLINK, ACK = b"WTBECUA"
MAIN, WAL, JOURNAL, FOLDER = 1, 2, 3, 4
SUFFIX = {MAIN: "", WAL: "-wal", JOURNAL: "-journal"}
ACKED = re.compile(rb'\{"ack":"([^"]+)","seq":(\d+)\}')


class Step(NamedTuple):
    """One thing that a server did. ``at`` is an offset, a size, or the number of a sync."""

    what: int
    file: int
    at: int
    data: bytes


@dataclass
class Shim:
    """The library, and the files by which it is told what to do. They lie in a folder of their own."""

    folder: Path
    library: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.library = self.folder / "shim.so"
        for name, size in (("clock", 8), ("count", 8)):
            (self.folder / name).write_bytes(bytes(size))

    async def build(self) -> None:
        """Compile it. Raises AssertionError where there is no compiler."""
        compiler = shutil.which("cc") or shutil.which("gcc")
        assert compiler is not None, (
            "a C compiler is needed (on Debian and Ubuntu: apt-get install gcc libc6-dev)"
        )
        source = Path(__file__).with_suffix(".c")
        command = (compiler, "-shared", "-fPIC", "-O2", "-o", self.library, source, "-ldl", "-lpthread")
        building = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
        told = (await building.communicate())[1].decode()
        assert building.returncode == 0, told

    def environment(self, data: Path, trace: bool = False) -> dict[str, str]:
        """For a server whose database is in ``data``."""
        names = ("FULL", "EIO", "CLOCK", "COUNT", *(["TRACE"] if trace else []))
        told = {f"SHIM_{name}": str(self.folder / name.lower()) for name in names}
        return {"LD_PRELOAD": str(self.library), "SHIM_FOLDER": str(data), **told}

    # ---- what it is told

    def disk_is_full(self, yes: bool) -> None:
        self._set("full", yes)

    def syncs_fail(self, yes: bool) -> None:
        self._set("eio", yes)

    def _set(self, name: str, yes: bool) -> None:
        if yes:
            (self.folder / name).touch()
        else:
            (self.folder / name).unlink(missing_ok=True)

    def set_clock(self, ahead: float) -> None:
        """The server's wall clock is so many seconds ahead of the real one."""
        _overwrite(self.folder / "clock", struct.pack("=d", ahead))

    # ---- what it has recorded

    @property
    def reads(self) -> int:
        """How often the server has read from its database."""
        return int.from_bytes((self.folder / "count").read_bytes(), "little")

    def steps(self) -> Iterator[Step]:
        """The trace, from the start of the server."""
        told, at = (self.folder / "trace").read_bytes(), 0
        while at + HEAD.size <= len(told):
            what, file, size, place = HEAD.unpack_from(told, at)
            at += HEAD.size + size
            yield Step(what, file, place, told[at - size : at])


def acks_in(step: Step) -> list[tuple[str, int]]:
    """The command ids and seqs that a server acknowledged with one write to a socket."""
    return [(name.decode(), int(seq)) for name, seq in ACKED.findall(step.data)]


def _overwrite(path: Path, data: bytes) -> None:
    """In place, because the file is mapped into the server's memory."""
    with path.open("r+b") as file:
        file.write(data)
