"""Cards: writing, changing, hiding, grouping, merging, coming late; who sees what; what is handed on."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any, cast

import pytest

from sessions import facts
from sessions.activities.collect import Collect
from sessions.activity import EVERY_PANE, Changed, Fragment
from sessions.audience import EVERYBODY, STAFF, person_scope, role_scope, team_scope
from sessions.outcome import Card, Fact, Team
from sessions.session import Session
from tests.support.look import drawn_by, hall_of, page
from tests.support.stage import Stage, phase, race48

NEED = {"fields": ["who", "situation"], "main": "situation", "columns": ["need"]}
FEEDBACK = {"columns": ["keep", "change"], "target": "entry", "visible_to": "owner"}


def stage_with(rules: dict[str, Any] | None = None, **row: Any) -> Stage:
    """A collecting phase P1 with Ada and Bo as participants and Eve as an expert; P2 comes after it."""
    first = phase("collect", "P1", who=["teams", "staff"], rules=rules or {}, **row)
    stage = Stage(first, phase("collect", "P2"), ada="participant", bo="participant", eve="expert")
    stage.open("P1")
    return stage


def collect(stage: Stage, phase_id: str = "P1") -> Collect:
    return table(stage.session, phase_id)


def table(session: Session, phase_id: str = "P1") -> Collect:
    return cast(Collect, session.agenda.phases[phase_id].activity)


def add(stage: Stage, by: str, text: str, **fields: Any) -> str:
    """A card that has to be accepted; its id."""
    card: str = stage.ok("add_card", by, "P1", text=text, **fields)[0].body["card"]
    return card


def in_teams(stage: Stage, *, need: str = "") -> None:
    """Ada is in team t1, Bo in t2."""
    for number, person in enumerate(("ada", "bo"), 1):
        facts.regroup(stage.session, Team(f"t{number}", number, f"Team {number}", (person,), person, need))


def entry(stage: Stage, team: str, idea: str) -> str:
    """An entry of a team; its id."""
    facts.learn(
        stage.session,
        "P0",
        Fact(idea, "kept", {"title": f"Project {idea}", "team": team, "idea": idea, "need": ""}),
    )
    return stage.session.entry_of_card[idea]


def data(stage: Stage, view: str, scope: str = EVERYBODY, part: str = "", key: str = "") -> Any:
    """What a fragment shows; None where there is nothing."""
    shown = collect(stage).show(view, scope, part, key)
    return None if shown is None else shown.data


def wall(stage: Stage) -> Any:
    return data(stage, "screen", part="wall")


def texts(stage: Stage, view: str, scope: str = EVERYBODY) -> list[str]:
    """The words of the others' cards in a pane, as the pane lists them."""
    pane = data(stage, view, scope)
    return [data(stage, view, scope, "card", card)["card"]["text"] for card in pane["cards"]]


def own(stage: Stage, person: str, card: str) -> Any:
    return data(stage, "phone", person_scope(person), "own", card)


def blank(stage: Stage, person: str) -> Any:
    """The form for a new card that a person is offered."""
    return data(stage, "phone", person_scope(person))["blank"]


def outcome(stage: Stage) -> list[Card]:
    return list(collect(stage).outcome().cards)


def touches(stage: Stage, since: int) -> set[Changed]:
    """The fragments of P1 that have changed since a seq."""
    touched = stage.session.touched.items()
    return {
        Changed(ref.part, ref.key, ref.scope) for ref, seq in touched if seq > since and ref.phase == "P1"
    }


# ---- writing


def test_a_card_keeps_its_fields_column_and_author() -> None:
    stage = stage_with(NEED)
    stage.ok("add_card", "ada", "P1", who="Baker", situation="Oven stands idle")
    fields = {"who": "Baker", "situation": "Oven stands idle"}
    card = Card("P1c1", "Oven stands idle", fields, ("ada",), column="need", language="en", at=stage.now)
    assert outcome(stage) == [card]


def test_text_stands_for_the_main_field() -> None:
    stage = stage_with(NEED)
    assert stage.session.card(add(stage, "ada", "Oven idle")) == Card(
        "P1c1", "Oven idle", {"situation": "Oven idle"}, ("ada",), column="need", language="en", at=stage.now
    )


def test_a_card_without_its_main_field_is_refused_and_the_field_is_named() -> None:
    told: Any = stage_with(NEED).do("add_card", "ada", "P1", who="Baker", situation="  ")
    assert (told.reason, told.params) == ("missing", {"field": {"en": "situation"}})


def test_the_race_names_its_fields_in_every_language() -> None:
    rows = [row for row in race48()["phase"] if row["kind"] == "collect"]
    asked = [(row["id"], *row["rules"]["fields"], *row["rules"]["columns"]) for row in rows]
    named = [(row["id"], *row["rules"]["labels"]) for row in rows]
    assert {name for row in asked for name in row} == {name for row in named for name in row}


def test_a_card_is_shown_by_the_headline_its_author_gave_it_and_else_by_its_first_sentence() -> None:
    stage = stage_with()
    add(stage, "ada", "The oven stands idle. All night.", headline="Idle oven")
    add(stage, "bo", "No bus after ten. None at all.")
    shown = [data(stage, "phone", EVERYBODY, "card", key)["card"] for key in ("P1c1", "P1c2")]
    assert [(face["headline"], face["more"]) for face in shown] == [
        ("Idle oven", True),
        ("No bus after ten.", True),
    ]
    assert [card.headline for card in outcome(stage)] == ["Idle oven", "No bus after ten."]


def test_a_headline_is_changed_and_taken_away_with_the_card() -> None:
    stage = stage_with()
    card = add(stage, "ada", "The oven stands idle.", headline="Idle oven")
    stage.ok("edit_card", "ada", "P1", card=card, headline="Cold oven")
    assert outcome(stage)[0].headline == "Cold oven"
    stage.ok("edit_card", "ada", "P1", card=card, headline="")
    assert outcome(stage)[0].headline == "The oven stands idle."


def test_a_headline_of_more_than_a_line_is_refused() -> None:
    stage = stage_with()
    assert stage.no("add_card", "ada", "P1", text="The oven", headline="o" * 91) == "too_long"


def test_no_headline_is_asked_of_those_who_write_about_a_project() -> None:
    assert collect(stage_with()).form.asks_headline
    assert not collect(stage_with({"target": "entry"})).form.asks_headline


