"""Does everything hold in an export? Answered from the file alone: no database, no network, no trust.

Looked at are, in this order, the file's seal, how much it would unpack to, who has signed it, its members' digests, the
chain over every event, that the rules fold the log, whatever a ballot, a sheet or a result believes, and all that is
made of the log. What this cannot tell is whether a whole log was made up afterwards by whoever holds the key: compare
``Report.head`` with a head noted elsewhere.
"""

import zipfile
from pathlib import Path

import orjson

from app.archive.fold import Fold
from app.archive.leaving import HOUSE, PURPOSES
from app.archive.limits import MANIFEST, Members, TooLarge
from app.archive.log_check import Progress, check_log, leaving_of, lines_of
from app.archive.made import check_made
from app.archive.makers import makers
from app.archive.members import check_members
from app.archive.report import Report
from app.archive.seal import is_sealed
from app.archive.signature import MAX_SIGNATURE, SIGNATURE, check_signature
from app.archive.stream_check import check_streams
from app.archive.trust import Trust
from sessions.session import Session

FORMATS = (1, 2)
"""Versions of the file that are known here: from 2 on, what people wrote stands apart from the structure."""


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
    fold = check_log(members, manifest, report, progress)
    leaving = leaving_of(manifest, fold)
    check_streams(members, fold.session if fold else None, leaving, report)
    if fold is not None:
        _check_results(fold, report)
        check_made(members, manifest, fold, report, leaving)
        if receipt:
            _trace(members, fold.session, report, receipt)


def _check_results(fold: Fold, report: Report) -> None:
    """Every vote, draw and jury result that stands once more, by the activity that it belongs to."""
    if fold.session.code != report.session:
        report.fault(f"the log is of session {fold.session.code}, not {report.session}")
    for phase in fold.session.agenda.started:
        if phase.activity is not None:
            report.fault(*(f"{phase.id}: {fault}" for fault in phase.activity.verify()))


def _find(members: Members, report: Report, noted: str) -> None:
    """Whether an event of the log has a head that somebody noted."""
    found = next((line.seq for line in lines_of(members) if line.digest.startswith(noted)), 0)
    if found:
        report.noted = f"event {found} has the head {noted}"
    else:
        report.fault(f"no event has the head {noted} that was noted: this is another log")


def _trace(members: Members, session: Session, report: Report, receipt: str) -> None:
    """Ask the phase of each event whether it gave this receipt, and what became of that event; then each count."""
    for event in (line.event() for line in lines_of(members) if line.phase):
        activity = session.agenda.phases[event.phase].activity
        if activity is not None and activity.receipt(event) == receipt:
            report.became.append(f"{event.phase}, event {event.seq}: {activity.became(event)}")
    if not report.became:
        counts = ((p.id, p.activity.listed(receipt)) for p in session.agenda.begun if p.activity)
        report.became += [f"{phase}: {listed}" for phase, listed in counts if listed]
    if not report.became:
        report.fault(f"nothing in it has the receipt {receipt}")
