"""A browser for the tests: the machine's own, or Debian's where it may be installed."""

import shutil
from importlib.util import find_spec
from pathlib import Path

from app.setup.machine import apt_install, runs, say


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
    say("No Chromium here yet; the browser tests need one.")
    if apt_install("chromium") and (found := find_chromium()):
        return found
    say("Install Chromium or Chrome, or run `python -m playwright install chromium`, and try again.")
    return None


def _ensure_driver() -> None:
    """Get the one library that Playwright's driver needs and a minimal Debian has not."""
    playwright = find_spec("playwright")
    for folder in (playwright.submodule_search_locations or ()) if playwright else ():
        node = Path(folder) / "driver" / "node"
        if node.exists() and not runs(node, "--version"):
            apt_install("libatomic1")


def _downloaded_by_playwright() -> list[Path]:
    """The browsers in Playwright's own cache, newest first."""
    caches = (".cache/ms-playwright", "Library/Caches/ms-playwright", "AppData/Local/ms-playwright")
    names = ("chrome", "chrome.exe", "Chromium", "Google Chrome for Testing")
    folders = [folder for cache in caches for folder in (Path.home() / cache).glob("chromium-*")]
    return [path for folder in sorted(folders, reverse=True) for name in names for path in folder.rglob(name)]
