"""The machine and who sits at it: running commands, Debian's packages, and a word on what is going on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn


def runs(*command: str | Path) -> bool:
    """Whether a command ends well; what it prints does not matter."""
    return subprocess.run(command, capture_output=True).returncode == 0


def apt_install(package: str) -> bool:
    """Install a Debian package where we may: as root, or by a sudo that asks no password. True when done."""
    apt = shutil.which("apt-get")
    if not apt:
        return False
    sudo: list[str] = []
    if os.geteuid() != 0:
        sudo = [shutil.which("sudo") or "", "-n"]
        if not sudo[0] or not runs(*sudo, "true"):
            return False
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", apt, "-q", "-o", "DPkg::Lock::Timeout=300"]
    say(f"Installing Debian's {package} with apt-get; this may take some minutes …")
    subprocess.run([*sudo, *quiet, "update"], capture_output=True)
    done = subprocess.run([*sudo, *quiet, "install", "-y", package], capture_output=True, text=True)
    if done.returncode:
        say(f"apt-get could not install {package}:\n{done.stderr.strip()[-600:]}")
    return done.returncode == 0


def say(line: str) -> None:
    """Tell the person at the terminal what is going on."""
    print(line, flush=True)


def stop(reason: str) -> NoReturn:
    """Give up, saying why and what to do."""
    print(reason, file=sys.stderr, flush=True)
    sys.exit(1)
