"""An event builds on an earlier one: what that handed on is taken in with its digest, and without anybody's name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.database import Database
from app.planning.create_session import Plan, create_session
from app.planning.taking_in import NothingToTakeIn, earlier_events
from app.streams import heads, log
from app.streams.journal import open_journal
from sessions.format_faults import findings
from sessions.handing_on import NotYet, taken_from
from sessions.outcome import Team
from sessions.session import Session
from tests.support.batches import batch_of
from tests.support.databases import Place
from tests.support.look import drawn_by, page
from tests.support.stage import START, Stage, made_up, phase, plain

NEEDS = {"columns": ["need"], "fields": ["who", "situation"], "main": "situation", "visible_to": "all"}
DOTS = {"method": "dots", "dots": 2, "keep": "1", "max_per_option": 2}
RACE = plain(
    {
        **made_up(),
        "phase": [
            phase("vote", "R05", inputs=["@survey.N03"], rules=DOTS),
            phase("vote", "R06", inputs=["@survey.N05"], rules={**DOTS, "keep": "3"}),
        ],
    }
)


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = place.open()
    await database.migrate()
    yield database
    await database.close()


CHECKIN = {"terms": "yes"}


def survey() -> Stage:
    """An earlier event: Ada lets the programme see what she writes, Bo the people of that event alone."""
    stage = Stage(
        phase("survey", "N01", rules={"form": "checkin", "respondent": "person"}),
        phase("collect", "N03", rules=NEEDS),
        phase("vote", "N05", inputs=["N03"], rules=DOTS),
        ada="participant",
        bo="participant",
    )
    stage.open("N01")
    for person, level in (("ada", "programme"), ("bo", "session")):
        stage.ok("answer", person, "N01", **CHECKIN, consent=level)
    stage.open("N03")
    for person in ("ada", "bo", "ada"):
        number = len(stage.session.outcome("N03").cards)
        stage.ok("add_card", person, "N03", situation=f"What {person} needs, {number}", who="All")
    stage.open("N05")
    first, *_ = (card.id for card in stage.session.outcome("N03").cards)
    stage.ok("cast_ballot", "bo", "N05", option=[first, first])
    stage.close("N05")
    stage.ok("reveal_result", "kim", "N05")
    return stage


async def kept(database: Database, stage: Stage) -> str:
    """The code of a stage whose log lies in the database."""
    code = stage.session.code
    await database.write(lambda db: heads.create(db, code, "test", "Test"))
    await database.write(lambda db: log.append(db, code, batch_of(stage.log)))
    return code


async def folded(database: Database, code: str) -> Session:
    session = Session()
    for event in await open_journal(database).read(code):
        session.evolve(event)
    return session


async def begun(database: Database, **earlier: str) -> Session:
    founded = await create_session(database, Plan(RACE, START, earlier=earlier), ())
    return await folded(database, founded.code)


async def test_what_came_in_is_what_went_out_by_id_and_without_anybodys_name(database: Database) -> None:
    stage = survey()
    race = await begun(database, survey=await kept(database, stage))
    out, came = stage.session.outcome("N03").cards, race.outcome("@survey.N03").cards
    assert [card.id for card in came] == [f"survey.{card.id}" for card in out if card.authors == ("ada",)]
    assert [card.text for card in came] == [card.text for card in out if card.authors == ("ada",)]
    assert {card.authors for card in came} == {()}
    assert len(out) > len(came) == 2
    everything = str([event.body for event in await open_journal(database).read(race.code)][1:])
    assert not [name for name in ("ada", "bo", "What bo needs") if f"'{name}" in everything]


async def test_a_vote_hands_on_its_ranking_with_the_cards_that_it_ranks(database: Database) -> None:
    stage = survey()
    race = await begun(database, survey=await kept(database, stage))
    best, *_ = (row.option for row in stage.session.outcome("N05").ranking)
    (kept_one,) = race.outcome("@survey.N05").kept
    assert kept_one == f"survey.{best}"
    assert [card.id for card in race.inputs(race.agenda.phases["R06"]).cards] == [kept_one]


async def test_it_says_where_it_is_from_and_how_much_was_withheld(database: Database) -> None:
    stage = survey()
    code = await kept(database, stage)
    head = await database.read(lambda db: heads.head_of(db, code))
    race = await begun(database, survey=code)
    said = [e.body for e in await open_journal(database).read(race.code) if e.kind == "outcome_taken_in"]
    assert head is not None
    assert [body["source"] for body in said] == [
        {"session": code, "seq": stage.session.seq, "head": head.digest.hex()}
    ] * 2
    assert [(body["link"], body["cards"], body["withheld"]) for body in said] == [
        ("survey.N03", 2, 1),
        ("survey.N05", 2, 1),
    ]


async def test_people_vote_on_what_came_in_and_a_replay_is_the_same(database: Database) -> None:
    race = await begun(database, survey=await kept(database, survey()))
    stage = Stage.empty(RACE)
    for event in await open_journal(database).read(race.code):
        if event.kind != "session_created":
            stage.session.evolve(event)
            stage.log.append(event)
    stage.join("kim", "facilitator")
    stage.join("cy", "participant")
    stage.open("R05")
    (first, _) = (card.id for card in race.outcome("@survey.N03").cards)
    assert stage.ok("cast_ballot", "cy", "R05", option=[first])
    assert stage.replayed().outcome("R05") == stage.session.outcome("R05")


async def test_what_came_in_stands_on_everybodys_ballot(database: Database) -> None:
    race = await begun(database, survey=await kept(database, survey()))
    stage = Stage.empty(RACE)
    for event in (await open_journal(database).read(race.code))[1:]:
        stage.session.evolve(event)
    stage.join("kim", "facilitator")
    stage.join("cy", "participant")
    stage.open("R05")
    drawn = page(drawn_by(), stage, "phone", "cy", "en")
    assert [text in drawn for text in ("What ada needs, 0", "What ada needs, 2", "What bo needs")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("rules", "grouped", "withheld"), [({"visible_to": "team"}, False, 2), ({}, True, 1)]
)
def test_what_the_programme_may_not_read_stays_where_it_was_written(
    rules: dict[str, Any], grouped: bool, withheld: int
) -> None:
    """A team's own card, and the title of a group by somebody who keeps theirs to the event."""
    checkin = phase("survey", "N01", rules={"form": "checkin", "respondent": "person"})
    stage = Stage(checkin, phase("collect", "N03", rules={**NEEDS, **rules}), ada="participant")
    stage.session.take(stage.session.agenda.phases["N01"], [Team("t1", 1, "Ren", ("ada",), "ada")])
    stage.open("N01")
    for person, level in (("ada", "programme"), ("kim", "session")):
        stage.ok("answer", person, "N01", **CHECKIN, consent=level)
    stage.open("N03")
    cards = [add(stage, f"Need {number}") for number in (1, 2)]
    if grouped:
        stage.ok("group_cards", "kim", "N03", card=cards, title="What Kim calls it")
    stage.close("N03")
    (outcome, *taken) = taken_from(stage.session, stage.log, "N03", "survey", "", stage.now)
    assert (taken, outcome.body["withheld"]) == ([], withheld)


