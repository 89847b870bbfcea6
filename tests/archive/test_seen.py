"""What of a record whoever opens it sees: as far as its team lets it go, and nothing that may not be known yet."""

from __future__ import annotations

import pytest

from app.archive.fold import Fold
from app.archive.record import record_of
from app.archive.seen import Seen, seen_of
from sessions import facts
from sessions.audience import EVERYBODY, person_scope
from sessions.outcome import Fact, Team
from sessions.viewers import OUTSIDE, viewer_of
from tests.archive.test_record_page import Room, room, sheet
from tests.support.house import Guest
from tests.support.stage import Stage, phase

__all__ = ["room"]

FAR = "2099-01-01"
PROTECTED = {
    "technology.solution": "A valve of ours",
    "rights.background_ip": "Patent applied for",
    "summary.summary": "Wards fall silent",
}
OPEN = {"market.segment": "Hospitals"}


def told(stage: Stage, name: str, value: object, key: str = "") -> None:
    facts.learn(stage.session, "P9", Fact("e1", name, value, key))


def written(day: str = "", visibility: str = "session") -> Stage:
    """An entry of team t1 (Ada leads, Bo) with all sections; Cy is of team t2, Gil is a guest."""
    people = {"ada": "participant", "bo": "participant", "cy": "participant", "gil": "guest", "jo": "juror"}
    stage = Stage(phase("pitch", "P1", rules={"slots": "entries"}), form=None, **people)
    session = stage.session
    for number, members in enumerate((("ada", "bo"), ("cy",)), 1):
        facts.regroup(session, Team(f"t{number}", number, f"Team {number}", members, members[0]))
    facts.learn(session, "P9", Fact("c1", "kept", {"title": "Quiet wards", "team": "t1", "need": ""}))
    for key, text in {**PROTECTED, **OPEN}.items():
        told(stage, "field", text, key)
    told(stage, "title", "Quiet wards")
    told(stage, "visibility", visibility)
    if day:
        told(stage, "field", day, "rights.no_disclosure_before")
    return stage


def seen_by(stage: Stage, person: str) -> Seen:
    session, entry = stage.session, stage.session.entries["e1"]
    viewer = viewer_of(session, person) if person else OUTSIDE
    return seen_of(record_of(entry, session), entry, session, viewer, stage.now)


def texts(stage: Stage, person: str) -> set[str]:
    found = str(seen_by(stage, person))
    return {text for text in (*PROTECTED.values(), *OPEN.values()) if text in found}


def test_without_a_date_whoever_may_open_a_record_reads_all_of_it() -> None:
    stage = written()
    assert [texts(stage, person) for person in ("ada", "cy", "gil")] == [
        {*PROTECTED.values(), "Hospitals"}
    ] * 3


def test_a_no_disclosure_date_closes_what_it_protects_for_whoever_is_not_bound() -> None:
    stage = written(FAR)
    assert texts(stage, "gil") == texts(stage, "cy") == {"Hospitals"}
    assert seen_by(stage, "gil").title == {"en": "Quiet wards"}
    assert seen_by(stage, "gil").closed["technology"] == "not_before"
    stage.session.people["cy"].facts["terms"] = True
    assert texts(stage, "cy") == {*PROTECTED.values(), "Hospitals"}


def test_a_no_disclosure_date_closes_what_a_formats_other_documents_say_as_well() -> None:
    """They too tell the solution, under groups of their own; and so does a record's visibility."""
    stage = written(FAR)
    told(stage, "field", "A box with a valve", "value_proposition.products")
    assert ["A box with a valve" in str(seen_by(stage, person)) for person in ("bo", "cy", "gil", "")] == [
        *(True, False, False, False)
    ]
    told(stage, "field", "2020-01-01", "rights.no_disclosure_before")
    assert ["A box with a valve" in str(seen_by(stage, person)) for person in ("bo", "cy", "gil", "")] == [
        *(True, True, True, False)
    ]


def test_a_no_disclosure_date_stops_neither_the_team_nor_staff() -> None:
    stage = written(FAR)
    assert [texts(stage, person) for person in ("bo", "kim")] == [{*PROTECTED.values(), "Hospitals"}] * 2


def test_a_no_disclosure_date_that_is_over_stops_nobody() -> None:
    assert texts(written("2020-01-01"), "gil") == {*PROTECTED.values(), "Hospitals"}


def test_a_juror_reads_what_is_given_to_the_jury_once_secrecy_is_accepted() -> None:
    stage = written(FAR, "team")
    assert texts(stage, "jo") == set()
    stage.session.people["jo"].facts["terms"] = True
    assert texts(stage, "jo") == {*PROTECTED.values(), "Hospitals"}


def test_beyond_its_visibility_a_record_shows_nobody_anything() -> None:
    stage = written(visibility="team")
    assert [texts(stage, person) for person in ("cy", "gil", "")] == [set()] * 3
    told(stage, "visibility", "public")
    assert texts(stage, "") == {*PROTECTED.values(), "Hospitals"}


