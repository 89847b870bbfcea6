"""A night with people who leave, and those who keep watch."""

from tests.support.stage import phase

PHASES = [
    phase("pause", "P", who=["everyone"], minutes=240, rules={"reason": "night", "emergency": "112"}),
]
