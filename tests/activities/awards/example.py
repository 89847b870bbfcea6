"""Awards for what was voted."""

from tests.support.examples import with_entries
from tests.support.stage import phase

VOTE = {
    "method": "approval",
    "about": "entries",
    "ballots": "confidential",
    "own_excluded": True,
    "keep": "1",
    "award": "audience",
    "ties": "shared",
}
PHASES = [
    *with_entries(),
    phase("vote", "B", who=["everyone"], ends="close", rules=VOTE),
    phase("awards", "A", who=["staff"], inputs=["B"]),
]
