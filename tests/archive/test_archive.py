"""Records, their rows, and exports that can be proved."""

import asyncio
import os
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import RFC_4122

import orjson
import pytest

from app.archive import report as report_module
from app.archive import verify as verifying
from app.archive.export import export
from app.archive.fold import Fold
from app.archive.identity import record_id
from app.archive.record import record_of
from app.archive.report import UNREADABLE
from app.archive.seal import packing
from app.archive.seen import seen_of
from app.archive.sheet import sheet
from app.archive.verify import verify
from app.database import Database
from app.people.rows import put_personal
from app.people.store import People
from app.streams.chain import body_digest, link
from app.streams.journal import open_journal
from sessions import facts
from sessions.activities.vote import Vote
from sessions.audience import EVERYBODY
from sessions.entry import Entry
from sessions.messages import Personal
from sessions.outcome import Fact, Team
from sessions.receipts import receipt
from sessions.session import Session
from sessions.viewers import viewer_in
from tests.support.batches import batch_of
from tests.support.databases import Place
from tests.support.people import erase
from tests.support.stage import START, Stage, phase, shelf, words

CODE = "7K3MQX9T"
PEOPLE = {"anna": "public", "bo": "team", "cilla": "session"}
OPTIONS = [{"id": name, "label": words(name)} for name in ("team", "session", "public")]
CONSENT = {"id": "consent", "type": "choice", "fact": "consent", "label": words("?"), "options": OPTIONS}
IDEAS = {"columns": ["idea"], "fields": ["text"], "main": "text"}
PHASES = (
    phase("survey", "P1", rules={"form": "consent", "respondent": "person"}),
    phase("collect", "P2", rules={"columns": ["need"], "fields": ["situation"], "main": "situation"}),
    phase("collect", "P3", inputs=["P2"], rules={**IDEAS, "link": "need"}),
    phase(
        "vote", "P4", inputs=["P3"], rules={"method": "dots", "dots": 2, "keep": "2", "begins_entries": True}
    ),
)


def played() -> Stage:
    """A session in which two ideas were kept, from people who agreed to different things."""
    stage = Stage(form=form(), **dict.fromkeys(PEOPLE, "participant"))
    stage.open("P1")
    for person, consent in PEOPLE.items():
        stage.ok("answer", person, "P1", consent=consent)
    stage.open("P2")
    stage.ok("add_card", "anna", "P2", text="Waiting rooms are <b>loud</b>", column="need")
    need = stage.session.outcome("P2").cards[0].id
    stage.open("P3")
    (card,) = stage.ok("add_card", "bo", "P3", text="Quiet corners", column="idea", link=need)
    stage.ok("share_card", "bo", "P3", card=card.body["card"])
    stage.ok("add_card", "cilla", "P3", text="Headphones to borrow", column="idea", link=need)
    ideas = [card.id for card in stage.session.outcome("P3").cards]
    stage.open("P4")
    for number, person in enumerate(PEOPLE, 1):
        stage.ok("cast_ballot", person, "P4", seed=number, option=ideas)
    stage.close("P4")
    stage.ok("reveal_result", "kim", "P4")
    return stage


def form() -> dict[str, Any]:
    """A made-up format with the real record's document."""
    shelves = {**shelf("documents"), "forms": {"consent": {"fields": [CONSENT]}}}
    return {**shelves, "key": "test", "title": words("Test"), "ip_policy": "team_owns", "phase": list(PHASES)}


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = place.open()
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
async def stage(database: Database) -> Stage:
    """The played session, in the database, with its people."""
    stage = played()
    journal = open_journal(database)
    await journal.create(CODE, "test", "Test")
    told = tuple(Personal(person, {"name": f"{person.title()} Öberg"}) for person in PEOPLE)
    await journal.append(CODE, 0, lambda _: batch_of(stage.log, *told))
    return stage


