"""Teams write about their projects until a hard deadline, and one of them is late."""

from tests.support.examples import with_entries
from tests.support.player import FACILITATOR, Player
from tests.support.stage import phase, words

DRAFT = {"minute": 20, "name": "draft", "title": words("Draft"), "hard": False, "contacts": 9}
FINAL = {"minute": 30, "name": "final", "title": words("Final"), "hard": True}
RULES = {"documents": ["nabc"], "deadlines": [DRAFT, FINAL]}
RECORD = {"documents": ["record"], "submits": True}
ARCHIVE = {"documents": ["record"], "archives": True}
OWN = {"mode": "own", "first_step_days": 14, "followup_months": [3], "force_after_hours": 12}
PHASES = [
    *with_entries(),
    phase("work", "R", who=["teams"], minutes=60, rules=RECORD),
    phase("plan", "O", who=["teams", "staff"], rules=OWN),
    phase("work", "Z", who=["teams", "staff"], minutes=60, rules=ARCHIVE),
    phase("work", "W", who=["teams"], minutes=30, rules=RULES),
]


def script(player: Player) -> None:
    """Somebody goes on writing after the deadline; a team mate who had not seen it is shown both texts; the facilitator
    accepts it with a reason."""
    forms = ((w, player.find("write_field", w, phase="W")) for w in player.named("participant"))
    writer, form = next((w, form) for w, form in forms if form is not None)
    player.give(form, writer, text="One more thing that we found out too late")
    people = player.session.people
    mates = [mate for mate in player.named("participant") if people[mate].team == people[writer].team]
    mate = next(mate for mate in mates if mate != writer)
    place = {name: form.hidden[name] for name in ("entry", "document", "field")}
    player.tell("write_field", mate, "W", **place, text="Found out elsewhere", base="0")
    player.press("drop_aside", mate)
    player.press("accept_late", FACILITATOR, entry=[form.hidden["entry"]], reason="The network was down")
