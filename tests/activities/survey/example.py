"""What everybody answers for themselves, and what a team answers together."""

from tests.support.examples import needs, teams
from tests.support.stage import phase

PULSE = {"form": "pulse", "fields": ["light", "blocker", "help", "overnight"], "respondent": "team"}
PHASES = [
    phase("survey", "F", who=["audience"], rules={"form": "checkin", "respondent": "person"}),
    needs(),
    teams(),
    phase("survey", "L", who=["teams", "staff"], rules=PULSE),
]