@pytest.fixture
async def file(stage: Stage, database: Database, tmp_path: Path) -> Path:
    out = tmp_path / "race.zip"
    await asyncio.to_thread(export, database, CODE, out)
    return out


def entry_of(session: Session, number: int = 1) -> Entry:
    return session.entries[f"e{number}"]


ARCHIVED_AT = datetime(2026, 11, 30, 23, 30, tzinfo=UTC).timestamp()


def archived(session: Session) -> Entry:
    """The first entry, owned and archived on 30 November 2026."""
    entry = entry_of(session)
    seq = session.seq
    for fact in (
        Fact(entry.id, "moved_to", "t1"),
        Fact(entry.id, "field", "Wards and waiting rooms", "market.segment"),
        Fact(entry.id, "owner", {"person": "bo", "accepted": True}),
        Fact(entry.id, "next_action", {"text": "Call the hospital", "due": "2026-12-07"}),
        Fact(entry.id, "followups", {"months": [3, 6, 12]}),
        Fact(entry.id, "verdict", {"topic": "ipr", "verdict": "go", "note": "Free to use"}, "q1"),
        Fact(entry.id, "status", "archived"),
    ):
        entry.learn("P9", fact, seq, ARCHIVED_AT)
    facts.regroup(session, Team("t1", 1, "Team 1", ("cilla", "bo"), "cilla"))
    return entry


# ---- records


def test_the_session_played_here_has_two_entries() -> None:
    session = played().session
    assert [entry.title for entry in session.entries.values()] == ["Quiet corners", "Headphones to borrow"]


def test_a_record_can_be_traced_back_to_its_need_and_idea() -> None:
    session = played().session
    told = record_of(entry_of(session), session)["provenance"]
    assert [(card["text"], card["authors"]) for card in told["origin_needs"]] == [
        ("Waiting rooms are <b>loud</b>", ["anna"])
    ]
    assert [(card["text"], card["authors"]) for card in told["origin_ideas"]] == [("Quiet corners", ["bo"])]
    assert told["session"] == {"code": CODE, "format": "test", "title": words("Test")}
    assert told["log_range"]["first"] <= told["log_range"]["last"] <= session.seq


def test_a_record_says_what_people_wrote_and_decided() -> None:
    session = played().session
    record = record_of(archived(session), session)
    assert record["market"] == {"segment": "Wards and waiting rooms"}
    assert record["need"] == {"situation": "Waiting rooms are <b>loud</b>"}
    assert record["rights"] == {"ip_policy": "team_owns", "employer_claims": []}
    assert record["plan"]["next_action"] == {"text": "Call the hospital", "due": "2026-12-07"}
    assert record["identity"]["status"] == "archived"
    assert record["identity"]["archived_at"] == "2026-11-30T23:30:00.000+00:00"
    assert record["provenance"]["verdicts"] == [
        {
            "about": "verdict",
            "phase": "P9",
            "key": "q1",
            "topic": "ipr",
            "verdict": "go",
            "note": "Free to use",
            "by": "",
            "language": "",
        }
    ]
    assert [team["members"] for team in record["provenance"]["teams"]] == [("bo",), ("cilla", "bo")]


def test_records_survive_json_and_are_the_same_from_the_log() -> None:
    stage = played()
    one, other = stage.session, stage.replayed()
    records = [orjson.dumps(record_of(entry, one)) for entry in one.entries.values()]
    assert records == [orjson.dumps(record_of(entry, other)) for entry in other.entries.values()]


def test_a_record_says_who_took_part_in_what() -> None:
    session = played().session
    before = record_of(entry_of(session), session)
    assert [(told["person"], told["part"]) for told in before["people"]["contributors"]] == [
        ("anna", ["need"]),
        ("bo", ["idea", "team"]),  # who wrote an idea that was kept without teams carries it on
    ]
    assert named_for_all(session) == {"anna"}


