"""A jury at work: score sheets, and who is recused from what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessions.activity import Activity, Change, Changed, too_long
from sessions.audience import STAFF, person_scope, role_scope
from sessions.ballots import SCORES, weights_of
from sessions.conflicts import conflict
from sessions.entry import Entry
from sessions.messages import Command, Decision, Event, Refused, Text, refuse
from sessions.outcome import Inputs

if TYPE_CHECKING:
    from sessions.people import Member

MAX_COMMENT = 500
MAX_REASON = 280
CHAIR = "jury_chair"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one juror thinks of one entry; only a final one counts. ``at`` is wall time, seconds since 1970 UTC."""

    scores: Mapping[str, int]
    comment: str
    final: bool
    at: float


class Panel(Activity):
    """Rules: ``rubric`` (by name), ``ties`` (criteria, head_to_head, chair; in turn), ``min_jurors``."""

    def prepare(self) -> None:
        assert self.session.format is not None
        self.criteria: list[Mapping[str, Any]] = list(
            self.session.format.rubric(self.rules["rubric"])["criteria"]
        )
        self.weights = weights_of(self.criteria)
        self.sheets: dict[str, dict[str, Sheet]] = {}
        """Entry to juror to sheet."""
        self.declared: dict[tuple[str, str], str] = {}
        """Juror and entry to the reason for which the juror stepped aside."""
        self.lifted: set[tuple[str, str]] = set()
        """Juror and entry of conflicts that the chair has lifted."""
        self.decided: set[tuple[str, str]] = set()
        """Pairs of equal entries that the chair has parted: this one before that one."""
        self.signed: Mapping[str, Any] = {}
        """What was signed, as it stands in the log; empty before."""
        self.signed_at = 0.0

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self.signed = {}
        return super().reopened(inputs)

    # ---- what is judged, and by whom

    @property
    def entries(self) -> dict[str, Entry]:
        """The entries in the race: in the running order, then those that have no place in it."""
        racing = {entry.id: entry for entry in self.session.entries.values() if entry.in_race}
        ids = dict.fromkeys([*(e for e in self.inputs.order if e in racing), *racing])
        return {entry: racing[entry] for entry in ids}

    @property
    def jurors(self) -> list[Member]:
        return self.session.present_people(self.phase.spec.who)

    @property
    def chairs(self) -> list[Member]:
        return [juror for juror in self.jurors if juror.role == CHAIR]

    def away(self, juror: str, entry: Entry) -> str:
        """Why a juror may not judge an entry: ``declared``, ``team``, ``expert``, ``organisation``; "" if they may."""
        if (juror, entry.id) in self.declared:
            return "declared"
        member = self.session.people.get(juror)
        if member is None or (juror, entry.id) in self.lifted:
            return ""
        return conflict(self.session, entry, member)

    def scored_by(self, entry: Entry) -> list[Member]:
        """The jurors who are to judge an entry."""
        return [juror for juror in self.jurors if not self.away(juror.id, entry)]

    def _entry(self, command: Command) -> Entry | Refused:
        entry = self.entries.get(command.text("entry"))
        return entry or refuse("no_entry", "That entry is not in the race any more.")

    def _refuse_signed(self) -> Refused | None:
        if not self.signed:
            return None
        return refuse(
            "signed",
            "The result was signed at {signed_at}. Scores stay as they are.",
            signed_at=self.signed_at,
        )

    # ---- sheets

    def score_entry(self, command: Command, sender: Member, now: float) -> Decision:
        """A whole sheet: ``entry``, ``score-<criterion>`` 1 to 5, ``comment``, ``final`` (yes; no makes it a draft
        again; nothing leaves it as it was). A final sheet has a score for every criterion."""
        entry = self._entry(command)
        if isinstance(entry, Refused):
            return entry
        if self.away(sender.id, entry):
            return refuse("recused", "You are recused from this entry, so your sheet does not count.")
        sent = {name: command.text(f"score-{name}") for name in self.weights}
        scores = {name: int(value) for name, value in sent.items() if value in SCORES}
        if len(scores) < sum(bool(value) for value in sent.values()):
            return refuse("bad_score", "A score is a whole number from 1 to 5.")
        return self._refuse_signed() or self._sheet(entry, sender, scores, command)

    def _sheet(self, entry: Entry, sender: Member, scores: dict[str, int], command: Command) -> Decision:
        comment, before = command.text("comment"), self.sheet(sender.id, entry.id)
        missing = self.missing(scores)
        kept_final = before is not None and before.final and not missing and command.text("final") != "no"
        final = command.text("final") == "yes" or kept_final
        if final and missing:
            return refuse("incomplete", "Not final yet, a score is missing: {missing}", missing=missing)
        if before is None and not scores and not comment:
            return refuse("empty_sheet", "Nothing is scored yet. Choose a score first.")
        if before == Sheet(scores, comment, final, before.at if before else 0.0):
            return []
        body = {"entry": entry.id, "scores": scores, "comment": comment, "final": final}
        return too_long(comment, MAX_COMMENT) or [self.event("entry_scored", **body)]

    def sheet(self, juror: str, entry: str) -> Sheet | None:
        return self.sheets.get(entry, {}).get(juror)

    def missing(self, scores: Mapping[str, int]) -> list[Text]:
        """The criteria that have no score yet, in words."""
        return [criterion["title"] for criterion in self.criteria if criterion["id"] not in scores]

    def entry_scored(self, event: Event) -> Iterator[Change]:
        body = event.body
        sheet = Sheet(body["scores"], body["comment"], body["final"], event.at)
        before = self.sheets.setdefault(body["entry"], {}).get(event.actor)
        self.sheets[body["entry"]][event.actor] = sheet
        yield from self._changed(event.actor, body["entry"])
        if before is None or before.final != sheet.final:  # the list of my sheets says no more than that
            yield Changed(scope=person_scope(event.actor))

    def _changed(self, juror: str, entry: str) -> Iterator[Changed]:
        own = person_scope(juror)
        yield from (Changed("sheet", entry, own), Changed("tally", "", own), Changed("progress"))
        yield from self._standings_changed()

    def _standings_changed(self) -> Iterator[Changed]:
        """Who sees the standing before it is signed: staff, and the chair."""
        scopes = [*map(role_scope, sorted(STAFF)), *(person_scope(chair.id) for chair in self.chairs)]
        yield from (Changed("standings", "", scope) for scope in scopes)

    def arrived(self, member: Member) -> Iterable[Change]:
        return (Changed("progress"), *self._standings_changed())

    # ---- conflicts of interest

    def recuse(self, command: Command, sender: Member, now: float) -> Decision:
        """Step aside from an ``entry``, with a ``reason``. A sheet already written does not count any more."""
        entry, reason = self._entry(command), command.text("reason")
        if isinstance(entry, Refused):
            return entry
        if not reason:
            return refuse("reason_missing", "Say in a few words what the conflict is.")
        if self.away(sender.id, entry) == "declared":
            return []
        body = {"entry": entry.id, "number": entry.number, "reason": reason}
        return self._refuse_signed() or too_long(reason, MAX_REASON) or [self.event("recused", **body)]

    def recused(self, event: Event) -> Iterator[Change]:
        pair = (event.actor, event.body["entry"])
        self.declared[pair] = event.body["reason"]
        self.lifted.discard(pair)
        yield from self._changed(*pair)

    def undo_recusal(self, command: Command, sender: Member, now: float) -> Decision:
        """The chair or staff lets a ``juror`` judge an ``entry`` after all, with a ``reason``."""
        entry, juror, reason = self._entry(command), command.text("juror"), command.text("reason")
        if isinstance(entry, Refused):
            return entry
        if not self.away(juror, entry):
            return refuse("not_recused", "This juror is not recused from that entry.")
        if juror == sender.id:
            return refuse("own_conflict", "Your own conflict has to be lifted by somebody else.")
        if not reason:
            return refuse("reason_missing", "Say why: the reason goes into the log of decisions.")
        body = {"juror": juror, "entry": entry.id, "number": entry.number, "reason": reason}
        return self._refuse_signed() or too_long(reason, MAX_REASON) or [self.event("recusal_undone", **body)]

    def recusal_undone(self, event: Event) -> Iterator[Change]:
        pair = (event.body["juror"], event.body["entry"])
        self.declared.pop(pair, None)
        self.lifted.add(pair)
        yield from self._changed(*pair)
