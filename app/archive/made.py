"""Is what stands beside the log made of it? Records, sheets, the places of names and the title, made once more."""

from collections.abc import Mapping
from typing import Any

import orjson

from app.archive.fold import Fold
from app.archive.leaving import Leaving
from app.archive.limits import Members
from app.archive.record import SHAPE
from app.archive.report import Report
from app.archive.seen import Seen
from app.archive.sheet import sheet


def check_made(
    members: Members, manifest: Mapping[str, Any], fold: Fold, report: Report, leaving: Leaving
) -> None:
    """Note in the report where a member is not what the log gives."""
    if manifest["title"] != dict(fold.session.title):
        report.fault("manifest.json: the title is not the session's")
    stored = orjson.loads(members.read("records.json"))
    made = fold.records(stored[0].get("shape", 1) if stored else SHAPE, leaving)
    report.records = len(stored)
    _check_records(stored, made, report)
    names = orjson.loads(members.read("names.json"))
    agreed = fold.named(leaving) if "seen_by" in manifest else fold.named_before()
    strangers = set(names) - agreed
    report.fault(*(f"{person} is named and did not agree to it" for person in sorted(strangers)))
    _check_sheets(members, fold.seen(leaving), names, fold, report)


def _check_records(stored: list[Any], made: list[Any], report: Report) -> None:
    if len(stored) != len(made):
        report.fault(f"there are {len(stored)} records, and {len(made)} follow from the log")
    for told, again in zip(stored, made, strict=False):
        if told != again:
            report.differs(f"record {again['record_id']}")


def _check_sheets(
    members: Members, records: list[Seen], names: Mapping[str, str], fold: Fold, report: Report
) -> None:
    expected = {f"records/{seen.record['identity']['number']}.md": seen for seen in records}
    there = {name for name in members.names if name.startswith("records/")}
    report.fault(*(f"{name}: there is no such record" for name in sorted(there - expected.keys())))
    report.fault(*(f"{name} is missing" for name in sorted(expected.keys() - there)))
    for name in sorted(there & expected.keys()):
        if members.read(name) != sheet(expected[name], fold.session, names).encode():
            report.differs(name)
