"""Votes that ask one thing after another: which of two, whether one agrees, one card a round."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from app.rehearsal.browser.page import Page
from sessions.activities.vote import Vote
from sessions.activities.vote.asking import step
from sessions.format_faults import findings
from tests.support.look import drawn_by, page
from tests.support.stage import Stage, made_up, phase, words

WRITE = {"fields": ["text"], "main": "text", "columns": ["idea"], "per_person": 100}
NAMES = ["ada", "bo", "cy", "di", "eli", "fia", "gun", "hal"]


def room(method: str, cards: int = 4, people: int = 8, **rules: Any) -> Stage:
    """People with a vote V on cards, of which each has written the next in turn."""
    rows = (
        phase("collect", "N", rules=WRITE),
        phase("vote", "V", inputs=["N"], who=["participant"], rules={"method": method, "keep": "1", **rules}),
        phase("pause", "X", rules={"reason": "meal"}),
    )
    names = [*NAMES, *(f"p{n}" for n in range(100))][:people]
    stage = Stage(*rows, form=None, **dict.fromkeys(names, "participant"))
    stage.open("N")
    for n in range(cards):
        stage.ok("add_card", names[n % people], "N", text=f"Card number {n + 1}")
    stage.open("V")
    return stage


def vote_of(stage: Stage) -> Vote:
    activity = stage.session.agenda.phases["V"].activity
    assert isinstance(activity, Vote)
    return activity


def shown(stage: Stage) -> Vote:
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    return vote_of(stage)


def html(stage: Stage, view: str, person: str, language: str = "en") -> str:
    return page(drawn_by(), stage, view, person, language)


def body_of(stage: Stage) -> Any:
    result = vote_of(stage).state.result
    assert result is not None
    return result.body


# ---- which of two


def chosen_by(stage: Stage, person: str, prefers: str) -> None:
    """Choose from all pairs that somebody is given: what comes earlier in ``prefers``, a card's number each."""
    stage.ok("deal_pairs", person, "V")
    member = stage.session.people[person]
    while (asked := step(vote_of(stage), member).now) is not None:
        one, other = (option.id for option in asked.options)
        won = min(one, other, key=lambda option: prefers.index(option[-1]))
        stage.ok("cast_ballot", person, "V", **{f"pair-{one}-{other}": won})


def test_what_is_chosen_before_the_others_goes_on_and_what_cannot_be_told_apart_is_said() -> None:
    stage = room("pairwise")
    for person in NAMES:
        chosen_by(stage, person, "1234" if person < "e" else "2134")
    vote = shown(stage)
    first, second, third, fourth = body_of(stage)["ranking"]
    assert {first["option"], second["option"]} == {"Nc1", "Nc2"}
    assert [third["option"], fourth["option"]] == ["Nc3", "Nc4"]
    bands = {option: row["band"] for option, row in body_of(stage)["found"]["options"].items()}
    assert bands == {"Nc1": 1, "Nc2": 1, "Nc3": 2, "Nc4": 3}
    assert vote.verify() == []
    assert "cannot be told apart" in html(stage, "console", "kim")
    assert "kan inte skiljas åt" in html(stage, "phone", "ada", "sv")


def test_everybody_is_asked_about_each_option_equally_often_and_no_pair_twice() -> None:
    stage = room("pairwise", cards=7, pairs=5)
    for person in NAMES:
        chosen_by(stage, person, "1234567")
        chosen_by(stage, person, "1234567")
    pairs = vote_of(stage).state.pairs
    asked = Counter(option for dealt in pairs.values() for pair in dealt for option in pair)
    assert max(asked.values()) - min(asked.values()) <= 1
    assert all(len({frozenset(pair) for pair in dealt}) == 10 for dealt in pairs.values())


def test_nobody_answers_what_they_were_not_asked() -> None:
    stage = room("pairwise", cards=6, pairs=1)
    stage.ok("deal_pairs", "ada", "V")
    ((one, other),) = vote_of(stage).state.pairs["ada"]
    strange = next(f"Nc{n}" for n in range(1, 7) if f"Nc{n}" not in (one, other))
    assert stage.no("cast_ballot", "ada", "V", **{f"pair-{one}-{strange}": one}) == "not_dealt"
    assert stage.no("cast_ballot", "ada", "V", **{f"pair-{one}-{other}": strange}) == "bad_choice"
    stage.ok("cast_ballot", "ada", "V", **{f"pair-{one}-{other}": "even"})


