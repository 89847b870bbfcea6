"""One ballot for each organisation, and which organisations are one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sessions.activities.vote import Vote
from sessions.people import organisation_key
from tests.support.stage import Stage, phase

WRITE = {"fields": ["text"], "main": "text"}
OF = {"ann": "Norrdata", "bo": "Norrdata", "cia": "Sågen", "dan": "Norr Data AB", "eve": ""}


def hall(**rules: Any) -> Stage:
    """A needs wall and an open vote V on it, one ballot for each organisation."""
    dots = {"method": "dots", "dots": 2, "electorate": "organisation", "quorum": 0, **rules}
    stage = Stage(
        phase("collect", "N", rules=WRITE),
        phase("vote", "V", inputs=["N"], who=["everyone"], rules=dots),
        phase("pause", "X", rules={"reason": "meal"}),
        form=None,
    )
    for person, name in OF.items():
        stage.join(person, organisation=organisation_key(name))
    stage.open("N")
    for text in ("one", "two", "three"):
        stage.ok("add_card", "kim", "N", text=text)
    stage.open("V")
    return stage


def vote_of(stage: Stage) -> Vote:
    activity = stage.session.agenda.phases["V"].activity
    assert isinstance(activity, Vote)
    return activity


def shown(stage: Stage, view: str, scope: str) -> Mapping[str, Any]:
    fragment = vote_of(stage).show(view, scope)
    assert fragment is not None
    return fragment.data


def cast(stage: Stage, by: str, *options: str) -> None:
    stage.ok("cast_ballot", by, "V", option=list(options))


def points(stage: Stage) -> dict[str, float]:
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    return {row.option: row.points for row in vote_of(stage).state.standing if row.points}


def test_an_organisation_has_one_ballot_that_of_whoever_sends_last() -> None:
    stage = hall()
    cast(stage, "ann", "Nc1", "Nc1")
    cast(stage, "cia", "Nc2")
    assert vote_of(stage).turnout == (2, 3)
    cast(stage, "bo", "Nc3")
    assert vote_of(stage).turnout == (2, 3)
    assert points(stage) == {"Nc2": 1, "Nc3": 1}
    assert vote_of(stage).verify() == []


def test_a_colleague_sees_who_has_voted_and_not_what() -> None:
    stage = hall()
    cast(stage, "ann", "Nc1", "Nc1")
    assert shown(stage, "phone", "person:ann")["choices"] == [("one", 2)]
    of_bo = shown(stage, "phone", "person:bo")
    assert (of_bo["colleague"], of_bo["ballot"], of_bo["ticks"], of_bo["choices"]) == ("ann", None, [], [])
    assert shown(stage, "phone", "person:cia")["colleague"] == ""


def test_who_belongs_to_none_is_told_so_and_has_no_ballot_until_they_say_which() -> None:
    stage = hall()
    assert stage.no("cast_ballot", "eve", "V", option="Nc1") == "no_organisation"
    assert shown(stage, "phone", "person:eve")["may_vote"] is False
    stage.ok("give_organisation", "eve", organisation="Sågen")
    cast(stage, "eve", "Nc1")
    cast(stage, "cia", "Nc2")
    assert points(stage) == {"Nc2": 1}


def test_two_names_of_one_organisation_have_one_ballot_and_two_again_once_apart() -> None:
    stage = hall()
    cast(stage, "ann", "Nc1")
    stage.after(1)
    cast(stage, "dan", "Nc2")
    same = {"organisation": organisation_key("Norr Data AB"), "into": organisation_key("Norrdata")}
    stage.ok("unite_organisations", "kim", **same)
    assert vote_of(stage).turnout == (1, 2)
    assert stage.ok("unite_organisations", "kim", **same) == ()
    cast(stage, "bo", "Nc3")
    assert vote_of(stage).state.ballots.keys() == {"bo"}
    stage.ok("part_organisation", "kim", organisation=same["organisation"])
    cast(stage, "dan", "Nc2")
    assert points(stage) == {"Nc2": 1, "Nc3": 1}
    assert stage.replayed().people["dan"].organisation == same["organisation"]


@pytest.mark.parametrize("into", ["", "nobody"])
def test_what_is_not_there_is_united_with_nothing(into: str) -> None:
    fields = {"organisation": organisation_key("Norrdata"), "into": into}
    assert hall().no("unite_organisations", "kim", **fields) == "unknown_organisation"


def test_a_secret_ballot_of_an_organisation_stays_whoever_comes_after() -> None:
    stage = hall(ballots="secret")
    cast(stage, "ann", "Nc1")
    assert stage.no("cast_ballot", "bo", "V", option="Nc2") == "organisation_voted"
    assert shown(stage, "phone", "person:bo")["colleague"] == "ann"
    assert "options" not in shown(stage, "phone", "person:bo")


def test_the_ballot_of_somebody_removed_does_not_count_and_a_colleague_may_send_another() -> None:
    stage = hall()
    cast(stage, "ann", "Nc1")
    stage.ok("remove_person", "kim", person="ann")
    assert vote_of(stage).turnout.cast == 0
    cast(stage, "bo", "Nc2")
    assert vote_of(stage).turnout.cast == 1
    assert points(stage) == {"Nc2": 1}


def test_conflicts_and_mixes_go_by_the_organisation_and_not_by_how_it_is_written() -> None:
    stage = hall()
    people = stage.session.people
    assert people["dan"].organisation != people["ann"].organisation
    stage.ok(
        "unite_organisations",
        "kim",
        organisation=organisation_key("Norrdata"),
        into=organisation_key("Norr Data AB"),
    )
    assert people["dan"].organisation == people["ann"].organisation == people["bo"].organisation
