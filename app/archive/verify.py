"""Does everything hold in an export? Answered from the file alone: no database, no network, no trust.

Looked at are, in this order, the file's seal, how much it would unpack to, who has signed it, its members' digests, the
chain over every event, that the rules fold the log, whatever a ballot, a sheet or a result believes, and all that is
made of the log. What this cannot tell is whether a whole log was made up afterwards by whoever holds the key: compare
``Report.head`` with a head noted elsewhere.
"""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from app.archive import streams
from app.archive.fold import Fold
from app.archive.leaving import HOUSE, PURPOSES, Leaving, is_withheld
from app.archive.limits import MANIFEST, Members, TooLarge
from app.archive.line import Line, read
from app.archive.made import check_made
from app.archive.makers import makers
from app.archive.members import check_members
from app.archive.report import Report
from app.archive.seal import is_sealed
from app.archive.signature import MAX_SIGNATURE, SIGNATURE, check_signature
from app.archive.trust import Trust
from app.archive.wordless import WHY, Wordless
from app.streams.chain import GENESIS
from sessions.session import Session

Progress = Callable[[int, int], None]
"""Told now and then: events done, events in all."""

FORMATS = (1, 2)
"""Versions of the file that are known here: from 2 on, what people wrote stands apart from the structure."""
PROGRESS_EVERY = 2000


def verify(
    path: Path,
    progress: Progress | None = None,
    receipt: str = "",
    trust: Trust | None = None,
    noted: str = "",
) -> Report:
    """Check an export. Whatever is wrong with the file is in the report, and nothing is raised.

    With a ``receipt`` it is also told what became of that ballot; that there is none is a problem too. ``trust`` are
    the keys that are known: who else signed it proves nothing. ``noted`` are the first hex digits of a head that
    somebody noted: that no event has it is a problem.
    """
    report = Report()
    try:
        if not is_sealed(path):
            report.fault("the file is not as it was sealed: something in it was changed")
            return report
        with zipfile.ZipFile(path) as archive:
            members = Members(archive, path)
            _check(members, report, progress, receipt, trust or Trust())
            if noted and report.ok:
                _find(members, report, noted)
    except (TooLarge, zipfile.BadZipFile, OSError) as error:
        report.unreadable = f"the file cannot be read: {error}"
    except MemoryError:
        report.unreadable = "the file cannot be read: it is too large for this machine"
    except Exception as error:  # a file that somebody made up may break anything that reads it
        report.fault(f"the file is not as an export is: {type(error).__name__}: {error}")
    return report


def _check(members: Members, report: Report, progress: Progress | None, receipt: str, trust: Trust) -> None:
    content = members.read("manifest.json", MANIFEST)
    manifest = orjson.loads(content)
    if manifest["format"] not in FORMATS:
        known = " and ".join(map(str, FORMATS))
        report.unreadable = (
            f"this is format {manifest['format']} of the file, and only {known} are known here"
        )
        return
    report.session, report.head = manifest["session"], manifest["head"]
    report.same_release = manifest.get("made_by") == makers()
    signature = members.read(SIGNATURE, MAX_SIGNATURE) if SIGNATURE in members else None
    check_signature(signature, content, trust, report)
    members.announce(manifest)
    check_members(members, manifest, report)
    purpose = manifest.get("for", HOUSE)
    if purpose not in PURPOSES:
        report.fault(f"nobody here knows for whom it is: {purpose}")
        return
    fold = _check_log(members, manifest, report, progress)
    leaving = _leaving(manifest, fold)
    report.fault(*streams.faults(members, fold.session if fold else None, leaving))
    if fold is not None:
        _check_results(fold, report)
        check_made(members, manifest, fold, report, leaving)
        if receipt:
            _trace(members, fold.session, report, receipt)


def _leaving(manifest: dict[str, Any], fold: Fold | None) -> Leaving:
    """What a file says of itself: for whom, and when it was made."""
    leaving = Leaving(manifest.get("for", HOUSE), float(manifest.get("at", 0.0)))
    return replace(leaving, whole=fold.session) if fold is not None else leaving


