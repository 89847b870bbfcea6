"""Which fragments change with a jury's work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activity import Changed
from sessions.audience import STAFF, person_scope, role_scope

if TYPE_CHECKING:
    from sessions.activities.jury import Jury


def sheet_changed(jury: Jury, juror: str, entry: str) -> Iterator[Changed]:
    """The fragments that show a juror's sheet, or what it counts for."""
    own = person_scope(juror)
    yield from (Changed("sheet", entry, own), Changed("tally", "", own), Changed("progress"))
    yield from standings_changed(jury)


def standings_changed(jury: Jury) -> Iterator[Changed]:
    """The fragments of those who see the standing before it is signed: staff, and the chair."""
    scopes = [*map(role_scope, sorted(STAFF)), *(person_scope(chair.id) for chair in jury.chairs)]
    yield from (Changed("standings", "", scope) for scope in scopes)