def test_a_text_over_the_limit_is_refused() -> None:
    assert stage_with().no("add_card", "ada", "P1", text="x" * 501) == "too_long"


def test_one_of_several_columns_has_to_be_chosen() -> None:
    stage = stage_with({"columns": ["expected", "happened"]})
    assert stage.no("add_card", "ada", "P1", text="x", column="elsewhere") == "no_column"


def test_nobody_has_more_cards_than_the_limit() -> None:
    stage = stage_with({"per_person": 2})
    cards = [add(stage, "ada", text) for text in ("one", "two")]
    assert stage.no("add_card", "ada", "P1", text="three") == "too_many"
    stage.ok("withdraw_card", "ada", "P1", card=cards[0])
    assert add(stage, "ada", "three") == "P1c3"


def test_the_form_for_a_card_goes_with_the_last_one_that_fits_and_comes_back_with_room() -> None:
    stage = stage_with({"per_person": 2})
    scope = person_scope("ada")
    first = add(stage, "ada", "One")
    assert data(stage, "phone", scope)["barred"] == ""
    assert data(stage, "phone", scope)["blank"] is not None
    since = stage.session.seq
    add(stage, "ada", "Two")
    assert (data(stage, "phone", scope)["barred"], data(stage, "phone", scope)["blank"]) == ("enough", None)
    assert Changed(scope=scope) in touches(stage, since)
    assert data(stage, "phone", role_scope("participant"))["blank"] is None
    since = stage.session.seq
    stage.ok("withdraw_card", "ada", "P1", card=first)
    assert data(stage, "phone", scope)["blank"] is not None
    assert Changed(scope=scope) in touches(stage, since)


def test_the_same_words_twice_are_refused_with_the_number_of_the_first() -> None:
    stage = stage_with()
    add(stage, "ada", "Trucks drive home empty")
    told: Any = stage.do("add_card", "ada", "P1", text=" trucks  drive home EMPTY")
    assert (told.reason, told.params) == ("duplicate", {"number": 1})


def test_two_people_may_say_the_same() -> None:
    stage = stage_with()
    assert [add(stage, person, "Empty trucks") for person in ("ada", "bo")] == ["P1c1", "P1c2"]


def test_words_that_were_withdrawn_may_be_said_again() -> None:
    stage = stage_with()
    stage.ok("withdraw_card", "ada", "P1", card=add(stage, "ada", "Empty trucks"))
    assert add(stage, "ada", "Empty trucks") == "P1c2"


def test_a_role_that_does_not_act_cannot_write() -> None:
    assert stage_with().no("add_card", "eve", "P1", text="x") == "not_allowed"


# ---- changing and taking back


def test_an_author_changes_a_card_and_keeps_what_was_not_sent() -> None:
    stage = stage_with(NEED)
    stage.ok("add_card", "ada", "P1", who="Baker", situation="Oven idle")
    stage.ok("edit_card", "ada", "P1", card="P1c1", situation="Oven idle at night")
    assert outcome(stage)[0].fields == {"who": "Baker", "situation": "Oven idle at night"}


def test_a_change_that_changes_nothing_leads_to_no_event() -> None:
    stage = stage_with()
    assert stage.ok("edit_card", "ada", "P1", card=add(stage, "ada", "same"), text="same") == ()


def test_a_card_cannot_become_another_card_of_its_author() -> None:
    stage = stage_with()
    add(stage, "ada", "one")
    assert stage.no("edit_card", "ada", "P1", card=add(stage, "ada", "two"), text="one") == "duplicate"


@pytest.mark.parametrize("command", ["edit_card", "withdraw_card"])
def test_nobody_else_changes_or_takes_back_a_card(command: str) -> None:
    stage = stage_with()
    assert stage.no(command, "bo", "P1", card=add(stage, "ada", "mine"), text="x") == "not_yours"


def test_a_withdrawn_card_is_not_changed() -> None:
    stage = stage_with()
    card = add(stage, "ada", "mine")
    stage.ok("withdraw_card", "ada", "P1", card=card)
    assert stage.no("edit_card", "ada", "P1", card=card, text="x") == "gone"


def test_a_withdrawn_card_leaves_its_number_and_time_and_no_words() -> None:
    stage = stage_with()
    card = add(stage, "ada", "secret after all")
    assert "secret" in repr(everything(stage))
    stage.ok("withdraw_card", "ada", "P1", card=card)
    assert "secret" not in repr(everything(stage))
    left = own(stage, "ada", card)
    assert (left["status"], left["card"]["number"], left["at"]) == ("withdrawn", 1, stage.now)


def everything(stage: Stage) -> list[Any]:
    """All that any view shows to anybody, and what is handed on."""
    activity = collect(stage)
    scopes = [
        EVERYBODY,
        *(scope for person in stage.session.people for scope in stage.session.scopes(person)),
    ]
    wall = activity.state.wall
    keys = [*wall.cards, *wall.titles, ""]
    shown = [
        activity.show(view, scope, part, key)
        for view in ("phone", "mine", "team", "screen", "console")
        for scope in scopes
        for part in ("", *activity.parts)
        for key in keys
    ]
    return [*shown, activity.outcome()]


def test_after_the_close_nothing_is_changed_and_taken_back_only_for_good() -> None:
    stage = stage_with()
    card = add(stage, "ada", "mine")
    stage.close("P1")
    assert stage.no("edit_card", "ada", "P1", card=card, text="x") == "closed"
    assert stage.no("withdraw_card", "ada", "P1", card=card) == "not_sure"
    stage.ok("withdraw_card", "ada", "P1", card=card, sure="yes")
    assert stage.session.outcome("P1").cards == ()


# ---- coming late


def late(stage: Stage, by: str = "ada", text: str = "Written in the tunnel", before: float = 60.0) -> str:
    """A card that was written ``before`` seconds before the close and has come now; its id."""
    made = (stage.session.agenda.phases["P1"].closed_at - before) * 1000
    return add(stage, by, text, made=str(made))


def test_a_card_after_the_close_is_refused() -> None:
    stage = stage_with()
    stage.close("P1")
    stage.after(1)
    assert stage.no("add_card", "ada", "P1", text="too late") == "closed"


