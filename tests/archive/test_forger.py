"""A forger: every way that we could think of to change an export or a database. None passes as proved."""

from __future__ import annotations

import asyncio
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.archive.export import export
from app.archive.leaving import HANDING_OUT
from app.archive.public_keys import REVOKED
from app.archive.report import PROVED, UNPROVED, UNREADABLE, WRONG
from app.archive.seal import packing
from app.archive.signing_keys import SigningKeys
from app.archive.trust import Trust
from app.archive.verify import verify
from app.database import open_database
from app.database.key_folder import KeyFolder
from app.streams.proof import Unproved
from sessions.levels import LEVELS, PUBLIC, SESSION
from sessions.messages import Event
from sessions.receipts import receipt
from tests.archive.forging import (
    CODE,
    Change,
    Content,
    Lines,
    Made,
    again,
    at,
    chained,
    lines,
    log_with,
    make,
    members,
    played,
    sealed,
    with_body,
    with_four_voters,
    with_lines,
)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("forger") / "honest", played().log)


@pytest.fixture(scope="module")
def handed_out(honest: Made) -> Path:
    return again(honest)


@pytest.fixture(scope="module")
def leveled(honest: Made) -> Mapping[str, Path]:
    """The same for every level."""
    return {level: again(honest, level) for level in LEVELS}


def test_the_honest_exports_are_proved(honest: Made, handed_out: Path, leveled: Mapping[str, Path]) -> None:
    for file in (honest.file, handed_out, *leveled.values()):
        report = verify(file, trust=honest.trust)
        assert (report.status, report.problems, report.doubts) == (PROVED, [], [])
        assert (report.events, report.records) == (len(honest.log), 3)


# ---- members changed, the file sealed anew with a manifest that fits

Forgery = Callable[[Content], Content]


def log_of(change: Callable[[Lines], Lines]) -> Forgery:
    return lambda content: with_lines(content, change(lines(content)))


def line_of(kind: str, phase_id: str, change: Change) -> Forgery:
    """Another first line of a kind."""

    def forged(log: Lines) -> Lines:
        place = at(log, kind, phase_id)
        return [*log[:place], change(log[place]), *log[place + 1 :]]

    return log_of(forged)


def chained_anew(change: Forgery) -> Forgery:
    """The same, with a chain that fits; the manifest's head stays what it was noted as."""

    def forged(content: Content) -> Content:
        changed = change(content)
        return with_lines(changed, chained(lines(changed))[0])

    return forged


def member_of(name: str, change: Change) -> Forgery:
    return lambda content: {**content, name: orjson.dumps(change(orjson.loads(content[name])))}


def text_of(name: str, old: str, new: str) -> Forgery:
    def forged(content: Content) -> Content:
        assert old.encode() in content[name]
        return {**content, name: content[name].replace(old.encode(), new.encode())}

    return forged


def without(name: str) -> Forgery:
    return lambda content: {each: text for each, text in content.items() if each != name}


def swapped(kind: str) -> Forgery:
    """Two lines of a kind, one after the other, in the other order."""

    def forged(log: Lines) -> Lines:
        place = at(log, kind)
        return [*log[:place], log[place + 1], log[place], *log[place + 2 :]]

    return log_of(forged)