def named_for_all(session: Session) -> set[str]:
    fold = Fold()
    fold.session = session
    return fold.named()


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"accepted": True, "named": True}, {"anna", "bo"}),
        ({"accepted": True, "named": False}, {"anna"}),
        ({"accepted": True}, {"anna"}),
        ({"accepted": False, "named": True}, {"anna"}),
    ],
)
def test_who_owns_a_record_is_named_to_all_only_by_an_explicit_yes(
    said: dict[str, bool], named: set[str]
) -> None:
    session = played().session
    entry = archived(session)
    entry.learn("P9", Fact(entry.id, "owner", {"person": "bo", **said}), session.seq, session.at)
    assert named_for_all(session) == named


def test_a_records_id_is_a_uuid_7_that_follows_from_the_log() -> None:
    session = played().session
    one, other = (record_id(CODE, entry) for entry in session.entries.values())
    assert one != other
    assert one == record_id(CODE, entry_of(played().session))
    assert one != record_id("AAAAAAAA", entry_of(session))
    assert (one.version, one.variant) == (7, RFC_4122)
    assert one.int >> 80 == int(entry_of(session).begun_at * 1000) >= START * 1000


def test_follow_ups_are_due_calendar_months_later_in_the_sessions_zone() -> None:
    session = played().session
    record = record_of(archived(session), session)
    # 23:30 UTC on 30 November is 1 December in Stockholm.
    assert [told["due"] for told in record["followups"]] == ["2027-03-01", "2027-06-01", "2027-12-01"]
    assert record_of(entry_of(session, 2), session)["followups"] == []


def test_a_sheet_shows_the_record_in_the_sessions_language_and_escapes_what_people_wrote() -> None:
    session = played().session
    session.language = "sv"
    entry = archived(session)
    staff = viewer_in(session, "console", EVERYBODY)
    seen = seen_of(record_of(entry, session), entry, session, staff, session.at)
    text = sheet(seen, session, {"anna": "Anna <Öberg>"})
    assert "# 1. Quiet corners" in text
    assert "## Marknadsperspektiv\n\n**Segment**\n\n> Wards and waiting rooms" in text
    assert "> Waiting rooms are &lt;b&gt;loud&lt;/b&gt;" in text
    assert "- Anna &lt;Öberg&gt;\n- bo\n- cilla" in text
    assert "<b>" not in text


# ---- exports


async def test_an_export_holds_and_says_what_it_is_of(file: Path, stage: Stage, database: Database) -> None:
    head = await open_journal(database).head(CODE)
    report = verify(file)
    assert head is not None
    assert report.problems == []
    assert report.ok
    assert (report.session, report.events, report.records) == (CODE, stage.session.seq, 2)
    assert (report.head, report.notes) == (head.digest.hex(), [])


