"""Everybody has said who may see what they write, asks in a moderated round, and in a second one what is left of it."""

from tests.support.player import FACILITATOR, Player
from tests.support.stage import phase

RULES = {"moderated": True, "anonymous": True, "answerers": ["host"]}
PHASES = [
    phase("survey", "C", who=["audience"], rules={"form": "checkin"}),
    phase("qa", "A", who=["everyone"], rules=RULES),
    phase("qa", "Q", who=["everyone"], inputs=["A"], rules={**RULES, "per_person": 5}),
]


def script(player: Player) -> None:
    """What was answered is put right, and what somebody promised to answer later is answered."""
    player.press("answer_question", FACILITATOR, answer="Within a year", reason="I had said a month")