def _check_log(
    members: Members, manifest: dict[str, Any], report: Report, progress: Progress | None
) -> Fold | None:
    """The folded log, if all of it is proved and the rules can fold it; the chain is checked to its end in any case."""
    folding = Fold(for_level=_leaving(manifest, None).is_level)
    folding.session.tells_all = "seen_by" not in manifest
    fold: Fold | None = folding
    wordless = Wordless()
    out = manifest.get("for", HOUSE) != HOUSE
    before = GENESIS
    for line in _lines(members):
        report.events += 1
        withheld = out and line.bodiless and fold is not None and is_withheld(line, fold.session)
        faults = _faults(line, manifest["session"], report.events, before, withheld)
        report.fault(*faults)
        before = bytes.fromhex(line.digest)
        fold = None if faults else _take(fold, line, report)  # what is not proved is never folded
        wordless.take(line, not faults, withheld)
        if progress is not None and report.events % PROGRESS_EVERY == 0:
            progress(report.events, manifest["events"])
    leaving = _leaving(manifest, fold)
    if fold is not None:
        _keep_back(members, leaving, wordless, report)
    elif leaving.is_level:  # nobody knows whose the words are
        wordless.missing.clear()
    report.fault(*wordless.faults(fold.session.words_of if fold else None))
    report.notes += wordless.notes()
    report.notes += [
        f"{count} × {kind}: of what it is cannot be told without them"
        for kind, count in (+folding.untold).items()
    ]
    if (report.events, before.hex()) != (manifest["events"], manifest["head"]):
        report.fault("the log does not end where the manifest says")
    if fold is None:
        report.fault("no result is proved, because not all of the log is")
    return fold


def _keep_back(members: Members, leaving: Leaving, wordless: Wordless, report: Report) -> None:
    """Of a file for a level: whether all words in it may be read there, and why others are missing. That is known only
    once all of the log is."""
    for line in _lines(members) if leaving.is_level else ():
        if line.words_digest is None or (why := leaving.kept(line)) == "":
            continue
        if line.words is None:
            wordless.keep_back(line.seq, why)
        else:
            report.fault(
                f"event {line.seq} ({line.kind}): its words are not for this level ({WHY.get(why, why)})"
            )


def _lines(members: Members) -> Iterator[Line]:
    return map(read, members.lines("log.jsonl"))


def _faults(line: Line, session: str, place: int, before: bytes, withheld: bool) -> list[str]:
    gap = [] if line.seq == place else [f"event {line.seq} stands in the place of event {place}"]
    return gap + line.faults(session, before, withheld)


def _take(fold: Fold | None, line: Line, report: Report) -> Fold | None:
    if fold is None:
        return None
    try:
        report.note_doubts(f"event {line.seq} ({line.kind})", fold.doubts(line))
        fold.take(line)
    except Exception as error:  # the rules say in many ways that they did not make this event
        report.fault(
            f"event {line.seq} ({line.kind}) does not follow by the rules: {type(error).__name__}: {error}"
        )
        return None
    return fold


def _check_results(fold: Fold, report: Report) -> None:
    """Every vote, draw and jury result that stands once more, by the activity that it belongs to."""
    if fold.session.code != report.session:
        report.fault(f"the log is of session {fold.session.code}, not {report.session}")
    for phase in fold.session.agenda.started:
        if phase.activity is not None:
            report.fault(*(f"{phase.id}: {fault}" for fault in phase.activity.verify()))


def _find(members: Members, report: Report, noted: str) -> None:
    """Whether an event of the log has a head that somebody noted."""
    found = next((line.seq for line in _lines(members) if line.digest.startswith(noted)), 0)
    if found:
        report.noted = f"event {found} has the head {noted}"
    else:
        report.fault(f"no event has the head {noted} that was noted: this is another log")


def _trace(members: Members, session: Session, report: Report, receipt: str) -> None:
    """Ask the phase of each event whether it gave this receipt, and what became of that event; then each count."""
    for event in (line.event() for line in _lines(members) if line.phase):
        activity = session.agenda.phases[event.phase].activity
        if activity is not None and activity.receipt(event) == receipt:
            report.became.append(f"{event.phase}, event {event.seq}: {activity.became(event)}")
    if not report.became:
        counts = ((p.id, p.activity.listed(receipt)) for p in session.agenda.begun if p.activity)
        report.became += [f"{phase}: {listed}" for phase, listed in counts if listed]
    if not report.became:
        report.fault(f"nothing in it has the receipt {receipt}")