@pytest.mark.parametrize(("day", "shown"), [("", True), (FAR, False), ("2020-01-01", True)])
@pytest.mark.parametrize("view", ["screen", "phone"])
def test_a_summary_is_on_no_wall_and_no_phone_before_its_date(day: str, shown: bool, view: str) -> None:
    stage = written(day)
    told(stage, "disclosure", "ok")
    stage.open("P1")
    activity = stage.session.agenda.phases["P1"].activity
    assert activity is not None
    pane = activity.show(view, EVERYBODY)
    assert pane is not None
    assert (pane.data["rows"][0]["summary"] == "Wards fall silent") is shown
    assert pane.data["rows"][0]["title"] == "Quiet wards"


def test_an_idea_only_for_its_own_team_gives_no_project_its_name() -> None:
    stage = Stage(
        phase("collect", "P1", rules={"fields": ["text"]}),
        phase("pause", "P2"),
        ada="participant",
        bo="participant",
    )
    stage.open("P1")
    stage.ok("add_card", "ada", "P1", text="A valve of ours")
    (card,) = stage.session.outcome("P1").cards
    facts.learn(
        stage.session, "P9", Fact(card.id, "kept", {"title": "A valve of ours", "team": "t1", "need": ""})
    )
    entry = stage.session.entries["e1"]
    assert entry.headline == "A valve of ours"
    stage.open("P2")
    stage.session.take(stage.session.agenda.phases["P2"], [Fact(person_scope("ada"), "consent", "team")])
    assert entry.headline == "№ 1"
    told(stage, "title", "Quiet wards")
    assert entry.headline == "Quiet wards"


# ---- before it is revealed


def judged() -> Stage:
    """A blind vote has kept an idea, and another phase has given it an award that a ceremony will present."""
    stage = Stage(
        phase("collect", "C", rules={"fields": ["text"]}),
        phase(
            "vote",
            "V",
            inputs=["C"],
            rules={"method": "dots", "dots": 3, "keep": "1", "begins_entries": True, "blind": True},
        ),
        phase("awards", "A", inputs=["J"]),
        phase("pause", "J"),
        ada="participant",
    )
    stage.open("C")
    stage.ok("add_card", "ada", "C", text="Quiet wards")
    stage.open("V")
    stage.ok("cast_ballot", "ada", "V", option=["Cc1"])
    stage.close("V")
    return stage


def records(stage: Stage) -> list[dict[str, object]]:
    fold = Fold()
    fold.session, fold._digests = stage.session, bytearray(32 * stage.session.seq)
    return fold.records()


def test_what_a_blind_vote_has_kept_is_in_no_record_before_it_is_shown() -> None:
    stage = judged()
    assert stage.session.entries
    assert records(stage) == []
    assert seen_by(stage, "ada").closed["title"] == "not_yet"
    assert "title" not in seen_by(stage, "kim").closed
    stage.session.take_changed_entries()
    stage.ok("reveal_result", "kim", "V")
    assert len(records(stage)) == 1


def test_the_session_tells_of_an_entry_once_more_when_it_is_shown() -> None:
    stage = judged()
    told_of = stage.ok("reveal_result", "kim", "V")
    assert told_of
    assert stage.session.revealed_seq == stage.session.seq


def test_an_award_is_in_no_record_before_it_is_presented() -> None:
    stage = judged()
    stage.ok("reveal_result", "kim", "V")
    given = Fact("e1", "award", {"award": "jury", "reason": "Best", "place": 1}, "jury")
    score = Fact("e1", "score", {"mean": 4.0, "place": 1, "rank_points": 1}, "J")
    for fact in (given, score):
        facts.learn(stage.session, "J", fact)
    assert "award" not in str(records(stage))
    assert "'score'" not in str(records(stage))
    assert seen_by(stage, "ada").awards == []
    stage.open("A")
    assert "award" not in str(records(stage))
    stage.ok("reveal_award", "kim", "A")
    assert "'award'" in str(records(stage))
    assert "'score'" in str(records(stage))
    assert len(seen_by(stage, "ada").awards) == 1


def test_a_ceremony_that_is_skipped_hides_nothing_for_ever() -> None:
    stage = judged()
    stage.ok("reveal_result", "kim", "V")
    facts.learn(stage.session, "J", Fact("e1", "award", {"award": "jury", "reason": "", "place": 1}, "jury"))
    stage.ok("skip_phase", "kim", "A")
    assert "'award'" in str(records(stage))


# ---- the page


async def test_the_sheet_says_what_is_closed_and_until_when(room: Room) -> None:
    async def read(guest: Guest) -> str:
        return (await sheet(room, guest)).text

    await room.learn("visibility", "session")
    await room.learn("field", "A valve of ours", "technology.solution")
    await room.learn("field", "Hospitals", "market.segment")
    assert "A valve of ours" in await read(room.otto)
    await room.learn("field", FAR, "rights.no_disclosure_before")
    text = await read(room.otto)
    assert "A valve of ours" not in text
    assert "Hospitals" in text
    assert FAR in text
    assert "A valve of ours" in await read(room.bea)
