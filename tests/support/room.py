"""A room in which everybody is who a race needs, before its first phase."""

from __future__ import annotations

from tests.support.stage import Stage, race48


def room() -> Stage:
    """A full room: everybody a race needs, in three languages."""
    staff = {
        "lo": "co_facilitator",
        "cy": "jury_chair",
        "jo": "juror",
        "ju": "juror",
        "sc": "screen",
        "nh": "night_host",
    }
    stage = Stage(form=race48(), **staff)
    for number, language in enumerate(("en", "sv", "fi") * 4):
        stage.join(f"a{number}", "participant", language, f"o{number % 5}")
    for name in ("ex", "ey"):
        stage.join(name, "expert", "sv")
    return stage
