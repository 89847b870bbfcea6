"""Ideas as people really write them: long, with links, in one breath. Pages are looked at with these, too."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.support.stage import Stage

FILE = Path(__file__).parents[1] / "data" / "ideas.csv"
LINK = "https://www.example.org/leikkipuistot/2026/talvi/kuvat/liukumaki-ja-keinut"
"""A link as long as the one that covered the next card."""
LONG_LINK = "https://www.example.org/?" + "&".join(f"fbclid{n}=IwAR0iZ9ciIG4h5pl6" for n in range(8))
"""A link as long as the one that left the wall."""


class Idea(NamedTuple):
    """``title`` is what its author called it, ``text`` what they wrote."""

    title: str
    text: str


@cache
def ideas() -> tuple[Idea, ...]:
    """Forty of them, from one line to as much as a card holds."""
    with FILE.open(encoding="utf-8", newline="") as rows:
        return tuple(Idea(row["title"], row["text"]) for row in csv.DictReader(rows))


def write(stage: Stage, phase: str, many: int = 40, field: str = "situation", titled: bool = False) -> None:
    """So many ideas and two links are written into a phase, each by somebody else as far as there are people."""
    people = [person.id for person in stage.session.people.values() if person.role == "participant"]
    texts = [Idea("", LINK), Idea("", f"Katso {LONG_LINK} ja sano mitä ajattelet."), *ideas()][:many]
    for number, idea in enumerate(texts):
        own = {"headline": idea.title[:90]} if titled else {}
        by = people[number % len(people)]
        stage.ok("add_card", by, phase, **{field: idea.text}, column="need", **own)
