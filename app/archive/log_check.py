"""Does an export's log hold? The chain over every event, that the rules fold it, and which words may be missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from app.archive.fold import Fold
from app.archive.leaving import HOUSE, Leaving, is_withheld
from app.archive.limits import Members
from app.archive.line import Line, read
from app.archive.report import Report
from app.archive.streams import owns, streams_in
from app.archive.wordless import Wordless, why_not
from app.streams.chain import GENESIS

Progress = Callable[[int, int], None]
"""Told now and then: events done, events in all."""
PROGRESS_EVERY = 2000


def check_log(
    members: Members, manifest: dict[str, Any], report: Report, progress: Progress | None
) -> Fold | None:
    """The folded log, if all of it is proved and the rules can fold it; the chain is checked to its end in any case."""
    folding = Fold(for_level=leaving_of(manifest, None).is_level)
    folding.session.tells_all = "seen_by" not in manifest
    fold: Fold | None = folding
    wordless = Wordless()
    out = manifest.get("for", HOUSE) != HOUSE
    before = GENESIS
    for line in lines_of(members):
        report.events += 1
        withheld = out and line.bodiless and fold is not None and is_withheld(line, fold.session)
        faults = _faults(line, manifest["session"], report.events, before, withheld)
        report.fault(*faults)
        before = bytes.fromhex(line.digest)
        fold = None if faults else _take(fold, line, report)  # what is not proved is never folded
        wordless.take(line, not faults, withheld)
        if progress is not None and report.events % PROGRESS_EVERY == 0:
            progress(report.events, manifest["events"])
    leaving = leaving_of(manifest, fold)
    if fold is not None and leaving.is_level:
        fold.session.own = owns(streams_in(members), fold.session)
        _keep_back(members, leaving, wordless, report)
    elif leaving.is_level:  # nobody knows whose the words are
        wordless.missing.clear()
    report.fault(*wordless.faults(fold.session.words_of if fold else None))
    report.notes += [f"{count} × {what}" for what, count in wordless.counted().items()]
    report.notes += [
        f"{count} × {kind}: of what it is cannot be told without them"
        for kind, count in (+folding.untold).items()
    ]
    if (report.events, before.hex()) != (manifest["events"], manifest["head"]):
        report.fault("the log does not end where the manifest says")
    if fold is None:
        report.fault("no result is proved, because not all of the log is")
    return fold


def leaving_of(manifest: dict[str, Any], fold: Fold | None) -> Leaving:
    """What a file says of itself: for whom, and when it was made."""
    leaving = Leaving(manifest.get("for", HOUSE), float(manifest.get("at", 0.0)))
    return replace(leaving, whole=fold.session) if fold is not None else leaving


def _keep_back(members: Members, leaving: Leaving, wordless: Wordless, report: Report) -> None:
    """Of a file for a level: whether all words in it may be read there, and why others are missing. That is known only
    once all of the log is."""
    for line in lines_of(members):
        if line.words_digest is None or (why := leaving.kept(line)) == "":
            continue
        if line.words is None:
            wordless.keep_back(line.seq, why)
        else:
            report.fault(f"event {line.seq} ({line.kind}): its words are not for this level ({why_not(why)})")


def lines_of(members: Members) -> Iterator[Line]:
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
