"""An export for a level holds only what may be read there, holds in itself, and says how much it keeps back and why."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.archive.facts import stream_of
from app.archive.leaving import HANDING_OUT, HOUSE, Inseparable
from app.archive.records import Records
from app.archive.report import PROVED, WRONG, Report
from app.archive.verify import verify
from app.database import open_database
from app.projections import PROJECTIONS
from app.streams.journal import open_journal
from sessions.levels import LEVELS, PUBLIC, SESSION
from sessions.messages import Command
from sessions.record_commands import OWNER, Sender
from sessions.session import Session
from tests.archive.forging import CODE, Made, again, lines, make, members, sealed, with_lines
from tests.archive.leveled import FAR, MARKS, OF_DATE, OVER, mark, played
from tests.golden import events, logs
from tests.support.seed import seeds
from tests.support.stage import START

__all__ = ["seeds"]

LOGS = list(logs())[::4]
"""Some of those that earlier releases have played, words and structure apart as they are today."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("levels") / "race", played().log)


@pytest.fixture(scope="module")
def files(house: Made) -> Mapping[str, Path]:
    return {purpose: again(house, purpose) for purpose in (HANDING_OUT, *LEVELS)}


def held(file: Path) -> set[str]:
    """The marks that stand anywhere in a file, unpacked."""
    whole = b"".join(members(file).values()).decode()
    return {text for text in MARKS if mark(text) in whole}


def allowed(level: str, also: tuple[str, ...] = ()) -> set[str]:
    wide = {**MARKS, **dict.fromkeys(also, "public")}
    return {text for text, widest in wide.items() if widest in LEVELS[LEVELS.index(level) :]}


def test_the_house_has_all_of_it(house: Made) -> None:
    assert held(house.file) == {*MARKS}


@pytest.mark.parametrize("level", LEVELS)
def test_a_file_for_a_level_holds_what_may_be_read_there_and_nothing_else(
    files: Mapping[str, Path], level: str
) -> None:
    assert held(files[level]) == allowed(level)


@pytest.mark.parametrize("level", LEVELS)
def test_a_file_for_a_level_is_proved(house: Made, files: Mapping[str, Path], level: str) -> None:
    report = verify(files[level], trust=house.trust)
    assert (report.status, report.problems, report.doubts) == (PROVED, [], [])
    assert (report.events, report.records) == (len(house.log), 3)


@pytest.mark.parametrize("level", LEVELS)
def test_it_is_said_how_many_texts_are_kept_back_and_why(files: Mapping[str, Path], level: str) -> None:
    notes = verify(files[level]).notes
    content = members(files[level])
    log = [*lines(content), *map(orjson.loads, content["records.log.jsonl"].splitlines())]
    kept = len([line for line in log if "words_digest" in line and "words" not in line])
    told = [note for note in notes if "kept back" in note or "entry_scored: what it says stays" in note]
    assert sum(int(note.split(" ")[0]) for note in told) == kept > 0
    for said in (
        "1 × card_added: the words are kept back (for their own team)",
        "1 × card_added: the words are kept back (hidden by the facilitator)",
        "1 × card_added: the words are kept back (withdrawn, or something else was written in their place)",
        "2 × field_written: the words are kept back (a no-disclosure date is still to come, or may be)",
        "1 × text_set_aside: the words are kept back (for the house alone)",
        "3 × record_begun: the words are kept back (for the house alone)",
    ):
        assert said in notes, notes
    assert ("1 × announced: the words are kept back (for the session)" in notes) is (level != "session")


@pytest.mark.parametrize("level", LEVELS)
def test_what_a_date_has_closed_is_open_once_it_is_over(tmp_path: Path, level: str) -> None:
    made = make(tmp_path / "over", played(OVER).log)
    file = again(made, level)
    assert held(file) == allowed(level, OF_DATE)
    assert verify(file, trust=made.trust).status == PROVED


def test_a_date_is_over_when_the_day_comes_on_which_the_file_is_made(house: Made, tmp_path: Path) -> None:
    """Though nothing has happened in the session since."""
    later = datetime(2099, 1, 2, tzinfo=UTC).timestamp()
    file = again(house, PUBLIC, now=later)
    assert held(file) == allowed(PUBLIC, OF_DATE)
    assert verify(file, trust=house.trust).status == PROVED


def test_what_somebody_has_narrowed_in_the_end_is_kept_back_from_the_beginning(tmp_path: Path) -> None:
    stage = played()
    stage.ok("reopen_phase", "kim", "C")
    stage.ok("answer", "ada", "C", consent="team")
    made = make(tmp_path / "narrowed", stage.log)
    file = again(made, SESSION)
    assert allowed(SESSION) - held(file) == {"idea of ada", "help of ada"}
    assert verify(file, trust=made.trust).status == PROVED