OTHER = {"marks": {"Ik9": 3}, "nonce": 1}
MEMBERS: dict[str, tuple[Forgery, str]] = {
    "a ballot says something else": (
        line_of("ballot_cast", "V", lambda x: {**x, "body": "{}"}),
        "this is not the body",
    ),
    "a ballot without its salt": (
        line_of("ballot_cast", "V", lambda x: with_body(x, OTHER, proved=False)),
        "its body is not proved",
    ),
    "a ballot with a proof of its own": (
        line_of("ballot_cast", "V", lambda x: with_body(x, OTHER)),
        "the chain of digests is broken",
    ),
    "a ballot of somebody else": (
        line_of("ballot_cast", "V", lambda x: {**x, "actor": "p5"}),
        "the chain of digests",
    ),
    "a ballot at another time": (
        line_of("ballot_cast", "V", lambda x: {**x, "at": x["at"] + 1}),
        "the chain of digests",
    ),
    "a ballot of another vote": (
        line_of("ballot_cast", "V", lambda x: {**x, "phase": "O"}),
        "the chain of digests",
    ),
    "a ballot of another command": (
        line_of("ballot_cast", "V", lambda x: {**x, "command": "x"}),
        "the chain of digests",
    ),
    "a ballot that is something else": (
        line_of("ballot_cast", "V", lambda x: {**x, "kind": "result_revealed"}),
        "the chain of digests",
    ),
    "marks among words that were never written": (
        line_of("ballot_cast", "V", lambda x: {**x, "words": '{"marks":{"Ik1":3}}'}),
        "its words are not proved",
    ),
    "a count says something else": (
        line_of("result_counted", "V", lambda x: {**x, "body": x["body"].replace('"place":1', '"place":2')}),
        "this is not the body",
    ),
    "a count without its salt": (
        line_of("result_counted", "V", lambda x: {**x, "salt": None}),
        "its body is not proved",
    ),
    "a removal that says nothing": (
        line_of("person_removed", "", lambda x: {**x, "body": None, "salt": None}),
        "its body is not proved",
    ),
    "a text that was put back": (
        line_of("card_added", "I", lambda x: {**x, "words": '{"fields":{"text":"x"}}'}),
        "these are not the words",
    ),
    "a text with a salt of its own": (
        line_of("card_added", "I", lambda x: {**x, "words": '{"text":"x"}', "words_salt": "00" * 16}),
        "these are not the words",
    ),
    "a text that is missing": (
        line_of("card_added", "I", lambda x: {**x, "words": None, "words_salt": None}),
        "no event says that they were erased",
    ),
    "a text that never was": (
        line_of("card_added", "I", lambda x: {n: v for n, v in x.items() if not n.startswith("words")}),
        "the chain of digests",
    ),
    "digests that are none": (
        line_of("card_added", "I", lambda x: {**x, "digest": "no"}),
        "its digests are none",
    ),
    "a ballot that is gone": (
        log_of(lambda x: [*x[: at(x, "ballot_cast")], *x[at(x, "ballot_cast") + 1 :]]),
        "stands in the place of",
    ),
    "a ballot twice": (
        log_of(lambda x: [*x[: at(x, "ballot_cast")], *x[at(x, "ballot_cast") - 1 :]]),
        "stands in the place of",
    ),
    "two ballots in another order": (swapped("ballot_cast"), "stands in the place of"),
    "the last event is gone": (log_of(lambda x: x[:-1]), "does not end where the manifest says"),
    "a chain anew under the head that was noted": (
        chained_anew(line_of("ballot_cast", "V", lambda x: with_body(x, OTHER))),
        "does not end where the manifest says",
    ),
    "a record with another title": (
        member_of(
            "records.json",
            lambda x: [{**x[0], "identity": {**x[0]["identity"], "title": {"en": "X"}}}, *x[1:]],
        ),
        "does not follow from the log",
    ),
    "a record less": (member_of("records.json", lambda x: x[1:]), "there are 2 records"),
    "a record that won": (
        text_of("records.json", '"mean": 3.0', '"mean": 5.0'),
        "does not follow from the log",
    ),
    "a name of somebody who did not agree": (
        member_of("names.json", lambda x: {**x, "p5": "Mallory"}),
        "p5 is named",
    ),
    "a name in another place": (
        text_of("records/1.md", "P0 Öberg", "P1 Öberg"),
        "records/1.md does not follow",
    ),
    "a sheet that says more": (
        text_of("records/2.md", "# 2.", "# 2. The winner:"),
        "records/2.md does not follow",
    ),
    "a sheet of no record": (
        lambda content: {**content, "records/9.md": b"# 9."},
        "records/9.md: there is no such record",
    ),
    "a sheet that is missing": (without("records/3.md"), "records/3.md is missing"),
    "a member more": (lambda content: {**content, "more.txt": b"x"}, ""),
    "a stream of no record": (
        lambda content: {**content, "streams.jsonl": b'{"stream":"r-1","events":1,"head":"00"}'},
        "its events are not in the file",
    ),
    "no names": (without("names.json"), "names.json"),
}


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("signed", [True, False], ids=["the old signature", "no signature"])
def test_what_was_changed_in_an_export_is_found(
    honest: Made, tmp_path: Path, name: str, signed: bool
) -> None:
    change, place = MEMBERS[name]
    before = members(honest.file)
    changed = change(before)
    assert changed != before
    if not signed:
        changed = without("signature.json")(changed)
    report = verify(sealed(tmp_path / "forged.zip", changed), trust=honest.trust)
    assert report.status == (WRONG if place or signed else UNPROVED)
    assert any(place in problem for problem in report.problems) or not (place or signed)
    said = "the signature is of another file" if signed else "it is not signed"
    assert any(said in each for each in (*report.problems, *report.doubts))


