"""What a phase has said of an entry and nobody but staff may know yet: a blind vote's choice, a jury's award."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sessions.activities import activity_class, kinds

if TYPE_CHECKING:
    from sessions.agenda import Phase
    from sessions.entry import Entry
    from sessions.session_view import SessionView


def is_concealed(session: SessionView, entry: Entry, phase_id: str, name: str, key: str) -> bool:
    """Whether something said of an entry waits: for the phase that presents it to the room, as long as one is to come;
    else for the phase that has said it."""
    if session.tells_all:
        return False
    presenting = [phase for phase in session.agenda if _presents(phase, phase_id, name)]
    if presenting:
        return not any(
            phase.activity is not None and phase.activity.has_presented(phase_id, entry.id, name, key)
            for phase in presenting
        )
    said_in = session.agenda.get(phase_id)
    activity = said_in.activity if said_in is not None else None
    return activity is not None and activity.conceals(name)


def _presents(phase: Phase, phase_id: str, name: str) -> bool:
    if phase.state == "skipped" or phase_id not in phase.spec.inputs or phase.kind not in kinds():
        return False
    return name in activity_class(phase.kind).presents


def is_kept_secretly(session: SessionView, entry: Entry) -> bool:
    """Whether nobody may know yet that this idea was kept: its vote has not shown what it came to, and no phase builds
    on that."""
    if session.tells_all or not entry.kept_in or is_built_on(session, entry.kept_in):
        return False
    return is_concealed(session, entry, entry.kept_in, "kept", "")


def is_built_on(session: SessionView, phase_id: str) -> bool:
    """Whether a phase has begun that goes on from what another came to."""
    return any(phase_id in phase.spec.inputs for phase in session.agenda.begun)


def revealed(session: SessionView, entry: Entry, name: str) -> dict[tuple[str, str], Any]:
    """What was said of an entry under a name and may be known, by phase and key, oldest first."""
    return dict(_revealed(session, entry, name))


def _revealed(session: SessionView, entry: Entry, name: str) -> Iterator[tuple[tuple[str, str], Any]]:
    for (phase, said, key), value in entry.facts.items():
        if said == name and not is_concealed(session, entry, phase, name, key):
            yield (phase, key), value
