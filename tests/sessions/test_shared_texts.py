"""Texts that several people write: nobody replaces what they have not seen, and both texts are kept."""

from __future__ import annotations

from typing import Any

import pytest

from app.settings import Settings
from sessions.activities import activity_class, kinds
from sessions.shared_texts import Aside, LastWrite
from tests.activities.test_work import documents, said, staged
from tests.support.seed import seeds
from tests.support.stage import Stage, phase

__all__ = ["seeds"]

FIELD = ("W", "field", "e1", "nabc", "need")
THREE = "Oil is burnt. It costs. It smells."


def put(stage: Stage, text: str, by: str, base: int | None, command: str = "write_field") -> str:
    """Write a field that was seen at a seq; None for a script of an earlier release, which says none."""
    seen: dict[str, Any] = {} if base is None else {"base": str(base)}
    fields: dict[str, Any] = {"entry": "e1", "document": "nabc", "field": "need", "text": text}
    told = said(stage.do(command, by, "W", **fields, **seen))
    stage.after(3)
    return told


def asides(stage: Stage) -> list[Aside]:
    return list(stage.session.texts.aside.values())


def contested() -> Stage:
    """Ben has written three sentences; Aino, who had seen an empty field, has written one."""
    stage = staged()
    assert put(stage, THREE, "ben", 0) == "field_written"
    assert put(stage, "Wood is burnt.", "aino", 0) == "text_set_aside"
    return stage


def test_a_write_that_had_not_seen_what_stands_there_replaces_nothing_and_is_kept() -> None:
    stage = contested()
    assert documents(stage).text("nabc.need") == THREE
    assert [(aside.person, aside.texts) for aside in asides(stage)] == [("aino", {"text": "Wood is burnt."})]
    assert [aside.key for aside in asides(stage)] == [FIELD]
    assert stage.replayed().texts == stage.session.texts


def test_its_writer_puts_one_text_of_both_in_place() -> None:
    stage = contested()
    base = stage.session.texts.base(*FIELD)
    assert put(stage, f"{THREE} So is wood.", "aino", base) == "field_written"
    assert documents(stage).text("nabc.need") == f"{THREE} So is wood."
    assert asides(stage) == []


def test_who_writes_on_after_that_has_seen_it_or_is_shown_it_too() -> None:
    stage = contested()
    before = stage.session.texts.base(*FIELD)
    assert put(stage, "Both.", "aino", before) == "field_written"
    assert put(stage, "Only mine.", "ben", before) == "text_set_aside"
    assert put(stage, "Both, and more.", "ben", stage.session.texts.base(*FIELD)) == "field_written"


def test_its_writer_leaves_what_stands_there_and_nobody_else_can_decide_that() -> None:
    stage = contested()
    (aside,) = asides(stage)
    assert stage.ok("drop_aside", "ben", aside=aside.id) == ()
    assert asides(stage) == [aside]
    stage.ok("drop_aside", "aino", aside=aside.id)
    assert asides(stage) == []
    assert stage.ok("drop_aside", "aino", aside=aside.id) == ()


def test_who_goes_on_in_their_own_text_is_never_too_late() -> None:
    stage = staged()
    for text in ("O", "Oi", "Oil"):
        assert put(stage, text, "aino", 0) == "field_written"
    assert documents(stage).text("nabc.need") == "Oil"


def test_bringing_back_the_text_before_is_a_write_too() -> None:
    stage = staged()
    put(stage, "Oil", "aino", 0)
    seen = stage.session.texts.base(*FIELD)
    put(stage, "Wood", "ben", seen)
    assert put(stage, "", "aino", seen, "restore_field") == "text_set_aside"
    assert documents(stage).text("nabc.need") == "Wood"


def test_a_write_that_says_nothing_of_what_it_was_based_on_goes_in_as_before() -> None:
    stage = staged()
    put(stage, THREE, "ben", None)
    assert put(stage, "Wood", "aino", None) == "field_written"


@pytest.mark.parametrize(
    ("last", "person", "base", "unseen"),
    [
        (LastWrite(9, "ben", 0), "aino", 8, True),
        (LastWrite(9, "ben", 0), "aino", 9, False),
        (LastWrite(9, "ben", 5), "ben", 5, False),
        (LastWrite(9, "ben", 7), "ben", 5, True),
    ],
)
def test_what_others_wrote_is_unseen_and_what_one_wrote_oneself_is_known(
    last: LastWrite, person: str, base: int, unseen: bool
) -> None:
    assert last.unseen(person, base) == unseen


