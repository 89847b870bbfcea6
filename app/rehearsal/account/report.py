"""The table at the end of a rehearsal."""

from __future__ import annotations

from rich.table import Table

from app.rehearsal.account.outcome import Outcome

HOUR = 3600


def table(outcome: Outcome) -> Table:
    """The figures for people."""
    audit = outcome.audit
    rows = Table(
        show_header=False, title=f"Rehearsal, seed {outcome.seed}, {outcome.rate:g} race seconds a second"
    )
    rows.add_column()
    rows.add_column(justify="right")
    for name, figure in (
        ("people", f"{outcome.participants}"),
        ("phases opened", f"{len(set(audit.phases))} of {len(outcome.phases)}"),
        ("  with nobody taking part", ", ".join(outcome.participation.unattended) or "none"),
        ("offered and never pressed", "\n".join(outcome.participation.never_pressed) or "nothing"),
        ("race time", f"{audit.seconds / HOUR:.1f} h"),
        ("events in the log", f"{outcome.events}"),
        ("commands sent", f"{len(outcome.claims)}"),
        ("  said again after a reconnect", f"{outcome.again}"),
        ("acknowledged", f"{outcome.acknowledged}"),
        ("  that rightly changed nothing", f"{audit.idle}"),
        ("refused", f"{outcome.refused.total()}"),
        *((f"  {reason}", f"{count}") for reason, count in outcome.refused.most_common()),
        ("lost", f"{len(audit.lost)}"),
        ("doubled", f"{len(audit.doubled)}"),
        ("records drafted", f"{audit.drafted}"),
        ("records submitted", f"{audit.submitted}"),
        ("records archived", f"{audit.archived}"),
        ("  with owner, need and market", f"{audit.whole}"),
        *(
            (
                f"{kill.victim} killed in {kill.phase}",
                f"{kill.unanswered} unanswered, back in {kill.seconds:.1f} s",
            )
            for kill in outcome.kills
        ),
        ("ack, 99 of 100 within", f"{outcome.p99 * 1000:.0f} ms"),
        ("longest ack", f"{max(outcome.waits, default=0.0) * 1000:.0f} ms"),
        ("verify", "holds" if not outcome.problems else "DOES NOT HOLD"),
        ("wall time", f"{outcome.seconds:.1f} s"),
    ):
        rows.add_row(name, figure)
    return rows