def add(stage: Stage, text: str) -> str:
    (event,) = stage.ok("add_card", "ada", "N03", situation=text, who="All")
    return str(event.body["card"])


def test_a_result_that_nobody_has_been_shown_is_taken_in_by_nobody() -> None:
    stage = survey()
    stage.ok("reopen_phase", "kim", "N05")
    with pytest.raises(NotYet, match="has not shown yet"):
        list(taken_from(stage.session, stage.log, "N05", "survey", "", stage.now))
    stage.close("N05")
    with pytest.raises(NotYet, match="has not shown yet"):
        list(taken_from(stage.session, stage.log, "N05", "survey", "", stage.now))
    stage.ok("reveal_result", "kim", "N05")
    assert list(taken_from(stage.session, stage.log, "N05", "survey", "", stage.now))


async def test_an_event_without_its_earlier_one_begins_and_says_what_is_missing(database: Database) -> None:
    race = await begun(database)
    missing = [needed.alert.params["link"] for needed in race.needed if "link" in needed.alert.params]
    assert missing == ["survey.N03", "survey.N05"]
    whole = await begun(database, survey=await kept(database, survey()))
    assert not [needed for needed in whole.needed if "link" in needed.alert.params]


async def test_what_is_not_there_is_said_and_nothing_begins(database: Database) -> None:
    early = Stage(phase("collect", "N03", rules=NEEDS))
    code = await kept(database, early)
    for earlier, complaint in (
        ({"survey": "7K3MQX9Z"}, "There is no session '7K3MQX9Z' here for 'survey'."),
        ({"survey": code}, f"survey: the session {code} has not held a phase N03."),
    ):
        with pytest.raises(NothingToTakeIn, match=complaint):
            await begun(database, **earlier)
    assert len(await database.read(lambda db: heads.streams_of(db, "session"))) == 1


def test_a_format_names_its_earlier_events_and_whoever_begins_it_may_name_others() -> None:
    assert earlier_events(RACE, {}) == {}
    assert earlier_events({**RACE, "earlier": {"survey": "AAAA"}}, {}) == {"survey": "AAAA"}
    assert earlier_events({**RACE, "earlier": {"survey": "AAAA"}}, {"survey": "BBBB"}) == {"survey": "BBBB"}
    with pytest.raises(NothingToTakeIn, match=r"builds on no earlier event 'poll'. It names: survey."):
        earlier_events(RACE, {"poll": "AAAA"})


@pytest.mark.parametrize("name", ["@survey", "@.N03", "@Survey.N03", "survey.N03"])
def test_an_input_that_names_an_earlier_event_wrongly_is_a_fault(name: str) -> None:
    def faults(given: str) -> list[Any]:
        rows = [phase("vote", "R05", inputs=[given], rules=DOTS)]
        return [finding for finding in findings({**made_up(), "phase": rows}) if finding.grave]

    assert len(faults(name)) == 1
    assert faults("@survey.N03") == []
