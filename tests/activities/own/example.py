"""Owners and first steps for what goes on."""

from tests.support.examples import with_entries
from tests.support.player import FACILITATOR, Player
from tests.support.stage import phase

OWN = {"first_step_days": 14, "followup_months": [3, 6, 12], "force_after_hours": 12}
PHASES = [*with_entries(), phase("own", "O", who=["teams", "staff"], rules=OWN)]
HOURS = 13


def script(player: Player) -> None:
    """An owner does not answer for half a day, and the facilitator asks somebody else."""
    player.wait(HOURS * 60)
    owned = next(entry for entry in player.session.entries.values() if entry.latest("owner"))
    owner = owned.latest("owner")["person"]
    other = next(name for name in player.named("participant") if name != owner)
    player.press("force_hand_over", FACILITATOR, entry=owned.id, person=other, reason="No answer")
