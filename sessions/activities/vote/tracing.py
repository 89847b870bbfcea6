"""What a voter who holds a receipt is told about their ballot, long after, from the log alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions.activities.vote.poll import Poll
from sessions.activities.vote.secrecy import ballot_in
from sessions.messages import Event


class TracedPoll(Poll):
    """Answers for every ballot that was ever cast, also for those that others took the place of."""

    def receipt(self, event: Event) -> str:
        return self.secrecy.receipt(self.phase.id, ballot_in(event)) if event.kind == "ballot_cast" else ""

    def became(self, event: Event) -> str:
        ballot = ballot_in(event)
        if event.seq < self.voided.get("seq", 0):
            return f"it does not count, because the vote was voided: {self.voided['reason']}"
        if self.ballots.get(event.actor) != ballot:
            return "it does not count, because a newer ballot of the same voter took its place"
        if self.result is None:
            return f"it is in, and has not been counted yet: {self._in_words(ballot.marks)}"
        if event.actor in self.result.body["excluded"]:
            return "it was not counted, because its voter was removed from the session"
        return f"it was counted: {self._in_words(ballot.marks)}"

    def _in_words(self, marks: Mapping[str, Any]) -> str:
        return "; ".join(self._mark_in_words(option, put) for option, put in marks.items())

    def _mark_in_words(self, option: str, put: Any) -> str:
        known = self.slate.get(option)
        words = f"“{known.text}” ({option})" if known else option
        gone = self.result is not None and option not in self.result.body["teams"]
        return f"{_put_in_words(put)} for {words}{', which was taken off the list' if gone else ''}"


def _put_in_words(put: Any) -> str:
    """A number, or the score by each criterion."""
    if isinstance(put, Mapping):
        return ", ".join(f"{criterion} {score}" for criterion, score in put.items())
    return str(put)
