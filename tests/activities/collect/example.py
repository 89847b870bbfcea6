"""People come together by and by, and then a wall of needs that is sorted, with a card that comes late."""

from tests.support.examples import needs
from tests.support.player import FACILITATOR, Player
from tests.support.stage import phase

TOGETHER = {"columns": ["idea"], "together": [1, 2, 4, 5]}
PHASES = [phase("collect", "A", who=["everyone"], rules=TOGETHER), needs(who=["everyone"])]


def script(player: Player) -> None:
    """A card was written before the close and comes after it; the facilitator lets it count."""
    writer = player.named("participant")[0]
    form = player.find("add_card", writer)
    assert form is not None
    made = str(int(player.scratch.now * 1000))
    player.wait(1)
    player.press("close_phase", phase="N")
    player.tell("add_card", writer, "N", situation="Written on the bus", who="Somebody", made=made)
    player.press("accept_late", FACILITATOR)
