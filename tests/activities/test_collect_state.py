"""What a collecting phase's events come to, without a stage; and what is left of it when the words are erased."""

from __future__ import annotations

from typing import Any, cast

from sessions.activities.collect import Collect
from sessions.activities.collect.handed_on import handed_on, outcome
from sessions.activities.collect.state import CardState
from sessions.activities.collect.wall import Card
from sessions.audience import EVERYBODY, person_scope
from sessions.session import Session
from tests.support.stage import Stage, phase


def state_with(*texts: str) -> CardState:
    """Cards c1, c2 … of p1, p2 … that nobody has grouped."""
    state = CardState(newest=2, revealed=True)
    for number, text in enumerate(texts, 1):
        card = Card(f"c{number}", number, f"p{number}", at=0.0, fields={"text": text})
        state.note(card)
        state.put(card, readers="")
    return state


def lay(state: CardState, group: str, *cards: str) -> None:
    state.begin_group(group, f"Title of {group}", "kim", whole=True)
    for key in cards:
        state.wall.cards[key].group = group
        state.put(state.wall.cards[key], readers="")


def test_a_group_is_handed_on_as_one_card_of_all_its_authors() -> None:
    state = state_with("bus", "train", "tea")
    lay(state, "g1", "c1", "c2")
    group, loose = outcome(state, "text").cards
    assert (group.id, group.text, group.authors, group.count) == ("g1", "Title of g1", ("p1", "p2"), 2)
    assert (loose.id, loose.text, loose.authors) == ("c3", "tea", ("p3",))


def test_what_is_handed_on_is_found_by_its_id() -> None:
    state = state_with("bus", "train")
    lay(state, "g1", "c1")
    found = [handed_on(state.wall, key, "text") for key in ("g1", "c1", "c2", "c9")]
    assert [card and card.id for card in found] == ["g1", None, "c2", None]


def test_the_newest_cards_make_room_and_come_back() -> None:
    state = state_with("bus", "train", "tea")
    assert [card.id for card in state.wall.latest] == ["c3", "c2"]
    state.withdraw(state.wall.cards["c3"], at=1.0)
    assert state.put(state.wall.cards["c3"], readers="") == ["c1"]
    assert [card.id for card in state.wall.latest] == ["c2", "c1"]


def test_a_card_that_stood_for_others_leaves_them_standing_for_themselves() -> None:
    state = state_with("bus", "a bus", "the bus")
    for key in ("c2", "c3"):
        state.wall.merge(state.wall.cards["c1"], state.wall.cards[key])
    assert state.wall.cards["c1"].count == 3
    changed = state.withdraw(state.wall.cards["c1"], at=1.0)
    assert [card.id for card in changed] == ["c1", "c2", "c3"]
    assert [card.standing for card in changed] == [False, True, True]


def test_a_team_reads_what_is_shown_to_it() -> None:
    state = state_with("bus")
    card = state.wall.cards["c1"]
    state.put(card, readers="t1")
    assert list(state.of_team["t1"]) == ["c1"]
    card.hidden = True
    state.put(card, readers="t1")
    assert list(state.of_team["t1"]) == []


# ---- erased words

NEED = {"fields": ["who", "situation"], "main": "situation"}


def erased(stage: Stage) -> Session:
    """The session folded from its log without what people wrote."""
    session = Session()
    for event in stage.log:
        body = {name: None if name in event.words else value for name, value in event.body.items()}
        session.evolve(event._replace(body=body))
    return session


def of(session: Session) -> Collect:
    return cast(Collect, session.agenda.phases["P1"].activity)


def grouped() -> Stage:
    """Two cards in a group and one that was edited, all with words."""
    stage = Stage(phase("collect", "P1", who=["teams"], rules=NEED), ada="participant")
    stage.open("P1")
    for text in ("bus", "train", "tea"):
        stage.ok("add_card", "ada", "P1", situation=text, who="everybody")
    stage.ok("group_cards", "kim", "P1", card=["P1c1", "P1c2"], title="Getting about")
    stage.ok("edit_card", "ada", "P1", card="P1c3", situation="coffee")
    return stage


def plain(session: Session) -> list[Any]:
    """What is handed on, without words."""
    cards = of(session).outcome().cards
    return [(card.id, card.authors, card.count, list(card.fields)) for card in cards]


def test_an_erased_card_is_still_a_card() -> None:
    stage = grouped()
    assert [card.text for card in of(stage.session).outcome().cards] == ["Getting about", "coffee"]
    session = erased(stage)
    assert [card.text for card in of(session).outcome().cards] == ["", ""]
    assert plain(session) == plain(stage.session)


def test_pages_show_a_group_and_a_card_without_their_words() -> None:
    activity = of(erased(grouped()))
    group = activity.show("console", EVERYBODY, "group", "P1g1")
    shown = activity.show("phone", person_scope("ada"), "own", "P1c3")
    assert group is not None
    assert shown is not None
    assert (group.data["title"], group.data["count"], group.data["some"]) == ("", 2, ["", ""])
    assert (shown.data["card"]["text"], shown.data["card"]["rest"]) == ("", [])


def test_cards_can_be_laid_into_a_group_whose_title_is_erased() -> None:
    stage = grouped()
    stage.session = erased(stage)
    moved = stage.ok("group_cards", "kim", "P1", card="P1c3", group="P1g1")
    assert moved[0].body["cards"] == ["P1c3"]
