"""A technical check, pitches whose clock stops them, and awards for what was voted."""

from tests.support.examples import with_entries
from tests.support.stage import phase

CHECK = {"mode": "techcheck", "slots": "entries"}
PITCHES = {
    "mode": "slots",
    "slots": "entries",
    "talk_minutes": 3,
    "qa_minutes": 2,
    "change_minutes": 1,
    "order": "handed",
    "stop": "hard",
}
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
    phase("present", "C", who=["teams", "staff"], rules=CHECK),
    phase("vote", "B", who=["everyone"], ends="close", rules=VOTE),
    phase("present", "A", who=["staff"], inputs=["B"], rules={"mode": "awards", "slots": "awards"}),
    phase("present", "S", who=["teams", "staff"], inputs=["C"], rules=PITCHES),
]
