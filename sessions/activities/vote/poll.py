"""A poll: who may vote for what, the ballots as they come in, and the count at the close."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sessions.activities.vote.secrecy import Ballot, ballot_in, secrecy_of
from sessions.activities.vote.slate import Slate, cards_slate, entries_slate, own, stopped
from sessions.activity import Activity, Change, Changed
from sessions.audience import EVERYBODY, TEAM_PEOPLE, person_scope
from sessions.ballots import METHODS, Marks
from sessions.messages import Command, Decision, Event, Item, Refused, refuse
from sessions.outcome import Fact, Inputs, Ranked, Team
from sessions.people import FragmentId
from sessions.ranking import expected_teams, read_keep
from sessions.result import Result, count, differences

if TYPE_CHECKING:
    from sessions.people import Member

PEOPLE = FragmentId("", "people", "", EVERYBODY)
TURNOUT = Changed("turnout")


class Poll(Activity):
    """Rules: ``method`` with its own (``dots``, ``max_per_option``; ``criteria``), ``about`` (cards or entries),
    ``electorate`` (who or own_team), ``own_excluded``, ``quorum`` (ballots), ``keep`` (3, 2*teams, 1-3 per team),
    ``threshold`` (points), ``ties`` (keep, shared, earliest, decider), ``ballots`` (open, confidential, secret)."""

    @classmethod
    def check(cls, rules: Mapping[str, Any]) -> None:
        secrecy_of(rules)

    def prepare(self) -> None:
        self.own_team = self.rules.get("electorate") == "own_team"
        """Whether each team votes on what is its own."""
        self.method = METHODS[self.rules["method"]]
        self.secrecy = secrecy_of(self.rules)
        self.slate = self._handed_on(self.inputs)
        self.ballots: dict[str, Ballot] = {}
        self.voided: Mapping[str, Any] = {}
        """The reason for it, and the voters whose ballots do not count."""
        self.result: Result | None = None
        self._electorate = (-1, 0)

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self.slate = self._handed_on(inputs)
        if self.secrecy.final and self.result is not None:
            # Two counts of the same ballots and a few more would tell what those few were.
            self._lose_ballots("")
        self.result = None
        return super().reopened(inputs)

    def _lose_ballots(self, reason: str) -> None:
        """No ballot so far counts; "" as a reason if that is because the vote is held anew."""
        self.voided = {"reason": reason, "people": frozenset(self.ballots), "seq": self.session.seq}
        self.ballots = {}

    # ---- options

    def _handed_on(self, inputs: Inputs) -> Slate:
        if self.rules.get("about") == "entries":
            return entries_slate(self.session, inputs)
        return cards_slate(self.session, inputs, self.own_team)

    def now_listed(self) -> Slate:
        """The options as they are now: without what was hidden or left the race since the vote opened."""
        now = self._handed_on(self.session.inputs(self.phase))
        return Slate(now[option] for option in self.slate.ids if option in now)

    # ---- ballots

    def cast_ballot(self, command: Command, sender: Member, now: float) -> Decision:
        """The whole ballot; it takes the place of an earlier one, unless it is secret. Fields: ``option`` (repeated
        for dots and approval) or ``score-<option>-<criterion>``."""
        if self.secrecy.final and sender.id in self.ballots:
            return refuse(
                "voted_already",
                "Your ballot is in already. It is secret, so it can neither be found nor changed.",
            )
        marks = self.method.read(command, self.rules)
        if isinstance(marks, Refused):
            return marks
        return self._refuse_marks(marks, sender) or self.secrecy.cast(self.phase.id, marks, command.seed)

    def _refuse_marks(self, marks: Marks, sender: Member) -> Refused | None:
        if self.own_team and not sender.team:
            return refuse("no_team", "You are in no team, so you have no ballot here. Ask the facilitator.")
        if not marks:
            return refuse("empty_ballot", "Nothing is marked. Mark at least one and send again.")
        for option in map(self.slate.get, marks):
            if option is None or (self.own_team and option.team != sender.team):
                return refuse("unknown_option", "Something you marked is no longer on the list. Look again.")
            if self.rules.get("own_excluded") and own(self.session, option, sender):
                return refuse(
                    "own_option", "You cannot vote for your own. Take that mark away and send again."
                )
        return None

    def ballot_cast(self, event: Event) -> Iterator[Change]:
        first = event.actor not in self.ballots
        self.ballots[event.actor] = ballot_in(event)
        yield Changed(scope=person_scope(event.actor))
        if first:
            yield TURNOUT

    def arrived(self, member: Member) -> Iterable[Change]:
        return (TURNOUT,)

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        """Who is in a team, and as what, may have a ballot."""
        if isinstance(change, Fact) and change.name in ("team", "role"):
            return (TURNOUT, Changed(scope=change.subject))
        return ()

    def may_vote(self, member: Member) -> bool:
        return member.role in self.phase.spec.who and bool(member.team or not self.own_team)

    @property
    def turnout(self) -> tuple[int, int]:
        """How many have voted, of how many who may. Counted anew only when people have changed."""
        version = self.session.touched.get(PEOPLE, 0)
        if self._electorate[0] != version:
            people = self.session.present_people(self.phase.spec.who)
            self._electorate = version, sum(self.may_vote(member) for member in people)
        return len(self.ballots), max(self._electorate[1], len(self.ballots))

    # ---- the result

    def closing(self, now: float, command: Command) -> Sequence[Item]:
        basis = {**self._basis(), **self.secrecy.opened(self.phase.id, command)}
        cast, counted = self._cast(basis), self.secrecy.counted(self.ballots, basis)
        needed = max(self.rules.get("quorum", 0 if self.own_team else 1), self.secrecy.least)
        totals = {"cast": cast, "electorate": self.turnout[1], "valid": needed <= cast == len(counted)}
        result = self.event("result_counted", **totals, **basis, ranking=count(self.rules, counted, basis))
        return [result, *self.secrecy.emptied(self.phase.id)]

    def _cast(self, basis: Mapping[str, Any]) -> int:
        """How many have voted, without those whose ballots were taken out."""
        return len(self.ballots) - len(basis["excluded"])

    def _basis(self) -> dict[str, Any]:
        people, options = self.session.people, self.now_listed()
        attending = len(self.session.present_people(TEAM_PEOPLE))
        teams = expected_teams(len(self.session.teams), attending)
        return {
            "teams": {option.id: option.team for option in options},
            "keep": list(read_keep(self.rules.get("keep", "1"), teams)),
            "stopped": [option.id for option in options if stopped(self.session, option.id)],
            # Nobody can tell which of the secret ballots was theirs.
            "excluded": [p for p in self.ballots if people[p].removed and not self.secrecy.final],
        }

    def verify(self) -> list[str]:
        if self.result is None:
            return []
        body = self.result.body
        counted, cast = self.secrecy.counted(self.ballots, body), self._cast(body)
        again = count(self.rules, counted, body)
        found = [*_miscounts(body, cast, len(counted)), *differences(body["ranking"], again)]
        return [f"{self.phase.id}: {text}" for text in found]

    @property
    def _miscounted(self) -> bool:
        """Whether an urn held more or fewer ballots than people have cast."""
        body = self.result.body if self.result else {}
        return len(body.get("ballots", ())) not in (0, body.get("cast"))

    @property
    def standing(self) -> tuple[Ranked, ...]:
        """The ranking that counts; empty as long as nothing is decided."""
        return self.result.standing if self.result else ()


def _miscounts(body: Mapping[str, Any], cast: int, counted: int) -> Iterator[str]:
    """Where a count is of more or fewer ballots than people have cast. One that decided nothing may be of none."""
    if body["cast"] != cast:
        yield f"the result is of {body['cast']} ballots, and {cast} were cast"
    if counted != cast and (counted or body["valid"]):
        yield f"{cast} have voted, and {counted} ballots were counted"
