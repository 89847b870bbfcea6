"""Hints at cards of others that say nearly what somebody writes, "mine too", and what looks alike, for staff."""

from __future__ import annotations

from typing import Any

import pytest

from sessions.activity import Activity, Alike
from tests.support.look import drawn_by, page
from tests.support.stage import Stage, phase

OTHER = "Bussen går inte på kvällen, så ungdomarna stannar hemma"
SAME = "Ingen buss går på kvällen, så ungdomarna stannar hemma"
RULES = {"fields": ["text"], "columns": ["need"]}


def room(**rules: Any) -> Stage:
    people = dict.fromkeys(("ada", "bo", "cy"), "participant")
    stage = Stage(phase("collect", "P1", rules={**RULES, **rules}), phase("pause", "P2"), form=None, **people)
    stage.open("P1")
    return stage


def activity_of(stage: Stage) -> Activity:
    activity = stage.session.agenda.phases["P1"].activity
    assert activity is not None
    return activity


def known(stage: Stage) -> Alike:
    alike = activity_of(stage).alike()
    assert alike is not None
    alike.take(alike.stale())
    return alike


def hints(stage: Stage, person: str, text: str = SAME) -> list[str]:
    return [card["id"] for card in known(stage).hints(stage.session.people[person], text)]


def add(stage: Stage, by: str, text: str = OTHER, **fields: str) -> str:
    return str(stage.ok("add_card", by, "P1", text=text, **fields)[0].body["card"])


def test_who_writes_the_same_gets_a_hint_and_its_author_none() -> None:
    stage = room()
    card = add(stage, "ada")
    assert (hints(stage, "bo"), hints(stage, "ada")) == ([card], [])
    assert hints(stage, "bo", "Lampor utan ström i hela byn, hela vintern") == []


def test_a_card_that_somebody_may_not_see_gives_no_hint() -> None:
    stage = room()
    card = add(stage, "ada")
    assert hints(stage, "bo") == [card]
    stage.ok("hide_card", "kim", "P1", card=card)
    assert hints(stage, "bo") == []
    stage.ok("show_card", "kim", "P1", card=card)
    assert hints(stage, "bo") == [card]
    stage.ok("withdraw_card", "ada", "P1", card=card)
    assert hints(stage, "bo") == []


def test_there_are_no_hints_in_the_silence() -> None:
    stage = room(silent_minutes=5)
    card = add(stage, "ada")
    assert hints(stage, "bo") == []
    stage.ok("reveal_cards", "kim", "P1")
    assert hints(stage, "bo") == [card]


def test_mine_too_keeps_both_texts_and_both_authors() -> None:
    stage = room()
    first = add(stage, "ada")
    second = add(stage, "bo", SAME, like=first)
    (card,) = activity_of(stage).outcome().cards
    assert (card.id, card.authors, card.count) == (first, ("ada", "bo"), 2)
    assert [behind.text for behind in card.behind] == [OTHER, SAME]
    stage.ok("unmerge_card", "bo", "P1", card=second)
    assert len(activity_of(stage).outcome().cards) == 2


@pytest.mark.parametrize("gone", ["hide_card", "withdraw_card"])
def test_a_hint_that_is_gone_by_then_keeps_nobody_from_sending(gone: str) -> None:
    stage = room()
    first = add(stage, "ada")
    stage.ok(gone, "kim" if gone == "hide_card" else "ada", "P1", card=first)
    second = add(stage, "bo", SAME, like=first)
    assert second in {card.id for card in activity_of(stage).outcome().cards}
    assert add(stage, "cy", SAME, like="nothing") in {card.id for card in activity_of(stage).outcome().cards}


def test_what_was_changed_is_found_by_its_new_words() -> None:
    stage = room()
    card = add(stage, "ada", "Lampor utan ström i hela byn")
    alike = known(stage)
    stage.ok("edit_card", "ada", "P1", card=card, text=OTHER)
    assert len(alike.stale()) == 1
    alike.take(alike.stale())
    assert [face["id"] for face in alike.hints(stage.session.people["bo"], SAME)] == [card]
    assert alike.stale() == []


def test_staff_gets_what_looks_alike_in_groups() -> None:
    stage = room()
    cards = [add(stage, "ada"), add(stage, "bo", SAME), add(stage, "cy", "Lampor utan ström i hela byn")]
    alike = known(stage)
    assert alike.groups(alike.standing()) == [cards[:2]]
    stage.ok("merge_cards", "kim", "P1", card=cards[:2])
    assert alike.groups(alike.standing()) == []


def test_the_form_has_room_for_hints_and_the_console_leads_to_the_groups() -> None:
    stage = room()
    for text in (OTHER, SAME):
        add(stage, "ada", text)
    phone, console = (
        page(drawn_by(), stage, view, who, "sv") for view, who in (("phone", "bo"), ("console", "kim"))
    )
    assert ("data-hints" in phone, "Det är mitt också" in phone) == (True, True)
    assert "Kort som liknar varandra" in console


def test_a_card_of_others_is_marked_as_ones_own_once_and_that_is_taken_back() -> None:
    stage = room()
    card = add(stage, "ada")
    stage.ok("claim_card", "bo", "P1", card=card)
    assert stage.ok("claim_card", "bo", "P1", card=card) == ()
    stage.ok("claim_card", "cy", "P1", card=card)
    assert stage.no("claim_card", "ada", "P1", card=card) == "own_card"
    assert "2 more say it is theirs" in html(stage, "ada")
    assert (
        f'data-own-claimed="{card}"' in html(stage, "bo"),
        activity_of(stage).outcome().figures["also"],
    ) == (
        True,
        {card: 2},
    )
    stage.ok("take_back_claim", "bo", "P1", card=card)
    assert activity_of(stage).outcome().figures["also"] == {card: 1}


def test_what_somebody_may_not_see_is_not_marked_and_a_mark_on_what_was_hidden_shows_nothing_of_it() -> None:
    stage = room()
    card = add(stage, "ada")
    stage.ok("claim_card", "bo", "P1", card=card)
    assert OTHER in html(stage, "bo")
    stage.ok("hide_card", "kim", "P1", card=card)
    assert OTHER not in html(stage, "bo")
    assert stage.no("claim_card", "cy", "P1", card=card) == "gone"


def html(stage: Stage, person: str) -> str:
    return page(drawn_by(), stage, "phone", person, "en")
