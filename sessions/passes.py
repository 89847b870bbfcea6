"""Guest passes: whose is good now, and what the session does when that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.agenda import OPEN, PLANNED

if TYPE_CHECKING:
    from sessions.agenda import Agenda
    from sessions.session_state import SessionState


def check(session: SessionState) -> None:
    """The event has come to another phase, or somebody to another role: whose pass begins or ends with it."""
    if session.format is None or all(own.guest_pass is None for own in session.format.roles.values()):
        return  # whoever comes in would else cost as much as there are people
    changed = False
    for member in session.people.values():
        member.guest_pass = session.pass_of(member.part)
        outside = not is_good(session.agenda, member.guest_pass)
        if outside != member.outside:
            member.outside, changed = outside, True
            session.place(member)
    if changed:
        session.touch("people", "headcount", "alerts")
        session.touch_all_panes()  # any of them may count who is there


def is_good(agenda: Agenda, phases: frozenset[str] | None) -> bool:
    """Whether the event is in these phases. A pass is good from the opening of its first phase, until a later phase
    than its last opens, or the current one has closed and none of its own is left."""
    if phases is None:
        return True
    current = agenda.current
    if current is None or current.id not in phases:
        return False
    track = agenda.main_track
    following = track[track.index(current) + 1 :]
    return current.state == OPEN or any(
        phase.id in phases and phase.state in (PLANNED, OPEN) for phase in following
    )


def shut_out(session: SessionState) -> frozenset[str]:
    """The format's roles whose pass is not good now: nobody who is called so is there."""
    own = session.format.roles.values() if session.format else ()
    return frozenset(role.key for role in own if not is_good(session.agenda, role.guest_pass))
