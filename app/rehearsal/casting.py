"""The cast follows the format: whoever its phases name, and whomever its kinds need for so many people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.rehearsal.habits import habits_of
from app.rehearsal.people.cast import Part, cast
from sessions.audience import GROUPS, READERS
from sessions.format import Format

NOT_CAST = READERS | {"facilitator", "participant", "process_leader"}
"""Who only looks on, who is there in any case, and who is found on the way."""
PARTICIPANTS = 5
"""One team."""
ROOMY = 20
"""From so many people on, everybody is there whom a phase names, though no kind needs them."""


class TooFew(ValueError):
    """The format cannot be held with so few people; ``fewest`` says with how many it can."""

    def __init__(self, programme: Format, fewest: int) -> None:
        super().__init__(f"The format {programme.key} takes at least {fewest} people.")
        self.fewest = fewest


def cast_for(programme: Format, people: int, seed: int) -> list[Part]:
    """The parts of so many people in a format, the facilitator first. Raises TooFew."""
    if people < fewest(programme):
        raise TooFew(programme, fewest(programme))
    needed = needed_roles(programme, people)
    named = [
        role
        for role in sorted({*named_roles(programme), *programme.roles})
        if role not in needed
        for _ in range(programme.roles[role].people if role in programme.roles else 1)
    ]
    return cast(people, seed, [*needed.elements(), *(named if people >= ROOMY else ())])


def fewest(programme: Format) -> int:
    """With fewer people there is nobody for some phase: the facilitator, whom the kinds need, and one team."""
    return 1 + needed_roles(programme, 0).total() + PARTICIPANTS


def needed_roles(programme: Format, people: int) -> Counter[str]:
    """How many of each role the kinds of a format's phases need, for so many people in all."""
    needed: Counter[str] = Counter()
    for spec in programme.specs:
        needed |= Counter(habits_of(spec.kind).casts(spec.rules, people))
    if "co_facilitator" in named_roles(programme):
        needed |= Counter({"co_facilitator": 1})
    return needed


def named_roles(programme: Format) -> set[str]:
    """The roles that the phases name, alone or as a group of people who come for that."""
    return set(_named(programme)) - NOT_CAST


def _named(programme: Format) -> Iterator[str]:
    for row in programme.data["phase"]:
        for name in row.get("who", ()):
            if name == "audience":
                yield "guest"
            elif name not in ("everyone", "teams"):
                yield from GROUPS.get(name, {name})
