"""Shapes of a vote's events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from sessions.shapes import Words


class BallotCast(TypedDict):
    """``marks`` by option are missing where the ballot is secret; ``nonce`` is there where the voter has a receipt."""

    marks: NotRequired[Mapping[str, Any]]
    nonce: NotRequired[int]


class RankedOption(TypedDict):
    """``place`` counts from 1; ``team`` is "" for none."""

    option: str
    place: int
    points: float
    kept: bool
    team: str


class ResultCounted(TypedDict):
    """The count with all that it depends on (see ``Basis`` in result.py). ``cast`` and ``electorate`` are numbers of
    people, ``valid`` says whether there were ballots enough, ``excluded`` are voters who were removed, ``arithmetic``
    how it was counted (see arithmetic.py), ``titles`` what entries are called that begin with it and
    ``teams_of_authors`` whether authors without a team become one (see giving.py), ``ballots`` the marks of secret
    ballots in no order; of confidential ones, from five on, receipt and marks of each, and ``replaced`` the receipts of
    those that others took the place of. ``lost`` says that nothing of them could be opened: their key was gone.
    ``found`` is what such ballots tell beside points (see ``Method.found`` in ballots.py)."""

    cast: int
    electorate: int
    valid: bool
    teams: Mapping[str, str]
    keep: list[Any]
    stopped: list[str]
    excluded: list[str]
    arithmetic: NotRequired[str]
    titles: NotRequired[str]
    teams_of_authors: NotRequired[bool]
    ballots: NotRequired[list[Any]]
    replaced: NotRequired[list[str]]
    lost: NotRequired[bool]
    found: NotRequired[Mapping[str, Any]]
    ranking: list[RankedOption]


class PairsDealt(TypedDict):
    """The ``pairs`` of options that a ``person`` is asked about from here on, beside those before. In a file for
    handing out the body is missing, as that of a ballot is."""

    person: NotRequired[str]
    pairs: NotRequired[list[list[str]]]


class RoundDealt(TypedDict):
    """Round ``number`` of so many ``planned``: person to card. Without ``cards`` there is nothing left to deal, and no
    round begins."""

    number: NotRequired[int]
    planned: NotRequired[int]
    cards: NotRequired[Mapping[str, str]]


class ResultRevealed(TypedDict):
    """Nothing beside the phase."""


class ResultOverridden(TypedDict):
    """What becomes of an option by hand: ``kept``, or a ``place`` from 1."""

    option: str
    reason: Words
    kept: NotRequired[bool]
    place: NotRequired[int]


class VoteVoided(TypedDict):
    """``ballots`` is how many do not count."""

    reason: Words
    ballots: int


SHAPES: Mapping[str, type] = {
    "ballot_cast": BallotCast,
    "pairs_dealt": PairsDealt,
    "round_dealt": RoundDealt,
    "result_counted": ResultCounted,
    "result_revealed": ResultRevealed,
    "result_overridden": ResultOverridden,
    "vote_voided": VoteVoided,
}
