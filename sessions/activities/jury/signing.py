"""The chair parts equals and puts a name under the ranking; where a jury has no chair, staff do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sessions.activities.jury import handed_on
from sessions.activities.jury.changes import standings_changed
from sessions.activities.jury.events import ResultSigned, TieBroken
from sessions.activities.jury.letters import under_letters
from sessions.activities.jury.panel import MAX_REASON, SIGNERS
from sessions.activities.jury.scoring import MAX_COMMENT
from sessions.activity import EVERY_PANE, Change, too_long
from sessions.arithmetic import EXACT
from sessions.audience import STAFF, STARTED, Right
from sessions.entry import Entry
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import ruling

if TYPE_CHECKING:
    from sessions.activities.jury import Jury
    from sessions.people import Member

RIGHTS = {"break_tie": Right(SIGNERS, STARTED), "sign_result": Right(SIGNERS, STARTED)}


def break_tie(jury: Jury, command: Command, sender: Member, now: float) -> Decision:
    """The chair places an ``entry`` before those that no rule parts from it, with a ``reason``."""
    entry, reason = jury.entry_in(command), command.text("reason")
    if isinstance(entry, Refused):
        return entry
    over = _equals(jury, entry)
    no = (
        _refuse_signer(jury, sender) or jury.refuse_signed() or _refuse_tie(jury, sender, entry, over, reason)
    )
    broken = jury.event("tie_broken", entry=entry.id, number=entry.number, over=over, reason=reason)
    return no or [broken]


def _equals(jury: Jury, entry: Entry) -> list[str]:
    """The entries that share an entry's place as long as the chair has decided nothing."""
    rows = {row.entry: row.place for row in jury.ranked(without_chair=True)}
    return [other for other, place in rows.items() if other != entry.id and place == rows.get(entry.id)]


def _refuse_tie(jury: Jury, sender: Member, entry: Entry, over: list[str], reason: str) -> Refused | None:
    if not over or "chair" not in jury.tie_rules:
        return refuse("no_tie", "No other entry shares this one's place.")
    if any(jury.away(sender.id, jury.entries[e]) for e in (entry.id, *over)):
        return refuse(
            "own_conflict", "You are recused from one of these entries. Somebody else has to decide."
        )
    if not reason:
        return refuse("reason_missing", "Say why: the reason goes into the log of decisions.")
    return too_long(reason, MAX_REASON)


def _refuse_signer(jury: Jury, sender: Member) -> Refused | None:
    if sender.role in STAFF and jury.chairs:
        return refuse("chair_signs", "The jury has a chair, and the chair decides this.")
    return None


def tie_broken(jury: Jury, event: Event) -> Iterator[Change]:
    body: TieBroken = event.body
    for other in body["over"]:
        jury.parted.discard((other, body["entry"]))
        jury.parted.add((body["entry"], other))
    yield ruling(body["entry"], event, "tie_broken", over=body["over"])
    yield from standings_changed(jury)


def sign_result(jury: Jury, command: Command, sender: Member, now: float) -> Decision:
    """Put a name under the ranking. ``reason`` is what is said about the first place at the awards."""
    reason, rows = command.text("reason"), jury.ranked()
    no = _refuse_signer(jury, sender) or jury.refuse_signed() or too_long(reason, MAX_COMMENT)
    if no is not None:
        return no
    if not rows:
        return refuse("nothing_to_sign", "No sheet is final yet, so there is no result to sign.")
    ranking = [asdict(row) for row in rows]
    listed = under_letters(jury.sheets, jury.absences(), command.seed)
    return [jury.event("result_signed", **_protocol(jury), **listed, ranking=ranking, reason=reason)]


def _protocol(jury: Jury) -> dict[str, Any]:
    """What the result rests on, and what it does not: named, so that anybody can check it."""
    return {
        "absent": jury.absences(),
        "thin": [entry.id for entry in jury.thin()],
        "arithmetic": EXACT,
        "unfinished": [[juror, entry] for juror, entry, _ in jury.unfinished()],
    }


def result_signed(jury: Jury, event: Event) -> Iterator[Change]:
    body: ResultSigned = event.body
    jury.signed, jury.signed_at, jury.signed_seq = body, event.at, event.seq
    yield EVERY_PANE
    yield from handed_on.given(body, jury.sheets, jury.phase.id, jury.award, jury.session.people)
