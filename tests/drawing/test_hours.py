"""An hour alone does not say of which day it is: pages write it with its day, or let the script do so."""

from __future__ import annotations

import re

from app.settings import Settings

TEMPLATES = Settings().templates
HOUR = re.compile(r"(?<![\w.])(?:(date\([\w.]+\)) }} {{ )?time\(([\w.]+)\)")
SAME_DAY = {
    ("activities/pause/hours.html", "phase.opened_at"): "what a picture is called",
    ("activities/pause/hours.html", "phase.ends_at"): "what a picture is called",
    ("activities/pause/hours.html", "hour"): "a scale",
    ("activities/collect/_wall.html", "reveal_at"): "some minutes from now",
    ("activities/act/words.html", "thing.begins"): "after its date",
    ("live/screen/notice.html", "notice.at"): "it is shown for a minute",
    ("live/console/agenda.html", "slot.starts_at"): "under its day",
    ("live/console/agenda.html", "p.ends_at"): "under its day",
}
"""Hours that need no day, and why."""


def test_an_hour_stands_alone_only_where_everybody_knows_the_day() -> None:
    alone = {
        (str(file.relative_to(TEMPLATES)), found[2])
        for file in TEMPLATES.rglob("*.html")
        for found in HOUR.finditer(file.read_text("utf-8"))
        if not found[1]
    }
    assert alone == {*SAME_DAY}
