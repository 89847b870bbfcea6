"""Votes about needs with dots, two by two, by agreeing, and card by card; about ideas in the team; and one that is
voided at the end."""

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
ABOUT_NEEDS = {"who": ["everyone"], "inputs": ["N"], "ends": "close"}
PHASES = [
    *with_entries(),
    phase("vote", "P", **ABOUT_NEEDS, rules={"method": "pairwise", "pairs": 3, "keep": "2"}),
    phase("vote", "G", **ABOUT_NEEDS, rules={"method": "agree", "keep": "2"}),
    phase(
        "vote", "R", **ABOUT_NEEDS, rules={"method": "card25", "rounds": 2, "round_minutes": 2, "keep": "2"}
    ),
    phase("vote", "V", **ABOUT_NEEDS, rules=RULES),
]


def script(player: Player) -> None:
    """The vote is found to have been unfair."""
    player.press("void_vote", phase="V", reason="Two people voted on one phone")
