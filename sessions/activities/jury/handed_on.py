"""What later phases and the archive get from a jury. All of it rests on what was signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from sessions.activities.jury.events import RankedEntry, ResultSigned
from sessions.activities.jury.letters import counted
from sessions.activities.jury.score_sheets import ScoreSheets
from sessions.arithmetic import Arithmetic
from sessions.entry import Entry
from sessions.outcome import Fact, Outcome, Ranked
from sessions.people import Member
from sessions.ranking import Standing, standings
from sessions.result import differences


def rank(
    sheets: ScoreSheets,
    absent: Mapping[str, Collection[str]],
    weights: Mapping[str, float],
    ties: Iterable[str],
    parted: Collection[tuple[str, str]],
    arithmetic: Arithmetic,
) -> list[Standing]:
    """The ranking of the entries that are keys of ``absent``, without the sheets of those absent.

    ``ties`` are the rules for equals in turn, ``parted`` pairs of which the chair placed this before that.
    """
    return standings(counted(sheets, absent), weights, list(ties), parted, arithmetic)


def outcome(signed: ResultSigned | None, entries: Mapping[str, Entry]) -> Outcome:
    """The ranking of the entries that are still there; the first place is what goes on."""
    rows = [row for row in ranking_of(signed) if row["entry"] in entries]
    return Outcome(ranking=tuple(_ranked(row, entries[row["entry"]].team) for row in rows))


def ranking_of(signed: ResultSigned | None) -> list[RankedEntry]:
    """The rows that were signed, best first; none before."""
    return signed["ranking"] if signed else []


def _ranked(row: RankedEntry, team: str) -> Ranked:
    return Ranked(row["entry"], row["place"], row["mean"], row["place"] == 1, team)


def given(
    signed: ResultSigned, sheets: ScoreSheets, phase: str, award: str, people: Mapping[str, Member]
) -> Iterator[Fact]:
    """What the entries' records keep: everybody's score, and for the first place the award ("" for none)."""
    for row in signed["ranking"]:
        told = comments(signed, sheets, row["entry"])
        languages = [people[juror].language for juror in told]
        value = {**score(row, list(told.values())), "languages": languages}
        yield Fact(row["entry"], "score", value, phase)
    for entry in winners(signed, award):
        yield Fact(entry, "award", {"award": award, "reason": signed["reason"] or "", "place": 1}, award)


def taken_back(signed: ResultSigned | None, phase: str, award: str) -> Iterator[Fact]:
    """The same taken back: the jury meets again, and nothing it gave counts until it has signed anew."""
    for row in ranking_of(signed):
        yield Fact(row["entry"], "score", None, phase)
    for entry in winners(signed, award):
        yield Fact(entry, "award", None, award)


def score(row: RankedEntry, comments: list[str]) -> dict[str, Any]:
    """What an entry's record keeps of the jury's work: comments without the names of those who wrote them."""
    numbers = {"mean": row["mean"], "rank_points": row["rank_points"], "place": row["place"]}
    return {**numbers, "jurors": row["jurors"], "spread": row["spread"], "comments": comments}


def comments(signed: ResultSigned, sheets: ScoreSheets, entry: str) -> dict[str, str]:
    """What the jurors wrote about an entry, by juror; only from sheets that count."""
    counted = sheets.final(entry, signed["absent"][entry])
    return {juror: sheet.comment for juror, sheet in counted.items() if sheet.comment}


def winners(signed: ResultSigned | None, award: str) -> list[str]:
    """Who gets the award: the first place, or all that share it."""
    return [row["entry"] for row in ranking_of(signed) if row["place"] == 1] if award else []


def found_otherwise(signed: ResultSigned, again: Iterable[Standing]) -> list[str]:
    """Where the ranking that was signed differs from one counted again, a sentence for each entry."""
    counted = [{"option": row.entry, **asdict(row)} for row in again]
    return differences([{"option": row["entry"], **row} for row in signed["ranking"]], counted)
