"""A phase ends when the clock on the wall shows so many hours more, whatever night lies in between."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sessions import session_commands
from sessions.agenda import Phase
from sessions.messages import Event

ZONE = ZoneInfo("Europe/Stockholm")


def break_it(patch: pytest.MonkeyPatch) -> None:
    def opening(phase: Phase, now: float) -> Event:
        end = datetime.fromtimestamp(now, ZONE) + timedelta(minutes=phase.spec.minutes)
        return Event("phase_opened", phase.id, {"ends_at": end.timestamp()})

    patch.setattr(session_commands, "_opening", opening)