@pytest.mark.parametrize("level", LEVELS)
def test_the_names_in_a_file_are_those_that_may_be_known_at_its_level(
    files: Mapping[str, Path], level: str
) -> None:
    """Of those who had a part in a record."""
    named = {
        "session": {"ada", "art", "bea", "ben", "dan"},
        "programme": {"ada", "art", "dan"},
        "public": {"ada", "art"},
    }
    assert set(orjson.loads(members(files[level])["names.json"])) == named[level]


def test_a_closed_section_is_empty_in_the_records_too(files: Mapping[str, Path]) -> None:
    """Also what was chosen there, and whose it is."""
    records = [orjson.loads(members(files[purpose])["records.json"])[2] for purpose in (HANDING_OUT, PUBLIC)]
    assert [record["record_id"] for record in records] == [records[0]["record_id"]] * 2
    assert [record["rights"].get("no_disclosure_before", "") != "" for record in records] == [True, False]
    assert ["technology.solution" in record["authorship"] for record in records] == [True, False]
    assert [record["market"] for record in records] == [{"segment": mark("segment of one")}] * 2


ON_SHEETS = {
    *("idea of ada", "idea of bea", "idea of dan", "second name", "title anew"),
    *("need of one", "segment of one", "solution of one", "summary of one", "step of one"),
    *("segment of two", "solution of two", "summary of four", "segment of four"),
    *("question of one", "answer to one", "question of two", "answer to two", "customer of two"),
    *("reason of one", "reason of two", "remark of a juror", "why it won", "help of ada", "help of cai"),
}
"""What a sheet's page shows to staff."""


def on_sheets(file: Path) -> set[str]:
    sheets = "".join(text.decode() for name, text in members(file).items() if name.startswith("records/"))
    return {text for text in MARKS if mark(text) in sheets}


def test_a_sheet_in_an_export_holds_what_its_page_holds(house: Made) -> None:
    assert on_sheets(house.file) == ON_SHEETS


@pytest.mark.parametrize("level", LEVELS)
def test_a_sheet_for_a_level_holds_what_its_page_shows_there_and_says_why_it_does_not_show_the_rest(
    files: Mapping[str, Path], level: str
) -> None:
    """With what is closed go the cards that it comes from."""
    found, closed = on_sheets(files[level]), {"idea of ada", "idea of dan"}
    assert found <= allowed(level) & ON_SHEETS
    assert allowed(level) & ON_SHEETS - found <= {*closed, "second name"}
    sheet = members(files[level])["records/3.md"].decode()
    assert "## Rights\n\nNot to be disclosed before 2099-01-01" in sheet


async def edited(made: Made, changes: Sequence[Mapping[str, str]]) -> None:
    """The first project's owner approves its record, and then changes it there."""
    database = open_database(made.data)
    records = Records(open_journal(database), lambda: START, PROJECTIONS)
    session = Session()
    for event in made.log:
        session.evolve(event)
    entry = next(entry for entry in session.entries.values() if entry.title == mark("idea of ada"))
    stream, ada = stream_of(CODE, entry), Sender("ada", frozenset({OWNER}))
    assert isinstance(await records.do(stream, Command("approve", "a", "", {}), ada), int)
    for number, texts in enumerate(changes):
        seq = (await records.read(stream)).seq
        saved = Command("save", f"s{number}", "", {**texts, "base": str(seq)})
        assert isinstance(await records.do(stream, saved, ada), int)
    await database.close()


def test_what_its_owner_has_changed_in_a_record_leaves_field_by_field(tmp_path: Path) -> None:
    """What no date closes; a date of the record's own may be among the words, so what one would close stays."""
    made = make(tmp_path / "race", played(OVER).log)
    changes = [
        {"market.size": "«a first size»"},
        {"market.size": "«a second size»"},
        {"technology.tested": "«a test»"},
        {"market.channel": "«a channel»", "rights.owner_split": "«a split»"},
    ]
    asyncio.run(edited(made, changes))
    texts = [text for change in changes for text in change.values()]
    for level in LEVELS:
        file = again(made, level)
        own = members(file)["records.log.jsonl"].decode()
        assert [text for text in texts if text in own] == ["«a second size»"]
        report = verify(file, trust=made.trust)
        assert (report.status, report.problems) == (PROVED, [])
        assert "2 × record_changed: the words are kept back (for the house alone)" in report.notes
    house = members(again(made, HOUSE))["records.log.jsonl"].decode()
    assert all(text in house for text in texts)


def test_a_date_that_an_owner_sets_in_the_record_closes_what_the_session_says_as_well(tmp_path: Path) -> None:
    """Of the date nobody outside knows more than that there may be one."""
    made = make(tmp_path / "race", played(OVER).log)
    assert held(again(made, PUBLIC)) == allowed(PUBLIC, OF_DATE)
    asyncio.run(edited(made, [{"rights.no_disclosure_before": FAR}]))
    for level in LEVELS:
        file = again(made, level)
        assert held(file) == allowed(level)
        assert "## Rights\n\nNot shown here" in members(file)["records/3.md"].decode()
        assert FAR not in "".join(text.decode() for text in members(file).values())
        report = verify(file, trust=made.trust)
        assert (report.status, report.problems) == (PROVED, [])