@pytest.mark.parametrize("made", ["soon", "nan", "inf", "-5", "99999999999999"])
def test_only_a_time_before_the_close_makes_a_card_late_instead_of_refused(made: str) -> None:
    stage = stage_with()
    stage.close("P1")
    assert stage.no("add_card", "ada", "P1", text="x", made=made) == "closed"


def test_a_card_written_before_the_close_waits_for_the_facilitator() -> None:
    stage = stage_with()
    stage.close("P1")
    stage.after(40)
    card = late(stage)
    assert (outcome(stage), own(stage, "ada", card)["status"]) == ([], "late")
    assert [a.params for a in collect(stage).alerts()] == [{"count": 1}]
    assert [data(stage, "console", part="late", key=card)[k] for k in ("author", "at")] == ["ada", stage.now]


def test_everything_from_an_outage_is_accepted_with_one_press_and_each_card_is_there_once() -> None:
    stage = stage_with()
    add(stage, "ada", "in time")
    stage.close("P1")
    stage.after(40)
    for text in ("one", "two"):
        late(stage, text=text)
    assert stage.no("add_card", "ada", "P1", text="one", made="1000") == "duplicate"
    stage.ok("accept_late", "kim", "P1")
    assert [card.text for card in outcome(stage)] == ["in time", "one", "two"]
    assert list(collect(stage).alerts()) == []


def test_late_cards_are_accepted_one_by_one() -> None:
    stage = stage_with()
    stage.close("P1")
    cards = [late(stage, text=text) for text in ("one", "two")]
    stage.ok("accept_late", "kim", "P1", card=cards[1])
    assert [card.id for card in outcome(stage)] == [cards[1]]
    assert stage.no("accept_late", "kim", "P1", card=cards[1]) == "gone"


def test_accepting_when_nothing_is_late_does_nothing() -> None:
    assert stage_with().ok("accept_late", "kim", "P1") == ()


def test_late_cards_count_towards_the_limit() -> None:
    stage = stage_with({"per_person": 1})
    stage.close("P1")
    late(stage)
    assert stage.no("add_card", "ada", "P1", text="another", made="1000") == "too_many"


# ---- silence


SILENT = {"silent_minutes": 10}


def test_in_the_silence_nobody_but_author_and_staff_reads_a_card() -> None:
    stage = stage_with(SILENT)
    card = add(stage, "ada", "quiet words")
    assert own(stage, "ada", card)["card"]["text"] == "quiet words"
    assert data(stage, "console", part="loose", key=card)["card"]["text"] == "quiet words"
    assert data(stage, "phone", part="card", key=card) is None
    assert wall(stage) == {"look": "silent", "reveal_at": stage.now + 600, "total": 1}


def test_the_clock_ends_the_silence() -> None:
    stage = stage_with(SILENT)
    add(stage, "ada", "quiet words")
    stage.after(9)
    assert texts(stage, "phone") == []
    stage.after(1)
    assert (texts(stage, "phone"), wall(stage)["look"]) == (["quiet words"], "pages")
    assert list(collect(stage).deadlines()) == []


def test_the_facilitator_may_end_the_silence_earlier() -> None:
    stage = stage_with(SILENT)
    seq = stage.session.seq
    stage.ok("reveal_cards", "kim", "P1")
    assert touches(stage, seq) == {EVERY_PANE}
    assert stage.ok("reveal_cards", "kim", "P1") == ()


def test_a_phase_that_closes_in_its_silence_stays_readable_when_it_is_opened_again() -> None:
    stage = stage_with(SILENT)
    add(stage, "ada", "quiet words")
    stage.close("P1")
    assert texts(stage, "phone") == ["quiet words"]
    stage.ok("reopen_phase", "kim", "P1")
    assert texts(stage, "phone") == ["quiet words"]


# ---- hiding


def test_a_hidden_card_leaves_screen_phones_and_outcome_and_its_author_is_told() -> None:
    stage = stage_with()
    card = add(stage, "ada", "rude words")
    assert "rude" in repr([texts(stage, "phone"), wall(stage), outcome(stage)])
    seq = stage.session.seq
    stage.ok("hide_card", "kim", "P1", card=card)
    assert "rude" not in repr([texts(stage, "phone"), wall(stage), outcome(stage)])
    assert own(stage, "ada", card)["status"] == "hidden"
    assert touches(stage, seq) >= {
        Changed("wall"),
        Changed("card", card),
        Changed("own", card, person_scope("ada")),
    }


def test_a_hidden_card_stays_in_the_log_and_with_staff() -> None:
    stage = stage_with()
    card = add(stage, "ada", "rude words")
    stage.ok("hide_card", "kim", "P1", card=card)
    assert data(stage, "console", part="loose", key=card)["hidden"]
    assert [e.body["fields"]["text"] for e in stage.log if e.kind == "card_added"] == ["rude words"]


def test_a_hidden_card_is_shown_again_also_after_the_close() -> None:
    stage = stage_with()
    card = add(stage, "ada", "harmless after all")
    stage.ok("hide_card", "kim", "P1", card=card)
    stage.close("P1")
    stage.ok("show_card", "kim", "P1", card=card)
    assert [c.id for c in outcome(stage)] == [card]


def test_several_cards_are_hidden_at_once_and_hidden_ones_stay_as_they_are() -> None:
    stage = stage_with()
    cards = [add(stage, "ada", text) for text in ("one", "two")]
    stage.ok("hide_card", "kim", "P1", card=cards[0])
    assert [e.body["card"] for e in stage.ok("hide_card", "kim", "P1", card=cards)] == [cards[1]]


@pytest.mark.parametrize(
    "command",
    [
        "hide_card",
        "show_card",
        "group_cards",
        "ungroup",
        "rename_group",
        "merge_cards",
        "accept_late",
        "reveal_cards",
    ],
)
def test_participants_do_not_sort_or_hide(command: str) -> None:
    stage = stage_with()
    assert stage.no(command, "ada", "P1", card=add(stage, "ada", "x"), title="y") == "not_allowed"


# ---- groups


def grouped(stage: Stage) -> list[str]:
    """Three cards, the first two in the group P1g1; their ids."""
    cards = [add(stage, by, text) for by, text in (("ada", "bus"), ("bo", "train"), ("ada", "rent"))]
    stage.ok("group_cards", "kim", "P1", card=cards[:2], title="Transport")
    return cards


