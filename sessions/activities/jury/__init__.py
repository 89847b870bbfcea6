"""Jury: every juror scores every entry they are not recused from, and the chair signs the ranking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sessions.activities.jury import (
    alerting,
    checking,
    counting,
    handed_on,
    reach,
    recusing,
    scoring,
    signing,
    views,
)
from sessions.activities.jury.changes import standings_changed
from sessions.activities.jury.events import EVENTS, ResultSigned
from sessions.activities.jury.panel import CHAIR, judged
from sessions.activities.jury.recusals import Recusals
from sessions.activities.jury.rules import DECLARED
from sessions.activities.jury.score_sheets import ScoreSheet, ScoreSheets
from sessions.activity import Activity, Change, Changed
from sessions.audience import Right
from sessions.ballots_at_once import weights_of
from sessions.format_rules import Declaration
from sessions.messages import Command, Event, Refused, Text, refuse
from sessions.outcome import Inputs, Outcome

if TYPE_CHECKING:
    from sessions.entry import Entry
    from sessions.people import Member


class Jury(Activity):
    """A phase in which jurors score entries and the chair signs what comes of it.

    Rules: ``rubric`` (by name), ``ties`` (criteria, head_to_head, chair; in turn), ``min_jurors``, and ``award``: the
    name of what the first place gets. Signing is apart from closing: it also ends the scoring of an open phase, and
    may follow after the close.
    """

    called: ClassVar[Text] = {"en": "Jury", "sv": "Jury", "fi": "Tuomaristo"}
    declares: ClassVar[Declaration] = DECLARED
    rights: ClassVar[Mapping[str, Right]] = {**scoring.RIGHTS, **recusing.RIGHTS, **signing.RIGHTS}
    events: ClassVar[Mapping[str, type]] = EVENTS
    parts: ClassVar[Mapping[str, frozenset[str]]] = views.PARTS
    decisions: ClassVar[Mapping[str, str]] = {
        "recused": "A juror stepped aside from entry {number}: conflict of interest",
        "recusal_undone": "A conflict of interest was lifted, entry {number}. {reason}",
        "tie_broken": "The jury's chair placed entry {number} first among equals. {reason}",
        "result_signed": "The jury's result was signed",
    }

    def prepare(self) -> None:
        assert self.session.format is not None
        rubric = self.session.format.rubric(self.rules["rubric"])
        self.criteria: list[Mapping[str, Any]] = list(rubric["criteria"])
        self.weights = weights_of(self.criteria)
        self.tie_rules: list[str] = list(self.rules.get("ties", ()))
        self.award: str = self.rules.get("award") or ""
        self.sheets = ScoreSheets()
        self.recusals = Recusals()
        self.parted: set[tuple[str, str]] = set()
        """Pairs of equal entries that the chair has parted: this one before that one."""
        self.signed: ResultSigned | None = None
        """What was signed, as it stands in the log; None before."""
        self.signed_at, self.signed_seq = 0.0, 0

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        """The jury meets again: what it gave is taken back until it has signed anew."""
        before, self.signed = self.signed, None
        return (*super().reopened(inputs), *handed_on.taken_back(before, self.phase.id, self.award))

    # ---- commands and events

    score_entry, entry_scored = scoring.score_entry, scoring.entry_scored
    recuse, recused = recusing.recuse, recusing.recused
    undo_recusal, recusal_undone = recusing.undo_recusal, recusing.recusal_undone
    break_tie, tie_broken = signing.break_tie, signing.tie_broken
    sign_result, result_signed = signing.sign_result, signing.result_signed

    def entry_in(self, command: Command) -> Entry | Refused:
        """The entry that a command names."""
        entry = self.entries.get(command.text("entry"))
        return entry or refuse("no_entry", "That entry is not in the race any more.")

    def refuse_signed(self) -> Refused | None:
        """Why nothing can be changed any more; None before the result is signed."""
        if self.signed is None:
            return None
        return refuse(
            "signed",
            "The result was signed at {signed_at}. Scores stay as they are.",
            signed_at=self.signed_at,
        )

    # ---- what is judged, and by whom

    @property
    def entries(self) -> dict[str, Entry]:
        """The entries that are judged, by id, in the order of the pitches."""
        return judged(self.session.entries.values(), self.inputs.order)

    @property
    def jurors(self) -> list[Member]:
        return self.session.present_people(self.phase.spec.who, self.phase.id)

    @property
    def chairs(self) -> list[Member]:
        return [juror for juror in self.jurors if juror.role == CHAIR]

    def away(self, juror: str, entry: Entry) -> str:
        """Why a juror may not judge an entry (see Recusals); "" if they may."""
        return self.recusals.why(self.session, juror, entry)

    def keeps_from(self, person: str) -> Collection[str]:
        """The entries from which a juror is recused."""
        if person not in {juror.id for juror in self.jurors}:
            return ()
        return [entry.id for entry in self.entries.values() if self.away(person, entry)]

    def scored_by(self, entry: Entry) -> list[Member]:
        """The jurors who are to judge an entry."""
        return [juror for juror in self.jurors if not self.away(juror.id, entry)]

    def sheet(self, juror: str, entry: str) -> ScoreSheet | None:
        """A juror's sheet on an entry; None if there is none."""
        return self.sheets.sheet(juror, entry)

    def missing(self, scores: Mapping[str, int]) -> list[Text]:
        """The criteria that have no score yet, in words."""
        return [criterion["title"] for criterion in self.criteria if criterion["id"] not in scores]

    # ---- how far it is, and how the entries stand

    progress, unfinished, thin = counting.progress, counting.unfinished, counting.thin
    absences, ranked = counting.absences, counting.ranked

    @property
    def proof_seq(self) -> int:
        return self.signed_seq if self.signed else 0

    @property
    def stage(self) -> str:
        """``open`` to scores, ``unsigned`` (closed), or ``signed``."""
        return "signed" if self.signed else "open" if self.is_open else "unsigned"

    # ---- what others see and get

    show, things = views.show, reach.things

    def arrived(self, member: Member) -> Iterable[Change]:
        return (Changed("progress"), *standings_changed(self))

    def result_said(self, event: Event) -> Mapping[str, Any]:
        """The ranking that was signed."""
        return {"result": self.outcome().ranking} if event.kind == "result_signed" else {}

    alerts, came_short = alerting.alerts, alerting.came_short

    def outcome(self) -> Outcome:
        return handed_on.outcome(self.signed, self.session.entries)

    withholds, doubts, verify = checking.withholds, checking.doubts, checking.verify
