"""The organisations of a session. What somebody gave as theirs stands in the log as a key; staff say which of the keys
are one and the same ("Norrdata", "Norr Data AB"), and whatever counts by organisation goes by that."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sessions.audience import person_scope
from sessions.messages import Command, Decision, Event, Personal, refuse
from sessions.names import MAX_NAME, shown
from sessions.outcome import Fact
from sessions.session_shapes import own_event

if TYPE_CHECKING:
    from sessions.people import Member
    from sessions.session import Session
    from sessions.session_state import SessionState


def named(session: SessionState, key: str) -> str:
    """The organisation that a key stands for."""
    while key in session.united:
        key = session.united[key]
    return key


def give(session: SessionState, member: Member, key: str) -> None:
    """Somebody has said which is theirs."""
    member.said_organisation, member.organisation = key, named(session, key)


def of_everybody(session: SessionState) -> dict[str, list[Member]]:
    """Everybody who is here and belongs to one, by organisation, in the order they came."""
    found: dict[str, list[Member]] = {}
    for member in session.people.values():
        if member.organisation and not member.removed:
            found.setdefault(member.organisation, []).append(member)
    return found


def give_organisation(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Somebody says which ``organisation`` is theirs, or corrects it; "" for none."""
    name = shown(command.text("organisation"))
    if len(name) > MAX_NAME:
        return refuse(
            "too_long_name", "An organisation's name has at most {limit} characters.", limit=MAX_NAME
        )
    given = own_event("organisation_given", person=member.id, organisation=session.key_of(name))
    return [given, Personal(member.id, {"organisation": name})]


def unite_organisations(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Two names stand for one ``organisation``: it is part of the one that it goes ``into``."""
    organisation, into = (named(session, command.text(field)) for field in ("organisation", "into"))
    known = of_everybody(session)
    if organisation not in known or into not in known:
        return refuse("unknown_organisation", "That organisation is not here any more. Choose again.")
    if organisation == into:
        return []
    return [own_event("organisations_united", organisation=organisation, into=into)]


def part_organisation(session: Session, command: Command, member: Member, now: float) -> Decision:
    """An ``organisation`` that was taken for another stands for itself again."""
    organisation = command.text("organisation")
    return (
        [own_event("organisation_parted", organisation=organisation)]
        if organisation in session.united
        else []
    )


def organisation_given(session: Session, event: Event) -> None:
    member, key = session.people[event.body["person"]], event.body["organisation"]
    concerned = _people_of(session, {member.organisation, named(session, key)} - {""})
    give(session, member, key)
    session.touch("me", scope=person_scope(member.id))
    _tell(session, [member, *(other for other in concerned if other is not member)])


def organisations_united(session: Session, event: Event) -> None:
    session.united[event.body["organisation"]] = event.body["into"]
    _renamed(session, {event.body["organisation"], event.body["into"]})


def organisation_parted(session: Session, event: Event) -> None:
    before = named(session, event.body["organisation"])
    del session.united[event.body["organisation"]]
    _renamed(session, {event.body["organisation"], before})


def _people_of(session: SessionState, organisations: Collection[str]) -> list[Member]:
    return [member for member in session.people.values() if member.organisation in organisations]


def _renamed(session: Session, organisations: Collection[str]) -> None:
    """Everybody of these belongs to what is theirs now."""
    concerned = _people_of(session, organisations)
    for member in concerned:
        member.organisation = named(session, member.said_organisation)
    _tell(session, concerned)


def _tell(session: Session, concerned: Collection[Member]) -> None:
    """Whoever counts by organisation hears of everybody whose organisation is another, or has other people."""
    session.touch("people", "alerts")
    for phase in session.agenda.begun:
        if phase.activity is None:
            continue
        for member in concerned:
            fact = Fact(person_scope(member.id), "organisation", member.organisation)
            session.take(phase, phase.activity.noticed(fact, ""))
