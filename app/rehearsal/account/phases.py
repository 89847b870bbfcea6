"""What happened in each phase of a rehearsal: who took part, what was accepted, refused, lost and doubled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from rich.table import Table

from app.rehearsal.account.outcome import Outcome


@dataclass
class Row:
    """One phase. ``people`` are those of whom a command was acknowledged."""

    phase: str
    people: set[str] = field(default_factory=set)
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """By reason."""
    lost: int = 0
    doubled: int = 0


def rows(outcome: Outcome) -> list[Row]:
    """The phases of a rehearsal in their order, whether anything was sent in them or not."""
    found = {phase: Row(phase) for phase in outcome.phases}
    for claim in outcome.claims:
        row = found.get(str(claim.sent.fields.get("phase", "")))
        if row is None:
            continue
        if claim.sent.acknowledged:
            row.people.add(claim.person)
            row.accepted += 1
        elif claim.sent.refused:
            row.refused[claim.sent.refused] += 1
    phase_of = {name: str(c.sent.fields.get("phase", "")) for c in outcome.claims for name in (str(c), c.id)}
    for said, count in ((outcome.audit.lost, "lost"), (outcome.audit.doubled, "doubled")):
        for phase, number in Counter(phase_of.get(_about(sentence), "") for sentence in said).items():
            if phase in found:
                setattr(found[phase], count, number)
    return list(found.values())


def _about(sentence: str) -> str:
    """Which command a sentence of the audit is about: by what it is called, or by its id."""
    return sentence.rpartition(": ")[2]


def all_table() -> Table:
    """The head of the table of several formats."""
    table = Table(title="Every phase of every format")
    for name in ("format", "phase"):
        table.add_column(name)
    for name in ("people", "accepted", "refused", "lost", "doubled"):
        table.add_column(name, justify="right")
    return table


def add_rows(table: Table, form: str, outcome: Outcome) -> None:
    """The phases of one format."""
    for number, row in enumerate(rows(outcome)):
        refused = ", ".join(f"{count} {reason}" for reason, count in row.refused.most_common()) or "0"
        name = form if not number else ""
        figures = (len(row.people), row.accepted, refused, row.lost, row.doubled)
        table.add_row(name, row.phase, *map(str, figures))
    table.add_section()
