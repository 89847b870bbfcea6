"""The line of the race: all phases on the ground, and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from sessions import activities
from sessions.agenda import Phase
from sessions.session import Session

if TYPE_CHECKING:
    pass


def planned_scene(phase: Phase) -> str:
    """The scene that a phase brings, "" for day: known before it is open."""
    return activities.planned_scene(phase.kind, phase.spec.rules)


def line(session: Session, now: float) -> Markup:
    """The whole race on the ground: a pole for every phase, nights as thick snow, the tall pole is now.

    Drawn in planned minutes, so that it is the same drawing for everybody; ``now`` is wall time.
    """
    track = [p for p in session.agenda.main_track if not p.spec.apart]
    total = max(1, sum(p.spec.minutes for p in track))
    starts = [session.agenda.planned_offset(p) / 60 for p in track]
    nights = [(s, p.spec.minutes) for s, p in zip(starts, track, strict=True) if planned_scene(p) == "night"]
    poles = " ".join(f"M{min(max(4, s), total - 4):.0f} 15V9" for s in starts)
    snow = "".join(f"M{s:.0f} 14H{s + m:.0f}" for s, m in nights)
    at = min(total, max(0, (now - session.anchor) / 60)) if session.anchor else 0
    return Markup(
        '<svg class="line" viewBox="0 0 {total} 16" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="ground" d="M0 15H{total}"/><path class="nights" d="{snow}"/><path class="poles" d="{poles}"/>'
        '<path class="gone" d="M0 15H{at:.0f}"/><path class="now" d="M{at:.0f} 16V0"/></svg>'
    ).format(total=total, snow=snow or "M0 0", poles=poles, at=at)
