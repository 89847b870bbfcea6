"""A poll: who may vote for what, the ballots as they come in, and the count at the close."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessions.activities.vote.slate import Slate, cards_slate, entries_slate, own, stopped
from sessions.activity import Activity, Change, Touch
from sessions.audience import EVERYBODY, TEAM_PEOPLE, person_scope
from sessions.ballots import METHODS, Marks
from sessions.members import Ref
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Inputs, Ranked
from sessions.ranking import expected_teams, read_keep
from sessions.result import Result, count, differences

if TYPE_CHECKING:
    from sessions.members import Member

PEOPLE = Ref("", "people", "", EVERYBODY)


@dataclass(frozen=True, slots=True)
class Ballot:
    """The last ballot of one person; ``at`` is wall time, seconds since 1970 UTC."""

    marks: Marks
    at: float


class Poll(Activity):
    """Rules: ``method`` with its own (``dots``, ``max_per_option``; ``criteria``), ``about`` (cards or entries),
    ``electorate`` (who or own_team), ``own_excluded``, ``quorum`` (ballots), ``keep`` (3, 2*teams, 1-3 per team),
    ``threshold`` (points), ``ties`` (keep, shared, earliest, decider)."""

    def prepare(self) -> None:
        self.method = METHODS[self.rules["method"]]
        self.slate = self._handed_on(self.inputs)
        self.ballots: dict[str, Ballot] = {}
        self.result: Result | None = None
        self._electorate = (-1, 0)

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self.slate = self._handed_on(inputs)
        self.result = None
        return super().reopened(inputs)

    # ---- options

    def _handed_on(self, inputs: Inputs) -> Slate:
        if self.rules.get("about") == "entries":
            return entries_slate(self.room, inputs)
        return cards_slate(self.room, inputs, self.own_team)

    def now_listed(self) -> Slate:
        """The options as they are now: without what was hidden or left the race since the vote opened."""
        now = self._handed_on(self.room.inputs(self.phase))
        return Slate(now[option] for option in self.slate.ids if option in now)

    @property
    def own_team(self) -> bool:
        """Whether each team votes on what is its own."""
        return bool(self.rules.get("electorate") == "own_team")

    # ---- ballots

    def cast_ballot(self, command: Command, sender: Member, now: float) -> Decision:
        """The whole ballot; it takes the place of an earlier one. Fields: ``option`` (repeated for dots and
        approval) or ``score-<option>-<criterion>``."""
        marks = self.method.read(command, self.rules)
        if isinstance(marks, Refused):
            return marks
        return self._refuse_marks(marks, sender) or [self.event("ballot_cast", marks=marks)]

    def _refuse_marks(self, marks: Marks, sender: Member) -> Refused | None:
        if self.own_team and not sender.team:
            return refuse("no_team", "You are in no team, so you have no ballot here. Ask the facilitator.")
        if not marks:
            return refuse("empty_ballot", "Nothing is marked. Mark at least one and send again.")
        for option in map(self.slate.get, marks):
            if option is None or (self.own_team and option.team != sender.team):
                return refuse("unknown_option", "Something you marked is no longer on the list. Look again.")
            if self.rules.get("own_excluded") and own(self.room, option, sender):
                return refuse(
                    "own_option", "You cannot vote for your own. Take that mark away and send again."
                )
        return None

    def ballot_cast(self, event: Event) -> Iterator[Change]:
        first = event.actor not in self.ballots
        self.ballots[event.actor] = Ballot(event.body["marks"], event.at)
        yield Touch(scope=person_scope(event.actor))
        if first:
            yield Touch("turnout")

    def arrived(self, member: Member) -> Iterable[Change]:
        return (Touch("turnout"),)

    def may_vote(self, member: Member) -> bool:
        return member.role in self.phase.spec.who and bool(member.team or not self.own_team)

    @property
    def turnout(self) -> tuple[int, int]:
        """How many have voted, of how many who may. Counted anew only when people have changed."""
        version = self.room.touched.get(PEOPLE, 0)
        if self._electorate[0] != version:
            people = self.room.present_people(self.phase.spec.who)
            self._electorate = version, sum(self.may_vote(member) for member in people)
        return len(self.ballots), max(self._electorate[1], len(self.ballots))

    # ---- the result

    def closing(self, now: float, seed: int) -> list[Event]:
        basis, (cast, electorate) = self._basis(), self.turnout
        counted = cast - len(basis["excluded"])
        needed = self.rules.get("quorum", 0 if self.own_team else 1)
        totals = {"cast": counted, "electorate": electorate, "valid": counted >= needed}
        return [self.event("result_counted", **totals, **basis, ranking=self._count(basis))]

    def _basis(self) -> dict[str, Any]:
        people, options = self.room.people, self.now_listed()
        attending = len(self.room.present_people(TEAM_PEOPLE))
        teams = expected_teams(len(self.room.teams), attending)
        return {
            "teams": {option.id: option.team for option in options},
            "keep": list(read_keep(self.rules.get("keep", "1"), teams)),
            "stopped": [option.id for option in options if stopped(self.room, option.id)],
            "excluded": [person for person in self.ballots if people[person].removed],
        }

    def _count(self, basis: Mapping[str, Any]) -> list[dict[str, Any]]:
        return count(self.rules, {person: ballot.marks for person, ballot in self.ballots.items()}, basis)

    def verify(self) -> list[str]:
        if self.result is None:
            return []
        body = self.result.body
        return [f"{self.phase.id}: {text}" for text in differences(body["ranking"], self._count(body))]

    @property
    def standing(self) -> tuple[Ranked, ...]:
        """The ranking that counts; empty as long as nothing is decided."""
        return self.result.standing if self.result else ()
