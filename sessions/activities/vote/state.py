"""What a vote's events have come to: the ballots, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sessions.activities.vote.secrecy import Ballot
from sessions.duels import Duel
from sessions.outcome import Ranked
from sessions.result import Result


@dataclass(frozen=True, slots=True)
class Voided:
    """Ballots that do not count: of whom, and before which seq they were cast. ``anew`` says that the vote is held
    anew; else staff voided it for a ``reason``, which is "" once its words are erased."""

    reason: str
    people: frozenset[str]
    seq: int
    anew: bool


class BallotState:
    """The ballots of one vote by voter, and its result."""

    def __init__(self) -> None:
        self.ballots: dict[str, Ballot] = {}
        self.replaced: list[Ballot] = []
        """Ballots that others of the same voters took the place of."""
        self.holders: dict[str, str] = {}
        """By organisation, whose ballot is theirs, where each has one."""
        self.gave_way = 0
        """How many ballots others of the same organisation took the place of."""
        self.voided: Voided | None = None
        self.result: Result | None = None
        """None as long as nothing is counted."""
        self.given: dict[str, Mapping[str, Any]] = {}
        """What options have got of this vote (see giving.py)."""
        self.told: dict[str, Mapping[str, Any]] = {}
        """What options have learnt of its result."""
        self.pairs: dict[str, list[Duel]] = {}
        """By voter, the pairs that they are asked about."""
        self.rounds: list[Mapping[str, str]] = []
        """Person to card, of every round so far."""
        self.rounds_planned = 0
        self.round_at = 0.0
        """When the last round was dealt: wall time, seconds since 1970 UTC."""

    def cast(self, voter: str, ballot: Ballot) -> bool:
        """Take a ballot in, in place of an earlier one; whether it is the voter's first."""
        before = self.ballots.get(voter)
        if before is not None:
            self.replaced.append(before)
        self.ballots[voter] = ballot
        return before is None

    def cast_for(self, organisation: str, voter: str, ballot: Ballot) -> bool:
        """The same for an organisation: the ballot of whoever of it sends last is the one it has."""
        before = self.holders.get(organisation)
        if before not in (None, voter):
            self._give_way(before)
        self.holders[organisation] = voter
        return self.cast(voter, ballot) and before is None

    def hold_anew(self, organisations: Mapping[str, str], final: bool) -> None:
        """Voters belong to other ``organisations`` now: of two that have become one the later ballot is kept, unless
        ballots are ``final``."""
        self.holders = {}
        for voter, _ in sorted(self.ballots.items(), key=lambda cast: cast[1].at):
            before = self.holders.get(organisations[voter])
            if before is not None and not final:
                self._give_way(before)
            self.holders[organisations[voter]] = voter

    def _give_way(self, voter: str) -> None:
        self.replaced.append(self.ballots.pop(voter))
        self.gave_way += 1

    def void(self, reason: str, seq: int, anew: bool = False) -> None:
        """Let no ballot that was cast before a seq count."""
        self.voided = Voided(reason, frozenset(self.ballots), seq, anew)
        self.ballots, self.replaced, self.holders = {}, [], {}
        self.pairs, self.rounds, self.rounds_planned = {}, [], 0
        self.result = None

    def lost(self, voter: str) -> bool:
        """Whether somebody has voted, and their ballot does not count."""
        return self.voided is not None and voter in self.voided.people and voter not in self.ballots

    @property
    def standing(self) -> tuple[Ranked, ...]:
        """The ranking that counts; empty as long as nothing is decided."""
        return self.result.standing if self.result else ()

    @property
    def kept(self) -> dict[str, Ranked]:
        """The rows of the standing that go on, by option."""
        return {row.option: row for row in self.standing if row.kept}

    @property
    def is_miscounted(self) -> bool:
        """Whether a ballot box held more or fewer ballots than people have cast."""
        body = self.result.body if self.result else {}
        return len(body.get("ballots", ())) not in (0, body.get("cast"))
