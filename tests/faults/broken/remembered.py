"""Who is erased is called otherwise from then on, and their contact data stay."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from app.database.tables import now
from app.people import rows
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    empty = rows.empty_person

    def half(db: Any, session: str, person: str) -> None:
        if not armed():
            empty(db, session, person)
            return
        here = (rows._people.c.session == session) & (rows._people.c.person == person)
        db.execute(update(rows._people).where(here).values(name="", erased=now()))

    patch.setattr(rows, "empty_person", half)
