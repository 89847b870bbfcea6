"""Meetings, slots, tables and who is there, folded in, and which fragments each event changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sessions.activities.match import changes
from sessions.activities.match.planning.problem import pair
from sessions.activities.match.state import CANCELLED, MISSED, PLANNED, Meeting
from sessions.activity import Change, Changed
from sessions.messages import Event

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.activities.match.events import (
        MeetingEnded,
        MeetingsAdded,
        OfMeetingAndPerson,
        OfMeetingAndTable,
        PlanDrafted,
        PlanPublished,
        SlotsShifted,
    )


def _meeting(row: list[Any], why: str, at: float) -> Meeting:
    meeting, people, slot, table = row
    return Meeting(meeting, tuple(people), slot, table, why, added_at=at)


# ---- the plan


def plan_drafted(match: Match, event: Event) -> Iterator[Change]:
    body: PlanDrafted = event.body
    match.state.draft = [_meeting(row, "plan", event.at) for row in body["meetings"]]
    match.state.drafted_at, match.state.figures = event.at, dict(body["figures"])
    yield Changed("floor")


def plan_published(match: Match, event: Event) -> Iterator[Change]:
    body: PlanPublished = event.body
    state, dropped = match.state, set(body["dropped"])
    state.published_at, state.starts_at = event.at, body["starts_at"]
    state.meetings = {m.id: m for m in state.draft if m.id not in dropped}
    state.made, state.draft = len(state.draft), []
    yield from changes.everybody(match)


def meetings_added(match: Match, event: Event) -> Iterator[Change]:
    body: MeetingsAdded = event.body
    for row in body["meetings"]:
        meeting = _meeting(row, body["why"], event.at)
        match.state.meetings[meeting.id] = meeting
        _note(match, meeting, event)
        yield from changes.of_meeting(meeting)
    match.state.made += len(body["meetings"])


def third_added(match: Match, event: Event) -> Iterator[Change]:
    body: OfMeetingAndPerson = event.body
    meeting = match.state.meetings[body["meeting"]]
    meeting.people += (body["person"],)
    _note(match, meeting, event)
    yield from changes.of_meeting(meeting)


def _note(match: Match, meeting: Meeting, event: Event) -> None:
    """Something has changed for people who know their tables: what the bell itself fills is new to all."""
    if event.at > match.state.begun_at > 0:
        match.state.changed.append((event.at, meeting.id))


# ---- the clock


def slot_begun(match: Match, event: Event) -> Iterator[Change]:
    match.state.slot, match.state.begun_at = event.body["slot"], event.at
    yield from changes.everybody(match)


def slots_ended(match: Match, event: Event) -> Iterator[Change]:
    match.state.over = True
    yield from changes.everybody(match)


def slots_shifted(match: Match, event: Event) -> Iterator[Change]:
    body: SlotsShifted = event.body
    shifts = match.state.shifts
    shifts[body["first"]] = shifts.get(body["first"], 0.0) + body["seconds"]
    yield from changes.everybody(match)


# ---- single meetings


def meeting_ended(match: Match, event: Event) -> Iterator[Change]:
    body: MeetingEnded = event.body
    meeting = match.state.meetings[body["meeting"]]
    meeting.state, meeting.ended_at, meeting.reason = body["state"], event.at, body.get("reason") or ""
    if body["state"] == MISSED:
        meeting.missing = body.get("person", "")
    if body["state"] == CANCELLED:
        people = meeting.people
        match.state.barred |= {pair(a, b): None for a in people for b in people if a < b}
    yield from changes.of_meeting(meeting)


def meeting_left(match: Match, event: Event) -> Iterator[Change]:
    body: OfMeetingAndPerson = event.body
    meeting = match.state.meetings[body["meeting"]]
    meeting.people = tuple(person for person in meeting.people if person != body["person"])
    meeting.left += (body["person"],)
    yield from changes.of_meeting(meeting)


def meeting_restored(match: Match, event: Event) -> Iterator[Change]:
    body: OfMeetingAndTable = event.body
    meeting = match.state.meetings[body["meeting"]]
    meeting.state, meeting.table, meeting.missing = PLANNED, body["table"], ""
    yield from changes.of_meeting(meeting)


def table_changed(match: Match, event: Event) -> Iterator[Change]:
    body: OfMeetingAndTable = event.body
    meeting = match.state.meetings[body["meeting"]]
    meeting.table = body["table"]
    _note(match, meeting, event)
    yield from changes.of_meeting(meeting)


# ---- who is there


def person_asked(match: Match, event: Event) -> Iterator[Change]:
    match.state.asked[event.body["person"]] = event.at
    yield from _person(event)


def person_here(match: Match, event: Event) -> Iterator[Change]:
    match.state.asked.pop(event.body["person"], None)
    match.state.absent.pop(event.body["person"], None)
    yield from _person(event)


def person_absent(match: Match, event: Event) -> Iterator[Change]:
    match.state.asked.pop(event.body["person"], None)
    match.state.absent[event.body["person"]] = event.at
    yield from _person(event)


def _person(event: Event) -> Iterator[Change]:
    yield from changes.own([event.body["person"]])
    yield from changes.room()


def table_closed(match: Match, event: Event) -> Iterator[Change]:
    match.state.closed_tables[event.body["table"]] = None
    yield from changes.room()


def table_opened(match: Match, event: Event) -> Iterator[Change]:
    match.state.closed_tables.pop(event.body["table"], None)
    yield from changes.room()
