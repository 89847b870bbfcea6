"""How much an export may unpack to: looked at before anything is unpacked, so that a small file cannot fill a machine.

A log does not pack well, because each of its lines has digests and a salt: a file that promises a hundred times its
size is none of ours.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MANIFEST = LINE = 1 << 20
"""Bytes of the manifest, and of a line, unless the manifest says that there is a longer one."""
LONGEST_LINE = 1 << 26
"""Bytes of a line that a manifest may announce: the count of 25,000 voters takes some megabytes."""
MEMBER = 1 << 28
"""Bytes of a member that is read as a whole."""
MEMBERS = 50_000
RATIO, SMALL = 100, 1 << 24
"""Bytes that each packed one may become; up to SMALL nobody counts."""
PACKED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class TooLarge(Exception):
    """It would unpack to more than any export is."""


class Members:
    """The members of an archive, none of which is read beyond its limit. Raises TooLarge for one that is larger."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self.sizes = {info.filename: info.file_size for info in archive.infolist()}
        self.names = archive.namelist()
        self.longest = LINE
        if len(self.names) > MEMBERS:
            raise TooLarge(f"it has {len(self.names)} members")
        total, most = (
            sum(info.file_size for info in archive.infolist()),
            max(SMALL, RATIO * path.stat().st_size),
        )
        if total > most:
            raise TooLarge(
                f"it would unpack to {total >> 20} MiB, and a file of its size has at most {most >> 20}"
            )
        if any(info.compress_type not in PACKED_AS for info in archive.infolist()):
            raise TooLarge("it is packed in a way in which no export is")

    def announce(self, manifest: Mapping[str, Any]) -> None:
        """Take the length of the longest line from a manifest."""
        longest = manifest.get("longest_line", 0)
        if not isinstance(longest, int) or longest > LONGEST_LINE:
            raise TooLarge(f"it has a line of {longest} bytes")
        self.longest = max(LINE, longest)

    def read(self, name: str, most: int = MEMBER) -> bytes:
        """A whole member. Raises KeyError where there is none."""
        if self.sizes[name] > most:
            raise TooLarge(f"{name} would unpack to {self.sizes[name]} bytes, and at most {most} are read")
        return self._archive.read(name)

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member."""
        with self._archive.open(name) as member:
            while line := member.readline(self.longest + 1):
                if len(line) > self.longest:
                    raise TooLarge(f"{name} has a line of more than {self.longest} bytes")
                yield line

    def blocks(self, name: str, size: int) -> Iterator[bytes]:
        """A member, block by block."""
        with self._archive.open(name) as member:
            while block := member.read(size):
                yield block

    def __contains__(self, name: str) -> bool:
        return name in self.sizes
