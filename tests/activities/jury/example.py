"""A jury that finds all entries equally good, and a chair who has to say which of them is first."""

from sessions.agenda import Phase
from tests.support.examples import with_entries
from tests.support.player import Player
from tests.support.stage import phase

RULES = {"rubric": "default5", "min_jurors": 3, "ties": ["chair"], "award": "jury"}
PHASES = [*with_entries(), phase("jury", "J", who=["jury"], rules=RULES)]


def opened(player: Player, current: Phase) -> None:
    """Everybody in the jury gives the same points for everything, before they would do anything else."""
    if current.id != "J":
        return
    for juror in (*player.named("juror"), *player.named("jury_chair")):
        for form in player.page("phone", juror).forms():
            if form.command == "score_entry" and form.field("comment") is not None:
                points = {one.name: "3" for one in form.fields if one.kind == "radio"}
                player.give(form, juror, **points, comment="Good", final="yes")
