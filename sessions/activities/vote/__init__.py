"""Vote: everybody marks what they find best, nobody sees a standing before it is shown, and the count can be redone.

What the events have come to is in ``state``, what can be voted for in ``slate``, what is kept of a ballot in
``secrecy``; commands and folds are functions in ``casting``, ``counting`` and ``results``, what a result gives is in
``giving``; ``views`` says who sees what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from sessions.activities.vote import alerting, casting, checking, counting, dealing, results, tracing, views
from sessions.activities.vote.casting import TURNOUT
from sessions.activities.vote.electorate import Electorate, Turnout, organisations_of
from sessions.activities.vote.events import SHAPES
from sessions.activities.vote.giving import settle, tell
from sessions.activities.vote.rules import DECLARED
from sessions.activities.vote.secrecy import secrecy_of
from sessions.activities.vote.slate import Slate, cards_slate, entries_slate, written_slate
from sessions.activities.vote.state import BallotState
from sessions.activity import Activity, Change, Changed, FragmentId
from sessions.audience import ACTORS, CLOCK, CLOSED, EVERYBODY, STAFF, STARTED, Right
from sessions.ballot_boxes import written
from sessions.ballots import METHODS
from sessions.format_rules import Declaration
from sessions.messages import Event, Text
from sessions.outcome import Fact, Inputs, Outcome, Team

if TYPE_CHECKING:
    from sessions.people import Member

PEOPLE = FragmentId("", "people", "", EVERYBODY)


class Vote(Activity):
    """Rules: ``method`` with its own (``dots``, ``max_per_option``; ``criteria``; ``pairs`` that a voter is asked about
    at a time; ``rounds`` and ``round_minutes`` of 25/10), ``about`` (cards or entries), ``options`` (what is voted on,
    in the format), ``electorate`` (who, own_team, or organisation: each has one ballot), ``own_excluded`` (nobody marks
    their own), ``quorum`` (ballots), ``keep`` (3, 2*teams, 1-3 per team), ``threshold`` (points), ``ties`` (keep,
    shared, earliest, decider), ``ballots`` (open, confidential, secret), ``blind`` (until staff shows the result);
    ``begins_entries`` (each idea kept becomes one) or an ``award`` (by name; nobody is shown it)."""

    called: ClassVar[Text] = {"en": "Vote", "sv": "Rösta", "fi": "Äänestä"}
    declares: ClassVar[Declaration] = DECLARED
    rights: ClassVar[Mapping[str, Right]] = {
        "cast_ballot": Right(ACTORS),
        "deal_pairs": Right(ACTORS),
        "deal_round": Right(STAFF | {CLOCK}),
        "reveal_result": Right(STAFF, CLOSED),
        "override_result": Right(STAFF, CLOSED),
        "void_vote": Right(STAFF, STARTED),
    }
    events: ClassVar[Mapping[str, type]] = SHAPES
    parts: ClassVar[Mapping[str, frozenset[str]]] = views.SHOWN_IN
    decisions: ClassVar[Mapping[str, str]] = {
        "result_revealed": "Result shown: {phase}",
        "result_overridden": "{phase}: {option} changed by hand. {reason}",
        "vote_voided": "{phase}: voided, {ballots} ballots do not count. {reason}",
    }

    @classmethod
    def has_ballot_box(cls, rules: Mapping[str, Any]) -> bool:
        return secrecy_of(rules).final

    @property
    def box_is_empty(self) -> bool:
        return not self.state.ballots

    slate: Slate

    def prepare(self) -> None:
        self.own_team = self.rules.get("electorate") == "own_team"
        """Whether each team votes on what is its own."""
        self.of_organisations = self.rules.get("electorate") == "organisation"
        """Whether each organisation has one ballot."""
        self.own_excluded = bool(self.rules.get("own_excluded"))
        self.award: str = self.rules.get("award", "")
        self.gives = bool(self.award or self.rules.get("begins_entries"))
        """Whether something comes of being kept: an entry, or the award."""
        self.method = METHODS[self.rules["method"]]
        self.secrecy = secrecy_of(self.rules)
        self._list(self.inputs)
        self.state = BallotState()
        self._electorate: Electorate | None = None

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self._list(inputs)
        if self.secrecy.final and (self.state.result is not None or self.box_is_new):
            # Two counts of the same ballots and a few more would tell what those few were. What lay in a box that
            # was never counted is gone with its key.
            self.state.void("", self.session.seq, anew=True)
        self.state.result = None
        # Entries stay until the next count: others work on them meanwhile.
        return (*super().reopened(inputs), *(settle(self) if self.award else ()), *tell(self))

    def corrected(self, inputs: Inputs) -> Iterable[Change]:
        """An option that nobody may see any more keeps its place in what is counted, and loses its words."""
        now = self._handed_on(inputs)
        self.slate = Slate(
            replace(o, headline=now[o.id].headline, text=now[o.id].text)
            if o.id in now
            else replace(o, headline="", text="")
            for o in self.slate
        )
        return super().corrected(inputs)

    pending, came_short = alerting.pending, alerting.came_short
    lost_by_closing, lost_by_reopening = alerting.lost_by_closing, alerting.lost_by_reopening

    # ---- what can be voted for

    def _list(self, inputs: Inputs) -> None:
        self.slate = self._handed_on(inputs)
        if self.secrecy.final:
            largest = self.method.largest(self.slate.ids, self.rules)
            self.ballot_bytes = len(written(largest).encode())

    def _handed_on(self, inputs: Inputs) -> Slate:
        if self.rules.get("about") == "entries":
            return entries_slate(self.session, inputs)
        if self.rules.get("options"):
            return written_slate(self.rules["options"])
        return cards_slate(self.session, inputs, self.own_team)

    def now_listed(self) -> Slate:
        """The options as they are now: without what was hidden or left the race since the vote opened."""
        now = self._handed_on(self.session.inputs(self.phase))
        return Slate(now[option] for option in self.slate.ids if option in now)

    # ---- who votes

    def may_vote(self, member: Member) -> bool:
        """Whether somebody has a ballot here."""
        able = (member.team or not self.own_team) and (member.organisation or not self.of_organisations)
        return bool(able) and member.is_among(self.phase.spec.who)

    @property
    def turnout(self) -> Turnout:
        """How many have voted, of how many."""
        return self.electorate.turnout(self)

    @property
    def electorate(self) -> Electorate:
        """Who votes, as people are now."""
        version = self.session.touched.get(PEOPLE, 0)
        if self._electorate is None or not self._electorate.is_of(self, version):
            self._electorate = Electorate(self, version)
        return self._electorate

    def arrived(self, member: Member) -> Iterable[Change]:
        return (TURNOUT,)

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        """Who is in a team or an organisation, and as what, may have a ballot."""
        if not isinstance(change, Fact) or change.name not in ("team", "role", "organisation"):
            return ()
        if change.name == "organisation" and self.of_organisations:
            self.state.hold_anew(organisations_of(self), self.secrecy.final)
        return (TURNOUT, Changed(scope=change.subject))

    # ---- commands and their events

    cast_ballot = casting.cast_ballot
    ballot_cast = casting.ballot_cast
    deal_pairs, pairs_dealt = dealing.deal_pairs, dealing.pairs_dealt
    deal_round, round_dealt = dealing.deal_round, dealing.round_dealt
    deadlines = dealing.deadlines

    closing = counting.closing
    withholds, doubts, verify = checking.withholds, checking.doubts, checking.verify
    receipt, listed, became = tracing.receipt, tracing.listed, tracing.became

    reveal_result = results.reveal_result
    override_result = results.override_result
    void_vote = results.void_vote
    result_counted = results.result_counted
    result_revealed = results.result_revealed
    result_overridden = results.result_overridden
    vote_voided = results.vote_voided

    def result_said(self, event: Event) -> Mapping[str, Any]:
        """The result that was shown or changed, with how many have voted of how many."""
        result = self.state.result
        if result is None or event.kind not in ("result_revealed", "result_overridden"):
            return {}
        return {"result": result.standing, **{name: result.body[name] for name in ("cast", "electorate")}}

    # ---- what others see and get

    @property
    def proof_seq(self) -> int:
        return self.state.result.seq if self.state.result else 0

    show = views.show

    def outcome(self) -> Outcome:
        body = self.state.result.body if self.state.result else {}
        figures = {name: body[name] for name in ("cast", "electorate") if name in body}
        return Outcome(ranking=self.state.standing, figures=figures)

    def conceals(self, name: str) -> bool:
        """A blind vote's result, until staff shows it. The award of one that nobody presents is known at once."""
        result = self.state.result
        return name == "kept" and result is not None and not result.revealed

    alerts = alerting.alerts
