"""The smallest race there is, on a real server that is killed on the way."""

import zipfile
from pathlib import Path

import orjson
import pytest

from app.archive.verify import verify
from app.planning import formats
from app.rehearsal import rehearse
from app.rehearsal.casting import fewest
from app.rehearsal.rehearse import Rehearsal
from sessions.format import read_format
from tests.support.databases import Place

FEWEST = fewest(read_format(formats.take("race48")))

RATE = 2000.0
"""Seconds of the race in one: other tests take their share of the machine meanwhile, and a phase must not be over
before people have seen it."""

pytestmark = pytest.mark.story

ALL = {
    *("joined", "role_granted", "phase_opened", "phase_closed", "answered", "card_added", "cards_revealed"),
    *("ballot_cast", "result_counted", "result_revealed", "wished", "teams_proposed", "teams_confirmed"),
    *("asked", "claimed", "stop_responded", "checked_out", "checked_in", "field_written", "snapshot_taken"),
    *("contact_added", "order_drawn", "slot_started", "slot_ended", "entry_continued", "record_submitted"),
    *("checked", "order_settled", "entry_scored", "result_signed", "award_revealed", "ownership_taken"),
    *("first_step_set", "followups_set", "record_approved"),
}
"""Events without which it was no race."""


@pytest.fixture(autouse=True)
def quick_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few people need not be slow on a machine that has nothing else to do."""
    monkeypatch.setattr(rehearse, "LOOKS", (0.002, 0.02))


async def test_a_whole_race_through_two_kills_loses_nothing_and_ends_with_records(place: Place) -> None:
    rehearsal = Rehearsal("race48", FEWEST, 1, place.data, rate=RATE, url=place.url)
    outcome = await rehearsal.run(lambda done, total, word: None)
    assert outcome.missing == []
    assert [kill.phase for kill in outcome.kills] == ["R06", "R11"]
    assert all(kill.unanswered for kill in outcome.kills)
    assert set(outcome.audit.phases) == {spec.id for spec in rehearsal.venue.company.programme.specs}
    assert outcome.audit.whole >= 1
    assert outcome.acknowledged + outcome.refused.total() == len(outcome.claims)
    kinds = _kinds(Path(outcome.export))
    assert ALL - kinds == set()
    assert verify(Path(outcome.export)).ok


async def test_three_processes_a_kill_and_a_crash_of_postgres_lose_nothing(tmp_path: Path) -> None:
    rehearsal = Rehearsal("race48", FEWEST, 1, tmp_path, rate=3600.0, processes=3)
    outcome = await rehearsal.run(lambda done, total, word: None)
    assert outcome.missing == []
    assert [(kill.victim, kill.phase) for kill in outcome.kills] == [
        ("process 1", "R06"),
        ("PostgreSQL", "R11"),
    ]
    assert outcome.refused["not_stored"] == 0
    assert outcome.acknowledged + outcome.refused.total() == len(outcome.claims)
    assert verify(Path(outcome.export)).ok


def _kinds(export: Path) -> set[str]:
    with zipfile.ZipFile(export) as archive, archive.open("log.jsonl") as log:
        return {orjson.loads(line)["kind"] for line in log}