def test_few_voters_are_said_to_be_few() -> None:
    stage = room("pairwise")
    chosen_by(stage, "ada", "1234")
    shown(stage)
    assert body_of(stage)["found"]["said"] == "few"
    assert "read this with care" in html(stage, "screen", "kim")


# ---- agree, pass, disagree


def answered(stage: Stage, person: str, likes: str, cards: int) -> None:
    """Agree with the statements whose numbers are odd (or even), pass on the last and disagree with the rest."""
    for n in range(1, cards + 1):
        stance = "0" if n == cards else "1" if (n % 2 == 1) == (likes == "odd") or n <= 3 else "-1"
        stage.ok("cast_ballot", person, "V", **{f"stance-Nc{n}": stance})


def camps(people: int = 14, cards: int = 16) -> Stage:
    stage = room("agree", cards=cards, people=people)
    names = [member.id for member in stage.session.people.values() if member.role == "participant"]
    for n, person in enumerate(names):
        answered(stage, person, "odd" if n % 2 else "even", cards)
    return stage


def test_groups_and_what_they_agree_on_come_out_of_the_answers() -> None:
    stage = camps()
    vote = shown(stage)
    found = body_of(stage)["found"]
    assert (found["said"], found["groups"]) == ("", [7, 7])
    assert found["options"]["Nc1"] == {"all": [14, 0, 0], "groups": [[7, 0, 0], [7, 0, 0]]}
    assert sorted(found["options"]["Nc4"]["groups"]) == [[0, 0, 7], [7, 0, 0]]
    assert body_of(stage)["ranking"][0]["option"] in ("Nc1", "Nc2", "Nc3")
    assert vote.verify() == []
    wall = html(stage, "screen", "kim", "sv")
    assert ("Nästan alla håller med: 14 av 14" in wall, "Grupp A" in wall) == (True, True)


def test_which_group_one_is_like_is_told_to_oneself_alone() -> None:
    stage = camps()
    shown(stage)
    assert "most like those of group" in html(stage, "phone", "ada")
    for view, person in (("screen", "kim"), ("console", "kim")):
        assert "most like those of group" not in html(stage, view, person)


def test_too_few_people_or_answers_make_no_groups() -> None:
    stage = camps(people=8)
    shown(stage)
    assert (body_of(stage)["found"]["said"], body_of(stage)["found"]["groups"]) == ("few", [])
    assert "Too few to show groups" in html(stage, "phone", "ada")


def test_an_answer_goes_on_where_the_one_before_stopped_and_can_be_changed() -> None:
    stage = room("agree", cards=3)
    stage.ok("cast_ballot", "ada", "V", **{"stance-Nc1": "1"})
    stage.ok("cast_ballot", "ada", "V", **{"stance-Nc2": "-1"})
    stage.ok("cast_ballot", "ada", "V", **{"stance-Nc1": "0"})
    assert vote_of(stage).state.ballots["ada"].marks == {"Nc1": 0, "Nc2": -1}
    assert stage.no("cast_ballot", "ada", "V", **{"stance-Nc9": "1"}) == "unknown_option"
    assert stage.no("cast_ballot", "ada", "V", **{"stance-Nc1": "2"}) == "bad_stance"


# ---- one card a round


def rounds(stage: Stage, many: int) -> list[dict[str, str]]:
    """Play rounds in which everybody gives the number of the round; what was dealt in each."""
    dealt = []
    for n in range(1, many + 1):
        stage.ok("deal_round", "kim", "V")
        cards = dict(vote_of(stage).state.rounds[-1])
        dealt.append(cards)
        for person, card in cards.items():
            stage.ok("cast_ballot", person, "V", **{f"score-{card}": str(n)})
    return dealt


