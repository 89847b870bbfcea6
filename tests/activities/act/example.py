"""The host answers advice, and everybody plans what comes of it, with support from those who are asked for it."""

from tests.support.stage import phase, words

ADVICE = {"columns": ["advice"], "fields": ["text"], "main": "text", "per_person": 1}
ANSWERS = {"answers": ["accept", "try", "not_now"], "answerers": ["host"]}
PLANS = {
    "actions": ["measure", "booking"],
    "areas": ["advise", "fund"],
    "labels": {"advise": words("Advise"), "fund": words("Finance")},
    "support": True,
    "supporters": ["business_developer"],
    "contact": True,
}
PHASES = [
    phase("collect", "A", who=["teams"], rules=ADVICE),
    phase("act", "H", who=["everyone"], inputs=["A"], rules=ANSWERS),
    phase("act", "P", who=["everyone"], inputs=["H"], rules=PLANS),
]
