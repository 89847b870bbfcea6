"""What people may do with a record once it decides for itself, and why not.

A save says on which seq it is based and names only its own fields. What others have changed since is shown field by
field, and nothing of that save is written. Whether a sender may is settled here alone (``RIGHTS``); who somebody is to
a record (its owner, a member of its team, staff of its session, the project office) is told by whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sessions.activity import too_long
from sessions.entry_words import PARTS
from sessions.format import LANGUAGES
from sessions.life_cycle import may_follow, needs_reason
from sessions.messages import Command, Event, Refused, refuse
from sessions.record import AUTHORSHIP, Record, changed
from sessions.record_shapes import record_event
from sessions.refusals import unknown_command

Decided = list[Event] | Refused

OWNER, MEMBER, STAFF, OFFICE = "owner", "member", "staff", "office"
CARING = frozenset({OWNER, STAFF, OFFICE})
RIGHTS: Mapping[str, frozenset[str]] = {
    "save": CARING | {MEMBER},
    "review": CARING,
    "take_proposals": CARING,
    "dismiss_proposals": CARING,
    "approve": CARING,
    "advance": CARING,
    "merge": frozenset({STAFF, OFFICE}),
    "unmerge": frozenset({STAFF, OFFICE}),
}
"""Who may give which command; what is not listed is denied."""
MAX_REASON = 300
MAX_FIELD = 4000
EDITABLE = ("title", "summary", "need", "market", "technology", "rights", "resources", "funding", "plan")
"""Groups whose fields people write."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks: a pseudonymous id, what they are to this record, and the language that they write ("" if unknown)."""

    person: str
    parts: frozenset[str]
    language: str = ""


def decide(record: Record, command: Command, sender: Sender) -> Decided:
    """The events a command leads to, or why not; changes nothing."""
    allowed = RIGHTS.get(command.name)
    if allowed is None:
        return unknown_command()
    if not allowed & sender.parts:
        return refuse("not_allowed", "Your role in this session may not do that.")
    if not record.seq:
        return refuse("no_record", "There is no such record.")
    return COMMANDS[command.name](record, command, sender)


def save(record: Record, command: Command, sender: Sender) -> Decided:
    """Write fields (``need.situation=…``), based on a seq (``base``)."""
    if not record.approved:
        return _follows_session()
    texts = {name: command.text(name) for name in command.fields if name != "base"}
    no = _refuse_fields(texts)
    if no is not None:
        return no
    news = {name: text for name, text in texts.items() if (record.values.get(name) or "") != text}
    base = command.whole("base") or 0
    meanwhile = {
        name: record.since[name] for name in news if name in record.since and record.since[name].seq > base
    }
    if meanwhile:
        return refuse(
            "changed_meanwhile",
            "Others have changed this meanwhile: {fields}. Yours is kept here and not saved yet.",
            fields=", ".join(sorted(meanwhile)),
            theirs={name: record.values.get(name) for name in meanwhile},
            by={name: change.actor for name, change in meanwhile.items()},
            seq=record.seq,
        )
    return [changed(news, sender.person, sender.language)] if news else []


def _follows_session() -> Refused:
    return refuse("follows_session", "This record still follows its session. Write it there.")


def _refuse_fields(texts: Mapping[str, str]) -> Refused | None:
    for name, text in texts.items():
        group, _, field = name.partition(".")
        if group not in EDITABLE or not field:
            return refuse("unknown_field", "A record has no field {field}.", field=name)
        no = too_long(text, MAX_FIELD)
        if no is not None:
            return no
    return None


def take_proposals(record: Record, command: Command, sender: Sender) -> Decided:
    """Let what the session says replace what stands: the named fields, each of which is proposed."""
    return _of_proposed(record, command, "proposals_taken")


def dismiss_proposals(record: Record, command: Command, sender: Sender) -> Decided:
    """Leave what stands; the named proposals go."""
    return _of_proposed(record, command, "proposals_dismissed")


def _of_proposed(record: Record, command: Command, kind: str) -> Decided:
    wanted = [place for name in command.all("name") for place in (name, f"{AUTHORSHIP}{name}")]
    names = [name for name in dict.fromkeys(wanted) if name in record.proposed]
    return [record_event(kind, names=names)] if names else []


def approve(record: Record, command: Command, sender: Sender) -> Decided:
    """The record decides for itself from now on, though its session has not archived it."""
    if record.approved:
        return []
    missing = missing_for_archive(record)
    if missing:
        return refuse(
            "incomplete",
            "Before it can be archived, this is missing: {missing}.",
            missing={
                language: ", ".join(PARTS[part][language] for part in missing) for language in LANGUAGES
            },
        )
    return _with_reason(command, lambda why: [record_event("approved", session="", why=why)], wanted=False)


def missing_for_archive(record: Record) -> list[str]:
    """What keeps a record from being archived: keys of entry_words.PARTS."""
    groups = {name.partition(".")[0] for name, value in record.values.items() if value}
    owner = record.values.get("people.owner") or {}
    gaps = [part for part in ("need", "market") if part not in groups]
    gaps += [] if owner.get("accepted") else ["owner"]
    return gaps + ([] if record.values.get("plan.next_action") else ["next_action"])


def advance(record: Record, command: Command, sender: Sender) -> Decided:
    """Go on in the life cycle to ``status``; ``why`` is needed for leaving the main road and coming back."""
    if not record.approved:
        return _follows_session()
    before, status = record.status, command.text("status")
    if before == status:
        return []
    if not may_follow(before, status, record.came_from):
        return refuse("no_such_step", "A record cannot go there from where it stands.")
    return _with_reason(
        command,
        lambda why: [record_event("status_changed", before=before, status=status, why=why)],
        wanted=needs_reason(before, status),
    )


def merge(record: Record, command: Command, sender: Sender) -> Decided:
    """This record is the other (``into``, an id) from now on; whoever asks has made sure that there is such a root."""
    into = command.text("into")
    if record.merged_into or into in ("", record.id):
        return refuse("no_such_step", "A record cannot go there from where it stands.")
    return _with_reason(command, lambda why: [record_event("record_merged", into=into, why=why)], wanted=True)


def unmerge(record: Record, command: Command, sender: Sender) -> Decided:
    """The record stands for itself again, with the status it had."""
    if not record.merged_into:
        return []
    return _with_reason(command, lambda why: [record_event("record_unmerged", why=why)], wanted=True)


def _with_reason(command: Command, events: Callable[[str], list[Event]], wanted: bool) -> Decided:
    why = command.text("why")
    if wanted and not why:
        return refuse("reason_missing", "Say why: the reason goes into the log of decisions.")
    return too_long(why, MAX_REASON) or events(why)


def review(record: Record, command: Command, sender: Sender) -> Decided:
    """Texts have been read and may stand: the named ones (``name``, repeated), or all. What is changed later has to be
    read again."""
    wanted = command.all("name") or record.texts
    news = [name for name in dict.fromkeys(wanted) if name in record.texts and not record.review_of(name)]
    return [record_event("reviewed", names=news)] if news else []


COMMANDS: Mapping[str, Callable[[Record, Command, Sender], Decided]] = {
    "save": save,
    "review": review,
    "take_proposals": take_proposals,
    "dismiss_proposals": dismiss_proposals,
    "approve": approve,
    "advance": advance,
    "merge": merge,
    "unmerge": unmerge,
}
