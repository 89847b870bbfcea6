"""What a voter who holds a receipt is answered about their ballot, long after, from the log alone: also about every
ballot that others took the place of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.vote.secrecy import ballot_in
from sessions.messages import Event

if TYPE_CHECKING:
    from sessions.activities.vote import Vote


def receipt(vote: Vote, event: Event) -> str:
    """The code by which the voter finds the ballot in an event; "" where there is none."""
    if event.kind != "ballot_cast" or vote.method.steps:
        return ""
    return vote.secrecy.receipt(vote.phase.id, ballot_in(event))


def listed(vote: Vote, receipt: str) -> str:
    """What the count that stands says of a receipt: an English sentence, "" if nothing."""
    body = vote.state.result.body if vote.state.result and vote.secrecy.has_receipts else {}
    if receipt in body.get("replaced", ()):
        return "it does not count, because a newer ballot of the same voter took its place"
    found = [marks for code, marks in body.get("ballots", ()) if code == receipt]
    return f"it was counted: {_in_words(vote, found[0])}" if found else ""


def became(vote: Vote, event: Event) -> str:
    """What became of the ballot in an event: an English sentence."""
    ballot, state = ballot_in(event), vote.state
    if state.voided and event.seq < state.voided.seq:
        return f"it does not count, because the vote was voided: {state.voided.reason}"
    if state.ballots.get(event.actor) != ballot:
        return "it does not count, because a newer ballot of the same voter took its place"
    if state.result is None:
        return f"it is in, and has not been counted yet: {_in_words(vote, ballot.marks)}"
    if event.actor in state.result.body["excluded"]:
        return "it was not counted, because its voter was removed from the session"
    return f"it was counted: {_in_words(vote, ballot.marks)}"


def _in_words(vote: Vote, marks: Mapping[str, Any]) -> str:
    return "; ".join(_mark_in_words(vote, option, put) for option, put in marks.items())


def _mark_in_words(vote: Vote, option: str, put: Any) -> str:
    known, result = vote.slate.get(option), vote.state.result
    words = f"“{known.headline}” ({option})" if known and known.headline else option
    gone = result is not None and option not in result.body["teams"]
    return f"{_put_in_words(put)} for {words}{', which was taken off the list' if gone else ''}"


def _put_in_words(put: Any) -> str:
    """A number, or the score by each criterion."""
    if isinstance(put, Mapping):
        return ", ".join(f"{criterion} {score}" for criterion, score in put.items())
    return str(put)
