"""What has to be installed, and whether it is."""

import hashlib
import json
import os
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCK, SERVER_LOCK = ROOT / "requirements.lock", ROOT / "requirements-server.lock"
"""Every package with its version and the hashes of its files: all that the tests need, and what the server needs.
Made by `uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate`, the first with
`--extra dev`, the other with the first as its constraint (`-c`)."""
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def ready(extra: str) -> bool:
    """Whether the running interpreter can do without us.

    In our own `.venv/` the stamp decides, so that a changed lock is noticed; in any other environment it is
    somebody's own choice of versions, and the lower bounds of pyproject.toml do.
    """
    in_our_venv = Path(sys.prefix).resolve() == VENV.resolve()
    if in_our_venv and any(VENV.glob("installed-*.json")):
        return fresh(extra)
    return all(_satisfied(requirement) for requirement in requirements_of(extra))


def requirements_of(extra: str) -> list[str]:
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


def fresh(extra: str) -> bool:
    """Whether `.venv/` was filled from the requirements and lock as they are now.

    A stamp of any extra vouches for the bare server too.
    """
    stamps = VENV.glob("installed-*.json") if not extra else [stamp_of(extra)]
    return VENV_PYTHON.exists() and any(_vouches(stamp, extra) for stamp in stamps)


def _vouches(stamp: Path, extra: str) -> bool:
    """Whether one stamp is there and speaks of the present requirements and lock."""
    try:
        noted = json.loads(stamp.read_text(encoding="utf-8"))
        return bool(noted["digests"][extra] == digest_of(extra))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def stamp_of(extra: str) -> Path:
    """The file in `.venv/` that says what it was filled from."""
    return VENV / f"installed-{extra or 'server'}.json"


def lock_of(extra: str) -> Path:
    """The lock that names everything to install."""
    return LOCK if extra else SERVER_LOCK


def locked(extra: str) -> int:
    """How many packages it names, for whatever system."""
    return sum("==" in line for line in lock_of(extra).read_text(encoding="utf-8").splitlines())


def digest_of(extra: str) -> str:
    """One short name for what is to be installed: the requirements and the lock."""
    wanted = "\n".join([*requirements_of(extra), lock_of(extra).read_text(encoding="utf-8")])
    return hashlib.sha256(wanted.encode()).hexdigest()
