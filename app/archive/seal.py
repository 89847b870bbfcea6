"""The file of an export: a ZIP archive that any program opens, with a seal over every byte of it.

The seal is the archive's comment, its last 64 bytes: the SHA-256 of everything before. ZIP's own checksums
leave the directory and the dates unprotected.
"""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.database.private import FILE_MODE, make_private

SEAL_LENGTH = 64
BLOCK = 1 << 20
NO_DATE = (1980, 1, 1, 0, 0, 0)
"""The same log makes the same file, byte for byte."""


class Pack:
    """Writes members one after the other and keeps the SHA-256 and the length of each."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.digests: dict[str, str] = {}
        self.sizes: dict[str, int] = {}

    def add(self, name: str, blocks: Iterable[bytes]) -> None:
        """Write a member, block by block."""
        told = zipfile.ZipInfo(name, NO_DATE)
        told.compress_type, told.external_attr = zipfile.ZIP_DEFLATED, FILE_MODE << 16
        digest, size = hashlib.sha256(), 0
        with self._archive.open(told, "w", force_zip64=True) as member:
            for block in blocks:
                digest.update(block)
                size += member.write(block)
        self.digests[name], self.sizes[name] = digest.hexdigest(), size


@contextmanager
def packing(out: Path) -> Iterator[Pack]:
    """Write a sealed file, which appears under its name only when it is whole; it is readable by its owner alone, and
    so is what is unpacked of it."""
    draft = out.with_name(out.name + ".part")
    try:
        make_private(draft)
        with zipfile.ZipFile(draft, "w") as archive:
            archive.comment = b"0" * SEAL_LENGTH
            yield Pack(archive)
        _write_seal(draft)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _write_seal(path: Path) -> None:
    seal = _expected(path)
    with path.open("r+b") as file:
        file.seek(-SEAL_LENGTH, 2)
        file.write(seal)


def is_sealed(path: Path) -> bool:
    """Whether every byte of a file is as it was sealed."""
    with path.open("rb") as file:
        file.seek(-min(SEAL_LENGTH, path.stat().st_size), 2)
        return file.read() == _expected(path)


def _expected(path: Path) -> bytes:
    left = path.stat().st_size - SEAL_LENGTH
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while left > 0 and (block := file.read(min(BLOCK, left))):
            digest.update(block)
            left -= len(block)
    return digest.hexdigest().encode()