def test_a_group_goes_on_as_one_card_with_everybodys_name_and_the_rest_as_they_are() -> None:
    stage = stage_with()
    cards = grouped(stage)
    group, loose = outcome(stage)
    assert (group.id, group.text, group.authors, group.count) == ("P1g1", "Transport", ("ada", "bo"), 2)
    assert (loose.id, loose.text, loose.authors, loose.all) == (cards[2], "rent", ("ada",), (loose,))
    assert collect(stage).outcome().figures["groups"] == {"P1g1": cards[:2]}


def test_a_group_hands_on_all_that_its_cards_say_with_their_ids_authors_languages_and_times() -> None:
    stage = stage_with({**NEED, "fields": ["who", "situation", "consequence", "evidence"]})
    said = [
        ("ada", {"who": "Bakers", "situation": "The oven stands idle", "consequence": "40,000 euros a year"}),
        ("bo", {"who": "Joiners", "situation": "The saw stands idle", "evidence": "Three interviews"}),
    ]
    stage.ok("choose_language", "bo", "", language="fi")
    for person, fields in said:
        stage.ok("add_card", person, "P1", **fields)
    stage.ok("group_cards", "kim", "P1", card=["P1c1", "P1c2"], title="Idle machines")
    (group,) = outcome(stage)
    assert group.fields == {
        "who": "Bakers\nJoiners",
        "situation": "The oven stands idle\nThe saw stands idle",
        "consequence": "40,000 euros a year",
        "evidence": "Three interviews",
    }
    assert [(one.id, one.fields, one.authors, one.language, one.at) for one in group.behind] == [
        ("P1c1", said[0][1], ("ada",), "en", stage.now),
        ("P1c2", said[1][1], ("bo",), "fi", stage.now),
    ]
    assert (group.ids, group.titled_by, group.language) == (("P1g1", "P1c1", "P1c2"), "kim", "")
    stage.ok("hide_card", "kim", "P1", card="P1c2")
    assert outcome(stage)[0].fields["who"] == "Bakers"  # nobody hands on what was taken off the wall


def test_cards_join_a_group_by_its_id_or_its_title() -> None:
    stage = stage_with()
    cards = grouped(stage)
    stage.ok("group_cards", "kim", "P1", card=cards[2], group="P1g1")
    other = add(stage, "bo", "ferry")
    stage.ok("group_cards", "kim", "P1", card=other, title="Transport")
    assert [(card.id, card.count) for card in outcome(stage)] == [("P1g1", 4)]


def test_a_new_title_goes_before_a_group_that_is_still_chosen() -> None:
    stage = stage_with()
    cards = grouped(stage)
    stage.ok("group_cards", "kim", "P1", card=cards[2], group="P1g1", title="Housing")
    assert [(card.text, card.count) for card in outcome(stage)] == [("Transport", 2), ("Housing", 1)]


def test_a_card_lies_in_one_group_at_most() -> None:
    stage = stage_with()
    cards = grouped(stage)
    stage.ok("group_cards", "kim", "P1", card=cards[0], title="Busses")
    assert collect(stage).outcome().figures["groups"] == {"P1g1": [cards[1]], "P1g2": [cards[0]]}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": "Transport"}, "none_chosen"),
        ({"card": "P1c9", "title": "Transport"}, "gone"),
        ({"card": "P1c1"}, "no_group"),
        ({"card": "P1c1", "group": "P1g9"}, "no_group"),
        ({"card": "P1c1", "title": "x" * 81}, "too_long"),
    ],
)
def test_grouping_says_what_is_missing(fields: dict[str, str], reason: str) -> None:
    stage = stage_with()
    add(stage, "ada", "bus")
    assert stage.no("group_cards", "kim", "P1", **fields) == reason


def test_taking_the_last_cards_out_ends_a_group() -> None:
    stage = stage_with()
    cards = grouped(stage)
    assert data(stage, "console", part="group", key="P1g1")["some"] == ["bus", "train"]
    stage.ok("ungroup", "kim", "P1", card=cards[0])
    assert data(stage, "console", part="group", key="P1g1")["some"] == ["train"]
    stage.ok("ungroup", "kim", "P1", whole="P1g1")
    assert data(stage, "console", part="group", key="P1g1") is None
    assert [card.id for card in outcome(stage)] == cards


def test_a_group_gets_another_title() -> None:
    stage = stage_with()
    grouped(stage)
    stage.ok("rename_group", "kim", "P1", group="P1g1", title="On the move")
    assert outcome(stage)[0].text == "On the move"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"group": "P1g1"}, "no_group"),
        ({"group": "P1g7", "title": "x"}, "no_group"),
        ({"group": "P1g1", "title": "x" * 81}, "too_long"),
    ],
)
def test_renaming_says_what_is_missing(fields: dict[str, str], reason: str) -> None:
    stage = stage_with()
    grouped(stage)
    assert stage.no("rename_group", "kim", "P1", **fields) == reason


def test_a_card_that_changes_sides_on_the_console_is_another_fragment_in_the_same_list() -> None:
    stage = stage_with()
    card = grouped(stage)[0]
    assert data(stage, "console", part="loose", key=card) is None
    shown = collect(stage).show("console", EVERYBODY, "sorted", card)
    assert shown is not None
    assert (shown.home, shown.data["group"]) == ("loose", "Transport")


# ---- duplicates


def merged(stage: Stage) -> list[str]:
    """Ada's card stands for Bo's, which says the same; their ids."""
    cards = [add(stage, "ada", "No flats"), add(stage, "bo", "Nowhere to live")]
    stage.ok("merge_cards", "kim", "P1", card=cards)
    return cards


def test_one_duplicate_stands_for_all_and_keeps_all_authors_and_originals() -> None:
    stage = stage_with()
    cards = merged(stage)
    (card,) = outcome(stage)
    assert (card.id, card.text, card.authors, card.count) == (cards[0], "No flats", ("ada", "bo"), 2)
    assert [(one.id, one.text, one.authors) for one in card.all] == [
        (cards[0], "No flats", ("ada",)),
        (cards[1], "Nowhere to live", ("bo",)),
    ]
    assert collect(stage).outcome().figures["merged"] == {cards[0]: [cards[1]]}
    assert own(stage, "bo", cards[1])["card"]["text"] == "Nowhere to live"


