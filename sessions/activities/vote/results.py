"""What becomes of a result: it is shown, changed by hand with a reason, or voided together with its ballots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sessions.activities.vote.events import ResultOverridden, VoteVoided
from sessions.activities.vote.giving import settle, tell
from sessions.activity import EVERY_PANE, Change, Revealed, too_long
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.result import Result

if TYPE_CHECKING:
    from sessions.activities.vote import Vote
    from sessions.people import Member

MAX_REASON = 280


def result_counted(vote: Vote, event: Event) -> Iterator[Change]:
    vote.state.result = Result(event.body, revealed=not vote.rules.get("blind", True), seq=event.seq)
    return _settled(vote)


def _settled(vote: Vote) -> Iterator[Change]:
    """The result stands anew: who gets what it gives, and everybody's page."""
    yield from settle(vote)
    yield from tell(vote)
    yield EVERY_PANE


def reveal_result(vote: Vote, command: Command, sender: Member, now: float) -> Decision:
    """Show the result to everybody."""
    if vote.state.result is None:
        return _no_result()
    return [] if vote.state.result.revealed else [vote.event("result_revealed")]


def result_revealed(vote: Vote, event: Event) -> Iterable[Change]:
    assert vote.state.result is not None
    vote.state.result.revealed = True
    return (*tell(vote), EVERY_PANE, Revealed((vote.phase.id,)))


def override_result(vote: Vote, command: Command, sender: Member, now: float) -> Decision:
    """Change what becomes of one ``option``: ``kept`` (yes or no), ``place`` (from 1); with a ``reason``."""
    option, reason, result = command.text("option"), command.text("reason"), vote.state.result
    if result is None or option not in result.body["teams"]:
        return _no_result()
    if not result.revealed:
        return refuse("not_shown", "Show the result first, then change it.")
    change = _change_in(command)
    if isinstance(change, Refused):
        return change
    return _refuse_reason(reason) or [vote.event("result_overridden", option=option, reason=reason, **change)]


def _change_in(command: Command) -> dict[str, Any] | Refused:
    kept, place = command.text("kept"), command.text("place")
    if kept not in ("", "yes", "no") or not (kept or place) or not (place or "1").isdecimal():
        return refuse("nothing_changed", "Choose whether it goes on, or give its place from 1.")
    change: dict[str, Any] = {"kept": kept == "yes"} if kept else {}
    return change | ({"place": max(1, int(place[:6]))} if place else {})


def result_overridden(vote: Vote, event: Event) -> Iterator[Change]:
    body: ResultOverridden = event.body
    assert vote.state.result is not None
    vote.state.result.change(body["option"], {**body, "reason": body["reason"] or ""})
    return _settled(vote)


def void_vote(vote: Vote, command: Command, sender: Member, now: float) -> Decision:
    """Let none of the ballots count (a vote opened by mistake). Needs a ``reason``. The ballots stay in the log;
    secret ones that were not counted yet are never opened."""
    reason, ballots = command.text("reason"), len(vote.state.ballots)
    if not ballots:
        return refuse("nothing_to_void", "Nobody has voted, so there is nothing to void.")
    voided = vote.event("vote_voided", reason=reason, ballots=ballots)
    return _refuse_reason(reason) or [voided, *vote.secrecy.emptied(vote.phase.id)]


def vote_voided(vote: Vote, event: Event) -> Iterator[Change]:
    body: VoteVoided = event.body
    vote.state.void(body["reason"] or "", vote.session.seq)
    return _settled(vote)


def _refuse_reason(reason: str) -> Refused | None:
    if not reason:
        return refuse("reason_missing", "Say why: the reason goes into the log of decisions.")
    return too_long(reason, MAX_REASON)


def _no_result() -> Refused:
    return refuse("no_result", "There is no such result here. If the vote was voided, open it again.")
