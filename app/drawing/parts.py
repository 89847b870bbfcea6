"""The session's own fragments: everything around the panes (band, agenda, notices, people …)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessions.audience import EVERYBODY, person_scope, scope_of, scope_type
from sessions.session import Session

if TYPE_CHECKING:
    from app.drawing.page_context import PageContext


@dataclass(frozen=True, slots=True)
class Part:
    """A fragment of the session's own. ``home`` is the list it lives in ("" stands in place), ``scope`` who gets it."""

    scope: str = EVERYBODY
    home: str = ""
    keys: Callable[[Session, str], Iterable[str]] = lambda session, scope: ("",)
    """Of those that are several, the ones that a scope may be shown."""
    order: Callable[[Session, str], str] = lambda session, key: ""
    present: Callable[[PageContext, str, str], bool] = lambda hall, view, key: True
    passed: Callable[[Session, str, str], bool] = lambda session, scope, key: True
    """Whether it is for guests with a pass, who look at it by this scope."""

    def concerns(self, scope: str) -> bool:
        return scope_type(scope) == self.scope


def _nothing_open(hall: PageContext, view: str, key: str) -> bool:
    """The lobby stands where no phase shows anything yet."""
    return not hall.session.visible_phases(view)


def _asides_of(session: Session, scope: str) -> list[str]:
    """What a person wrote and has to choose about."""
    return [aside.id for aside in session.texts.aside.values() if person_scope(aside.person) == scope]


def _announced_within(session: Session, scope: str, key: str) -> bool:
    """What was announced while a pass was not good was not for those who have it."""
    return scope_of(scope) not in session.announcements[key].kept_from


def _written_within(session: Session, scope: str, key: str) -> bool:
    """A text of a phase that a pass does not open is not shown beside what its holder wrote there."""
    phases = session.pass_in(scope)
    return phases is None or session.texts.aside[key].phase in phases


PARTS: dict[str, Part] = {
    "band": Part(),
    "controls": Part(),
    "undo": Part(),
    "ground": Part(),
    "notice": Part(
        home="notices",
        keys=lambda session, scope: tuple(session.announcements),
        order=lambda session, key: key.rjust(9, "0"),
        present=lambda hall, view, key: key in hall.session.announcements,
        passed=_announced_within,
    ),
    "lobby": Part(home="stage", order=lambda session, key: "000", present=_nothing_open),
    "headcount": Part(),
    "presence": Part(),
    "trouble": Part(),
    "way_in": Part(),
    "waiting": Part(),
    "door": Part(),
    "agenda": Part(),
    "channels": Part(),
    "alerts": Part(),
    "decisions": Part(),
    "people": Part(),
    "driver": Part(),
    "screen": Part(),
    "entries": Part(),
    "me": Part(scope="person"),
    "aside": Part(
        scope="person",
        home="asides",
        keys=_asides_of,
        present=lambda hall, view, key: key in hall.session.texts.aside,
        passed=_written_within,
    ),
}
"""Which of these a view has is told by the files in ``templates/live/<view>``; the session's own events touch them."""

OUTSIDE = ("presence", "trouble", "waiting", "way_in")
"""Those that show what is not in the log: they have a version of their own."""
