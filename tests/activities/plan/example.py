"""Decisions about projects at half-time, and owners for what goes on."""

from sessions.agenda import Phase
from tests.support.examples import with_entries
from tests.support.player import FACILITATOR, Player
from tests.support.stage import phase

CHOICES = ["go", "pivot", "merge", "park", "withdraw"]
DECIDE = {"mode": "decide", "choices": CHOICES, "reason_required": True}
OWN = {"mode": "own", "first_step_days": 14, "followup_months": [3, 6, 12], "force_after_hours": 12}
PHASES = [
    *with_entries(),
    phase("plan", "D", who=["teams", "staff"], rules=DECIDE),
    phase("plan", "O", who=["teams", "staff"], rules=OWN),
]
HOURS = 13


def opened(player: Player, current: Phase) -> None:
    """A team wants its project to go into another team's, which says no, and then is persuaded."""
    if current.id != "D":
        return
    one, *others = player.session.entries.values()
    other = next(entry for entry in others if entry.team != one.team)
    asking, asked = (player.session.teams[entry.team].leader for entry in (one, other))
    for reply in ("decline_merge", "accept_merge"):
        player.press(
            "decide_entry", asking, entry=one.id, choice="merge", into=other.id, reason="Both need wheels"
        )
        player.press(reply, asked, entry=one.id)


def script(player: Player) -> None:
    """An owner does not answer for half a day, and the facilitator asks somebody else."""
    player.wait(HOURS * 60)
    owned = next(entry for entry in player.session.entries.values() if entry.latest("owner"))
    owner = owned.latest("owner")["person"]
    other = next(name for name in player.named("participant") if name != owner)
    player.press("force_hand_over", FACILITATOR, entry=owned.id, person=other, reason="No answer")
