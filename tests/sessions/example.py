"""The session's own commands: who drives, what comes when, who is here, in which language."""

from tests.support.examples import needs
from tests.support.player import FACILITATOR, Player
from tests.support.stage import phase

MEAL = {"reason": "meal"}
PHASES = [
    needs(who=["everyone", "staff"]),
    phase("pause", "P", rules=MEAL),
    phase("pause", "Q", rules=MEAL),
    phase("pause", "R", rules=MEAL),
]
WHEN = "N"


def before(player: Player) -> None:
    """It is said when it starts, and something else."""
    player.press("plan_start", FACILITATOR, at="2027-12-03T09:00")
    player.press("plan_start", FACILITATOR, at="")


def script(player: Player) -> None:
    """Somebody else drives for a while, a phase is left out, one comes early and the first comes back; two leave, one
    of them after having been let in again twice."""
    helper, (gone, forgotten, *_) = player.named("co_facilitator")[0], player.named("participant")
    player.press("take_over", helper, "console")
    player.press("skip_phase", helper, "console", phase="P")
    player.press("open_phase", helper, "console", phase="Q")
    player.press("take_over", FACILITATOR)
    player.press("reopen_phase", FACILITATOR, phase="N")
    player.press("set_door", FACILITATOR, "people", state="ask")
    player.press("choose_language", forgotten, "mine", language="fi")
    player.press("erase_person", forgotten, "mine", sure="yes")
    player.press("give_organisation", gone, "mine", organisation="Norr Data AB")
    player.press("give_organisation", helper, "mine", organisation="Norrdata")
    theirs, ours = (player.session.people[who].organisation for who in (gone, helper))
    player.press("unite_organisations", FACILITATOR, "people", organisation=theirs, into=ours)
    player.press("part_organisation", FACILITATOR, "people", organisation=theirs)
    player.press("remove_person", FACILITATOR, "people", person=gone)
    player.press("undo", FACILITATOR, "people")
    player.press("remove_person", FACILITATOR, "people", person=gone)
    player.tell("ask_in", gone)
    player.press("let_in", FACILITATOR, "people", person=gone)
    player.press("remove_person", FACILITATOR, "people", person=gone)
    reason = {"why": "request", "reason": "Its author asked for it", "sure": "yes"}
    player.tell("erase_words", FACILITATOR, of=str(player.session.seq), **reason)
