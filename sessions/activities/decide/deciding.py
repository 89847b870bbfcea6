"""Deciding about one's own team's entries, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.decide.state import CHOICES, STATUS
from sessions.activity import too_long
from sessions.audience import STAFF
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.decide import Decide
    from sessions.entry import Entry
    from sessions.people import Member

MAX_REASON, MAX_TITLE, MAX_SUMMARY = 500, 150, 600


def offered(activity: Decide) -> list[str]:
    """The choices that the rules leave."""
    return [choice for choice in CHOICES if choice in activity.rules.get("choices", CHOICES)]


def leads(activity: Decide, sender: Member, entry: Entry) -> bool:
    """Whether somebody leads the team whose entry it is."""
    team = activity.session.teams.get(entry.team)
    return team is not None and team.leader == sender.id


def decide_entry(activity: Decide, command: Command, sender: Member, now: float) -> Decision:
    """``choice`` and ``reason`` for an ``entry``; ``into`` for a merge; ``title``, ``summary`` for a pivot."""
    entry = _own_entry(activity, command, sender)
    if isinstance(entry, Refused):
        return entry
    no = _not_over_the_leader(activity, entry, sender) or _unfit(activity, command, entry)
    return no or [_decided(activity, command, entry, sender)]


def _own_entry(activity: Decide, command: Command, sender: Member) -> Entry | Refused:
    entry = activity.session.entries.get(command.text("entry"))
    if entry is None or not activity.decided.concerns(entry):
        return refuse("unknown_entry", "That project is not in the race. Choose one from the list.")
    if sender.role not in STAFF and sender.team != entry.team:
        return refuse("not_yours", "Only the project's own team decides about it.")
    if entry.id in activity.decided.erased:
        return refuse(
            "erased", "It was withdrawn, and what was written in it is erased. It does not come back."
        )
    return entry


def _not_over_the_leader(activity: Decide, entry: Entry, sender: Member) -> Refused | None:
    """What the leader has decided, only the leader or staff decides anew."""
    known = activity.decided.choices.get(entry.id)
    if known and known.led and sender.role not in STAFF and not leads(activity, sender, entry):
        return refuse("leader_decided", "Your process leader has decided already. Talk it over first.")
    return None


def _unfit(activity: Decide, command: Command, entry: Entry) -> Refused | None:
    choice, reason = command.text("choice"), command.text("reason")
    if choice not in offered(activity):
        return refuse("unknown_choice", "Choose what to do with the project, then send.")
    if not reason and activity.rules.get("reason_required", True):
        return refuse("reason_needed", "Say why in a sentence, then send.")
    no = _has_merged(activity, entry) if choice in STATUS else None
    no = no or (_bad_target(activity, command.text("into"), entry) if choice == "merge" else None)
    no = no or too_long(reason, MAX_REASON) or too_long(command.text("title"), MAX_TITLE)
    return no or too_long(command.text("summary"), MAX_SUMMARY)


def _has_merged(activity: Decide, entry: Entry) -> Refused | None:
    entries = activity.session.entries
    numbers = [entries[e].number for e in activity.decided.merged_into(entry.id) if e in entries]
    if not numbers:
        return None
    return refuse(
        "has_merged", "Project {number} has merged into this one. Undo that first.", number=numbers[0]
    )


def _bad_target(activity: Decide, into: str, entry: Entry) -> Refused | None:
    target = activity.session.entries.get(into)
    if target is None or target is entry or not target.in_race:
        return refuse("no_target", "Choose a project in the race that this one merges into.")
    return None


def _decided(activity: Decide, command: Command, entry: Entry, sender: Member) -> Event:
    choice, led = command.text("choice"), sender.role in STAFF or leads(activity, sender, entry)
    body = {"entry": entry.id, "number": entry.number, "reason": command.text("reason"), "led": led}
    if choice == "merge":
        return _merging(activity, activity.session.entries[command.text("into")], entry, body, sender)
    if choice == "pivot":
        body |= {name: text for name in ("title", "summary") if (text := command.text(name))}
    return activity.event(CHOICES[choice], choice=choice, **body)


def _merging(activity: Decide, target: Entry, entry: Entry, body: dict[str, Any], sender: Member) -> Event:
    """At once inside a team and by staff; otherwise the other team's leader is asked."""
    body = {**body, "into": target.id, "into_number": target.number}
    if target.team == entry.team or sender.role in STAFF:
        return activity.event("entry_merged", choice="merge", **body)
    return activity.event("merge_offered", **body)


def take_back_decision(activity: Decide, command: Command, sender: Member, now: float) -> Decision:
    """Undo what was decided or proposed about an ``entry``. Who had the idea can always undo a merge."""
    entry = _own_entry(activity, command, sender)
    if isinstance(entry, Refused):
        return entry
    known = activity.decided.choices.get(entry.id)
    if known is None and entry.id not in activity.decided.offers:
        return []
    authors = entry.idea.authors if entry.idea else ()
    objects = known is not None and bool(known.into) and sender.id in authors
    taken = activity.event("decision_taken_back", entry=entry.id, number=entry.number)
    return (None if objects else _not_over_the_leader(activity, entry, sender)) or [taken]
