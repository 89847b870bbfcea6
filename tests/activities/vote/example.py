"""Votes about needs with dots, about ideas in the team, and one that is voided at the end."""

from tests.support.examples import with_entries
from tests.support.player import Player
from tests.support.stage import phase

RULES = {
    "method": "dots",
    "dots": 3,
    "max_per_option": 2,
    "blind": True,
    "ballots": "confidential",
    "keep": "3",
    "ties": "keep",
}
PHASES = [
    *with_entries(),
    phase("vote", "V", who=["everyone"], inputs=["N"], ends="close", rules=RULES),
]


def script(player: Player) -> None:
    """The vote is found to have been unfair."""
    player.press("void_vote", phase="V", reason="Two people voted on one phone")
