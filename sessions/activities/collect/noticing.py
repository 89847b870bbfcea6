"""What a collecting phase shows otherwise when something becomes known elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.collect.sharing import team_changed
from sessions.activity import EVERY_PANE, Changed
from sessions.audience import person_scope, team_scope
from sessions.outcome import Fact, Team

if TYPE_CHECKING:
    from sessions.activities.collect import Collect

LISTED = frozenset({"kept", "title", "status"})
"""What can be said about an entry that changes the list one chooses from."""


def noticed(collect: Collect, change: Fact | Team, phase: str) -> Iterator[Changed]:
    """What changes here with an entry, a team or who has accepted the terms."""
    if isinstance(change, Team):
        yield from (Changed("wall"), Changed(scope=team_scope(change.id)))
        yield from team_changed(collect, change.members)
        if collect.form.personal:  # a new place in a team may change what one may write
            yield from (Changed(scope=person_scope(person)) for person in change.members)
    elif change.name == "team" and (person := collect.person_in(change.subject)) is not None:
        yield from team_changed(collect, (person.id,))  # also who has left for no other team
    elif collect.form.needs_terms and change.name == "terms":
        yield Changed(scope=change.subject)
    elif collect.is_open and collect.form.about_entries and change.name in LISTED:
        yield EVERY_PANE
