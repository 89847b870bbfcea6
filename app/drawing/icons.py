"""The line icons: insides of a 24 by 24 drawing, square caps. States and actions stand here, a kind's beside its templates."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from app.drawing.markup import trusted

ICONS = {
    "send": '<path d="M12 17V6M7.5 10 12 5.5 16.5 10M4 20h16"/>',
    "check": '<path d="M4 12.5 9.5 18 20 6.5"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "stop": '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8zM8.5 8.5l7 7M15.5 8.5l-7 7"/>',
    "back": '<path d="M9 5 4 10l5 5M4 10h10a6 6 0 0 1 0 12h-3"/>',
    "reconnect": '<path d="M20 12a8 8 0 1 1-2.5-5.8M18 2.5V7h-4.5"/>',
    "warn": '<path d="M12 4 22 20H2zM12 10v4.5"/><path class="solid" d="M11 16h2v2h-2z"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>',
    "lock": '<path d="M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3"/>',
    "eye_off": '<path d="M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6zM4 20 20 4"/>',
    "eye": '<path d="M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6z"/><circle cx="12" cy="12" r="2.6"/>',
    "circle": '<circle cx="12" cy="12" r="7"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 21v-2.5L8 15h8l3.5 3.5V21"/>',
    "people": '<path d="M2.5 20v-2.5L5.5 14h5l3 3.5V20M15 14h3l3.5 3.5V20"/><circle cx="8" cy="8" r="3"/><path d="M15 5.2a3 3 0 0 1 0 5.6"/>',
    "phone_off": '<path d="M7 2.5h10v19H7zM3.5 20.5l17-17"/>',
    "call": '<path d="M5 3h4l1.8 5-2.6 2a12 12 0 0 0 5.8 5.8l2-2.6 5 1.8v4c0 1-.8 1.5-1.7 1.5C11 20.5 3.5 13 3.5 4.7 3.5 3.8 4 3 5 3z"/>',
    "pencil": '<path d="M4 20v-4L15.5 4.5l4 4L8 20zM13 7l4 4"/>',
    "award": '<circle cx="12" cy="9" r="6"/><path d="M8.5 14 7 22l5-3 5 3-1.5-8"/>',
    "home": '<path d="M3 11.5 12 4l9 7.5M6 10v10h12V10"/>',
    "arrow": '<path d="M4 12h15M13.5 6.5 19 12l-5.5 5.5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "close": '<path d="M6 6l12 12M18 6 6 18"/>',
    "merge": '<path d="M5 4v4c0 4 7 4 7 8v4M19 4v4c0 4-7 4-7 8"/>',
    "flag": '<path d="M6 21V3h13l-3.5 4.5L19 12H6"/>',
    "cards": '<path d="M3 8h13v12H3zM8 8V4h13v12h-5M6.5 14h6M9.5 11v6"/>',
    "document": '<path d="M5 3h9l5 5v13H5zM14 3v5h5M8.5 13h7M8.5 17h4"/>',
}


class Icons:
    """Every drawing by its name: ours, and each kind's ``activities/<kind>/icon.svg`` by the name of the kind."""

    def __init__(self, templates: Path) -> None:
        found = {file.parent.name: _inside(file) for file in templates.glob("activities/*/icon.svg")}
        self.drawings = {name: _drawn(inside) for name, inside in {**found, **ICONS}.items()}

    def __call__(self, name: str) -> Markup:
        """A line icon, silent for screen readers: words stand beside it. A ring where there is no such drawing."""
        return self.drawings.get(name) or self.drawings["circle"]


def _inside(file: Path) -> str:
    """What stands within a file's ``<svg>``."""
    return file.read_text("utf-8").partition(">")[2].rpartition("</svg>")[0]


def _drawn(inside: str) -> Markup:
    return trusted(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{inside}</svg>')
