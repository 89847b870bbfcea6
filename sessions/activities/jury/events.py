"""Shapes of a jury's events. Only comments and reasons are words: what counts stays for ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from sessions.shapes import Words


class EntryScored(TypedDict):
    """A whole sheet, in the stead of the juror's sheet before. ``scores`` holds 1 to 5 by criterion."""

    entry: str
    scores: dict[str, int]
    comment: Words
    final: bool


class Recused(TypedDict):
    """The juror steps aside from an entry; ``number`` is the entry's."""

    entry: str
    number: int
    reason: Words


class RecusalUndone(TypedDict):
    """A ``juror`` may judge an entry after all."""

    juror: str
    entry: str
    number: int
    reason: Words


class TieBroken(TypedDict):
    """``entry`` stands before the entries of ``over``, from which no other rule parts it."""

    entry: str
    number: int
    over: list[str]
    reason: Words


class RankedEntry(TypedDict):
    """A row of the ranking (see ranking.Standing)."""

    entry: str
    place: int
    mean: float
    rank_points: float
    jurors: int
    spread: float
    by: str


class ResultSigned(TypedDict):
    """The ranking, what it rests on and what it leaves out, so that anybody can check it.

    ``absent`` has for every entry the people whose sheets on it do not count, ``thin`` the entries with too few
    jurors, ``unfinished`` pairs of juror and entry. ``reason`` is what is said about the first place, ``arithmetic``
    how it was counted (see arithmetic.py; missing in logs of release 1). ``sheets`` are those that count, where they
    are of five jurors or more: entry to scores by a letter for each juror, drawn when it was signed.
    """

    absent: dict[str, list[str]]
    thin: list[str]
    unfinished: list[list[str]]
    ranking: list[RankedEntry]
    reason: Words
    arithmetic: NotRequired[str]
    sheets: NotRequired[dict[str, dict[str, dict[str, int]]]]


EVENTS: Mapping[str, type] = {
    "entry_scored": EntryScored,
    "recused": Recused,
    "recusal_undone": RecusalUndone,
    "tie_broken": TieBroken,
    "result_signed": ResultSigned,
}
