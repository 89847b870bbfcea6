"""Cards that their authors keep to their team: who sees them, what is built on them, and how one of them is shared."""

from __future__ import annotations

import pytest

from sessions import facts
from sessions.activity import FragmentId
from sessions.audience import EVERYBODY, person_scope, team_scope
from sessions.outcome import Fact, Team
from tests.support.stage import Stage, phase

NEEDS = {"fields": ["text"], "columns": ["need"]}


def consent(stage: Stage, person: str, said: str) -> None:
    stage.session.take(stage.session.agenda.phases["P0"], [Fact(person_scope(person), "consent", said)])


def room(said: str = "team", **rules: object) -> Stage:
    """Ada has said who may see what she writes; Bo and Cy have not been asked."""
    stage = Stage(
        phase("pause", "P0"),
        phase("collect", "P1", rules={**NEEDS, **rules}),
        phase("vote", "P2", inputs=["P1"], rules={"method": "dots", "dots": 3, "keep": "1"}),
        ada="participant",
        bo="participant",
        cy="participant",
    )
    stage.open("P0")
    stage.open("P1")
    consent(stage, "ada", said)
    return stage


def team(stage: Stage, name: str, *members: str) -> None:
    made = Team(name, int(name[1:]), name, members, members[0])
    stage.session.take(stage.session.agenda.phases["P0"], [made])


def add(stage: Stage, by: str, text: str) -> str:
    (event,) = stage.ok("add_card", by, "P1", text=text)
    return str(event.body["card"])


def seen(stage: Stage, card: str, view: str = "phone", scope: str = EVERYBODY) -> bool:
    activity = stage.session.agenda.phases["P1"].activity
    assert activity is not None
    return activity.show(view, scope, "card", card) is not None


def wall(stage: Stage) -> str:
    activity = stage.session.agenda.phases["P1"].activity
    assert activity is not None
    return str([activity.show("screen", EVERYBODY, part) for part in ("wall", "kept")])


def test_what_is_only_for_the_own_team_is_on_no_wall_and_no_other_phone() -> None:
    stage = room()
    kept, open_to_all = add(stage, "ada", "Mine alone"), add(stage, "bo", "For all")
    assert [seen(stage, card) for card in (kept, open_to_all)] == [False, True]
    assert "Mine alone" not in wall(stage)
    assert "For all" in wall(stage)
    assert "'count': 1" in wall(stage)


@pytest.mark.parametrize("said", ["session", "programme", "public"])
def test_whoever_lets_the_session_see_it_is_on_the_wall(said: str) -> None:
    stage = room(said)
    assert seen(stage, add(stage, "ada", "For the room"))
    assert "For the room" in wall(stage)


def test_its_author_and_staff_see_it_and_the_own_team_as_soon_as_there_is_one() -> None:
    stage = room()
    card = add(stage, "ada", "Mine alone")
    activity = stage.session.agenda.phases["P1"].activity
    assert activity is not None
    own = activity.show("phone", person_scope("ada"), "own", card)
    loose = activity.show("console", EVERYBODY, "loose", card)
    assert own is not None
    assert loose is not None
    assert (own.data["kept"], loose.data["kept"]) == ("staff", True)
    team(stage, "t1", "ada", "bo")
    team(stage, "t2", "cy")
    assert [seen(stage, card, scope=team_scope(name)) for name in ("t1", "t2")] == [True, False]
    pane = activity.show("team", team_scope("t1"))
    assert pane is not None
    assert pane.data["cards"] == [card]


def test_who_changes_the_team_takes_along_what_they_keep_to_it() -> None:
    stage = room()
    card = add(stage, "ada", "Mine alone")
    team(stage, "t1", "ada", "bo")
    team(stage, "t2", "cy")
    team(stage, "t1", "bo")
    team(stage, "t2", "cy", "ada")
    assert [seen(stage, card, scope=team_scope(name)) for name in ("t1", "t2")] == [False, True]


def test_it_cannot_be_voted_on_and_no_entry_is_built_on_it() -> None:
    stage = room()
    add(stage, "ada", "Mine alone")
    add(stage, "bo", "For all")
    assert [card.text for card in stage.session.outcome("P1").cards] == ["For all"]
    stage.open("P2")
    ballot = stage.session.agenda.phases["P2"].activity
    assert "Mine alone" not in str(vars(ballot)["slate"].options)


def test_a_card_in_a_group_that_is_only_for_the_own_team_does_not_go_on_with_the_group() -> None:
    stage = room()
    cards = [add(stage, "ada", "Mine alone"), add(stage, "bo", "For all")]
    stage.ok("group_cards", "kim", "P1", card=cards, title="Both")
    (group,) = stage.session.outcome("P1").cards
    assert (group.count, group.authors) == (1, ("bo",))


def test_an_author_shares_a_single_card_and_nobody_else_does() -> None:
    stage = room()
    first, second = add(stage, "ada", "To share"), add(stage, "ada", "Mine alone")
    assert stage.no("share_card", "bo", "P1", card=first) == "not_yours"
    stage.ok("share_card", "ada", "P1", card=first)
    assert [seen(stage, card) for card in (first, second)] == [True, False]
    assert stage.ok("share_card", "ada", "P1", card=first) == ()


