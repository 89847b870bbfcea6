"""Where a record comes from stays in it: through groups, merges, splits and every result that was shown."""

from __future__ import annotations

from typing import Any

from app.archive.facts import plain_record
from app.rehearsal.account.kept import not_kept
from sessions.outcome import Ranked
from sessions.session import Session
from tests.support.stage import Stage, phase, words

PEOPLE = {"ann": "fi", "bo": "sv", "cia": "en", "dan": "fi", "eva": "sv", "fia": "en"}
NEED = ["who", "situation", "consequence", "evidence"]
CLAIM = {
    "id": "claim",
    "type": "choice",
    "fact": "employer_claim",
    "label": words("?"),
    "options": [{"id": name, "label": words(name)} for name in ("yes", "no")],
}
TEAMS = {"min_size": 1, "max_size": 6, "target_size": 3, "min_areas": 0, "wishes": 1, "leader": True}
DECIDE = {"choices": ["go", "merge"], "reason_required": True}
ASKING = {"topics": ["ipr"], "verdicts": ["go", "stop"], "about": "cards"}
PHASES = (
    phase("survey", "S", rules={"form": "claim", "respondent": "person"}),
    phase(
        "collect", "N", rules={"columns": ["need"], "fields": NEED, "main": "situation", "visible_to": "all"}
    ),
    phase("vote", "V", inputs=["N"], rules={"method": "dots", "dots": 1, "keep": "1", "ties": "keep"}),
    phase("team", "T", inputs=["N"], rules=TEAMS),
    phase(
        "collect",
        "I",
        who=["teams"],
        inputs=["N"],
        rules={"columns": ["idea"], "fields": ["text"], "main": "text", "link": "need", "visible_to": "team"},
    ),
    phase("consult", "Q", who=["teams", "experts"], inputs=["I"], rules=ASKING),
    phase(
        "vote",
        "K",
        who=["teams"],
        inputs=["I"],
        rules={
            "method": "approval",
            "electorate": "own_team",
            "keep": "1-2 per team",
            "ties": "earliest",
            "begins_entries": True,
        },
    ),
    phase("decide", "D", who=["teams", "staff"], rules=DECIDE),
    phase("own", "O", who=["everyone"]),
)


def race() -> Stage:
    """Two teams of three around one grouped need, each with an idea that was kept. Dan's need is in the group too."""
    stage = Stage(form={**_form(), "phase": list(PHASES)}, xen="expert")
    for person, language in PEOPLE.items():
        stage.join(person, language=language)
    stage.open("S")
    stage.ok("answer", "ann", "S", claim="yes")
    stage.open("N")
    for person, who, cost in (("ann", "Sahat", "40 000 euroa"), ("dan", "Leipomot", "10 000 euroa")):
        fields = {"who": who, "situation": f"{who} seisovat", "consequence": cost, "evidence": "Kysyimme"}
        stage.ok("add_card", person, "N", **fields)
    stage.ok("group_cards", "kim", "N", card=["Nc1", "Nc2"], title="Idle machines")
    stage.open("V")
    for person in ("ann", "bo"):
        stage.ok("cast_ballot", person, "V", option=["Ng1"])
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    stage.open("T")
    stage.ok("propose_teams", "kim", "T")
    stage.ok("confirm_teams", "kim", "T", reason="good enough")
    stage.open("I")
    for team in stage.session.teams.values():
        for number, person in enumerate(team.members):
            stage.ok("add_card", person, "I", text=f"Idea {number} of {person}", link="Ng1")
    return stage


def _form() -> dict[str, Any]:
    made: dict[str, Any] = {"key": "test", "title": words("Test"), "forms": {"claim": {"fields": [CLAIM]}}}
    return made


def kept(stage: Stage) -> Stage:
    """Each team's first idea has become an entry, and everybody has seen the result."""
    counted(stage).ok("reveal_result", "kim", "K")
    return stage


def counted(stage: Stage) -> Stage:
    """Each team's first idea has become an entry."""
    stage.open("K")
    for team in stage.session.teams.values():
        first = next(card for card in stage.session.outcome("I").cards if card.team == team.id)
        for number, person in enumerate(team.members):
            stage.ok("cast_ballot", person, "K", seed=number, option=[first.id])
    stage.close("K")
    return stage


def record(stage: Stage, entry: str = "e1") -> dict[str, Any]:
    return plain_record(stage.session.entries[entry], stage.session)