NOT_FOR_ALL = {"a ballot says something else", "a record that won"}
"""What no forger can do to a file in which neither ballots nor places of closed records stand."""


@pytest.mark.parametrize("name", sorted(MEMBERS.keys() - NOT_FOR_ALL))
def test_what_was_changed_in_an_export_for_a_level_is_found(
    honest: Made, leveled: Mapping[str, Path], tmp_path: Path, name: str
) -> None:
    change, place = MEMBERS[name]
    before = members(leveled[PUBLIC])
    changed = change(before)
    assert changed != before
    report = verify(sealed(tmp_path / "forged.zip", changed), trust=honest.trust)
    assert report.status == WRONG
    assert any(place in problem for problem in report.problems), report.problems


# ---- what a manifest says

MANIFESTS: dict[str, tuple[dict[str, Any], int, str]] = {
    "another title": ({"title": {"en": "Another"}}, WRONG, "the title is not the session's"),
    "another session": ({"session": "00000000"}, WRONG, "the chain of digests is broken"),
    "another head": ({"head": "00" * 32}, WRONG, "does not end where the manifest says"),
    "fewer events": ({"events": 3}, WRONG, "does not end where the manifest says"),
    "other lengths": ({"sizes": {"log.jsonl": 1}}, WRONG, "it is not as long as it was"),
    "a format to come": ({"format": 9}, UNREADABLE, "only 1 and 2 are known here"),
    "a line without end": ({"longest_line": 1 << 40}, UNREADABLE, "has a line of"),
    "made by others": ({"made_by": "other"}, UNPROVED, "it is not signed"),
    "no format": ({"format": None}, UNREADABLE, "are known here"),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_what_a_manifest_says_is_checked(honest: Made, tmp_path: Path, name: str) -> None:
    manifest, status, place = MANIFESTS[name]
    content = without("signature.json")(members(honest.file))
    report = verify(sealed(tmp_path / "forged.zip", content, **manifest), trust=honest.trust)
    assert report.status == status
    assert any(place in each for each in (*report.problems, *report.doubts, report.unreadable))


def test_whoever_says_that_other_rules_made_it_proves_nothing(honest: Made, tmp_path: Path) -> None:
    """Else a forged record would pass as one of another release."""
    change, _ = MEMBERS["a record with another title"]
    content = without("signature.json")(change(members(honest.file)))
    report = verify(sealed(tmp_path / "forged.zip", content, made_by="other"), trust=honest.trust)
    assert (report.status, report.problems) == (UNPROVED, [])
    assert any("was made by another release" in doubt for doubt in report.doubts)


# ---- a whole log made up, chained and exported as an installation does, with what cannot have been

Log = list[Event]


def count_of(change: Change, phase_id: str = "V") -> Callable[[Log], Log]:
    return lambda log: log_with(log, "result_counted", phase_id, change)


def ballot_of(change: Change, phase_id: str = "O") -> Callable[[Log], Log]:
    return lambda log: log_with(log, "ballot_cast", phase_id, change)


def signed_of(change: Change) -> Callable[[Log], Log]:
    return lambda log: log_with(log, "result_signed", "J", change)


def _moved(body: dict[str, Any], points: int) -> dict[str, Any]:
    """A count whose last option stands first."""
    rows = body["ranking"]
    first = {**rows[-1], "place": 1, "points": float(points)}
    return {**body, "ranking": [first, *({**row, "place": n} for n, row in enumerate(rows[:-1], 2))]}


def _more(body: dict[str, Any], option: str) -> dict[str, Any]:
    """One ballot more in the list, counted as well."""
    ballots = sorted([*body["ballots"], ["0000-0000-0000", {option: 2}]])
    return {**body, "ballots": ballots, "cast": body["cast"] + 1}


def _beyond(body: dict[str, Any]) -> dict[str, Any]:
    (code, marks), *rest = body["ballots"]
    return {**body, "ballots": [[code, dict.fromkeys(marks, 9)], *rest]}


def _twice(body: dict[str, Any]) -> dict[str, Any]:
    first, _, *rest = body["ballots"]
    return {**body, "ballots": [first, first, *rest]}


def _other_marks(body: dict[str, Any]) -> dict[str, Any]:
    (code, marks), *rest = body["ballots"]
    other = next(option for option in body["teams"] if option not in marks)
    return {**body, "ballots": [[code, {other: 1}], *rest]}


def without_event(kind: str, phase_id: str) -> Callable[[Log], Log]:
    def forged(log: Log) -> Log:
        place = next(n for n, event in enumerate(log) if (event.kind, event.phase) == (kind, phase_id))
        rest = [*log[:place], *log[place + 1 :]]
        return [event._replace(seq=seq) for seq, event in enumerate(rest, 1)]

    return forged


def by(actor: str, kind: str, phase_id: str) -> Callable[[Log], Log]:
    """The last event of a kind, brought about by somebody else."""

    def forged(log: Log) -> Log:
        place = max(n for n, event in enumerate(log) if (event.kind, event.phase) == (kind, phase_id))
        return [*log[:place], log[place]._replace(actor=actor), *log[place + 1 :]]

    return forged


SHEET = {"entry": "e1", "comment": "", "final": True}
LOGS: dict[str, tuple[Callable[[Log], Log], str]] = {
    "a ballot of nine dots": (
        ballot_of(lambda b: {"marks": dict.fromkeys(b["marks"], 9)}),
        "cannot have marked",
    ),
    "a ballot of half a dot": (
        ballot_of(lambda b: {"marks": dict.fromkeys(b["marks"], 0.5)}),
        "cannot have marked",
    ),
    "a ballot below nothing": (
        ballot_of(lambda b: {"marks": dict.fromkeys(b["marks"], -1)}),
        "cannot have marked",
    ),
    "a ballot for what nobody proposed": (ballot_of(lambda b: {"marks": {"X1": 1}}), "cannot have marked"),
    "a ballot of nobody": (by("p99", "ballot_cast", "O"), "p99 has no ballot here"),
    "a ballot of a juror": (by("j0", "ballot_cast", "O"), "j0 has no ballot here"),
    "a ballot that says nothing": (ballot_of(lambda b: {}, "V"), "cannot have marked"),
    "a secret ballot in the log": (
        ballot_of(lambda b: {"marks": {"Ik1": 1}}, "S"),
        "a secret ballot stands in the log",
    ),
    "two secret ballots of one": (by("p0", "ballot_cast", "S"), "p0 has voted already"),
    "secret ballots beyond the rules": (
        count_of(lambda b: {**b, "ballots": [dict.fromkeys(m, 9) for m in b["ballots"]]}, "S"),
        "what is no ballot of this vote",
    ),
    "a secret ballot more": (
        count_of(lambda b: {**b, "ballots": [*b["ballots"], b["ballots"][0]]}, "S"),
        "ballots were counted",
    ),
    "another winner": (count_of(lambda b: _moved(b, 99)), "when counted again"),
    "another winner of the open vote": (count_of(lambda b: _moved(b, 99), "O"), "when counted again"),
    "a ballot more in the list": (
        count_of(lambda b: _more(b, next(iter(b["teams"])))),
        "ballots are listed of",
    ),
    "a listed ballot of nine dots": (count_of(_beyond), "what is no ballot of this vote"),
    "a receipt twice": (count_of(_twice), "receipts stand twice"),
    "receipts in the order of voting": (
        count_of(lambda b: {**b, "ballots": b["ballots"][::-1]}),
        "out of order",
    ),
    "other marks under a receipt": (count_of(_other_marks), "does not list the ballots that were cast"),
    "no ballot was replaced": (count_of(lambda b: {**b, "replaced": []}), "listed as replaced"),
    "others were left out": (count_of(lambda b: {**b, "excluded": ["p0"]}), "excluded is ['p0']"),
    "nobody was left out": (count_of(lambda b: {**b, "excluded": []}), "excluded is []"),
    "another number goes on": (count_of(lambda b: {**b, "keep": [1, 1, None]}), "keep is"),
    "an option was stopped": (count_of(lambda b: {**b, "stopped": [next(iter(b["teams"]))]}), "stopped is"),
    "an option of another team": (
        count_of(lambda b: {**b, "teams": dict.fromkeys(b["teams"], "t1")}),
        "teams is",
    ),
    "options in another order": (
        count_of(lambda b: {**b, "teams": dict([*b["teams"].items()][::-1])}),
        "the options stood in another order",
    ),
    "an option less": (count_of(lambda b: {**b, "teams": dict([*b["teams"].items()][1:])}), "teams is"),
    "more voters than there were": (count_of(lambda b: {**b, "electorate": 99}), "99 voters"),
    "more ballots than there were": (count_of(lambda b: {**b, "cast": 99}), "99 ballots"),
    "a vote that did not count": (
        count_of(lambda b: {**b, "valid": False}, "O"),
        "whether there were ballots enough",
    ),
    "nobody was removed": (without_event("person_removed", ""), "excluded is ['p6']"),
    "a snapshot of something else": (
        lambda log: log_with(log, "snapshot_taken", "W", lambda b: {**b, "sha256": "00" * 32}),
        "is not of what stood there",
    ),
    "a sheet of nine points": (
        lambda log: log_with(
            log, "entry_scored", "J", lambda b: {**b, "scores": dict.fromkeys(b["scores"], 9)}
        ),
        "cannot have given these scores",
    ),
    "a final sheet of one score": (
        lambda log: log_with(log, "entry_scored", "J", lambda b: {**b, "scores": {"need": 5}}),
        "cannot have given these scores",
    ),
    "a sheet of a participant": (by("p0", "entry_scored", "J"), "p0 is no juror here"),
    "another winner of the jury": (
        signed_of(lambda b: {**b, "ranking": [{**b["ranking"][0], "mean": 5.0}, *b["ranking"][1:]]}),
        "when counted again",
    ),
    "jurors who were away": (
        signed_of(lambda b: {**b, "absent": {**b["absent"], "e1": ["j0"]}}),
        "without sheets of",
    ),
    "an entry that nobody made": (
        signed_of(lambda b: {**b, "absent": {**b["absent"], "e9": []}}),
        "it judges",
    ),
    "other sheets under the letters": (
        signed_of(
            lambda b: {**b, "sheets": {**b["sheets"], "e1": {x: {"need": 5} for x in b["sheets"]["e1"]}}}
        ),
        "no sheet of this jury",
    ),
    "nobody was unfinished": (signed_of(lambda b: {**b, "thin": ["e1"]}), "thin is ['e1']"),
}


@pytest.mark.parametrize("name", LOGS)
def test_a_log_that_was_made_up_is_found(honest: Made, tmp_path: Path, name: str) -> None:
    """By whoever owns the installation and its key: all digests fit."""
    change, place = LOGS[name]
    forged = make(tmp_path / "forged", change(list(honest.log)), keys=honest.keys)
    report = verify(forged.file, trust=honest.trust)
    assert (report.status, [each for each in report.problems if place in each] != []) == (WRONG, True), report


HANDED_OUT = sorted(
    {
        *("another winner", "a ballot more in the list", "a listed ballot of nine dots", "a receipt twice"),
        *("no ballot was replaced", "others were left out", "nobody was left out", "another number goes on"),
        *("more ballots than there were", "nobody was removed", "another winner of the jury"),
        *("receipts in the order of voting", "a ballot of nobody", "other sheets under the letters"),
    }
)


@pytest.mark.parametrize("name", HANDED_OUT)
@pytest.mark.parametrize("purpose", [HANDING_OUT, SESSION])
def test_so_is_one_that_was_handed_out_without_its_ballots(
    honest: Made, tmp_path: Path, purpose: str, name: str
) -> None:
    change, place = LOGS[name]
    forged = make(tmp_path / "forged", change(list(honest.log)), purpose, honest.keys)
    report = verify(forged.file, trust=honest.trust)
    assert (report.status, [each for each in report.problems if place in each] != []) == (WRONG, True), report


def test_other_marks_under_a_receipt_are_told_to_its_voter_alone(honest: Made, tmp_path: Path) -> None:
    """What a file without ballots cannot say: whether the house changed one before the count. Its voter can."""
    count = next(event for event in honest.log if (event.kind, event.phase) == ("result_counted", "V"))
    code = count.body["ballots"][0][0]
    forged = make(tmp_path / "forged", count_of(_other_marks)(list(honest.log)), HANDING_OUT, honest.keys)
    told = [verify(file, receipt=code, trust=honest.trust).became[0] for file in (again(honest), forged.file)]
    assert all("it was counted" in each for each in told)
    assert told[0] != told[1]


# ---- an export for handing out


def test_an_export_for_handing_out_ties_no_ballot_to_its_voter(honest: Made, handed_out: Path) -> None:
    """In the house it stands there; outside neither marks nor nonce nor a juror's scores stand beside a person."""
    house, out = lines(members(honest.file)), lines(members(handed_out))
    kept = [line for line in house if (line["kind"], line["phase"]) == ("ballot_cast", "V")]
    assert len(kept) == 8
    assert all("marks" in line["body"] and "nonce" in line["body"] for line in kept)
    for line in out:
        hidden = line["kind"] == "entry_scored" or (line["kind"], line["phase"]) == ("ballot_cast", "V")
        assert (line["body"] is None, line["salt"] is None) == (hidden, hidden)
    whole = b"".join(members(handed_out).values())
    assert b"Remark of j0" in b"".join(members(honest.file).values())
    assert b"Remark of j0" not in whole
    assert b'"nonce"' not in whole.replace(b"\\", b"")


def test_the_records_of_a_file_for_handing_out_say_nothing_that_a_juror_wrote(
    honest: Made, handed_out: Path
) -> None:
    """In the house a record's own log holds the comments, in the order of the jurors' numbers."""
    house, out = (members(file)["records.log.jsonl"] for file in (honest.file, handed_out))
    assert [b"Remark of j0" in each for each in (house, out)] == [True, False]
    assert len(out.splitlines()) == len(house.splitlines()) == 3
    report = verify(handed_out, trust=honest.trust)
    assert (report.status, report.problems) == (PROVED, [])


def test_a_record_of_a_file_for_the_house_lacks_no_words(
    honest: Made, handed_out: Path, tmp_path: Path
) -> None:
    content = {
        **members(honest.file),
        "records.log.jsonl": members(handed_out)["records.log.jsonl"],
    }
    report = verify(sealed(tmp_path / "x.zip", content), trust=honest.trust)
    assert report.status == WRONG
    assert any(each.startswith("r-") and "its words are missing" in each for each in report.problems)


def test_the_letters_of_jurors_are_drawn_and_the_receipts_of_voters_sorted(honest: Made) -> None:
    """So neither the order in which people voted nor that of their ids tells whose a line is."""
    count = next(e.body for e in honest.log if (e.kind, e.phase) == ("result_counted", "V"))
    receipts = [code for code, _ in count["ballots"]]
    cast = [e for e in honest.log if (e.kind, e.phase) == ("ballot_cast", "V")]
    in_turn = [receipt("V", event.body["nonce"], event.body["marks"]) for event in cast]
    assert receipts == sorted(receipts)
    assert [code for code in in_turn if code in receipts] != receipts
    sheets = next(e.body for e in honest.log if e.kind == "result_signed")["sheets"]["e1"]
    scored = [e.body["scores"] for e in honest.log if e.kind == "entry_scored" and e.body["entry"] == "e1"]
    assert [*sheets] == ["A", "B", "C", "D", "E"]
    assert sorted(map(str, sheets.values())) == sorted(map(str, scored))
    assert [*sheets.values()] != scored


def test_every_voter_finds_their_ballot_in_it(honest: Made, handed_out: Path) -> None:
    cast = [e for e in honest.log if (e.kind, e.phase) == ("ballot_cast", "V")]
    for number, event in enumerate(cast):
        code = receipt("V", event.body["nonce"], event.body["marks"])
        report = verify(handed_out, receipt=code, trust=honest.trust)
        if event.actor == "p6":
            assert report.problems == [f"nothing in it has the receipt {code}"]
        else:
            newer = event.actor == "p1" and number < 7
            assert (report.problems, len(report.became)) == ([], 1)
            assert ("a newer ballot" if newer else "it was counted") in report.became[0]


OUT: dict[str, tuple[Forgery, str]] = {
    "a ballot given a body": (
        line_of("ballot_cast", "V", lambda x: with_body(x, OTHER, proved=False)),
        "its body is not proved",
    ),
    "a ballot given body and salt": (
        line_of("ballot_cast", "V", lambda x: with_body(x, OTHER)),
        "the chain of digests",
    ),
    "an open ballot left out": (
        line_of("ballot_cast", "O", lambda x: {**x, "body": None, "salt": None}),
        "its body is not proved",
    ),
    "a count left out": (
        line_of("result_counted", "V", lambda x: {**x, "body": None, "salt": None}),
        "its body is not proved",
    ),
    "secrecy changed": (
        text_of("log.jsonl", '\\"ballots\\":\\"confidential\\"', '\\"ballots\\":\\"open\\"'),
        "this is not the body",
    ),
    "ballots of another vote": (
        line_of("ballot_cast", "V", lambda x: {**x, "phase": "O"}),
        "its body is not proved",
    ),
}


@pytest.mark.parametrize("name", OUT)
@pytest.mark.parametrize("purpose", [HANDING_OUT, PUBLIC])
def test_what_was_changed_in_an_export_for_handing_out_is_found(
    honest: Made, handed_out: Path, leveled: Mapping[str, Path], tmp_path: Path, purpose: str, name: str
) -> None:
    change, place = OUT[name]
    content = without("signature.json")(change(members({**leveled, HANDING_OUT: handed_out}[purpose])))
    report = verify(sealed(tmp_path / "forged.zip", content), trust=honest.trust)
    assert (report.status, [each for each in report.problems if place in each] != []) == (WRONG, True), report


def test_nothing_is_left_out_of_a_file_for_the_house(honest: Made, handed_out: Path, tmp_path: Path) -> None:
    content = without("signature.json")(members(handed_out))
    report = verify(sealed(tmp_path / "forged.zip", content, **{"for": "house"}), trust=honest.trust)
    assert report.status == WRONG
    assert "its body is not proved" in report.problems[0]


def test_below_five_ballots_the_total_leaves_and_proves_nothing(tmp_path: Path) -> None:
    """Beside the names of so few each ballot would be told apart."""
    few = with_four_voters().log
    made = make(tmp_path / "few", few)
    assert verify(made.file, trust=made.trust).status == PROVED
    report = verify(again(made), trust=made.trust)
    assert (report.status, report.problems) == (UNPROVED, [])
    assert any(
        "too few ballots to prove the result without naming voters" in doubt for doubt in report.doubts
    )
    count = next(e for e in few if e.kind == "result_counted")
    assert "ballots" not in count.body


# ---- who made it


def test_a_file_of_another_installation_is_not_proved_here(honest: Made, tmp_path: Path) -> None:
    """The same log under a key that a forger has made."""
    forged = make(tmp_path / "forged", honest.log)
    report = verify(forged.file, trust=honest.trust)
    assert (report.status, report.problems) == (UNPROVED, [])
    assert "signed by a key that is not known here" in report.doubts[0]


def test_a_file_that_nobody_signed_is_not_proved(honest: Made, tmp_path: Path) -> None:
    report = verify(
        sealed(tmp_path / "x.zip", without("signature.json")(members(honest.file))), trust=honest.trust
    )
    assert (report.status, report.doubts) == (UNPROVED, ["it is not signed: nothing says who made it"])


SIGNATURES: dict[str, tuple[Change, str]] = {
    "another signature": (lambda x: {**x, "signature": "00" * 64}, "the signature is wrong"),
    "no digits": (lambda x: {**x, "signature": "hello"}, "the signature is wrong"),
    "signed at another time": (
        lambda x: {**x, "said": x["said"].replace("2026", "2020")},
        "the signature is wrong",
    ),
    "of another manifest": (
        lambda x: {**x, "said": orjson.dumps({**orjson.loads(x["said"]), "manifest": "00"}).decode()},
        "the signature is wrong",
    ),
    "something else": (lambda x: [], "not as an export is"),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_signature_that_was_changed_is_found(honest: Made, tmp_path: Path, name: str) -> None:
    change, place = SIGNATURES[name]
    content = members(honest.file)
    manifest = content["manifest.json"]
    with packing(tmp_path / "x.zip") as pack:
        for member, text in content.items():
            if member not in ("manifest.json", "signature.json"):
                pack.add(member, [text])
        pack.add("manifest.json", [manifest])
        pack.add("signature.json", [orjson.dumps(change(orjson.loads(content["signature.json"])))])
    report = verify(tmp_path / "x.zip", trust=honest.trust)
    assert report.status == WRONG
    assert any(place in problem for problem in report.problems)


def test_a_chain_of_keys_leads_from_a_known_one_and_from_no_other(tmp_path: Path) -> None:
    keys = SigningKeys(KeyFolder(tmp_path / "keys"))
    first = keys.ready()
    second = keys.renew()
    made = make(tmp_path / "a", played().log[:1], keys=keys)
    known = Trust({first.fingerprint: "named"})
    assert verify(made.file, trust=known).status == PROVED
    forger = SigningKeys(KeyFolder(tmp_path / "forger"))
    forger.ready()
    own = forger.renew()
    forger._keep([first, replace(own, said=second.said, signature=second.signature)])
    forged = make(tmp_path / "b", played().log[:1], keys=forger)
    assert verify(forged.file, trust=Trust({first.fingerprint: "named"})).status == UNPROVED


def test_a_key_that_was_given_up_proves_nothing(honest: Made) -> None:
    trust = honest.trust
    trust.take([replace(key, state=REVOKED, reason="stolen") for key in honest.keys.register], "")
    report = verify(honest.file, trust=trust)
    assert report.status == WRONG
    assert "was given up" in report.problems[0]


def test_a_head_that_somebody_noted_tells_a_log_that_was_made_up(honest: Made, tmp_path: Path) -> None:
    """Whoever owns the installation may make up all of it, and sign it: not what people noted from the wall."""
    digests = {line["seq"]: line["digest"] for line in lines(members(honest.file))}
    count = next(event for event in honest.log if event.kind == "result_counted")
    noted = digests[count.seq][:16]
    assert (
        verify(honest.file, trust=honest.trust, noted=noted).noted
        == f"event {count.seq} has the head {noted}"
    )
    forged = make(tmp_path / "forged", honest.log, keys=honest.keys)
    assert verify(forged.file, trust=honest.trust).status == PROVED
    report = verify(forged.file, trust=honest.trust, noted=noted)
    assert report.status == WRONG
    assert report.problems == [f"no event has the head {noted} that was noted: this is another log"]


# ---- files that harm whoever looks at them


def bomb(out: Path, member: str, size: int) -> Path:
    """A file that says in few bytes what takes many: well sealed."""
    with packing(out) as pack:
        pack.add("manifest.json", [b'{"format": 2}'])
        pack.add(member, (bytes(1 << 20) for _ in range(size >> 20)))
    return out


@pytest.mark.parametrize("member", ["log.jsonl", "records.json", "records/1.md"])
def test_a_file_that_unpacks_to_a_thousand_times_its_size_stops_at_once(tmp_path: Path, member: str) -> None:
    import resource

    file = bomb(tmp_path / "bomb.zip", member, 600 << 20)
    assert file.stat().st_size < 700_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = verify(file)
    assert report.status == UNREADABLE
    assert "it would unpack to 600 MiB" in report.unreadable
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_a_manifest_has_a_limit_of_its_own(tmp_path: Path) -> None:
    with packing(tmp_path / "x.zip") as pack:
        pack.add("manifest.json", [b'{"format": 2, "x": "' + bytes(2 << 20) + b'"}'])
    report = verify(tmp_path / "x.zip")
    assert (report.status, "manifest.json would unpack" in report.unreadable) == (UNREADABLE, True)


def test_a_line_has_a_limit(honest: Made, tmp_path: Path) -> None:
    content = {**members(honest.file), "log.jsonl": b" " * (2 << 20)}
    report = verify(sealed(tmp_path / "x.zip", without("signature.json")(content)))
    assert (report.status, "log.jsonl has a line of more than" in report.unreadable) == (UNREADABLE, True)


def test_a_file_that_is_no_export_is_said_to_be_none(tmp_path: Path) -> None:
    for content in (b"", b"PK", b"hello" * 100):
        (tmp_path / "x.zip").write_bytes(content)
        assert verify(tmp_path / "x.zip").status in (WRONG, UNREADABLE)
    with zipfile.ZipFile(tmp_path / "y.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("manifest.json", "{}")
    assert verify(tmp_path / "y.zip").status == WRONG


# ---- the database itself

DATABASE = {
    "a ballot": """UPDATE log SET body = '{"marks": {"x": 9}, "nonce": 1}', salt = NULL WHERE kind = 'ballot_cast'""",
    "a count": "UPDATE log SET body = replace(body, '\"place\":1', '\"place\":2') WHERE kind = 'result_counted'",
    "a removal": "DELETE FROM log WHERE kind = 'person_removed'",
    "a text": """UPDATE log SET words = '{"text": "x"}' WHERE kind = 'card_added'""",
    "the end": "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)",
    "a head": "UPDATE heads SET digest = zeroblob(32) WHERE kind = 'session'",
    "a text of a record": """UPDATE log SET words = '{"texts": {}}' WHERE kind = 'record_begun'""",
    "the end of a record": "DELETE FROM log WHERE kind = 'record_begun'",
    "a record's head": "UPDATE heads SET digest = zeroblob(32) WHERE kind = 'record'",
    "a record's head, put back": "UPDATE heads SET seq = 0 WHERE kind = 'record'",
}


@pytest.mark.parametrize("name", DATABASE)
def test_nothing_is_exported_of_a_database_that_was_changed(tmp_path: Path, name: str) -> None:
    """Else a signature would stand under it."""
    made = make(tmp_path / "a", played().log)
    with sqlite3.connect(made.data / "race.sqlite") as db:
        assert db.execute(DATABASE[name]).rowcount > 0
    db.close()
    database = open_database(made.data)
    with pytest.raises(Unproved):
        export(database, CODE, tmp_path / "x.zip")
    asyncio.run(database.close())
    assert not (tmp_path / "x.zip").exists()


def test_these_are_more_than_forty_ways() -> None:
    named = [*MEMBERS, *MANIFESTS, *LOGS, *OUT, *SIGNATURES, *DATABASE]
    assert len(set(named)) == len(named)
    assert len(named) > 40