def test_letting_fewer_people_see_it_takes_back_what_was_shared_before() -> None:
    stage = room("session")
    card = add(stage, "ada", "For the room")
    assert seen(stage, card)
    stage.session.touched.clear()
    consent(stage, "ada", "team")
    assert not seen(stage, card)
    assert "For the room" not in wall(stage)
    changed = stage.session.touched.keys()
    assert {FragmentId("P1", part, key, EVERYBODY) for part, key in (("card", card), ("wall", ""))} <= changed
    stage.ok("share_card", "ada", "P1", card=card)
    consent(stage, "ada", "session")
    consent(stage, "ada", "team")
    assert not seen(stage, card)


def test_letting_more_people_see_it_again_brings_it_back() -> None:
    stage = room("team")
    card = add(stage, "ada", "For the room")
    consent(stage, "ada", "session")
    assert seen(stage, card)


def test_a_ballot_that_is_open_loses_the_words_of_what_is_kept_from_then_on() -> None:
    stage = room("session")
    card = add(stage, "ada", "For the room")
    add(stage, "bo", "For all")
    stage.open("P2")
    ballot = stage.session.agenda.phases["P2"].activity
    assert "For the room" in str(vars(ballot)["slate"].options)
    consent(stage, "ada", "team")
    options = vars(ballot)["slate"]
    assert card in options
    assert "For the room" not in str(options.options)


def test_cards_of_before_that_was_asked_are_handed_on_as_they_were() -> None:
    stage = room()
    card = add(stage, "ada", "An old card")
    added = next(event for event in stage.log if event.kind == "card_added")
    del added.body["choice"]
    old = stage.replayed()
    facts.learn(old, "P1", Fact(person_scope("ada"), "consent", "team"))
    assert [handed.id for handed in old.outcome("P1").cards] == [card]


def test_the_form_says_who_will_see_it() -> None:
    stage = room()
    activity = stage.session.agenda.phases["P1"].activity
    assert activity is not None
    said = []
    for person in ("ada", "bo"):
        pane = activity.show("phone", person_scope(person))
        assert pane is not None
        said.append(pane.data["keeps"])
    assert said == ["staff", ""]
    team(stage, "t1", "ada")
    pane = activity.show("phone", person_scope("ada"))
    assert pane is not None
    assert pane.data["keeps"] == "team"


def in_public(said: str) -> Stage:
    """The same room in a phase that is held in public."""
    row = {**phase("collect", "P1", rules=NEEDS), "public": True}
    stage = Stage(phase("pause", "P0"), row, ada="participant", bo="participant")
    stage.open("P0")
    stage.open("P1")
    consent(stage, "ada", said)
    return stage


def test_in_public_a_card_for_the_room_is_kept_its_author_is_warned_and_sharing_it_shares_it() -> None:
    stage = in_public("session")
    card = add(stage, "ada", "For the room")
    activity = stage.session.agenda.phases["P1"].activity
    assert activity is not None
    pane = activity.show("phone", person_scope("ada"))
    assert pane is not None
    assert pane.data["keeps"] == "staff"
    assert not seen(stage, card)
    stage.ok("share_card", "ada", "P1", card=card)
    assert seen(stage, card)
    assert not stage.ok("share_card", "ada", "P1", card=card)


def test_a_kept_duplicate_takes_nothing_from_the_card_that_stands_for_it() -> None:
    stage = room()
    kept, shown = add(stage, "ada", "Mine alone"), add(stage, "bo", "The same for all")
    stage.ok("merge_cards", "kim", "P1", card=[kept, shown], into=shown)
    (card,) = stage.session.outcome("P1").cards
    assert (card.authors, card.count, [behind.id for behind in card.behind]) == (("bo",), 1, [shown])


def test_the_team_that_somebody_has_left_for_none_sees_their_kept_cards_no_more() -> None:
    stage = room()
    card = add(stage, "ada", "Ours alone")
    team(stage, "t1", "ada", "bo")
    assert seen(stage, card, scope=team_scope("t1"))
    stage.ok("announce", "kim", text="Soup")
    before = stage.session.seq
    team(stage, "t1", "bo")
    assert not seen(stage, card, scope=team_scope("t1"))
    assert stage.session.touched[FragmentId("P1", "card", card, team_scope("t1"))] == before


def test_taking_back_what_a_project_has_taken_over_asks_whether_one_is_sure_also_while_the_phase_is_open() -> (
    None
):
    stage = room("session")
    card = add(stage, "ada", "A lamp for dark stops that tells the driver who waits")
    facts.learn(stage.session, "P2", Fact(card, "kept", {"title": "A lamp", "team": "", "need": ""}))
    assert stage.no("withdraw_card", "ada", "P1", card=card) == "not_sure"
    assert stage.ok("withdraw_card", "ada", "P1", card=card, sure="yes")
