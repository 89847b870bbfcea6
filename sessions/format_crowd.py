"""What will not fit when so many people come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.format import Spec, read_format
from sessions.format_findings import Between, Finding
from sessions.format_rules import Fault
from sessions.ranking import Keep, expected_teams, read_keep


def crowd_findings(data: Mapping[str, Any], people: int) -> list[Finding]:
    """What will not fit when so many people come in teams: slots on a stage that are more than its minutes. The format
    has no grave faults."""
    phases = Between(read_format(data))
    entries = _entries_expected(phases, people)
    return [finding for spec in phases.specs for finding in _overflow(phases, spec, entries)]


def _entries_expected(phases: Between, people: int) -> Keep:
    """How many entries begin at least and at most, by the votes that begin some."""
    teams = expected_teams(0, people)
    kept = [
        read_keep(spec.rules.get("keep", "1"), teams)
        for spec in phases.specs
        if phases.flows[spec.id].begins_entries
    ]
    share = [teams if keep.per_team else 1 for keep in kept]
    least = sum(keep.least * times for keep, times in zip(kept, share, strict=True))
    return Keep(least, sum(keep.most * times for keep, times in zip(kept, share, strict=True)))


def _overflow(phases: Between, spec: Spec, entries: Keep) -> Iterator[Finding]:
    each = phases.flows[spec.id].minutes_each
    over = each * entries.least - spec.minutes
    at_most = each * entries.most - spec.minutes
    if each and at_most > 0:
        values = {"least": entries.least, "most": entries.most, "each": f"{each:g}", "minutes": spec.minutes}
        remedy = Fault("It needs {needed:.0f} minutes, or fewer entries.", {"needed": each * entries.most})
        if over > 0:
            text = (
                "with {least} entries or more of {each} minutes it overflows {minutes} minutes by {over:.0f}"
            )
            yield Finding(spec.id, Fault(text, {**values, "over": over}, "minutes"), remedy, grave=False)
        else:
            text = "with {most} entries of {each} minutes it overflows {minutes} minutes by {over:.0f}"
            yield Finding(spec.id, Fault(text, {**values, "over": at_most}, "minutes"), remedy, grave=False)
