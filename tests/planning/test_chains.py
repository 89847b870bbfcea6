"""Events that build on others: what came in is what went out, by id."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from app.database import Database
from app.planning import formats
from app.planning.create_session import Plan, create_session
from app.streams import heads, log
from app.streams.journal import open_journal
from sessions.handing_on import taken_from
from sessions.session import Session
from tests.support import examples
from tests.support.batches import batch_of
from tests.support.databases import Place
from tests.support.stage import START, Stage, plain

pytestmark = pytest.mark.timeout(600)
"""Whoever comes first plays the formats for everybody after."""

CODES = ("2222222A", "2222222B", "2222222C", "2222222D")
DAYS = {"day1": "company_day", "day2": "company_day", "talk": "webinar"}
CLUSTERS = {"north": "cluster_plan", "middle": "cluster_plan", "south": "cluster_plan"}


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = place.open()
    await database.migrate()
    yield database
    await database.close()


async def held(database: Database, name: str, code: str) -> Stage:
    """An event of a format that has been held from its beginning to its end, in the database under a code."""
    stage = examples.played(name).stage()
    first, *others = stage.log
    lines = [first._replace(body={**first.body, "code": code}), *others]
    await database.write(lambda db: heads.create(db, code, "test", "Test"))
    await database.write(lambda db: log.append(db, code, batch_of(lines)))
    return stage


async def begun(
    database: Database, name: str, earlier: Mapping[str, str], inputs: Mapping[str, list[str]]
) -> tuple[Session, dict[str, Stage]]:
    """An event of a format, whose phases take in what ``inputs`` say, and the events that it builds on."""
    codes = dict(zip(earlier, CODES, strict=False))
    stages = {link: await held(database, held_as, codes[link]) for link, held_as in earlier.items()}
    data = plain(formats.take(name))
    for row in data["phase"]:
        row["inputs"] = [*row.get("inputs", ()), *inputs.get(row["id"], ())]
    founded = await create_session(database, Plan(data, START, earlier=codes), ())
    session = Session()
    for event in await open_journal(database).read(founded.code):
        session.evolve(event)
    return session, stages


def handed_on(stage: Stage, phase: str, link: str) -> set[str]:
    """The ids, in an event that builds on it, of what a phase hands on: what the programme may read, and no more."""
    taken = taken_from(stage.session, stage.log, phase, link, "", stage.now)
    ids = {event.body["card"] for event in taken if event.kind == "card_taken_in"}
    out = {f"{link}.{card.id}" for card in stage.session.outcome(phase).cards}
    assert set() != ids < out, "somebody keeps theirs from the programme, and somebody does not"
    return ids


async def test_three_cluster_plans_lie_side_by_side_in_part_two(database: Database) -> None:
    session, stages = await begun(database, "cluster_summary", CLUSTERS, {})
    for link, stage in stages.items():
        came = session.outcome(f"@{link}.F03").cards
        assert {card.id for card in came} == handed_on(stage, "F03", link)
        assert {card.authors for card in came} == {()}
    needs = session.inputs(session.agenda.phases["F11"]).cards
    assert {card.id.partition(".")[0] for card in needs} == set(CLUSTERS)


async def test_company_days_and_a_webinar_feed_a_reflection(database: Database) -> None:
    lessons = ["@day1.B14", "@day2.B14", "@talk.H06"]
    session, stages = await begun(database, "reflection", DAYS, {"C06": lessons})
    voted_on = {card.id for card in session.inputs(session.agenda.phases["C06"]).cards}
    for link, phase in (("day1", "B14"), ("day2", "B14"), ("talk", "H06")):
        assert voted_on >= handed_on(stages[link], phase, link)


async def test_a_needs_survey_feeds_the_race(database: Database) -> None:
    inputs = {"R04": ["@survey.G04"], "R05": ["@survey.G05"]}
    session, stages = await begun(database, "race48", {"survey": "needs_survey"}, inputs)
    best = {f"survey.{row.option}" for row in stages["survey"].session.outcome("G05").ranking if row.kept}
    to_vote_on = {card.id for card in session.inputs(session.agenda.phases["R04"]).cards}
    around = {card.id for card in session.inputs(session.agenda.phases["R05"]).cards}
    out = handed_on(stages["survey"], "G04", "survey")
    assert to_vote_on == out
    assert around == out & best
