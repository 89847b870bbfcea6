"""Does everything hold in an export? Answered from the file alone: no database, no network, no trust.

Checked are the file's seal and its members' digests, the chain over every event, that the rules fold the log,
what every activity recomputes of its own results, and that records and names are what the log gives. What this
cannot tell is whether a whole log was made up afterwards: compare ``Report.head`` with a head noted elsewhere.
"""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from app.archive import streams
from app.archive.fold import Fold
from app.archive.line import Line, read
from app.archive.members import check_members
from app.archive.record import SHAPE
from app.archive.report import Report
from app.archive.seal import is_sealed
from app.archive.wordless import Wordless
from app.streams.chain import GENESIS
from sessions.session import Session

Progress = Callable[[int, int], None]
"""Told now and then: events done, events in all."""

FORMATS = (1, 2)
"""Versions of the file that are known here: from 2 on, what people wrote stands apart from the structure."""
PROGRESS_EVERY = 2000


def verify(path: Path, progress: Progress | None = None, receipt: str = "") -> Report:
    """Check an export. Whatever is wrong with the file is a problem in the report, and nothing is raised.

    With a ``receipt`` it is also told what became of that ballot; that there is none is a problem too.
    """
    report = Report()
    try:
        if not is_sealed(path):
            report.fault("the file is not as it was sealed: something in it was changed")
        with zipfile.ZipFile(path) as archive:
            _check(archive, report, progress, receipt)
    except Exception as error:  # a damaged file may break anything that reads it
        report.fault(f"the file cannot be read: {type(error).__name__}: {error}")
    return report


def _check(archive: zipfile.ZipFile, report: Report, progress: Progress | None, receipt: str) -> None:
    manifest = orjson.loads(archive.read("manifest.json"))
    if manifest["format"] not in FORMATS:
        known = " and ".join(map(str, FORMATS))
        report.fault(f"this is format {manifest['format']} of the file, and only {known} are known here")
        return
    report.session, report.head = manifest["session"], manifest["head"]
    check_members(archive, manifest["files"], report)
    fold = _check_log(archive, manifest, report, progress)
    report.fault(*streams.faults(archive, fold.session if fold else None))
    if fold is not None:
        _check_results(fold, report)
        _check_records(archive, fold, report, "seen_by" in manifest)
        if receipt:
            _trace(archive, fold.session, report, receipt)


def _check_log(
    archive: zipfile.ZipFile, manifest: dict[str, Any], report: Report, progress: Progress | None
) -> Fold | None:
    """The folded log, if all of it is proved and the rules can fold it; the chain is checked to its end in any case."""
    fold: Fold | None = Fold()
    wordless = Wordless()
    before = GENESIS
    for line in _lines(archive):
        report.events += 1
        faults = _faults(line, manifest["session"], report.events, before)
        report.fault(*faults)
        before = bytes.fromhex(line.digest)
        fold = None if faults else _take(fold, line, report)  # what is not proved is never folded
        wordless.take(line, not faults)
        if progress is not None and report.events % PROGRESS_EVERY == 0:
            progress(report.events, manifest["events"])
    report.fault(*wordless.faults(fold.session.words_of if fold else None))
    report.notes += wordless.notes()
    if (report.events, before.hex()) != (manifest["events"], manifest["head"]):
        report.fault("the log does not end where the manifest says")
    if fold is None:
        report.fault("no result is proved, because not all of the log is")
    return fold


def _lines(archive: zipfile.ZipFile) -> Iterator[Line]:
    with archive.open("log.jsonl") as log:
        yield from map(read, log)


def _faults(line: Line, session: str, place: int, before: bytes) -> list[str]:
    gap = [] if line.seq == place else [f"event {line.seq} stands in the place of event {place}"]
    return gap + line.faults(session, before)


def _take(fold: Fold | None, line: Line, report: Report) -> Fold | None:
    if fold is None:
        return None
    try:
        fold.take(line)
    except Exception as error:  # the rules say in many ways that they did not make this event
        report.fault(
            f"event {line.seq} ({line.kind}) does not follow by the rules: {type(error).__name__}: {error}"
        )
        return None
    return fold


def _check_results(fold: Fold, report: Report) -> None:
    """Every vote, draw and jury result once more, by the activity that it belongs to."""
    if fold.session.code != report.session:
        report.fault(f"the log is of session {fold.session.code}, not {report.session}")
    for phase in fold.session.agenda.started:
        if phase.activity is not None:
            report.fault(*(f"{phase.id}: {fault}" for fault in phase.activity.verify()))


def _check_records(archive: zipfile.ZipFile, fold: Fold, report: Report, for_all: bool) -> None:
    """Records and names once more. ``for_all``: the file says that its names are those that everybody may see."""
    told = orjson.loads(archive.read("records.json"))
    made = fold.records(told[0].get("shape", 1) if told else SHAPE)
    report.records = len(told)
    if len(told) != len(made):
        report.fault(f"there are {len(told)} records, and {len(made)} follow from the log")
    pairs = zip(told, made, strict=False)
    report.fault(*(f"record {b['record_id']} does not follow from the log" for a, b in pairs if a != b))
    agreed = fold.named() if for_all else fold.named_before()
    strangers = set(orjson.loads(archive.read("names.json"))) - agreed
    report.fault(*(f"{person} is named and did not agree to it" for person in sorted(strangers)))


def _trace(archive: zipfile.ZipFile, session: Session, report: Report, receipt: str) -> None:
    """Ask the phase of each event whether it gave this receipt, and what became of that event."""
    for event in (line.event() for line in _lines(archive) if line.phase):
        activity = session.agenda.phases[event.phase].activity
        if activity is not None and activity.receipt(event) == receipt:
            report.became.append(f"{event.phase}, event {event.seq}: {activity.became(event)}")
    if not report.became:
        report.fault(f"nothing in it has the receipt {receipt}")
