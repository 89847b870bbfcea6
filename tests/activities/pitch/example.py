"""Pitches in the order of a technical check, whose clock stops them; then whoever signs up."""

from tests.support.examples import with_entries
from tests.support.stage import phase

PITCHES = {
    "slots": "entries",
    "talk_minutes": 3,
    "qa_minutes": 2,
    "change_minutes": 1,
    "order": "handed",
    "stop": "hard",
}
OPEN_STAGE = {"slots": "signups", "most": 6, "talk_minutes": 1, "own_timer": True}
PHASES = [
    *with_entries(),
    phase("techcheck", "C", who=["teams", "staff"]),
    phase("pitch", "S", who=["teams", "staff"], inputs=["C"], rules=PITCHES),
    phase("pitch", "U", who=["everyone"], rules=OPEN_STAGE),
]