def test_what_an_owner_has_written_anew_in_the_record_takes_the_place_of_what_the_session_says(
    tmp_path: Path,
) -> None:
    made = make(tmp_path / "race", played().log)
    asyncio.run(edited(made, [{"market.segment": "«another segment»"}]))
    file = again(made, PUBLIC)
    assert held(file) == allowed(PUBLIC) - {"segment of one"}
    assert "«another segment»" in members(file)["records.log.jsonl"].decode()
    assert verify(file, trust=made.trust).status == PROVED


@pytest.mark.parametrize("golden", LOGS, ids=[row["test"].rpartition("::")[2] for row in LOGS])
def test_logs_of_all_kinds_of_phases_hold_for_a_level_as_far_as_they_do_when_handed_out(
    golden: dict[str, Any], tmp_path: Path
) -> None:
    session, log = Session(), []
    for event in events(golden["log"]):
        session.evolve(event)
        log.append(event._replace(words=session.words_of(event.kind, event.phase)))
    made = make(tmp_path / "race", log)
    out, public = (verify(again(made, purpose), trust=made.trust) for purpose in (HANDING_OUT, PUBLIC))
    assert (public.problems, public.doubts) == (out.problems, out.doubts)


# ---- forged


def forged(tmp_path: Path, file: Path, content: dict[str, bytes], **manifest: object) -> Report:
    """What is found in a file with other members, without the signature that it had."""
    content = {name: text for name, text in content.items() if name != "signature.json"}
    return verify(sealed(tmp_path / "forged.zip", content, **manifest))


def with_words_of(level: dict[str, bytes], house: dict[str, bytes], kind: str) -> dict[str, bytes]:
    """A level's file in which the words of a kind of event stand as they do in the house."""
    pairs = zip(lines(level), lines(house), strict=True)
    return with_lines(level, [whole if whole["kind"] == kind else line for line, whole in pairs])


@pytest.mark.parametrize(
    "kind", ["card_added", "field_written", "answered", "text_set_aside", "contact_added"]
)
def test_words_that_are_not_for_the_level_are_found_in_its_file(
    house: Made, files: Mapping[str, Path], tmp_path: Path, kind: str
) -> None:
    """Though they are proved, every one of them."""
    content = with_words_of(members(files[PUBLIC]), members(house.file), kind)
    report = forged(tmp_path, files[PUBLIC], content)
    assert report.status == WRONG
    assert any("its words are not for this level" in problem for problem in report.problems), report.problems


def test_words_of_a_records_own_log_are_found_in_a_levels_file(
    house: Made, files: Mapping[str, Path], tmp_path: Path
) -> None:
    own = {"records.log.jsonl": members(house.file)["records.log.jsonl"]}
    report = forged(tmp_path, files[PUBLIC], {**members(files[PUBLIC]), **own})
    assert report.status == WRONG
    assert any(each.startswith("r-") and "not for this level" in each for each in report.problems)


@pytest.mark.parametrize("level", LEVELS)
def test_words_that_the_level_may_read_are_not_kept_back(
    files: Mapping[str, Path], tmp_path: Path, level: str
) -> None:
    """Else whoever hands it on could leave out what does not please them."""
    content = members(files[level])
    log = lines(content)
    place = next(n for n, line in enumerate(log) if line["kind"] == "field_written" and line.get("words"))
    log[place] = {name: value for name, value in log[place].items() if name not in ("words", "words_salt")}
    report = forged(tmp_path, files[level], with_lines(content, log))
    assert report.status == WRONG
    assert f"event {log[place]['seq']}: its words are missing" in report.problems[0]


@pytest.mark.parametrize(("is_for", "status"), [("house", WRONG), ("handing-out", WRONG), ("nobody", WRONG)])
def test_a_levels_file_is_no_other_file(
    files: Mapping[str, Path], tmp_path: Path, is_for: str, status: int
) -> None:
    assert forged(tmp_path, files[PUBLIC], members(files[PUBLIC]), **{"for": is_for}).status == status


def test_a_file_for_handing_out_is_not_for_everybody(files: Mapping[str, Path], tmp_path: Path) -> None:
    report = forged(tmp_path, files[HANDING_OUT], members(files[HANDING_OUT]), **{"for": PUBLIC, "at": 0.0})
    assert report.status == WRONG
    assert any("not for this level" in problem for problem in report.problems)


def test_a_log_in_which_words_and_structure_are_one_has_no_levels(tmp_path: Path) -> None:
    """An early release wrote it: nothing can be kept back of it."""
    early = [event._replace(words=frozenset()) for event in played().log]
    made = make(tmp_path / "early", early)
    assert verify(made.file, trust=made.trust).ok
    with pytest.raises(Inseparable, match="words and structure in one"):
        again(made, PUBLIC)
