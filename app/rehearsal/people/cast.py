"""Who takes part in a rehearsal: names, organisations, languages and roles, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.rehearsal.people.vocabulary import FIRST_NAMES, LAST_NAMES, ORGANISATIONS

FIRST, LAST = FIRST_NAMES.split(), LAST_NAMES.split()
LANGUAGES = ("sv", "fi", "en", "sv", "fi")
"""In turn; two of five write Swedish, two Finnish, one English."""


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part. ``role`` is what the facilitator grants them after they have joined."""

    number: int
    name: str
    organisation: str
    language: str
    role: str = "participant"


def cast(people: int, seed: int, roles: Iterable[str]) -> list[Part]:
    """The parts of so many people: the facilitator, then one of each of ``roles``, then participants."""
    chance = random.Random(f"cast {seed}")  # noqa: S311 - a rehearsal is to be repeatable
    given = ["facilitator", *roles]
    return [
        Part(
            number=number,
            name=_name(number),
            organisation=(chance.choice(("", *ORGANISATIONS)) or _of_role(number, given))
            if people < 200
            else _organisation(number),
            language=LANGUAGES[number % len(LANGUAGES)],
            role=given[number] if number < len(given) else "participant",
        )
        for number in range(people)
    ]


def _of_role(number: int, given: Sequence[str]) -> str:
    """Whoever comes in a role comes for an organisation; of the others some come for themselves."""
    return ORGANISATIONS[number % len(ORGANISATIONS)] if number < len(given) else ""


def _name(number: int) -> str:
    again, index = divmod(number, len(FIRST) * len(LAST))
    name = f"{FIRST[index % len(FIRST)]} {LAST[(index // len(FIRST) + index) % len(LAST)]}"
    return f"{name} {again + 1}" if again else name


def _organisation(number: int) -> str:
    """In a crowd a few large organisations could not be spread over the teams: they have many branches."""
    return f"{ORGANISATIONS[number % len(ORGANISATIONS)]} {number // 40 + 1}"
