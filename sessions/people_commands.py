"""The session's own commands about people: who comes in, as what, in which language, and who leaves.

Each function decides one command of ``SESSION_RIGHTS`` and is called what the command is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.audience import STAFF
from sessions.format import LANGUAGES
from sessions.messages import Command, Decision, Erasure, Refused, refuse
from sessions.refusals import not_allowed
from sessions.session_shapes import own_event

if TYPE_CHECKING:
    from sessions.people import Member
    from sessions.session import Session


def join(session: Session, command: Command, member: Member, now: float) -> Decision:
    """The door lets a person in: ``person``, ``role``, ``language``, ``organisation`` (a key, not a name)."""
    person, role = command.text("person"), command.text("role")
    if not session.knows_role(role):
        return refuse("unknown_role", "There is no role {role}.", role=role)
    known = session.people.get(person)
    if known is not None and not known.removed and known.called == role:
        return []
    language = _known_language(command.text("language"), session.language)
    body = {
        "person": person,
        "role": role,
        "language": language,
        "organisation": command.text("organisation"),
    }
    return [own_event("joined", "", **body)]


def choose_language(session: Session, command: Command, member: Member, now: float) -> Decision:
    language = _known_language(command.text("language"), member.language)
    return [own_event("language_chosen", person=member.id, language=language)]


def grant_role(session: Session, command: Command, member: Member, now: float) -> Decision:
    person, role = command.text("person"), command.text("role")
    if person not in session.people or not session.knows_role(role):
        return refuse("nobody", "That person or role is not in this session.")
    if session.acts_like(role)[0] not in STAFF and _is_last_to_drive(session, person):
        return _last_one()
    return [own_event("role_granted", person=person, role=role)]


def _is_last_to_drive(session: Session, person: str) -> bool:
    """Whether nobody could drive the session without this person."""
    able = [member.id for member in session.present_people(STAFF)]
    return able == [person]


def _last_one() -> Refused:
    return refuse(
        "last_one", "Nobody else can drive this session. Give somebody else the facilitator's role first."
    )


def remove_person(session: Session, command: Command, member: Member, now: float) -> Decision:
    person = command.text("person")
    if person not in session.people:
        return refuse("nobody", "That person or role is not in this session.")
    if person == member.id:
        return refuse("yourself", "Nobody can remove themselves. Ask somebody else of the staff.")
    if _is_last_to_drive(session, person):
        return _last_one()
    return [] if session.people[person].removed else [own_event("person_removed", person=person)]


def let_in(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Let ``person``, who was removed, back in: on the same device, without another link."""
    person = session.people.get(command.text("person"))
    if person is None or person.erased:
        return refuse("nobody", "That person or role is not in this session.")
    return [own_event("person_let_in", person=person.id)] if person.removed else []


def ask_in(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Whoever was removed asks to be let back in."""
    return [own_event("person_asked_in", person=member.id)] if member.removed and not member.asks_in else []


def erase_person(session: Session, command: Command, member: Member, now: float) -> Decision:
    """Forget who somebody is, and let them leave: the sender, or the ``person`` that staff names. It cannot be taken
    back, so the sender says that they are ``sure`` (yes)."""
    person = session.people.get(command.text("person") or member.id)
    if person is None or person.role == "screen":
        return refuse("nobody", "That person or role is not in this session.")
    if person.id != member.id and member.role not in STAFF:
        return not_allowed()
    if command.text("sure") != "yes":
        return refuse("not_sure", "Tick that you are sure, then press again. Nothing has been erased.")
    if not person.erased and _is_last_to_drive(session, person.id):
        return _last_one()
    return [] if person.erased else [own_event("person_erased", person=person.id), Erasure(person.id)]


def _known_language(language: str, otherwise: str) -> str:
    return language if language in LANGUAGES else otherwise