@pytest.mark.parametrize("people", [2, 5, 6, 8])
def test_nobody_gets_an_own_card_or_one_twice_and_each_is_read_equally_often(people: int) -> None:
    stage = room("card25", cards=people, people=people)
    many = min(5, people - 1)
    dealt = rounds(stage, many)
    assert stage.no("deal_round", "kim", "V") == "no_more_rounds"
    authors = {option.id: option.authors for option in vote_of(stage).slate}
    for cards in dealt:
        assert len(cards) == len(set(cards.values())) == people
        assert all(person not in authors[card] for person, card in cards.items())
    vote = shown(stage)
    assert {row["readings"] for row in body_of(stage)["found"]["options"].values()} == {many}
    assert {row["points"] for row in body_of(stage)["ranking"]} == {5 * sum(range(1, many + 1)) / many}
    assert vote.verify() == []


def test_a_card_of_a_round_that_is_over_is_not_marked_any_more() -> None:
    stage = room("card25", cards=6, people=6)
    stage.ok("deal_round", "kim", "V")
    first = vote_of(stage).state.rounds[-1]["ada"]
    stage.ok("deal_round", "kim", "V")
    assert stage.no("cast_ballot", "ada", "V", **{f"score-{first}": "5"}) == "round_over"


def test_who_comes_late_reads_from_the_next_round_on() -> None:
    stage = room("card25", cards=6, people=6)
    stage.ok("deal_round", "kim", "V")
    stage.join("late", "participant")
    assert "You have no card in this round" in html(stage, "phone", "late")
    stage.ok("deal_round", "kim", "V")
    assert "Read the card, give 1 to 5." in html(stage, "phone", "late")


def test_the_clock_deals_the_rounds() -> None:
    stage = room("card25", cards=6, people=6, round_minutes=2)
    stage.after(11)
    assert len(vote_of(stage).state.rounds) == 5
    assert not list(vote_of(stage).deadlines())


# ---- all of them


@pytest.mark.parametrize("method", ["pairwise", "agree", "card25"])
def test_a_phone_asks_with_plain_forms_and_no_button_before_the_others(method: str) -> None:
    stage = room(method, cards=6)
    if method != "agree":
        stage.ok("deal_pairs", "ada", "V") if method == "pairwise" else stage.ok("deal_round", "kim", "V")
    loaded = Page()
    loaded.load(html(stage, "phone", "ada"))
    (form,) = [found for found in loaded.forms() if found.command == "cast_ballot"]
    (name,) = {field.name for field in form.fields}
    assert len(form.choices(name)) == {"pairwise": 3, "agree": 3, "card25": 5}[method]
    stage.ok("cast_ballot", "ada", "V", **{name: form.choices(name)[0]})


@pytest.mark.parametrize("method", ["pairwise", "agree", "card25"])
def test_what_somebody_has_answered_leaves_the_house_neither_by_its_events_nor_by_the_count(
    method: str,
) -> None:
    stage = room(method, cards=6)
    if method == "card25":
        rounds(stage, 1)
    elif method == "agree":
        answered(stage, "ada", "odd", 6)
    else:
        chosen_by(stage, "ada", "123456")
    vote = shown(stage)
    told = {event.kind for event in stage.log if event.phase == "V" and not vote.withholds(event.kind)}
    assert {"ballot_cast", "pairs_dealt", "round_dealt"} & {event.kind for event in stage.log}
    assert not {"ballot_cast", "pairs_dealt", "round_dealt"} & told
    assert "ballots" not in body_of(stage)


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ({"method": "agree", "ballots": "secret"}, "a secret ballot is cast once"),
        ({"method": "card25", "electorate": "own_team"}, "takes one electorate"),
    ],
)
def test_what_such_a_method_cannot_keep_is_a_fault_of_the_format(rules: dict[str, Any], fault: str) -> None:
    rows = [
        phase("collect", "N", rules=WRITE),
        phase("vote", "V", inputs=["N"], rules={"keep": "1", **rules}),
    ]
    found = findings({**made_up(), "title": words("Test"), "phase": rows})
    assert any(fault in str(finding) for finding in found if finding.grave), found
