"""A juror's sheets: a draft until every criterion has a score and the juror says that it is final."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessions.activities.jury.changes import sheet_changed
from sessions.activities.jury.events import EntryScored
from sessions.activities.jury.score_sheets import ScoreSheet
from sessions.activity import Change, Changed, too_long
from sessions.audience import ACTORS, Right, person_scope
from sessions.ballots_at_once import SCORES
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.jury import Jury
    from sessions.people import Member

MAX_COMMENT = 500
"""Characters."""

RIGHTS = {"score_entry": Right(ACTORS)}


def score_entry(jury: Jury, command: Command, sender: Member, now: float) -> Decision:
    """A whole sheet: ``entry``, ``score-<criterion>`` 1 to 5, ``comment``, ``final`` (yes; no makes it a draft again;
    nothing leaves it as it was). A final sheet has a score for every criterion."""
    entry = jury.entry_in(command)
    if isinstance(entry, Refused):
        return entry
    if jury.away(sender.id, entry):
        return refuse("recused", "You are recused from this entry, so your sheet does not count.")
    sent = {name: command.text(f"score-{name}") for name in jury.weights}
    scores = {name: int(value) for name, value in sent.items() if value in SCORES}
    if len(scores) < sum(bool(value) for value in sent.values()):
        return refuse("bad_score", "A score is a whole number from 1 to 5.")
    return jury.refuse_signed() or _sheet(jury, entry.id, sender.id, scores, command)


def _sheet(jury: Jury, entry: str, juror: str, scores: dict[str, int], command: Command) -> Decision:
    comment, before, missing = command.text("comment"), jury.sheet(juror, entry), jury.missing(scores)
    kept_final = before is not None and before.final and not missing and command.text("final") != "no"
    final = command.text("final") == "yes" or kept_final
    if final and missing:
        return refuse("incomplete", "Not final yet, a score is missing: {missing}", missing=missing)
    if before is None and not scores and not comment:
        return refuse("empty_sheet", "Nothing is scored yet. Choose a score first.")
    if before == ScoreSheet(scores, comment, final, before.at if before else 0.0):
        return []
    scored = jury.event("entry_scored", entry=entry, scores=scores, comment=comment, final=final)
    return too_long(comment, MAX_COMMENT) or [scored]


def entry_scored(jury: Jury, event: Event) -> Iterator[Change]:
    body: EntryScored = event.body
    if not body:
        jury.sheets.elsewhere[event.actor] = None
        return
    sheet = ScoreSheet(body["scores"], body["comment"] or "", body["final"], event.at)
    before = jury.sheets.put(event.actor, body["entry"], sheet)
    yield from sheet_changed(jury, event.actor, body["entry"])
    if before is None or before.final != sheet.final:  # the list of my sheets says no more than that
        yield Changed(scope=person_scope(event.actor))
