"""Who changes their mind is told that the new ballot is in, and the old one is counted."""

from __future__ import annotations

import pytest

from sessions.activities.vote import Vote
from sessions.activities.vote.secrecy import Ballot


class Stubborn(dict[str, Ballot]):
    """Keeps what it was told first."""

    def __setitem__(self, voter: str, ballot: Ballot) -> None:
        super().__setitem__(voter, self.get(voter, ballot))


def break_it(patch: pytest.MonkeyPatch) -> None:
    prepare = Vote.prepare

    def stubborn(vote: Vote) -> None:
        prepare(vote)
        vote.state.ballots = Stubborn()

    patch.setattr(Vote, "prepare", stubborn)
