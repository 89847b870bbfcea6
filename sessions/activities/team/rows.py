"""Rows in events about teams: a team, and a rule that it does not meet."""

from __future__ import annotations

from typing import Literal, TypedDict


class TableRow(TypedDict):
    """A team, proposed or new. ``name`` is one from the list of names; of a team that people named it is "" (earlier
    releases wrote people's name there)."""

    id: str
    number: int
    name: str
    need: str
    members: list[str]
    leader: str


class BreachRow(TypedDict):
    """A rule that a team does not meet (see ``Breach`` in mix.py)."""

    team: str
    number: int
    rule: Literal["too_few", "too_many", "organisation", "areas", "leader"]
    have: int
    limit: int
