"""The session's own events, folded in. Each function is called what the event is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions import facts, organisations, passes
from sessions.activities import activity_class
from sessions.activity import EVERY_PANE, FragmentId
from sessions.agenda import CLOSED, OPEN, PLANNED, SKIPPED, Agenda, Phase
from sessions.audience import EVERYBODY, STAFF, acting, pass_scope, person_scope, role_scope, team_scope
from sessions.format import read_format
from sessions.linked import Linked, card_in, ranked
from sessions.messages import Event
from sessions.people import Member
from sessions.session_state import ANNOUNCED_MINUTES, Announcement
from sessions.shared_texts import Aside, aside_id

if TYPE_CHECKING:
    from sessions.session import Session


def session_created(session: Session, event: Event) -> None:
    body = event.body
    session.format = read_format(body["format"])
    session.agenda = Agenda(session.format.specs)
    for own in session.format.roles.values():
        alike = session.alike.setdefault(role_scope(own.acts_like), [])
        alike.append(role_scope(acting(own.acts_like, own.key)))
        if own.guest_pass is not None:
            session.alike.setdefault(EVERYBODY, []).append(pass_scope(own.key))
    session.code, session.language, session.zone = body["code"], body["language"], body["zone"]
    session.title = body.get("title") or session.format.title
    session.touch("band", "controls", "agenda")


def joined(session: Session, event: Event) -> None:
    body = event.body
    role, part = session.acts_like(body["role"])
    known = session.people.get(body["person"])
    if known is None:
        session.people[body["person"]] = came = Member(
            body["person"], role, body["language"], joined_at=event.at, part=part
        )
        organisations.give(session, came, body["organisation"])
    else:
        known.role, known.part, known.removed, known.asks_in = role, part, False, False
        session.place(known)
    session.check_passes()
    if role in STAFF and not session.driver:
        session.driver = body["person"]
    if body["person"] == session.driver:
        session.touch("driver")
    session.touch("people", "headcount", "alerts")
    session.touch("me", scope=person_scope(body["person"]))
    for phase in session.agenda.begun:
        if phase.activity is not None:
            session.take(phase, phase.activity.arrived(session.people[body["person"]]))


def language_chosen(session: Session, event: Event) -> None:
    member = session.people[event.body["person"]]
    member.language = event.body["language"]
    session.place(member)
    session.touch("me", scope=person_scope(member.id))


def role_granted(session: Session, event: Event) -> None:
    member = session.people[event.body["person"]]
    member.role, member.part = session.acts_like(event.body["role"])
    session.check_passes()
    if member.part and member.guest_pass is None:
        # Who leads a team goes on leading it under a name that the format has for them.
        member.role = facts.role_in_team(session, member)
    _stands_otherwise(session, member)


def person_removed(session: Session, event: Event) -> None:
    member = session.people[event.body["person"]]
    member.removed, member.removed_at, member.asks_in = True, event.at, False
    _stands_otherwise(session, member)


def person_let_in(session: Session, event: Event) -> None:
    """Somebody who had been removed is back, as what they were."""
    member = session.people[event.body["person"]]
    member.removed, member.asks_in = False, False
    _stands_otherwise(session, member)
    for phase in session.agenda.begun:
        if phase.activity is not None:
            session.take(phase, phase.activity.arrived(member))


def person_asked_in(session: Session, event: Event) -> None:
    session.people[event.body["person"]].asks_in = True
    session.touch("people", "alerts")


def _stands_otherwise(session: Session, member: Member) -> None:
    """Somebody has come back, has gone, or is something else than before."""
    session.place(member)
    session.touch("people", "headcount", "alerts")
    if member.id == session.driver:
        session.touch("driver")
    session.touch("me", scope=person_scope(member.id))
    session.touch_all_panes()


def decision_undone(session: Session, event: Event) -> None:
    """The other events of the command have brought back what was; the agenda stands where it stood."""
    session.undoable, session.anchor = None, event.body["anchor"]
    current = session.agenda.get(event.body["current"])
    if current is not session.agenda.current:
        replace_current(session, current)
    session.touch("undo", "band", "controls", "ground", "agenda", "lobby", "driver")


def person_erased(session: Session, event: Event) -> None:
    """Nobody knows any more who this was, and nobody comes back as them."""
    session.people[event.body["person"]].erased = True
    person_removed(session, event)


def took_over(session: Session, event: Event) -> None:
    session.driver = event.body["person"]
    session.touch("driver", "alerts")


def phase_opened(session: Session, event: Event) -> None:
    phase = session.agenda.phases[event.phase]
    if not phase.spec.before:
        session.anchor = session.anchor or event.at
    phase.state, phase.opened_at, phase.ends_at = OPEN, event.at, event.body["ends_at"]
    phase.revision, phase.stale = phase.revision + 1, False
    phase.use_box(event.body.get("box_key", ""))
    inputs = session.inputs(phase)
    if phase.activity is None:
        phase.activity = activity_class(phase.kind)(phase, session, inputs)
    else:
        session.take(phase, phase.activity.reopened(inputs))
    facts.reveal(session, phase.spec.inputs)
    if phase.main:
        replace_current(session, phase)
    phase_changed(session, phase)


def replace_current(session: Session, phase: Phase | None) -> None:
    """Another phase of the main track (or none) is before people now; what stood there and beside it is shown anew or
    goes."""
    before, session.agenda.current = session.agenda.current, phase
    for current in filter(None, (before, phase)):
        for shown in (current, *session.agenda.beside(current)):
            session.mark(FragmentId(shown.id, EVERY_PANE.part, EVERY_PANE.key, EVERY_PANE.scope))


def phase_changed(session: Session, phase: Phase) -> None:
    session.mark(FragmentId(phase.id, EVERY_PANE.part, EVERY_PANE.key, EVERY_PANE.scope))
    session.touch(
        *("band", "controls", "ground", "agenda", "alerts", "channels"),
        *("lobby", "headcount", "screen", "driver", "undo"),
    )
    _agenda_changed(session)


def _agenda_changed(session: Session) -> None:
    """Panes may say what comes next and when."""
    for phase in (*session.agenda.showing, *session.visible_phases("screen")):
        session.mark(FragmentId(phase.id, EVERY_PANE.part, EVERY_PANE.key, EVERY_PANE.scope))


def phase_closed(session: Session, event: Event) -> None:
    phase = session.agenda.phases[event.phase]
    phase.state, phase.closed_at = CLOSED, event.at
    phase.use_box("")
    assert phase.activity is not None
    session.take(phase, phase.activity.closed())
    if phase.activity.presents:
        facts.reveal(session, phase.spec.inputs)
    phase_changed(session, phase)


def phase_extended(session: Session, event: Event) -> None:
    phase = session.agenda.phases[event.phase]
    phase.ends_at = event.body["ends_at"]
    session.touch("band", "agenda", "alerts")
    _agenda_changed(session)


def phase_skipped(session: Session, event: Event) -> None:
    phase = session.agenda.phases[event.phase]
    phase.state, phase.closed_at = SKIPPED, event.at
    phase.use_box("")
    phase_changed(session, phase)


def outcome_taken_in(session: Session, event: Event) -> None:
    body = event.body
    session.linked[body["link"]] = Linked(ranked(body))
    _built_on_link(session, body["link"])


def card_taken_in(session: Session, event: Event) -> None:
    card = card_in(event.body)
    session.linked[event.body["link"]].cards[card.id] = card


def _built_on_link(session: Session, link: str) -> None:
    """Phases that began without it, or with what was there before, have something else to build on now."""
    for phase in session.agenda:
        if f"@{link}" in phase.spec.inputs:
            phase.stale = phase.stale or phase.started
    session.touch("alerts", "agenda")


def phase_put_back(session: Session, event: Event) -> None:
    phase = session.agenda.phases[event.phase]
    phase.state = PLANNED
    phase_changed(session, phase)


def phase_reopened(session: Session, event: Event) -> None:
    phase = session.agenda.phases[event.phase]
    phase.state, phase.ends_at, phase.revision = OPEN, event.body["ends_at"], phase.revision + 1
    phase.use_box(event.body.get("box_key", ""))
    assert phase.activity is not None
    session.take(phase, phase.activity.reopened(session.inputs(phase)))
    for other in session.agenda.built_on(phase):
        other.stale = other.stale or other.started
    if phase.main:
        replace_current(session, phase)
    phase_changed(session, phase)


def announced(session: Session, event: Event) -> None:
    name = f"n{event.seq}"
    until = event.body.get("until", event.at + ANNOUNCED_MINUTES * 60.0)
    session.announcements[name] = Announcement(
        name, event.body["text"] or "", event.at, until, passes.shut_out(session)
    )
    session.mark(FragmentId("", "notice", name, EVERYBODY))


def announcement_cleared(session: Session, event: Event) -> None:
    session.announcements.pop(event.body["announcement"], None)
    session.mark(FragmentId("", "notice", event.body["announcement"], EVERYBODY))


def screen_chosen(session: Session, event: Event) -> None:
    before, session.screen_choice = session.screen_choice, event.body["choice"]
    for phase in session.agenda.showing:
        session.mark(FragmentId(phase.id, EVERY_PANE.part, EVERY_PANE.key, EVERY_PANE.scope))
    for choice in (before, session.screen_choice):
        if choice in session.agenda.phases:
            session.mark(FragmentId(choice, EVERY_PANE.part, EVERY_PANE.key, EVERY_PANE.scope))
    session.touch("band", "screen", "lobby", "headcount")


def start_planned(session: Session, event: Event) -> None:
    session.agenda.starts_at = event.body["starts_at"]
    session.touch("agenda", "lobby", "band")


def door_set(session: Session, event: Event) -> None:
    session.door, session.expected = event.body["state"], event.body["expected"]
    session.touch("door")


def nothing_changed(session: Session, event: Event) -> None:
    """Only the command's answer is remembered."""


