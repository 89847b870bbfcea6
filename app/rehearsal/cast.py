"""Who takes part in a rehearsal: names, organisations, languages and roles, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from app.rehearsal.words import FIRST_NAMES, LAST_NAMES, ORGANISATIONS

FIRST, LAST = FIRST_NAMES.split(), LAST_NAMES.split()
LANGUAGES = ("sv", "fi", "en", "sv", "fi")
"""In turn; two of five write Swedish, two Finnish, one English."""
FEWEST = 12
"""With fewer people there is no race: staff, a jury of three, an expert and one team."""
PER_EXPERT = 12
MOST_EXPERTS = 5
PER_EXPERT_IN_A_CROWD = 20
"""From a hundred people on: questions grow with the teams, and each waits for somebody to answer it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part. ``role`` is what the facilitator grants them after they have joined."""

    number: int
    name: str
    organisation: str
    language: str
    role: str = "participant"


def cast(people: int, seed: int) -> list[Part]:
    """The parts of so many people, the facilitator first. Raises ValueError below FEWEST."""
    if people < FEWEST:
        raise ValueError(f"A race takes at least {FEWEST} people.")
    chance = random.Random(f"cast {seed}")  # noqa: S311 - a rehearsal is to be repeatable
    roles = list(_roles(people))
    return [
        Part(
            number=number,
            name=_name(number),
            organisation=chance.choice(("", *ORGANISATIONS)) if people < 200 else _organisation(number),
            language=LANGUAGES[number % len(LANGUAGES)],
            role=roles[number] if number < len(roles) else "participant",
        )
        for number in range(people)
    ]


def _roles(people: int) -> Iterator[str]:
    yield from ("facilitator", "co_facilitator", "night_host", "jury_chair", "juror", "juror")
    if people >= 2 * FEWEST:
        yield "juror"
    yield from ["expert"] * max(1, min(MOST_EXPERTS, people // PER_EXPERT), people // PER_EXPERT_IN_A_CROWD)


def _name(number: int) -> str:
    again, index = divmod(number, len(FIRST) * len(LAST))
    name = f"{FIRST[index % len(FIRST)]} {LAST[(index // len(FIRST) + index) % len(LAST)]}"
    return f"{name} {again + 1}" if again else name


def _organisation(number: int) -> str:
    """In a crowd a few large organisations could not be spread over the teams: they have many branches."""
    return f"{ORGANISATIONS[number % len(ORGANISATIONS)]} {number // 40 + 1}"