def test_the_facilitator_chooses_which_one_stands_for_all() -> None:
    stage = stage_with()
    cards = [add(stage, "ada", "No flats"), add(stage, "bo", "Nowhere to live")]
    stage.ok("merge_cards", "kim", "P1", card=cards, into=cards[1])
    assert [card.id for card in outcome(stage)] == [cards[1]]


def test_the_author_is_told_which_card_stands_for_theirs() -> None:
    stage = stage_with()
    cards = merged(stage)
    told = own(stage, "bo", cards[1])
    assert (told["status"], told["stands_with"]) == ("merged", 1)


@pytest.mark.parametrize("who", ["ada", "bo", "kim"])
def test_any_author_and_staff_undo_a_merge_until_the_close(who: str) -> None:
    stage = stage_with()
    cards = merged(stage)
    stage.ok("unmerge_card", who, "P1", card=cards[1])
    assert [(card.id, card.count) for card in outcome(stage)] == [(cards[0], 1), (cards[1], 1)]


def test_nobody_else_undoes_a_merge() -> None:
    stage = stage_with()
    stage.join("cy")
    assert stage.no("unmerge_card", "cy", "P1", card=merged(stage)[1]) == "not_yours"


def test_a_merge_stands_after_the_close() -> None:
    stage = stage_with()
    cards = merged(stage)
    stage.close("P1")
    assert stage.no("unmerge_card", "bo", "P1", card=cards[1]) == "closed"


def test_what_stood_behind_a_duplicate_stands_behind_the_new_one() -> None:
    stage = stage_with()
    cards = merged(stage)
    third = add(stage, "bo", "Rents too high")
    stage.ok("merge_cards", "kim", "P1", card=[third, cards[0]], into=third)
    assert collect(stage).outcome().figures["merged"] == {third: cards}
    stage.ok("unmerge_card", "bo", "P1", card=third)
    assert [card.id for card in outcome(stage)] == [*cards, third]


def test_two_cards_are_needed_for_a_merge() -> None:
    stage = stage_with()
    assert stage.no("merge_cards", "kim", "P1", card=add(stage, "ada", "alone")) == "choose_two"


def test_a_card_that_stands_for_itself_is_not_unmerged() -> None:
    stage = stage_with()
    assert stage.no("unmerge_card", "ada", "P1", card=add(stage, "ada", "alone")) == "not_merged"


def test_a_card_behind_another_is_not_grouped_by_itself() -> None:
    stage = stage_with()
    assert stage.no("group_cards", "kim", "P1", card=merged(stage)[1], title="Homes") == "gone"


@pytest.mark.parametrize(("withdrawn", "left"), [(0, 1), (1, 0)])
def test_withdrawing_one_of_two_merged_cards_leaves_the_other(withdrawn: int, left: int) -> None:
    stage = stage_with()
    cards = merged(stage)
    stage.ok("withdraw_card", ("ada", "bo")[withdrawn], "P1", card=cards[withdrawn])
    assert [(card.id, card.count) for card in outcome(stage)] == [(cards[left], 1)]


def test_a_group_counts_the_duplicates_in_it() -> None:
    stage = stage_with()
    stage.ok("group_cards", "kim", "P1", card=merged(stage)[0], title="Homes")
    assert [(card.count, card.authors) for card in outcome(stage)] == [(2, ("ada", "bo"))]


# ---- ideas of a team


IDEAS = {"link": "need", "visible_to": "team", "goal_per_team": 20}


def ideas() -> Stage:
    """P1 has collected the needs P1c1 and P1c2; P2 collects ideas, and both teams work on P1c2."""
    stage = Stage(
        phase("collect", "P1"),
        phase("collect", "P2", inputs=["P1"], rules=IDEAS, who=["teams"]),
        ada="participant",
        bo="participant",
    )
    stage.open("P1")
    add(stage, "ada", "no bus")
    add(stage, "bo", "no flat")
    stage.open("P2")
    in_teams(stage, need="P1c2")
    return stage


def test_an_idea_answers_to_the_need_chosen_or_to_the_teams_own() -> None:
    stage = ideas()
    stage.ok("add_card", "ada", "P2", text="shared car", link="P1c1")
    stage.ok("add_card", "ada", "P2", text="tiny house")
    cards = collect(stage, "P2").outcome().cards
    assert [(card.link, card.team) for card in cards] == [("P1c1", "t1"), ("P1c2", "t1")]


def test_an_idea_for_an_unknown_need_is_refused() -> None:
    assert ideas().no("add_card", "ada", "P2", text="x", link="P1c7") == "unknown_need"


def needs_on(html: str) -> tuple[list[str], int]:
    """The needs that a page offers to link an idea to, and how often it says "no flat"."""
    return re.findall(r'<option value="(P1c\d)"', html), html.count("no flat")


def test_a_need_that_is_hidden_goes_from_the_open_form_at_once_and_comes_back_when_it_is_shown() -> None:
    stage = ideas()
    stage.ok("add_card", "bo", "P2", text="tiny house")
    drawn = [page(drawn_by(), stage, "phone", "ada", "en")]
    for command in ("hide_card", "show_card"):
        before = stage.session.seq
        stage.ok(command, "kim", "P1", card="P1c2")
        drawn.append(page(drawn_by(), stage, "phone", "ada", "en"))
        pushed = "".join(
            fragment
            for scope in stage.session.scopes("ada")
            for fragment in drawn_by().changes(hall_of(stage), "phone", scope, "en", before)
        )
        assert needs_on(pushed) == needs_on(drawn[-1])
    assert [needs_on(html)[0] for html in drawn] == [["P1c1", "P1c2"], ["P1c1"], ["P1c1", "P1c2"]]
    assert [bool(needs_on(html)[1]) for html in drawn] == [True, False, True]


def test_a_hidden_need_is_linked_to_no_more_and_what_was_linked_to_it_stays() -> None:
    stage = ideas()
    stage.ok("add_card", "ada", "P2", text="tiny house")
    stage.ok("hide_card", "kim", "P1", card="P1c2")
    assert stage.no("add_card", "ada", "P2", text="x", link="P1c2") == "unknown_need"
    stage.ok("add_card", "ada", "P2", text="shared flat")
    stage.ok("edit_card", "ada", "P2", card="P2c1", text="tinier house")
    assert [card.link for card in collect(stage, "P2").outcome().cards] == ["P1c2", ""]


