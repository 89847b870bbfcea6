"""What a rehearsal came to, in figures that are all counted and none assumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from app.rehearsal.account.claims import Audit, Claim
from app.rehearsal.account.participation import Participation


@dataclass(frozen=True, slots=True)
class Kill:
    """``victim`` was killed and came back. ``unanswered`` commands were under way; ``seconds`` until it answered."""

    victim: str
    phase: str
    unanswered: int
    seconds: float


@dataclass
class Outcome:
    """All figures. Times are real seconds unless they say otherwise."""

    participants: int
    seed: int
    rate: float
    claims: Sequence[Claim] = ()
    audit: Audit = field(default_factory=Audit)
    problems: list[str] = field(default_factory=list)
    """What verify found, and what went wrong on the way."""
    kills: list[Kill] = field(default_factory=list)
    connections: int = 0
    events: int = 0
    phases: Sequence[str] = ()
    """Those of the format, in its order."""
    archives: bool = True
    """Whether the format has a phase that archives, so that records are to be there in the end."""
    participation: Participation = field(default_factory=Participation)
    export: str = ""
    seconds: float = 0.0

    @property
    def waits(self) -> list[float]:
        """Seconds each answered command waited."""
        return sorted(claim.sent.waited for claim in self.claims if claim.sent.answered)

    @property
    def acknowledged(self) -> int:
        return sum(claim.sent.acknowledged for claim in self.claims)

    @property
    def refused(self) -> Counter[str]:
        """Refusals by reason."""
        return Counter(claim.sent.refused for claim in self.claims if claim.sent.refused)

    @property
    def refused_commands(self) -> Counter[str]:
        """Refusals by phase, command and reason."""
        sent = (claim.sent for claim in self.claims if claim.sent.refused)
        return Counter(
            f"{command.fields.get('phase') or '-'} {command.name}: {command.refused}" for command in sent
        )

    @property
    def again(self) -> int:
        """Times a command was said once more, after a connection had been lost."""
        return sum(max(0, claim.sent.times - 1) for claim in self.claims)

    @property
    def p99(self) -> float:
        """The wait that one command in a hundred exceeds."""
        return quantiles(self.waits, n=100)[98] if len(self.waits) > 1 else 0.0

    @property
    def missing(self) -> list[str]:
        """Why this rehearsal has failed; empty if it has not."""
        audit, unattended = self.audit, self.participation.unattended
        untried = self.participation.never_pressed
        checks = (
            (audit.lost, f"{len(audit.lost)} commands lost"),
            (audit.doubled, f"{len(audit.doubled)} doubled"),
            (audit.unkept, f"not kept in records: {'; '.join(audit.unkept[:5])}"),
            (self.archives and not audit.whole, "no record archived with owner, need and market"),
            (
                len(audit.phases) < len(self.phases),
                f"{len(audit.phases)} of {len(self.phases)} phases opened",
            ),
            (unattended, f"nobody took part in {', '.join(unattended)}"),
            (untried, f"offered and never pressed: {', '.join(untried)}"),
            (self.problems, "; ".join(self.problems[:5])),
        )
        return [words for failed, words in checks if failed]

    def figures(self) -> dict[str, Any]:
        """Everything for machines."""
        audit = self.audit
        return {
            "people": self.participants,
            "seed": self.seed,
            "rate": self.rate,
            "sent": len(self.claims),
            "acknowledged": self.acknowledged,
            "acknowledged_without_change": audit.idle,
            "refused": dict(self.refused),
            "refused_commands": dict(self.refused_commands),
            "said_again": self.again,
            "lost": len(audit.lost),
            "doubled": len(audit.doubled),
            "not_kept_in_records": len(audit.unkept),
            "records": {
                "drafted": audit.drafted,
                "submitted": audit.submitted,
                "archived": audit.archived,
                "with_owner_need_and_market": audit.whole,
            },
            "phases_opened": len(set(audit.phases)),
            "nobody_took_part": self.participation.unattended,
            "offered_and_never_pressed": self.participation.never_pressed,
            "events": self.events,
            "connections": self.connections,
            "kills": [
                {
                    "victim": k.victim,
                    "phase": k.phase,
                    "unanswered": k.unanswered,
                    "seconds": round(k.seconds, 3),
                }
                for k in self.kills
            ],
            "ack_seconds": {"p99": round(self.p99, 4), "longest": round(max(self.waits, default=0.0), 4)},
            "race_seconds": audit.seconds,
            "wall_seconds": round(self.seconds, 2),
            "details": {"lost": audit.lost[:50], "doubled": audit.doubled[:50], "failed": self.missing},
        }
