"""The events of owning, folded, and which fragments each of them changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.own.handed_on import owner_of
from sessions.activity import Change, Changed
from sessions.audience import ATTENDING, person_scope, role_scope, team_scope
from sessions.entry_list import entries_in_race
from sessions.messages import Event
from sessions.outcome import Fact, Team, ruling

if TYPE_CHECKING:
    from sessions.activities.own import Own
    from sessions.activities.own.events import (
        FirstStepSet,
        FollowupsSet,
        HelpOffered,
        HelpWithdrawn,
        OwnershipChanged,
        OwnershipForced,
        OwnershipTaken,
        VisibilitySet,
    )

SEEN = frozenset({"kept", "moved_to", "status", "title", "visibility"})
"""What other phases say about an entry that stands here."""


# ---- who carries it


def ownership_taken(activity: Own, event: Event) -> Iterator[Change]:
    body: OwnershipTaken = event.body
    entry, known = body["entry"], activity.owners.changing(body["entry"])
    concerned = (known.owner, known.asked)
    known.take(body["person"], event.at, body.get("named", False))
    yield owner_of(entry, known)
    yield from _shown(activity, entry, *concerned, known.owner)


def ownership_offered(activity: Own, event: Event) -> Iterator[Change]:
    body: OwnershipChanged = event.body
    entry, known = body["entry"], activity.owners.changing(body["entry"])
    before = known.asked
    known.ask(body["person"], event.actor, event.at)
    if not known.owner:
        yield owner_of(entry, known)
    yield from _shown(activity, entry, before, known.asked, known.owner)


def ownership_declined(activity: Own, event: Event) -> Iterator[Change]:
    body: OwnershipChanged = event.body
    entry, known = body["entry"], activity.owners.changing(body["entry"])
    known.decline(body["person"])
    if not known.owner:
        yield owner_of(entry, known)
    yield from _shown(activity, entry, body["person"], known.owner)


def owner_stepped_down(activity: Own, event: Event) -> Iterator[Change]:
    body: OwnershipChanged = event.body
    entry, known = body["entry"], activity.owners.changing(body["entry"])
    known.leave()
    yield owner_of(entry, known)
    yield from _shown(activity, entry, body["person"], known.asked)


def ownership_forced(activity: Own, event: Event) -> Iterator[Change]:
    body: OwnershipForced = event.body
    entry, known = body["entry"], activity.owners.changing(body["entry"])
    before = (known.owner, known.asked)
    known.leave()
    known.ask(body["person"], event.actor, event.at)
    yield owner_of(entry, known)
    yield ruling(entry, event, "owner_changed")
    yield from _shown(activity, entry, *before, known.asked)


# ---- what comes next


def first_step_set(activity: Own, event: Event) -> Iterator[Change]:
    body: FirstStepSet = event.body
    yield Fact(body["entry"], "next_action", {"text": body["text"] or "", "due": body["due"]})
    yield from _shown(activity, body["entry"])


def followups_set(activity: Own, event: Event) -> Iterator[Change]:
    body: FollowupsSet = event.body
    yield Fact(body["entry"], "followups", {"months": body["months"], "dates": body["dates"]})
    yield from _shown(activity, body["entry"])


def visibility_set(activity: Own, event: Event) -> Iterator[Change]:
    body: VisibilitySet = event.body
    yield Fact(body["entry"], "visibility", body["level"])
    yield from _shown(activity, body["entry"])


def help_offered(activity: Own, event: Event) -> Iterator[Change]:
    body: HelpOffered = event.body
    person = body["person"]
    yield Fact(body["entry"], "help", {"person": person, "text": body["text"] or ""}, person)
    yield from _shown(activity, body["entry"], person)


def help_withdrawn(activity: Own, event: Event) -> Iterator[Change]:
    body: HelpWithdrawn = event.body
    yield Fact(body["entry"], "help", None, body["person"])
    yield from _shown(activity, body["entry"], body["person"])


# ---- which fragments show it


def _shown(activity: Own, entry: str, *people: str) -> Iterator[Changed]:
    """The entry in its team's room and with its owner; the panes of those whom it concerns."""
    yield from (Changed("owners"), Changed("board"))
    yield Changed("care", entry, team_scope(activity.session.entries[entry].team))
    owner = activity.owners.of(entry).owner
    if owner:
        yield Changed("held", entry, person_scope(owner))
        yield Changed(scope=person_scope(owner))
    yield from (Changed(scope=person_scope(person)) for person in people if person and person != owner)


def noticed(activity: Own, change: Fact | Team) -> Iterator[Changed]:
    """Which fragments show what another phase has said about an entry or a team."""
    session = activity.session
    if isinstance(change, Team):
        yield from (Changed("board"), Changed(scope=team_scope(change.id)))
        for entry in entries_in_race(session):
            yield from _renewed(activity, entry.id) if entry.team == change.id else ()
    elif change.name in SEEN:
        yield from (Changed(), Changed("owners"), Changed("board"))
        yield from (Changed(scope=role_scope(role)) for role in sorted(ATTENDING))
        yield from (Changed(scope=team_scope(team)) for team in session.teams)
        yield from _renewed(activity, change.subject) if change.subject in session.entries else ()


def _renewed(activity: Own, entry: str) -> Iterator[Changed]:
    """Everybody who sees the entry, its owner, who is asked and who has offered help among them."""
    helpers = activity.session.entries[entry].every("help")
    yield from _shown(activity, entry, activity.owners.of(entry).asked, *helpers)
