"""What is kept of a ballot. A format chooses it for each vote (``ballots``), and the ballot says it to its voter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from sessions.ballot_boxes import secret_ballot, shuffled
from sessions.ballots import Marks
from sessions.messages import NOTHING, Command, Emptied, Event, Item
from sessions.receipts import receipt

if TYPE_CHECKING:
    from sessions.activities.vote.state import BallotState


class Ballot(NamedTuple):
    """The last ballot of one person; ``at`` is wall time, seconds since 1970 UTC. A secret one is known without its
    marks. ``nonce`` makes a receipt of it, 0 where there is none."""

    at: float
    marks: Marks = NOTHING
    nonce: int = 0


Ballots = Mapping[str, Ballot]
"""By voter."""


def ballot_in(event: Event) -> Ballot:
    """The ballot that a ``ballot_cast`` tells of."""
    return Ballot(event.at, event.body.get("marks", NOTHING), event.body.get("nonce", 0))


class Open:
    """Who marked what stands in the log, and staff is shown it together with the result."""

    name: ClassVar[str] = "open"
    final: ClassVar[bool] = False
    """Whether a ballot that is in stays as it is."""
    has_receipts: ClassVar[bool] = False
    """Whether its voter, and nobody else outside the house, can find a ballot."""
    least: ClassVar[int] = 0
    """Ballots under which none is counted."""

    def cast(self, phase: str, marks: Marks, seed: int) -> list[Item]:
        """What casting a ballot leads to."""
        return [Event("ballot_cast", phase, {"marks": marks})]

    def receipt(self, phase: str, ballot: Ballot) -> str:
        """The code by which its voter finds a ballot in an export; "" for none."""
        return ""

    def listed(self, phase: str, state: BallotState, excluded: Collection[str]) -> dict[str, Any]:
        """What the count says of ballots whose events leave the house without a body: each that counts with its
        receipt, and the receipts of those that others took the place of; in the order of the receipts."""
        return {}

    def opened(self, phase: str, command: Command) -> dict[str, Any]:
        """What the count says of ballots that stood in no event until now."""
        return {}

    def lost(self, phase: str, command: Command) -> bool:
        """Whether nothing can be read of the ballots that people have cast."""
        return False

    def emptied(self, phase: str) -> list[Item]:
        """What is done away with when ballots are counted or voided."""
        return []

    def counted(self, ballots: Ballots, body: Mapping[str, Any]) -> list[Marks]:
        """The ballots that count, with ``body`` as it stands in the event of the count."""
        return [ballot.marks for voter, ballot in ballots.items() if voter not in body["excluded"]]


class Confidential(Open):
    """Nobody is shown who marked what, though it stands in the log; each voter gets a receipt of their own."""

    name = "confidential"
    has_receipts = True

    def cast(self, phase: str, marks: Marks, seed: int) -> list[Item]:
        return [Event("ballot_cast", phase, {"marks": marks, "nonce": seed})]

    def receipt(self, phase: str, ballot: Ballot) -> str:
        return receipt(phase, ballot.nonce, ballot.marks) if ballot.nonce else ""

    def listed(self, phase: str, state: BallotState, excluded: Collection[str]) -> dict[str, Any]:
        counted = [ballot for voter, ballot in state.ballots.items() if voter not in excluded]
        listed = [[self.receipt(phase, ballot), ballot.marks] for ballot in counted]
        replaced = sorted(self.receipt(phase, ballot) for ballot in state.replaced)
        return {"ballots": sorted(listed, key=lambda row: row[0]), "replaced": replaced}

    def counted(self, ballots: Ballots, body: Mapping[str, Any]) -> list[Marks]:
        if "ballots" in body:
            return [marks for _, marks in body["ballots"]]
        return super().counted(ballots, body)


class Secret(Open):
    """The log says who has voted; the marks lie sealed in a box until the count, and cannot be changed.

    With fewer than three ballots each would be known by whoever knows the others: they are never opened.
    """

    name = "secret"
    final = True
    least = 3

    def cast(self, phase: str, marks: Marks, seed: int) -> list[Item]:
        return [Event("ballot_cast", phase), secret_ballot(phase, marks)]

    def opened(self, phase: str, command: Command) -> dict[str, Any]:
        if command.ballot_boxes is None:
            raise ValueError(f"{phase} is counted from its ballot box, and {command.name} came without")
        ballots = command.ballot_boxes.get(phase, ())
        return {"ballots": shuffled(ballots, command.seed) if len(ballots) >= self.least else []}

    def lost(self, phase: str, command: Command) -> bool:
        return not (command.ballot_boxes or {}).get(phase)

    def emptied(self, phase: str) -> list[Item]:
        return [Emptied(phase)]

    def counted(self, ballots: Ballots, body: Mapping[str, Any]) -> list[Marks]:
        return list(body["ballots"])


MODES: Mapping[str, Open] = {mode.name: mode for mode in (Open(), Confidential(), Secret())}


def secrecy_of(rules: Mapping[str, Any]) -> Open:
    """How a vote's ballots are kept; those of a blind vote are confidential unless it says otherwise.

    Raises ValueError for a word that is none of ``MODES``.
    """
    name = rules.get("ballots", "confidential" if rules.get("blind", True) else "open")
    if name not in MODES:
        raise ValueError(f"ballots must be one of {', '.join(MODES)}, not {name!r}")
    return MODES[name]
