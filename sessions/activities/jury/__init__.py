"""Jury: every juror scores every entry they are not recused from, and the chair signs the ranking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

from sessions.activities.jury.panel import CHAIR, MAX_COMMENT, MAX_REASON
from sessions.activities.jury.views import PanelViews
from sessions.activity import EVERY_PANE, Alert, Change, alert, too_long
from sessions.audience import ACTORS, STAFF, STARTED, Right
from sessions.messages import Command, Decision, Event, Refused, Text, refuse
from sessions.outcome import Fact, Inputs, Outcome, Ranked
from sessions.result import differences

if TYPE_CHECKING:
    from sessions.people import Member

SIGNERS = STAFF | {CHAIR}


class Jury(PanelViews):
    """Rules: those of the panel, and ``award``: the name of what the first place gets.

    Signing is apart from closing: it also ends the scoring of an open phase, and may follow after the close.
    """

    called: ClassVar[Text] = {"en": "Jury", "sv": "Jury", "fi": "Tuomaristo"}
    rights: ClassVar[Mapping[str, Right]] = {
        "score_entry": Right(ACTORS),
        "recuse": Right(ACTORS, STARTED),
        "undo_recusal": Right(SIGNERS, STARTED),
        "break_tie": Right(SIGNERS, STARTED),
        "sign_result": Right(SIGNERS, STARTED),
    }
    decisions: ClassVar[Mapping[str, str]] = {
        "recused": "A juror stepped aside from entry {number}: conflict of interest",
        "recusal_undone": "A conflict of interest was lifted, entry {number}. {reason}",
        "tie_broken": "The jury's chair placed entry {number} first among equals. {reason}",
        "result_signed": "The jury's result was signed",
    }

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        taken_back = self._taken_back()
        return (*super().reopened(inputs), *taken_back)

    # ---- the chair

    def break_tie(self, command: Command, sender: Member, now: float) -> Decision:
        """The chair places an ``entry`` before those that no rule parts from it, with a ``reason``."""
        entry, reason = self._entry(command), command.text("reason")
        no = entry if isinstance(entry, Refused) else self._refuse_signer(sender) or self._refuse_signed()
        if isinstance(entry, Refused) or no is not None:
            return no or []
        rows = {row.entry: row for row in self.ranked(without_chair=True)}
        row = rows.get(entry.id)
        over = [e for e, other in rows.items() if row and e != entry.id and other.place == row.place]
        if not over or "chair" not in self.tie_rules:
            return refuse("no_tie", "No other entry shares this one's place.")
        if any(self.away(sender.id, self.entries[e]) for e in (entry.id, *over)):
            return refuse(
                "own_conflict", "You are recused from one of these entries. Somebody else has to decide."
            )
        if not reason:
            return refuse("reason_missing", "Say why: the reason goes into the log of decisions.")
        body = {"entry": entry.id, "number": entry.number, "over": over, "reason": reason}
        return too_long(reason, MAX_REASON) or [self.event("tie_broken", **body)]

    def tie_broken(self, event: Event) -> Iterator[Change]:
        entry = event.body["entry"]
        for other in event.body["over"]:
            self.decided.discard((other, entry))
            self.decided.add((entry, other))
        yield from self._standings_changed()

    def _refuse_signer(self, sender: Member) -> Refused | None:
        if sender.role in STAFF and self.chairs:
            return refuse("chair_signs", "The jury has a chair, and the chair decides this.")
        return None

    def sign_result(self, command: Command, sender: Member, now: float) -> Decision:
        """Put a name under the ranking. ``reason`` is what is said about the first place at the awards."""
        reason, rows = command.text("reason"), self.ranked()
        no = self._refuse_signer(sender) or self._refuse_signed() or too_long(reason, MAX_COMMENT)
        if no is not None:
            return no
        if not rows:
            return refuse("nothing_to_sign", "No sheet is final yet, so there is no result to sign.")
        return [
            self.event(
                "result_signed", **self._protocol(), ranking=[asdict(row) for row in rows], reason=reason
            )
        ]

    def _protocol(self) -> dict[str, Any]:
        """What the result rests on, and what it does not: named, so that anybody can check it."""
        return {
            "absent": self.absences(),
            "thin": [entry.id for entry in self.thin()],
            "unfinished": [[juror, entry] for juror, entry, _ in self.unfinished()],
        }

    def result_signed(self, event: Event) -> Iterator[Change]:
        self.signed, self.signed_at = event.body, event.at
        yield EVERY_PANE
        for row in event.body["ranking"]:
            yield Fact(row["entry"], "score", self._score(row), self.phase.id)
        for entry in self._winners():
            award = {"award": self.rules["award"], "reason": event.body["reason"], "place": 1}
            yield Fact(entry, "award", award, self.rules["award"])

    def _score(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What the entry's record keeps; comments without the jurors' names."""
        absent = self.signed["absent"][row["entry"]]
        sheets = [s for juror, s in self.sheets[row["entry"]].items() if s.final and juror not in absent]
        comments = [sheet.comment for sheet in sheets if sheet.comment]
        return {
            **{name: row[name] for name in ("mean", "rank_points", "place", "jurors", "spread")},
            "comments": comments,
        }

    def _winners(self) -> list[str]:
        if not self.rules.get("award"):
            return []
        return [row["entry"] for row in self.signed.get("ranking", ()) if row["place"] == 1]

    def _taken_back(self) -> list[Fact]:
        """The jury meets again: nothing it gave counts until it has signed anew."""
        scores = [Fact(row["entry"], "score", None, self.phase.id) for row in self.signed.get("ranking", ())]
        return scores + [Fact(entry, "award", None, self.rules["award"]) for entry in self._winners()]

    # ---- what is handed on

    def outcome(self) -> Outcome:
        rows = self.signed.get("ranking", ())
        entries = self.session.entries
        return Outcome(
            ranking=tuple(
                Ranked(row["entry"], row["place"], row["mean"], row["place"] == 1, entries[row["entry"]].team)
                for row in rows
                if row["entry"] in entries
            )
        )

    def verify(self) -> list[str]:
        if not self.signed:
            return []
        again = [
            {"option": row.entry, **asdict(row)} for row in self.rank(self.signed["absent"], self.tie_rules)
        ]
        stored = [{"option": row["entry"], **row} for row in self.signed["ranking"]]
        return [f"{self.phase.id}: {text}" for text in differences(stored, again)]

    def alerts(self) -> Iterator[Alert]:
        if not self.is_open and not self.signed:
            yield alert("The jury's result is not signed, so there is no award yet")
        thin = self.thin()
        if thin and not self.signed:
            least = self.rules.get("min_jurors", 3)
            numbers = ", ".join(str(entry.number) for entry in thin)
            yield alert("Entries with fewer than {limit} jurors: {entries}", limit=least, entries=numbers)
