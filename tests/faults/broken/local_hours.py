"""A phase ends when the clock on the wall shows so many hours more, whatever night lies in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sessions import session_commands
from sessions.agenda import Phase
from sessions.messages import Command, Event

ZONE = ZoneInfo("Europe/Stockholm")


def break_it(patch: pytest.MonkeyPatch) -> None:
    def opening(phases: Sequence[Phase], command: Command, now: float) -> list[Event]:
        start = datetime.fromtimestamp(now, ZONE)
        ends = ((phase.id, start + timedelta(minutes=phase.spec.minutes)) for phase in phases)
        return [Event("phase_opened", phase, {"ends_at": end.timestamp()}) for phase, end in ends]

    patch.setattr(session_commands, "_opening", opening)
