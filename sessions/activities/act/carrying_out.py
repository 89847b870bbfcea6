"""Exactly one person carries an action: asked, and responsible once they have said yes. Others may help, and those who
are asked for support say whether they give it. A command names its ``card``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.act.asking import action_named, action_of, refuse_person
from sessions.activities.act.plan import SUPPORTS, YES
from sessions.activity import too_long
from sessions.audience import STAFF
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.act import Act
    from sessions.activities.act.plan import Action
    from sessions.people import Member

MOST_SUPPORT = 500


def _about(act: Act, kind: str, action: Action, **more: str) -> Event:
    return act.event(kind, card=action.id, number=action.number, **more)


def ask_responsible(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """Ask a ``person`` to carry it: by whoever carries it, by staff, or, while nobody does, by who wrote it."""
    found, person = action_of(act, command, sender), command.text("person")
    if isinstance(found, Refused):
        return found
    if found.responsible and found.responsible != sender.id and sender.role not in STAFF:
        return refuse("not_free", "Somebody else carries this, or is asked to. You can help.")
    if person and person in (found.asked, found.responsible):
        return []
    kind = "action_accepted" if person == sender.id else "responsible_asked"
    return refuse_person(act, person) or [_about(act, kind, found, person=person)]


def accept_action(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """Carry it from here on: who was asked, or anybody who can where nobody is."""
    found = action_named(act, command)
    if isinstance(found, Refused):
        return found
    if found.responsible == sender.id:
        return []
    if found.asked != sender.id and not found.is_free:
        return refuse("not_free", "Somebody else carries this, or is asked to. You can help.")
    no = None if found.asked == sender.id else refuse_person(act, sender.id)
    return no or [_about(act, "action_accepted", found, person=sender.id)]


def decline_action(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """Say no to carrying it, also after a yes; somebody else may be named who is asked ``instead``."""
    found, instead = action_named(act, command), command.text("instead")
    if isinstance(found, Refused):
        return found
    if sender.id not in (found.asked, found.responsible):
        return []
    no = refuse_person(act, instead) if instead else None
    if instead == sender.id:
        return refuse("own_successor", "Choose somebody else, or nobody.")
    return no or [_about(act, "action_declined", found, person=sender.id, instead=instead)]


def help_action(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """Say that one helps with it."""
    found = action_named(act, command)
    if isinstance(found, Refused):
        return found
    if sender.id in found.helpers:
        return []
    if sender.id == found.responsible:
        return refuse("carries_it", "You carry this yourself.")
    return [_about(act, "action_helped", found, person=sender.id)]


def stop_helping(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """Help no more."""
    found = action_named(act, command)
    if isinstance(found, Refused):
        return found
    return [_about(act, "help_stopped", found, person=sender.id)] if sender.id in found.helpers else []


def ask_support(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """Say in a ``text`` what would help: those who give support answer."""
    found, text = action_of(act, command, sender), command.text("text")
    if isinstance(found, Refused):
        return found
    if not act.rules.get("support"):
        return refuse("no_support", "Nobody is asked for support in this phase.")
    if not text:
        return refuse("empty", "There is nothing written yet.")
    if found.support is not None and found.support.text == text:
        return []
    return too_long(text, MOST_SUPPORT) or [_about(act, "support_asked", found, text=text)]


def answer_support(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """Answer what was asked for: ``choice`` yes, partly or no, and ``answer``, which says why where it is not all."""
    found = action_named(act, command)
    if isinstance(found, Refused):
        return found
    choice, answer, support = command.text("choice"), command.text("answer"), found.support
    if not act.supports(sender):
        return refuse("not_supporter", "Others answer whether they give support.")
    if support is None:
        return refuse("not_asked", "Nobody has asked for support with this.")
    if (support.choice, support.answer) == (choice, answer):
        return []
    if choice not in SUPPORTS:
        return refuse("no_choice", "Choose an answer, then send again.")
    if choice != YES and not answer:
        return refuse("no_why", "Say why in a line. Whoever wrote this reads it.")
    said = _about(act, "support_answered", found, choice=choice, answer=answer)
    return too_long(answer, MOST_SUPPORT) or [said]
