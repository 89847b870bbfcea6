"""A board with two kinds of offers; then people say whom they want to meet, meet in three rounds, and say what came of
it."""

from sessions.activities.match import Match
from sessions.agenda import Phase
from tests.support.player import A_MOMENT, FACILITATOR, Player
from tests.support.stage import phase, words

BOARD = {
    "kinds": [
        {"id": "thesis", "title": words("Thesis"), "fields": ["weeks"]},
        {"id": "training", "title": words("Training")},
    ],
    "labels": {"weeks": words("Weeks")},
}
MEETINGS = {"slots": 3, "slot_minutes": 6, "change_minutes": 1, "tables": 8, "group": 2}
PHASES = [
    phase("survey", "C", who=["audience"], rules={"form": "checkin"}),
    phase("match", "B", who=["everyone"], inputs=[], rules={"does": ["board", "interest"], **BOARD}),
    phase(
        "match",
        "M",
        who=["everyone"],
        inputs=["B"],
        rules={"does": ["board", "interest", "meet", "outcome"], **BOARD, **MEETINGS},
    ),
]


def opened(player: Player, phase: Phase) -> None:
    """Somebody leaves the event while others wait for them."""
    if phase.id != "M":
        return
    player.act()
    player.press("plan_meetings")
    player.press("publish_plan", minutes="2")
    activity = player.session.agenda.phases["M"].activity
    assert isinstance(activity, Match)
    meeting = next(iter(activity.state.meetings.values()))
    player.tell("remove_person", FACILITATOR, person=meeting.people[0])
    player.wait(A_MOMENT)
    other = meeting.people[1]
    player.press("mark_absent", party=other)
    player.press("mark_here", party=other)
