"""What a decision says about entries, and what later phases get."""

from __future__ import annotations

from collections.abc import Iterator

from sessions.activities.decide.state import Choice, Decisions
from sessions.outcome import Fact, Outcome

SUMMARY = "summary.summary"
"""The record's field for the new description that comes with a change of course."""


def facts_of(entry: str, before: Choice | None, after: Choice | None, phase: str) -> Iterator[Fact]:
    """What changes about an entry, and about those it merges with, when one decision takes another's place."""
    yield Fact(entry, "decision", _decision(after) if after else None, phase, by=after.by if after else "")
    out = after.status if after else None
    if out != (before.status if before else None):
        yield Fact(entry, "status", out)
    yield from _lineage(entry, before.into if before else "", after.into if after else "")


def _decision(choice: Choice) -> dict[str, str]:
    into = {"into": choice.into} if choice.into else {}
    return {"choice": choice.choice, "reason": choice.reason, **into}


def _lineage(entry: str, before: str, after: str) -> Iterator[Fact]:
    if before == after:
        return
    yield Fact(entry, "merged_into", after or None)
    if before:
        yield Fact(before, "merged_from", None, entry)
    if after:
        yield Fact(after, "merged_from", entry, entry)


def summary_of(entry: str, before: Choice | None, after: Choice | None) -> Iterator[Fact]:
    """The new description, where one is given or goes."""
    new = after.summary if after else None
    if new is not None or (before and before.summary is not None):
        yield Fact(entry, "field", new, SUMMARY)


def by_default(entry: str, phase: str) -> Fact:
    """What stands about an entry that nobody decided about."""
    return Fact(entry, "decision", {"choice": "go", "reason": "", "by_default": True}, phase)


def outcome(decided: Decisions) -> Outcome:
    """Figures: ``decisions``, the choice by entry."""
    return Outcome(figures={"decisions": {entry: c.choice for entry, c in decided.choices.items()}})
