"""The session's own commands about its phases and what everybody is told; people_commands.py has those about people.

Each function decides one command of ``SESSION_RIGHTS`` and is called what the command is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sessions.activity import too_long
from sessions.agenda import CLOSED, OPEN, PLANNED, SKIPPED, Phase
from sessions.audience import CLOCK, DOORS
from sessions.box_keys import closed_unopened, has_box, opened_with
from sessions.days import moment
from sessions.messages import Command, Decision, Item, Refused, refuse
from sessions.refusals import keys_not_shared, not_driving, not_open
from sessions.session_shapes import own_event
from sessions.session_state import ANNOUNCED_MINUTES
from sessions.undo import way_back

if TYPE_CHECKING:
    from sessions.people import Member
    from sessions.session import Session

MAX_ANNOUNCEMENT = 280
MAX_EXPECTED = 25_000
"""People who may be expected."""
LONG_AHEAD = 3 * 366 * 86_400.0
"""Seconds."""
A_MOMENT_AGO = 60.0
"""Seconds by which a planned start may lie behind: fields for a time know whole minutes."""
ERASING = ("request", "personal", "harmful", "mistake")
"""Why staff may erase words: somebody asked for it, they tell of a person, they do harm, they came here by mistake."""
MAX_EXTENSION = 24 * 60
"""Minutes by which one command may move a phase's end."""
OPENING_BALLOT_BOXES = frozenset({"open_phase", "next_phase", "close_phase", "skip_phase"})
"""Commands that may close a vote: the desk hands them what lies in the ballot boxes."""
OPENING_PHASES = frozenset({"open_phase", "next_phase", "skip_phase", "reopen_phase"})
"""Commands that may open a vote: the desk hands them new keys for ballot boxes."""


