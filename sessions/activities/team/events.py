"""Shapes of what happens while teams are formed, and later to the teams. ``team`` is a team's id, ``person`` a
pseudonymous id, ``need`` a need card's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from sessions.activities.team.rows import BreachRow, TableRow
from sessions.shapes import Words


class Wished(TypedDict):
    """``needs``: dearest first."""

    person: str
    needs: list[str]


class PlaceAsked(TypedDict):
    """``team`` is "" for any other."""

    person: str
    team: str
    reason: Words


class OfPerson(TypedDict):
    """Something about one person, and nothing else."""

    person: str


class RequestDeclined(TypedDict):
    person: str
    reason: Words


class TableJoined(TypedDict):
    """Somebody has sat down at the table of a ``need``, or left it (""); ``team`` and ``number`` are the table's."""

    person: str
    need: str
    team: str
    number: int


class TeamsProposed(TypedDict):
    """The draft, drawn by ``seed``."""

    teams: list[TableRow]
    seed: int


class TeamsConfirmed(TypedDict):
    """``teams``, ``people`` and ``broken`` are counts, for the log of decisions."""

    breaches: list[BreachRow]
    reason: Words
    teams: int
    people: int
    broken: int


class PersonSeated(TypedDict):
    """Somebody has another place; ``team`` is "" for none. The numbers are the teams', 0 for none."""

    person: str
    team: str
    reason: Words
    number: int
    from_number: int


class TeamStarted(TypedDict):
    """``name`` is what people call the team, where they gave a name."""

    new: TableRow
    name: NotRequired[Words]
    number: int
    reason: Words


class TeamSplit(TypedDict):
    """``new`` takes its people and ``entries`` from ``team``; ``name`` as in TeamStarted."""

    team: str
    number: int
    new: TableRow
    name: NotRequired[Words]
    new_number: int
    entries: list[str]
    reason: Words


class TeamsMerged(TypedDict):
    """Everybody of the ``other`` team, and its ``entries``, came to ``team``."""

    team: str
    number: int
    other: str
    other_number: int
    entries: list[str]
    reason: Words


class LeaderSet(TypedDict):
    team: str
    person: str


class TeamRenamed(TypedDict):
    team: str
    name: Words


class NeedSet(TypedDict):
    team: str
    need: str


EVENTS: Mapping[str, type] = {
    "wished": Wished,
    "place_asked": PlaceAsked,
    "request_taken_back": OfPerson,
    "request_declined": RequestDeclined,
    "table_joined": TableJoined,
    "teams_proposed": TeamsProposed,
    "teams_confirmed": TeamsConfirmed,
    "person_seated": PersonSeated,
    "person_moved": PersonSeated,
    "person_placed": PersonSeated,
    "person_taken_out": PersonSeated,
    "team_started": TeamStarted,
    "team_split": TeamSplit,
    "teams_merged": TeamsMerged,
    "leader_set": LeaderSet,
    "team_renamed": TeamRenamed,
    "need_set": NeedSet,
}