def text_set_aside(session: Session, event: Event) -> None:
    """Both texts are kept. The writer's page takes up what stands, and shows theirs beside it."""
    body = event.body
    person, key = body["person"], (event.phase, *body["text"])
    aside = Aside(
        aside_id(person, key), key, person, body["command"], body["fields"], body["texts"] or {}, event.at
    )
    session.texts.aside[aside.id] = aside
    session.mark(FragmentId("", "aside", aside.id, person_scope(person)))
    member = session.people[person]
    for scope in (person_scope(person), *((team_scope(member.team),) if member.team else ())):
        session.mark(FragmentId(event.phase, "", "", scope))


def aside_dropped(session: Session, event: Event) -> None:
    body = event.body
    session.texts.drop(body["aside"])
    session.mark(FragmentId("", "aside", body["aside"], person_scope(body["person"])))


def erasing_asked(session: Session, event: Event) -> None:
    """The words go in a moment, by a task; that they had to is in the log of decisions."""
    session.take_back(f"event:{event.body['of']}")


def erased(session: Session, event: Event) -> None:
    """The words of some events are gone from the log. What is shown was made of them, so all of it is shown anew."""
    session.erased_seq = event.seq
    session.touch_all_panes()
    session.touch("band", "agenda", "entries", "people", "decisions", "alerts")
    for name in session.announcements:
        session.mark(FragmentId("", "notice", name, EVERYBODY))