def test_any_program_opens_an_export(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [
            *("log.jsonl", "manifest.json", "names.json", "records.json", "records.log.jsonl"),
            *("records/1.md", "records/2.md", "streams.jsonl"),
        ]
        records = orjson.loads(archive.read("records.json"))
    assert [record["identity"]["title"] for record in records] == [
        {"en": "Quiet corners"},
        {"en": "Headphones to borrow"},
    ]


def test_an_export_names_those_who_let_everybody_know_it_and_nobody_else(
    file: Path, database: Database
) -> None:
    with zipfile.ZipFile(file) as archive:
        assert orjson.loads(archive.read("names.json")) == {"anna": "Anna Öberg"}
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Anna" in content
    assert b"Bo " not in content


def test_the_same_log_makes_the_same_file(file: Path, database: Database, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    export(database, CODE, again)
    assert again.read_bytes() == file.read_bytes()


async def test_an_export_tells_how_far_it_is(stage: Stage, database: Database, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    await asyncio.to_thread(export, database, CODE, tmp_path / "x.zip", lambda *step: told.append(step))
    assert told[-1] == (stage.session.seq, stage.session.seq)


def test_an_unknown_code_leaves_no_file(database: Database, tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        export(database, "00000000", tmp_path / "x.zip")
    assert {path.name for path in tmp_path.iterdir()} <= {"data"}


def test_an_export_is_readable_by_its_owner_alone(file: Path, database: Database, tmp_path: Path) -> None:
    """It says how everybody has voted; also where another file stood there before, and once it is unpacked."""
    for left in (file, file.with_name(f"{file.name}.part")):
        left.write_bytes(b"left by another")
        left.chmod(0o644)
    export(database, CODE, file)
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o600}


def test_a_failed_export_leaves_the_one_before(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(ZeroDivisionError), packing(file) as pack:
        pack.add("log.jsonl", (bytes(1 // n) for n in (1, 0)))
    assert file.read_bytes() == before
    assert not file.with_name("race.zip.part").exists()


def test_one_flipped_byte_anywhere_is_found(file: Path) -> None:
    whole = file.read_bytes()
    places = {*range(0, len(whole), max(1, len(whole) // 300)), *range(len(whole) - 200, len(whole))}
    missed = [place for place in sorted(places) if verify(flipped(file, whole, place)).ok]
    assert missed == []
    file.write_bytes(whole)
    assert verify(file).ok


def flipped(file: Path, whole: bytes, place: int) -> Path:
    file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    return file


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 1000, -1])
def test_a_truncated_file_is_found(file: Path, length: int) -> None:
    os.truncate(file, length if length >= 0 else file.stat().st_size - 1)
    assert not verify(file).ok


def test_a_file_that_is_not_there_is_a_problem_too(tmp_path: Path) -> None:
    assert not verify(tmp_path / "nothing.zip").ok


def forge(file: Path, **changed: Any) -> Path:
    """Write the export anew, well sealed and with a manifest that fits, but with other members."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = orjson.loads(members.pop("manifest.json"))
    members |= {name.replace("_", "."): content for name, content in changed.items()}
    with packing(file) as pack:
        for name, content in members.items():
            pack.add(name, [content])
        fits = {"files": dict(pack.digests), "sizes": dict(pack.sizes)}
        pack.add("manifest.json", [orjson.dumps({**manifest, **fits})])
    return file


def lines(file: Path) -> list[dict[str, Any]]:
    with zipfile.ZipFile(file) as archive:
        return [orjson.loads(line) for line in archive.read("log.jsonl").splitlines()]


def log(events: list[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(event) + b"\n" for event in events)


def test_a_forger_who_seals_the_file_anew_is_found_by_the_chain(file: Path) -> None:
    events = lines(file)
    assert verify(forge(file, log_jsonl=log(events))).ok
    ballot = next(n for n, event in enumerate(events) if event["kind"] == "ballot_cast")
    changed = [{**event, "actor": "bo"} if n == ballot else event for n, event in enumerate(events)]
    assert any("chain" in problem for problem in verify(forge(file, log_jsonl=log(changed))).problems)
    body = orjson.dumps({**orjson.loads(events[ballot]["body"]), "x": 1}).decode()
    changed = [{**event, "body": body} if n == ballot else event for n, event in enumerate(events)]
    assert any("body" in problem for problem in verify(forge(file, log_jsonl=log(changed))).problems)


@pytest.mark.parametrize("kept", [slice(0, -1), slice(1, None), slice(None, None, 2), slice(0, 0)])
def test_missing_events_are_found(file: Path, kept: slice) -> None:
    assert not verify(forge(file, log_jsonl=log(lines(file)[kept]))).ok


def test_records_that_do_not_follow_from_the_log_are_found(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        records = orjson.loads(archive.read("records.json"))
    records[1]["identity"]["title"] = {"en": "Another title"}
    report = verify(forge(file, records_json=orjson.dumps(records)))
    assert report.problems == [f"record {records[1]['record_id']} does not follow from the log"]
    assert not verify(forge(file, records_json=orjson.dumps(records[:1]))).ok


def test_a_name_of_somebody_who_did_not_agree_is_found(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        named = orjson.loads(archive.read("names.json"))
    assert "bo" not in named
    problems = verify(forge(file, names_json=orjson.dumps({**named, "bo": "Bo"}))).problems
    assert problems[0] == "bo is named and did not agree to it"
    assert set(problems[1:]) <= {f"records/{number}.md does not follow from the log" for number in (1, 2)}


def test_a_member_that_was_slipped_in_is_found(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with packing(file) as pack:
        for name, content in {"more.txt": b"x", **members}.items():
            pack.add(name, [content])
    assert verify(file).problems == ["the file does not hold what its manifest lists"]


def test_a_result_that_the_activity_counts_otherwise_is_found(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Vote, "verify", lambda self: ["the result differs"])
    assert verify(file).problems == ["P4: the result differs"]


def test_an_event_that_the_rules_cannot_fold_is_a_problem(file: Path) -> None:
    """A log that is proved to its last byte, and that no rule of ours has made."""
    events = lines(file)
    tea = [event if n else {**event, "kind": "made_tea"} for n, event in enumerate(events)]
    report = verify(forge(file, log_jsonl=log(chained_anew(tea))))
    assert report.events == len(events)
    assert any("event 1 (made_tea) does not follow by the rules" in problem for problem in report.problems)
    assert "no result is proved, because not all of the log is" in report.problems


def chained_anew(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events with digests that follow on each other, as whoever owns the database could make them."""
    before, made = bytes(32), []
    for event in events:
        rest = [CODE, *(event[name] for name in ("seq", "at", "actor", "command", "kind", "phase"))]
        words = [event["words_digest"]] if event.get("words_digest") else []
        before = link(before, bytes.fromhex(event["body_digest"]), *rest, *words)
        made.append({**event, "digest": before.hex()})
    return made


async def test_an_erased_text_leaves_an_export_that_holds_and_says_so(
    database: Database, stage: Stage, tmp_path: Path
) -> None:
    card = next(event for event in stage.log if event.kind == "card_added")
    assert "Waiting rooms" in str(card.body)
    before = stage.session.outcome("P4")
    await open_journal(database).erase(CODE, [card.seq], "withdrawn", "anna", START)
    await asyncio.to_thread(export, database, CODE, tmp_path / "race.zip")
    report = verify(tmp_path / "race.zip")
    assert (report.problems, report.notes) == ([], ["1 × card_added: the words were erased"])
    with zipfile.ZipFile(tmp_path / "race.zip") as archive:
        assert not any(b"Waiting rooms" in archive.read(name) for name in archive.namelist())
        ranking = orjson.loads(archive.read("records.json"))
    assert len(ranking) == len(before.kept)


PROVED = ("body", "salt", "actor", "kind", "phase", "command", "at", "seq", "body_digest", "words_digest")


@pytest.mark.parametrize("erased", [False, True], ids=["whole", "with erased words"])
async def test_every_forgery_of_every_event_is_found(
    database: Database, stage: Stage, tmp_path: Path, erased: bool
) -> None:
    """Under the same head, well sealed: whatever stands otherwise, lacks its proof, or says that it was erased."""
    card = next(event for event in stage.log if event.kind == "card_added")
    if erased:
        await open_journal(database).erase(CODE, [card.seq], "withdrawn", "anna", START)
    file = tmp_path / "race.zip"
    await asyncio.to_thread(export, database, CODE, file)
    honest = lines(file)
    assert verify(file).ok
    missed = [
        (number, name)
        for number in range(0, len(honest), 3)
        for name, forged in forgeries(honest[number])
        if verify(forge(file, log_jsonl=log([*honest[:number], forged, *honest[number + 1 :]]))).ok
    ]
    assert missed == []


def forgeries(line: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """An event as a forger might have it. A ballot of ten against two must not become none against twelve."""
    for name in PROVED:
        value = line.get(name)
        other = "00" * 32 if name.endswith("digest") else "x" if isinstance(value, str) else (value or 0) + 1
        yield name, {**line, name: other}
    yield "body without its proof", {**line, "body": '{"x":1}', "salt": None}
    yield "no body", {**line, "body": None, "salt": None}
    yield "words without a proof", {**line, "words": '{"text":"x"}', "words_salt": None}
    own = body_digest(bytes(16), b'{"text":"x"}').hex()
    yield (
        "words with their own proof",
        {**line, "words": '{"text":"x"}', "words_salt": "00" * 16, "words_digest": own},
    )
    if line.get("words"):
        yield "words that are missing", {**line, "words": None, "words_salt": None}
        yield "words that never were", {n: v for n, v in line.items() if not n.startswith("words")}


async def test_a_ballot_cannot_be_said_to_have_been_erased(
    database: Database, stage: Stage, tmp_path: Path
) -> None:
    """Whoever owns the database chains everything anew and says that a ballot's words were erased."""
    file = tmp_path / "race.zip"
    await asyncio.to_thread(export, database, CODE, file)
    events = lines(file)
    ballot = next(event for event in events if event["kind"] == "ballot_cast")
    told = {**ballot, "words_digest": "00" * 32}
    salt = bytes(16)
    body = orjson.dumps({"seqs": [ballot["seq"]], "why": "withdrawn"})
    last = {**events[-1], "seq": len(events) + 1, "kind": "erased", "phase": "", "command": "erase"}
    last |= {"body": body.decode(), "salt": salt.hex(), "body_digest": body_digest(salt, body).hex()}
    forged = chained_anew([told if event is ballot else event for event in events] + [last])
    report = verify(forge(file, log_jsonl=log(forged)))
    assert f"event {ballot['seq']} (ballot_cast): what it says cannot be erased" in report.problems


def test_problems_are_told_up_to_a_limit(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_module, "MAX_PROBLEMS", 5)
    changed = [{**event, "at": event["at"] + 1} for event in lines(file)]
    assert len(changed) > 5
    assert len(verify(forge(file, log_jsonl=log(changed))).problems) == 5


def test_a_format_of_the_future_is_not_guessed_at(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "FORMATS", (0, 1))
    report = verify(file)
    assert report.unreadable == "this is format 2 of the file, and only 0 and 1 are known here"
    assert (report.status, report.ok) == (UNREADABLE, False)


def test_a_receipt_says_what_became_of_its_ballot_from_the_file_alone(file: Path, stage: Stage) -> None:
    (mine,) = [e for e in stage.log if e.kind == "ballot_cast" and e.actor == "bo"]
    code = receipt("P4", mine.body["nonce"], mine.body["marks"])
    report = verify(file, receipt=code)
    words = "1 for “Quiet corners” (P3c1); 1 for “Headphones to borrow” (P3c2)"
    assert (report.problems, report.became) == ([], [f"P4, event {mine.seq}: it was counted: {words}"])


def test_a_receipt_that_nothing_in_the_file_has_is_a_problem(file: Path) -> None:
    assert verify(file, receipt="0000-0000-0000").problems == ["nothing in it has the receipt 0000-0000-0000"]


def test_verifying_tells_how_far_it_is(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.archive.log_check.PROGRESS_EVERY", 4)
    told: list[tuple[int, int]] = []
    total = verify(file, lambda *step: told.append(step)).events
    assert told == [(done, total) for done in range(4, total + 1, 4)]


async def test_an_erased_person_is_in_no_export(database: Database, stage: Stage, tmp_path: Path) -> None:
    await database.write(lambda db: put_personal(db, CODE, [Personal("anna", {"mail": "anna@example.org"})]))
    await erase(database, People(database), CODE, "anna")
    await asyncio.to_thread(export, database, CODE, tmp_path / "race.zip")
    with zipfile.ZipFile(tmp_path / "race.zip") as archive:
        assert orjson.loads(archive.read("names.json"))["anna"] == ""
        assert not any(b"Anna" in archive.read(name) for name in archive.namelist())
    assert verify(tmp_path / "race.zip").ok
