"""The refusals that several commands share."""

from __future__ import annotations

from sessions.agenda import CLOSED, OPEN, Phase
from sessions.messages import Refused, refuse


def not_allowed() -> Refused:
    return refuse("not_allowed", "Your role in this session may not do that.")


def not_driving() -> Refused:
    return refuse("not_driving", "Somebody else drives this session. Take over first, then press again.")


def closed(phase: Phase, now: float) -> Refused:
    """The refusal for something that came after a phase had closed, with how late it was."""
    if phase.state == OPEN:
        return refuse("still_open", "This phase is still open. Close it first.")
    if phase.state != CLOSED:
        return not_open()
    late = max(1, round(now - phase.closed_at))
    return refuse(
        "closed",
        "Closed {closed_at}. Yours came {late} late and does not count.",
        closed_at=phase.closed_at,
        late_seconds=late,
        late=f"{late} s" if late < 120 else f"{late // 60} min",
    )


def not_open() -> Refused:
    return refuse("not_open", "This phase has not opened yet. What you wrote stays on your device.")


def keys_not_shared() -> Refused:
    """The refusal where secret ballots can be neither sealed nor opened."""
    return refuse(
        "keys_not_shared",
        "Secret ballots cannot be sealed or opened here: the server does not have the folder of keys that belongs to "
        "its data. Whoever runs it can put that right.",
    )


def not_sealed() -> Refused:
    """The refusal for a secret ballot where there is nothing to seal it to."""
    return refuse(
        "not_sealed",
        "This was opened by an earlier release, which did not seal ballots. The facilitator closes it and opens it "
        "again; then send yours.",
    )


def unknown_command() -> Refused:
    return refuse("unknown_command", "This phase does not know that command. Reload the page.")
