"""Firefox and WebKit for the tests: the machine's own, or Debian's where they may be installed."""

import shutil
from pathlib import Path

from app.setup.machine import apt_install, say

LIBRARIES = (Path("/usr/lib"), Path("/usr/libexec"), Path("/usr/lib64"))


def find_firefox() -> Path | None:
    """The Firefox of this machine, an ESR for choice."""
    return _first("firefox-esr", "firefox")


def find_webkit_driver() -> Path | None:
    """What drives WebKitGTK."""
    return _first("WebKitWebDriver")


def find_minibrowser() -> Path | None:
    """The browser that comes with WebKitGTK, the newest there is."""
    found = [
        path
        for folder in LIBRARIES
        for pattern in ("webkit2gtk-*/MiniBrowser", "*/webkit2gtk-*/MiniBrowser")
        for path in folder.glob(pattern)
    ]
    return max(found, default=None)


def find_xvfb() -> Path | None:
    """A screen that nobody sees: WebKitGTK draws into a window."""
    return _first("Xvfb")


def ensure_engines() -> None:
    """Install what is missing where that is allowed; else say how to get it. The tests fail without."""
    wanted = {
        "firefox-esr": find_firefox,
        "webkit2gtk-driver": find_webkit_driver,
        "xvfb": find_xvfb,
    }
    for package, find in wanted.items():
        if find() is None and not (apt_install(package) and find()):
            say(f"Some browser tests need {package}. Install it and run the same command again.")


def _first(*names: str) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)
