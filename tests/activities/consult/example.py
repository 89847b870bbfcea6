"""Teams ask the back office about their ideas, and later about their projects, beside a pause."""

from tests.support.examples import with_entries
from tests.support.stage import phase

RULES = {
    "topics": ["ipr", "technology", "market"],
    "verdicts": ["go", "change", "stop"],
    "answer_minutes": 20,
    "open_per_team": 3,
}
PHASES = [
    *with_entries(),
    phase(
        "consult", "Q", who=["teams", "experts"], inputs=["I"], minutes=60, rules={**RULES, "about": "cards"}
    ),
]
