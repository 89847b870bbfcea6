"""Teams around needs, and somebody who comes when they are made."""

from tests.support.examples import needs, teams
from tests.support.player import FACILITATOR, Player

PHASES = [needs(), teams()]


def script(player: Player) -> None:
    """Two come late: one asks for a place, both are given one."""
    team = min(player.session.teams.values(), key=lambda team: len(team.members)).id
    for name in ("late1", "late2"):
        player.scratch.join(name, "participant", "fi")
    player.tell("ask_to_join", "late1", "T", team=team, reason="The train was late")
    for name in ("late1", "late2"):
        player.tell("place_person", FACILITATOR, "T", person=name, team=team, reason="Came late")
