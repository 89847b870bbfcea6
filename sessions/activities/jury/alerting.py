"""What the facilitator is alerted to in a jury phase."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activity import Alert, alert
from sessions.format_rules import Fault

if TYPE_CHECKING:
    from sessions.activities.jury import Jury


def alerts(jury: Jury) -> Iterator[Alert]:
    """A result that is not signed, and entries that too few jurors judge."""
    if not jury.is_open and not jury.signed:
        yield alert("The jury's result is not signed, so there is no award yet")
    thin = jury.thin()
    if thin and not jury.signed:
        least = jury.rules.get("min_jurors", 3)
        numbers = ", ".join(str(entry.number) for entry in thin)
        yield alert("Entries with fewer than {limit} jurors: {entries}", limit=least, entries=numbers)


def came_short(jury: Jury) -> Iterator[Fault]:
    """Too few jurors, whoever of them may judge which entry."""
    there, least = len(jury.jurors), jury.rules.get("min_jurors", 3)
    if there < least:
        yield Fault(
            "{there} jurors are there, and {least} are needed", {"there": there, "least": least}, "who"
        )
