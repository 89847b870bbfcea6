"""Decisions about projects at half-time."""

from sessions.agenda import Phase
from tests.support.examples import with_entries
from tests.support.player import Player
from tests.support.stage import phase

CHOICES = ["go", "pivot", "merge", "park", "withdraw"]
DECIDE = {"choices": CHOICES, "reason_required": True}
PHASES = [*with_entries(), phase("decide", "D", who=["teams", "staff"], rules=DECIDE)]


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
