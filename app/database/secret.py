"""A secret in a file beside the database."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

SECRET_BYTES = 32


def kept_secret(path: Path, fresh: bytes = b"") -> bytes:
    """The secret in a file, which is made where there is none: ``fresh``, or chance."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_bytes(fresh or secrets.token_bytes(SECRET_BYTES))
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename, this never replaces what another process has just made
        draft.unlink()
    return path.read_bytes()