SHARING = [kind for kind in kinds() if activity_class(kind).shared]


@pytest.mark.parametrize("kind", SHARING)
def test_a_kind_with_shared_texts_says_which_of_its_events_write_them_and_what_stands_there(
    kind: str,
) -> None:
    activity = activity_class(kind)
    assert set(activity.shared) <= set(activity.events)
    assert "standing" in vars(activity)


@pytest.mark.parametrize("kind", SHARING)
def test_the_forms_of_a_shared_text_say_what_they_are_based_on(kind: str) -> None:
    names = {shared.name for shared in activity_class(kind).shared.values() if shared.name != "late"}
    sources = [
        file.read_text("utf-8") for file in (Settings().templates / "activities" / kind).glob("*.html")
    ]
    assert [name for name in names if not any(f'base_of("{name}"' in source for source in sources)] == []


def test_work_decisions_steps_answers_responses_and_names_of_groups_and_teams_are_shared() -> None:
    assert SHARING == ["collect", "consult", "decide", "own", "survey", "team", "work"]


# ---- several texts in one form: staff chooses which


def a_group() -> tuple[Stage, str, dict[str, str]]:
    """A group with a title; the command that gives it another, and its fields."""
    stage = Stage(phase("collect", "P", rules={"fields": ["text"]}), ada="participant", robin="facilitator")
    stage.open("P")
    stage.ok("add_card", "ada", "P", text="Night bus")
    stage.ok("group_cards", "kim", "P", card=["Pc1"], title="Buses")
    return stage, "rename_group", {"group": "Pg1", "card": "Pc1"}


def a_team() -> tuple[Stage, str, dict[str, str]]:
    """A team; the command that gives it another name, and its fields."""
    stage = Stage(
        phase("team", "P", rules={"min_size": 1, "max_size": 9}),
        ada="participant",
        bo="participant",
        robin="facilitator",
    )
    stage.open("P")
    stage.ok("start_team", "kim", "P", person=["ada"], reason="a test", team_name="Buses")
    return stage, "rename_team", {"team": "Pt1"}


NAMED = {"title": a_group, "team_name": a_team}


@pytest.mark.parametrize("written", NAMED)
def test_of_two_of_the_staff_who_name_the_same_at_once_nobody_replaces_what_the_other_wrote(
    written: str,
) -> None:
    stage, command, fields = NAMED[written]()
    place = next(iter(fields.values()))
    activity = stage.session.agenda.phases["P"].activity
    assert activity is not None
    name = next(iter(activity.shared.values())).name
    seen = {**fields, f"base.{place}": "0", "base.other": "99"}
    stage.ok(command, "kim", "P", **seen, **{written: "On the move"})
    (aside,) = stage.ok(command, "robin", "P", **seen, **{written: "Wheels"})
    assert (aside.kind, activity.standing(name, place)) == ("text_set_aside", "On the move")
    (kept,) = asides(stage)
    assert (kept.person, kept.texts, kept.fields) == ("robin", {written: "Wheels"}, fields)
    assert stage.replayed().texts == stage.session.texts
    base = stage.session.texts.base("P", name, place)
    stage.ok(command, "robin", "P", **kept.fields, base=str(base), **{written: "Wheels on the move"})
    assert (activity.standing(name, place), asides(stage)) == ("Wheels on the move", [])
    stage.ok(command, "kim", "P", **fields, **{written: "As before"})
    assert activity.standing(name, place) == "As before"


def test_what_is_written_of_another_text_is_no_ones_to_miss() -> None:
    stage, command, fields = a_team()
    stage.ok("start_team", "kim", "P", person=["bo"], reason="a test", team_name="Trams")
    stage.ok(command, "robin", "P", team="Pt2", team_name="Rails", **{"base.Pt1": "0", "base.Pt2": "0"})
    (renamed,) = stage.ok(command, "kim", "P", **fields, team_name="Wheels", **{"base.Pt1": "0"})
    assert renamed.kind == "team_renamed"