def test_an_idea_needs_a_team() -> None:
    stage = ideas()
    stage.join("cy")
    assert stage.no("add_card", "cy", "P2", text="x") == "no_team"


def test_only_the_own_team_reads_its_ideas() -> None:
    stage = ideas()
    stage.ok("add_card", "ada", "P2", text="secret idea")
    activity = collect(stage, "P2")
    assert [
        activity.show(view, team_scope("t1"), "card", "P2c1") is not None for view in ("phone", "team")
    ] == [True] * 2
    assert [activity.show("phone", scope, "card", "P2c1") for scope in (team_scope("t2"), EVERYBODY)] == [
        None
    ] * 2
    pane: Any = activity.show("team", team_scope("t2"))
    shown = pane.data
    assert (shown["cards"], shown["need"].headline, shown["about_us"]) == ([], "no flat", False)


def test_the_screen_counts_ideas_per_team_and_shows_no_word_of_them() -> None:
    stage = ideas()
    stage.ok("add_card", "ada", "P2", text="secret idea")
    shown: Any = collect(stage, "P2").show("screen", EVERYBODY, "wall")
    counts = [(team["number"], team["count"]) for team in shown.data["teams"]]
    assert (counts, shown.data["goal"], "secret" in repr(shown)) == ([(1, 1), (2, 0)], 20, False)


def test_cards_of_two_teams_are_neither_grouped_nor_merged() -> None:
    stage = ideas()
    for person in ("ada", "bo"):
        stage.ok("add_card", person, "P2", text="same idea")
    cards = ["P2c1", "P2c2"]
    assert [stage.no(c, "kim", "P2", card=cards, title="x") for c in ("group_cards", "merge_cards")] == [
        "mixed"
    ] * 2


def test_an_idea_stays_with_the_team_it_was_written_in() -> None:
    stage = ideas()
    stage.ok("add_card", "ada", "P2", text="an idea")
    facts.regroup(stage.session, Team("t2", 2, "Team 2", ("bo", "ada"), "bo"))
    stage.ok("edit_card", "ada", "P2", card="P2c1", text="a better idea")
    assert [card.team for card in collect(stage, "P2").outcome().cards] == ["t1"]


# ---- feedback on entries


def feedback() -> tuple[Stage, str]:
    """Ada gives feedback on the entry of Bo's team; the stage and the entry's id."""
    stage = stage_with(FEEDBACK)
    in_teams(stage)
    bos = entry(stage, "t2", "P0c1")
    add(stage, "ada", "clear voice", column="keep", target=bos)
    return stage, bos


def test_feedback_becomes_a_fact_about_its_entry() -> None:
    stage, bos = feedback()
    assert stage.session.entries[bos].every("feedback") == {"P1c1": {"column": "keep", "text": "clear voice"}}


def test_a_change_replaces_the_fact() -> None:
    stage, bos = feedback()
    stage.ok("edit_card", "ada", "P1", card="P1c1", text="clear story", column="change")
    assert stage.session.entries[bos].every("feedback") == {
        "P1c1": {"column": "change", "text": "clear story"}
    }


@pytest.mark.parametrize(("command", "by"), [("withdraw_card", "ada"), ("hide_card", "kim")])
def test_feedback_that_is_withdrawn_or_hidden_is_taken_back(command: str, by: str) -> None:
    stage, bos = feedback()
    stage.ok(command, by, "P1", card="P1c1")
    assert stage.session.entries[bos].every("feedback") == {}


def test_feedback_is_seen_by_its_author_the_owners_and_staff_alone() -> None:
    stage, _ = feedback()
    assert own(stage, "ada", "P1c1")["card"]["text"] == "clear voice"
    assert texts(stage, "phone", team_scope("t2")) == ["clear voice"]
    assert data(stage, "console", part="loose", key="P1c1")["card"]["text"] == "clear voice"
    others = [role_scope("participant"), person_scope("bo"), team_scope("t1"), EVERYBODY]
    seen = [
        data(stage, view, scope, part, "P1c1")
        for view in ("phone", "screen")
        for scope in others
        for part in ("card", "own")
    ]
    assert seen == [None] * 16
    assert wall(stage)["groups"] == [
        {"label": {"en": "keep"}, "count": 1},
        {"label": {"en": "change"}, "count": 0},
    ]


def test_feedback_stays_with_the_owners_of_its_time_when_the_entry_moves() -> None:
    stage, bos = feedback()
    stage.session.entries[bos].team = "t1"
    assert texts(stage, "phone", team_scope("t2")) == ["clear voice"]


@pytest.mark.parametrize(
    ("by", "target", "reason"),
    [("bo", "e1", "own_entry"), ("ada", "e9", "no_target"), ("ada", "", "no_target")],
)
def test_feedback_needs_somebody_elses_entry(by: str, target: str, reason: str) -> None:
    stage, _ = feedback()
    assert stage.no("add_card", by, "P1", text="x", column="keep", target=target) == reason


def test_the_form_lists_the_entries_as_they_are() -> None:
    stage, bos = feedback()
    fact = Fact(bos, "title", "Another name")
    facts.learn(stage.session, "P0", fact)
    assert [e.title for e in blank(stage, "ada")["entries"]] == ["Another name"]
    assert list(collect(stage).noticed(fact, "P0")) == [EVERY_PANE]


def test_a_form_that_has_closed_follows_no_entry() -> None:
    stage, bos = feedback()
    stage.close("P1")
    assert list(collect(stage).noticed(Fact(bos, "title", "Another name"), "P0")) == []


def test_nobody_is_offered_to_write_about_their_own_project() -> None:
    stage, bos = feedback()
    adas = entry(stage, "t1", "P0c2")
    assert [[e.id for e in blank(stage, by)["entries"]] for by in ("ada", "bo")] == [[bos], [adas]]
    assert data(stage, "phone", role_scope("participant"))["blank"] is None


@pytest.mark.parametrize(("by", "barred"), [("bo", "own_entry"), ("ada", "")])
def test_where_all_projects_are_ones_own_the_form_gives_way_to_a_sentence(by: str, barred: str) -> None:
    stage, _ = feedback()
    pane = data(stage, "phone", person_scope(by))
    assert (pane["barred"], pane["blank"] is None) == (barred, bool(barred))


