"""Tables that people choose; then teams around needs, and somebody who comes when they are made."""

from tests.support.examples import needs, teams
from tests.support.player import FACILITATOR, Player
from tests.support.stage import phase

TABLES = {
    "forming": "self_join",
    "begins_entries": True,
    "min_size": 1,
    "target_size": 4,
    "max_size": 6,
    "min_areas": 0,
}
PHASES = [needs(), phase("team", "J", inputs=["N"], rules=TABLES), teams()]


def script(player: Player) -> None:
    """Two come late: one asks for a place, both are given one."""
    team = min(
        (team for team in player.session.teams.values() if team.id.startswith("T")),
        key=lambda team: len(team.members),
    ).id
    for name in ("late1", "late2"):
        player.scratch.join(name, "participant", "fi")
    player.tell("ask_to_join", "late1", "T", team=team, reason="The train was late")
    player.tell("ask_to_join", "late2", "T", team=team, reason="So was I")
    player.tell("take_back_request", "late2", "T")
    for name in ("late1", "late2"):
        player.tell("place_person", FACILITATOR, "T", person=name, team=team, reason="Came late")