def undo(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Take back the latest ``decision`` (the seq of its last event), as long as nothing has come after it."""
    decided = session.undoable
    if decided is not None and decided.about_phases and session.driver not in ("", member.id):
        return not_driving()
    return way_back(session, command.whole("decision"), now)


def take_over(session: Session, command: Command, member: Member, now: float) -> Decision:
    return [] if session.driver == member.id else [own_event("took_over", person=member.id)]


def open_phase(session: Session, command: Command, member: Member, now: float) -> Decision:
    phase = session.agenda.get(command.phase)
    if phase is None or phase.state not in (PLANNED, SKIPPED):
        return refuse("not_planned", "That phase is open or over already. Use “open again” for a closed one.")
    if not phase.main:
        return _opening([phase], command, now)
    if not _saw_what_is_on(session, command):
        return _moved_on()
    return _move_on(session, _running(session), phase, command, now)


def next_phase(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Close the current phase (the one the sender saw) and open the one after it."""
    current = session.agenda.current
    if command.phase != (current.id if current else ""):
        return _moved_on()
    following = session.agenda.following()
    if following is None:
        return refuse("no_next", "This was the last phase.")
    return _move_on(session, _running(session), following, command, now)


def _saw_what_is_on(session: Session, command: Command) -> bool:
    """Whether the sender's page showed the phase that is on. What comes without ``seen`` means whatever is on."""
    current = session.agenda.current
    return "seen" not in command.fields or command.text("seen") == (current.id if current else "")


def _moved_on() -> Refused:
    return refuse("moved_on", "Somebody has moved on already. Look at what is open now.")


def _running(session: Session) -> Phase | None:
    current = session.agenda.current
    return current if current is not None and current.state == OPEN and not current.spec.later else None


def _move_on(session: Session, leaving: Phase | None, to: Phase, command: Command, now: float) -> Decision:
    left = _leaving(session, leaving, command, now) if leaving else []
    if isinstance(left, Refused):
        return left
    beside = [phase for phase in session.agenda.beside(to) if phase.state == PLANNED]
    opened = _opening([to, *beside], command, now)
    return opened if isinstance(opened, Refused) else [*left, *opened]


def _leaving(session: Session, phase: Phase, command: Command, now: float) -> Decision:
    """Closing a phase and what is open beside it, each with what it has to settle first."""
    events: list[Item] = []
    for leaving in (*session.agenda.beside(phase), phase):
        if leaving.state != OPEN or leaving.activity is None:
            continue
        no = leaving.activity.refuse_close(now)
        if no is not None:
            return no
        boxes = {} if leaving.activity.box_is_empty else command.ballot_boxes
        if has_box(leaving) and boxes is None:
            return keys_not_shared()
        closing = leaving.activity.closing(now, command._replace(ballot_boxes=boxes))
        events += [*closing, own_event("phase_closed", leaving.id)]
    return events


def _opening(phases: Sequence[Phase], command: Command, now: float) -> Decision:
    """Opening phases, each with the ballot box that it needs."""
    items: list[Item] = []
    for phase in phases:
        box = opened_with(phase, command)
        if isinstance(box, Refused):
            return box
        ends_at = now + phase.spec.minutes * 60.0
        items += [*box.items, own_event("phase_opened", phase.id, ends_at=ends_at, **box.fields)]
    return items


def close_phase(session: Session, command: Command, member: Member, now: float) -> Decision:
    phase = session.agenda.get(command.phase)
    if phase is None or phase.state != OPEN:
        return not_open()
    if member.role == CLOCK and now < phase.ends_at:
        return []
    return _leaving(session, phase, command, now)


def extend_phase(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Move the end of an open phase by ``minutes`` (may be negative)."""
    phase = session.agenda.get(command.phase)
    minutes = command.whole("minutes")
    if phase is None or phase.state != OPEN:
        return not_open()
    if minutes is None or abs(minutes) not in range(1, MAX_EXTENSION + 1):
        return refuse("bad_minutes", "Give whole minutes between 1 and {limit}.", limit=MAX_EXTENSION)
    ends_at = max(phase.ends_at, now if minutes > 0 else 0.0) + minutes * 60.0
    if ends_at <= now:
        return refuse("in_the_past", "That would end the phase in the past. Close it instead.")
    return [own_event("phase_extended", phase.id, minutes=minutes, ends_at=ends_at)]


def skip_phase(session: Session, command: Command, member: Member, now: float) -> Decision:
    phase = session.agenda.get(command.phase)
    if phase is None or phase.state not in (PLANNED, OPEN):
        return refuse("not_planned", "That phase is open or over already. Use “open again” for a closed one.")
    if phase.state == PLANNED:  # perhaps put back in the midst of a vote
        return [own_event("phase_skipped", phase.id), *closed_unopened(phase)]
    left = _leaving(session, phase, command, now)
    if phase is not session.agenda.current:
        return left if isinstance(left, Refused) else [*left, own_event("phase_skipped", phase.id)]
    following = session.agenda.following()
    if following is None:
        return refuse("no_next", "This was the last phase.")
    opened = _move_on(session, None, following, command, now)
    if isinstance(left, Refused) or isinstance(opened, Refused):
        return left if isinstance(left, Refused) else opened
    return [*left, own_event("phase_skipped", phase.id), *opened]


def reopen_phase(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Step back to a closed phase; the current one of the main track goes back into the agenda."""
    phase = session.agenda.get(command.phase)
    if phase is None or phase.state != CLOSED:
        return refuse("not_closed", "Only a closed phase can be opened again.")
    if phase.main and not _saw_what_is_on(session, command):
        return _moved_on()
    box = opened_with(phase, command)
    if isinstance(box, Refused):
        return box
    minutes = min(max(1, command.whole("minutes") or 10), MAX_EXTENSION)
    ends_at = now + minutes * 60.0
    events: list[Item] = [
        *box.items,
        own_event("phase_reopened", phase.id, ends_at=ends_at, **box.fields),
    ]
    current = _running(session)
    if phase.main and current is not None:
        put_back = [p for p in (*session.agenda.beside(current), current) if p.state == OPEN]
        events = [*(own_event("phase_put_back", p.id) for p in put_back), *events]
    return events


def announce(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Say ``text`` to everybody, for so many ``minutes``."""
    text = command.text("text")
    if not text:
        return refuse("empty", "There is nothing written yet.")
    no = too_long(text, MAX_ANNOUNCEMENT)
    if no is not None:
        return no
    minutes = command.whole("minutes") or ANNOUNCED_MINUTES
    if minutes not in range(1, MAX_EXTENSION + 1):
        return refuse("bad_minutes", "Give whole minutes between 1 and {limit}.", limit=MAX_EXTENSION)
    return [own_event("announced", text=text, until=now + minutes * 60.0)]


def clear_announcement(session: Session, command: Command, member: Member, now: float) -> Decision:
    known = command.text("announcement")
    return [own_event("announcement_cleared", announcement=known)] if known in session.announcements else []


def set_door(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Say who comes in (``state``), and how many people are expected (``expected``; as before where it is missing)."""
    state, typed = command.text("state") or session.door, command.text("expected")
    expected = command.whole("expected") if typed else session.expected
    if state not in DOORS:
        return refuse("no_such_door", "The door cannot be like that.")
    if expected is None or expected not in range(MAX_EXPECTED + 1):
        return refuse("bad_number", "Give a whole number of people, at most {limit}.", limit=MAX_EXPECTED)
    if (state, expected) == (session.door, session.expected):
        return []
    return [own_event("door_set", state=state, expected=expected)]


def plan_start(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Say when the first phase is to open (``at``: day and hour in the session's zone; "" takes it back). It opens when
    somebody opens it: this is what people read until then."""
    if session.agenda.has_begun:
        return refuse("begun", "The event has begun, so its start cannot be planned any more.")
    written = command.text("at")
    starts_at = moment(written, session.zone) if written else 0.0
    if starts_at is None:
        return refuse("bad_time", "Write the day and the hour, like 2026-12-03 09:00.")
    if written and starts_at < now - A_MOMENT_AGO:
        return refuse("in_the_past", "That time has passed. Choose a later one, or open the first phase.")
    if starts_at > now + LONG_AHEAD:
        return refuse("far_ahead", "That is more than three years ahead. Choose an earlier time.")
    return [] if starts_at == session.agenda.starts_at else [own_event("start_planned", starts_at=starts_at)]


def drop_aside(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Leave what others have written in place of one's own text (``aside``), which goes."""
    known = session.texts.aside.get(command.text("aside"))
    if known is None or known.person != member.id:
        return []
    return [own_event("aside_dropped", person=member.id, aside=known.id)]


def erase_words(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Erase for good what somebody wrote in the event ``of`` (its seq): ``why`` is one of ERASING, ``reason`` says more
    of it and stays in the log of decisions. It cannot be taken back, so the sender is ``sure`` (yes)."""
    of, why, reason = command.whole("of"), command.text("why"), command.text("reason")
    if of is None or not 0 < of <= session.seq:
        return refuse("no_event", "There is no such event. Choose one from the list.")
    if why not in ERASING or not reason:
        return refuse("reason_missing", "Say why: the reason goes into the log of decisions.")
    if command.text("sure") != "yes":
        return refuse("not_sure", "Tick that you are sure, then press again. Nothing has been erased.")
    known = f"event:{of}" in session.withdrawn
    asked = own_event("erasing_asked", of=of, why=why, reason=reason)
    return too_long(reason, MAX_ANNOUNCEMENT) or ([] if known else [asked])


def show_on_screen(session: Session, command: Command, member: Member, now: float) -> Decision:
    choice = command.text("choice")
    phase = session.agenda.get(choice)
    if choice not in ("", "dark") and (phase is None or not phase.started):
        return not_open()
    return [own_event("screen_chosen", choice=choice)]