def all_kept(stage: Stage) -> list[str]:
    """What the records do not keep of the log."""
    return not_kept(stage.log, [record(stage, entry) for entry in stage.session.entries])


def leader(session: Session, entry: str) -> str:
    return session.teams[session.entries[entry].team].leader


def test_a_grouped_need_stands_in_the_record_with_all_that_its_cards_said() -> None:
    stage = kept(race())
    assert record(stage)["need"] == {
        "need_owner": "Sahat\nLeipomot",
        "situation": "Sahat seisovat\nLeipomot seisovat",
        "consequence": "40 000 euroa\n10 000 euroa",
        "evidence": "Kysyimme",
    }
    (need,) = record(stage)["provenance"]["origin_needs"]
    assert (need["card"], need["text"], need["titled_by"]) == ("Ng1", "Idle machines", "kim")
    assert [(card["card"], card["authors"], card["language"]) for card in need["cards"]] == [
        ("Nc1", ["ann"], "fi"),
        ("Nc2", ["dan"], "fi"),
    ]
    assert all_kept(stage) == []


def test_a_title_stands_under_the_language_it_is_written_in() -> None:
    stage = kept(race())
    for entry in stage.session.entries.values():
        assert entry.idea is not None
        (author,) = entry.idea.authors
        title = record(stage, entry.id)["identity"]["title"]
        assert title == {stage.session.people[author].language: entry.title}
    assert {next(iter(record(stage, e)["identity"]["title"])) for e in stage.session.entries} != {"en"}


def test_each_text_has_its_author_and_language() -> None:
    stage = kept(race())
    whose = record(stage)["authorship"]
    assert whose["need.consequence"] == {"by": ["ann", "dan"], "language": "fi", "phase": ""}
    stage.open("O")
    stage.ok("offer_help", "eva", "O", entry="e1", text="Jag kan svetsa")
    (offer,) = record(stage)["provenance"]["help"]
    assert (offer["by"], offer["language"], offer["text"]) == ("eva", "sv", "Jag kan svetsa")


def test_a_vote_result_stands_in_the_record_once_it_is_shown() -> None:
    stage = kept(race())
    told = {row["phase"]: row for row in record(stage)["provenance"]["decisions"] if row["about"] == "result"}
    needs, ideas = told["V"], told["K"]
    assert (needs["card"], needs["place"], needs["points"], needs["cast"], needs["kept"]) == (
        "Ng1",
        1,
        2,
        2,
        True,
    )
    assert (ideas["place"], ideas["points"], ideas["kept"]) == (1, 3, True)


def test_a_result_that_nobody_has_seen_stands_in_no_record() -> None:
    stage = counted(race())
    assert [row["phase"] for row in record(stage)["provenance"]["decisions"]] == ["V"]
    stage.ok("reveal_result", "kim", "K")
    assert [row["phase"] for row in record(stage)["provenance"]["decisions"]] == ["V", "K"]
    stage.ok("void_vote", "kim", "V", reason="The wrong list")
    assert [row["phase"] for row in record(stage)["provenance"]["decisions"]] == ["K"]


def test_the_line_result_shown_says_the_result() -> None:
    stage = race()
    (line,) = [line for line in stage.session.decided if line.text == "Result shown: {phase}"]
    assert line.params["result"] == (Ranked("Ng1", 1, 2, True, ""),)
    assert (line.params["cast"], line.params["electorate"]) == (2, 7)


def test_showing_a_result_is_no_work_on_an_entry() -> None:
    stage = kept(race())
    option = next(card for card, entry in stage.session.entry_of_card.items() if entry == "e2")
    stage.ok("override_result", "kim", "K", option=option, kept="no", reason="Counted on paper")
    assert list(stage.session.entries) == ["e1"]


