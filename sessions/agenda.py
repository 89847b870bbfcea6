"""Phases in time: what is open, what comes next, and when.

Times are wall time in seconds since 1970 UTC; lengths are elapsed seconds. A session has one anchor, the instant its
first phase opened, so that a change to summer time moves no deadline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sessions.activity import Activity
from sessions.format import Spec

HALF_A_DAY = 12 * 60
"""Minutes."""
PLANNED, OPEN, CLOSED, SKIPPED = "planned", "open", "closed", "skipped"


@dataclass
class Phase:
    """A phase as it runs. ``revision`` counts how often it has been opened; ``stale`` says that what it built on has
    been reopened since. ``box_key`` is the public key of its ballot box, "" once that is counted or where it has none.
    """

    spec: Spec
    state: str = PLANNED
    opened_at: float = 0.0
    ends_at: float = 0.0
    closed_at: float = 0.0
    revision: int = 0
    stale: bool = False
    box_key: str = ""
    old_box_keys: list[str] = field(default_factory=list)
    """The keys of boxes that are counted, or were destroyed unread."""
    activity: Activity | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def kind(self) -> str:
        return self.spec.kind

    @property
    def main(self) -> bool:
        """Whether it takes its turn in the agenda (others open beside one that does)."""
        return not self.spec.beside

    @property
    def seals_ballots(self) -> bool:
        """Whether secret ballots of the phase have ever been sealed: not where an earlier release held it."""
        return bool(self.box_key or self.old_box_keys)

    def use_box(self, key: str) -> None:
        """From here on ballots go into the box with a key; "" for none."""
        if self.box_key not in ("", key):
            self.old_box_keys.append(self.box_key)
        self.box_key = key

    @property
    def started(self) -> bool:
        return self.state in (OPEN, CLOSED)


class Slot(NamedTuple):
    """When a phase of the main track starts and ends, as it happened or as it is foreseen now."""

    phase: Phase
    starts_at: float
    ends_at: float


class Agenda:
    """The phases of one session in the order of the format."""

    def __init__(self, specs: Iterable[Spec]) -> None:
        self.phases = {spec.id: Phase(spec) for spec in specs}
        self.current: Phase | None = None
        """The phase of the main track that is on, or was last."""
        self.starts_at = 0.0
        """When the first phase is planned to open (wall time); 0 where nobody has said."""

    def __iter__(self) -> Iterator[Phase]:
        return iter(self.phases.values())

    def get(self, phase_id: str) -> Phase | None:
        return self.phases.get(phase_id)

    @property
    def main_track(self) -> list[Phase]:
        return [phase for phase in self if phase.main]

    def beside(self, phase: Phase) -> list[Phase]:
        """The phases that open together with this one."""
        return [other for other in self if other.spec.beside == phase.id]

    def built_on(self, phase: Phase) -> list[Phase]:
        """The phases that take what this one hands on, or what those hand on, and so forth; not itself."""
        names, before = {phase.id}, 0
        while len(names) > before:
            before = len(names)
            names |= {other.id for other in self if names.intersection(other.spec.inputs)}
        return [other for other in self if other.id in names and other is not phase]

    def following(self) -> Phase | None:
        """The next phase of the main track that is still planned."""
        track = self.main_track
        start = track.index(self.current) + 1 if self.current in track else 0
        return next((phase for phase in track[start:] if phase.state == PLANNED), None)

    @property
    def open(self) -> list[Phase]:
        return [phase for phase in self if phase.state == OPEN]

    @property
    def showing(self) -> list[Phase]:
        """What people have before them: the current phase first, then everything else that is open."""
        current = [self.current] if self.current is not None and self.current.started else []
        return current + [phase for phase in self.open if phase is not self.current]

    @property
    def started(self) -> list[Phase]:
        return [phase for phase in self if phase.started]

    @property
    def begun(self) -> list[Phase]:
        """Phases that have ever opened: one that was skipped or put back may still be shown on the projector."""
        return [phase for phase in self if phase.activity is not None]

    @property
    def has_begun(self) -> bool:
        """Whether a phase of the running clock has opened."""
        return any(phase.started and not phase.spec.before for phase in self.main_track)

    def forecast(self, now: float) -> list[Slot]:
        """Every phase of the main track with its times: past ones as they were, coming ones as they follow from now, or
        from the planned start. What runs in the days before moves nothing."""
        slots: list[Slot] = []
        cursor = now if self.has_begun else max(now, self.starts_at)
        for phase in self.main_track:
            if phase.spec.before:
                starts = phase.opened_at if phase.started else now
                slots.append(Slot(phase, starts, _end(phase, starts, now)))
                continue
            starts = phase.opened_at if phase.started else cursor
            ends = _end(phase, starts, now)
            slots.append(Slot(phase, starts, ends))
            cursor = ends if phase.state != SKIPPED else cursor
        return slots

    @property
    def over_days(self) -> bool:
        """Whether the programme is long enough that an hour alone does not say which day is meant."""
        return sum(p.spec.minutes for p in self.main_track if not p.spec.apart) > HALF_A_DAY

    def planned_offset(self, phase: Phase) -> float:
        """Elapsed seconds from the anchor at which the format has this phase start."""
        anchor = next((p for p in self.main_track if p.id == phase.spec.beside), phase)
        before = self.main_track[: self.main_track.index(anchor)]
        return sum(p.spec.minutes * 60.0 for p in before if not p.spec.apart)

    def planned_end(self, anchor: float) -> float | None:
        """Wall time at which, by the format, the current phase should have ended; None where nothing is on."""
        phase = self.current
        if phase is None or phase.spec.apart or not (phase.state == OPEN or self._goes_on):
            return None
        return anchor + self.planned_offset(phase) + phase.spec.minutes * 60.0

    @property
    def _goes_on(self) -> bool:
        """Whether something follows within the race itself."""
        following = self.following()
        return following is not None and not following.spec.apart

    @property
    def runs_to(self) -> float:
        """Wall time to which the current phase runs at least; 0 once it has closed, so that only the clock counts."""
        phase = self.current
        return phase.ends_at if phase is not None and phase.state == OPEN else 0.0

    def behind(self, anchor: float, now: float) -> float:
        """Seconds by which the current phase ends later than planned, or the next one is late; negative when ahead."""
        planned_end = self.planned_end(anchor)
        return 0.0 if planned_end is None else max(self.runs_to, now) - planned_end


def _end(phase: Phase, starts: float, now: float) -> float:
    if phase.state == CLOSED:
        return phase.closed_at
    if phase.state == OPEN:
        return max(phase.ends_at, now)
    return starts if phase.state == SKIPPED else starts + phase.spec.minutes * 60.0
