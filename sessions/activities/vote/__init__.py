"""Vote: everybody marks what they find best, nobody sees a standing before it is shown, and the count can be redone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sessions.activities.vote.giving import GivingPoll
from sessions.activity import EVERY_PANE, Alert, Change, alert, too_long
from sessions.audience import ACTORS, CLOSED, STAFF, STARTED, Right
from sessions.messages import Command, Decision, Event, Refused, Text, refuse
from sessions.outcome import Outcome
from sessions.result import Result

if TYPE_CHECKING:
    from sessions.people import Member

MAX_REASON = 280


class Vote(GivingPoll):
    """Rules: those of the poll, and what its result gives."""

    called: ClassVar[Text] = {"en": "Vote", "sv": "Rösta", "fi": "Äänestä"}
    rights: ClassVar[Mapping[str, Right]] = {
        "cast_ballot": Right(ACTORS),
        "reveal_result": Right(STAFF, CLOSED),
        "override_result": Right(STAFF, CLOSED),
        "void_vote": Right(STAFF, STARTED),
    }
    decisions: ClassVar[Mapping[str, str]] = {
        "result_revealed": "Result shown: {phase}",
        "result_overridden": "{phase}: {option} changed by hand. {reason}",
        "vote_voided": "{phase}: voided, {ballots} ballots do not count. {reason}",
    }

    # ---- the result

    def result_counted(self, event: Event) -> Iterator[Change]:
        self.result = Result(event.body, revealed=not self.rules.get("blind", True))
        yield from self._settled()

    def reveal_result(self, command: Command, sender: Member, now: float) -> Decision:
        if self.result is None:
            return _no_result()
        return [] if self.result.revealed else [self.event("result_revealed")]

    def result_revealed(self, event: Event) -> Iterator[Change]:
        assert self.result is not None
        self.result.revealed = True
        yield EVERY_PANE

    def override_result(self, command: Command, sender: Member, now: float) -> Decision:
        """Change what becomes of one ``option``: ``kept`` (yes or no), ``place`` (from 1); with a ``reason``."""
        option, reason = command.text("option"), command.text("reason")
        kept, place = command.text("kept"), command.text("place")
        if self.result is None or option not in self.result.body["teams"]:
            return _no_result()
        if not self.result.revealed:
            return refuse("not_shown", "Show the result first, then change it.")
        if kept not in ("", "yes", "no") or not (kept or place) or not (place or "1").isdecimal():
            return refuse("nothing_changed", "Choose whether it goes on, or give its place from 1.")
        body: dict[str, Any] = {"kept": kept == "yes"} if kept else {}
        body |= {"place": max(1, int(place[:6]))} if place else {}
        return _refuse_reason(reason) or [
            self.event("result_overridden", option=option, reason=reason, **body)
        ]

    def result_overridden(self, event: Event) -> Iterator[Change]:
        assert self.result is not None
        self.result.change(event.body["option"], event.body)
        yield from self._settled()

    def void_vote(self, command: Command, sender: Member, now: float) -> Decision:
        """Let none of the ballots count (a vote opened by mistake). Needs a ``reason``. The ballots stay in the log;
        secret ones that were not counted yet are never opened."""
        reason = command.text("reason")
        if not self.ballots:
            return refuse("nothing_to_void", "Nobody has voted, so there is nothing to void.")
        voided = self.event("vote_voided", reason=reason, ballots=len(self.ballots))
        return _refuse_reason(reason) or [voided, *self.secrecy.emptied(self.phase.id)]

    def vote_voided(self, event: Event) -> Iterator[Change]:
        self._lose_ballots(event.body["reason"])
        self.result = None
        yield from self._settled()

    def outcome(self) -> Outcome:
        body = self.result.body if self.result else {}
        figures = {name: body[name] for name in ("cast", "electorate") if name in body}
        return Outcome(ranking=self.standing, figures=figures)

    def alerts(self) -> Iterator[Alert]:
        current = self.session.agenda.current
        on = current is not None and current.id in (self.phase.id, self.phase.spec.beside)
        if self.is_open or self.result is None or not on:
            return
        if self._miscounted:
            yield alert(
                "There are more or fewer ballots in the urn than people have voted: {phase}",
                phase=self.phase.spec.title,
            )
        elif not self.standing:
            yield alert("Too few ballots, so nothing is decided: {phase}", phase=self.phase.spec.title)
        for team in self._silent_teams() if self.own_team else ():
            yield alert("{team} has not voted; its first idea goes on", team=team)

    def _silent_teams(self) -> list[str]:
        """Names of teams with ideas that cast no ballot."""
        voted = {row.team for row in self.standing if row.points}
        return [
            t.name for t in self.session.teams.values() if t.id in self.slate.of_team and t.id not in voted
        ]


def _refuse_reason(reason: str) -> Refused | None:
    if not reason:
        return refuse("reason_missing", "Say why: the reason goes into the log of decisions.")
    return too_long(reason, MAX_REASON)


def _no_result() -> Refused:
    return refuse("no_result", "There is no such result here. If the vote was voided, open it again.")
