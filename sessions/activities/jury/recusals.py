"""Who is recused from which entry: by declaring it, or by what is known; the chair can lift that."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessions.conflicts import conflict

if TYPE_CHECKING:
    from sessions.entry import Entry
    from sessions.session_view import SessionView


@dataclass
class Recusals:
    """Declared and lifted conflicts of interest. Both are kept by juror and entry."""

    declared: dict[tuple[str, str], str] = field(default_factory=dict)
    """Why a juror stepped aside, in the juror's words."""
    lifted: set[tuple[str, str]] = field(default_factory=set)

    def declare(self, juror: str, entry: str, reason: str) -> None:
        """A juror steps aside, also from what was lifted before."""
        self.declared[juror, entry] = reason
        self.lifted.discard((juror, entry))

    def lift(self, juror: str, entry: str) -> None:
        """A juror may judge an entry whatever is known or was declared."""
        self.declared.pop((juror, entry), None)
        self.lifted.add((juror, entry))

    def why(self, session: SessionView, juror: str, entry: Entry) -> str:
        """Why a juror may not judge an entry: ``declared``, ``team``, ``expert``, ``organisation``; "" if they may."""
        if (juror, entry.id) in self.declared:
            return "declared"
        member = session.people.get(juror)
        if member is None or (juror, entry.id) in self.lifted:
            return ""
        return conflict(session, entry, member)
