"""The events of deciding, folded, and which fragments each of them changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.decide.handed_on import by_default, facts_of, summary_of
from sessions.activities.decide.state import Choice, Offer
from sessions.activity import Change, Changed
from sessions.audience import person_scope, team_scope
from sessions.messages import Event
from sessions.outcome import Fact, Team

if TYPE_CHECKING:
    from sessions.activities.decide import Decide
    from sessions.activities.decide.events import (
        DecisionTakenBack,
        EntryChanged,
        EntryDecided,
        EntryMerged,
        LeftAsIs,
        MergeDeclined,
        MergeOffered,
    )

SEEN = frozenset({"kept", "moved_to", "status", "title"})
"""What other phases say about an entry that stands here."""


def entry_decided(activity: Decide, event: Event) -> Iterator[Change]:
    body: EntryDecided = event.body
    choice = Choice(body["choice"], body["reason"] or "", event.actor, event.at, led=body["led"])
    yield from _replace(activity, body["entry"], choice)


def entry_changed(activity: Decide, event: Event) -> Iterator[Change]:
    body: EntryChanged = event.body
    title, summary = _given(body.get("title", "")), _given(body.get("summary", ""))
    choice = Choice(
        body["choice"],
        body["reason"] or "",
        event.actor,
        event.at,
        title=title,
        summary=summary,
        led=body["led"],
    )
    yield from _replace(activity, body["entry"], choice)


def _given(text: str | None) -> str | None:
    """What a choice keeps of a text: None where it was left empty, "" where it has been erased."""
    return None if text == "" else text or ""


def entry_merged(activity: Decide, event: Event) -> Iterator[Change]:
    body: EntryMerged = event.body
    by = body.get("by", event.actor)
    choice = Choice(body["choice"], body["reason"] or "", by, event.at, into=body["into"], led=body["led"])
    yield from _replace(activity, body["entry"], choice)


def merge_offered(activity: Decide, event: Event) -> Iterator[Change]:
    body: MergeOffered = event.body
    entry, decided = body["entry"], activity.decided
    if entry in decided.choices or entry in decided.offers:
        yield from _replace(activity, entry, None)
    decided.offers[entry] = Offer(body["into"], body["reason"] or "", event.actor)
    yield from _shown(activity, entry)
    yield from _shown(activity, body["into"], entry)


def merge_declined(activity: Decide, event: Event) -> Iterator[Change]:
    body: MergeDeclined = event.body
    del activity.decided.offers[body["entry"]]
    yield from _shown(activity, body["entry"])
    yield from _shown(activity, body["into"], body["entry"])


def decision_taken_back(activity: Decide, event: Event) -> Iterator[Change]:
    body: DecisionTakenBack = event.body
    yield from _replace(activity, body["entry"], None)


def left_as_is(activity: Decide, event: Event) -> Iterator[Change]:
    body: LeftAsIs = event.body
    activity.decided.left = tuple(body["entries"])
    for entry in activity.decided.left:
        yield by_default(entry, activity.phase.id)


def _replace(activity: Decide, entry: str, choice: Choice | None) -> Iterator[Change]:
    before, offer = activity.decided.replace(entry, choice)
    yield from facts_of(entry, before, choice, activity.phase.id)
    yield from _retitled(activity, entry, choice)
    yield from summary_of(entry, before, choice)
    yield from _shown(activity, entry)
    yield from (Changed(scope=person_scope(known.by)) for known in (before, choice) if known)
    concerned = dict.fromkeys(known.into for known in (before, choice, offer) if known and known.into)
    for other in concerned:
        yield from _shown(activity, other, entry)


def _retitled(activity: Decide, entry: str, choice: Choice | None) -> Iterator[Change]:
    title = activity.decided.retitle(entry, activity.session.entries[entry].title, choice)
    if title is not None:
        yield Fact(entry, "title", title)
        yield from _everywhere(activity)


# ---- which fragments show it


def _everywhere(activity: Decide) -> Iterator[Changed]:
    """Every team chooses among all titles where it merges."""
    for entry in activity.session.entries.values():
        yield Changed("choice", entry.id, team_scope(entry.team))
    for choice in activity.decided.choices.values():
        yield Changed(scope=person_scope(choice.by))
    for entry_id in activity.decided.offers:
        yield _offer_shown(activity, entry_id)


def _offer_shown(activity: Decide, entry: str) -> Changed:
    asked = activity.session.entries.get(activity.decided.offers[entry].into)
    return Changed("offer", entry, team_scope(asked.team if asked else ""))


def _shown(activity: Decide, entry: str, offered: str = "") -> Iterator[Changed]:
    if entry not in activity.session.entries:
        return
    team = team_scope(activity.session.entries[entry].team)
    yield from (Changed("tally"), Changed("board"), Changed("choice", entry, team))
    if offered:
        yield Changed("offer", offered, team)


def noticed(activity: Decide, change: Fact | Team) -> Iterator[Changed]:
    """Which fragments show what another phase has said about an entry or a team."""
    if isinstance(change, Team):
        yield from (Changed("board"), Changed(scope=team_scope(change.id)))
        entries = activity.session.entries
        theirs = [e for e in activity.decided.offers if e in entries and entries[e].team == change.id]
        yield from (_offer_shown(activity, entry) for entry in theirs)
    elif change.name in SEEN:
        yield from (Changed("tally"), Changed("board"), *_everywhere(activity))
        yield from (Changed(scope=team_scope(team)) for team in activity.session.teams)
