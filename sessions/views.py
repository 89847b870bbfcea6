"""The views there are, who may open them, and the language they are in."""

from __future__ import annotations

from sessions.audience import CONSOLE_ROLES, READERS
from sessions.session import Session

CONSOLE_VIEWS = frozenset({"console", "people", "log"})
PHONE_VIEWS = frozenset({"phone", "mine", "team"})
FOCUSING = frozenset({"console"})
"""Views in which somebody may look at one phase of their choice."""
VIEWS = CONSOLE_VIEWS | PHONE_VIEWS | {"screen"}


def may_see(session: Session, person: str, view: str) -> bool:
    """Whether somebody may open a view (with or without a phase to look at). Everything not listed is denied."""
    view, looks, phase = view.partition("/")
    member = session.people.get(person)
    if member is None or member.removed or member.outside or view not in VIEWS:
        return False
    if looks and (view not in FOCUSING or session.agenda.get(phase) is None):
        return False
    if view in CONSOLE_VIEWS:
        return member.role in CONSOLE_ROLES
    return member.role == "screen" if view == "screen" else member.role not in READERS


def language_of(session: Session, person: str, view: str) -> str:
    """The language a page is in: the person's own; the projector speaks the session's."""
    member = session.people.get(person)
    return session.language if view == "screen" or member is None else member.language


def focused(session: Session, view: str, phase: str) -> str:
    """A view with the phase that somebody looks at, as one word (``console/R05``); the view alone where there is none.

    Whoever asks makes an audience of it: so there are never more of them than views and phases that there are.
    """
    return f"{view}/{phase}" if view in FOCUSING and session.agenda.get(phase) is not None else view