def test_where_there_is_no_project_yet_nobody_is_asked_to_choose_one() -> None:
    stage = stage_with(FEEDBACK)
    assert data(stage, "phone", person_scope("ada"))["barred"] == "no_target"


def test_who_is_in_no_team_is_told_so_before_they_write() -> None:
    stage = stage_with({"visible_to": "team"})
    assert data(stage, "phone", person_scope("ada"))["barred"] == "no_team"
    in_teams(stage)
    assert data(stage, "phone", person_scope("ada"))["barred"] == ""
    assert Changed(scope=person_scope("ada")) in collect(stage).noticed(stage.session.teams["t1"], "P0")


# ---- the rules on ideas and rights


def test_ideas_are_refused_until_the_rules_are_accepted_and_everything_can_be_looked_at() -> None:
    stage = stage_with({"terms": True})
    assert data(stage, "phone", person_scope("ada"))["barred"] == "terms"
    assert stage.no("add_card", "ada", "P1", text="a bell") == "terms"
    assert data(stage, "phone")["cards"] == []
    accepted = Fact(person_scope("ada"), "terms", True)
    facts.learn(stage.session, "P0", accepted)
    assert list(collect(stage).noticed(accepted, "P0")) == [Changed(scope=person_scope("ada"))]
    assert data(stage, "phone", person_scope("ada"))["barred"] == ""
    assert add(stage, "ada", "a bell") == "P1c1"
    assert stage.no("add_card", "bo", "P1", text="a horn") == "terms"


def test_a_late_idea_is_refused_too_without_the_rules() -> None:
    stage = stage_with({"terms": True})
    made = f"{stage.now * 1000:.0f}"
    stage.after(1)
    stage.close("P1")
    assert stage.no("add_card", "ada", "P1", text="a bell", made=made) == "terms"


def test_the_race_asks_for_the_rules_at_the_check_in_and_before_the_ideas() -> None:
    form = race48()
    asked = next(field for field in form["forms"]["checkin"]["fields"] if field["id"] == "terms")
    assert (asked["required"], asked["fact"]) == (True, "terms")
    assert [row["id"] for row in form["phase"] if row.get("rules", {}).get("terms")] == ["R06"]


def test_a_pitch_that_was_held_changes_nothing_here() -> None:
    stage, bos = feedback()
    assert list(collect(stage).noticed(Fact(bos, "pitched", {"planned": 180, "actual": 170}), "P0")) == []


def test_an_entry_out_of_the_race_gets_no_more_feedback() -> None:
    stage, bos = feedback()
    facts.learn(stage.session, "P0", Fact(bos, "status", "parked"))
    assert stage.no("add_card", "ada", "P1", text="x", column="keep", target=bos) == "no_target"


def test_the_same_words_for_two_entries_are_two_cards() -> None:
    stage, _ = feedback()
    other = entry(stage, "t2", "P0c2")
    assert add(stage, "ada", "clear voice", column="keep", target=other) == "P1c2"


# ---- what views show


def test_who_acts_gets_the_form_and_others_are_told_that_nothing_is_needed() -> None:
    stage = stage_with()
    assert [data(stage, "phone", role_scope(r))["acts"] for r in ("participant", "expert")] == [True, False]


def test_a_side_channel_says_nothing_to_those_who_do_not_act() -> None:
    stage = Stage(
        phase("collect", "P0"),
        phase("collect", "P1", who=["teams"], beside="P0"),
        eve="expert",
        ada="participant",
    )
    stage.open("P0")
    assert data(stage, "phone", role_scope("participant"))["acts"]
    assert data(stage, "phone", role_scope("expert")) is None


def test_mine_lists_my_cards_with_numbers_newest_first_and_counts_them() -> None:
    stage = stage_with({"per_person": 5})
    cards = [add(stage, "ada", "one"), add(stage, "ada", "two")]
    orders = [
        shown.order
        for card in cards
        if (shown := collect(stage).show("mine", person_scope("ada"), "own", card))
    ]
    assert orders == sorted(orders, reverse=True)
    assert data(stage, "mine", person_scope("ada")) == {"cards": cards[::-1]}
    assert data(stage, "mine", person_scope("ada"), "left") == {"count": 2, "limit": 5}


def test_my_cards_are_nobody_elses() -> None:
    stage = stage_with()
    card = add(stage, "ada", "mine")
    assert own(stage, "ada", card)["card"]["text"] == "mine"
    assert own(stage, "bo", card) is None


def test_a_shared_card_never_says_who_wrote_it() -> None:
    stage = stage_with()
    card = add(stage, "ada", "words")
    assert "ada" in repr(data(stage, "console", part="loose", key=card))
    assert "ada" not in repr([data(stage, "phone", part="card", key=card), wall(stage)])


def test_a_phone_shows_the_newest_two_hundred() -> None:
    stage = stage_with({"per_person": 1000})
    cards = [add(stage, "ada", f"card {n}") for n in range(203)]
    seq = stage.session.seq
    assert data(stage, "phone")["cards"] == cards[:2:-1]
    stage.ok("hide_card", "kim", "P1", card=cards[100])
    assert data(stage, "phone")["cards"] == [*cards[:100:-1], *cards[99:1:-1]]
    assert {touch.key for touch in touches(stage, seq) if touch.part == "card"} == {cards[100], cards[2]}


def test_a_new_card_changes_only_its_own_fragments_and_what_counts() -> None:
    stage = stage_with()
    add(stage, "ada", "first")
    seq = stage.session.seq
    card = add(stage, "bo", "second")
    bo = person_scope("bo")
    shared = {
        Changed("card", card),
        Changed("loose", card),
        Changed("sorted", card),
        Changed("tally"),
        Changed("wall"),
    }
    mine = {Changed("own", card, bo), Changed("left", "", bo), Changed("marks", "", bo)}
    assert touches(stage, seq) == shared | mine


def test_an_empty_wall_says_so() -> None:
    assert wall(stage_with()) == {"look": "empty"}


