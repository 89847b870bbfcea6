"""The end of a rehearsal: what everybody was told is held against the export, and the export against itself."""

from __future__ import annotations

import zipfile
from pathlib import Path

from app.archive.export import export
from app.archive.verify import verify
from app.database import Database
from app.rehearsal.audit import Claim, audit, read_lines, read_records
from app.rehearsal.outcome import Outcome
from app.rehearsal.venue import Venue


def hold_to_account(outcome: Outcome, venue: Venue, spoil: str = "") -> None:
    """Export, verify and audit; everything found goes into the outcome."""
    file = venue.server.data / f"{venue.code}.zip"
    outcome.events = export(Database(venue.server.data), venue.code, file).seq
    if spoil:
        damage(file, spoil, venue)
    outcome.export = str(file)
    outcome.problems += verify(file).problems
    people = venue.company.people
    outcome.claims = [Claim(person.id, sent) for person in people for sent in person.outbox.all.values()]
    outcome.connections = sum(person.line.connections for person in people)
    outcome.audit = audit(outcome.claims, read_lines(file), read_records(file))


def damage(file: Path, how: str, venue: Venue) -> None:
    """Take the last acknowledged command out of an export's log (``lose``), or put it in
    once more (``double``)."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    lines = members["log.jsonl"].splitlines(keepends=True)
    told = {f"{person.id}:{one}" for person in venue.company.people for one in person.outbox.all}
    at = next(i for i in reversed(range(len(lines))) if any(one.encode() in lines[i] for one in told))
    if how == "lose":
        del lines[at]
    else:
        lines.insert(at // 2, lines[at])
    members["log.jsonl"] = b"".join(lines)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