def test_questions_to_experts_stand_in_the_record_with_their_answers() -> None:
    stage = race()
    stage.open("Q")
    session = stage.session
    team = next(iter(session.teams.values()))
    idea = next(card for card in session.outcome("I").cards if card.team == team.id)
    asker = team.members[1]
    stage.ok("ask", asker, "Q", topic="ipr", text="Is it free?", about=idea.id)
    stage.ok("ask", asker, "Q", topic="ipr", text="Is it legal?", about=idea.id)
    stage.ok("declare_interest", "xen", "Q", bound="on", own="none")
    stage.ok("claim", "xen", "Q", request="Qq1")
    stage.ok("answer", "xen", "Q", request="Qq1", verdict="stop", note="It is taken.")
    stage.ok("respond_to_stop", asker, "Q", request="Qq1", text="We change it")
    kept(stage)
    origin = record(stage)["provenance"]
    assert [(row["key"], row["text"], row["by"], row["state"]) for row in origin["questions"]] == [
        ("Qq2", "Is it legal?", asker, "asked"),
        ("Qq1", "Is it free?", asker, "answered"),
    ]
    (verdict,) = origin["verdicts"]
    assert (verdict["note"], verdict["by"], verdict["response"]) == ("It is taken.", "xen", "We change it")
    assert all_kept(stage) == []


def test_what_merges_brings_its_idea_need_and_authors_along() -> None:
    stage = kept(race())
    stage.open("D")
    session = stage.session
    before = {card["card"] for card in record(stage, "e2")["provenance"]["origin_ideas"]}
    people = {row["person"] for row in record(stage, "e2")["people"]["contributors"]}
    stage.ok(
        "decide_entry", leader(session, "e2"), "D", entry="e2", choice="merge", into="e1", reason="Same thing"
    )
    stage.ok("accept_merge", leader(session, "e1"), "D", entry="e2")
    told = record(stage)
    ideas = {card["card"]: card["through"] for card in told["provenance"]["origin_ideas"]}
    assert (before <= ideas.keys(), set(ideas.values())) == (True, {"", "e2"})
    assert people <= {row["person"] for row in told["people"]["contributors"]}
    (absorbed,) = told["provenance"]["absorbed"]
    assert (absorbed["entry"], absorbed["title"], absorbed["reason"]) == (
        "e2",
        session.entries["e2"].title,
        "Same thing",
    )
    assert all_kept(stage) == []


def test_a_merge_that_is_taken_back_leaves_nothing_behind() -> None:
    stage = kept(race())
    before = record(stage)["provenance"]
    stage.open("D")
    lead = leader(stage.session, "e2")
    stage.ok("decide_entry", lead, "D", entry="e2", choice="merge", into="e1", reason="Same thing")
    stage.ok("accept_merge", leader(stage.session, "e1"), "D", entry="e2")
    assert record(stage)["provenance"]["absorbed"]
    stage.ok("take_back_decision", lead, "D", entry="e2")
    after = record(stage)["provenance"]
    assert {**after, "log_range": before["log_range"]} == before


def test_a_split_leaves_its_lineage_with_what_goes_and_with_what_stays() -> None:
    stage = kept(race())
    session = stage.session
    team = session.teams[session.entries["e1"].team]
    other = next(iter(t for t in session.teams.values() if t.id != team.id))
    stage.ok("merge_teams", "kim", "T", team=team.id, other=other.id, reason="Same thing")
    going = team.members[-1]
    stage.ok("split_team", "kim", "T", team=team.id, person=[going], entry=["e2"], reason="Two things")
    new = session.entries["e2"].team
    assert record(stage, "e2")["provenance"]["lineage"]["split_from"] == [team.id]
    assert record(stage, "e1")["provenance"]["lineage"]["split_into"] == [new]
    teams = record(stage, "e2")["provenance"]["teams"]
    assert [(row["id"], row["until"] is None) for row in teams] == [
        (other.id, False),
        (team.id, False),
        (new, True),
    ]
    assert (teams[0]["members"], teams[1]["merged_from"], teams[2]["split_from"]) == (
        list(other.members),
        [other.id],
        team.id,
    )


def test_who_has_left_the_team_has_still_had_a_part() -> None:
    stage = kept(race())
    gone = stage.session.teams[stage.session.entries["e1"].team].members[-1]
    stage.ok("move_person", "kim", "T", person=gone, team="", reason="Went home")
    parts = {row["person"]: row["part"] for row in record(stage)["people"]["contributors"]}
    assert "team" in parts[gone]


def test_what_employers_may_claim_stands_under_the_rights() -> None:
    assert record(kept(race()))["rights"]["employer_claims"] == [{"person": "ann", "claim": "yes"}]


def test_a_record_is_the_same_from_the_log() -> None:
    stage = kept(race())
    again = stage.replayed()
    for entry in again.entries.values():
        assert plain_record(entry, again) == record(stage, entry.id)
