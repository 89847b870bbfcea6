"""What other phases say about entries, teams and people while a work phase lasts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sessions.activities.work.changes import (
    CONSOLE,
    entry_changed,
    field_changed,
    owned_changed,
    owner_of,
    released,
)
from sessions.activity import EVERY_PANE, Changed
from sessions.audience import person_scope, team_scope
from sessions.entry import SIDE_STATES
from sessions.outcome import Fact, Team

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.entry import Entry

MOVES = frozenset({"kept", "moved_to", "merged_into"})
"""Facts by which an entry begins, changes team or leaves the race."""
OF_OWNER = frozenset({"owner", "next_action", "disclosure", "visibility", "status"})
HEARD = frozenset({"verdict", "feedback"})


def noticed(work: Work, change: Fact | Team, phase: str) -> Iterable[Changed]:
    """Entries may begin, leave, change team or get other words while this phase lasts."""
    if isinstance(change, Team):
        return Changed("line", change.id), *CONSOLE, Changed(scope=team_scope(change.id))
    if _moves(change):
        if work.is_open:
            work.state.take_up(work.session.entries)
        return (EVERY_PANE,)
    entry = work.session.entries.get(change.subject)
    return _about_entry(work, entry, change, phase) if entry else _about_person(work, change)


def _moves(fact: Fact) -> bool:
    leaves_or_returns = fact.name == "status" and fact.value in (None, *SIDE_STATES)
    return fact.name in MOVES or leaves_or_returns


def _about_person(work: Work, fact: Fact) -> Iterable[Changed]:
    person, holds = work.session.people.get(fact.subject.partition(":")[2]), work.state.holds
    if person is None:
        return ()
    if fact.name == "present" and not person.present and person.id in holds.of_person:
        return tuple(released(work, [(person.id, holds.release(person.id))]))
    if person.team and fact.name == "employer_claim":
        return (Changed(scope=team_scope(person.team)),)
    return ()


def _about_entry(work: Work, entry: Entry, fact: Fact, phase: str) -> Iterable[Changed]:
    if fact.name in HEARD:
        return entry_changed(entry) if phase in heard_from(work) else CONSOLE
    if fact.name in OF_OWNER:
        return (*owned_changed(entry), Changed(scope=person_scope(owner_of(entry))))
    if fact.name not in ("field", "title") or not work.is_open:
        return entry_changed(entry) if fact.name == "title" else ()
    place = fact.key if fact.name == "field" else "title"
    carried = work.state.carry(entry, [field for field in work.fields.values() if field.record == place])
    return (*(field_changed(work, entry.id, key) for key in carried), *entry_changed(entry))


def heard_from(work: Work) -> frozenset[str]:
    """The phases whose verdicts and feedback this one shows: from its own place to the next of the same kind, so that
    each is shown once. The first also shows what came before it."""
    phases = list(work.session.agenda)
    same = [i for i, phase in enumerate(phases) if phase.kind == work.phase.kind]
    own = phases.index(work.phase)
    until = next((i for i in same if i > own), len(phases))
    return frozenset(phase.id for phase in phases[0 if own == same[0] else own : until])