def test_up_to_thirty_six_cards_the_screen_shows_their_words_and_beyond_groups_with_counts() -> None:
    stage = stage_with({"per_person": 1000})
    cards = [add(stage, "ada", f"card {n}") for n in range(36)]
    for n in range(4):
        stage.ok("group_cards", "kim", "P1", card=cards[8 * n : 8 * n + 8], title=f"Group {n}")
    counts = [(f"Group {n}", 8) for n in range(4)]
    assert [(p["group"].title, len(p["cards"])) for p in wall(stage)["groups"]] == [*counts, ("", 4)]
    add(stage, "bo", "one more")
    crowd = wall(stage)
    assert [(drawn["group"].title, drawn["count"]) for drawn in crowd["groups"]] == [*counts, ("", 5)]
    assert [face["text"] for face, _ in crowd["newest"]] == ["one more", "card 35", "card 34", "card 33"]


def on_pages(stage: Stage) -> list[list[str]]:
    """The headlines on each page of the wall, pile by pile."""
    return [[card["headline"] for pile in page["piles"] for card in pile] for page in wall(stage)["pages"]]


def test_cards_in_no_group_hang_on_pages_that_turn_and_none_is_left_out() -> None:
    stage = stage_with({"per_person": 1000})
    for n in range(78):
        add(stage, "ada", f"Card {n} of a usual length, as people write them")
    shown = on_pages(stage)
    assert {text for page in shown for text in page} == {
        f"Card {n} of a usual length, as people write them" for n in range(78)
    }
    assert len(shown) > 1
    assert any(text.startswith("Card 77 ") for text in shown[0])
    assert min(len(page) for page in shown) >= 8


def test_what_hangs_on_an_older_page_stays_there_when_more_cards_come() -> None:
    stage = stage_with({"per_person": 1000})
    for n in range(60):
        add(stage, "ada", f"Card {n} of a usual length, as people write them")
    before = on_pages(stage)[1:]
    assert before
    for n in range(20):
        add(stage, "ada", f"One more, number {n}, of a usual length")
        assert on_pages(stage)[-len(before) :] == before
        assert any(text.startswith(f"One more, number {n},") for text in on_pages(stage)[0])


def test_words_that_do_not_fit_in_their_groups_give_way_to_counts_and_the_newest_in_full() -> None:
    stage = stage_with()
    cards = [add(stage, "ada", f"{n} " + "long " * 99) for n in range(36)]
    stage.ok("group_cards", "kim", "P1", card=cards[:9], title="Long ones")
    crowd = wall(stage)
    assert crowd["look"] == "crowd"
    assert [drawn["count"] for drawn in crowd["groups"]] == [27, 9]
    assert len(crowd["newest"]) == 2
    assert [len(told) for told in crowd["told"].values()] == [2, 2]


def test_at_most_twelve_groups_stand_on_the_screen_and_the_rest_is_a_count() -> None:
    stage = stage_with({"per_person": 1000})
    for n in range(14):
        cards = [add(stage, "ada", f"card {n} {m}") for m in range(3)]
        stage.ok("group_cards", "kim", "P1", card=cards, title=f"Group {n}")
    crowd = wall(stage)
    assert (len(crowd["groups"]), crowd["rest"], crowd["rest_groups"]) == (11, 9, 3)


def test_a_large_group_is_drawn_with_one_square_for_ten_cards() -> None:
    stage = stage_with({"per_person": 1000})
    cards = [add(stage, "ada", f"card {n}") for n in range(242)]
    stage.ok("group_cards", "kim", "P1", card=cards[:241], title="Nearly all")
    crowd = wall(stage)
    assert (crowd["unit"], crowd["groups"][0]["path"].count("M"), crowd["groups"][0]["count"]) == (
        10,
        25,
        241,
    )


def test_the_console_counts_what_is_to_sort() -> None:
    stage = stage_with()
    grouped(stage)
    tally = data(stage, "console", part="tally")
    assert [tally[name] for name in ("loose", "total", "late", "withdrawn")] == [1, 3, 0, 0]


def test_every_list_is_told_in_the_order_of_its_keys() -> None:
    stage = stage_with({"per_person": 1000})
    cards = [add(stage, "ada", f"card {n}") for n in range(36)]
    for n in range(12):
        stage.ok("group_cards", "kim", "P1", card=[cards[n], cards[-n - 2]], title=f"Group {n}")
    pane = data(stage, "console")
    for part, keys in (("loose", "loose"), ("sorted", "sorted"), ("group", "groups")):
        orders = [
            cast(Fragment, collect(stage).show("console", EVERYBODY, part, key)).order for key in pane[keys]
        ]
        assert orders == sorted(orders)
        assert len(orders) > 10


# ---- the log


def test_the_log_folds_to_the_same_table() -> None:
    stage = stage_with(SILENT)
    cards = grouped(stage)
    both = merged(stage)
    stage.after(11)
    stage.ok("edit_card", "ada", "P1", card=cards[0], text="night bus")
    stage.ok("hide_card", "kim", "P1", card=cards[1])
    stage.ok("unmerge_card", "bo", "P1", card=both[1])
    stage.ok("withdraw_card", "ada", "P1", card=cards[2])
    stage.ok("rename_group", "kim", "P1", group="P1g1", title="On the move")
    stage.close("P1")
    late(stage)
    late(stage, "bo", "also late")
    stage.ok("accept_late", "kim", "P1", card="P1c6")
    again, now = table(stage.replayed()), collect(stage)
    assert asdict_all(again) == asdict_all(now)
    assert (again.outcome(), list(again.state.late)) == (now.outcome(), ["P1c7"])
    assert everything(stage) == everything_of(again, stage)


def asdict_all(activity: Collect) -> list[dict[str, Any]]:
    return [asdict(card) for card in activity.state.wall.cards.values()]


def everything_of(activity: Collect, stage: Stage) -> list[Any]:
    there = stage.session.agenda.phases["P1"]
    there.activity, kept = activity, there.activity
    shown = everything(stage)
    there.activity = kept
    return shown


def test_what_the_facilitator_decides_stands_in_the_log_of_decisions() -> None:
    stage = stage_with()
    cards = merged(stage)
    stage.ok("hide_card", "kim", "P1", card=cards[0])
    lines = [line.text.format(**line.params) for line in stage.session.decided if line.phase == "P1"]
    assert lines[1:] == ["Card 1 now stands for 2 cards", "Card 1 hidden from the others"]


def test_staff_may_do_all_that_sorts() -> None:
    sorting = {
        "hide_card",
        "show_card",
        "group_cards",
        "ungroup",
        "rename_group",
        "merge_cards",
        "accept_late",
    }
    assert {name for name in sorting if Collect.rights[name].roles == STAFF} == sorting
